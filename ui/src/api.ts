// SPDX-License-Identifier: Apache-2.0
// Requests to the station. A command carries an Idempotency-Key and is repeated under it while the
// link fails, so that a lost reply never books twice.
import { idempotencyKey } from "../shared/idempotency_key";
import type { CommandAnswer } from "./types";

const TRIES = 4;
const PAUSE_MS = 600;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const { error, message } = (body ?? {}) as { error?: string; message?: string };
  throw new Refusal(response.status, error ?? "unknown", message ?? response.statusText);
}

export async function get<T>(path: string): Promise<T> {
  return read<T>(await fetch(`/api/v1/${path}`, { credentials: "same-origin" }));
}

async function post<T>(path: string, body: object, key?: string): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  return read<T>(
    await fetch(`/api/v1/${path}`, {
      method: "POST",
      credentials: "same-origin",
      headers,
      body: JSON.stringify(body),
    }),
  );
}

export function pair<T>(postName: string): Promise<T> {
  return post<T>(`posts/${postName}/pair`, {});
}

export function act(path: string, body: object = {}): Promise<object> {
  return post<object>(path, body);
}

export async function command(postName: string, text: string): Promise<CommandAnswer> {
  const once = idempotencyKey();
  for (let left = TRIES; ; left--) {
    try {
      return await post<CommandAnswer>(`posts/${postName}/commands`, { command: text }, once);
    } catch (error) {
      // A refusal is an answer; 503, a dead link, and a command that waits for its commit are not.
      const repeat =
        !(error instanceof Refusal) || error.status === 503 || error.code === "in_progress";
      if (!repeat || left <= 1) throw error;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}
