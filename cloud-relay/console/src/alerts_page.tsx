// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { write } from "./api";
import { useConsole } from "./console_context";
import { time, who } from "./format";
import { useList } from "./list";
import { Age, Choice, Empty, More, Page, State } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { setFilter, type Route } from "./route";
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
          <h2>{of.message.charAt(0).toUpperCase() + of.message.slice(1)}</h2>
          <p>
            {where && `${where} · `}
            <time dateTime={of.at}>{time(of.at)}</time>{" "}
            {of.site && <Age seconds={of.siteDataAgeSeconds} />}
          </p>
        </div>
        <State name={of.severity} />
      </header>
      <p class="reason">What to do: {of.action}.</p>
      {of.acknowledgedBy ? (
        <p class="hint">
          In hand: {who(of.acknowledgedBy)}, {time(of.acknowledgedAt)}
        </p>
      ) : (
        <div class="buttons">
          <button class="button" onClick={onSeen}>
            I have it in hand
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
  const list = useList("/api/v1/alerts", { open: !all }, /./);
  const [asking, setAsking] = useState<Alert | null>(null);
  return (
    <Page
      title="Alerts"
      shown={list}
      tools={
        <div class="tools">
          <Choice
            label="Show"
            value={all ? "all" : ""}
            options={[
              ["", "Open ones"],
              ["all", "All"],
            ]}
            onChange={(v) => setFilter("show", v)}
          />
        </div>
      }
    >
      {(data) => (
        <>
          {data.items.length === 0 && <Empty>Nothing wants your attention.</Empty>}
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
              title="Take this alert in hand"
              confirm="I have it in hand"
              onClose={() => setAsking(null)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/alerts/{alertId}/acknowledge", {
                  places: { alertId: asking.alertId },
                  body: { reason },
                });
                tell("Noted.");
                list.again();
              }}
            >
              <p>{asking.message}</p>
            </ReasonDialog>
          )}
        </>
      )}
    </Page>
  );
}
