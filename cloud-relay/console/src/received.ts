// SPDX-License-Identifier: GPL-3.0-or-later
// The ages that the relay told go on growing while its answer stays on the screen.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

const TURN_MS = 30000;
const watchers = new Set<(now: number) => void>();
let timer = 0;

function turn(): void {
  const now = Date.now();
  for (const watcher of watchers) watcher(now);
}

/** This device's clock, twice a minute; one timer for all that watch. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    watchers.add(setNow);
    timer ||= window.setInterval(turn, TURN_MS);
    return () => {
      watchers.delete(setNow);
      if (watchers.size > 0) return;
      clearInterval(timer);
      timer = 0;
    };
  }, []);
  return now;
}

/** When the answer around came; 0: it is of now. */
export const Received = createContext(0);

/** An age as it was told, and the time since. */
export function useAge(): (seconds: number | null) => number | null {
  const at = useContext(Received);
  const now = useNow();
  const since = at > 0 ? Math.max(0, Math.floor((now - at) / 1000)) : 0;
  return (seconds) => (seconds === null ? null : seconds + since);
}
