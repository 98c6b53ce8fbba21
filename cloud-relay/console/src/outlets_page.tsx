// SPDX-License-Identifier: GPL-3.0-or-later
// Outlets: what they take, whether they may be written to, and how they answered offers.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { nameFilter, queryOf } from "./filters";
import { date, money, time, units, whole } from "./format";
import { say, term } from "./language";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { Age, Choice, Facts, Field, ListTable, Page, Problems, State, Table, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";
import { useSites } from "./sites";

const channels: readonly Schema<"Channel">[] = ["whatsapp", "sms", "email"];
const purposes = ["marketing", "transaction"] as const;

function ConsentDialog(props: { outlet: string; onClose: () => void; onDone: () => void }) {
  const { tell } = useConsole();
  const [channel, setChannel] = useState<string>("whatsapp");
  const [purpose, setPurpose] = useState<string>("marketing");
  const [status, setStatus] = useState<string>("granted");
  const [source, setSource] = useState("");
  const [text, setText] = useState("");
  return (
    <ReasonDialog
      title={say("record_consent")}
      confirm={say("record")}
      reasonIsAsked={false}
      onClose={props.onClose}
      onConfirm={async () => {
        await write("post", "/api/v1/outlets/{outlet}/consents", {
          places: { outlet: props.outlet },
          body: {
            channel: channel as Schema<"Channel">,
            purpose: purpose as (typeof purposes)[number],
            status: status as Schema<"Consent">["status"],
            source: source.trim(),
            textShown: text.trim(),
            language: "en",
          },
        });
        tell(say("noted"));
        props.onDone();
      }}
    >
      <Choice
        label={say("channel")}
        value={channel}
        options={channels.map((c) => [c, term(c)] as const)}
        onChange={setChannel}
      />
      <Choice
        label={say("purpose")}
        value={purpose}
        options={purposes.map((p) => [p, term(p)] as const)}
        onChange={setPurpose}
      />
      <Choice
        label={say("state")}
        value={status}
        options={(["granted", "withdrawn"] as const).map((s) => [s, term(s)] as const)}
        onChange={setStatus}
      />
      <Field
        label={say("source")}
        hint={say("consent_source_hint")}
        value={source}
        onInput={setSource}
        required
        maxLength={64}
      />
      <Field
        label={say("text_shown")}
        value={text}
        onInput={setText}
        required={status === "granted"}
        maxLength={500}
      />
    </ReasonDialog>
  );
}

/** Contacts and consents are for who may write to outlets; the relay answers nobody else. */
function Reach({ outlet }: { outlet: string }) {
  const { user } = useConsole();
  const shown = useGet(
    "/api/v1/outlets/{outlet}",
    { places: { outlet } },
    /^(Consent|Contact|Campaign)/,
  );
  const [asking, setAsking] = useState(false);
  return (
    <section class="card">
      <div class="card-head">
        <h2>{say("contact_consent")}</h2>
        {mayDo(user, "reach") && (
          <button class="button" onClick={() => setAsking(true)}>
            {say("record_consent")}
          </button>
        )}
      </div>
      <Problems of={shown} />
      {shown.data && (
        <>
          <Facts
            rows={channels.map((channel) => {
              const contact = shown.data?.contacts.find((c) => c.channel === channel);
              return [term(channel), contact ? contact.address : say("no_contact")] as const;
            })}
          />
          <Table
            caption={say("consent")}
            showCaption
            rows={shown.data.consents}
            keyOf={(c) => `${c.channel} ${c.purpose}`}
            none={say("no_consent")}
            columns={[
              { title: say("channel"), cell: (c) => term(c.channel) },
              { title: say("purpose"), cell: (c) => term(c.purpose) },
              { title: say("state"), cell: (c) => <State name={c.status} /> },
              { title: say("since"), cell: (c) => time(c.at) },
              { title: say("source"), cell: (c) => <Told>{c.source}</Told> },
            ]}
          />
        </>
      )}
      {asking && (
        <ConsentDialog outlet={outlet} onClose={() => setAsking(false)} onDone={shown.again} />
      )}
    </section>
  );
}

function Replies({ outlet }: { outlet: string }) {
  const list = useList("/api/v1/outlets/{outlet}/answers", { limit: 20 }, /^Campaign/, 1, {
    outlet,
  });
  return (
    <>
      <Problems of={list} />
      {list.data && (
        <ListTable
          list={list}
          caption={say("answers")}
          showCaption
          rows={list.data.items}
          keyOf={(a) => a.campaignId}
          none={say("no_answers")}
          columns={[
            {
              title: say("campaign"),
              cell: (a) => (
                <>
                  <a href={href("campaigns", a.campaignId)}>{a.sku}</a> {time(a.madeAt)}
                </>
              ),
            },
            { title: say("state"), cell: (a) => <State name={a.state} /> },
            { title: say("arm"), cell: (a) => term(a.arm) },
            { title: say("channel"), cell: (a) => term(a.channel || "none") },
            {
              title: say("plan_messages"),
              cell: (a) => (a.message ? <State name={a.message} /> : "–"),
            },
            { title: say("ordered"), number: true, cell: (a) => whole(a.orderedUnits) },
            { title: say("took"), number: true, cell: (a) => whole(a.units) },
            { title: say("value"), number: true, cell: (a) => money(a.valuePaise) },
          ]}
        />
      )}
    </>
  );
}

function Sales({ outlet }: { outlet: string }) {
  const list = useList("/api/v1/retailers/{id}/sales-history", { limit: 50 }, /^Inventory/, 1, {
    id: outlet,
  });
  const sites = useSites();
  const seesMoney = list.data?.items.some((s) => s.valuePaise !== null) ?? false;
  type Sale = Schema<"Sale">;
  return (
    <>
      <Problems of={list} />
      {list.data && (
        <ListTable
          list={list}
          caption={say("sales_history")}
          showCaption
          rows={list.data.items}
          keyOf={(s) => `${s.date} ${s.sku} ${s.site}`}
          none={say("no_sales")}
          columns={[
            { title: say("date"), cell: (s) => date(s.date) },
            { title: say("sku"), cell: (s) => <span class="code">{s.sku}</span> },
            { title: say("units"), number: true, cell: (s) => units(s.quantity) },
            { title: say("came_back"), number: true, cell: (s) => whole(s.returned) },
            ...(seesMoney
              ? [
                  {
                    title: say("at_cost"),
                    number: true,
                    cell: (s: Sale) => (s.valuePaise === null ? "–" : money(s.valuePaise)),
                  },
                ]
              : []),
            { title: say("site"), cell: (s) => sites.nameOf(s.site) },
          ]}
        />
      )}
    </>
  );
}

function creditRows(credit: Schema<"Credit"> | null): (readonly [string, string])[] {
  if (!credit) return [];
  const limit = credit.limitPaise > 0 ? money(credit.limitPaise) : say("no_limit");
  return [
    [say("owes"), `${money(credit.outstandingPaise)} (${date(credit.asOfDate)})`],
    [say("may_owe"), limit],
    [say("overdue"), say("n_days", credit.overdueDays)],
  ];
}

function OneOutlet({ id }: { id: string }) {
  const { user } = useConsole();
  const found = useList("/api/v1/outlets", { text: id, limit: 20 }, /^Inventory/);
  const of = found.data?.items.find((o) => o.outlet === id);
  return (
    <Page title={of?.name ?? id} shown={found} back={["outlets", say("all_outlets")]}>
      {() => (
        <>
          {of && (
            <section class="card">
              <Facts
                rows={[
                  [say("outlet"), <span class="code">{of.outlet}</span>],
                  [say("territory"), of.territory],
                  [say("gstin"), of.gstNumber || say("unregistered")],
                  [say("took_90"), units(of.soldUnits)],
                  ...(of.soldPaise === null
                    ? []
                    : [[say("at_cost"), money(of.soldPaise)] as const]),
                  ...creditRows(of.credit),
                  [say("last_sale"), of.lastSaleDate ? date(of.lastSaleDate) : say("never")],
                  [say("data"), <Age seconds={of.siteDataAgeSeconds} />],
                ]}
              />
            </section>
          )}
          {mayDo(user, "reach") && <Reach outlet={id} />}
          {user.role !== "field" && user.role !== "agent" && <Replies outlet={id} />}
          <Sales outlet={id} />
        </>
      )}
    </Page>
  );
}

function Search({ route }: { route: Route }) {
  const [text, setText] = useState(route.filters.get("text") ?? "");
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setFilter("text", text.trim());
      }}
    >
      <Field label={say("find_outlet")} type="search" value={text} onInput={setText} />
      <button class="button">{say("find")}</button>
    </form>
  );
}

