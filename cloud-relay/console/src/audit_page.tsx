// SPDX-License-Identifier: GPL-3.0-or-later
// The trail, asked by who, what and when; and the check of the whole chain.
import { useState } from "preact/hooks";
import { get } from "./api";
import { problemFrom } from "./data";
import { whole } from "./format";
import { queryOf } from "./filters";
import { say } from "./language";
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
        <strong>{say(fine ? "chain_whole" : "chain_broken")}</strong>{" "}
        {[
          say("n_events", of.events),
          of.firstBadSeq === null ? "" : say("first_bad_at", of.firstBadSeq),
          say("n_journals", of.journals.length),
          broken.length === 0 ? "" : say("n_not_intact", broken.length),
        ]
          .filter(Boolean)
          .join(", ")}
        .
      </p>
      <p class="code wrap">
        {say("head")} {of.headHash}
      </p>
      {of.journals.length > 0 && (
        <Table
          caption={say("chains_caption")}
          rows={of.journals}
          keyOf={(j) => `${j.device} ${j.epoch}`}
          none=""
          columns={[
            {
              title: say("appliance"),
              cell: (j) => say("device_epoch", j.device, String(j.epoch)),
            },
            { title: say("entries"), number: true, cell: (j) => whole(j.entries) },
            { title: say("chain"), cell: (j) => <State name={j.intact ? "ok" : "broken"} /> },
            { title: say("first_bad"), cell: (j) => j.firstBadSeq ?? say("none") },
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
        <h2>{say("check_chain")}</h2>
        <button class="button button-main" disabled={busy} onClick={check}>
          {busy ? say("checking") : say("check_now")}
        </button>
      </div>
      <p>{say("check_text")}</p>
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
  { name: "actor", label: "who", hint: "user:NAME, agent:NAME" },
  { name: "subject", label: "about", hint: "proposal:ID, setting:NAME" },
  { name: "type", label: "what", hint: "SettingChanged" },
  { name: "trace", label: "trace", hint: "" },
  { name: "fromDate", label: "from_day", hint: "" },
  { name: "toDate", label: "to_day", hint: "" },
] as const;

const hintOf = (name: string, hint: string) =>
  hint || say(name.endsWith("Date") ? "indian_date" : "one_work");

function Ask({ route }: { route: Route }) {
  const [values, setValues] = useState<Record<string, string>>(Object.fromEntries(route.filters));
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        for (const { name } of filters) setFilter(name, (values[name] ?? "").trim());
      }}
    >
      {filters.map(({ name, label, hint }) => (
        <Field
          key={name}
          label={say(label)}
          hint={hintOf(name, hint)}
          type={name.endsWith("Date") ? "date" : "search"}
          value={values[name] ?? ""}
          onInput={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <button class="button">{say("find")}</button>
    </form>
  );
}

export function AuditPage({ route }: { route: Route }) {
  const list = useList("/api/v1/audit", queryOf<"/api/v1/audit">(route, filters), null);
  return (
    <Page title={say("audit")} shown={list} lead={say("audit_lead")} tools={<Verify />}>
      {(data) => (
        <section class="card">
          <h2>{say("records")}</h2>
          <Ask route={route} />
          {data.items.length === 0 ? (
            <Empty>{say("no_records")}</Empty>
          ) : (
            <History events={data.items} newest />
          )}
          <More next={data.next} onMore={list.more} />
        </section>
      )}
    </Page>
  );
}
