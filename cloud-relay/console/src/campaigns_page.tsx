// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { CampaignDraft } from "./campaign_draft";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { date, money, permille, time, units, whole, who } from "./format";
import { say, term } from "./language";
import { queryOf, wordFilter } from "./filters";
import { History } from "./history";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { Age, Facts, ListTable, Page, Problems, State, Table, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { href, type Route } from "./route";
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
            {say("approve")}
          </button>
        )}
        {canStop && (
          <button class="button" onClick={() => setAsking("stop")}>
            {say("stop")}
          </button>
        )}
      </div>
      {asking && (
        <ReasonDialog
          title={asking === "approve" ? say("approve_campaign") : say("stop_campaign")}
          confirm={asking === "approve" ? say("approve") : say("stop")}
          {...(asking === "stop" ? { tone: "bad" as const } : {})}
          onClose={() => setAsking(null)}
          onConfirm={async (reason) => {
            await write("post", "/api/v1/campaigns/{id}/decision", {
              places: { id: of.campaignId },
              body: { decision: asking, reason },
            });
            tell(asking === "approve" ? say("approved") : say("stopped"));
            onChanged();
          }}
        >
          <p>{say("offer_to", of.targetRetailers.length, units(of.units), money(of.pricePaise))}</p>
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
        <h2>{say("what_it_brought")}</h2>
        {of && <Age seconds={of.siteDataAgeSeconds} />}
      </div>
      <Problems of={shown} />
      {of && (
        <>
          <dl class="figures">
            {(
              [
                [say("delivered"), whole(of.performanceMetrics.impressions)],
                [say("read"), whole(of.performanceMetrics.clicks)],
                [say("outlets_bought"), whole(of.performanceMetrics.conversions)],
                [say("revenue"), money(of.performanceMetrics.revenueGenerated)],
                [
                  say("lift"),
                  of.liftPermille === null ? say("no_holdout") : permille(of.liftPermille),
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
            caption={say("arms")}
            showCaption
            rows={[
              { arm: term("offer"), of: of.offer },
              { arm: term("holdout"), of: of.holdout },
            ]}
            keyOf={(r) => r.arm}
            none=""
            columns={[
              { title: say("arm"), cell: (r) => r.arm },
              { title: say("outlets"), number: true, cell: (r) => whole(r.of.outlets) },
              { title: say("bought"), number: true, cell: (r) => whole(r.of.buyers) },
              { title: say("share"), number: true, cell: (r) => share(r.of) },
              { title: say("units"), number: true, cell: (r) => whole(r.of.units) },
              { title: say("value"), number: true, cell: (r) => money(r.of.valuePaise) },
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
      title={`${say("campaign")} ${id}`}
      shown={shown}
      back={["campaigns", say("all_campaigns")]}
    >
      {({ campaign: of, targets, history }) => (
        <>
          <section class="card">
            <Facts
              rows={[
                [say("state"), <State name={of.state} />],
                ...(of.why ? [[say("why"), <Told>{of.why}</Told>] as const] : []),
                [
                  say("goods"),
                  [
                    of.skus.join(", "),
                    of.batch && `${say("batch")} ${of.batch}`,
                    `${say("expires")} ${date(of.expiryDate)}`,
                  ]
                    .filter(Boolean)
                    .join(", "),
                ],
                [say("site"), `${sites.nameOf(of.site)}, ${of.territory}`],
                [
                  say("price"),
                  say(
                    "price_text",
                    money(of.pricePaise),
                    String(of.discountPercentage),
                    money(of.mrpPaise),
                  ),
                ],
                [say("may_lie"), say("between", money(of.floorPaise), money(of.ceilingPaise))],
                [say("sold"), say("of", whole(of.soldUnits), units(of.units))],
                [say("from_until"), say("date_to_date", date(of.startDate), date(of.endDate))],
                [say("channels"), of.channels.map(term).join(", ")],
                [say("holdout"), permille(of.holdoutPermille)],
                [say("template"), of.content],
                [
                  say("decided"),
                  of.decidedBy ? `${who(of.decidedBy)}, ${time(of.decidedAt)}` : say("not_yet"),
                ],
                [say("data"), <Age seconds={of.siteDataAgeSeconds} />],
              ]}
            />
            <Decide of={of} onChanged={shown.again} />
          </section>
          <Analytics id={id} />
          <section class="card">
            <Table
              caption={say("outlets_in_it")}
              showCaption
              rows={targets}
              keyOf={(t) => t.outlet}
              none={say("no_outlets")}
              columns={[
                {
                  title: say("outlet"),
                  cell: (t) => <a href={href("outlets", t.outlet)}>{t.outlet}</a>,
                },
                { title: say("arm"), cell: (t) => term(t.arm) },
                { title: say("channel"), cell: (t) => (t.channel ? term(t.channel) : say("none")) },
                { title: say("score"), number: true, cell: (t) => t.score },
                { title: say("expected"), number: true, cell: (t) => whole(t.expectedUnits) },
                { title: say("took"), number: true, cell: (t) => whole(t.units) },
                { title: say("ordered"), number: true, cell: (t) => whole(t.orderedUnits) },
                { title: say("why"), cell: (t) => <Told>{t.reason}</Told> },
              ]}
            />
          </section>
          <section class="card">
            <h2>{say("history")}</h2>
            <History events={history} />
          </section>
        </>
      )}
    </Page>
  );
}

function AllCampaigns({ route }: { route: Route }) {
  const { user } = useConsole();
  const sites = useSites();
  const [drafting, setDrafting] = useState(false);
  const filters = [wordFilter("state", states)];
  const list = useList("/api/v1/campaigns", queryOf<"/api/v1/campaigns">(route, filters), changes);
  return (
    <ListPage
      route={route}
      title={say("campaigns")}
      lead={say("campaigns_lead")}
      list={list}
      filters={filters}
      actions={
        <>
          {mayDo(user, "decide") && (
            <button class="button button-main" onClick={() => setDrafting(true)}>
              {say("draft_campaign")}
            </button>
          )}
          {drafting && (
            <CampaignDraft sites={sites} onClose={() => setDrafting(false)} onDone={list.again} />
          )}
        </>
      }
    >
      {(data) => (
        <ListTable
          list={list}
          caption={say("campaigns")}
          rows={data.items}
          keyOf={(c) => c.campaignId}
          none={say("no_campaign")}
          columns={[
            {
              title: say("goods"),
              cell: (c) => <a href={href("campaigns", c.campaignId)}>{c.skus.join(", ")}</a>,
            },
            { title: say("site"), cell: (c) => sites.nameOf(c.site) },
            { title: say("state"), cell: (c) => <State name={c.state} /> },
            {
              title: say("price"),
              number: true,
              cell: (c) => `${money(c.pricePaise)}, −${c.discountPercentage} %`,
            },
            {
              title: say("sold"),
              number: true,
              cell: (c) => say("of", whole(c.soldUnits), whole(c.units)),
            },
            {
              title: say("revenue"),
              number: true,
              cell: (c) => money(c.performanceMetrics.revenueGenerated),
            },
            { title: say("ends"), cell: (c) => date(c.endDate) },
            { title: say("data"), cell: (c) => <Age seconds={c.siteDataAgeSeconds} /> },
          ]}
        />
      )}
    </ListPage>
  );
}

export function CampaignsPage({ route }: { route: Route }) {
  return route.id ? <OneCampaign id={route.id} /> : <AllCampaigns route={route} />;
}
