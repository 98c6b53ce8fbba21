// SPDX-License-Identifier: GPL-3.0-or-later
// Orders: what sites are to do, because of what, and how much of it scans have done.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { queryOf, wordFilter } from "./filters";
import { date, daysUntil, money, time, whole } from "./format";
import { Subject } from "./history";
import { say, term } from "./language";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { Age, ListTable, Page, State, Table, type Column } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { siteFilter, useSites, type Sites } from "./sites";

type Line = Schema<"OrderLine">;

const kinds = [
  "sale", "purchase", "transfer_out", "transfer_in", "supplier_return", "write_off",
] as const;
const states = ["open", "done", "cancelled"] as const;
const changes = /^(Order|Inventory|Proposal|Transfer|Campaign|Sales)/;

function Picked({ of }: { of: Line }) {
  return (
    <span class="picked">
      {say("of", whole(of.done), whole(of.quantity))}{" "}
      <progress max={Math.max(of.quantity, 1)} value={of.done} aria-label={say("picked")} />
    </span>
  );
}

/** What made it: a campaign, or the proposal whose id a transfer's lines carry. */
function Cause({ of }: { of: Line }) {
  if (/^P[0-9]+$/.test(of.cause)) return <Subject of={`proposal:${of.cause}`} />;
  return of.cause ? <Subject of={of.cause} /> : <>–</>;
}

/** Its other end: a site of ours, an outlet with a page of its own, or a supplier. */
function Party({ of, sites }: { of: Line; sites: Sites }) {
  if (of.kind === "sale") return <a href={href("outlets", of.party)}>{of.party}</a>;
  return <>{sites.nameOf(of.party)}</>;
}

function Due({ of, asOf }: { of: Line; asOf: string }) {
  const left = daysUntil(of.dueDate, asOf);
  return (
    <>
      {date(of.dueDate)}{" "}
      {of.state === "open" && left !== null && left < 0 && (
        <State name="high">{say("late_by", -left)}</State>
      )}
    </>
  );
}

function columns(sites: Sites, asOf: string): Column<Line>[] {
  return [
    { title: say("sku"), cell: (l) => <span class="code">{l.sku}</span> },
    { title: say("kind"), cell: (l) => term(l.kind) },
    { title: say("site"), cell: (l) => sites.nameOf(l.site) },
    { title: say("party"), cell: (l) => <Party of={l} sites={sites} /> },
    { title: say("picked"), cell: (l) => <Picked of={l} /> },
    { title: say("state"), cell: (l) => <State name={l.state} /> },
    { title: say("due"), cell: (l) => <Due of={l} asOf={asOf} /> },
    { title: say("came_from"), cell: (l) => <Cause of={l} /> },
    { title: say("data"), cell: (l) => <Age seconds={l.siteDataAgeSeconds} /> },
  ];
}

function CancelButton(props: { document: string; onDone: () => void }) {
  const { tell } = useConsole();
  const [asking, setAsking] = useState(false);
  return (
    <div class="buttons">
      <button class="button button-bad" onClick={() => setAsking(true)}>
        {say("cancel_rest")}
      </button>
      {asking && (
        <ReasonDialog
          title={`${say("cancel_rest")}: ${props.document}`}
          confirm={say("cancel_rest")}
          tone="bad"
          onClose={() => setAsking(false)}
          onConfirm={async (reason) => {
            await write("post", "/api/v1/orders/{document}/cancel", {
              places: { document: props.document },
              body: { reason },
            });
            tell(say("cancelled"));
            props.onDone();
          }}
        >
          <p>{say("cancel_note")}</p>
        </ReasonDialog>
      )}
    </div>
  );
}

// Those of transfers are a saga's, which undoes itself.
const isCancellable = (l: Line) =>
  l.state === "open" && (l.kind === "sale" || l.kind === "purchase");

function OneOrder({ id }: { id: string }) {
  const { user } = useConsole();
  const shown = useGet("/api/v1/orders/{document}", { places: { document: id } }, changes);
  const sites = useSites();
  return (
    <Page title={say("order_no", id)} shown={shown} back={["orders", say("all_orders")]}>
      {(data) => (
        <section class="card">
          <Table
            caption={say("lines_of", id)}
            rows={data.lines}
            keyOf={(l) => `${l.site} ${l.line}`}
            none={say("no_order")}
            columns={[
              ...columns(sites, data.asOf),
              {
                title: say("batch"),
                cell: (l) => (l.batch ? <span class="code">{l.batch}</span> : "–"),
              },
              { title: say("expires"), cell: (l) => date(l.expiryDate) },
              {
                title: say("price"),
                number: true,
                cell: (l) => (l.pricePaise === 0 ? say("usual_price") : money(l.pricePaise)),
              },
              { title: say("made"), cell: (l) => time(l.madeAt) },
            ]}
          />
          {mayDo(user, "trade") && data.lines.some(isCancellable) && (
            <CancelButton document={id} onDone={shown.again} />
          )}
        </section>
      )}
    </Page>
  );
}

function AllOrders({ route }: { route: Route }) {
  const sites = useSites();
  const filters = [
    wordFilter("state", states, "open"),
    wordFilter("kind", kinds),
    siteFilter(sites),
  ];
  const list = useList("/api/v1/orders", queryOf<"/api/v1/orders">(route, filters), changes);
  return (
    <ListPage
      route={route}
      title={say("orders")}
      lead={say("orders_lead")}
      list={list}
      filters={filters}
    >
      {(data) => (
        <ListTable
          list={list}
          caption={say("orders")}
          rows={data.items}
          keyOf={(l) => `${l.document} ${l.site} ${l.line}`}
          none={say("no_order")}
          columns={[
            {
              title: say("document"),
              cell: (l) => (
                <a class="code" href={href("orders", l.document)}>
                  {l.document}
                </a>
              ),
            },
            ...columns(sites, data.asOf),
          ]}
        />
      )}
    </ListPage>
  );
}

export function OrdersPage({ route }: { route: Route }) {
  return route.id ? <OneOrder id={route.id} /> : <AllOrders route={route} />;
}
