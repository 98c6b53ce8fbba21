// SPDX-License-Identifier: GPL-3.0-or-later
// Many small proposals, one decision: what is chosen is summed up before, and told apart after. Each
// is decided by itself under the same reason; the relay's limits hold for each as ever.
import { useState } from "preact/hooks";
import { problemFrom } from "./data";
import { useConsole } from "./console_context";
import { money, units } from "./format";
import { say } from "./language";
import { Choice } from "./parts";
import { actionText, decideProposal } from "./proposal_card";
import { ReasonDialog } from "./reason_dialog";
import type { Schema } from "./schema";

type Proposal = Schema<"Proposal">;

const limitsPaise = [5000_00, 10000_00, 25000_00, 50000_00] as const;

/** Compliance has passed it without a word, and it is worth no more than that. */
function isSmall(p: Proposal, limitPaise: number): boolean {
  return (
    p.state === "proposed" &&
    p.compliance !== "" &&
    p.complianceStatus === "compliant" &&
    p.expectedRevenue <= limitPaise
  );
}

const sum = (all: readonly Proposal[], of: (p: Proposal) => number) =>
  all.reduce((total, p) => total + of(p), 0);

async function acceptAll(chosen: readonly Proposal[], reason: string) {
  const result = { accepted: 0, waiting: 0, refused: [] as string[] };
  for (const p of chosen) {
    try {
      const now = await decideProposal(p.proposalId, { decision: "accept", reason });
      if (now.state === "proposed") result.waiting++;
      else result.accepted++;
    } catch (error) {
      const problem = problemFrom(error);
      // A lost link or an ended session stops it; what is decided stays decided, the rest is left.
      if (problem.status === 0 || problem.status === 401) throw problem;
      result.refused.push(`${p.name}: ${problem.message}`);
    }
  }
  return result;
}

function Rows(props: {
  of: readonly Proposal[];
  left: ReadonlySet<string>;
  onTurn: (id: string) => void;
}) {
  return (
    <ul class="choose">
      {props.of.map((p) => (
        <li key={p.proposalId}>
          <label>
            <input
              type="checkbox"
              checked={!props.left.has(p.proposalId)}
              onChange={() => props.onTurn(p.proposalId)}
            />
            <span>
              {actionText(p)}: {p.name}
            </span>
            <span class="number">{money(p.expectedRevenue)}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}

export function BulkAccept(props: {
  of: readonly Proposal[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { tell } = useConsole();
  const [limit, setLimit] = useState<number>(limitsPaise[0]);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set()); // those that are not meant
  const small = props.of.filter((p) => isSmall(p, limit));
  const chosen = small.filter((p) => !left.has(p.proposalId));
  const turn = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <ReasonDialog
      title={say("bulk_title")}
      confirm={say("bulk_confirm", chosen.length)}
      wide
      empty={chosen.length === 0}
      onClose={props.onClose}
      onConfirm={async (reason) => {
        try {
          const { accepted, waiting, refused } = await acceptAll(chosen, reason);
          const said = say("bulk_done", String(accepted), String(waiting), String(refused.length));
          tell([said, ...refused].join(" "));
        } finally {
          props.onDone();
        }
      }}
    >
      <Choice
        label={say("bulk_limit")}
        value={String(limit)}
        options={limitsPaise.map((paise) => [String(paise), money(paise)] as const)}
        onChange={(value) => setLimit(Number(value))}
      />
      {small.length === 0 ? (
        <p>{say("bulk_none")}</p>
      ) : (
        <Rows of={small} left={left} onTurn={turn} />
      )}
      <p class="notice" role="status">
        <strong>{say("bulk_sum", chosen.length)}</strong>{" "}
        {chosen.length > 0 &&
          say(
            "bulk_figures",
            units(sum(chosen, (p) => p.quantity)),
            money(sum(chosen, (p) => p.transportationCost)),
            money(sum(chosen, (p) => p.expectedRevenue)),
            money(sum(chosen, (p) => p.gainPaise)),
          )}
      </p>
    </ReasonDialog>
  );
}
