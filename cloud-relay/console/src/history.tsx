// SPDX-License-Identifier: GPL-3.0-or-later
// Events in full: when, what, who, and what they say.
import { eventName, time, who } from "./format";
import { term } from "./language";
import { href } from "./route";
import type { Schema } from "./schema";

/** What is flat in a body, as pairs; the rest is in the audit trail. */
function pairs(body: object): [string, string][] {
  return Object.entries(body)
    .filter(
      ([, value]) =>
        (typeof value === "string" && value !== "") ||
        typeof value === "number" ||
        typeof value === "boolean",
    )
    .map(([name, value]): [string, string] => [term(name), String(value)]);
}

// Pages that show what an event is about.
const pagesOf: Record<string, string> = {
  case: "cases",
  proposal: "proposals",
  campaign: "campaigns",
  setting: "settings",
  device: "devices",
};

/** "proposal:P1", "campaign:K1": a link where a page shows it. */
export function Subject({ of }: { of: string }) {
  const [kind = "", ...rest] = of.split(":");
  const page = pagesOf[kind];
  const id = rest.join(":");
  return page ? (
    <a href={href(page, id)}>
      {term(kind)} {id}
    </a>
  ) : (
    <span>{of}</span>
  );
}

const oldestFirst = (a: Schema<"Event">, b: Schema<"Event">) => a.seq - b.seq;
const newestFirst = (a: Schema<"Event">, b: Schema<"Event">) => b.seq - a.seq;

export function History(props: { events: readonly Schema<"Event">[]; newest?: boolean }) {
  const order = props.newest ? newestFirst : oldestFirst;
  const { events } = props;
  return (
    <ol class="history">
      {[...events].sort(order).map((event) => (
        <li key={event.seq}>
          <p class="history-head">
            <strong>{eventName(event.type)}</strong>
            <Subject of={event.subject} />
            <time dateTime={event.timestamp}>{time(event.timestamp)}</time>
            <span>{who(event.actor)}</span>
          </p>
          <p class="history-body">
            {pairs(event.body)
              .map(([name, value]) => `${name}: ${value}`)
              .join(" · ")}
          </p>
        </li>
      ))}
    </ol>
  );
}
