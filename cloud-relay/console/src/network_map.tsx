// SPDX-License-Identifier: GPL-3.0-or-later
// The map: sites where they lie, what each has too much of and lacks, what is to flow and what is on
// the road. Drawn in the pixels of its place, so that words keep their size; nothing comes from
// outside. What it shows stands beside it as text too (site_panel.tsx).
import { useEffect, useRef, useState } from "preact/hooks";
import { age, freshness, moneyShort, units } from "./format";
import { say } from "./language";
import { along, beside, place, type Box } from "./map_labels";
import {
  bow,
  closest,
  frameOf,
  gridOf,
  kilometres,
  type Arc,
  type MapFrame,
  type Placed,
} from "./map_projection";
import type { Flow, Lorry, SiteSums } from "./network_sums";
import { useAge } from "./received";

const RADIUS_MAX = 44; // on wide screens; a share of narrow ones
const RADIUS_SHARE = 0.09;
const RADIUS_MIN = 5;
const CLOSE_SHARE = 0.46; // of the way between the closest sites: marks do not overlap
const CLOSE_MIN = 14;
const HEIGHT_MAX = 460;
const HEIGHT_SHARE = 0.95; // of the width, on a phone
const NAME_PX = 7.6; // a letter of a name
const LABEL_PX = 33; // two lines
const FLOW_PX = 6.8; // a letter of a count
const FLOW_HEIGHT_PX = 16;
const BEND = { proposed: 0.3, going: 0.14 }; // what is on its way goes the straighter one
const ARC_PX = 12; // of an arc that words keep off
const ARC_BOXES = 24;

function useWidth(): [{ current: HTMLDivElement | null }, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return undefined;
    const watcher = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)),
    );
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return [box, width];
}

/** Half a disc whose area is the rupees. */
function half(radius: number, side: "left" | "right"): string {
  return `M0 ${-radius}A${radius} ${radius} 0 0 ${side === "right" ? 1 : 0} 0 ${radius}Z`;
}

interface Mark extends Placed<SiteSums> {
  left: number; // radius of the surplus
  right: number; // radius of the need
  radius: number; // what both and the finger take
}

interface Way {
  flow: Flow;
  arc: Arc;
}

interface Drawing {
  frame: MapFrame;
  marks: Mark[];
  ways: Way[];
  names: Box[]; // of the marks, in their order
  counts: Box[]; // of the ways
}

function marksOf(sites: readonly SiteSums[], frame: MapFrame): Mark[] {
  const placed = sites.map((of) => ({ ...frame.at(of.site.latitude, of.site.longitude), of }));
  const largest = Math.min(
    RADIUS_MAX,
    frame.width * RADIUS_SHARE,
    Math.max(closest(placed) * CLOSE_SHARE, CLOSE_MIN),
  );
  const most = Math.max(1, ...sites.flatMap((s) => [s.surplusPaise, s.needPaise]));
  const radius = (paise: number) =>
    paise <= 0 ? 0 : Math.max(RADIUS_MIN, largest * Math.sqrt(paise / most));
  return placed.map((p) => {
    const left = radius(p.of.surplusPaise);
    const right = radius(p.of.needPaise);
    return { ...p, left, right, radius: Math.max(left, right, RADIUS_MIN) };
  });
}

/** An arc as a string of small boxes. */
function alongOf(arc: Arc): Box[] {
  return Array.from({ length: ARC_BOXES }, (_, i) => {
    const { x, y } = arc.at((i + 1) / ARC_BOXES);
    return { x: x - ARC_PX / 2, y: y - ARC_PX / 2, width: ARC_PX, height: ARC_PX };
  });
}

function draw(sites: readonly SiteSums[], flows: readonly Flow[], widest: number): Drawing {
  const highest = Math.min(HEIGHT_MAX, Math.max(widest * HEIGHT_SHARE, 260));
  const frame = frameOf(
    sites.map((s) => s.site),
    widest,
    highest,
  );
  const marks = marksOf(sites, frame);
  const find = (site: string) => marks.find((m) => m.of.site.site === site);
  const ways = flows.flatMap((flow): Way[] => {
    const from = find(flow.fromSite);
    const to = find(flow.toSite);
    return from && to ? [{ flow, arc: bow(from, to, to.radius + 4, BEND[flow.kind]) }] : [];
  });
  const discs = marks.map(({ x, y, radius: r }) => ({
    x: x - r,
    y: y - r,
    width: 2 * r,
    height: 2 * r,
  }));
  const map = { x: 4, y: 4, width: frame.width - 8, height: frame.height - 26 };
  const arcs = ways.flatMap(({ arc }) => alongOf(arc));
  const names = place(
    marks.map((m) => beside(m, m.radius, widthOf(m), LABEL_PX)),
    [...discs, ...arcs],
    map,
  );
  const counts = place(
    ways.map(({ flow, arc }) => along(arc.at, units(flow.units).length * FLOW_PX, FLOW_HEIGHT_PX)),
    [...discs, ...arcs, ...names],
    map,
  );
  return { frame, marks, ways, names, counts };
}

function widthOf({ of }: Mark): number {
  return Math.max(of.site.name.length, age(of.site.siteDataAgeSeconds).length - 1) * NAME_PX;
}

function Words(props: { box: Box; line: number; look: string; children: string }) {
  const { box } = props;
  return (
    <text
      class={props.look}
      x={box.x + box.width / 2}
      y={box.y + 13 + 15 * props.line}
      text-anchor="middle"
    >
      {props.children}
    </text>
  );
}

