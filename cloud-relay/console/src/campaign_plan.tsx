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

type Plan = Schema<"CampaignPlan">;
type Lot = Schema<"InventoryBatch">;

export interface Looked {
  lot: Lot;
  plan: Plan;
}

/** Of the lot of these goods that has most at stake there. */
async function lookAt(site: string, sku: string, n: number): Promise<Looked> {
  const { items } = await get("/api/v1/inventory/current", { query: { site, sku } });
  const lot = (items[0]?.batches ?? [])
    .filter((b) => b.stockStatus === "sellable" && b.units > 0)
    .sort((a, b) => (b.riskPaise ?? 0) - (a.riskPaise ?? 0))[0];
  if (!lot) throw new Error(say("gone"));
  const plan = await get("/api/v1/campaign-plan", {
    query: {
      site,
      sku,
      units: n,
      mrpPaise: lot.mrpPaise,
      ...(lot.batch ? { batch: lot.batch } : {}),
      ...(lot.expiryDate ? { expiryDate: lot.expiryDate } : {}),
    },
  });
  return { lot, plan };
}

function PlanFacts({ of, lot }: { of: Plan; lot: Lot }) {
  const messages = of.messages.map((m) => `${term(m.channel)} ${whole(m.messages)}`).join(", ");
  return (
    <Facts
      rows={[
        [say("batch"), `${lot.batch || say("none")}, ${say("expires")} ${date(lot.expiryDate)}`],
        [say("outlets"), say("plan_arms", of.offers, of.holdouts)],
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
  onTake: (looked: Looked) => void;
}) {
  const [looked, setLooked] = useState<Looked | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const look = () => {
    setBusy(true);
    setSaid("");
    setLooked(null);
    lookAt(props.site, props.sku, props.units)
      .then(setLooked, (error: unknown) => setSaid(problemFrom(error).message))
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
        {looked && (
          <button type="button" class="button" onClick={() => props.onTake(looked)}>
            {say("plan_take")}
          </button>
        )}
      </div>
      {said && <p class="notice">{said}</p>}
      {looked && <PlanFacts of={looked.plan} lot={looked.lot} />}
    </div>
  );
}
