// SPDX-License-Identifier: Apache-2.0
// Who works where, whether the link lives, and the ways out of the work: one row, always there.
import { Icon } from "./icons";
import { useScreen, type Page } from "./screen_context";
import type { View } from "./types";

export function TopBar(props: { view: View | null; page: Page; alerts: number }) {
  const { view, page, alerts } = props;
  const { t, go, send, link, prefs } = useScreen();
  const working = view !== null && !view.locked && view.worker !== null;
  const inFlow = working && view.flow !== "";
  return (
    <header class="top">
      {page === "work" && !inFlow && <div class="top-post">{prefs.post}</div>}
      {page === "work" && inFlow && (
        <button class="top-button top-back" onClick={() => send("flow:home")}>
          <Icon name="home" />
          <span>{t("home")}</span>
        </button>
      )}
      {page !== "work" && (
        <button class="top-button top-back" onClick={() => go("work")}>
          <Icon name="back" />
          <span>{t("back")}</span>
        </button>
      )}
      <div class="top-who">
        {view?.worker_name && <span class="top-name">{view.worker_name}</span>}
        <span class={`top-link top-link-${link}`} role="status">
          <i class="dot" />
          {t(link)}
        </span>
        {view?.clock_doubtful && (
          <span class="top-clock" title={t("clock_doubtful")}>
            <Icon name="clock" />
            {t("clock_short")}
          </span>
        )}
      </div>
      {working && (
        <button
          class={`top-button ${alerts > 0 ? "top-alerts" : ""}`}
          aria-label={`${t("alerts")}: ${alerts}`}
          aria-current={page === "alerts" ? "page" : undefined}
          onClick={() => go("alerts")}
        >
          <Icon name="alerts" />
          {alerts > 0 && <b class="count">{alerts}</b>}
        </button>
      )}
      <button
        class="top-button"
        aria-label={t("more")}
        aria-current={page === "more" ? "page" : undefined}
        onClick={() => go("more")}
      >
        <Icon name="more" />
      </button>
    </header>
  );
}
