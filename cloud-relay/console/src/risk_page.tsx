// SPDX-License-Identifier: GPL-3.0-or-later
// Stock that will not sell in time, dearest first; below each SKU its lots.
import { get } from "./api";
import { useConsole } from "./console_context";
import { useAnswer } from "./data";
import { date, daysLeft, daysUntil, money, moneyShort, permille, units, whole } from "./format";
import { nameFilter, queryOf } from "./filters";
import { say } from "./language";
import { useList, type List } from "./list";
import { ListPage } from "./list_page";
import { Age, Empty, Facts, Page, State, Table } from "./parts";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import type { User } from "./session";
import { siteFilter, useSites } from "./sites";

type Item = Schema<"InventoryItem">;
type Batch = Schema<"InventoryBatch">;
type Items = Schema<"InventoryList">;

const changes = /^(Inventory|DeadStock|Case)/;
const PAGE = 60;
// To look for days, or for who may not order by value: as much as there is at most distributors of
// one relay; else it is said.
const MANY = 500;
const MANY_PAGES = 10;
const spans = [15, 30, 60, 90] as const;

const seesValue = (user: User) => user.role !== "field" && user.role !== "agent";

/** Of what lies there, expired lots too; null: no lot has a date. */
function daysOfFirst(item: Item, asOf: string): number | null {
  const days = item.batches.filter((b) => b.units > 0).map((b) => daysUntil(b.expiryDate, asOf));
  const known = days.filter((d) => d !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function within(item: Item, span: string, asOf: string): boolean {
  const left = daysOfFirst(item, asOf);
  if (span === "" || left === null) return span === "";
  return span === "0" ? left < 0 : left >= 0 && left <= Number(span);
}

function Score({ value }: { value: number }) {
  return (
    <span class="score">
      <meter
        min={0}
        max={100}
        low={40}
        high={70}
        optimum={0}
        value={value}
        aria-label={say("score")}
      />
      <span>{value}</span>
    </span>
  );
}

function BatchTable({ of, asOf }: { of: Item; asOf: string }) {
  const seesMoney = of.riskPaise !== null;
  const rows = [...of.batches].sort(
    (a, b) => (b.riskPaise ?? b.atRiskUnits) - (a.riskPaise ?? a.atRiskUnits),
  );
  return (
    <Table
      caption={say("lots_of", of.name)}
      showCaption
      rows={rows}
      keyOf={(b: Batch) => `${b.batch} ${b.expiryDate} ${b.mrpPaise} ${b.stockStatus}`}
      none={say("no_lots")}
      columns={[
        { title: say("batch"), cell: (b) => <span class="code">{b.batch || say("none")}</span> },
        {
          title: say("expires"),
          cell: (b) => `${date(b.expiryDate)}, ${daysLeft(daysUntil(b.expiryDate, asOf))}`,
        },
        { title: say("units"), number: true, cell: (b) => whole(b.units) },
        { title: say("at_risk"), number: true, cell: (b) => whole(b.atRiskUnits) },
        ...(seesMoney
          ? [
              {
                title: say("rupees_at_risk"),
                number: true,
                cell: (b: Batch) => money(b.riskPaise ?? 0),
              },
            ]
          : []),
        { title: say("mrp"), number: true, cell: (b) => money(b.mrpPaise) },
        { title: say("score"), cell: (b) => <Score value={b.score} /> },
        { title: say("received"), cell: (b) => date(b.receivedDate) },
        { title: say("status"), cell: (b) => <State name={b.stockStatus} /> },
      ]}
    />
  );
}

/** What the score is made of, and what leaving the goods where they lie costs. */
function Reasons({ of }: { of: Item }) {
  const points = (n: number) => say("points", n, of.deadStockScore);
  const costs: (readonly [string, number | null])[] = [
    [say("cost_carrying"), of.carryingPaise],
    [say("cost_opportunity"), of.opportunityPaise],
    [say("cost_disposal"), of.disposalPaise],
    [say("cost_transport"), of.transportPaise],
  ];
  const sum = costs.reduce((total, [, paise]) => total + (paise ?? 0), 0);
  return (
    <section class="card">
      <h2>{say("why_score")}</h2>
      <Facts
        rows={[
          [say("idle_days", of.daysWithoutMovement), points(of.scoreIdle)],
          [say("slowness"), points(of.scoreVelocity)],
          [say("no_sale_chance", permille(of.noSalePermille)), points(of.scoreNoSale)],
        ]}
      />
      {of.carryingPaise !== null && (
        <>
          <h2>{say("leaving_costs", money(sum))}</h2>
          <Facts rows={costs.map(([name, paise]) => [name, money(paise ?? 0)] as const)} />
        </>
      )}
    </section>
  );
}

function Goods(props: { item: Item; asOf: string; siteName: (site: string) => string }) {
  const { item, asOf, siteName } = props;
  return (
    <>
      <section class="card">
        <Facts
          rows={[
            [say("site"), `${siteName(item.site)}, ${item.territory}`],
            [say("category"), item.category || "–"],
            [say("state"), <State name={item.status} />],
            [
              say("in_stock"),
              say("with_reserved", units(item.currentStock, item.unit), whole(item.reservedStock)),
            ],
            [say("at_risk"), units(item.riskUnits, item.unit)],
            ...(item.riskPaise !== null
              ? [[say("rupees_at_risk"), money(item.riskPaise)] as const]
              : []),
            ...(item.landedPaise !== null
              ? [[say("landed_value"), money(item.landedPaise)] as const]
              : []),
            [say("sells_a_day"), whole(item.averageDailySales)],
            [say("last_movement"), date(item.lastMovementDate)],
            [say("dead_score"), <Score value={item.deadStockScore} />],
            [say("data"), <Age seconds={item.siteDataAgeSeconds} />],
          ]}
        />
      </section>
      <Reasons of={item} />
      <section class="card">
        <BatchTable of={item} asOf={asOf} />
      </section>
    </>
  );
}

function OneItem({ id }: { id: string }) {
  const [site = "", ...rest] = id.split("|");
  const sku = rest.join("|");
  const list = useList("/api/v1/inventory/current", { site, sku }, changes);
  const sites = useSites();
  const item = list.data?.items[0];
  return (
    <Page title={item?.name ?? sku} shown={list} back={["risk", say("all_risk")]}>
      {(data) =>
        item ? (
          <Goods item={item} asOf={data.asOf} siteName={sites.nameOf} />
        ) : (
          <Empty>{say("gone")}</Empty>
        )
      }
    </Page>
  );
}

function RiskTable(props: {
  list: List<Items>;
  data: Items;
  span: string;
  siteName: (site: string) => string;
}) {
  const { list, data, span, siteName } = props;
  const { user } = useConsole();
  const seesMoney = seesValue(user);
  const rows = data.items
    .filter((i) => i.riskUnits > 0 || i.status === "dead")
    .filter((i) => within(i, span, data.asOf))
    .sort((a, b) => (b.riskPaise ?? b.riskUnits) - (a.riskPaise ?? a.riskUnits));
  const sum = rows.reduce((total, i) => total + (i.riskPaise ?? 0), 0);
  return (
    <section class="card">
      <div class="card-head">
        <h2>{say("n_skus", rows.length)}</h2>
        {seesMoney && <p class="card-says">{say("sum_at_risk", moneyShort(sum))}</p>}
      </div>
      {data.next !== null && <p class="notice">{say("first_rows", data.items.length)}</p>}
      <Table
        caption={say("risk_caption")}
        rows={rows}
        keyOf={(i) => `${i.site}|${i.sku}`}
        none={say("no_risk")}
        onMore={data.next === null ? undefined : list.more}
        columns={[
          {
            title: say("goods"),
            cell: (i) => (
              <>
                <a href={href("risk", `${i.site}|${i.sku}`)}>{i.name}</a>{" "}
                <span class="code soft">{i.sku}</span>
              </>
            ),
          },
          { title: say("site"), cell: (i) => `${siteName(i.site)}, ${i.territory}` },
          ...(seesMoney
            ? [
                {
                  title: say("rupees_at_risk"),
                  number: true,
                  cell: (i: Item) => <strong>{money(i.riskPaise ?? 0)}</strong>,
                },
              ]
            : []),
          {
            title: say("units_at_risk"),
            number: true,
            cell: (i) => say("of", whole(i.riskUnits), whole(i.currentStock)),
          },
          { title: say("first_expiry"), cell: (i) => daysLeft(daysOfFirst(i, data.asOf)) },
          { title: say("score"), cell: (i) => <Score value={i.deadStockScore} /> },
          { title: say("state"), cell: (i) => <State name={i.status} /> },
          { title: say("data"), cell: (i) => <Age seconds={i.siteDataAgeSeconds} /> },
        ]}
      />
    </section>
  );
}

/** All of them, for who sees values; else those of what is on the page. */
function useCategories(items: readonly Item[]): string[] {
  const { user } = useConsole();
  const totals = useAnswer(
    `categories ${seesValue(user)}`,
    async () =>
      seesValue(user) ? (await get("/api/v1/totals", { query: { by: "category" } })).items : [],
    null,
  );
  const names = [...(totals.data ?? []).map((row) => row.key), ...items.map((i) => i.category)];
  return [...new Set(names)].filter(Boolean).sort();
}

function AllItems({ route }: { route: Route }) {
  const sites = useSites();
  const territories = [...new Set(sites.all.map((s) => s.territory))].sort();
  const { user } = useConsole();
  const byRisk = seesValue(user);
  const many = !byRisk || route.filters.has("days");
  const places = [nameFilter("territory", territories), siteFilter(sites)];
  const list = useList(
    "/api/v1/inventory/current",
    {
      limit: many ? MANY : PAGE,
      ...(byRisk ? { sort: "risk" as const } : {}),
      ...queryOf<"/api/v1/inventory/current">(route, [...places, { name: "category" }]),
    },
    changes,
    many ? MANY_PAGES : 1,
  );
  const categories = useCategories(list.data?.items ?? []);
  return (
    <ListPage
      route={route}
      title={say("risk")}
      lead={say("risk_lead")}
      list={list}
      filters={[
        ...places,
        nameFilter("category", categories),
        {
          name: "days",
          label: say("expires"),
          options: [
            ["", say("any")],
            ["0", say("expired")],
            ...spans.map((n) => [String(n), say("within_days", n)] as const),
          ],
        },
      ]}
    >
      {(data) => (
        <RiskTable
          list={list}
          data={data}
          span={route.filters.get("days") ?? ""}
          siteName={sites.nameOf}
        />
      )}
    </ListPage>
  );
}

export function RiskPage({ route }: { route: Route }) {
  return route.id ? <OneItem id={route.id} /> : <AllItems route={route} />;
}
