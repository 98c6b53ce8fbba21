// SPDX-License-Identifier: Apache-2.0
// The screen as a whole: which post it serves, the live view, and which page is open.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import * as api from "./api";
import { AlertsPage } from "./alerts_page";
import { AtRiskPage } from "./at_risk_page";
import { watch, type Link, type Live } from "./live";
import { MorePage } from "./more_page";
import { PostPage } from "./post_page";
import * as prefsStore from "./prefs";
import { ScreenContext, type Page, type Screen } from "./screen_context";
import { play, speak } from "./sound";
import { StockPage } from "./stock_page";
import { TopBar } from "./top_bar";
import type { AlertRow, MessageRow, Rows, View } from "./types";
import { isWord, say, sentence, toLanguage, type Messages } from "./words";
import { WorkPage } from "./work_page";

const ALERTS_MS = 60000;

/** Pages by the address's hash, so that the browser's own back key works. */
function usePage(): [Page, (page: Page) => void] {
  const read = (): Page => {
    const name = location.hash.slice(1);
    return name === "stock" || name === "at_risk" || name === "alerts" || name === "more"
      ? name
      : "work";
  };
  const [page, setPage] = useState<Page>(read);
  useEffect(() => {
    const changed = () => setPage(read());
    addEventListener("hashchange", changed);
    changed(); // it may have changed before anyone listened
    return () => removeEventListener("hashchange", changed);
  }, []);
  return [
    page,
    (to) => {
      location.hash = to === "work" ? "" : to;
    },
  ];
}

function useMessages(): Messages {
  const [messages, setMessages] = useState<Messages>(new Map());
  useEffect(() => {
    let timer = 0;
    const fetchAll = (): void => {
      api.get<Rows<MessageRow>>("messages").then(
        ({ rows }) => setMessages(new Map(rows.map((row) => [row.code, row]))),
        () => (timer = window.setTimeout(fetchAll, 2000)),
      );
    };
    fetchAll();
    return () => clearTimeout(timer);
  }, []);
  return messages;
}

function useAlertCount(mayAsk: boolean, page: Page): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!mayAsk) {
      setCount(0);
      return undefined;
    }
    const ask = (): void => {
      api.get<Rows<AlertRow>>("alerts").then(
        ({ rows }) => setCount(rows.length),
        () => undefined, // it keeps the last number
      );
    };
    ask();
    const timer = setInterval(ask, ALERTS_MS);
    return () => clearInterval(timer);
  }, [mayAsk, page]);
  return count;
}

export function App() {
  const [prefs, setPrefsState] = useState(prefsStore.load);
  const [view, setView] = useState<View | null>(null);
  const [link, setLink] = useState<Link>("connecting");
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState("");
  const [page, go] = usePage();
  const messages = useMessages();
  const live = useRef<Live | null>(null);
  const run = useRef("");

  const language = toLanguage(view?.language);
  const working = view !== null && !view.locked && view.worker !== null;
  const alerts = useAlertCount(working && view.flow !== "count", page);

  const setPrefs = useCallback((next: prefsStore.Prefs) => {
    prefsStore.save(next);
    setPrefsState(next);
  }, []);

  useEffect(() => {
    setView(null);
    if (!prefs.post) return undefined;
    let gone = false;
    // A panel gets its session here; other screens are answered without one.
    const start = (): void => {
      if (gone) return;
      live.current = watch(
        prefs.post,
        (next, nextRun) => {
          setView((now) =>
            now && nextRun === run.current && next.version < now.version ? now : next,
          );
          run.current = nextRun;
        },
        setLink,
      );
    };
    api.pair<View>(prefs.post).then(start, (error: unknown) => {
      if (error instanceof api.Refusal && error.status === 404)
        setPrefs({ ...prefs, post: "" });
      else start();
    });
    return () => {
      gone = true;
      live.current?.close();
    };
  }, [prefs.post]);

  const send = useCallback(
    (text: string) => {
      setBusy(true);
      setNotice("");
      api
        .command(prefs.post, text)
        .then(
          (answer) => {
            setView((now) =>
              now && answer.view.version < now.version ? now : answer.view,
            );
            // The cookie may be a new one: the stream must carry it, or it stays locked.
            if (/^(worker:|pin:|sign_out)/.test(text)) live.current?.restart();
          },
          (error: unknown) => {
            play("reject");
            setNotice(
              !(error instanceof api.Refusal)
                ? say(language, "not_sent")
                : isWord(error.code)
                  ? say(language, error.code)
                  : say(language, "refused", error.message),
            );
          },
        )
        .finally(() => setBusy(false));
    },
    [prefs.post, language],
  );

  useSounds(view, prefs, messages);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const screen = useMemo<Screen>(
    () => ({ language, messages, link, busy, prefs, setPrefs, send, go }),
    [language, messages, link, busy, prefs, setPrefs, send],
  );

  const shown: Page = working ? page : page === "more" ? "more" : "work";
  return (
    <ScreenContext.Provider value={screen}>
      {!prefs.post ? (
        <PostPage />
      ) : (
        <div class={`screen link-${link}`}>
          <TopBar view={view} page={shown} alerts={alerts} />
          {link === "lost" && (
            <p class="banner banner-lost" role="alert">
              {say(language, "lost_text")}
            </p>
          )}
          {notice && (
            <p class="banner banner-reject" role="alert">
              {notice}
            </p>
          )}
          {shown === "work" && <WorkPage view={view} alerts={alerts} />}
          {shown === "stock" && <StockPage />}
          {shown === "at_risk" && <AtRiskPage />}
          {shown === "alerts" && <AlertsPage />}
          {shown === "more" && <MorePage working={working} />}
        </div>
      )}
    </ScreenContext.Provider>
  );
}

/** Sounds each new answer once, and speaks each new prompt once. */
function useSounds(view: View | null, prefs: prefsStore.Prefs, messages: Messages): void {
  const last = useRef({ answers: -1, prompt: "" });
  useEffect(() => {
    if (!view || view.locked) return;
    const first = last.current.answers < 0;
    const changed = view.answers !== last.current.answers;
    last.current.answers = view.answers;
    if (changed && !first && prefs.sound && view.answer) play(view.answer.tone);
    const language = toLanguage(view.language);
    const prompt = view.prompt ? sentence(messages, language, view.prompt) : "";
    if (prompt !== last.current.prompt && prefs.speech && !first) speak(prompt, language);
    last.current.prompt = prompt;
  }, [view, prefs.sound, prefs.speech, messages]);
}
