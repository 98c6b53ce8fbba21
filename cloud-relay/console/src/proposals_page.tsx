// SPDX-License-Identifier: GPL-3.0-or-later
// What may be done about stock at risk, best first.
import { mayDo } from "./access";
import { useConsole } from "./console_context";
import { useAnswer, useGet } from "./data";
import { get } from "./api";
import { approvers } from "./approvals";
import { words } from "./format";
import { useList } from "./list";
import { Choice, Empty, More, Page } from "./parts";
import { ProposalCard } from "./proposal_card";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";
import { siteOptions, useSites } from "./sites";

const changes = /^(Proposal|Approval|Reallocation|Case|Transfer)/;
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
const PAGE = 500;
const actions = ["transfer", "campaign", "supplier_return", "write_off", "hold"] as const;

function useApprovals() {
  const { user } = useConsole();
  const approvals = useAnswer(
    "approvals",
    async () =>
      mayDo(user, "decide")
        ? (await get("/api/v1/approvals", { query: { limit: 500 } })).items
        : [],
    changes,
  );
  return {
    find: (id: string) => approvals.data?.find((a) => a.kind === "proposal" && a.id === id),
    again: approvals.again,
  };
}

/** What happened to a case and its proposals; a person's own idea has no case. */
function useStory(caseId: string): readonly Schema<"Event">[] {
  const found = useAnswer(
    `story ${caseId}`,
    async () =>
      caseId ? (await get("/api/v1/cases/{caseId}", { places: { caseId } })).history : [],
    changes,
  );
  return found.data ?? [];
}

function OneProposal({ id }: { id: string }) {
  const proposal = useGet(
    "/api/v1/proposals/{proposalId}",
    { places: { proposalId: id } },
    changes,
  );
  const sites = useSites();
  const approvals = useApprovals();
  const story = useStory(proposal.data?.caseId ?? "");
  return (
    <Page title="Proposal" shown={proposal} lead={<a href={href("proposals")}>All proposals</a>}>
      {(data) => (
        <ProposalCard
          of={data}
          siteName={sites.nameOf}
          approval={approvals.find(id)}
          approvedBy={approvers(story, id)}
          open
          onChanged={() => {
            proposal.again();
            approvals.again();
          }}
        />
      )}
    </Page>
  );
}

function AllProposals({ route }: { route: Route }) {
  const state = (route.filters.get("state") ?? "proposed") as Schema<"ProposalState"> | "all";
  const action = (route.filters.get("action") ?? "") as Schema<"ProposalAction"> | "";
  const site = route.filters.get("site") ?? "";
  const sites = useSites();
  const approvals = useApprovals();
  const list = useList(
    "/api/v1/proposals",
    {
      limit: PAGE,
      ...(state === "all" ? {} : { state }),
      ...(action ? { action } : {}),
      ...(site ? { site } : {}),
    },
    changes,
  );
  return (
    <Page
      title="Proposals"
      lead="Best first: by what each is expected to gain, after all costs, over the next best."
      shown={list}
      tools={
        <div class="tools">
          <Choice
            label="State"
            value={state}
            options={[["all", "All"], ...states.map((s) => [s, words(s)] as const)]}
            onChange={(v) => setFilter("state", v)}
          />
          <Choice
            label="Action"
            value={action}
            options={[["", "All"], ...actions.map((a) => [a, words(a)] as const)]}
            onChange={(v) => setFilter("action", v)}
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
        <>
          {data.items.length === 0 && (
            <Empty>
              No proposal of this kind. Agents propose when stock will not sell in time.
            </Empty>
          )}
          <div class="cards">
            {[...data.items]
              .sort((a, b) => b.gainPaise - a.gainPaise)
              .map((p) => (
                <ProposalCard
                  key={p.proposalId}
                  of={p}
                  siteName={sites.nameOf}
                  approval={approvals.find(p.proposalId)}
                  onChanged={() => {
                    list.again();
                    approvals.again();
                  }}
                />
              ))}
          </div>
          <More next={data.next} onMore={list.more} />
        </>
      )}
    </Page>
  );
}

export function ProposalsPage({ route }: { route: Route }) {
  return route.id ? <OneProposal id={route.id} /> : <AllProposals route={route} />;
}
