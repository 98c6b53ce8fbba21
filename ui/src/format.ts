// SPDX-License-Identifier: Apache-2.0
import { civilDate, clockTime, money, moneyRounded, whole } from "../shared/figure";
import { say, type Language } from "./words";

export { money, moneyRounded, whole };

/** Units a day, from thousandths: small speeds keep the digits that tell them apart. */
export function perDay(milli: number): string {
  return new Intl.NumberFormat("en-IN", { maximumSignificantDigits: 2 }).format(milli / 1000);
}

export function litres(ml: number): string {
  return new Intl.NumberFormat("en-IN", { maximumFractionDigits: ml < 10000 ? 1 : 0 }).format(
    ml / 1000,
  );
}

function locale(language: Language): string {
  return language === "hi" ? "hi-IN" : "en-IN";
}

export function date(iso: string, language: Language): string {
  return civilDate(iso, locale(language));
}

export function time(ms: number, language: Language): string {
  return clockTime(ms, locale(language));
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
