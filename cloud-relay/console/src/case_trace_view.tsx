// SPDX-License-Identifier: GPL-3.0-or-later
// The chain of a case link by link: the scans that brought the goods, what was found and decided, the
// messages, the papers, the scans that carried it out, the settlement. Fetched when it is opened.
import { useState } from "preact/hooks";
import { proposalChanges } from "./approvals";
import { eventName, money, notes, time, units, verdict, who } from "./format";
import { say, term } from "./language";
import { useList } from "./list";
import { Problems, Table, Told } from "./parts";
import { href } from "./route";
import type { Schema } from "./schema";

type Link = Schema<"TraceLink">;

const pages: Partial<Record<Link["stage"], string>> = {
  case: "cases",
  proposal: "proposals",
  campaign: "campaigns",
  paper: "papers",
};

/** Where it stands: an entry in its journal, an event in the trail, a row by its number. */
function Proof({ of }: { of: Link }) {
  const page = pages[of.stage];
  if (of.entry)
    return (
      <span class="code wrap" title={of.entry.chainHash ?? ""}>
        {of.entry.device}:{of.entry.epoch}:{of.entry.sequence}
      </span>
    );
  if (page && of.id && of.event === null)
    return (
      <a class="code" href={href(page, of.id)}>
        {of.id}
      </a>
    );
  return <span class="code wrap">{of.event === null ? of.id : say("event_no", `${of.event}`)}</span>;
}

function Says({ of, siteName }: { of: Link; siteName: (site: string) => string }) {
  const parts = [
    of.state && of.state !== of.type ? verdict(of.state) : "",
    of.who ? who(of.who) : "",
    of.site ? siteName(of.site) : "",
    of.party ?? "",
    of.document ?? "",
    of.units === null ? "" : units(of.units),
    of.paise === null ? "" : money(of.paise),
  ];
  return (
    <>
      {parts.filter(Boolean).join(" · ")}
      {of.text && (
        <>
          {" "}
          <Told>{notes(of.text)}</Told>
        </>
      )}
    </>
  );
}

function Links({ id, siteName }: { id: string; siteName: (site: string) => string }) {
  const list = useList("/api/v1/cases/{caseId}/trace", {}, proposalChanges, 1, { caseId: id });
  return (
    <>
      <Problems of={list} />
      {list.data && (
        <Table
          caption={say("scan_to_shop")}
          rows={list.data.items}
          keyOf={(link) => JSON.stringify([link.stage, link.id, link.event, link.entry, link.at])}
          none={say("nothing")}
          onMore={list.data.next === null ? undefined : list.more}
          columns={[
            { title: say("step"), cell: (link) => eventName(link.stage) },
            { title: say("when"), cell: (link) => time(link.at) },
            { title: say("what"), cell: (link) => term(link.type) },
            { title: say("details"), cell: (link) => <Says of={link} siteName={siteName} /> },
            { title: say("stands_at"), cell: (link) => <Proof of={link} /> },
          ]}
        />
      )}
    </>
  );
}

export function CaseTrace(props: { id: string; siteName: (site: string) => string }) {
  const [open, setOpen] = useState(false);
  return (
    <section class="card">
      <details onToggle={(e) => setOpen((e.currentTarget as HTMLDetailsElement).open)}>
        <summary>{say("scan_to_shop")}</summary>
        {open && <Links {...props} />}
      </details>
    </section>
  );
}
