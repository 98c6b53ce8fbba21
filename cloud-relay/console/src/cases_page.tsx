// SPDX-License-Identifier: GPL-3.0-or-later
// Cases from detection to settlement, with everything that happened to them.
import { approvers, proposalChanges, wantedFor } from "./approvals";
import { CaseMoney, CaseStory } from "./case_story_view";
import { CaseTrace } from "./case_trace_view";
import { useGet } from "./data";
import { queryOf, wordFilter } from "./filters";
import { date, money, time, units } from "./format";
import { History } from "./history";
import { say, term } from "./language";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { Age, Facts, ListTable, Page, State } from "./parts";
import { ProposalCard } from "./proposal_card";
import { href, type Route } from "./route";
import type { Schema } from "./schema";
import { siteFilter, useSites } from "./sites";

const states = [
  "detected",
  "assessed",
  "proposed",
  "executing",
  "settled",
  "closed",
  "failed",
] as const;

function CaseFacts({ of, siteName }: { of: Schema<"Case">; siteName: (site: string) => string }) {
  const goods = of.batch ? say("with_batch", of.name, of.sku, of.batch) : `${of.name} (${of.sku})`;
  return (
    <section class="card">
      <Facts
        rows={[
          [say("goods"), goods],
          [say("site"), `${siteName(of.site)}, ${of.territory}`],
          [say("state"), <State name={of.state} />],
          [say("kind"), term(of.kind)],
          [say("expires"), date(of.expiryDate)],
          [
            say("found_at_risk"),
            say("risk_of", money(of.riskPaise), units(of.riskUnits), units(of.units)),
          ],
          [say("expected_back"), money(of.expectedPaise)],
          [say("recovered"), <strong>{money(of.recoveredPaise)}</strong>],
          [say("opened"), time(of.openedAt)],
          [say("closed"), time(of.closedAt)],
          [say("data"), <Age seconds={of.siteDataAgeSeconds} />],
          [say("trace"), <span class="code wrap">{of.traceId}</span>],
        ]}
      />
    </section>
  );
}

function OneCase({ id }: { id: string }) {
  const shown = useGet("/api/v1/cases/{caseId}", { places: { caseId: id } }, proposalChanges);
  const sites = useSites();
  return (
    <Page title={say("case_no", id)} shown={shown} back={["cases", say("all_cases")]}>
      {(data) => (
        <>
          <CaseFacts of={data.case} siteName={sites.nameOf} />
          <CaseStory of={data} siteName={sites.nameOf} />
          <CaseMoney of={data} />
          <h2 class="section">{say("proposals")}</h2>
          <div class="cards">
            {data.proposals.map((p) => (
              <ProposalCard
                key={p.proposalId}
                of={p}
                siteName={sites.nameOf}
                level={3}
                wanted={wantedFor(data.history, p.proposalId)}
                approvedBy={approvers(data.history, p.proposalId)}
                onChanged={shown.again}
              />
            ))}
          </div>
          <CaseTrace id={id} siteName={sites.nameOf} />
          <section class="card">
            <details>
              <summary>{say("all_events")}</summary>
              <History events={data.history} />
            </details>
          </section>
        </>
      )}
    </Page>
  );
}

function AllCases({ route }: { route: Route }) {
  const sites = useSites();
  const filters = [wordFilter("state", states), siteFilter(sites)];
  const list = useList("/api/v1/cases", queryOf<"/api/v1/cases">(route, filters), proposalChanges);
  return (
    <ListPage
      route={route}
      title={say("cases")}
      lead={say("cases_lead")}
      list={list}
      filters={filters}
    >
      {(data) => (
        <ListTable
          list={list}
          caption={say("cases_caption")}
          rows={data.items}
          keyOf={(c) => c.caseId}
          none={say("no_case")}
          columns={[
            {
              title: say("goods"),
              cell: (c) => (
                <>
                  <a href={href("cases", c.caseId)}>{c.name}</a>{" "}
                  <span class="code soft">{c.batch || c.sku}</span>
                </>
              ),
            },
            { title: say("site"), cell: (c) => sites.nameOf(c.site) },
            { title: say("state"), cell: (c) => <State name={c.state} /> },
            { title: say("found_at_risk"), number: true, cell: (c) => money(c.riskPaise) },
            { title: say("expected_back"), number: true, cell: (c) => money(c.expectedPaise) },
            { title: say("recovered"), number: true, cell: (c) => money(c.recoveredPaise) },
            { title: say("opened"), cell: (c) => time(c.openedAt) },
            { title: say("data"), cell: (c) => <Age seconds={c.siteDataAgeSeconds} /> },
          ]}
        />
      )}
    </ListPage>
  );
}

export function CasesPage({ route }: { route: Route }) {
  return route.id ? <OneCase id={route.id} /> : <AllCases route={route} />;
}
