// SPDX-License-Identifier: GPL-3.0-or-later
// The trail, asked by who, what and when; and the check of the whole chain.
import { useState } from "preact/hooks";
import { get } from "./api";
import { problemFrom } from "./data";
import { whole } from "./format";
import { History } from "./history";
import { useList } from "./list";
import { Empty, Field, More, Page, State, Table } from "./parts";
import { setFilter, type Route } from "./route";
import type { Schema } from "./schema";

type Verdict = Schema<"AuditVerdict">;

function VerdictCard({ of }: { of: Verdict }) {
  const broken = of.journals.filter((j) => !j.intact);
  const fine = of.intact && broken.length === 0;
  return (
    <div class={`notice ${fine ? "notice-good" : "notice-bad"}`} role="alert">
      <p>
        <strong>{fine ? "The chain is whole." : "The chain is broken."}</strong> {whole(of.events)}{" "}
        events of the relay
        {of.firstBadSeq !== null && `, the first bad one is ${of.firstBadSeq}`};{" "}
        {whole(of.journals.length)} {of.journals.length === 1 ? "journal" : "journals"} of
        appliances
        {broken.length > 0 && `, ${broken.length} not intact`}.
      </p>
      <p class="code wrap">Head {of.headHash}</p>
      {of.journals.length > 0 && (
        <Table
          caption="Chains of the appliances"
          rows={of.journals}
          keyOf={(j) => `${j.device} ${j.epoch}`}
          none=""
          columns={[
            { title: "Appliance", cell: (j) => `${j.device}, epoch ${j.epoch}` },
            { title: "Entries", number: true, cell: (j) => whole(j.entries) },
            { title: "Chain", cell: (j) => <State name={j.intact ? "ok" : "broken"} /> },
            { title: "First bad", cell: (j) => j.firstBadSeq ?? "none" },
          ]}
        />
      )}
    </div>
  );
}

function Verify() {
  const [busy, setBusy] = useState(false);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [said, setSaid] = useState("");
  const check = () => {
    setBusy(true);
    setSaid("");
    setVerdict(null);
    get("/api/v1/audit/verify")
      .then(setVerdict, (error: unknown) => setSaid(problemFrom(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card">
      <div class="card-head">
        <h2>Check the chain</h2>
        <button class="button button-main" disabled={busy} onClick={check}>
          {busy ? "Checking…" : "Check now"}
        </button>
      </div>
      <p>
        Every event carries the hash of the one before it. The check computes all of them again,
        here and of each appliance.
      </p>
      {said && (
        <p class="notice notice-bad" role="alert">
          {said}
        </p>
      )}
      {verdict && <VerdictCard of={verdict} />}
    </section>
  );
}

const filters = [
  ["actor", "Who", "user:NAME, agent:NAME"],
  ["subject", "About", "proposal:ID, setting:NAME"],
  ["type", "What", "SettingChanged"],
  ["trace", "Trace", "of one piece of work"],
  ["fromDate", "From", "Indian date"],
  ["toDate", "To", "Indian date"],
] as const;

function Ask({ route }: { route: Route }) {
  const [values, setValues] = useState<Record<string, string>>(Object.fromEntries(route.filters));
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        for (const [name] of filters) setFilter(name, (values[name] ?? "").trim());
      }}
    >
      {filters.map(([name, label, hint]) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          type={name.endsWith("Date") ? "date" : "search"}
          value={values[name] ?? ""}
          onInput={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <button class="button">Find</button>
    </form>
  );
}

export function AuditPage({ route }: { route: Route }) {
  const query = Object.fromEntries(
    filters.map(([name]) => [name, route.filters.get(name) ?? ""]).filter(([, v]) => v),
  );
  const list = useList("/api/v1/audit", query, null);
  return (
    <Page
      title="Audit trail"
      shown={list}
      lead="Who did what, when and why. Nothing in it can be changed."
      tools={<Verify />}
    >
      {(data) => (
        <section class="card">
          <h2>Records, newest first</h2>
          <Ask route={route} />
          {data.items.length === 0 ? (
            <Empty>No record of this kind.</Empty>
          ) : (
            <History events={data.items} newest />
          )}
          <More next={data.next} onMore={list.more} />
        </section>
      )}
    </Page>
  );
}
