// SPDX-License-Identifier: GPL-3.0-or-later
// The small pieces of which pages are made.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Shown } from "./data";
import { age, freshness, time, words } from "./format";

/** How old the data is that a figure rests on. */
export function Age({ seconds }: { seconds: number | null }) {
  return (
    <span class={`age age-${freshness(seconds)}`}>
      <span class="hidden">data </span>
      {age(seconds)}
      {seconds !== null && seconds >= 60 && " old"}
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
  executing: "going",
  partial: "going",
  proposed: "open",
  assessed: "open",
  detected: "open",
  draft: "open",
  open: "open",
  claimed: "open",
  medium: "open",
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
  disabled: "quiet",
  dropped: "quiet",
  offline: "warn",
  failed: "bad",
  broken: "bad",
  critical: "bad",
  dead: "bad",
  revoked: "bad",
};

export function State({ name }: { name: string }) {
  return <span class={`state state-${tones[name] ?? "quiet"}`}>{words(name)}</span>;
}

export function Problems({ of }: { of: { problem: { message: string; trace: string } | null } }) {
  if (!of.problem) return null;
  return (
    <p class="notice notice-bad" role="alert">
      {of.problem.message}
      {of.problem.trace && <span class="trace"> Trace {of.problem.trace}</span>}
    </p>
  );
}

/** The page: its title, how fresh it is, and what stands for rows while there are none. */
export function Page<T extends object>(props: {
  title: string;
  shown: Shown<T>;
  lead?: ComponentChildren;
  tools?: ComponentChildren;
  children: (data: T) => ComponentChildren;
}) {
  const { shown } = props;
  const fresh = shown.data as { asOf?: string; siteDataAgeSeconds?: number | null } | null;
  return (
    <>
      <header class="page-head">
        <div>
          <h1 tabIndex={-1}>{props.title}</h1>
          {props.lead && <p class="lead">{props.lead}</p>}
        </div>
        {fresh?.asOf && (
          <p class="as-of">
            As of <time dateTime={fresh.asOf}>{time(fresh.asOf)}</time>
            {fresh.siteDataAgeSeconds !== undefined && (
              <>
                {" "}
                · oldest site <Age seconds={fresh.siteDataAgeSeconds} />
              </>
            )}
          </p>
        )}
      </header>
      <Problems of={shown} />
      {props.tools}
      {shown.data
        ? props.children(shown.data)
        : !shown.problem && (
            <p class="empty" role="status">
              Loading…
            </p>
          )}
    </>
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

/** A table on wide screens, a card a row on a phone: each cell carries its heading with it. */
export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  none: string;
  showCaption?: boolean;
}) {
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
          {props.rows.map((row) => (
            <tr key={props.keyOf(row)}>
              {props.columns.map((c, i) => {
                const inner = (
                  <>
                    <span class="cell-title" aria-hidden="true">
                      {c.title}
                    </span>
                    <span class="cell">{c.cell(row)}</span>
                  </>
                );
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
    </div>
  );
}

export function More({ next, onMore }: { next: string | null; onMore: () => void }) {
  return next === null ? null : (
    <button class="button" onClick={onMore}>
      Show more
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
