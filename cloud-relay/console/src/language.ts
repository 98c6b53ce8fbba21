// SPDX-License-Identifier: GPL-3.0-or-later
// What the console says, in the language that was chosen. English is in the bundle; each other
// language is a file of its own (ui/build.mjs), fetched by who reads it.
import { useEffect, useState } from "preact/hooks";
import { whole } from "../../../ui/shared/figure";
import {
  fill,
  form,
  isLanguage,
  languageOf,
  localeOf,
  type Language,
} from "../../../ui/shared/language";
import { words, type Word } from "./words";

const PLACE = "language";
const watchers = new Set<(language: Language) => void>();

let current: Language = "en";
let foreign: Readonly<Record<string, string>> = {}; // the current language, unless it is English

export function language(): Language {
  return current;
}

export function locale(): string {
  return localeOf(current);
}

function isWord(key: string): key is Word {
  return key in words;
}

/** A sentence. Numbers among its arguments are grouped, and the first one chooses the plural. */
export function say(word: Word, ...args: (string | number)[]): string {
  const text = foreign[word] ?? words[word][0];
  const n = args.find((arg) => typeof arg === "number");
  return fill(
    typeof n === "number" ? form(text, n, current) : text,
    args.map((arg) => (typeof arg === "number" ? whole(arg) : arg)),
  );
}

/** A word of the relay's own, as "requires_review" or "ProposalMade"; one that is new as it stands. */
export function term(name: string): string {
  const key = `t_${name}`;
  return isWord(key) ? say(key) : spaced(name);
}

/** "freeUnits" and "free_units" as "free units". */
export function spaced(name: string): string {
  return name
    .replace(/[_.]/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function remembered(): Language {
  try {
    const kept = localStorage.getItem(PLACE);
    if (isLanguage(kept)) return kept;
  } catch {
    // Without storage the browser's own languages stand.
  }
  return languageOf(navigator.languages);
}

/** False: its words could not be fetched, and the language stays as it was. */
export async function choose(next: Language): Promise<boolean> {
  try {
    if (next !== "en") {
      const response = await fetch(`/console-${next}.json`);
      if (!response.ok) return false;
      foreign = (await response.json()) as Record<string, string>;
    } else foreign = {};
  } catch {
    return false;
  }
  current = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(PLACE, next);
  } catch {
    // It is chosen again next time.
  }
  for (const watcher of watchers) watcher(next);
  return true;
}

export function begin(): Promise<boolean> {
  return choose(remembered());
}

/** For the root of the page alone: what is below is drawn anew with it. */
export function useLanguage(): Language {
  const [now, setNow] = useState(current);
  useEffect(() => {
    watchers.add(setNow);
    return () => void watchers.delete(setNow);
  }, []);
  return now;
}
