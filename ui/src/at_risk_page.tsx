// SPDX-License-Identifier: Apache-2.0
// Stock that dies, the most rupees first, with why and what to do: batches that will not sell in
// time, and products that do not sell; above both, what all of it adds up to.
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { moneyRounded, whole } from "./format";
import { goodsName, LifePill } from "./goods_card";
import { ListFrame } from "./list_frame";
import { useList } from "./list_state";
import { Factors, ScoreBadge } from "./score";
import { useScreen } from "./screen_context";
import { SlowCard, useSpace } from "./slow_card";
import type { RiskRow, RiskTotal, RiskTotals, SlowRow } from "./types";
import { isWord } from "./words";

const parts = ["near_expiry", "dead_and_slow"] as const;
type Part = (typeof parts)[number];

function RiskCard({ row }: { row: RiskRow }) {
  const { t, language } = useScreen();
  const action = `action_${row.action}`;
  return (
    <li class="row row-risk">
      <ScoreBadge score={row.score} />
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
        {row.action && (
          <span class="action">{isWord(action) ? t(action) : row.action.replace(/_/g, " ")}</span>
        )}
      </span>
      <span class="row-side">
        <b class="rupees">{moneyRounded(row.risk_paise)}</b>
        <LifePill days={row.days_left} />
      </span>
      <Factors factors={row.factors} />
    </li>
  );
}

/** null until it is there; without a link the page does without. */
function useTotal(): RiskTotal | null {
  const [total, setTotal] = useState<RiskTotal | null>(null);
  useEffect(() => {
    let gone = false;
    api.get<RiskTotals>("risk-totals").then(
      ({ all }) => !gone && setTotal(all),
      () => undefined, // the list says why
    );
    return () => {
      gone = true;
    };
  }, []);
  return total;
}

function Totals({ total }: { total: RiskTotal }) {
  const { t } = useScreen();
  const { room, places } = useSpace()(total.impact);
  return (
    <dl class="totals">
      <div>
        <dt>{t("rupees_at_risk")}</dt>
        <dd>
          <b>{moneyRounded(total.risk_paise)}</b>
        </dd>
      </div>
      <div>
        <dt>{t("dead_products")}</dt>
        <dd>
          <b>{whole(total.dead_skus)}</b> <span>{t("and_slow", whole(total.slow_skus))}</span>
        </dd>
      </div>
      <div>
        <dt>{t("space_blocked")}</dt>
        <dd>
          <b>{room}</b> <span>{places}</span>
        </dd>
      </div>
    </dl>
  );
}

export function AtRiskPage() {
  const { t } = useScreen();
  const [part, setPart] = useState<Part>("near_expiry");
  const near = useList<RiskRow>("at-risk");
  const slow = useList<SlowRow>("slow-stock");
  const total = useTotal();
  return (
    <ListFrame<RiskRow | SlowRow>
      title={t("at_risk")}
      icon="at_risk"
      list={part === "near_expiry" ? near : slow}
      none={t(part === "near_expiry" ? "no_risk" : "no_slow")}
      head={
        <>
          {total && <Totals total={total} />}
          <div class="parts" role="group" aria-label={t("at_risk")}>
            {parts.map((name) => (
              <button
                key={name}
                class="button"
                aria-pressed={part === name}
                onClick={() => setPart(name)}
              >
                {t(name)}
              </button>
            ))}
          </div>
        </>
      }
    >
      <ol class="rows">
        {part === "near_expiry"
          ? near.rows?.map((row) => (
              <RiskCard key={`${row.sku}-${row.batch}-${row.expiry}-${row.mrp_paise}`} row={row} />
            ))
          : slow.rows?.map((row) => <SlowCard key={row.sku} row={row} />)}
      </ol>
    </ListFrame>
  );
}
