// SPDX-License-Identifier: GPL-3.0-or-later
// What a campaign would be, asked before anything is written: whom it reaches, by what, for how much,
// and what it is expected to bring.
import { useState } from "preact/hooks";
import { get } from "./api";
import { problemFrom } from "./data";
import { date, money, units, whole } from "./format";
import { say, term } from "./language";
import { Facts } from "./parts";
import type { Schema } from "./schema";

export type Plan = Schema<"CampaignPlan">;

function PlanFacts({ of }: { of: Plan }) {
  const messages = of.messages.map((m) => `${term(m.channel)} ${whole(m.messages)}`).join(", ");
  return (
    <Facts
      rows={[
        [say("outlets"), say("plan_arms", whole(of.offers), whole(of.holdouts))],
        [
          say("price"),
          `${money(of.pricePaise)} (${say("between", money(of.floorPaise), money(of.ceilingPaise))})`,
        ],
        [say("plan_messages"), messages || say("none")],
        [say("cost"), money(of.costPaise)],
        [say("expected"), `${units(of.expectedUnits)}, ${money(of.expectedRevenuePaise)}`],
        [say("from_until"), say("date_to_date", date(of.startDate), date(of.endDate))],
      ]}
    />
  );
}

/** A look ahead beside the form: it changes nothing until its price and days are taken over. */
export function CampaignPlan(props: {
  site: string;
  sku: string;
  units: number;
  onTake: (plan: Plan) => void;
}) {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const look = () => {
    setBusy(true);
    setSaid("");
    setPlan(null);
    get("/api/v1/campaign-plan", {
      query: { site: props.site, sku: props.sku, units: props.units },
    })
      .then(setPlan, (error: unknown) => setSaid(problemFrom(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <div class="plan" aria-live="polite">
      <div class="buttons">
        <button
          type="button"
          class="button"
          disabled={busy || !props.sku || !(props.units > 0)}
          onClick={look}
        >
          {busy ? say("loading") : say("plan_look")}
        </button>
        {plan && (
          <button type="button" class="button" onClick={() => props.onTake(plan)}>
            {say("plan_take")}
          </button>
        )}
      </div>
      {said && <p class="notice">{said}</p>}
      {plan && <PlanFacts of={plan} />}
    </div>
  );
}
