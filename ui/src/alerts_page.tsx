// SPDX-License-Identifier: Apache-2.0
// What the appliance wants looked at: each once, until it is seen or put off.
import * as api from "./api";
import { moneyRounded, time } from "./format";
import { goodsName, LifePill } from "./goods_card";
import { ListFrame } from "./list_frame";
import { useList } from "./list_state";
import { useScreen } from "./screen_context";
import type { AlertRow } from "./types";
import { isWord } from "./words";

const SNOOZE_DAYS = 3;

export function AlertsPage() {
  const { t, language } = useScreen();
  const list = useList<AlertRow>("alerts");
  const done = (path: string, body: object): void => {
    api.act(path, body).then(list.again, list.again);
  };
  const title = (row: AlertRow): string => {
    const key = `alert_${row.reason}`;
    return isWord(key) ? t(key, row.threshold) : row.reason.replace(/_/g, " ");
  };
  return (
    <ListFrame title={t("alerts")} icon="alerts" list={list} none={t("no_alerts")}>
      <ul class="rows">
        {list.rows?.map((row) => (
          <li class="row row-alert" key={row.seq}>
            <span class="row-main">
              <b>{title(row)}</b>
              {row.sku && <span>{goodsName(row, language)}</span>}
              <span class="row-sub">
                {row.batch && (
                  <>
                    {t("batch")} <span class="code">{row.batch}</span> ·{" "}
                  </>
                )}
                {time(row.raised_ms, language)}
              </span>
            </span>
            <span class="row-side">
              {row.risk_paise > 0 && <b>{moneyRounded(row.risk_paise)}</b>}
              {row.expiry && <LifePill days={row.days_left} />}
            </span>
            <span class="row-actions">
              <button class="button" onClick={() => done(`alerts/${row.seq}/snooze`, { days: SNOOZE_DAYS })}>
                {t("snooze")}
              </button>
              <button
                class="button button-primary"
                onClick={() => done(`alerts/${row.seq}/acknowledge`, {})}
              >
                {t("acknowledge")}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </ListFrame>
  );
}
