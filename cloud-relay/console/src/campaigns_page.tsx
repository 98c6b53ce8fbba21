// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { CampaignDraft } from "./campaign_draft";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { date, money, permille, time, units, whole, who, words } from "./format";
import { History } from "./history";
import { useList } from "./list";
import { Age, Choice, Facts, More, Page, Problems, State, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, setFilter, type Route } from "./route";
import type { Schema } from "./schema";
import { useSites } from "./sites";

const changes = /^(Campaign|Message|Order)/;
const states = ["draft", "approved", "running", "paused", "stopped", "done"] as const;

function Decide({ of, onChanged }: { of: Schema<"Campaign">; onChanged: () => void }) {
  const { user, tell } = useConsole();
  const [asking, setAsking] = useState<"approve" | "stop" | null>(null);
  if (!mayDo(user, "decide")) return null;
  const canApprove = of.state === "draft";
  const canStop = ["approved", "running", "paused"].includes(of.state) || canApprove;
  return (
    <>
      <div class="buttons">
        {canApprove && (
          <button class="button button-main" onClick={() => setAsking("approve")}>
            Approve
          </button>
        )}
        {canStop && (
          <button class="button" onClick={() => setAsking("stop")}>
            Stop
          </button>
        )}
      </div>
      {asking && (
        <ReasonDialog
          title={asking === "approve" ? "Approve this campaign" : "Stop this campaign"}
          confirm={asking === "approve" ? "Approve" : "Stop"}
          {...(asking === "stop" ? { tone: "bad" as const } : {})}
          onClose={() => setAsking(null)}
          onConfirm={async (reason) => {
            await write("post", "/api/v1/campaigns/{id}/decision", {
              places: { id: of.campaignId },
              body: { decision: asking, reason },
            });
            tell(asking === "approve" ? "Approved." : "Stopped.");
            onChanged();
          }}
        >
          <p>
            {units(of.units)} at {money(of.pricePaise)} to {whole(of.targetRetailers.length)}{" "}
            outlets.
          </p>
        </ReasonDialog>
      )}
    </>
  );
}

function Analytics({ id }: { id: string }) {
  const shown = useGet("/campaigns/{id}/analytics", { places: { id } }, changes);
  const of = shown.data;
  const share = (arm: Schema<"ArmMetrics">) =>
    arm.outlets === 0 ? "–" : permille((arm.buyers * 1000) / arm.outlets);
  return (
    <section class="card">
      <div class="card-head">
        <h2>What it brought</h2>
        {of && <Age seconds={of.siteDataAgeSeconds} />}
      </div>
      <Problems of={shown} />
      {of && (
        <>
          <dl class="figures">
            {(
              [
                ["Delivered", whole(of.performanceMetrics.impressions)],
                ["Read", whole(of.performanceMetrics.clicks)],
                ["Outlets that bought", whole(of.performanceMetrics.conversions)],
                ["Revenue", money(of.performanceMetrics.revenueGenerated)],
                [
                  "Lift over holdout",
                  of.liftPermille === null ? "no holdout" : permille(of.liftPermille),
                ],
              ] as const
            ).map(([name, value]) => (
              <div key={name} class="figure">
                <dt>{name}</dt>
                <dd>
                  <strong>{value}</strong>
                </dd>
              </div>
            ))}
          </dl>
          <Table
            caption="Offer against holdout: those left out on purpose"
            showCaption
            rows={[
              { arm: "Offer", of: of.offer },
              { arm: "Holdout", of: of.holdout },
            ]}
            keyOf={(r) => r.arm}
            none=""
            columns={[
              { title: "Arm", cell: (r) => r.arm },
              { title: "Outlets", number: true, cell: (r) => whole(r.of.outlets) },
              { title: "Bought", number: true, cell: (r) => whole(r.of.buyers) },
              { title: "Share", number: true, cell: (r) => share(r.of) },
              { title: "Units", number: true, cell: (r) => whole(r.of.units) },
              { title: "Value", number: true, cell: (r) => money(r.of.valuePaise) },
            ]}
          />
        </>
      )}
    </section>
  );
}

