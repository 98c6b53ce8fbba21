// SPDX-License-Identifier: Apache-2.0
/** A key under which one write is sent as often as need be, and has its effect once. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
