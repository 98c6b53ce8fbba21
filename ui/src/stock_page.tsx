// SPDX-License-Identifier: Apache-2.0
// What lies here: products, and behind each its batches and bins, first to expire first.
import { useEffect, useState } from "preact/hooks";
import { date, money } from "./format";
import { Icon } from "./icons";
import { goodsName, LifePill } from "./goods_card";
import { ListFrame } from "./list_frame";
import { useList } from "./list_state";
import { useScreen } from "./screen_context";
import type { LotRow, StockRow } from "./types";
import { isWord } from "./words";

const TYPING_MS = 250;

export function StockPage() {
  const [sku, setSku] = useState("");
  return sku ? <Lots sku={sku} close={() => setSku("")} /> : <Products open={setSku} />;
}

function Products({ open }: { open(sku: string): void }) {
  const { t, language } = useScreen();
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const list = useList<StockRow>(`stock?text=${encodeURIComponent(text)}`);
  return (
    <ListFrame
      title={t("stock")}
      icon="stock"
      list={list}
      none={t("none_found")}
      head={
        <div class="search">
          <label for="search">{t("search")}</label>
          <input
            id="search"
            type="search"
            value={typed}
            maxLength={40}
            autocomplete="off"
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
      }
    >
      <ul class="rows">
        {list.rows?.map((row) => (
          <li key={row.sku}>
            <button class="row row-button" onClick={() => open(row.sku ?? "")}>
              <span class="row-main">
                <b>{goodsName(row, language)}</b>
                <span class="row-sub code">{row.sku}</span>
              </span>
              <span class="row-side">
                <b>{(language === "hi" && row.qty_text_hi) || row.qty_text || row.qty}</b>
                <LifePill days={row.days_left} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </ListFrame>
  );
}

function Lots({ sku, close }: { sku: string; close(): void }) {
  const { t, language } = useScreen();
  const list = useList<LotRow>(`stock?sku=${encodeURIComponent(sku)}`);
  const first = list.rows?.[0];
  return (
    <ListFrame
      title={first ? goodsName(first, language) : sku}
      icon="stock"
      list={list}
      none={t("none_found")}
      head={
        <button class="button list-up" onClick={close}>
          <Icon name="back" />
          {t("stock")}
        </button>
      }
    >
      <ul class="rows">
        {list.rows?.map((lot) => (
          <li class="row" key={`${lot.bin}-${lot.batch}-${lot.expiry}-${lot.mrp_paise}-${lot.status}`}>
            <span class="row-bin code">{lot.bin}</span>
            <span class="row-main">
              <b>{(language === "hi" && lot.qty_text_hi) || lot.qty_text || lot.qty}</b>
              <span class="row-sub">
                {lot.batch && (
                  <>
                    {t("batch")} <span class="code">{lot.batch}</span>
                  </>
                )}
                {lot.mrp_paise > 0 && ` · ${t("mrp")} ${money(lot.mrp_paise)}`}
              </span>
            </span>
            <span class="row-side">
              {lot.expiry && <span>{date(lot.expiry, language)}</span>}
              <LifePill days={lot.days_left} />
              {lot.status !== "sellable" && (
                <span class="status">{isWord(lot.status) ? t(lot.status) : lot.status}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </ListFrame>
  );
}