function OneCampaign({ id }: { id: string }) {
  const shown = useGet("/api/v1/campaigns/{id}", { places: { id } }, changes);
  const sites = useSites();
  return (
    <Page
      title={`Campaign ${id}`}
      shown={shown}
      lead={<a href={href("campaigns")}>All campaigns</a>}
    >
      {({ campaign: of, targets, history }) => (
        <>
          <section class="card">
            <Facts
              rows={[
                ["State", <State name={of.state} />],
                ...(of.why ? [["Why", of.why] as const] : []),
                [
                  "Goods",
                  `${of.skus.join(", ")}${of.batch ? `, batch ${of.batch}` : ""}, expires ${date(of.expiryDate)}`,
                ],
                ["Site", `${sites.nameOf(of.site)}, ${of.territory}`],
                [
                  "Price",
                  `${money(of.pricePaise)}: ${of.discountPercentage} % off, MRP ${money(of.mrpPaise)}`,
                ],
                ["May lie between", `${money(of.floorPaise)} and ${money(of.ceilingPaise)}`],
                ["Sold", `${whole(of.soldUnits)} of ${units(of.units)}`],
                ["From, to", `${date(of.startDate)} to ${date(of.endDate)}`],
                ["Channels", of.channels.join(", ")],
                ["Holdout", permille(of.holdoutPermille)],
                ["Template", of.content],
                [
                  "Decided",
                  of.decidedBy ? `${who(of.decidedBy)}, ${time(of.decidedAt)}` : "not yet",
                ],
                ["Data", <Age seconds={of.siteDataAgeSeconds} />],
              ]}
            />
            <Decide of={of} onChanged={shown.again} />
          </section>
          <Analytics id={id} />
          <section class="card">
            <Table
              caption="Outlets, holdout included"
              showCaption
              rows={targets.slice(0, 300)}
              keyOf={(t) => t.outlet}
              none="No outlets."
              columns={[
                { title: "Outlet", cell: (t) => t.outlet },
                { title: "Arm", cell: (t) => t.arm },
                { title: "Channel", cell: (t) => t.channel || "none" },
                { title: "Score", number: true, cell: (t) => t.score },
                { title: "Expected", number: true, cell: (t) => whole(t.expectedUnits) },
                { title: "Took", number: true, cell: (t) => whole(t.units) },
                { title: "Why", cell: (t) => t.reason },
              ]}
            />
          </section>
          <section class="card">
            <h2>History</h2>
            <History events={history} />
          </section>
        </>
      )}
    </Page>
  );
}

function AllCampaigns({ route }: { route: Route }) {
  const { user } = useConsole();
  const state = (route.filters.get("state") ?? "") as Schema<"CampaignState"> | "";
  const sites = useSites();
  const [drafting, setDrafting] = useState(false);
  const list = useList("/api/v1/campaigns", state ? { state } : {}, changes);
  return (
    <Page
      title="Campaigns"
      lead="Offers for a lot to chosen outlets, with a holdout that shows what the offer itself did."
      shown={list}
      tools={
        <div class="tools">
          <Choice
            label="State"
            value={state}
            options={[["", "All"], ...states.map((s) => [s, words(s)] as const)]}
            onChange={(v) => setFilter("state", v)}
          />
          {mayDo(user, "decide") && (
            <button class="button button-main" onClick={() => setDrafting(true)}>
              Draft a campaign
            </button>
          )}
          {drafting && (
            <CampaignDraft sites={sites} onClose={() => setDrafting(false)} onDone={list.again} />
          )}
        </div>
      }
    >
      {(data) => (
        <section class="card">
          <Table
            caption="Campaigns"
            rows={data.items}
            keyOf={(c) => c.campaignId}
            none="No campaign of this kind."
            columns={[
              {
                title: "Goods",
                cell: (c) => <a href={href("campaigns", c.campaignId)}>{c.skus.join(", ")}</a>,
              },
              { title: "Site", cell: (c) => sites.nameOf(c.site) },
              { title: "State", cell: (c) => <State name={c.state} /> },
              {
                title: "Price",
                number: true,
                cell: (c) => `${money(c.pricePaise)}, −${c.discountPercentage} %`,
              },
              {
                title: "Sold",
                number: true,
                cell: (c) => `${whole(c.soldUnits)} of ${whole(c.units)}`,
              },
              {
                title: "Revenue",
                number: true,
                cell: (c) => money(c.performanceMetrics.revenueGenerated),
              },
              { title: "Ends", cell: (c) => date(c.endDate) },
              { title: "Data", cell: (c) => <Age seconds={c.siteDataAgeSeconds} /> },
            ]}
          />
          <More next={data.next} onMore={list.more} />
        </section>
      )}
    </Page>
  );
}

export function CampaignsPage({ route }: { route: Route }) {
  return route.id ? <OneCampaign id={route.id} /> : <AllCampaigns route={route} />;
}
