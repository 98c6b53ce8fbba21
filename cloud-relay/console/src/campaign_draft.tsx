// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign of a person's own; the server holds its price against floor and ceiling.
import { say, term } from "./language";
import { useState } from "preact/hooks";
import { get, write } from "./api";
import { CampaignPlan } from "./campaign_plan";
import { useConsole } from "./console_context";
import { problemFrom, useGet } from "./data";
import { Choice, Field, Problems } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import type { Schema } from "./schema";
import type { Sites } from "./sites";

const channels: readonly Schema<"Channel">[] = ["whatsapp", "sms", "email"];
const OUTLETS_MAX = 500;

async function outletsOf(territory: string): Promise<string[]> {
  const { items } = await get("/api/v1/outlets", { query: { territory, limit: OUTLETS_MAX } });
  if (items.length === 0) throw problemFrom(new Error(say("no_outlets_in", territory)));
  return items.map((o) => o.outlet);
}

export function CampaignDraft(props: { sites: Sites; onClose: () => void; onDone: () => void }) {
  const { tell } = useConsole();
  const templates = useGet("/api/v1/templates");
  const names = [...new Set(templates.data?.items.map((t) => t.template) ?? [])];
  const [site, setSite] = useState("");
  const [sku, setSku] = useState("");
  const [units, setUnits] = useState("");
  const [rupees, setRupees] = useState("");
  const [template, setTemplate] = useState("");
  const [channel, setChannel] = useState<string>("whatsapp");
  const [start, setStart] = useState("");
  const [end, setEnd] = useState("");
  const [lot, setLot] = useState<Schema<"InventoryBatch"> | null>(null);

  const create = async (reason: string) => {
    const from = props.sites.all.find((s) => s.site === (site || props.sites.all[0]?.site));
    if (!from) throw problemFrom(new Error(say("choose_a_site")));
    const body: Schema<"NewCampaign"> = {
      sku: sku.trim(),
      sourceSite: from.site,
      units: Number(units),
      pricePaise: Math.round(Number(rupees) * 100),
      channels: [channel as Schema<"Channel">],
      template: template || (names[0] ?? ""),
      targetRetailers: await outletsOf(from.territory),
      startDate: start,
      endDate: end,
      reason,
      ...(lot ? { batch: lot.batch, expiryDate: lot.expiryDate, mrpPaise: lot.mrpPaise } : {}),
    } as Schema<"NewCampaign">;
    await write("post", "/api/v1/campaigns", { body });
    tell(say("drafted"));
    props.onDone();
  };

  return (
    <ReasonDialog
      title={say("draft_campaign")}
      confirm={say("draft")}
      onClose={props.onClose}
      onConfirm={create}
    >
      <Problems of={templates} />
      <p>{say("draft_note")}</p>
      <div class="form-grid">
        <Choice
          label={say("site")}
          value={site || (props.sites.all[0]?.site ?? "")}
          options={props.sites.all.map((s) => [s.site, s.name] as const)}
          onChange={(value) => {
            setSite(value);
            setLot(null);
          }}
        />
        <Field
          label={say("sku")}
          value={sku}
          onInput={(value) => {
            setSku(value);
            setLot(null);
          }}
          required
          maxLength={24}
          spellcheck={false}
        />
        <Field
          label={say("units")}
          type="number"
          min={1}
          value={units}
          onInput={setUnits}
          required
        />
        <Field
          label={say("price_rupees")}
          value={rupees}
          onInput={setRupees}
          required
          pattern="[0-9]+([.][0-9]{1,2})?"
        />
        <Choice
          label={say("channel")}
          value={channel}
          options={channels.map((c) => [c, term(c)] as const)}
          onChange={setChannel}
        />
        <Choice
          label={say("template")}
          value={template || (names[0] ?? "")}
          options={names.map((n) => [n, n] as const)}
          onChange={setTemplate}
        />
        <Field label={say("first_day")} type="date" value={start} onInput={setStart} required />
        <Field label={say("last_day_of")} type="date" value={end} onInput={setEnd} required />
      </div>
      <CampaignPlan
        site={site || (props.sites.all[0]?.site ?? "")}
        sku={sku.trim()}
        units={Number(units)}
        onTake={({ plan, lot: taken }) => {
          setLot(taken);
          setRupees((plan.pricePaise / 100).toFixed(2));
          setStart(plan.startDate ?? "");
          setEnd(plan.endDate ?? "");
        }}
      />
    </ReasonDialog>
  );
}
