// SPDX-License-Identifier: GPL-3.0-or-later
// The network at a glance: where stock lies too long, where it is wanted, and what became of it.
import { useState } from "preact/hooks";
import { useGet } from "./data";
import { money, moneyShort, units, whole } from "./format";
import { NetworkMap, type Flow, type SiteSums } from "./network_map";
import { Age, Choice, Page, Problems, State, Table } from "./parts";
import { RecoveryStrip } from "./recovery_strip";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";

type Network = Schema<"Network">;
const changes = /^(Inventory|DeadStock|Case|Proposal|Reallocation|Transfer|Approval|Campaign|Site)/;
const SKUS_SHOWN = 100;

function sumSites(network: Network): SiteSums[] {
  const sums = new Map(
    network.sites.map((site): [string, SiteSums] => [
      site.site,
      { site, surplusPaise: 0, surplusUnits: 0, needPaise: 0, needUnits: 0 },
    ]),
  );
  for (const cell of network.cells) {
    const sum = sums.get(cell.site);
    if (!sum) continue;
    sum.surplusPaise += cell.surplusPaise;
    sum.surplusUnits += cell.surplusUnits;
    sum.needPaise += cell.needPaise;
    sum.needUnits += cell.needUnits;
  }
  return [...sums.values()];
}

function sumFlows(network: Network): Flow[] {
  const sums = new Map<string, Flow>();
  for (const { fromSite, toSite, units: n, gainPaise } of network.flows) {
    const key = `${fromSite}>${toSite}`;
    const sum = sums.get(key) ?? { fromSite, toSite, units: 0, gainPaise: 0, count: 0 };
    sum.units += n;
    sum.gainPaise += gainPaise;
    sum.count++;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => b.gainPaise - a.gainPaise);
}

/** Categories and the SKUs with most at stake, from what the network itself says. */
function useKeys() {
  const categories = useGet("/api/v1/network", { query: { by: "category" } });
  const skus = useGet("/api/v1/network", { query: { by: "sku" } });
  const weigh = (network: Network | null) => {
    const sums = new Map<string, number>();
    for (const cell of network?.cells ?? [])
      sums.set(cell.key, (sums.get(cell.key) ?? 0) + cell.surplusPaise + cell.needPaise);
    return [...sums].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  };
  return { categories: weigh(categories.data).sort(), skus: weigh(skus.data).slice(0, SKUS_SHOWN) };
}

/** Nothing is said as a dash, so that the eye finds what there is. */
function amount(paise: number, n: number): string {
  return n === 0 ? "–" : `${money(paise)} · ${units(n)}`;
}

function CellTable({ network, site }: { network: Network; site: string }) {
  const names = new Map(network.sites.map((s) => [s.site, s]));
  const cells = network.cells
    .filter((cell) => !site || cell.site === site)
    .sort((a, b) => b.surplusPaise + b.needPaise - a.surplusPaise - a.needPaise);
  return (
    <Table
      caption={`Surplus and need by ${network.by === "sku" ? "SKU" : "category"}${site ? ` in ${names.get(site)?.name ?? site}` : ""}`}
      showCaption
      rows={cells.slice(0, 60)}
      keyOf={(cell) => `${cell.site} ${cell.key}`}
      none="Neither surplus nor need."
      columns={[
        { title: network.by === "sku" ? "SKU" : "Category", cell: (cell) => cell.key },
        { title: "Site", cell: (cell) => names.get(cell.site)?.name ?? cell.site },
        {
          title: "Surplus",
          number: true,
          cell: (cell) => amount(cell.surplusPaise, cell.surplusUnits),
        },
        { title: "Need", number: true, cell: (cell) => amount(cell.needPaise, cell.needUnits) },
        {
          title: "Data",
          cell: (cell) => <Age seconds={names.get(cell.site)?.siteDataAgeSeconds ?? null} />,
        },
      ]}
    />
  );
}

function FlowTable({ network }: { network: Network }) {
  const names = new Map(network.sites.map((s) => [s.site, s]));
  return (
    <Table
      caption="Flows that are proposed or under way"
      showCaption
      rows={network.flows.slice(0, 60)}
      keyOf={(flow) => flow.proposalId}
      none="Nothing is proposed and nothing is on its way."
      columns={[
        {
          title: "SKU",
          cell: (flow) => <a href={href("proposals", flow.proposalId)}>{flow.sku}</a>,
        },
        {
          title: "From → to",
          cell: (flow) =>
            `${names.get(flow.fromSite)?.name ?? flow.fromSite} → ${names.get(flow.toSite)?.name ?? flow.toSite}`,
        },
        { title: "Units", number: true, cell: (flow) => whole(flow.units) },
        { title: "Gain", number: true, cell: (flow) => money(flow.gainPaise) },
        { title: "State", cell: (flow) => <State name={flow.state} /> },
        {
          title: "Data",
          cell: (flow) => <Age seconds={names.get(flow.fromSite)?.siteDataAgeSeconds ?? null} />,
        },
      ]}
    />
  );
}

export function OverviewPage({ route }: { route: Route }) {
  const category = route.filters.get("category") ?? "";
  const sku = route.filters.get("sku") ?? "";
  const network = useGet(
    "/api/v1/network",
    { query: sku ? { by: "sku", sku } : { by: "category", ...(category ? { category } : {}) } },
    changes,
  );
  const recovery = useGet("/api/v1/reports/recovery", {}, changes);
  const keys = useKeys();
  const [site, setSite] = useState("");
  const choose = (name: "category" | "sku", value: string) => {
    setFilter(name === "sku" ? "category" : "sku", "");
    setFilter(name, value);
  };
  return (
    <Page title="Overview" shown={network}>
      {(data) => {
        const sums = sumSites(data);
        const total = (of: (s: SiteSums) => number) => sums.reduce((sum, s) => sum + of(s), 0);
        return (
          <>
            <Problems of={recovery} />
            {recovery.data && <RecoveryStrip of={recovery.data} />}
            <section class="card" aria-labelledby="map-title">
              <div class="card-head">
                <div>
                  <h2 id="map-title">Surplus and need</h2>
                  <p class="card-says">
                    {moneyShort(total((s) => s.surplusPaise))} too much ·{" "}
                    {moneyShort(total((s) => s.needPaise))} wanted within {data.needHorizonDays}{" "}
                    days
                  </p>
                </div>
                <div class="tools">
                  <Choice
                    label="Category"
                    value={category}
                    options={[["", "All"], ...keys.categories.map((c) => [c, c] as const)]}
                    onChange={(value) => choose("category", value)}
                  />
                  <Choice
                    label="SKU"
                    value={sku}
                    options={[["", "All"], ...keys.skus.map((s) => [s, s] as const)]}
                    onChange={(value) => choose("sku", value)}
                  />
                </div>
              </div>
              <NetworkMap
                sites={sums}
                flows={sumFlows(data)}
                chosen={site}
                onChoose={(name) => setSite(name === site ? "" : name)}
              />
            </section>
            <section class="card">
              <CellTable network={data} site={site} />
            </section>
            <section class="card">
              <FlowTable network={data} />
            </section>
          </>
        );
      }}
    </Page>
  );
}
