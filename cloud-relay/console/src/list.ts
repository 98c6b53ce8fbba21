// SPDX-License-Identifier: GPL-3.0-or-later
// A list of the relay that is walked by pages: as many as were wished for, asked again as one.
import { useState } from "preact/hooks";
import { get } from "./api";
import { useAnswer, type Shown } from "./data";
import type { Answer, GetPath, Places, Query } from "./schema";

type ListPath = {
  [P in GetPath]: Answer<"get", P> extends { items: unknown[]; next: string | null } ? P : never;
}[GetPath];

export interface List<T> extends Shown<T> {
  more(): void;
}

export function useList<P extends ListPath>(
  path: P,
  query: Query<"get", P>,
  types: RegExp | null,
  first = 1,
  places: Places<"get", P> = {} as Places<"get", P>,
): List<Answer<"get", P>> {
  const [pages, setPages] = useState(first);
  const ask = async () => {
    type Items = Answer<"get", P> & { items: unknown[]; next: string | null };
    const page = async (after: string | null): Promise<Items> =>
      (await get(path, {
        places,
        query: { ...query, ...(after === null ? {} : { after }) } as Query<"get", P>,
      })) as Items;
    let all = await page(null);
    for (let n = 1; n < pages && all.next !== null; n++) {
      const more = await page(all.next);
      all = { ...more, items: [...all.items, ...more.items] };
    }
    return all as Answer<"get", P>;
  };
  const key = `${path}${JSON.stringify([places, query])}${pages}`;
  const shown = useAnswer(key, ask, types);
  return { ...shown, more: () => setPages((n) => n + 1) };
}
