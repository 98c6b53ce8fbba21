// SPDX-License-Identifier: Apache-2.0
// What every part of the screen needs to know.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Link } from "./live";
import type { Prefs } from "./prefs";
import type { Message } from "./types";
import { say, sentence, type Language, type Messages, type Word } from "./words";

export type Page = "work" | "stock" | "at_risk" | "alerts" | "more";

export interface Screen {
  language: Language;
  messages: Messages;
  link: Link;
  busy: boolean;
  prefs: Prefs;
  setPrefs(prefs: Prefs): void;
  send(command: string): void;
  go(page: Page): void;
}

export const ScreenContext = createContext<Screen | null>(null);

export function useScreen(): Screen & {
  t(word: Word, ...args: (string | number)[]): string;
  tell(message: Message): string;
} {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error("a part of the screen stands outside of it");
  return {
    ...screen,
    t: (word, ...args) => say(screen.language, word, ...args),
    tell: (message) => sentence(screen.messages, screen.language, message),
  };
}
