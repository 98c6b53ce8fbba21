// SPDX-License-Identifier: GPL-3.0-or-later
import { civilDate, clockTime, money, moneyRounded, whole } from "../../../ui/shared/figure";

export { money, moneyRounded, whole };

const LOCALE = "en-IN";
const LAKH_PAISE = 100000_00;
const CRORE_PAISE = 10000000_00;
const short = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const exact = new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const oneDigit = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });

/** "₹4.25 lakh": for headings, where the last rupee is noise. Tables say every rupee. */
export function moneyShort(paise: number): string {
  const size = Math.abs(paise);
  const sign = paise < 0 ? "−" : "";
  if (size >= CRORE_PAISE) return `${sign}₹${short.format(size / CRORE_PAISE)} crore`;
  if (size >= LAKH_PAISE) return `${sign}₹${short.format(size / LAKH_PAISE)} lakh`;
  return moneyRounded(paise);
}

/** Rupees a base unit, from thousandths of a paisa. */
export function unitPrice(milliPaise: number | null): string {
  return milliPaise === null ? "–" : `₹${exact.format(milliPaise / 100000)}`;
}

export function date(iso: string | null): string {
  return iso === null ? "no date" : civilDate(iso, LOCALE);
}

export function time(instant: string | null): string {
  return instant === null ? "–" : clockTime(Date.parse(instant), LOCALE).replace(/ /g, "\u00a0");
}

export function permille(n: number): string {
  return `${oneDigit.format(n / 10)} %`;
}

export function units(n: number, unit = "piece"): string {
  return unit === "piece"
    ? `${whole(n)} ${Math.abs(n) === 1 ? "unit" : "units"}`
    : `${whole(n)} ${unit}`;
}

/** Days from the relay's today (of asOf) to a civil day. */
export function daysUntil(iso: string | null, asOf: string): number | null {
  if (iso === null) return null;
  const today = new Date(Date.parse(asOf) + 19800000).toISOString().slice(0, 10); // IST
  return Math.round((Date.parse(iso) - Date.parse(today)) / 86400000);
}

export function daysLeft(days: number | null): string {
  if (days === null) return "no date";
  if (days < 0) return `expired ${whole(-days)} ${days === -1 ? "day" : "days"} ago`;
  if (days === 0) return "last day today";
  return days === 1 ? "1 day left" : `${whole(days)} days left`;
}

const steps: [number, string][] = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
];

/** "3 h": whole steps, because nobody acts on the difference. */
export function age(seconds: number | null): string {
  if (seconds === null) return "never heard";
  for (const [size, word] of steps)
    if (seconds >= size) return `${whole(Math.floor(seconds / size))} ${word}`;
  return "now";
}

export type Freshness = "fresh" | "old" | "stale";

export function freshness(seconds: number | null): Freshness {
  if (seconds === null || seconds >= 86400) return "stale";
  return seconds >= 3600 ? "old" : "fresh";
}

/** "user:ravi" as "ravi", "agent:analysis" as "analysis agent". */
export function who(actor: string): string {
  const [kind, ...name] = actor.split(":");
  if (name.length === 0) return actor;
  return kind === "user" ? name.join(":") : `${name.join(":")} ${kind}`;
}

/** "requires_review" as "requires review". */
export function words(name: string): string {
  return name.replace(/_/g, " ");
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
    if (unit) return `${spaced(name.replace(unit[0], "")) || "value"} ${unit[1](value)}`;
    return `${spaced(name)} ${whole(value)}`;
  }
  return `${spaced(name)} ${typeof value === "string" ? words(value) : JSON.stringify(value)}`;
}

/** "freeUnits" and "free_units" as "free units". */
export function spaced(name: string): string {
  return words(name.replace(/([a-z])([A-Z])/g, "$1_$2")).toLowerCase();
}

/** "ProposalApproved" as "Proposal approved". */
export function eventName(type: string): string {
  const spaced = type
    .replace(/[._]/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The time of day of this device's clock. */
export function clockOf(ms: number): string {
  return new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" }).format(ms);
}
