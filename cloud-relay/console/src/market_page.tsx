// SPDX-License-Identifier: GPL-3.0-or-later
// The internal market: what each site would ask and bid, and what proposals truly brought.
import { proposalChanges } from "./approvals";
import { useGet } from "./data";
import { Filters } from "./filters";
import { Forecasts } from "./forecast_view";
import { money, moneyShort, unitPrice, whole } from "./format";
import { say } from "./language";
import { useList } from "./list";
import { Age, Bars, ListTable, Page, Problems, State, Table } from "./parts";
import { TransferOutcomes } from "./outcomes";
import { RecoveryStrip } from "./recovery_strip";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { siteFilter, useSites } from "./sites";

function Prices({ network, site }: { network: Schema<"Network">; site: string }) {
  const sites = new Map(network.sites.map((s) => [s.site, s]));
  const rows = network.cells
    .filter(
      (c) => (c.askMilliPaise !== null || c.bidMilliPaise !== null) && (!site || c.site === site),
    )
    .sort((a, b) => a.key.localeCompare(b.key) || (a.askMilliPaise ?? 0) - (b.askMilliPaise ?? 0));
  return (
    <Table
      caption={say("asks_bids")}
      rows={rows}
      keyOf={(c) => `${c.key} ${c.site}`}
      none={say("no_price")}
      columns={[
        {
          title: say("sku"),
          cell: (c) => <a href={href("risk", `${c.site}|${c.key}`)}>{c.key}</a>,
        },
        { title: say("site"), cell: (c) => sites.get(c.site)?.name ?? c.site },
        { title: say("asks"), number: true, cell: (c) => unitPrice(c.askMilliPaise) },
        { title: say("bids"), number: true, cell: (c) => unitPrice(c.bidMilliPaise) },
        { title: say("surplus"), number: true, cell: (c) => whole(c.surplusUnits) },
        { title: say("need"), number: true, cell: (c) => whole(c.needUnits) },
        {
          title: say("data"),
          cell: (c) => <Age seconds={sites.get(c.site)?.siteDataAgeSeconds ?? null} />,
        },
      ]}
    />
  );
}

const truly = (p: Schema<"Proposal">) => p.actualRevenuePaise - p.actualCostPaise;
const promised = (p: Schema<"Proposal">) => p.expectedRevenue - p.transportationCost;

function Outcomes() {
  const done = useList("/api/v1/proposals", { state: "done", limit: 100 }, proposalChanges);
  const sites = useSites();
  const rows = [...(done.data?.items ?? [])].sort((a, b) => b.gainPaise - a.gainPaise);
  const most = Math.max(1, ...rows.map((p) => Math.max(truly(p), promised(p))));
  const sum = (of: (p: Schema<"Proposal">) => number) =>
    rows.reduce((total, p) => total + of(p), 0);
  return (
    <>
      <div>
        <h2>{say("recovered_predicted")}</h2>
        {rows.length > 0 && (
          <p class="card-says">
            {say("recovered_of", moneyShort(sum(truly)), moneyShort(sum(promised)))}
          </p>
        )}
      </div>
      <Problems of={done} />
      {done.data && (
        <ListTable
          list={done}
          caption={say("done_caption")}
          rows={rows}
          keyOf={(p) => p.proposalId}
          none={say("none_done")}
          columns={[
            {
              title: say("goods"),
              cell: (p) => <a href={href("proposals", p.proposalId)}>{p.name}</a>,
            },
            { title: say("action"), cell: (p) => <State name={p.action} /> },
            { title: say("from"), cell: (p) => sites.nameOf(p.sourceSite) },
            {
              title: say("units"),
              number: true,
              cell: (p) => say("of", whole(p.doneUnits), whole(p.quantity)),
            },
            { title: say("predicted"), number: true, cell: (p) => money(promised(p)) },
            { title: say("actual"), number: true, cell: (p) => money(truly(p)) },
            {
              title: say("side_by_side"),
              cell: (p) => <Bars predicted={promised(p)} actual={truly(p)} most={most} />,
            },
          ]}
        />
      )}
    </>
  );
}

export function MarketPage({ route }: { route: Route }) {
  const network = useGet("/api/v1/network", { query: { by: "sku" } }, proposalChanges);
  const recovery = useGet("/api/v1/reports/recovery", {}, proposalChanges);
  const sites = useSites();
  return (
    <Page title={say("market")} lead={say("market_lead")} shown={network}>
      {(data) => (
        <>
          {recovery.data && <RecoveryStrip of={recovery.data} />}
          <Outcomes />
          <TransferOutcomes />
          <Forecasts />
          <section class="card">
            <h2>{say("internal_market")}</h2>
            <Filters route={route} of={[siteFilter(sites)]} />
            <Prices network={data} site={route.filters.get("site") ?? ""} />
          </section>
        </>
      )}
    </Page>
  );
}
