// SPDX-License-Identifier: GPL-3.0-or-later
import { who } from "./format";
import type { Schema } from "./schema";

/** Who has approved a proposal as it stands: what was said before it was changed does not count. */
export function approvers(history: readonly Schema<"Event">[], proposalId: string): string[] {
  const mine = history.filter((event) => event.subject === `proposal:${proposalId}`);
  const changed = Math.max(
    0,
    ...mine.filter((e) => e.type === "ProposalOverridden").map((e) => e.seq),
  );
  const given = mine.filter((e) => e.type === "ApprovalGiven" && e.seq > changed);
  return [...new Set(given.map((e) => who(e.actor)))];
}
