// SPDX-License-Identifier: GPL-3.0-or-later
// What narrows a list, kept in the page's address: a reload, a link and the back key find it again.
import type { ComponentChildren } from "preact";
import { say, term } from "./language";
import { Choice } from "./parts";
import { setFilter, type Route } from "./route";
import type { GetPath, Query } from "./schema";

export type Option = readonly [value: string, text: string];

export interface Filter {
  name: string;
  label: string;
  options: readonly Option[];
  preset?: string; // what holds while the address says nothing
}

/** Among the relay's words. With a preset, "all" is what restricts nothing. */
export function wordFilter(
  name: "action" | "kind" | "state",
  words: readonly string[],
  preset = "",
): Filter {
  const all: Option = [preset && "all", say("all")];
  return {
    name,
    label: say(name),
    options: [all, ...words.map((word): Option => [word, term(word)])],
    preset,
  };
}

/** Among names that stand as they are. */
export function nameFilter(name: "category" | "territory", names: readonly string[]): Filter {
  return {
    name,
    label: say(name),
    options: [["", say("all")], ...names.map((one): Option => [one, one])],
  };
}

export function Filters(props: {
  route: Route;
  of: readonly Filter[];
  children?: ComponentChildren;
}) {
  return (
    <div class="tools">
      {props.of.map(({ name, label, options, preset }) => (
        <Choice
          key={name}
          label={label}
          value={props.route.filters.get(name) ?? preset ?? ""}
          options={options}
          onChange={(value) => setFilter(name, value)}
        />
      ))}
      {props.children}
    </div>
  );
}

/** The address's filters as a query: what is empty, or "all", is left out. What an old link holds
 * is for the relay to refuse. */
export function queryOf<P extends GetPath>(
  route: Route,
  filters: readonly Pick<Filter, "name" | "preset">[],
): Query<"get", P> {
  const chosen = filters
    .map(({ name, preset }) => [name, route.filters.get(name) ?? preset ?? ""] as const)
    .filter(([, value]) => value !== "" && value !== "all");
  return Object.fromEntries(chosen) as Query<"get", P>;
}
