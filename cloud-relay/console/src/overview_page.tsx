// SPDX-License-Identifier: GPL-3.0-or-later
// The network at a glance: where stock lies too long, where it is wanted, what is on the road, and
// what became of it.
import { useState } from "preact/hooks";
import { get } from "./api";
import { useConsole } from "./console_context";
import { useAnswer, useGet } from "./data";
import { money, moneyShort, units } from "./format";
import { HeatTable } from "./heat_table";
import { say } from "./language";
import { MarketLots } from "./market_lots";
import { NetworkMap } from "./network_map";
import { sumFlows, sumLorries, sumSites, type SiteSums } from "./network_sums";
import { Page, Problems, State, Table } from "./parts";
import { RecoveryStrip } from "./recovery_strip";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { LorryList, SitePanel } from "./site_panel";

type Network = Schema<"Network">;
const changes = /^(Inventory|DeadStock|Case|Proposal|Reallocation|Transfer|Approval|Campaign|Site)/;
const LORRIES_MAX = 200;

function FlowTable({ network, nameOf }: { network: Network; nameOf: (site: string) => string }) {
  return (
    <Table
      caption={say("flows")}
      showCaption
      rows={network.flows}
      keyOf={(flow) => flow.proposalId}
      none={say("no_flows")}
      columns={[
        {
          title: say("sku"),
          cell: (flow) => <a href={href("proposals", flow.proposalId)}>{flow.sku}</a>,
        },
        {
          title: say("from_to"),
          cell: (flow) => `${nameOf(flow.fromSite)} → ${nameOf(flow.toSite)}`,
        },
        { title: say("units"), number: true, cell: (flow) => units(flow.units) },
        { title: say("gain"), number: true, cell: (flow) => money(flow.gainPaise) },
        { title: say("state"), cell: (flow) => <State name={flow.state} /> },
      ]}
    />
  );
}

/** "All > dairy > BUT-500": the way back up from what was opened. */
function Trail({ category, sku }: { category: string; sku: string }) {
  if (!category && !sku) return null;
  return (
    <nav class="trail" aria-label={say("category")}>
      <a href={href("overview")}>{say("all")}</a> <span aria-hidden="true">›</span>{" "}
      <span aria-current="page">{(sku || category).replace(/_/g, " ")}</span>
    </nav>
  );
}

function useLorries(asOf: string | undefined) {
  const transfers = useGet(
    "/api/v1/transfers",
    { query: { open: true, limit: LORRIES_MAX } },
    /^(Transfer|Reallocation|Inventory)/,
  );
  const { user } = useConsole();
  const lanes = useAnswer(
    `lanes ${user.territories.length}`,
    // Lanes are for users of all territories; others see lorries without their day.
    async () => (user.territories.length > 0 ? [] : (await get("/api/v1/lanes")).items),
    /^Lane/,
  );
  return asOf && transfers.data ? sumLorries(transfers.data.items, lanes.data ?? [], asOf) : [];
}

export function OverviewPage({ route }: { route: Route }) {
  const category = route.filters.get("category") ?? "";
  const sku = route.filters.get("sku") ?? "";
  const network = useGet(
    "/api/v1/network",
    {
      query: sku ? { by: "sku", sku } : category ? { by: "sku", category } : { by: "category" },
    },
    changes,
  );
  const recovery = useGet("/api/v1/reports/recovery", {}, changes);
  const lorries = useLorries(network.data?.asOf);
  const [site, setSite] = useState("");
  const choose = (name: string) => setSite(name === site ? "" : name);
  return (
    <Page title={say("overview")} shown={network}>
      {(data) => {
        const sums = sumSites(data);
        const total = (of: (s: SiteSums) => number) => sums.reduce((sum, s) => sum + of(s), 0);
        const names = new Map(data.sites.map((s) => [s.site, s.name]));
        const nameOf = (name: string) => names.get(name) ?? name;
        return (
          <>
            <Problems of={recovery} />
            {recovery.data && <RecoveryStrip of={recovery.data} />}
            <section class="card" aria-labelledby="map-title">
              <div class="card-head">
                <h2 id="map-title">{say("surplus_and_need")}</h2>
                <p class="card-says">
                  {say(
                    "too_much_and_wanted",
                    moneyShort(total((s) => s.surplusPaise)),
                    moneyShort(total((s) => s.needPaise)),
                    data.needHorizonDays,
                  )}
                </p>
              </div>
              <Trail category={category} sku={sku} />
              <div class="map-and-sites">
                <NetworkMap
                  sites={sums}
                  flows={sumFlows(data)}
                  lorries={lorries}
                  chosen={site}
                  onChoose={choose}
                />
                <div class="beside-map">
                  <SitePanel sites={sums} chosen={site} onChoose={choose} />
                  {lorries.length > 0 && (
                    <section>
                      <h3>{say("on_the_road")}</h3>
                      <LorryList lorries={lorries} nameOf={nameOf} />
                    </section>
                  )}
                </div>
              </div>
            </section>
            <section class="card" aria-labelledby="heat-title">
              <div>
                <h2 id="heat-title">
                  {say(data.by === "sku" ? "heat_by_sku" : "heat_by_category")}
                  {site && `: ${nameOf(site)}`}
                </h2>
                <p class="card-says">{say("heat_help")}</p>
              </div>
              <HeatTable network={data} site={site} />
            </section>
            <MarketLots route={route} site={site} nameOf={nameOf} />
            <section class="card">
              <FlowTable network={data} nameOf={nameOf} />
            </section>
          </>
        );
      }}
    </Page>
  );
}
