// SPDX-License-Identifier: GPL-3.0-or-later
// From the relay's cells, flows and transfers to what the map and the tables beside it show. Pure.
import { indianDay } from "./format";
import type { Schema } from "./schema";

type Network = Schema<"Network">;

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
  kind: "proposed" | "going";
  units: number;
  gainPaise: number;
}

/** What left one site for another on one day. */
export interface Lorry {
  key: string;
  fromSite: string;
  toSite: string;
  units: number;
  documents: string[];
  sentDay: string;
  dueDay: string | null; // null: no lane says how long it takes
  lateDays: number;
  share: number; // of its way, as far as the calendar tells
}

export function sumSites(network: Network): SiteSums[] {
  const sums = new Map(
    network.sites.map((site): [string, SiteSums] => [
      site.site,
      { site, surplusPaise: 0, surplusUnits: 0, needPaise: 0, needUnits: 0 },
    ]),
  );
  for (const cell of network.cells) {
    const sum = sums.get(cell.site);
    if (!sum) continue;
    sum.surplusPaise += cell.surplusPaise;
    sum.surplusUnits += cell.surplusUnits;
    sum.needPaise += cell.needPaise;
    sum.needUnits += cell.needUnits;
  }
  return [...sums.values()];
}

export function sumFlows(network: Network): Flow[] {
  const sums = new Map<string, Flow>();
  for (const { fromSite, toSite, units, gainPaise, state } of network.flows) {
    const kind = state === "proposed" ? "proposed" : "going";
    const key = `${fromSite}>${toSite}>${kind}`;
    const sum = sums.get(key) ?? { fromSite, toSite, kind, units: 0, gainPaise: 0 };
    sum.units += units;
    sum.gainPaise += gainPaise;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => b.gainPaise - a.gainPaise);
}

const DAY_MS = 86400000;

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

export function sumLorries(
  transfers: readonly Schema<"Transfer">[],
  lanes: readonly Schema<"Lane">[],
  asOf: string,
): Lorry[] {
  const lorries = new Map<string, Lorry>();
  for (const t of transfers) {
    if (t.inTransit <= 0 || t.sentAt === null) continue;
    const sentDay = indianDay(t.sentAt);
    const key = `${t.fromSite}>${t.toSite}>${sentDay}`;
    const lane = lanes.find((l) => l.fromSite === t.fromSite && l.toSite === t.toSite);
    const dueDay = lane ? dayAfter(sentDay, lane.leadDays) : null;
    const late = dueDay ? (Date.parse(indianDay(asOf)) - Date.parse(dueDay)) / DAY_MS : 0;
    const way = lane ? Math.max(lane.leadDays, 1) * DAY_MS : 2 * DAY_MS;
    const gone = (Date.parse(asOf) - Date.parse(t.sentAt)) / way;
    const lorry = lorries.get(key) ?? {
      key,
      fromSite: t.fromSite,
      toSite: t.toSite,
      units: 0,
      documents: [],
      sentDay,
      dueDay,
      lateDays: Math.max(0, late),
      share: Math.min(Math.max(gone, 0.12), 0.88),
    };
    lorry.units += t.inTransit;
    if (!lorry.documents.includes(t.document)) lorry.documents.push(t.document);
    lorries.set(key, lorry);
  }
  return [...lorries.values()].sort((a, b) => b.lateDays - a.lateDays || b.units - a.units);
}
