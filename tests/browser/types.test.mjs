// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const ui = join(here, "../../ui");
const relay = join(here, "../../cloud-relay");

function run(program, args, cwd) {
  const done = spawnSync(process.execPath, [program, ...args], { cwd, encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout + done.stderr);
}

const tsc = join(ui, "node_modules/typescript/bin/tsc");

test("the screen's TypeScript has no error in strict mode", () => {
  run(tsc, ["--noEmit"], ui);
});

test("the console's TypeScript fits the server's document, in strict mode", () => {
  const types = join(relay, "console/src/openapi.d.ts");
  const maker = join(here, "node_modules/openapi-typescript/bin/cli.js");
  run(maker, [join(relay, "api/openapi.yaml"), "--output", types], here);
  run(tsc, ["--noEmit"], join(relay, "console"));
});

test("an event stream is read the same however it is cut", async () => {
  const { transformSync } = createRequire(join(ui, "package.json"))("esbuild");
  const source = readFileSync(join(relay, "console/src/event_stream.ts"), "utf8");
  const { code } = transformSync(source, { loader: "ts", format: "esm" });
  const { EventReader } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const text =
    ": a comment\nid: 7\nevent: CaseOpened\ndata: {}\n\nevent: beat\r\ndata: {}\r\n\r\n" +
    "id: 8\ndata: one\ndata:two\n\nevent: empty\n\nid: 9\ndata: not ended";
  const whole = [
    { id: "7", type: "CaseOpened", data: "{}" },
    { id: "7", type: "beat", data: "{}" },
    { id: "8", type: "message", data: "one\ntwo" },
  ];
  for (let size = 1; size <= text.length; size++) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...reader.take(text.slice(at, at + size)));
    assert.deepEqual(events, whole, `in pieces of ${size}`);
  }
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
