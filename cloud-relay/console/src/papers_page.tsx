// SPDX-License-Identifier: GPL-3.0-or-later
// The papers that goods travel on, and what is still to be done before they may leave.
import { useGet } from "./data";
import { date, money, time, units } from "./format";
import { say } from "./language";
import { useList } from "./list";
import { Facts, ListTable, Page, State } from "./parts";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { useSites } from "./sites";

type Paper = Schema<"Paper">;
type Transfer = Schema<"Transfer">;

const changes = /^(Proposal|Transfer|Reallocation|Order)/;
const TRANSFERS_MAX = 500;

/** Where the goods of a paper are: an e-way bill must be there before they leave (rule 138). */
type Where = "here" | "road" | "there";

function whereOf(goods: Transfer | undefined): Where {
  if (!goods || goods.sentAt === null) return "here";
  return goods.inTransit > 0 ? "road" : "there";
}

function isDue(paper: Paper, goods: Transfer | undefined): boolean {
  return paper.eway === "required" && paper.state === "issued" && whereOf(goods) === "here";
}

function Eway({ of }: { of: Paper }) {
  return of.eway === "required" ? (
    <State name="requires_review">{say("eway_required")}</State>
  ) : (
    <State name="low">{say("eway_not_required")}</State>
  );
}

function Due({ of, goods }: { of: Paper; goods: Transfer | undefined }) {
  if (isDue(of, goods)) return <strong>{say("eway_before")}</strong>;
  if (of.eway === "required" && whereOf(goods) === "road")
    return (
      <>
        {say("eway_left")}
        {of.ewayValidUntil && <> {say("eway_until", time(of.ewayValidUntil))}</>}
      </>
    );
  return <>{say("nothing_due")}</>;
}

function Goods({ of }: { of: Transfer | undefined }) {
  if (!of || of.sentAt === null) return <>{say("not_left")}</>;
  if (of.inTransit > 0)
    return (
      <>
        {say("moved_on", time(of.sentAt))} <State name="in_transit" />
      </>
    );
  return (
    <>{of.arrivedAt ? say("arrived_on", time(of.arrivedAt)) : say("moved_on", time(of.sentAt))}</>
  );
}

function useGoods(): (document: string) => Transfer | undefined {
  const transfers = useGet("/api/v1/transfers", { query: { limit: TRANSFERS_MAX } }, changes);
  return (document) => transfers.data?.items.find((t) => t.document === document);
}

function OnePaper({ id }: { id: string }) {
  const list = useList("/api/v1/papers", { limit: TRANSFERS_MAX }, changes);
  const goodsOf = useGoods();
  const sites = useSites();
  const paper = list.data?.items.find((p) => p.paperId === id);
  const goods = paper && goodsOf(paper.document);
  return (
    <Page title={paper?.number ?? id} shown={list} back={["papers", say("all_papers")]}>
      {() =>
        paper ? (
          <section class="card">
            <Facts
              rows={[
                [say("kind"), <State name={paper.kind} />],
                [say("state"), <State name={paper.state} />],
                [say("date"), date(paper.date)],
                [say("document"), <a href={href("orders", paper.document)}>{paper.document}</a>],
                [say("from_gstin"), <span class="code">{paper.fromGstin}</span>],
                [say("to_gstin"), <span class="code">{paper.toGstin || "–"}</span>],
                [say("taxable"), money(paper.taxablePaise)],
                [say("tax"), money(paper.taxPaise)],
                [say("eway"), <Eway of={paper} />],
                [say("deadline"), <Due of={paper} goods={goods} />],
                [say("goods_are"), <Goods of={goods} />],
                ...(goods
                  ? [
                      [
                        say("goods"),
                        `${goods.sku}, ${units(goods.sent)}, ${sites.nameOf(goods.fromSite)} → ${sites.nameOf(goods.toSite)}`,
                      ] as const,
                    ]
                  : []),
                [say("made"), time(paper.madeAt)],
              ]}
            />
          </section>
        ) : (
          <p class="empty">{say("gone")}</p>
        )
      }
    </Page>
  );
}

function AllPapers() {
  const list = useList("/api/v1/papers", { limit: 100 }, changes);
  const goodsOf = useGoods();
  const due = (list.data?.items ?? []).filter((p) => isDue(p, goodsOf(p.document)));
  return (
    <Page title={say("papers")} lead={say("papers_lead")} shown={list}>
      {(data) => (
        <>
          {due.length > 0 && <p class="notice">{say("needs_eway", due.length)}</p>}
          <ListTable
            list={list}
            caption={say("papers")}
            rows={data.items}
            keyOf={(p) => p.paperId}
            none={say("no_paper")}
            columns={[
              {
                title: say("number"),
                cell: (p) => (
                  <a class="code" href={href("papers", p.paperId)}>
                    {p.number}
                  </a>
                ),
              },
              { title: say("kind"), cell: (p) => <State name={p.kind} /> },
              {
                title: say("document"),
                cell: (p) => <a href={href("orders", p.document)}>{p.document}</a>,
              },
              { title: say("date"), cell: (p) => date(p.date) },
              { title: say("taxable"), number: true, cell: (p) => money(p.taxablePaise) },
              { title: say("tax"), number: true, cell: (p) => money(p.taxPaise) },
              { title: say("eway"), cell: (p) => <Eway of={p} /> },
              {
                title: say("deadline"),
                cell: (p) => <Due of={p} goods={goodsOf(p.document)} />,
              },
              { title: say("goods_are"), cell: (p) => <Goods of={goodsOf(p.document)} /> },
              { title: say("state"), cell: (p) => <State name={p.state} /> },
            ]}
          />
        </>
      )}
    </Page>
  );
}

export function PapersPage({ route }: { route: Route }) {
  return route.id ? <OnePaper id={route.id} /> : <AllPapers />;
}
