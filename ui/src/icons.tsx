// SPDX-License-Identifier: Apache-2.0
// One pen for all: 24 x 24, strokes only, so that they read at arm's length.
const paths = {
  receive: "M4 11v9h16v-9M4 11l3-7h10l3 7M12 3v11m-4-4 4 4 4-4",
  put_away: "M4 3v18M20 3v18M4 9h16M4 17h16M8 5h5v4H8zM12 13h5v4h-5z",
  pick: "M4 11v9h16v-9M4 11l3-7h10l3 7M12 14V5m-4 4 4-4 4 4",
  count: "M6 4h12v17H6zM9 2h6v4H9zM9 11h6M9 15h6",
  weigh: "M5 21h14l-2-12H7zM8 9a4 4 0 1 1 8 0M12 13v4",
  dispatch: "M2 6h11v11H2zM13 10h5l4 4v3h-9M6 17v2m11-2v2M5 11h5m-2-2 2 2-2 2",
  arrive: "M2 6h11v11H2zM13 10h5l4 4v3h-9M6 17v2m11-2v2M10 11H5m2-2-2 2 2 2",
  dispose: "M5 7h14M9 7V4h6v3M7 7l1 14h8l1-14M10 11v6M14 11v6",
  return: "M9 5 4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3",
  send_back: "M9 5 4 10l5 5M4 10h16v9H8",
  look: "M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l6 6",
  bind: "M9 15l6-6M10 6l2-2a5 5 0 0 1 7 7l-2 2M14 18l-2 2a5 5 0 0 1-7-7l2-2",
  correct: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  stock: "M3 7l9-4 9 4v10l-9 4-9-4zM3 7l9 4 9-4M12 11v10",
  at_risk: "M12 3l10 18H2zM12 10v5M12 18v.5",
  alerts: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  more: "M4 6h16M4 12h16M4 18h16",
  back: "M15 4l-8 8 8 8",
  scan: "M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4M7 8v8M10 8v8M14 8v8M17 8v8",
  accept: "M4 13l5 5L20 6",
  reject: "M5 5l14 14M19 5 5 19",
  attention: "M12 4v10M12 19v1",
  noted: "M5 12h14M13 6l6 6-6 6",
  erase: "M9 5h12v14H9l-7-7zM12 9l6 6M18 9l-6 6",
  clock: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l4 2",
  worker: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21a8 8 0 0 1 16 0",
  lock: "M6 11h12v10H6zM8 11V8a4 4 0 0 1 8 0v3M12 15v2",
} as const;

export type IconName = keyof typeof paths;

export function isIcon(name: string): name is IconName {
  return name in paths;
}

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
