// SPDX-License-Identifier: Apache-2.0
import { say, type Language } from "./words";

const rupees = new Intl.NumberFormat("en-IN", {
  style: "currency",
  currency: "INR",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const wholeRupees = new Intl.NumberFormat("en-IN", {
  style: "currency",
  currency: "INR",
  maximumFractionDigits: 0,
});

export function money(paise: number): string {
  return paise % 100 === 0 ? wholeRupees.format(paise / 100) : rupees.format(paise / 100);
}

export function moneyRounded(paise: number): string {
  return wholeRupees.format(Math.round(paise / 100));
}

export function whole(n: number): string {
  return new Intl.NumberFormat("en-IN").format(n);
}

/** Units a day, from thousandths: small speeds keep the digits that tell them apart. */
export function perDay(milli: number): string {
  return new Intl.NumberFormat("en-IN", { maximumSignificantDigits: 2 }).format(milli / 1000);
}

export function litres(ml: number): string {
  return new Intl.NumberFormat("en-IN", { maximumFractionDigits: ml < 10000 ? 1 : 0 }).format(
    ml / 1000,
  );
}

/** "2026-09-30" as "30 Sep 2026", without passing through a time zone. */
export function date(iso: string, language: Language): string {
  const [year, month, day] = iso.split("-").map(Number);
  if (!year || !month || !day) return iso;
  return new Intl.DateTimeFormat(language === "hi" ? "hi-IN" : "en-IN", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(Date.UTC(year, month - 1, day));
}

export function time(ms: number, language: Language): string {
  return new Intl.DateTimeFormat(language === "hi" ? "hi-IN" : "en-IN", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Kolkata",
  }).format(ms);
}

export type Life = "expired" | "critical" | "near" | "fine" | "none";

/** How near its end goods are: the colour. The words say the days, so colour is never alone. */
export function life(days: number | null): Life {
  if (days === null) return "none";
  if (days < 0) return "expired";
  if (days <= 14) return "critical";
  return days <= 45 ? "near" : "fine";
}

export function daysLeft(days: number | null, language: Language): string {
  if (days === null) return say(language, "no_date");
  if (days < 0) return say(language, "expired_days", -days);
  if (days === 0) return say(language, "last_day");
  return days === 1 ? say(language, "one_day_left") : say(language, "days_left", whole(days));
}
