// SPDX-License-Identifier: GPL-3.0-or-later
// The internal market: what each site would ask and bid, and what proposals truly brought.
import { useGet } from "./data";
import { money, moneyShort, unitPrice, whole } from "./format";
import { useList } from "./list";
import { Age, Choice, Page, Problems, State, Table } from "./parts";
import { RecoveryStrip } from "./recovery_strip";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";
import { siteOptions, useSites } from "./sites";

const changes = /^(Case|Proposal|Reallocation|Transfer|Campaign)/;

function Prices({ network, site }: { network: Schema<"Network">; site: string }) {
  const sites = new Map(network.sites.map((s) => [s.site, s]));
  const rows = network.cells
    .filter(
      (c) => (c.askMilliPaise !== null || c.bidMilliPaise !== null) && (!site || c.site === site),
    )
    .sort((a, b) => a.key.localeCompare(b.key) || (a.askMilliPaise ?? 0) - (b.askMilliPaise ?? 0));
  return (
    <Table
      caption="Asks and bids by SKU and site, in rupees a unit"
      rows={rows.slice(0, 200)}
      keyOf={(c) => `${c.key} ${c.site}`}
      none="No price: nothing is offered or wanted in an open proposal."
      columns={[
        { title: "SKU", cell: (c) => <a href={href("risk", `${c.site}|${c.key}`)}>{c.key}</a> },
        { title: "Site", cell: (c) => sites.get(c.site)?.name ?? c.site },
        { title: "Asks", number: true, cell: (c) => unitPrice(c.askMilliPaise) },
        { title: "Bids", number: true, cell: (c) => unitPrice(c.bidMilliPaise) },
        { title: "Surplus", number: true, cell: (c) => whole(c.surplusUnits) },
        { title: "Need", number: true, cell: (c) => whole(c.needUnits) },
        {
          title: "Data",
          cell: (c) => <Age seconds={sites.get(c.site)?.siteDataAgeSeconds ?? null} />,
        },
      ]}
    />
  );
}

/** Predicted above, actual below, on one scale. */
function Bars({ predicted, actual, most }: { predicted: number; actual: number; most: number }) {
  const length = (paise: number) => Math.max(0, (paise * 100) / most);
  return (
    <svg class="bars" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-predicted" width={length(predicted)} height="6" />
      <rect class="bar-actual" y="8" width={length(actual)} height="6" />
    </svg>
  );
}

function Outcomes() {
  const done = useList("/api/v1/proposals", { state: "done", limit: 100 }, changes);
  const sites = useSites();
  const truly = (p: Schema<"Proposal">) => p.actualRevenuePaise - p.actualCostPaise;
  const promised = (p: Schema<"Proposal">) => p.expectedRevenue - p.transportationCost;
  const rows = [...(done.data?.items ?? [])].sort((a, b) => b.gainPaise - a.gainPaise);
  const most = Math.max(1, ...rows.map((p) => Math.max(truly(p), promised(p))));
  const sum = (of: (p: Schema<"Proposal">) => number) =>
    rows.reduce((total, p) => total + of(p), 0);
  return (
    <section class="card">
      <div class="card-head">
        <h2>Recovered against predicted</h2>
        {rows.length > 0 && (
          <p class="card-says">
            {moneyShort(sum(truly))} of {moneyShort(sum(promised))} predicted, revenue less cost
          </p>
        )}
      </div>
      <Problems of={done} />
      {done.data && (
        <Table
          caption="Proposals that are done, predicted beside actual"
          rows={rows}
          keyOf={(p) => p.proposalId}
          none="No proposal has ended yet."
          columns={[
            { title: "Goods", cell: (p) => <a href={href("proposals", p.proposalId)}>{p.name}</a> },
            { title: "Action", cell: (p) => <State name={p.action} /> },
            { title: "From", cell: (p) => sites.nameOf(p.sourceSite) },
            {
              title: "Units",
              number: true,
              cell: (p) => `${whole(p.doneUnits)} of ${whole(p.quantity)}`,
            },
            { title: "Predicted", number: true, cell: (p) => money(promised(p)) },
            { title: "Actual", number: true, cell: (p) => money(truly(p)) },
            {
              title: "Beside each other",
              cell: (p) => <Bars predicted={promised(p)} actual={truly(p)} most={most} />,
            },
            { title: "Data", cell: (p) => <Age seconds={p.siteDataAgeSeconds} /> },
          ]}
        />
      )}
    </section>
  );
}

export function MarketPage({ route }: { route: Route }) {
  const site = route.filters.get("site") ?? "";
  const network = useGet("/api/v1/network", { query: { by: "sku" } }, changes);
  const recovery = useGet("/api/v1/reports/recovery", {}, changes);
  const sites = useSites();
  return (
    <Page
      title="Money and prices"
      lead="An ask is what keeping one unit more is worth where it lies; a bid what one unit more is worth where it could go."
      shown={network}
    >
      {(data) => (
        <>
          {recovery.data && <RecoveryStrip of={recovery.data} />}
          <Outcomes />
          <section class="card">
            <div class="card-head">
              <h2>Internal market</h2>
            </div>
            <div class="tools">
              <Choice
                label="Site"
                value={site}
                options={siteOptions(sites)}
                onChange={(v) => setFilter("site", v)}
              />
            </div>
            <Prices network={data} site={site} />
          </section>
        </>
      )}
    </Page>
  );
}