function SiteMark(props: { mark: Mark; name: Box; chosen: boolean; onChoose: () => void }) {
  const { mark, name } = props;
  const { site } = mark.of;
  const old = useAge()(site.siteDataAgeSeconds);
  const looks = `map-site map-${freshness(old)}${props.chosen ? " chosen" : ""}`;
  return (
    <g
      class={looks}
      role="button"
      tabindex={0}
      aria-pressed={props.chosen}
      aria-label={say(
        "map_site",
        site.name,
        moneyShort(mark.of.surplusPaise),
        moneyShort(mark.of.needPaise),
        age(old),
      )}
      onClick={props.onChoose}
      onKeyDown={(e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        props.onChoose();
      }}
    >
      <g transform={`translate(${mark.x.toFixed(1)} ${mark.y.toFixed(1)})`}>
        <circle class="map-press" r={Math.max(mark.radius, 22)} />
        <path class="map-surplus" d={half(mark.left, "left")} />
        <path class="map-need" d={half(mark.right, "right")} />
        <circle class="map-pin" r="3.5" />
      </g>
      <Words box={name} line={0} look="map-name">
        {site.name}
      </Words>
      <Words box={name} line={1} look="map-age">
        {age(old)}
      </Words>
    </g>
  );
}

function LorryMark({ lorry, arc }: { lorry: Lorry; arc: Arc }) {
  const { x, y } = arc.at(lorry.share);
  return (
    <g
      class={lorry.lateDays > 0 ? "map-lorry map-lorry-late" : "map-lorry"}
      transform={`translate(${(x - 13).toFixed(1)} ${(y - 9).toFixed(1)})`}
      aria-hidden="true"
    >
      <rect x="-2" y="-3" width="30" height="23" rx="5" class="map-lorry-ground" />
      <path d="M1 2h14v10H1zM16 5h5l4 4v3h-9z" />
      <circle cx="6" cy="14" r="2.6" />
      <circle cx="20" cy="14" r="2.6" />
    </g>
  );
}

function Grid({ frame }: { frame: MapFrame }) {
  const grid = gridOf(frame);
  const scale = kilometres(frame);
  return (
    <g aria-hidden="true">
      <g class="map-grid">
        {grid.lines.map((d) => (
          <path key={d} d={d} />
        ))}
        {grid.words.map((w) => (
          <text key={w.text} x={w.x} y={w.y}>
            {w.text}
          </text>
        ))}
      </g>
      <g class="map-scale" transform={`translate(12 ${frame.height - 12})`}>
        <path d={`M0 -5V0H${scale.px}V-5`} />
        <text x={scale.px + 6} y="1">
          {say("km", scale.km)}
        </text>
      </g>
    </g>
  );
}

function Ways({ ways, counts }: { ways: readonly Way[]; counts: readonly Box[] }) {
  const most = Math.max(1, ...ways.map(({ flow }) => flow.units));
  return (
    <g aria-hidden="true">
      {ways.map(({ flow, arc }, i) => (
        <g
          key={`${flow.fromSite}>${flow.toSite}>${flow.kind}`}
          class={`map-flow map-flow-${flow.kind}`}
        >
          <path
            d={arc.d}
            stroke-width={2 + 4 * Math.sqrt(flow.units / most)}
            marker-end="url(#arrow)"
          />
          <Words box={counts[i] as Box} line={0} look="map-count">
            {units(flow.units)}
          </Words>
        </g>
      ))}
    </g>
  );
}

export function NetworkMap(props: {
  sites: readonly SiteSums[];
  flows: readonly Flow[];
  lorries: readonly Lorry[];
  chosen: string;
  onChoose: (site: string) => void;
}) {
  const [box, widest] = useWidth();
  const drawing = widest > 0 ? draw(props.sites, props.flows, widest) : null;
  const find = (site: string) => drawing?.marks.find((m) => m.of.site.site === site);
  return (
    <div class="map" ref={box}>
      {drawing && (
        <svg
          width={drawing.frame.width}
          height={drawing.frame.height}
          role="group"
          aria-label={say("map_of_sites")}
        >
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="12"
              markerHeight="12"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8Z" class="map-arrow" />
            </marker>
          </defs>
          <Grid frame={drawing.frame} />
          <Ways ways={drawing.ways} counts={drawing.counts} />
          {drawing.marks.map((mark, i) => (
            <SiteMark
              key={mark.of.site.site}
              mark={mark}
              name={drawing.names[i] as Box}
              chosen={mark.of.site.site === props.chosen}
              onChoose={() => props.onChoose(mark.of.site.site)}
            />
          ))}
          {props.lorries.map((lorry) => {
            const from = find(lorry.fromSite);
            const to = find(lorry.toSite);
            return (
              from &&
              to && (
                <LorryMark
                  key={lorry.key}
                  lorry={lorry}
                  arc={bow(from, to, to.radius + 4, BEND.going)}
                />
              )
            );
          })}
        </svg>
      )}
      <p class="map-key">
        <span class="key key-surplus">{say("key_surplus")}</span>
        <span class="key key-need">{say("key_need")}</span>
        <span class="key key-proposed">{say("key_proposed")}</span>
        <span class="key key-road">{say("key_road")}</span>
        <span>{say("key_size")}</span>
      </p>
    </div>
  );
}
