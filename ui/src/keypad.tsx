// SPDX-License-Identifier: Apache-2.0
// Typing with gloves: large keys for numbers, PINs and dates; the device's own keyboard for text.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { useScreen } from "./screen_context";
import type { KeypadKind } from "./types";
import type { Word } from "./words";

/** The keys of the last row besides 0. */
function lastRow(kind: KeypadKind, prefix: string): [string, string] {
  if (kind === "date") return ["/", "-"];
  return prefix === "mrp:" ? ["", "."] : ["", ""];
}

const LENGTH_MAX: Record<KeypadKind, number> = { number: 7, pin: 8, date: 10, text: 60 };
/** What is asked for, by what will be sent. */
const names: Record<string, Word> = {
  "worker:": "worker_code",
  "witness:": "worker_code",
  "document:": "document",
  "batch:": "batch",
  "expiry:": "expiry",
  "made:": "made",
  "mrp:": "mrp_rupees",
  "qty:": "pieces",
  "packs:": "packs",
  "bin:": "bin",
  "note:": "note",
  "sku:": "product",
  "pin:": "pin",
};

const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function Keypad({ kind, prefix }: { kind: KeypadKind; prefix: string }) {
  const { t, send, busy, link } = useScreen();
  const [typed, show] = useState("");
  const latest = useRef(""); // keys may come faster than the screen is drawn
  const input = useRef<HTMLInputElement>(null);
  const entered = useRef(false); // Enter came while the last command was still under way
  const off = link === "lost";

  function setTyped(text: string): void {
    latest.current = text;
    show(text);
  }

  function submit(): void {
    if (latest.current === "" || off) return;
    entered.current = busy;
    if (busy) return;
    send(prefix + latest.current);
    setTyped("");
  }

  useLayoutEffect(() => {
    if (!busy && entered.current) submit();
  }, [busy]);

  function add(key: string): void {
    if (latest.current.length < LENGTH_MAX[kind]) setTyped(latest.current + key);
  }

  function erase(): void {
    setTyped(latest.current.slice(0, -1));
  }

  // Keys reach it wherever the focus is: a worker does not look for a field. Before the first paint,
  // so that no key is lost.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target === input.current) return;
      const allowed = "0123456789" + lastRow(kind, prefix).join("");
      if (kind !== "text" && event.key.length === 1 && allowed.includes(event.key)) add(event.key);
      else if (kind !== "text" && event.key === "Backspace") erase();
      else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) submit();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  const name = t(names[prefix] ?? kind);
  const label = kind === "date" ? `${name}: ${t("date_hint")}` : name;
  if (kind === "text")
    return (
      <form
        class="typed"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label for="typed">{label}</label>
        <input
          id="typed"
          ref={input}
          value={typed}
          maxLength={LENGTH_MAX.text}
          autocomplete="off"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button class="button button-primary" disabled={off || typed === ""}>
          {t("enter")}
        </button>
      </form>
    );
  const [left, right] = lastRow(kind, prefix);
  const shown = kind === "pin" ? "•".repeat(typed.length) : typed;
  return (
    <div class="keypad" role="group" aria-label={label}>
      <output class="keypad-shown" aria-label={label} aria-live={kind === "pin" ? "off" : "polite"}>
        {shown || <span class="keypad-hint">{kind === "date" ? t("date_hint") : name}</span>}
      </output>
      {keys.map((key) => (
        <button key={key} class="key" onClick={() => add(key)}>
          {key}
        </button>
      ))}
      {left && (
        <button class="key" onClick={() => add(left)}>
          {left}
        </button>
      )}
      <button class={`key key-zero-${Number(left !== "") + Number(right !== "")}`} onClick={() => add("0")}>
        0
      </button>
      {right && (
        <button class="key" onClick={() => add(right)}>
          {right}
        </button>
      )}
      <button
        class="key key-soft key-erase"
        aria-label={t("erase")}
        onClick={erase}
      >
        <Icon name="erase" />
      </button>
      <button class="key key-soft key-clear" aria-label={t("clear")} onClick={() => setTyped("")}>
        C
      </button>
      <button
        class="key key-enter"
        aria-label={t("enter")}
        disabled={off || typed === ""}
        onClick={submit}
      >
        <Icon name="accept" />
      </button>
    </div>
  );
}
