// SPDX-License-Identifier: GPL-3.0-or-later
// One proposal with everything that a person needs to decide on it, and the decision.
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { wantedText, type Wanted } from "./approvals";
import { useConsole } from "./console_context";
import { date, money, notes, time, unitPrice, units, verdict, who } from "./format";
import { say, term } from "./language";
import { Age, Facts, Field, State, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href } from "./route";
import type { Schema } from "./schema";

type Proposal = Schema<"Proposal">;
type Decision = Schema<"ProposalDecision">["decision"];

const actionWords = {
  transfer: "do_transfer",
  campaign: "do_campaign",
  supplier_return: "do_supplier_return",
  write_off: "do_write_off",
  hold: "do_hold",
} as const;

/** "Move 600 units". */
export function actionText(of: Proposal): string {
  return say(actionWords[of.action], units(of.quantity));
}

// `heard`: it still waits, for a second person or for compliance.
const decisions = {
  accept: { title: "accept", confirm: "accept", done: "accepted", heard: "heard_accept" },
  reject: { title: "reject", confirm: "reject", done: "rejected", heard: "recorded" },
  override: {
    title: "change_quantity",
    confirm: "accept_so",
    done: "accepted_so",
    heard: "heard_override",
  },
} as const;

export function decideProposal(id: string, body: Schema<"ProposalDecision">): Promise<Proposal> {
  return write("post", "/api/v1/proposals/{proposalId}/decision", {
    places: { proposalId: id },
    body,
  });
}

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
      title={say("decide_title", say(looks.title), of.name)}
      confirm={say(looks.confirm)}
      {...(decision === "reject" ? { tone: "bad" as const } : {})}
      onClose={props.onClose}
      onConfirm={async (reason) => {
        const body: Schema<"ProposalDecision"> = { decision, reason };
        if (decision === "override") body.quantity = Number(quantity);
        const now = await decideProposal(of.proposalId, body);
        tell(say(now.state === "proposed" ? looks.heard : looks.done));
        props.onDone(now);
      }}
    >
      <p>{say("gain_of", actionText(of), money(of.gainPaise))}</p>
      {decision === "override" && (
        <Field
          label={say("quantity_instead")}
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

/** What moved is worth saying only where something does; a campaign's cost is in its price. */
function Figures({ of }: { of: Proposal }) {
  const done = of.state === "done" || of.state === "partial";
  const figures: [string, string][] = [];
  if (of.gainPaise !== 0) figures.push([say("gain"), money(of.gainPaise)]);
  if (of.transportationCost !== 0) figures.push([say("cost"), money(of.transportationCost)]);
  figures.push([say("expected_revenue"), money(of.expectedRevenue)]);
  if (of.action === "transfer")
    figures.push([
      say("ask_bid"),
      `${unitPrice(of.askMilliPaise)} → ${unitPrice(of.bidMilliPaise)}`,
    ]);
  if (done)
    figures.push([
      say("truly"),
      `${units(of.doneUnits)}, ${money(of.actualRevenuePaise - of.actualCostPaise)}`,
    ]);
  return (
    <dl class="proposal-figures">
      {figures.map(([name, value], i) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={i === 0 && of.gainPaise > 0 ? "strong" : ""}>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{say("urgency")}</dt>
        <dd>
          <meter
            min={0}
            max={100}
            low={50}
            high={80}
            optimum={0}
            value={of.urgencyScore}
            aria-label={say("urgency")}
          />{" "}
          {say("of_100", of.urgencyScore)}
        </dd>
      </div>
    </dl>
  );
}

/** Whose word is still needed, because of which limit, and who has given his. */
function Approval(props: { wanted: Wanted | null; by: readonly string[]; byMe: boolean }) {
  const { wanted, by } = props;
  if (!wanted && by.length === 0) return null;
  return (
    <p class="notice">
      {wanted && <strong>{wantedText(wanted)} </strong>}
      {by.length > 0 && (
        <>
          <strong>{say("approved_so_far", by.map(who).join(", "))}</strong>{" "}
          {say(props.byMe ? "you_approved" : "another_must")}
        </>
      )}
    </p>
  );
}

function Reasons({ of, open }: { of: Proposal; open: boolean }) {
  return (
    <details open={open}>
      <summary>{say("why_and_else")}</summary>
      <Facts
        rows={[
          [say("next_best"), notes(of.alternative) || say("none")],
          [say("what_binds"), notes(of.limits) || say("nothing")],
          [say("compliance"), of.compliance ? verdict(of.compliance) : say("not_checked")],
          [say("made"), time(of.madeAt)],
          [say("holds_until"), time(of.expiresAt)],
          ...(of.decidedBy
            ? [
                [
                  say("decided"),
                  say("decided_text", who(of.decidedBy), time(of.decidedAt), of.decidedReason),
                ] as const,
              ]
            : []),
          ...(of.document
            ? [[say("document"), <a href={href("orders", of.document)}>{of.document}</a>] as const]
            : []),
          [
            say("case"),
            of.caseId ? <a href={href("cases", of.caseId)}>{of.caseId}</a> : say("none"),
          ],
          [say("decided_on"), notes(of.inputs) || "–"],
        ]}
      />
    </details>
  );
}

function Goods({ of, siteName }: { of: Proposal; siteName: (site: string) => string }) {
  return (
    <>
      <p>
        {of.name} <span class="code">{of.sourceSku}</span>
        {of.batch && (
          <>
            {" "}
            · {say("batch")} <span class="code">{of.batch}</span>
          </>
        )}
        {of.expiryDate && (
          <>
            {" "}
            · {say("expires")} {date(of.expiryDate)}
          </>
        )}
      </p>
      <p class="way">
        {siteName(of.sourceSite)}
        {of.targetSite && (
          <>
            {" "}
            <span aria-hidden="true">→</span>
            <span class="hidden">{say("to")}</span> {siteName(of.targetSite)}
          </>
        )}{" "}
        <Age seconds={of.siteDataAgeSeconds} />
      </p>
    </>
  );
}

export function ProposalCard(props: {
  of: Proposal;
  siteName: (site: string) => string;
  wanted?: Wanted | null;
  approvedBy?: readonly string[];
  open?: boolean;
  level?: 2 | 3;
  onChanged: (now: Proposal) => void;
}) {
  const { of } = props;
  const { user } = useConsole();
  const [asking, setAsking] = useState<Decision | null>(null);
  const Heading = props.level === 3 ? "h3" : "h2";
  const waits = of.state === "proposed";
  const approvedBy = waits ? (props.approvedBy ?? []) : [];
  const byMe = approvedBy.includes(`user:${user.user}`);
  return (
    <article class="card proposal" aria-label={`${term(of.action)}: ${of.name}`}>
      <header class="proposal-head">
        <div>
          <Heading>
            <a href={href("proposals", of.proposalId)}>{actionText(of)}</a>
          </Heading>
          <Goods of={of} siteName={props.siteName} />
        </div>
        <p class="states">
          <State name={of.state} />{" "}
          {of.compliance ? (
            <State name={of.complianceStatus} />
          ) : (
            <State name="being_checked">{say("being_checked")}</State>
          )}
        </p>
      </header>
      <Figures of={of} />
      {of.reason && (
        <p class="reason">
          <Told>{of.reason}</Told>
        </p>
      )}
      <Approval wanted={waits ? (props.wanted ?? null) : null} by={approvedBy} byMe={byMe} />
      <Reasons of={of} open={props.open ?? false} />
      {waits && mayDo(user, "decide") && (
        <div class="buttons">
          {of.compliance && !byMe && (
            <button class="button button-main" onClick={() => setAsking("accept")}>
              {say("accept")}
            </button>
          )}
          <button class="button" onClick={() => setAsking("override")}>
            {say("change_quantity")}
          </button>
          <button class="button" onClick={() => setAsking("reject")}>
            {say("reject")}
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
