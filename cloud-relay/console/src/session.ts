// SPDX-License-Identifier: GPL-3.0-or-later
// Who is signed in. The tokens live in this tab's storage alone: they end with it, and no other
// origin's page can make the browser send them, as it would a cookie.
import type { Schema } from "./schema";

export type User = Schema<"User">;
export type Session = Schema<"Session">;

const PLACE = "session";
let held: Session | null = read();

type Watcher = (session: Session | null, left: boolean) => void;
const watchers = new Set<Watcher>();

function read(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "null") as Session | null;
  } catch {
    return null;
  }
}

export function session(): Session | null {
  return held;
}

/** `left`: the user went; else a session that is over may be taken up again. */
export function setSession(next: Session | null, left = false): void {
  held = next;
  try {
    if (next) sessionStorage.setItem(PLACE, JSON.stringify(next));
    else sessionStorage.removeItem(PLACE);
  } catch {
    // Without storage a reload asks for the password again.
  }
  for (const watcher of watchers) watcher(next, left);
}

export function onSession(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
