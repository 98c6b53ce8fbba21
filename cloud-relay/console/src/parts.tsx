// SPDX-License-Identifier: GPL-3.0-or-later
// The small pieces of which pages are made.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { Shown } from "./data";
import { age, clockOf, freshness, time } from "./format";
import { say, term } from "./language";
import type { List } from "./list";
import { useLink } from "./live";
import { Received, useAge, useNow } from "./received";
import { href } from "./route";

const ROWS = 60; // that a table begins with: an old telephone draws no more in a blink

/** How old the data is that a figure rests on. */
export function Age({ seconds }: { seconds: number | null }) {
  const now = useAge()(seconds);
  return (
    <span class={`age age-${freshness(now)}`}>
      <span class="hidden">{say("data")} </span>
      {age(now)}
    </span>
  );
}

const tones: Record<string, string> = {
  approved: "good",
  done: "good",
  settled: "good",
  running: "good",
  active: "good",
  repaired: "good",
  ok: "good",
  compliant: "good",
  online: "good",
  granted: "good",
  executing: "going",
  partial: "going",
  in_transit: "going",
  proposed: "open",
  assessed: "open",
  detected: "open",
  draft: "open",
  open: "open",
  claimed: "open",
  medium: "open",
  issued: "open",
  starting: "going",
  paused: "open",
  slow_moving: "open",
  liquidating: "going",
  requires_review: "warn",
  high: "warn",
  stopped: "quiet",
  low: "quiet",
  expired: "quiet",
  rejected: "quiet",
  closed: "quiet",
  cancelled: "quiet",
  disabled: "quiet",
  dropped: "quiet",
  withdrawn: "warn",
  offline: "warn",
  failed: "bad",
  broken: "bad",
  critical: "bad",
  dead: "bad",
  revoked: "bad",
};

export function State({ name, children }: { name: string; children?: ComponentChildren }) {
  return <span class={`state state-${tones[name] ?? "quiet"}`}>{children ?? term(name)}</span>;
}

/** What people or agents wrote: it stays in the language it was written in. */
export function Told({ children }: { children: ComponentChildren }) {
  return <span lang="en">{children}</span>;
}

export function Problems({ of }: { of: { problem: { message: string; trace: string } | null } }) {
  if (!of.problem) return null;
  return (
    <p class="notice notice-bad" role="alert">
      {of.problem.message}
      {of.problem.trace && (
        <span class="trace">
          {say("trace")} {of.problem.trace}
        </span>
      )}
    </p>
  );
}

/** While the link is away: when what stands below came. */
function CameAt({ at }: { at: number }) {
  const now = useNow();
  const old = age(Math.max(0, Math.floor((now - at) / 1000)));
  return <p class="came-at">{say("page_from", clockOf(at), old)}</p>;
}

/** The page: its title, how fresh it is, and what stands for rows while there are none. */
export function Page<T extends object>(props: {
  title: string;
  shown: Shown<T>;
  lead?: ComponentChildren;
  back?: readonly [page: string, text: string];
  tools?: ComponentChildren;
  children: (data: T) => ComponentChildren;
}) {
  const { shown, back } = props;
  const link = useLink();
  const fresh = shown.data as { asOf?: string; siteDataAgeSeconds?: number | null } | null;
  return (
    <Received.Provider value={shown.at}>
      <header class="page-head">
        <div>
          {back && (
            <p class="back">
              <a href={href(back[0])}>
                <span aria-hidden="true">←</span> {back[1]}
              </a>
            </p>
          )}
          <h1 tabIndex={-1}>{props.title}</h1>
          {props.lead && <p class="lead">{props.lead}</p>}
        </div>
        {fresh?.asOf && (
          <p class="as-of">
            <time dateTime={fresh.asOf}>{say("as_of", time(fresh.asOf))}</time>
            {fresh.siteDataAgeSeconds !== undefined && (
              <>
                {" "}
                · {say("oldest_site")} <Age seconds={fresh.siteDataAgeSeconds} />
              </>
            )}
          </p>
        )}
      </header>
      {link === "lost" && shown.data ? <CameAt at={shown.at} /> : <Problems of={shown} />}
      {props.tools}
      {shown.data
        ? props.children(shown.data)
        : !shown.problem && (
            <p class="empty" role="status">
              {say("loading")}
            </p>
          )}
    </Received.Provider>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  number?: boolean;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  none: string;
  showCaption?: boolean;
  onMore?: (() => void) | undefined; // there is more at the relay
}

function Cell({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <span class="cell-title" aria-hidden="true">
        {title}
      </span>
      <span class="cell">{children}</span>
    </>
  );
}

/** A table on wide screens, a card a row on a phone: each cell carries its heading with it. */
export function Table<Row>(props: TableProps<Row>) {
  const [most, setMost] = useState(ROWS);
  if (props.rows.length === 0) return <Empty>{props.none}</Empty>;
  return (
    <div class="table-frame">
      <table>
        <caption class={props.showCaption ? "" : "hidden"}>{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((c) => (
              <th key={c.title} scope="col" class={c.number ? "number" : ""}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.slice(0, most).map((row) => (
            <tr key={props.keyOf(row)}>
              {props.columns.map((c, i) => {
                const inner = <Cell title={c.title}>{c.cell(row)}</Cell>;
                const looks = c.number ? "number" : "";
                return i === 0 ? (
                  <th key={c.title} scope="row" class={looks}>
                    {inner}
                  </th>
                ) : (
                  <td key={c.title} class={looks}>
                    {inner}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {(props.rows.length > most || props.onMore) && (
        <button
          class="button"
          onClick={() => {
            setMost(most + ROWS);
            if (props.rows.length <= most) props.onMore?.();
          }}
        >
          {say("more")}
        </button>
      )}
    </div>
  );
}

/** A list of the relay as a table, with a way to its next page. */
export function ListTable<Row>(props: TableProps<Row> & { list: List<{ next: string | null }> }) {
  const { list, ...table } = props;
  return (
    <section class="card">
      <Table {...table} onMore={list.data?.next == null ? undefined : list.more} />
    </section>
  );
}

export function More({ next, onMore }: { next: string | null; onMore: () => void }) {
  return next === null ? null : (
    <button class="button" onClick={onMore}>
      {say("more")}
    </button>
  );
}

export function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(e) => props.onChange(e.currentTarget.value)}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value} selected={value === props.value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Field(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: string;
  hint?: string;
  required?: boolean;
  min?: number;
  minLength?: number;
  maxLength?: number;
  autoComplete?: string;
  pattern?: string;
  spellcheck?: boolean;
}) {
  const id = useId();
  const { label, hint, onInput, ...input } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...input}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(e) => onInput(e.currentTarget.value)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A name and what it is; for details of one thing. */
export function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Predicted above, actual below, on one scale. */
export function Bars(props: { predicted: number; actual: number; most: number }) {
  const length = (paise: number) => Math.max(0, (paise * 100) / props.most);
  return (
    <svg class="bars" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-predicted" width={length(props.predicted)} height="6" />
      <rect class="bar-actual" y="8" width={length(props.actual)} height="6" />
    </svg>
  );
}
