// SPDX-License-Identifier: GPL-3.0-or-later
// Cases from detection to settlement, with everything that happened to them.
import { approvers } from "./approvals";
import { useGet } from "./data";
import { date, money, time, units, whole, words } from "./format";
import { History } from "./history";
import { useList } from "./list";
import { Age, Choice, Facts, More, Page, State, Table } from "./parts";
import { ProposalCard } from "./proposal_card";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";
import { siteOptions, useSites } from "./sites";

const changes = /^(Case|Proposal|Approval|Transfer|Reallocation|Campaign)/;
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
  return (
    <section class="card">
      <Facts
        rows={[
          ["Goods", `${of.name} (${of.sku})${of.batch ? `, batch ${of.batch}` : ""}`],
          ["Site", `${siteName(of.site)}, ${of.territory}`],
          ["State", <State name={of.state} />],
          ["Expires", date(of.expiryDate)],
          ["Found at risk", `${money(of.riskPaise)}, ${units(of.riskUnits)} of ${whole(of.units)}`],
          ["Expected back", money(of.expectedPaise)],
          ["Recovered", <strong>{money(of.recoveredPaise)}</strong>],
          ["Moved", units(of.movedUnits)],
          ["Cleared", units(of.clearedUnits)],
          ["Returned", units(of.returnedUnits)],
          ["Written off", units(of.writtenOffUnits)],
          ["Opened", time(of.openedAt)],
          ["Closed", time(of.closedAt)],
          ["Data", <Age seconds={of.siteDataAgeSeconds} />],
          ["Trace", <span class="code wrap">{of.traceId}</span>],
        ]}
      />
    </section>
  );
}

function OneCase({ id }: { id: string }) {
  const shown = useGet("/api/v1/cases/{caseId}", { places: { caseId: id } }, changes);
  const sites = useSites();
  return (
    <Page title={`Case ${id}`} shown={shown} lead={<a href={href("cases")}>All cases</a>}>
      {(data) => (
        <>
          <CaseFacts of={data.case} siteName={sites.nameOf} />
          <h2 class="section">Proposals</h2>
          <div class="cards">
            {data.proposals.map((p) => (
              <ProposalCard
                key={p.proposalId}
                of={p}
                siteName={sites.nameOf}
                level={3}
                approvedBy={approvers(data.history, p.proposalId)}
                onChanged={shown.again}
              />
            ))}
          </div>
          <section class="card">
            <h2>History</h2>
            <History events={data.history} />
          </section>
        </>
      )}
    </Page>
  );
}

function AllCases({ route }: { route: Route }) {
  const state = (route.filters.get("state") ?? "") as Schema<"CaseState"> | "";
  const site = route.filters.get("site") ?? "";
  const sites = useSites();
  const list = useList(
    "/api/v1/cases",
    { ...(state ? { state } : {}), ...(site ? { site } : {}) },
    changes,
  );
  return (
    <Page
      title="Cases"
      lead="One lot that will not sell in time, from detection to settlement."
      shown={list}
      tools={
        <div class="tools">
          <Choice
            label="State"
            value={state}
            options={[["", "All"], ...states.map((s) => [s, words(s)] as const)]}
            onChange={(v) => setFilter("state", v)}
          />
          <Choice
            label="Site"
            value={site}
            options={siteOptions(sites)}
            onChange={(v) => setFilter("site", v)}
          />
        </div>
      }
    >
      {(data) => (
        <section class="card">
          <Table
            caption="Cases, newest first"
            rows={data.items}
            keyOf={(c) => c.caseId}
            none="No case of this kind."
            columns={[
              {
                title: "Goods",
                cell: (c) => (
                  <>
                    <a href={href("cases", c.caseId)}>{c.name}</a>{" "}
                    <span class="code soft">{c.batch || c.sku}</span>
                  </>
                ),
              },
              { title: "Site", cell: (c) => sites.nameOf(c.site) },
              { title: "State", cell: (c) => <State name={c.state} /> },
              { title: "Found at risk", number: true, cell: (c) => money(c.riskPaise) },
              { title: "Expected back", number: true, cell: (c) => money(c.expectedPaise) },
              { title: "Recovered", number: true, cell: (c) => money(c.recoveredPaise) },
              { title: "Opened", cell: (c) => time(c.openedAt) },
              { title: "Data", cell: (c) => <Age seconds={c.siteDataAgeSeconds} /> },
            ]}
          />
          <More next={data.next} onMore={list.more} />
        </section>
      )}
    </Page>
  );
}

export function CasesPage({ route }: { route: Route }) {
  return route.id ? <OneCase id={route.id} /> : <AllCases route={route} />;
}
