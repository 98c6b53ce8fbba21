// SPDX-License-Identifier: Apache-2.0
// A list of the station: loading, rows, or why there are none.
import { useCallback, useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { useScreen } from "./screen_context";
import type { Rows } from "./types";
import { isWord } from "./words";

export interface List<T> {
  rows: T[] | null; // null: not there yet
  more: boolean;
  error: string;
  again(): void;
}

export function useList<T>(path: string): List<T> {
  const { t } = useScreen();
  const [state, setState] = useState<{ rows: T[] | null; more: boolean; error: string }>({
    rows: null,
    more: false,
    error: "",
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    api.get<Rows<T>>(path).then(
      ({ rows, more }) => !gone && setState({ rows, more, error: "" }),
      (error: unknown) => {
        if (gone) return;
        const code = error instanceof api.Refusal ? error.code : "lost";
        setState({
          rows: null,
          more: false,
          error: isWord(code) ? t(code) : error instanceof Error ? error.message : code,
        });
      },
    );
    return () => {
      gone = true;
    };
  }, [path, turn]);
  return { ...state, again: useCallback(() => setTurn((n) => n + 1), []) };
}
