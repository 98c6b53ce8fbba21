// SPDX-License-Identifier: Apache-2.0
// How the link to the office stands: what waits, how old it is, when it was last confirmed, what is
// wrong and why, in plain words.
import { time, whole } from "./format";
import { useScreen } from "./screen_context";
import type { Sync } from "./types";
import type { Word } from "./words";

const states: Record<string, Word> = {
  none: "sync_none",
  unclaimed: "sync_unclaimed",
  offline: "sync_offline",
  greeting: "sync_greeting",
  synced: "sync_synced",
  sending: "sync_sending",
  paused: "sync_paused",
};

const troubles: Record<string, Word> = {
  no_network: "trouble_no_network",
  no_broker: "trouble_no_broker",
  lost: "trouble_lost",
  certificate: "trouble_certificate",
  forbidden: "trouble_forbidden",
  twin: "trouble_twin",
  unclaimed: "trouble_unclaimed",
  claim: "trouble_claim",
  mismatch: "trouble_mismatch",
  schema: "trouble_schema",
  fork: "trouble_fork",
  rollback: "trouble_rollback",
  short: "trouble_short",
};

export function SyncCard({ sync }: { sync: Sync }) {
  const { t, language } = useScreen();
  const row = (name: Word, value: string) => (
    <div>
      <dt>{t(name)}</dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <section class="card sync">
      <h2>{t("sync")}</h2>
      <dl class="facts facts-plain">
        {row("sync_state", t(states[sync.state] ?? "sync_halted"))}
        {sync.trouble && row("trouble", t(troubles[sync.trouble] ?? "trouble_lost"))}
        {sync.trouble && sync.trouble_ms !== null && row("sync_since", time(sync.trouble_ms, language))}
        {row("sync_queued", whole(sync.queued))}
        {sync.oldest_ms !== null && row("sync_oldest", time(sync.oldest_ms, language))}
        {sync.acked_ms !== null && row("sync_acked", time(sync.acked_ms, language))}
        {sync.queued > 0 && sync.left_ms !== null && row("sync_left", t("minutes", whole(Math.ceil(sync.left_ms / 60000))))}
        {sync.refused && row("sync_refused", sync.refused)}
      </dl>
    </section>
  );
}
