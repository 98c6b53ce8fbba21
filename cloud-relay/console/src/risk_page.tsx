// SPDX-License-Identifier: GPL-3.0-or-later
// Stock that will not sell in time, dearest first; below each SKU its lots.
import { useConsole } from "./console_context";
import { date, daysLeft, daysUntil, money, moneyShort, permille, units, whole } from "./format";
import { useList, type List } from "./list";
import { Age, Choice, Empty, Facts, More, Page, State, Table } from "./parts";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";
import { siteOptions, useSites } from "./sites";

type Item = Schema<"InventoryItem">;
type Batch = Schema<"InventoryBatch">;
type Items = Schema<"InventoryList">;

const changes = /^(Inventory|DeadStock|Case)/;
const PAGE = 500;
const PAGES = 10; // the dearest are among them at distributors of one relay; else it is said
const spans = [
  ["", "Any"],
  ["0", "Expired"],
  ["15", "Within 15 days"],
  ["30", "Within 30 days"],
  ["60", "Within 60 days"],
  ["90", "Within 90 days"],
] as const;

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
      <meter min={0} max={100} low={40} high={70} optimum={0} value={value} aria-label="Score" />
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
      caption={`Lots of ${of.name}`}
      showCaption
      rows={rows}
      keyOf={(b: Batch) => `${b.batch} ${b.expiryDate} ${b.mrpPaise} ${b.stockStatus}`}
      none="No lots."
      columns={[
        { title: "Batch", cell: (b) => <span class="code">{b.batch || "none"}</span> },
        {
          title: "Expires",
          cell: (b) => `${date(b.expiryDate)}, ${daysLeft(daysUntil(b.expiryDate, asOf))}`,
        },
        { title: "Units", number: true, cell: (b) => whole(b.units) },
        { title: "At risk", number: true, cell: (b) => whole(b.atRiskUnits) },
        ...(seesMoney
          ? [{ title: "Rupees at risk", number: true, cell: (b: Batch) => money(b.riskPaise ?? 0) }]
          : []),
        { title: "MRP", number: true, cell: (b) => money(b.mrpPaise) },
        { title: "Score", cell: (b) => <Score value={b.score} /> },
        { title: "Received", cell: (b) => date(b.receivedDate) },
        { title: "Status", cell: (b) => <State name={b.stockStatus} /> },
      ]}
    />
  );
}

