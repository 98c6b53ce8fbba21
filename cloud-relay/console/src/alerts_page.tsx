// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { write } from "./api";
import { useConsole } from "./console_context";
import { time, who } from "./format";
import { say } from "./language";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { Age, Empty, More, State, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { type Route } from "./route";
import type { Schema } from "./schema";
import { useSites } from "./sites";

type Alert = Schema<"Alert">;

function AlertCard({
  of,
  siteName,
  onSeen,
}: {
  of: Alert;
  siteName: (site: string) => string;
  onSeen: () => void;
}) {
  const where = [siteName(of.site), of.sku].filter(Boolean).join(" · ");
  return (
    <article class={`card alert alert-${of.severity}`}>
      <header class="proposal-head">
        <div>
          <h2>
            <Told>{of.message.charAt(0).toUpperCase() + of.message.slice(1)}</Told>
          </h2>
          <p>
            {where && `${where} · `}
            <time dateTime={of.at}>{time(of.at)}</time>{" "}
            {of.site && <Age seconds={of.siteDataAgeSeconds} />}
          </p>
        </div>
        <State name={of.severity} />
      </header>
      <p class="reason">{say("what_to_do", of.action)}</p>
      {of.acknowledgedBy ? (
        <p class="hint">{say("in_hand_by", who(of.acknowledgedBy), time(of.acknowledgedAt))}</p>
      ) : (
        <div class="buttons">
          <button class="button" onClick={onSeen}>
            {say("in_hand")}
          </button>
        </div>
      )}
    </article>
  );
}

export function AlertsPage({ route }: { route: Route }) {
  const all = route.filters.get("show") === "all";
  const { tell } = useConsole();
  const sites = useSites();
  const list = useList(
    "/api/v1/alerts",
    { open: !all },
    /^(Alert|DeadStock|Compliance|Approval|ProposalFailed|Transfer|LetterDead)/,
  );
  const [asking, setAsking] = useState<Alert | null>(null);
  return (
    <ListPage
      route={route}
      title={say("alerts")}
      list={list}
      filters={[
        {
          name: "show",
          label: say("show"),
          options: [
            ["", say("open_ones")],
            ["all", say("all")],
          ],
        },
      ]}
    >
      {(data) => (
        <>
          {data.items.length === 0 && <Empty>{say("no_alert")}</Empty>}
          <div class="cards">
            {data.items.map((a) => (
              <AlertCard
                key={a.alertId}
                of={a}
                siteName={sites.nameOf}
                onSeen={() => setAsking(a)}
              />
            ))}
          </div>
          <More next={data.next} onMore={list.more} />
          {asking && (
            <ReasonDialog
              title={say("take_in_hand")}
              confirm={say("in_hand")}
              onClose={() => setAsking(null)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/alerts/{alertId}/acknowledge", {
                  places: { alertId: asking.alertId },
                  body: { reason },
                });
                tell(say("noted"));
                list.again();
              }}
            >
              <p>
                <Told>{asking.message}</Told>
              </p>
            </ReasonDialog>
          )}
        </>
      )}
    </ListPage>
  );
}
