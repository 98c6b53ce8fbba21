// SPDX-License-Identifier: GPL-3.0-or-later
// What each site offers, with its reserve price, and who would give what for it.
import { proposalChanges } from "./approvals";
import { Filters } from "./filters";
import { date, time, unitPrice, whole } from "./format";
import { say, term } from "./language";
import { useList } from "./list";
import { Age, ListTable, Problems } from "./parts";
import { href, type Route } from "./route";
import type { Schema } from "./schema";

type Lot = Schema<"MarketLot">;
type Sort = "spread" | "value" | "expiry";
const PAGE = 50;

const asked = (lot: Lot, nameOf: (site: string) => string) =>
  lot.bids.map((b) => `${nameOf(b.site)} ${unitPrice(b.bidMilliPaise)}`).join(", ") || say("none");

/** One card; `site`: that which is chosen on the map, "": all. */
export function MarketLots(props: {
  route: Route;
  site: string;
  nameOf: (site: string) => string;
}) {
  const { route, site, nameOf } = props;
  const list = useList(
    "/api/v1/market/lots",
    {
      limit: PAGE,
      sort: (route.filters.get("lots") as Sort | null) ?? "spread",
      wanted: route.filters.get("wanted") === "true",
      ...(site ? { site } : {}),
    },
    proposalChanges,
  );
  return (
    <>
      <section class="card" aria-labelledby="offered-title">
        <div>
          <h2 id="offered-title">
            {say("offered_lots")}
            {site && `: ${nameOf(site)}`}
          </h2>
          <p class="card-says">{say("offered_lead")}</p>
        </div>
        <Filters
          route={route}
          of={[
            {
              name: "lots",
              label: say("sort_by"),
              preset: "spread",
              options: [
                ["spread", say("spread")],
                ["value", say("by_worth")],
                ["expiry", say("by_expiry")],
              ],
            },
            {
              name: "wanted",
              label: say("only_wanted"),
              options: [
                ["", say("all")],
                ["true", term("true")],
              ],
            },
          ]}
        />
        <Problems of={list} />
      </section>
      {list.data && (
        <ListTable
          list={list}
          caption={say("offered_lots")}
          rows={list.data.items}
          keyOf={(lot) => lot.caseId}
          none={say("no_offered")}
          columns={[
            {
              title: say("goods"),
              cell: (lot) => (
                <>
                  <a href={href("cases", lot.caseId)}>{lot.name}</a>{" "}
                  <span class="code soft">{lot.batch}</span>
                </>
              ),
            },
            { title: say("site"), cell: (lot) => nameOf(lot.site) },
            { title: say("expires"), cell: (lot) => date(lot.expiryDate) },
            {
              title: say("surplus_promised"),
              number: true,
              cell: (lot) => `${whole(lot.surplusUnits)} (${whole(lot.promisedUnits)})`,
            },
            {
              title: say("reserve"),
              number: true,
              cell: (lot) => unitPrice(lot.reserveMilliPaise),
            },
            {
              title: say("best_bid"),
              number: true,
              cell: (lot) => (lot.bestSite ? unitPrice(lot.bestMilliPaise) : "–"),
            },
            { title: say("asked_by"), cell: (lot) => asked(lot, nameOf) },
            {
              title: say("priced"),
              cell: (lot) => (
                <>
                  {time(lot.pricedAt)} <Age seconds={lot.siteDataAgeSeconds} />
                </>
              ),
            },
          ]}
        />
      )}
    </>
  );
}
