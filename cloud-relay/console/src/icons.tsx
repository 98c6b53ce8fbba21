// SPDX-License-Identifier: GPL-3.0-or-later
// One pen for all: 24 x 24, strokes only. Never alone: words stand beside them.
const paths = {
  overview: "M4 20V9l8-5 8 5v11M9 20v-6h6v6",
  risk: "M12 3l10 18H2zM12 10v5M12 18v.5",
  proposals: "M4 7h13l-3-3M20 17H7l3 3",
  cases: "M3 7h6l2 3h10v10H3z",
  market: "M4 20V4M4 20h17M8 16l4-5 3 3 5-8",
  campaigns: "M4 10v4h3l9 5V5l-9 5zM19 9v6",
  outlets: "M4 10v10h16V10M2 10l3-6h14l3 6zM9 20v-6h6v6",
  orders: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  suppliers: "M3 6h11v11H3zM14 10h4l3 3v4h-7M7 20a2 2 0 1 1 0-4M17 20a2 2 0 1 1 0-4",
  papers: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  alerts: "M6 17v-6a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  devices: "M4 5h16v11H4zM9 20h6M12 16v4",
  agents: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v4M12 18v4M2 12h4M18 12h4",
  letters: "M3 6h18v13H3zM3 7l9 7 9-7",
  audit: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  users: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21a8 8 0 0 1 16 0",
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M5 5l14 14M19 5 5 19",
  leave: "M10 4H4v16h6M9 12h12m-4-4 4 4-4 4",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
