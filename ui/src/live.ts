// SPDX-License-Identifier: Apache-2.0
// The live view of one post. The browser resumes by Last-Event-ID; this adds what it does not do:
// it notices a link that is dead without an error, and comes back after a refusal.
import type { View } from "./types";

export type Link = "connecting" | "live" | "lost";

const SILENCE_MS = 12000; // the station beats every 5 s
const RETRY_MS = 1500;

export interface Live {
  close(): void;
  restart(): void; // after a new cookie
}

export function watch(
  post: string,
  onView: (view: View, run: string) => void,
  onLink: (link: Link) => void,
): Live {
  let source: EventSource | null = null;
  let silence = 0;
  let retry = 0;
  let ended = false;

  function alive(): void {
    onLink("live");
    clearTimeout(silence);
    silence = window.setTimeout(() => again("lost"), SILENCE_MS);
  }

  function again(link: Link): void {
    if (ended) return;
    source?.close();
    clearTimeout(silence);
    clearTimeout(retry);
    onLink(link);
    retry = window.setTimeout(open, link === "lost" ? RETRY_MS : 0);
  }

  function open(): void {
    if (ended) return;
    source = new EventSource(`/api/v1/posts/${post}/events`);
    source.addEventListener("view", (event) => {
      alive();
      const { data, lastEventId } = event as MessageEvent<string>;
      onView(JSON.parse(data) as View, lastEventId.split("-")[0] ?? "");
    });
    source.addEventListener("beat", alive);
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) again("lost");
      else onLink("lost"); // the browser itself tries again, with Last-Event-ID
    };
  }

  onLink("connecting");
  open();
  return {
    close() {
      ended = true;
      source?.close();
      clearTimeout(silence);
      clearTimeout(retry);
    },
    restart: () => again("connecting"),
  };
}
