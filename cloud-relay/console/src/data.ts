// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows: asked once, asked again when an event says that it may have changed or the link
// is back, and kept on the screen while a newer answer does not come.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get, Problem } from "./api";
import { onEvent, useLink } from "./live";
import type { Answer, GetPath, Places, Query } from "./schema";

const CALM_MS = 1500; // many events lead to one question

export interface Shown<T> {
  data: T | null; // null: not there yet
  problem: Problem | null; // why there is nothing, or nothing newer
  again(): void;
}

export function problemFrom(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "fault", String(error));
}

/** `key` names what is asked: another one begins anew. `types`: events that may change it. */
export function useAnswer<T>(key: string, ask: () => Promise<T>, types: RegExp | null): Shown<T> {
  const [state, setState] = useState<{ key: string; data: T | null; problem: Problem | null }>({
    key,
    data: null,
    problem: null,
  });
  const [turn, setTurn] = useState(0);
  const link = useLink();
  const unheard = useRef(false);
  const again = useCallback(() => setTurn((n) => n + 1), []);

  useEffect(() => {
    let gone = false;
    ask().then(
      (data) => !gone && setState({ key, data, problem: null }),
      (error: unknown) =>
        !gone &&
        setState((now) => ({
          key,
          data: now.key === key ? now.data : null,
          problem: problemFrom(error),
        })),
    );
    return () => {
      gone = true;
    };
  }, [key, turn]);

  useEffect(() => {
    if (!types) return undefined;
    let timer = 0;
    const off = onEvent((event) => {
      if (!types.test(event.type) || timer) return;
      timer = window.setTimeout(() => {
        timer = 0;
        again();
      }, CALM_MS);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [key, types?.source]);

  useEffect(() => {
    // What was asked while nobody listened may have changed unheard.
    if (link !== "live") unheard.current = true;
    else if (unheard.current) {
      unheard.current = false;
      again();
    }
  }, [link]);

  const current = state.key === key;
  return { data: current ? state.data : null, problem: current ? state.problem : null, again };
}

export function useGet<P extends GetPath>(
  path: P,
  args: { places?: Places<"get", P>; query?: Query<"get", P> } = {},
  types: RegExp | null = null,
): Shown<Answer<"get", P>> {
  return useAnswer(path + JSON.stringify(args), () => get(path, args), types);
}
