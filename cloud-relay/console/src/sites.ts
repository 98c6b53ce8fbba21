// SPDX-License-Identifier: GPL-3.0-or-later
import { useGet } from "./data";
import type { Filter } from "./filters";
import { say } from "./language";
import type { Schema } from "./schema";

export interface Sites {
  all: Schema<"Site">[];
  nameOf(site: string): string;
}

export function useSites(): Sites {
  const sites = useGet("/api/v1/sites", {}, /^Site/);
  const all = sites.data?.items ?? [];
  const names = new Map(all.map((s) => [s.site, s.name]));
  return { all, nameOf: (site) => names.get(site) ?? site };
}

export function siteFilter(sites: Sites): Filter {
  const options = sites.all.map((s) => [s.site, s.name] as const);
  return { name: "site", label: say("site"), options: [["", say("all")], ...options] };
}
