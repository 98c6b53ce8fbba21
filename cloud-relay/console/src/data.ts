// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows: asked once, asked again when an event says that it may have changed or the link
// is back, and kept on the screen while a newer answer does not come. On a slow link it asks less
// often, and not at all while nobody looks.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get, Problem } from "./api";
import { onEvent, useLink } from "./live";
import { onSession } from "./session";
import type { Answer, GetPath, Places, Query } from "./schema";

const CALM_MS = 1500; // many events lead to one question
const CALM_SHARE = 5; // and no more than this share of the time goes to asking
const RETRY_MS = 5000;
const KEPT_MAX = 24;

export interface Shown<T> {
  data: T | null; // null: not there yet
  at: number; // when it came, by this device's clock
  problem: Problem | null; // why there is nothing, or nothing newer
  again(): void;
}

interface Kept {
  data: unknown;
  at: number;
}

// The latest answers, so that going back shows at once what was there, and its age.
const kept = new Map<string, Kept>();
onSession((next) => next ?? kept.clear());

function keep(key: string, data: unknown, at: number): void {
  kept.delete(key);
  kept.set(key, { data, at });
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
}

export function problemFrom(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem(0, "fault", error instanceof Error ? error.message : String(error));
}

/** Runs `again` when an event of these types came: not at once for each, and only for eyes. */
function useEvents(types: RegExp | null, again: () => void, took: { current: number }): void {
  useEffect(() => {
    if (!types) return undefined;
    let timer = 0;
    let missed = false;
    const soon = () => {
      if (timer) return;
      timer = window.setTimeout(
        () => {
          timer = 0;
          if (document.hidden) missed = true;
          else again();
        },
        Math.max(CALM_MS, CALM_SHARE * took.current),
      );
    };
    const seen = () => {
      if (document.hidden || !missed) return;
      missed = false;
      again();
    };
    const off = onEvent((event) => types.test(event.type) && soon());
    document.addEventListener("visibilitychange", seen);
    return () => {
      off();
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(timer);
    };
  }, [types?.source]);
}

interface State<T> extends Kept {
  key: string;
  data: T | null;
  problem: Problem | null;
}

/** `key` names what is asked: another one begins anew. `types`: events that may change it. */
export function useAnswer<T>(key: string, ask: () => Promise<T>, types: RegExp | null): Shown<T> {
  const before = (): State<T> => {
    const old = kept.get(key);
    return { key, data: (old?.data as T | undefined) ?? null, at: old?.at ?? 0, problem: null };
  };
  const [state, setState] = useState<State<T>>(before);
  const [turn, setTurn] = useState(0);
  const link = useLink();
  const unheard = useRef(false);
  const took = useRef(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);

  useEffect(() => {
    let gone = false;
    let timer = 0;
    const began = Date.now();
    ask().then(
      (data) => {
        const at = Date.now();
        took.current = at - began;
        keep(key, data, at);
        if (!gone) setState({ key, data, at, problem: null });
      },
      (error: unknown) => {
        if (gone) return;
        const problem = problemFrom(error);
        setState((now) => ({ ...(now.key === key ? now : before()), problem }));
        // A live link with a lost answer: the next event may be far.
        if (problem.status === 0 || problem.status === 503)
          timer = window.setTimeout(again, RETRY_MS);
      },
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [key, turn]);

  useEvents(types, again, took);

  useEffect(() => {
    // What was asked while nobody listened may have changed unheard.
    if (link !== "live") unheard.current = true;
    else if (unheard.current) {
      unheard.current = false;
      if (types || state.problem) again();
    }
  }, [link]);

  const now = state.key === key ? state : before();
  return { data: now.data, at: now.at, problem: now.problem, again };
}

export function useGet<P extends GetPath>(
  path: P,
  args: { places?: Places<"get", P>; query?: Query<"get", P> } = {},
  types: RegExp | null = null,
): Shown<Answer<"get", P>> {
  return useAnswer(path + JSON.stringify(args), () => get(path, args), types);
}
