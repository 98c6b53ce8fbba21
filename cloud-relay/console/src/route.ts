// SPDX-License-Identifier: GPL-3.0-or-later
// Pages by the address's hash, "#/page/id?filter=value": back, forward, reload and links all work,
// and no page's name reaches the server.
import { useEffect, useState } from "preact/hooks";

export interface Route {
  page: string;
  id: string;
  filters: URLSearchParams;
}

function read(): Route {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/");
  return { page, id: decodeURIComponent(rest.join("/")), filters: new URLSearchParams(query) };
}

export function href(page: string, id = "", filters: Record<string, string> = {}): string {
  const args = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ""));
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ""}${String(args) ? `?${args}` : ""}`;
}

/** Changes one filter of the page that is open, without a step for the back key. */
export function setFilter(name: string, value: string): void {
  const { page, id, filters } = read();
  if (value) filters.set(name, value);
  else filters.delete(name);
  history.replaceState(null, "", href(page, id, Object.fromEntries(filters)));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = () => setRoute(read());
    addEventListener("hashchange", changed);
    changed();
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}
