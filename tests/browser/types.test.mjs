// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ui = join(dirname(fileURLToPath(import.meta.url)), "../../ui");

test("the screen's TypeScript has no error in strict mode", () => {
  const tsc = spawnSync(process.execPath, [join(ui, "node_modules/typescript/bin/tsc"), "--noEmit"], {
    cwd: ui,
    encoding: "utf8",
  });
  assert.equal(tsc.stdout, "");
  assert.equal(tsc.status, 0);
});

test("every word of the screen is there in both languages, and only in its own script", () => {
  const source = readFileSync(join(ui, "src/words.ts"), "utf8");
  const rows = [...source.matchAll(/^ {2}(\w+): \[\s*"([^"]*)",\s*"([^"]*)",?\s*\],$/gm)];
  assert.ok(rows.length > 50, "the table was not read");
  for (const [, name, english, hindi] of rows) {
    assert.doesNotMatch(english, /[\u0900-\u097f]/, name);
    if (name !== "mrp") assert.match(hindi, /[\u0900-\u097f]/, name);
    const holes = (text) => [...text.matchAll(/\{\d\}/g)].map(String).sort().join();
    assert.equal(holes(hindi), holes(english), name);
  }
});

test("no registry is named in a lock file", () => {
  for (const lock of [join(ui, "package-lock.json"), join(ui, "../tests/browser/package-lock.json")])
    assert.doesNotMatch(readFileSync(lock, "utf8"), /"resolved"/, lock);
});
