// SPDX-License-Identifier: GPL-3.0-or-later
// Where words stand on the map, so that they cover neither marks nor each other: each takes, of the
// places beside its mark, the one that is most free. Pure.
import type { Point } from "./map_projection";

export interface Box {
  x: number; // of its left upper corner
  y: number;
  width: number;
  height: number;
}

/** What two boxes share, in square pixels. */
function shared(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Below, above, right, left, then the corners: the order of preference. */
export function beside(mark: Point, radius: number, width: number, height: number): Box[] {
  const gap = radius + 4;
  const { x, y } = mark;
  const places: Point[] = [
    { x: x - width / 2, y: y + gap },
    { x: x - width / 2, y: y - gap - height },
    { x: x + gap, y: y - height / 2 },
    { x: x - gap - width, y: y - height / 2 },
    { x: x + gap * 0.7, y: y + gap * 0.7 },
    { x: x - gap * 0.7 - width, y: y + gap * 0.7 },
    { x: x + gap * 0.7, y: y - gap * 0.7 - height },
    { x: x - gap * 0.7 - width, y: y - gap * 0.7 - height },
  ];
  return places.map((place) => ({ ...place, width, height }));
}

const OUTSIDE = 4; // a pixel outside the map is worse than one on something else

/** Of the candidates of each label one; `taken` is what none should cover. */
export function place(labels: readonly (readonly Box[])[], taken: readonly Box[], map: Box): Box[] {
  const covered = [...taken];
  return labels.map((candidates) => {
    const cost = (box: Box) =>
      OUTSIDE * (box.width * box.height - shared(box, map)) +
      covered.reduce((sum, other) => sum + shared(box, other), 0);
    let best = candidates[0] ?? { x: 0, y: 0, width: 0, height: 0 };
    for (const box of candidates) if (cost(box) < cost(best)) best = box;
    covered.push(best);
    return best;
  });
}