const creditColumn = {
  title: say("owes"),
  number: true,
  cell: ({ credit }: Schema<"Outlet">) => (credit ? money(credit.outstandingPaise) : "–"),
};

function AllOutlets({ route }: { route: Route }) {
  const sites = useSites();
  const territories = [...new Set(sites.all.map((s) => s.territory))].sort();
  const filters = [nameFilter("territory", territories)];
  const list = useList(
    "/api/v1/outlets",
    queryOf<"/api/v1/outlets">(route, [...filters, { name: "text" }]),
    null,
  );
  const seesMoney = list.data?.items.some((o) => o.soldPaise !== null) ?? false;
  type Outlet = Schema<"Outlet">;
  return (
    <ListPage
      route={route}
      title={say("outlets")}
      lead={say("outlets_lead")}
      list={list}
      filters={filters}
      actions={<Search route={route} />}
    >
      {(data) => (
        <ListTable
          list={list}
          caption={say("outlets")}
          rows={data.items}
          keyOf={(o) => o.outlet}
          none={say("no_outlet")}
          columns={[
            {
              title: say("outlet"),
              cell: (o) => (
                <>
                  <a href={href("outlets", o.outlet)}>{o.name}</a>{" "}
                  <span class="code soft">{o.outlet}</span>
                </>
              ),
            },
            { title: say("territory"), cell: (o) => o.territory },
            {
              title: say("gstin"),
              cell: (o) =>
                o.gstNumber ? <span class="code">{o.gstNumber}</span> : say("unregistered"),
            },
            { title: say("took_90"), number: true, cell: (o) => units(o.soldUnits) },
            ...(seesMoney
              ? [
                  {
                    title: say("at_cost"),
                    number: true,
                    cell: (o: Outlet) => (o.soldPaise === null ? "–" : money(o.soldPaise)),
                  },
                ]
              : []),
            ...(list.data?.items.some((o) => o.credit) ? [creditColumn] : []),
            {
              title: say("last_sale"),
              cell: (o) => (o.lastSaleDate ? date(o.lastSaleDate) : say("never")),
            },
            { title: say("data"), cell: (o) => <Age seconds={o.siteDataAgeSeconds} /> },
          ]}
        />
      )}
    </ListPage>
  );
}

export function OutletsPage({ route }: { route: Route }) {
  return route.id ? <OneOutlet id={route.id} /> : <AllOutlets route={route} />;
}
