// SPDX-License-Identifier: Apache-2.0
// Rupees and counts as people in India write them: what both front ends say alike.

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
const counts = new Intl.NumberFormat("en-IN");

export function money(paise: number): string {
  return paise % 100 === 0 ? wholeRupees.format(paise / 100) : rupees.format(paise / 100);
}

export function moneyRounded(paise: number): string {
  return wholeRupees.format(Math.round(paise / 100));
}

export function whole(n: number): string {
  return counts.format(n);
}

// Making a formatter costs more than all its uses on a page; there are a handful.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formatters.get(key);
  if (!made) formatters.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** "2026-09-30" as "30 Sept 2026", without passing through a time zone. */
export function civilDate(iso: string, locale: string): string {
  const [year, month, day] = iso.split("-").map(Number);
  if (!year || !month || !day) return iso;
  return formatter(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(Date.UTC(year, month - 1, day));
}

/** An instant as Indian clocks show it. */
export function clockTime(ms: number, locale: string): string {
  return formatter(locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Kolkata",
  }).format(ms);
}

/** The time of day alone, of Indian clocks too. */
export function timeOfDay(ms: number, locale: string): string {
  return formatter(locale, {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Kolkata",
  }).format(ms);
}
