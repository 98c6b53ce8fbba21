// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
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
  const source = readFileSync(join(relay, "console/src/event_stream.ts"), "utf8");
  const { code } = esbuild.transformSync(source, { loader: "ts", format: "esm" });
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

const consoleSources = join(relay, "console/src");
const esbuild = createRequire(join(ui, "package.json"))("esbuild");

async function consoleWords() {
  const rows = {};
  for (const name of readdirSync(consoleSources).filter((n) => /^words_\w+\.ts$/.test(n))) {
    const source = readFileSync(join(consoleSources, name), "utf8");
    const { code } = esbuild.transformSync(source, { loader: "ts", format: "esm" });
    const tables = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    for (const table of Object.values(tables))
      for (const [word, row] of Object.entries(table)) {
        assert.ok(!(word in rows), `${word} stands in two tables`);
        rows[word] = row;
      }
  }
  return rows;
}

test("every word of the console is there in three languages, each in its own script", async () => {
  const rows = await consoleWords();
  assert.ok(Object.keys(rows).length > 300, "the tables were not read");
  const holes = (text) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join();
  // Names of standards, and what is only holes, look the same everywhere.
  const alike = /^(?:[A-Z]{2,5}|true|false|[{}\d:,. ]*)$/;
  for (const [word, row] of Object.entries(rows)) {
    assert.equal(row.length, 3, word);
    assert.doesNotMatch(row[0], /[\u0900-\u097f]/, word);
    for (const text of row) {
      assert.ok(text.split("|").length <= 2, word);
      for (const form of text.split("|")) assert.equal(holes(form), holes(row[0].split("|")[0]), word);
    }
    for (const text of row.slice(1))
      if (!alike.test(row[0])) assert.match(text, /[\u0900-\u097f]/, `${word}: ${text}`);
  }
});

test("no word of the console is left over", async () => {
  const sources = readdirSync(consoleSources)
    .filter((name) => /\.tsx?$/.test(name) && !/^(words|openapi)/.test(name))
    .map((name) => readFileSync(join(consoleSources, name), "utf8"))
    .join("\n");
  const composed = /^(t_|repair_letter|drop_letter)/; // found by what the relay says
  const unused = Object.keys(await consoleWords()).filter(
    (word) => !composed.test(word) && !new RegExp(`[^\\w]${word}[^\\w]`).test(sources),
  );
  assert.deepEqual(unused, []);
});

// What a telephone on a bad link fetches once, in bytes as they are compressed.
const budget = { "console.js": 56000, "console.css": 6000, "console-hi.json": 12000 };

test("the console stays within its budget of bytes", () => {
  const folder = process.env.CONSOLE_FILES;
  assert.ok(folder, "CONSOLE_FILES names the folder of the built console");
  for (const [name, most] of Object.entries(budget)) {
    const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
    assert.ok(bytes <= most, `${name}: ${bytes} bytes, at most ${most}`);
  }
});

test("no registry is named in a lock file", () => {
  for (const lock of [join(ui, "package-lock.json"), join(ui, "../tests/browser/package-lock.json")])
    assert.doesNotMatch(readFileSync(lock, "utf8"), /"resolved"/, lock);
});
