// SPDX-License-Identifier: GPL-3.0-or-later
// What may be done about stock at risk, best first.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { get } from "./api";
import { approvers, proposalChanges, useApprovals, wantedFor } from "./approvals";
import { BulkAccept } from "./bulk_accept";
import { useConsole } from "./console_context";
import { useAnswer, useGet } from "./data";
import { queryOf, wordFilter } from "./filters";
import { say } from "./language";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { Empty, More, Page } from "./parts";
import { ProposalCard } from "./proposal_card";
import type { Route } from "./route";
import type { Schema } from "./schema";
import { siteFilter, useSites } from "./sites";

const states = [
  "proposed",
  "approved",
  "executing",
  "done",
  "partial",
  "rejected",
  "expired",
  "failed",
] as const;
const actions = ["transfer", "campaign", "supplier_return", "write_off", "hold"] as const;
const PAGE = 50;

/** What happened to a case and its proposals; a person's own idea has no case. */
function useStory(caseId: string): readonly Schema<"Event">[] {
  const found = useAnswer(
    `story ${caseId}`,
    async () =>
      caseId ? (await get("/api/v1/cases/{caseId}", { places: { caseId } })).history : [],
    proposalChanges,
  );
  return found.data ?? [];
}

function OneProposal({ id }: { id: string }) {
  const proposal = useGet(
    "/api/v1/proposals/{proposalId}",
    { places: { proposalId: id } },
    proposalChanges,
  );
  const sites = useSites();
  const story = useStory(proposal.data?.caseId ?? "");
  return (
    <Page title={say("proposal")} shown={proposal} back={["proposals", say("all_proposals")]}>
      {(data) => (
        <ProposalCard
          of={data}
          siteName={sites.nameOf}
          wanted={wantedFor(story, id)}
          approvedBy={approvers(story, id)}
          open
          onChanged={proposal.again}
        />
      )}
    </Page>
  );
}

function AllProposals({ route }: { route: Route }) {
  const { user } = useConsole();
  const [accepting, setAccepting] = useState(false);
  const sites = useSites();
  const approvals = useApprovals();
  const filters = [
    wordFilter("state", states, "proposed"),
    wordFilter("action", actions),
    siteFilter(sites),
  ];
  const list = useList(
    "/api/v1/proposals",
    { limit: PAGE, sort: "gain", ...queryOf<"/api/v1/proposals">(route, filters) },
    proposalChanges,
  );
  const again = () => {
    list.again();
    approvals.again();
  };
  return (
    <ListPage
      route={route}
      title={say("proposals")}
      lead={say("proposals_lead")}
      list={list}
      filters={filters}
      actions={
        mayDo(user, "decide") && (
          <button class="button" onClick={() => setAccepting(true)}>
            {say("bulk")}
          </button>
        )
      }
    >
      {(data) => (
        <>
          {data.items.length === 0 && <Empty>{say("no_proposal")}</Empty>}
          <div class="cards">
            {data.items.map((p) => (
              <ProposalCard
                key={p.proposalId}
                of={p}
                siteName={sites.nameOf}
                wanted={approvals.wanted(p)}
                onChanged={again}
              />
            ))}
          </div>
          <More next={data.next} onMore={list.more} />
          {accepting && (
            <BulkAccept of={data.items} onClose={() => setAccepting(false)} onDone={again} />
          )}
        </>
      )}
    </ListPage>
  );
}

export function ProposalsPage({ route }: { route: Route }) {
  return route.id ? <OneProposal id={route.id} /> : <AllProposals route={route} />;
}
