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

const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
const OFF_ARC_PX = 5;

/** On an arc's sides and on the arc itself, its middle first: `at` gives a point by its share. */
export function along(at: (share: number) => Point, width: number, height: number): Box[] {
  return SHARES.flatMap((share) => {
    const { x, y } = at(share);
    const before = at(share - 0.05);
    const after = at(share + 0.05);
    const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    const normal = { x: (after.y - before.y) / length, y: (before.x - after.x) / length };
    const reach = (Math.abs(normal.x) * width + Math.abs(normal.y) * height) / 2 + OFF_ARC_PX;
    return [reach, -reach, 0].map((off) => ({
      x: x + normal.x * off - width / 2,
      y: y + normal.y * off - height / 2,
      width,
      height,
    }));
  });
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
