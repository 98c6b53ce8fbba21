// SPDX-License-Identifier: GPL-3.0-or-later
// Figures, days and names as people read them, in the language that is chosen.
import {
  civilDate,
  clockTime,
  money,
  moneyRounded,
  timeOfDay,
  whole,
} from "../../../ui/shared/figure";
import { locale, say, spaced, term } from "./language";

export { money, moneyRounded, whole };

const LAKH_PAISE = 100000_00;
const CRORE_PAISE = 10000000_00;
const short = new Intl.NumberFormat("en-IN", { maximumFractionDigits: 2 });
const exact = new Intl.NumberFormat("en-IN", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const oneDigit = new Intl.NumberFormat("en-IN", { maximumFractionDigits: 1 });

/** "₹4.25 lakh": for headings, where the last rupee is noise. Tables say every rupee. */
export function moneyShort(paise: number): string {
  const size = Math.abs(paise);
  const sign = paise < 0 ? "−" : "";
  if (size >= CRORE_PAISE) return say("crore", `${sign}₹${short.format(size / CRORE_PAISE)}`);
  if (size >= LAKH_PAISE) return say("lakh", `${sign}₹${short.format(size / LAKH_PAISE)}`);
  return moneyRounded(paise);
}

/** Rupees a base unit, from thousandths of a paisa. */
export function unitPrice(milliPaise: number | null): string {
  return milliPaise === null ? "–" : `₹${exact.format(milliPaise / 100000)}`;
}

export function date(iso: string | null): string {
  return iso === null ? say("no_date") : civilDate(iso, locale());
}

export function time(instant: string | null): string {
  return instant === null ? "–" : clockTime(Date.parse(instant), locale()).replace(/ /g, "\u00a0");
}

export function clockOf(ms: number): string {
  return timeOfDay(ms, locale());
}

export function permille(n: number): string {
  return `${oneDigit.format(n / 10)} %`;
}

export function units(n: number, unit = "piece"): string {
  return unit === "piece" ? say("n_units", n) : `${whole(n)} ${unit}`;
}

/** The civil day in India of an instant, as "2026-11-21". */
export function indianDay(instant: string): string {
  return new Date(Date.parse(instant) + 19800000).toISOString().slice(0, 10);
}

/** Days from the relay's today (of asOf) to a civil day. */
export function daysUntil(iso: string | null, asOf: string): number | null {
  if (iso === null) return null;
  return Math.round((Date.parse(iso) - Date.parse(indianDay(asOf))) / 86400000);
}

export function daysLeft(days: number | null): string {
  if (days === null) return say("no_date");
  if (days < 0) return say("expired_ago", -days);
  return days === 0 ? say("last_day") : say("days_left", days);
}

const steps = [
  [86400, "age_days"],
  [3600, "age_hours"],
  [60, "age_minutes"],
] as const;

/** "3 h old": whole steps, because nobody acts on the difference. */
export function age(seconds: number | null): string {
  if (seconds === null) return say("never_heard");
  for (const [size, word] of steps)
    if (seconds >= size) return say(word, Math.floor(seconds / size));
  return say("now");
}

export type Freshness = "fresh" | "old" | "stale";

export function freshness(seconds: number | null): Freshness {
  if (seconds === null || seconds >= 86400) return "stale";
  return seconds >= 3600 ? "old" : "fresh";
}

/** "user:ravi" as "ravi", "agent:analysis" as "analysis agent". */
export function who(actor: string): string {
  const [kind = "", ...rest] = actor.split(":");
  const name = rest.join(":");
  if (name === "") return actor;
  return kind === "agent" ? say("by_agent", term(name)) : kind === "user" ? name : actor;
}

/** What agents keep as a flat JSON object, as a list of words; other text as it is. */
export function notes(text: string): string {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof told !== "object" || told === null) return text;
  return Object.entries(told)
    .map(([name, value]) => note(name, value))
    .join(", ");
}

// Endings of names that say a unit, the longer one first.
const noteUnits: [RegExp, (n: number) => string][] = [
  [/[_ ]?milli[_ ]?paise$/i, (n) => money(Math.round(n / 1000))],
  [/[_ ]?paise$/i, money],
  [/[_ ]?permille$/i, permille],
  [/[_ ]?ppm$/i, (n) => `${short.format(n / 10000)} %`],
];

function note(name: string, value: unknown): string {
  if (typeof value === "number") {
    const unit = noteUnits.find(([ending]) => ending.test(name));
    if (unit) return `${term(name.replace(unit[0], "") || "value")} ${unit[1](value)}`;
    return `${term(name)} ${whole(value)}`;
  }
  return `${term(name)} ${typeof value === "string" ? term(value) : JSON.stringify(value)}`;
}

/** "ProposalApproved" as "Proposal approved", "agent.stop" as "Agent stop". */
export function eventName(type: string): string {
  const named = term(type);
  return named.charAt(0).toUpperCase() + named.slice(1);
}

/** "requires_review:distance" as words; the part behind the colon as agents wrote it. */
export function verdict(text: string): string {
  const [head = "", ...rest] = text.split(":");
  return [term(head), spaced(rest.join(":"))].filter(Boolean).join(": ");
}
