// SPDX-License-Identifier: GPL-3.0-or-later
// One proposal with everything that a person needs to decide on it, and the decision.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { date, money, notes, time, unitPrice, units, who, words } from "./format";
import { Age, Facts, Field, State } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href } from "./route";
import type { Schema } from "./schema";

type Proposal = Schema<"Proposal">;
type Decision = Schema<"ProposalDecision">["decision"];

const actionWords: Record<string, string> = {
  transfer: "Move",
  campaign: "Clear by a campaign",
  supplier_return: "Return to the supplier",
  write_off: "Write off",
  hold: "Leave where it is",
};

// `heard`: it still waits, for a second person or for compliance.
const decisions = {
  accept: {
    title: "Accept",
    confirm: "Accept",
    done: "Accepted.",
    heard: "Your approval is recorded; a second person must approve too.",
  },
  reject: { title: "Reject", confirm: "Reject", done: "Rejected.", heard: "Recorded." },
  override: {
    title: "Change the quantity",
    confirm: "Accept with this quantity",
    done: "Accepted with your quantity.",
    heard: "Your quantity stands; compliance looks at it once more before it is carried out.",
  },
} as const;

function DecisionDialog(props: {
  of: Proposal;
  decision: Decision;
  onClose: () => void;
  onDone: (now: Proposal) => void;
}) {
  const { of, decision } = props;
  const { tell } = useConsole();
  const [quantity, setQuantity] = useState(String(of.quantity));
  const looks = decisions[decision];
  return (
    <ReasonDialog
      title={`${looks.title}: ${of.name}`}
      confirm={looks.confirm}
      {...(decision === "reject" ? { tone: "bad" as const } : {})}
      onClose={props.onClose}
      onConfirm={async (reason) => {
        const body: Schema<"ProposalDecision"> = { decision, reason };
        if (decision === "override") body.quantity = Number(quantity);
        const now = await write("post", "/api/v1/proposals/{proposalId}/decision", {
          places: { proposalId: of.proposalId },
          body,
        });
        tell(now.state === "proposed" ? looks.heard : looks.done);
        props.onDone(now);
      }}
    >
      <p>
        {actionWords[of.action] ?? of.action}: {units(of.quantity)}, gain {money(of.gainPaise)}.
      </p>
      {decision === "override" && (
        <Field
          label="Units that are to go instead"
          type="number"
          min={1}
          required
          value={quantity}
          onInput={setQuantity}
        />
      )}
    </ReasonDialog>
  );
}

function Figures({ of }: { of: Proposal }) {
  const done = of.state === "done" || of.state === "partial";
  return (
    <dl class="proposal-figures">
      <div>
        <dt>Gain</dt>
        <dd class="strong">{money(of.gainPaise)}</dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd>{money(of.transportationCost)}</dd>
      </div>
      <div>
        <dt>Expected revenue</dt>
        <dd>{money(of.expectedRevenue)}</dd>
      </div>
      {of.action === "transfer" && (
        <div>
          <dt>Ask → bid, a unit</dt>
          <dd>
            {unitPrice(of.askMilliPaise)} → {unitPrice(of.bidMilliPaise)}
          </dd>
        </div>
      )}
      <div>
        <dt>Urgency</dt>
        <dd>
          <meter
            min={0}
            max={100}
            low={50}
            high={80}
            optimum={0}
            value={of.urgencyScore}
            aria-label="Urgency"
          />{" "}
          {of.urgencyScore} of 100
        </dd>
      </div>
      {done && (
        <div>
          <dt>Truly</dt>
          <dd>
            {units(of.doneUnits)}, {money(of.actualRevenuePaise - of.actualCostPaise)}
          </dd>
        </div>
      )}
    </dl>
  );
}

export function ProposalCard(props: {
  of: Proposal;
  siteName: (site: string) => string;
  approval?: Schema<"Approval"> | undefined;
  approvedBy?: readonly string[];
  open?: boolean;
  level?: 2 | 3;
  onChanged: (now: Proposal) => void;
}) {
  const { of, siteName, approval } = props;
  const { user } = useConsole();
  const [asking, setAsking] = useState<Decision | null>(null);
  const Heading = props.level === 3 ? "h3" : "h2";
  const decidable = of.state === "proposed" && mayDo(user, "decide");
  return (
    <article
      class="card proposal"
      aria-label={`${actionWords[of.action] ?? of.action}: ${of.name}`}
    >
      <header class="proposal-head">
        <div>
          <Heading>
            <a href={href("proposals", of.proposalId)}>
              {actionWords[of.action] ?? words(of.action)} {units(of.quantity)}
            </a>
          </Heading>
          <p>
            {of.name} <span class="code">{of.sourceSku}</span>
            {of.batch && (
              <>
                {" "}
                · batch <span class="code">{of.batch}</span>
              </>
            )}
            {of.expiryDate && <> · expires {date(of.expiryDate)}</>}
          </p>
          <p class="way">
            {siteName(of.sourceSite)}
            {of.targetSite && (
              <>
                {" "}
                <span aria-hidden="true">→</span>
                <span class="hidden">to</span> {siteName(of.targetSite)}
              </>
            )}{" "}
            <Age seconds={of.siteDataAgeSeconds} />
          </p>
        </div>
        <p class="states">
          <State name={of.state} />{" "}
          <State name={of.compliance ? of.complianceStatus : "being checked"} />
        </p>
      </header>
      <Figures of={of} />
      {of.reason && <p class="reason">{of.reason}</p>}
      {of.state === "proposed" && props.approvedBy && props.approvedBy.length > 0 && (
        <p class="notice">
          <strong>Approved so far by {props.approvedBy.join(", ")}.</strong> Another person must
          approve too, or compliance looks at it once more.
        </p>
      )}
      {approval && (
        <p class="notice">
          <strong>A person must decide:</strong> it is beyond what agents may decide alone.
        </p>
      )}
      <details open={props.open ?? false}>
        <summary>Why, and what else</summary>
        <Facts
          rows={[
            ["Next best", notes(of.alternative) || "none"],
            ["What binds", notes(of.limits) || "nothing"],
            ["Compliance", of.compliance ? words(of.compliance) : "not checked yet"],
            ["Made", time(of.madeAt)],
            ["Holds until", time(of.expiresAt)],
            ...(of.decidedBy
              ? [
                  [
                    "Decided",
                    `${who(of.decidedBy)}, ${time(of.decidedAt)}: ${of.decidedReason}`,
                  ] as const,
                ]
              : []),
            ...(of.document ? [["Document", of.document] as const] : []),
            ["Case", of.caseId ? <a href={href("cases", of.caseId)}>{of.caseId}</a> : "none"],
            ["Decided on", notes(of.inputs) || "–"],
          ]}
        />
      </details>
      {decidable && (
        <div class="buttons">
          {of.compliance && (
            <button class="button button-main" onClick={() => setAsking("accept")}>
              Accept
            </button>
          )}
          <button class="button" onClick={() => setAsking("override")}>
            Change quantity
          </button>
          <button class="button" onClick={() => setAsking("reject")}>
            Reject
          </button>
        </div>
      )}
      {asking && (
        <DecisionDialog
          of={of}
          decision={asking}
          onClose={() => setAsking(null)}
          onDone={props.onChanged}
        />
      )}
    </article>
  );
}
