// SPDX-License-Identifier: GPL-3.0-or-later
// What narrows a list, kept in the page's address: a reload, a link and the back key find it again.
import type { ComponentChildren } from "preact";
import { say, term } from "./language";
import { Choice } from "./parts";
import { setFilter, type Route } from "./route";

export type Option = readonly [value: string, text: string];

export interface Filter {
  name: string;
  label: string;
  options: readonly Option[];
  preset?: string; // what holds while the address says nothing
}

/** The relay's words as options, and before them the one that restricts nothing. */
export function optionsOf(names: readonly string[], all = ""): Option[] {
  return [[all, say("all")], ...names.map((name): Option => [name, term(name)])];
}

export function plainOptions(names: readonly string[]): Option[] {
  return [["", say("all")], ...names.map((name): Option => [name, name])];
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

/** The address's filters as a query: what is empty, or "all", is left out. */
export function queryOf<Name extends string>(
  route: Route,
  names: readonly Name[],
  presets: Partial<Record<Name, string>> = {},
): Partial<Record<Name, string>> {
  const chosen = names
    .map((name) => [name, route.filters.get(name) ?? presets[name] ?? ""] as const)
    .filter(([, value]) => value !== "" && value !== "all");
  return Object.fromEntries(chosen) as Partial<Record<Name, string>>;
}
