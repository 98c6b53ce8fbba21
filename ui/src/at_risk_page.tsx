// SPDX-License-Identifier: Apache-2.0
// Stock that will not sell in time, the most rupees first, with why and what to do.
import { moneyRounded } from "./format";
import { goodsName, LifePill } from "./goods_card";
import { ListFrame } from "./list_frame";
import { useList } from "./list_state";
import { useScreen } from "./screen_context";
import type { RiskRow } from "./types";
import { isWord } from "./words";

function band(score: number): string {
  return score >= 70 ? "high" : score >= 40 ? "middle" : "low";
}

export function AtRiskPage() {
  const { t, language } = useScreen();
  const list = useList<RiskRow>("at-risk");
  const word = (prefix: string, name: string): string => {
    const key = `${prefix}_${name}`;
    return isWord(key) ? t(key) : name.replace(/_/g, " ");
  };
  return (
    <ListFrame title={t("at_risk")} icon="at_risk" list={list} none={t("no_risk")}>
      <ol class="rows">
        {list.rows?.map((row) => (
          <li class="row row-risk" key={`${row.sku}-${row.batch}-${row.expiry}-${row.mrp_paise}`}>
            <span class={`score score-${band(row.score)}`}>
              <b>{row.score}</b>
              <span>{t("score")}</span>
            </span>
            <span class="row-main">
              <b>{goodsName(row, language)}</b>
              <span class="row-sub">
                {row.batch && (
                  <>
                    {t("batch")} <span class="code">{row.batch}</span> ·{" "}
                  </>
                )}
                {row.qty > 0 &&
                  t("units_at_risk", (language === "hi" && row.qty_text_hi) || row.qty_text || row.qty)}
                {row.blocked_units > 0 && ` · ${t("blocked", row.blocked_units)}`}
              </span>
              {row.action && <span class="action">{word("action", row.action)}</span>}
            </span>
            <span class="row-side">
              <b class="rupees">{moneyRounded(row.risk_paise)}</b>
              <LifePill days={row.days_left} />
            </span>
            <dl class="factors">
              {row.factors.map((factor) => (
                <div key={factor.name}>
                  <dt>{word("factor", factor.name)}</dt>
                  <dd>
                    <i class="factor-bar" style={{ "--part": `${Math.min(100, factor.points)}%` }} />
                    {factor.points}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ol>
    </ListFrame>
  );
}
