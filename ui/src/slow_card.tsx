// SPDX-License-Identifier: Apache-2.0
// A product that is dead or slow: since when, how sure that is, and what leaving it there costs.
import { litres, money, moneyRounded, perDay, whole } from "./format";
import { goodsName } from "./goods_card";
import { Factors, ScoreBadge } from "./score";
import { useScreen } from "./screen_context";
import type { Impact, SlowRow } from "./types";
import { isWord } from "./words";

export function useSpace(): (impact: Impact) => { room: string; places: string } {
  const { t } = useScreen();
  return ({ blocked_ml, blocked_pallets }) => ({
    room: t("litres", litres(blocked_ml)),
    places: blocked_pallets === 1 ? t("one_pallet") : t("pallets", whole(blocked_pallets)),
  });
}

const costs = ["carrying", "opportunity", "disposal", "transport"] as const;

function Costs({ impact, days }: { impact: Impact; days: number }) {
  const { t } = useScreen();
  return (
    <div class="costs">
      <p>{t("leaving_costs", days)}</p>
      <dl>
        {[...costs, "total" as const].map((cost) => (
          <div key={cost} class={`cost-${cost}`}>
            <dt>{t(`cost_${cost}`)}</dt>
            <dd>{money(impact[`${cost}_paise`])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export function SlowCard({ row }: { row: SlowRow }) {
  const { t, language } = useScreen();
  const { room, places } = useSpace()(row.impact);
  const status = `status_${row.status}`;
  const idle =
    row.idle_days === 0
      ? t("sold_lately")
      : row.idle_days === 1
        ? t("one_idle_day")
        : t("idle_days", whole(row.idle_days));
  const now = perDay(row.velocity_milli);
  return (
    <li class="row row-risk row-slow">
      <ScoreBadge score={row.score} />
      <span class="row-main">
        <b>{goodsName(row, language)}</b>
        <span class="slow-said">
          <span class={`status status-${row.status}`}>
            {isWord(status) ? t(status) : row.status}
          </span>
          <span class="slow-idle">{idle}</span>
        </span>
        <span class="row-sub">
          {(language === "hi" && row.qty_text_hi) || row.qty_text || whole(row.qty)} ·{" "}
          {row.earlier_milli === null
            ? t("speed_only", now)
            : t("speed", now, perDay(row.earlier_milli))}{" "}
          · {t("no_sale_chance", Math.round(row.no_sale_permille / 10), row.horizon_days)}
        </span>
      </span>
      <span class="row-side">
        <span class="tied">
          <b class="rupees">{moneyRounded(row.landed_paise)}</b> {t("tied_up")}
        </span>
        <span class="row-sub">
          {room} · {places}
        </span>
      </span>
      <Factors factors={row.factors} />
      <Costs impact={row.impact} days={row.horizon_days} />
    </li>
  );
}
