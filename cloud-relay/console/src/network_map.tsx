// SPDX-License-Identifier: GPL-3.0-or-later
// The map: sites where they lie, what each has too much of and lacks, and what is to flow. Drawn in
// the pixels of its place, so that words keep their size; nothing comes from outside.
import { useEffect, useRef, useState } from "preact/hooks";
import { age, freshness, moneyShort, units } from "./format";
import { bow, frameOf, gridOf, kilometres, type Placed } from "./map_projection";
import type { Schema } from "./schema";

export interface SiteSums {
  site: Schema<"Site">;
  surplusPaise: number;
  surplusUnits: number;
  needPaise: number;
  needUnits: number;
}

export interface Flow {
  fromSite: string;
  toSite: string;
  units: number;
  gainPaise: number;
  count: number;
}

const RADIUS_MAX = 44; // on wide screens; a share of narrow ones
const RADIUS_SHARE = 0.075;
const RADIUS_MIN = 5;

function useWidth(): [{ current: HTMLDivElement | null }, number] {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!place.current) return undefined;
    const watcher = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)),
    );
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, []);
  return [place, width];
}

/** Half a disc whose area is the rupees. */
function half(radius: number, side: "left" | "right"): string {
  return `M0 ${-radius}A${radius} ${radius} 0 0 ${side === "right" ? 1 : 0} 0 ${radius}Z`;
}

interface Measure {
  most: number; // paise of the largest half
  width: number;
}

function radiusOf(paise: number, { most, width }: Measure): number {
  const largest = Math.min(RADIUS_MAX, width * RADIUS_SHARE);
  return paise <= 0 ? 0 : Math.max(RADIUS_MIN, largest * Math.sqrt(paise / most));
}

function SiteMark(props: {
  placed: Placed<SiteSums>;
  measure: Measure;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { x, y, of } = props.placed;
  const { width } = props.measure;
  const left = radiusOf(of.surplusPaise, props.measure);
  const right = radiusOf(of.needPaise, props.measure);
  const below = Math.max(left, right, RADIUS_MIN) + 17;
  const anchor = x < 70 ? "start" : x > width - 70 ? "end" : "middle";
  const shift =
    anchor === "start" ? -Math.min(x - 6, 30) : anchor === "end" ? Math.min(width - x - 6, 30) : 0;
  const says = `${of.site.name}: surplus ${moneyShort(of.surplusPaise)}, need ${moneyShort(of.needPaise)}, data ${age(of.site.siteDataAgeSeconds)} old`;
  return (
    <g
      class={`map-site map-${freshness(of.site.siteDataAgeSeconds)}${props.chosen ? " chosen" : ""}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabindex={0}
      aria-pressed={props.chosen}
      aria-label={says}
      onClick={props.onChoose}
      onKeyDown={(e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        props.onChoose();
      }}
    >
      <circle class="map-press" r={Math.max(left, right, 22)} />
      <path class="map-surplus" d={half(left, "left")} />
      <path class="map-need" d={half(right, "right")} />
      <circle class="map-pin" r="3.5" />
      <text class="map-name" x={shift} y={below} text-anchor={anchor}>
        {of.site.name}
      </text>
      <text class="map-age" x={shift} y={below + 15} text-anchor={anchor}>
        {of.site.siteDataAgeSeconds === null
          ? "never heard"
          : `data ${age(of.site.siteDataAgeSeconds)}`}
      </text>
    </g>
  );
}

export function NetworkMap(props: {
  sites: readonly SiteSums[];
  flows: readonly Flow[];
  chosen: string;
  onChoose: (site: string) => void;
}) {
  const [place, width] = useWidth();
  const height = Math.round(Math.min(Math.max(width * 0.62, 340), 480));
  const frame = frameOf(
    props.sites.map((s) => ({ latitude: s.site.latitude, longitude: s.site.longitude })),
    width,
    height,
  );
  const placed = props.sites.map((of): Placed<SiteSums> => ({
    ...frame.at(of.site.latitude, of.site.longitude),
    of,
  }));
  const most = Math.max(1, ...props.sites.flatMap((s) => [s.surplusPaise, s.needPaise]));
  const measure = { most, width };
  const mostUnits = Math.max(1, ...props.flows.map((f) => f.units));
  const find = (site: string) => placed.find((p) => p.of.site.site === site);
  const grid = gridOf(frame, width, height);
  const scale = kilometres(frame, width);
  return (
    <div class="map" ref={place}>
      {width > 0 && (
        <svg width={width} height={height} role="group" aria-label="Map of the sites">
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
          <g class="map-grid" aria-hidden="true">
            {grid.lines.map((d) => (
              <path key={d} d={d} />
            ))}
            {grid.words.map((w) => (
              <text key={w.text} x={w.x} y={w.y}>
                {w.text}
              </text>
            ))}
          </g>
          {props.flows.map((flow) => {
            const from = find(flow.fromSite);
            const to = find(flow.toSite);
            if (!from || !to) return null;
            const clear = Math.max(
              radiusOf(to.of.surplusPaise, measure),
              radiusOf(to.of.needPaise, measure),
            );
            const arc = bow(from, to, clear + 4);
            return (
              <g key={`${flow.fromSite}>${flow.toSite}`} class="map-flow" aria-hidden="true">
                <path
                  d={arc.d}
                  stroke-width={2 + 5 * Math.sqrt(flow.units / mostUnits)}
                  marker-end="url(#arrow)"
                />
                <text x={arc.x} y={arc.y} text-anchor="middle">
                  {units(flow.units)}
                </text>
              </g>
            );
          })}
          {placed.map((p) => (
            <SiteMark
              key={p.of.site.site}
              placed={p}
              measure={measure}
              chosen={p.of.site.site === props.chosen}
              onChoose={() => props.onChoose(p.of.site.site)}
            />
          ))}
          <g class="map-scale" transform={`translate(12 ${height - 14})`} aria-hidden="true">
            <path d={`M0 -5V0H${scale.px}V-5`} />
            <text x={scale.px + 6} y="1">
              {scale.km} km
            </text>
          </g>
        </svg>
      )}
      <p class="map-key">
        <span class="key key-surplus">Surplus: will not sell here in time</span>
        <span class="key key-need">Need: would sell here beyond what there is</span>
        <span class="key key-flow">Proposed or on its way</span>
      </p>
    </div>
  );
}
