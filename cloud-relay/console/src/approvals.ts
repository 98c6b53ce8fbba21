// SPDX-License-Identifier: GPL-3.0-or-later
// Who must decide on a proposal, because of what, and who has spoken already.
import { get } from "./api";
import { mayDo } from "./access";
import { useConsole } from "./console_context";
import { useAnswer } from "./data";
import { say } from "./language";
import type { Schema } from "./schema";
import type { Word } from "./words";

type Event = Schema<"Event">;

export const proposalChanges = /^(Proposal|Approval|Reallocation|Case|Transfer|Freight)/;
const APPROVALS_MAX = 500;

function eventsOf(history: readonly Event[], proposalId: string): Event[] {
  return history.filter((event) => event.subject === `proposal:${proposalId}`);
}

/** The actors that approved it as it stands: what was said before it was changed does not count. */
export function approvers(history: readonly Event[], proposalId: string): string[] {
  const mine = eventsOf(history, proposalId);
  const changed = Math.max(
    0,
    ...mine.filter((e) => e.type === "ProposalOverridden").map((e) => e.seq),
  );
  const given = mine.filter((e) => e.type === "ApprovalGiven" && e.seq > changed);
  return [...new Set(given.map((e) => e.actor))];
}

export interface Wanted {
  persons: number;
  given: number; // of them have approved already
  limits: string[]; // as Approval.limits has them
}

/** The latest demand for a person's word, as the orchestrator told it. */
export function wantedFor(history: readonly Event[], proposalId: string): Wanted | null {
  const asked = eventsOf(history, proposalId)
    .filter((e) => e.type === "ApprovalWanted")
    .sort((a, b) => b.seq - a.seq)[0];
  if (!asked) return null;
  const body = asked.body as { persons?: unknown; limits?: unknown; compliance?: unknown };
  return wantedFrom(
    body.persons,
    body.limits,
    typeof body.compliance === "string" ? body.compliance : "",
  );
}

export function wantedFrom(persons: unknown, limits: unknown, compliance: string): Wanted {
  const named = typeof limits === "string" ? limits.split("+").filter(Boolean) : [];
  if (/^(requires_review|blocked)/.test(compliance)) named.push("compliance");
  return { persons: persons === 2 ? 2 : 1, given: 0, limits: named };
}

const limitWords: Record<string, Word> = {
  off: "limit_off",
  value: "limit_value",
  discount: "limit_discount",
  units: "limit_units",
  spend: "limit_spend",
  kill: "limit_kill",
  compliance: "limit_compliance",
  person: "limit_person",
};

/** "A person must decide: the goods are worth more than the limit." */
export function wantedText(wanted: Wanted): string {
  const why = wanted.limits.map((limit) => {
    const word = limitWords[limit];
    return word ? say(word) : limit;
  });
  const who = say(wanted.persons === 2 ? "two_persons_must" : "person_must");
  const text = why.length > 0 ? say("wanted_because", who, why.join(", ")) : `${who}.`;
  return wanted.given > 0
    ? `${text} ${say("given_of", String(wanted.given), String(wanted.persons))}`
    : text;
}

export function useApprovals() {
  const { user } = useConsole();
  const approvals = useAnswer(
    "approvals",
    async () =>
      mayDo(user, "decide")
        ? (await get("/api/v1/approvals", { query: { limit: APPROVALS_MAX } })).items
        : [],
    proposalChanges,
  );
  return {
    /** null: nobody was asked, or may not know. */
    wanted: (of: Schema<"Proposal">): Wanted | null => {
      const asked = approvals.data?.find((a) => a.kind === "proposal" && a.id === of.proposalId);
      if (!asked || asked.limits === "") return null;
      return { ...wantedFrom(asked.persons, asked.limits, ""), given: asked.approvals };
    },
    again: approvals.again,
  };
}
