// SPDX-License-Identifier: Apache-2.0
// Goods as a worker checks them against the pack: what is printed on it, and how long it lives.
import { date, daysLeft, life, money } from "./format";
import { useScreen } from "./screen_context";
import type { Item } from "./types";

export function LifePill({ days }: { days: number | null }) {
  const { language } = useScreen();
  return <span class={`life life-${life(days)}`}>{daysLeft(days, language)}</span>;
}

export function goodsName(
  goods: { sku: string | null; name: string | null; name_hi: string | null },
  language: string,
): string {
  return (language === "hi" && goods.name_hi) || goods.name || goods.sku || "";
}

function Facts({ item, withBin }: { item: Item; withBin: boolean }) {
  const { t, language } = useScreen();
  const bestBefore = item.expiry_kind === "best_before";
  return (
    <dl class="facts">
      {item.batch && (
        <div>
          <dt>{t("batch")}</dt>
          <dd class="code">{item.batch}</dd>
        </div>
      )}
      {item.mrp_paise > 0 && (
        <div>
          <dt>{t("mrp")}</dt>
          <dd>{money(item.mrp_paise)}</dd>
        </div>
      )}
      {withBin && item.bin && (
        <div>
          <dt>{t("bin")}</dt>
          <dd class="code">{item.bin}</dd>
        </div>
      )}
      {item.expiry && (
        <div class="fact-wide">
          <dt>{t(bestBefore ? "best_before" : "expiry")}</dt>
          <dd>
            {date(item.expiry, language)} <LifePill days={item.days_left} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** Flows whose target is goods to take away from where they lie. */
const takes = new Set(["pick", "dispatch", "send_back"]);

/** What is wanted: where to go in letters that read across the aisle. With goods in hand it steps
 * back to one line. */
export function TargetCard({ item, flow, slim }: { item: Item; flow: string; slim: boolean }) {
  const { t, language } = useScreen();
  const qty = item.qty_text ?? (item.qty > 0 ? String(item.qty) : "");
  if (slim)
    return (
      <article class="card card-slim">
        {item.bin && <b>{item.bin}</b>}
        {qty && (
          <span>
            {takes.has(flow) && t("take")} {qty}
          </span>
        )}
      </article>
    );
  return (
    <article class="card card-target">
      {item.bin && (
        <div class="target-bin">
          <span>{t("bin")}</span>
          <b>{item.bin}</b>
        </div>
      )}
      <div class="target-goods">
        {qty && (
          <p class="target-qty">
            {takes.has(flow) && <span>{t("take")}</span>} <b>{qty}</b>
          </p>
        )}
        <h2>{goodsName(item, language)}</h2>
        <Facts item={item} withBin={false} />
      </div>
    </article>
  );
}

export function ItemCard({ item, titled }: { item: Item; titled: boolean }) {
  const { t, language } = useScreen();
  return (
    <article class="card card-item">
      {titled && <p class="card-title">{t("in_hand")}</p>}
      <h2>{goodsName(item, language)}</h2>
      {(item.qty_text || item.qty > 0) && <p class="item-qty">{item.qty_text ?? item.qty}</p>}
      <Facts item={item} withBin={true} />
    </article>
  );
}