/** What the score is made of, and what leaving the goods where they lie costs. */
function Reasons({ of }: { of: Item }) {
  const points = (n: number) => `${n} of ${of.deadStockScore} points`;
  const costs: (readonly [string, number | null])[] = [
    ["Carrying", of.carryingPaise],
    ["Lost earnings", of.opportunityPaise],
    ["Disposal", of.disposalPaise],
    ["Transport", of.transportPaise],
  ];
  const sum = costs.reduce((total, [, paise]) => total + (paise ?? 0), 0);
  return (
    <section class="card">
      <h2>Why this score</h2>
      <Facts
        rows={[
          [
            `${whole(of.daysWithoutMovement)} ${of.daysWithoutMovement === 1 ? "day" : "days"} without a sale`,
            points(of.scoreIdle),
          ],
          ["How slowly it sells", points(of.scoreVelocity)],
          [`No further sale: ${permille(of.noSalePermille)} likely`, points(of.scoreNoSale)],
        ]}
      />
      {of.carryingPaise !== null && (
        <>
          <h2>Leaving it costs {money(sum)}</h2>
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
            ["Site", `${siteName(item.site)}, ${item.territory}`],
            ["Category", item.category || "–"],
            ["State", <State name={item.status} />],
            [
              "In stock",
              `${units(item.currentStock, item.unit)}, ${whole(item.reservedStock)} reserved`,
            ],
            ["At risk", units(item.riskUnits, item.unit)],
            ...(item.riskPaise !== null
              ? [["Rupees at risk", money(item.riskPaise)] as const]
              : []),
            ...(item.landedPaise !== null
              ? [["Landed value", money(item.landedPaise)] as const]
              : []),
            ["Sells a day", whole(item.averageDailySales)],
            ["Last movement", date(item.lastMovementDate)],
            ["Dead-stock score", <Score value={item.deadStockScore} />],
            ["Data", <Age seconds={item.siteDataAgeSeconds} />],
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
    <Page
      title={item?.name ?? sku}
      shown={list}
      lead={<a href={href("risk")}>All stock at risk</a>}
    >
      {(data) =>
        item ? (
          <Goods item={item} asOf={data.asOf} siteName={sites.nameOf} />
        ) : (
          <Empty>This stock is gone.</Empty>
        )
      }
    </Page>
  );
}

function RiskTable(props: {
  list: List<Items>;
  data: Items;
  span: string;
  category: string;
  siteName: (site: string) => string;
}) {
  const { list, data, span, category, siteName } = props;
  const { user } = useConsole();
  const seesMoney = user.role !== "field" && user.role !== "agent";
  const rows = data.items
    .filter((i) => i.riskUnits > 0 || i.status === "dead")
    .filter((i) => (!category || i.category === category) && within(i, span, data.asOf))
    .sort((a, b) => (b.riskPaise ?? b.riskUnits) - (a.riskPaise ?? a.riskUnits));
  const sum = rows.reduce((total, i) => total + (i.riskPaise ?? 0), 0);
  return (
    <section class="card">
      <div class="card-head">
        <h2>
          {whole(rows.length)} {rows.length === 1 ? "SKU" : "SKUs"} at a site
        </h2>
        {seesMoney && <p class="card-says">{moneyShort(sum)} at risk</p>}
      </div>
      {data.next !== null && (
        <p class="notice">
          These are the first {whole(data.items.length)} rows of stock, not all of them.
        </p>
      )}
      <Table
        caption="Stock at risk, dearest first"
        rows={rows.slice(0, 200)}
        keyOf={(i) => `${i.site}|${i.sku}`}
        none="Nothing is at risk under these filters."
        columns={[
          {
            title: "Goods",
            cell: (i) => (
              <>
                <a href={href("risk", `${i.site}|${i.sku}`)}>{i.name}</a>{" "}
                <span class="code soft">{i.sku}</span>
              </>
            ),
          },
          { title: "Site", cell: (i) => `${siteName(i.site)}, ${i.territory}` },
          ...(seesMoney
            ? [
                {
                  title: "Rupees at risk",
                  number: true,
                  cell: (i: Item) => <strong>{money(i.riskPaise ?? 0)}</strong>,
                },
              ]
            : []),
          {
            title: "Units at risk",
            number: true,
            cell: (i) => `${whole(i.riskUnits)} of ${whole(i.currentStock)}`,
          },
          { title: "First expiry", cell: (i) => daysLeft(daysOfFirst(i, data.asOf)) },
          { title: "Score", cell: (i) => <Score value={i.deadStockScore} /> },
          { title: "State", cell: (i) => <State name={i.status} /> },
          { title: "Data", cell: (i) => <Age seconds={i.siteDataAgeSeconds} /> },
        ]}
      />
      <More next={data.next} onMore={list.more} />
    </section>
  );
}

function AllItems({ route }: { route: Route }) {
  const filter = (name: string) => route.filters.get(name) ?? "";
  const sites = useSites();
  const territories = [...new Set(sites.all.map((s) => s.territory))].sort();
  const list = useList(
    "/api/v1/inventory/current",
    {
      limit: PAGE,
      ...(filter("territory") ? { territory: filter("territory") } : {}),
      ...(filter("site") ? { site: filter("site") } : {}),
    },
    changes,
    PAGES,
  );
  const categories = [...new Set(list.data?.items.map((i) => i.category) ?? [])]
    .filter(Boolean)
    .sort();
  return (
    <Page
      title="Stock at risk"
      lead="What will not sell before shops refuse it, or sells no more. Dearest first."
      shown={list}
      tools={
        <div class="tools">
          <Choice
            label="Territory"
            value={filter("territory")}
            options={[["", "All"], ...territories.map((t) => [t, t] as const)]}
            onChange={(v) => setFilter("territory", v)}
          />
          <Choice
            label="Site"
            value={filter("site")}
            options={siteOptions(sites)}
            onChange={(v) => setFilter("site", v)}
          />
          <Choice
            label="Category"
            value={filter("category")}
            options={[["", "All"], ...categories.map((c) => [c, c] as const)]}
            onChange={(v) => setFilter("category", v)}
          />
          <Choice
            label="Expires"
            value={filter("days")}
            options={spans}
            onChange={(v) => setFilter("days", v)}
          />
        </div>
      }
    >
      {(data) => (
        <RiskTable
          list={list}
          data={data}
          span={filter("days")}
          category={filter("category")}
          siteName={sites.nameOf}
        />
      )}
    </Page>
  );
}

export function RiskPage({ route }: { route: Route }) {
  return route.id ? <OneItem id={route.id} /> : <AllItems route={route} />;
}
