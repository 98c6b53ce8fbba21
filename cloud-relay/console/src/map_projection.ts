// SPDX-License-Identifier: GPL-3.0-or-later
// From latitude and longitude to pixels: equirectangular, true at the middle latitude, which over one
// distributor's territories is within a few percent. The frame takes the shape of what it shows.
export interface Place {
  latitude: number;
  longitude: number;
}

export interface Point {
  x: number;
  y: number;
}

export type Placed<T> = Point & { of: T };

export interface MapFrame {
  width: number;
  height: number;
  pxPerDegree: number; // of latitude
  at(latitude: number, longitude: number): Point;
  from(x: number, y: number): Place;
}

// Room for marks, names and the scale around the outermost sites.
const SIDE_PX = 78;
const TOP_PX = 52;
const BOTTOM_PX = 78;
const WIDTH_MIN_PX = 440;
const HEIGHT_MIN_PX = 220;
const SPAN_MIN = 0.6; // degrees: a single site has surroundings too
const KM_A_DEGREE = 111.2;

const span = (all: readonly number[]) => (all.length ? Math.max(...all) - Math.min(...all) : 0);
const middle = (all: readonly number[], none: number) =>
  all.length ? (Math.min(...all) + Math.max(...all)) / 2 : none;
const clamp = (n: number, least: number, most: number) => Math.min(Math.max(n, least), most);

/** The largest frame within `widest` and `highest` that has no more margin than its marks need. */
export function frameOf(places: readonly Place[], widest: number, highest: number): MapFrame {
  const latitudes = places.map((p) => p.latitude);
  const longitudes = places.map((p) => p.longitude);
  const lat0 = middle(latitudes, 22);
  const lon0 = middle(longitudes, 79);
  const squeeze = Math.cos((lat0 * Math.PI) / 180); // a degree of longitude in degrees of latitude
  const wide = Math.max(span(longitudes) * squeeze, SPAN_MIN);
  const high = Math.max(span(latitudes), SPAN_MIN);
  const pxPerDegree = Math.min(
    Math.max(widest - 2 * SIDE_PX, 40) / wide,
    Math.max(highest - TOP_PX - BOTTOM_PX, 40) / high,
  );
  const width = clamp(wide * pxPerDegree + 2 * SIDE_PX, Math.min(WIDTH_MIN_PX, widest), widest);
  const height = clamp(high * pxPerDegree + TOP_PX + BOTTOM_PX, HEIGHT_MIN_PX, highest);
  const middleY = (height + TOP_PX - BOTTOM_PX) / 2;
  return {
    width: Math.round(width),
    height: Math.round(height),
    pxPerDegree,
    at: (latitude, longitude) => ({
      x: width / 2 + (longitude - lon0) * squeeze * pxPerDegree,
      y: middleY - (latitude - lat0) * pxPerDegree,
    }),
    from: (x, y) => ({
      latitude: lat0 - (y - middleY) / pxPerDegree,
      longitude: lon0 + (x - width / 2) / (squeeze * pxPerDegree),
    }),
  };
}

const gridSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10];

export function gridOf(frame: MapFrame) {
  const { width, height } = frame;
  const step = gridSteps.find((s) => s * frame.pxPerDegree >= 90) ?? 10;
  const corner = frame.from(0, 0);
  const opposite = frame.from(width, height);
  const lines: string[] = [];
  const words: (Point & { text: string })[] = [];
  const say = (degrees: number, side: string) => `${Number(degrees.toFixed(1))}°${side}`;
  for (let lat = Math.ceil(opposite.latitude / step) * step; lat < corner.latitude; lat += step) {
    const { y } = frame.at(lat, 0);
    lines.push(`M0 ${y.toFixed(1)}H${width}`);
    words.push({ x: 6, y: y - 4, text: say(lat, "N") });
  }
  for (let lon = Math.ceil(corner.longitude / step) * step; lon < opposite.longitude; lon += step) {
    const { x } = frame.at(0, lon);
    lines.push(`M${x.toFixed(1)} 0V${height}`);
    if (x < width - 34) words.push({ x: x + 4, y: 14, text: say(lon, "E") });
  }
  return { lines, words };
}

const scaleSteps = [5, 10, 20, 50, 100, 200, 500, 1000];

/** The longest round distance that fits a quarter of the width. */
export function kilometres(frame: MapFrame): { km: number; px: number } {
  const pxOf = (km: number) => (km / KM_A_DEGREE) * frame.pxPerDegree;
  const km = [...scaleSteps].reverse().find((k) => pxOf(k) <= frame.width / 4) ?? 5;
  return { km, px: Math.round(pxOf(km)) };
}

export interface Arc {
  d: string;
  at(share: number): Point; // 0 at its beginning, 1 at its head
}

/** An arrow that bows to its left by `bend` of its length, so that both directions between two sites
 * are seen. It ends `clear` pixels before its site: the head beside the mark, not below it. */
export function bow(from: Point, to: Point, clear: number, bend: number): Arc {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const lift = length * bend;
  const c = {
    x: (from.x + to.x) / 2 + (dy / length) * lift,
    y: (from.y + to.y) / 2 - (dx / length) * lift,
  };
  const along = (p: Point, px: number): Point => {
    const way = Math.hypot(c.x - p.x, c.y - p.y) || 1;
    const share = Math.min(px / way, 0.6);
    return { x: p.x + (c.x - p.x) * share, y: p.y + (c.y - p.y) * share };
  };
  const a = along(from, 6);
  const b = along(to, clear);
  const n = (v: number) => v.toFixed(1);
  const bezier = (s: number, p: number, q: number, r: number) =>
    (1 - s) * (1 - s) * p + 2 * s * (1 - s) * q + s * s * r;
  return {
    d: `M${n(a.x)} ${n(a.y)}Q${n(c.x)} ${n(c.y)} ${n(b.x)} ${n(b.y)}`,
    at: (share) => ({ x: bezier(share, a.x, c.x, b.x), y: bezier(share, a.y, c.y, b.y) }),
  };
}

/** The least distance between two of the points; Infinity for fewer than two. */
export function closest(points: readonly Point[]): number {
  let least = Infinity;
  points.forEach((p, i) =>
    points.slice(i + 1).forEach((q) => (least = Math.min(least, Math.hypot(p.x - q.x, p.y - q.y)))),
  );
  return least;
}
