// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to the relay, typed by its document. An access token that is over is renewed once, for
// all requests that wait; a write is repeated under its key while the link fails, so that a lost
// answer never decides twice.
import { idempotencyKey } from "../../../ui/shared/idempotency_key";
import { say } from "./language";
import type { Answer, Body, GetPath, Method, Places, Query, Schema, WritePath } from "./schema";
import { session, setSession, type Session } from "./session";

const TRIES = 4;
const PAUSE_MS = 700;
const PATIENCE_MS = 30000; // the server promises answers below 2 s

/** What the server, or the way to it, says against a request, in words for people. */
export class Problem extends Error {
  constructor(
    readonly status: number, // 0: no answer came
    readonly code: string,
    message: string,
    readonly where: string | null = null,
    readonly allowed: string | null = null,
    readonly trace = "",
  ) {
    super(message);
  }
}

const noAnswer = () => new Problem(0, "no_answer", say("no_answer"));

async function problemOf(response: Response): Promise<Problem> {
  const told = (await response.json().catch(() => null)) as Partial<Schema<"Problem">> | null;
  const code = (told?.type ?? "").replace("urn:vyapar:", "");
  return new Problem(
    response.status,
    code,
    told?.detail || told?.title || say("answered", String(response.status)),
    told?.where ?? null,
    told?.allowed ?? null,
    told?.traceId ?? "",
  );
}

export function address(path: string, places: object = {}, query: object = {}): string {
  const named = new Map<string, unknown>(Object.entries(places));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(named.get(name))),
  );
  const args = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "" && value !== null) args.set(name, String(value));
  return String(args) ? `${filled}?${args}` : filled;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(url, { ...init, credentials: "omit", signal: patience.signal });
  } catch {
    throw noAnswer();
  } finally {
    clearTimeout(timer);
  }
}

let renewing: Promise<void> | null = null;

async function renew(): Promise<void> {
  const now = session();
  if (!now) throw new Problem(401, "signed_out", say("please_sign_in"));
  const response = await send("/api/v1/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ refreshToken: now.refreshToken }),
  });
  const renewed = response.ok ? ((await response.json()) as Session) : null;
  if (session() !== now) return; // left, or signed in anew, meanwhile
  if (renewed) setSession(renewed);
  else if (response.status === 401 || response.status === 403) {
    setSession(null);
    throw new Problem(401, "signed_out", say("session_ended"));
  } else throw await problemOf(response);
}

export function renewOnce(): Promise<void> {
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

/** A request in the name of the user; resolves with a good response alone. */
export async function authorised(
  url: string,
  init: RequestInit,
  streams = false,
): Promise<Response> {
  for (let renewed = false; ; renewed = true) {
    const headers = {
      ...(init.headers as Record<string, string> | undefined),
      Authorization: `Bearer ${session()?.accessToken ?? ""}`,
    };
    const response = streams
      ? await fetch(url, { ...init, credentials: "omit", headers })
      : await send(url, { ...init, headers });
    if (response.ok) return response;
    if (response.status !== 401 || renewed) throw await problemOf(response);
    await renewOnce();
  }
}

export async function get<P extends GetPath>(
  path: P,
  args: { places?: Places<"get", P>; query?: Query<"get", P> } = {},
): Promise<Answer<"get", P>> {
  const url = address(path, args.places, args.query);
  return (await authorised(url, { method: "GET" })).json() as Promise<Answer<"get", P>>;
}

export async function write<M extends Exclude<Method, "get">, P extends WritePath<M>>(
  method: M,
  path: P,
  args: { places?: Places<M, P>; body?: Body<M, P> } = {},
): Promise<Answer<M, P>> {
  const url = address(path, args.places);
  const key = idempotencyKey();
  for (let left = TRIES; ; left--) {
    try {
      const init: RequestInit = {
        method: method.toUpperCase(),
        headers: { "Idempotency-Key": key },
      };
      if (method !== "delete") {
        init.headers = { "Idempotency-Key": key, "Content-Type": "application/json" };
        init.body = JSON.stringify(args.body ?? {});
      }
      return (await (await authorised(url, init)).json()) as Answer<M, P>;
    } catch (error) {
      if (error instanceof Problem && error.code === "signed_out")
        throw new Problem(401, error.code, say("sign_in_to_send"));
      const again = error instanceof Problem && (error.status === 0 || error.status === 503);
      if (!again || left <= 1) throw error;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

export async function signIn(tenant: string, user: string, password: string): Promise<void> {
  const response = await send("/api/v1/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ tenant, user, password }),
  });
  if (!response.ok) throw await problemOf(response);
  setSession((await response.json()) as Session);
}

/** Ends the session here in any case, and at the relay when it can be reached. */
export async function signOut(): Promise<void> {
  try {
    await write("post", "/api/v1/logout");
  } catch {
    // The tokens are forgotten here; at the relay they end by themselves.
  }
  setSession(null, true);
}
