// SPDX-License-Identifier: GPL-3.0-or-later
// The relay's events as they happen. After a loss it goes on behind the last event that it saw, and
// a link that is dead without an error is noticed by its silence.
import { useEffect, useState } from "preact/hooks";
import { authorised, Problem } from "./api";
import { EventReader } from "./event_stream";
import type { Schema } from "./schema";
import { session } from "./session";

export type Link = "connecting" | "live" | "lost";

const SILENCE_MS = 40000; // the relay beats every 15 s
const RETRY_MS = 1500;
const RETRY_MAX_MS = 15000;

type EventWatcher = (event: Schema<"Event">) => void;

let link: Link = "connecting";
let lostAt: number | null = null;
let lastId = "";
let lastOf = ""; // whose stream it is: another user begins with what happens next
const eventWatchers = new Set<EventWatcher>();
const linkWatchers = new Set<(link: Link) => void>();

function setLink(next: Link): void {
  if (next === link) return;
  lostAt = next === "lost" ? (lostAt ?? Date.now()) : next === "live" ? null : lostAt;
  link = next;
  for (const watcher of linkWatchers) watcher(next);
}

export function linkLostAt(): number | null {
  return lostAt;
}

export function onEvent(watcher: EventWatcher): () => void {
  eventWatchers.add(watcher);
  return () => eventWatchers.delete(watcher);
}

export function useLink(): Link {
  const [now, setNow] = useState(link);
  useEffect(() => {
    linkWatchers.add(setNow);
    setNow(link);
    return () => void linkWatchers.delete(setNow);
  }, []);
  return now;
}

async function follow(ended: AbortSignal): Promise<void> {
  const turn = new AbortController();
  const stop = () => turn.abort();
  ended.addEventListener("abort", stop);
  let silence = window.setTimeout(stop, SILENCE_MS);
  try {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (lastId) headers["Last-Event-ID"] = lastId;
    const response = await authorised("/api/v1/events", { headers, signal: turn.signal }, true);
    const body = response.body?.getReader();
    if (!body) return;
    setLink("live");
    const reader = new EventReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await body.read();
      if (done) return;
      clearTimeout(silence);
      silence = window.setTimeout(stop, SILENCE_MS);
      for (const event of reader.take(decoder.decode(value, { stream: true }))) {
        if (event.type === "beat") continue;
        if (event.id) lastId = event.id;
        const told = JSON.parse(event.data) as Schema<"Event">;
        for (const watcher of eventWatchers) watcher(told);
      }
    }
  } finally {
    clearTimeout(silence);
    ended.removeEventListener("abort", stop);
  }
}

/** Follows as that user until it is ended; goes on behind the last event of the same one. */
export function startLive(user: string): () => void {
  const end = new AbortController();
  const wait = (ms: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, ms);
      end.signal.addEventListener("abort", () => (clearTimeout(timer), done()));
    });
  const go = async () => {
    for (let failures = 0; !end.signal.aborted;) {
      let refused = false;
      const began = Date.now();
      try {
        await follow(end.signal);
      } catch (error) {
        refused = error instanceof Problem && error.status === 401;
      }
      if (end.signal.aborted || (refused && !session())) return;
      failures = link === "live" || Date.now() - began > RETRY_MAX_MS ? 0 : failures + 1;
      setLink("lost");
      await wait(Math.min(RETRY_MS * 2 ** failures, RETRY_MAX_MS));
    }
  };
  if (lastOf !== user) lastId = "";
  lastOf = user;
  lostAt = null;
  setLink("connecting");
  void go();
  return () => end.abort();
}
