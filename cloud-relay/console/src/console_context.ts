// SPDX-License-Identifier: GPL-3.0-or-later
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { User } from "./session";

export interface Console {
  user: User;
  /** Says something once, for eyes and screen readers. */
  tell(text: string): void;
}

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error("outside of the console");
  return found;
}
