// SPDX-License-Identifier: Apache-2.0
// One question at a time: the prompt, what is known, and what may be answered.
import { useEffect, useState } from "preact/hooks";
import { ItemCard, TargetCard } from "./goods_card";
import { HomePage } from "./home_page";
import { Icon, isIcon, type IconName } from "./icons";
import { Keypad } from "./keypad";
import { useScreen } from "./screen_context";
import type { Answer, Choice, View, WorkView } from "./types";

export function WorkPage({ view, alerts }: { view: View | null; alerts: number }) {
  const { t, setPrefs, prefs } = useScreen();
  if (!view)
    return (
      <main class="page page-locked">
        <div class="prompt" role="status">
          <h1>{t("loading")}</h1>
        </div>
      </main>
    );
  if (view.locked)
    return (
      <main class="page page-locked">
        <div class="prompt">
          <Icon name="lock" />
          <h1>{t("locked_title", view.worker_name ?? "?")}</h1>
        </div>
        <p class="plain">{t("locked_text")}</p>
        <div class="actions">
          <button class="button" onClick={() => setPrefs({ ...prefs, post: "" })}>
            {t("other_post")}
          </button>
        </div>
      </main>
    );
  if (!view.worker) return <SignInPage view={view} />;
  if (view.flow === "") return <HomePage view={view} alerts={alerts} />;
  return <FlowPage view={view} />;
}

export function Prompt({ view }: { view: WorkView }) {
  const { tell, t } = useScreen();
  const icon: IconName = isIcon(view.flow) ? view.flow : view.worker ? "scan" : "worker";
  const text = view.prompt ? tell(view.prompt) : "";
  // A long sentence repeats what the target's card says in larger letters: it may step back.
  const long = text.length > (view.target || view.keypad ? 36 : 48);
  return (
    <div
      class={`prompt ${long ? "prompt-long" : ""} ${view.target && view.item ? "prompt-known" : ""}`}
      aria-live="polite"
    >
      <Icon name={icon} />
      <h1>{text}</h1>
      {(view.document || view.progress) && (
        <div class="progress">
          {view.document && <span class="code">{view.document}</span>}
          {view.progress && (
            <>
              <i
                class="progress-bar"
                style={{ "--done": `${(100 * view.progress.done) / view.progress.total}%` }}
              />
              <span>{t("progress", view.progress.done, view.progress.total)}</span>
            </>
          )}
        </div>
      )}
    </div>
  );
}

export function AnswerBand({ answer }: { answer: Answer | null }) {
  const { tell } = useScreen();
  const tone = answer?.tone ?? "none";
  return (
    <div
      class={`answer answer-${tone}`}
      role={tone === "reject" ? "alert" : "status"}
      aria-atomic="true"
    >
      {answer && (
        <>
          <Icon name={tone === "none" ? "noted" : tone} />
          <span>{tell(answer)}</span>
        </>
      )}
    </div>
  );
}

/** Buttons: those that most will want come last and largest, where the thumb is. */
export function Choices(props: { choices: Choice[]; keys?: { open: boolean; flip(): void } }) {
  const { tell, send, busy, link, t } = useScreen();
  const { choices, keys } = props;
  const ordered = [...choices].sort((a, b) => Number(a.primary) - Number(b.primary));
  if (ordered.length === 0 && !keys) return null;
  return (
    <div class={`actions ${choices.some((c) => c.primary) ? "" : "actions-even"}`}>
      {keys && (
        <button class="button button-keys" aria-expanded={keys.open} onClick={keys.flip}>
          {t(keys.open ? "hide_keys" : "key_in")}
        </button>
      )}
      {ordered.map((choice) => (
        <button
          key={choice.command}
          class={`button ${choice.primary ? "button-primary" : ""} ${
            choice.danger ? "button-danger" : ""
          }`}
          disabled={busy || link === "lost"}
          onClick={() => send(choice.command)}
        >
          {tell(choice.label)}
        </button>
      ))}
    </div>
  );
}

/** Enter takes the primary choice, Escape leaves; the keypad has its own keys. */
function useKeys(view: WorkView): void {
  const { send, busy } = useScreen();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (busy || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const on = event.target instanceof HTMLElement ? event.target.tagName : "";
      const primary = view.choices.find((choice) => choice.primary);
      if (event.key === "Escape") {
        const cancel = view.choices.find((choice) => choice.command === "cancel");
        if (cancel) send(cancel.command);
      } else if (event.key === "Enter" && on !== "BUTTON" && on !== "INPUT") {
        if (primary && !view.keypad) send(primary.command);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [view, busy, send]);
}

function FlowPage({ view }: { view: WorkView }) {
  const { t, tell } = useScreen();
  useKeys(view);
  const keypad = view.keypad;
  // Pieces are counted by scanning them; the keys for it wait behind a button.
  const scanFirst = keypad !== null && keypad.prefix === "qty:" && (view.item ?? view.target) !== null;
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(false), [view.version]);
  const keysShown = keypad !== null && (!scanFirst || opened);
  const known = view.item || view.target;
  return (
    <main class={`page page-flow ${keysShown ? "with-keypad" : ""}`}>
      <section class="side-said">
        <Prompt view={view} />
        <AnswerBand answer={view.answer} />
        {!known && !keysShown && (
          <div class="ready">
            <Icon name="scan" />
          </div>
        )}
        {known && (
          <div class="cards" tabIndex={0} role="group" aria-label={t("in_hand")}>
            {view.target && (
              <TargetCard item={view.target} flow={view.flow} slim={view.item !== null} />
            )}
            {view.item && <ItemCard item={view.item} titled={view.target !== null} />}
          </div>
        )}
      </section>
      <section class="side-asked">
        {keypad && keysShown && (
          <Keypad key={keypad.prefix} kind={keypad.kind} prefix={keypad.prefix} />
        )}
        {!keysShown && view.recent.length > 0 && (
          <div class="recent">
            <h2>{t("recent")}</h2>
            <ol>
              {view.recent.map((m, i) => (
                <li key={`${view.version}-${i}`}>{tell(m)}</li>
              ))}
            </ol>
          </div>
        )}
        {scanFirst ? (
          <Choices
            choices={view.choices}
            keys={{ open: opened, flip: () => setOpened(!opened) }}
          />
        ) : (
          <Choices choices={view.choices} />
        )}
      </section>
    </main>
  );
}

function SignInPage({ view }: { view: WorkView }) {
  useKeys(view);
  return (
    <main class="page page-flow with-keypad">
      <section class="side-said">
        <Prompt view={view} />
        <AnswerBand answer={view.answer} />
        <div class="ready">
          <Icon name="scan" />
        </div>
      </section>
      <section class="side-asked">
        {view.keypad && (
          <Keypad key={view.keypad.prefix} kind={view.keypad.kind} prefix={view.keypad.prefix} />
        )}
        <Choices choices={view.choices} />
      </section>
    </main>
  );
}
