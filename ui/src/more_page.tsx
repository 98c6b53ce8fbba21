// SPDX-License-Identifier: Apache-2.0
// What is not work: language, sounds, signing out, and how the appliance is.
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { time, whole } from "./format";
import { useScreen } from "./screen_context";
import { SyncCard } from "./sync_card";
import type { Health } from "./types";

function Switch(props: { label: string; on: boolean; change(on: boolean): void }) {
  const { t } = useScreen();
  return (
    <button class="switch" role="switch" aria-checked={props.on} onClick={() => props.change(!props.on)}>
      <span>{props.label}</span>
      <b>{t(props.on ? "on" : "off")}</b>
    </button>
  );
}

export function MorePage({ working }: { working: boolean }) {
  const { t, language, prefs, setPrefs, send, go } = useScreen();
  const [health, setHealth] = useState<Health | null>(null);
  useEffect(() => {
    api.get<Health>("health").then(setHealth, () => undefined);
  }, []);
  return (
    <main class="page page-more">
      <div class="more-controls">
        <h1 class="list-title">{t("more")}</h1>
        <div class="languages" role="group" aria-label={t("language")}>
          {(["hi", "en"] as const).map((code) => (
            <button
              key={code}
              lang={code}
              class="button"
              aria-pressed={language === code}
              onClick={() => send(`language:${code}`)}
            >
              {code === "hi" ? "हिन्दी" : "English"}
            </button>
          ))}
        </div>
        <Switch label={t("sound")} on={prefs.sound} change={(sound) => setPrefs({ ...prefs, sound })} />
        <Switch label={t("speech")} on={prefs.speech} change={(speech) => setPrefs({ ...prefs, speech })} />
        <button
          class="button"
          onClick={() => {
            go("work");
            setPrefs({ ...prefs, post: "" });
          }}
        >
          {t("other_post")}
        </button>
        {working && (
          <button
            class="button button-danger"
            onClick={() => {
              go("work");
              send("sign_out");
            }}
          >
            {t("sign_out")}
          </button>
        )}
      </div>
      {health?.sync && <SyncCard sync={health.sync} />}
      {health && <HealthCard health={health} />}
    </main>
  );
}

const deviceWords = { fine: "fine", lost: "lost_device", off: "off_device" } as const;

function HealthCard({ health }: { health: Health }) {
  const { t, language } = useScreen();
  const disk = health.journal.disk;
  return (
    <section class="card health">
      <h2>{t("health")}</h2>
      <dl class="facts facts-plain">
        <div>
          <dt>{t("clock")}</dt>
          <dd>
            {time(health.clock.wall_ms, language)} <span class="code">{health.clock.trust}</span>
          </dd>
        </div>
        <div>
          <dt>{t("entries")}</dt>
          <dd>
            {whole(health.journal.head)} <span class="code">{health.journal.chain.slice(0, 12)}</span>
          </dd>
        </div>
        {disk && (
          <div>
            <dt>{t("disk_days")}</dt>
            <dd>{disk.days_left === null ? t("no_end") : t("days", whole(disk.days_left))}</dd>
          </div>
        )}
        <div>
          <dt>{t("release")}</dt>
          <dd class="code">{health.release}</dd>
        </div>
        {health.devices.map((device) => (
          <div key={device.name}>
            <dt class="code">{device.name}</dt>
            <dd class={`device-${device.state}`}>
              {t(deviceWords[device.state as keyof typeof deviceWords] ?? "lost_device")}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
