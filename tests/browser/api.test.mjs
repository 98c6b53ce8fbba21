// SPDX-License-Identifier: Apache-2.0
// The HTTP server by itself: what it refuses, and who may do what.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { Station } from "./harness.mjs";

let station;
before(async () => (station = await new Station().start()));
after(() => station.remove());

/** One request as it stands: nothing is tidied as a browser would. */
function ask(method, path, { headers = {}, body } = {}) {
  return new Promise((done, failed) => {
    const r = request(
      { host: "127.0.0.1", port: station.port, method, path, headers },
      (response) => {
        let text = "";
        response.on("data", (part) => (text += part));
        response.on("end", () =>
          done({ status: response.statusCode, headers: response.headers, text }),
        );
      },
    );
    r.on("error", failed);
    r.end(body);
  });
}

const json = { "Content-Type": "application/json" };

function post(path, value, headers = {}) {
  return ask("POST", path, { headers: { ...json, ...headers }, body: JSON.stringify(value) });
}

function command(name, text, headers) {
  return post(`/api/v1/posts/${name}/commands`, { command: text }, headers);
}

async function signedIn(name, worker) {
  await command(name, `worker:${worker}`);
  const answer = await command(name, "pin:2468");
  const cookie = answer.headers["set-cookie"]?.[0].split(";")[0];
  assert.ok(cookie, answer.text);
  return { Cookie: cookie };
}

const commands = "/api/v1/posts/dock-1/commands";
const refusals = [
  ["a path that is not there", 404, "GET", "/api/v1/nothing", {}],
  ["a post that is not there", 404, "GET", "/api/v1/posts/dock-9", {}],
  ["a file that is not there", 404, "GET", "/secret.txt", {}],
  ["a way out of the files", 404, "GET", "/../../../../etc/passwd", {}],
  ["the same, encoded", 404, "GET", "/%2e%2e/%2e%2e/etc/passwd", {}],
  ["a method that a path does not take", 405, "POST", "/api/v1/posts", { headers: json, body: "{}" }],
  ["writing a file", 405, "PUT", "/index.html", { body: "x" }],
  ["a body that is no JSON by its type", 415, "POST", commands, { body: '{"command":"ok"}' }],
  ["a body that is too long", 413, "POST", commands, { headers: json, body: "x".repeat(5000) }],
  ["a body that is no JSON", 400, "POST", commands, { headers: json, body: "{" }],
  ["an unknown member", 400, "POST", commands, { headers: json, body: '{"command":"ok","x":1}' }],
  ["an unknown argument", 400, "GET", "/api/v1/tasks?x=1", {}],
  ["a key that is not allowed", 400, "POST", commands,
    { headers: { ...json, "Idempotency-Key": "a b" }, body: '{"command":"ok"}' }],
  ["a page from elsewhere", 403, "POST", commands,
    { headers: { ...json, Origin: "http://evil.example" }, body: '{"command":"worker:W01"}' }],
  ["a cross-site request", 403, "POST", commands,
    { headers: { ...json, "Sec-Fetch-Site": "cross-site" }, body: '{"command":"worker:W01"}' }],
  ["a foreign name for our address", 403, "GET", "/api/v1/posts",
    { headers: { Host: "evil.example" } }],
  ["work before signing in", 401, "POST", commands, { headers: json, body: '{"command":"flow:pick"}' }],
  ["stock before signing in", 401, "GET", "/api/v1/stock", {}],
  ["dead stock before signing in", 401, "GET", "/api/v1/slow-stock", {}],
  ["totals before signing in", 401, "GET", "/api/v1/risk-totals", {}],
  ["alerts before signing in", 401, "GET", "/api/v1/alerts", {}],
  ["a made-up session", 401, "GET", "/api/v1/stock",
    { headers: { Cookie: "vs_session=00000000000000000000000000000000" } }],
];
for (const [name, status, method, path, options] of refusals)
  test(`refused with ${status}: ${name}`, async () => {
    const answer = await ask(method, path, options);
    assert.equal(answer.status, status, answer.text);
    const body = JSON.parse(answer.text);
    assert.deepEqual(Object.keys(body), ["error", "message", "allowed"]);
    if (status === 405) assert.equal(answer.headers.allow, body.allowed);
  });

test("every answer carries the headers that keep a page safe", async () => {
  for (const path of ["/", "/screen.js", "/api/v1/posts", "/api/v1/nothing"]) {
    const { headers } = await ask("GET", path);
    assert.match(headers["content-security-policy"], /default-src 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["x-frame-options"], "DENY");
  }
});

test("a file that the browser has is not sent again", async () => {
  const first = await ask("GET", "/screen.js");
  assert.ok(first.text.length > 1000);
  const again = await ask("GET", "/screen.js", { headers: { "If-None-Match": first.headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.text, "");
});

test("files go out compressed to who takes it, each form under a tag of its own", async () => {
  const plain = await ask("GET", "/screen.js");
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(plain.headers.vary, "Accept-Encoding");
  const asked = { "Accept-Encoding": "br, gzip" };
  const short = await ask("GET", "/screen.js", { headers: asked });
  assert.equal(short.headers["content-encoding"], "gzip");
  assert.ok(Number(short.headers["content-length"]) * 2 < plain.text.length);
  assert.notEqual(short.headers.etag, plain.headers.etag);
  const again = { ...asked, "If-None-Match": short.headers.etag };
  assert.equal((await ask("GET", "/screen.js", { headers: again })).status, 304);
  const refused = { "Accept-Encoding": "gzip;q=0" };
  assert.equal((await ask("GET", "/screen.js", { headers: refused })).text, plain.text);
  const unpacked = await fetch(`${station.url}/screen.js`);
  assert.equal(unpacked.headers.get("content-encoding"), "gzip");
  assert.equal(await unpacked.text(), plain.text);
});

test("signing in gives a session, and the session the lists", async () => {
  const session = await signedIn("dock-2", "W01");
  const stock = await ask("GET", "/api/v1/stock", { headers: session });
  assert.equal(stock.status, 200);
  const { rows, more } = JSON.parse(stock.text);
  assert.equal(more, false);
  assert.equal(rows.find((row) => row.sku === "BISC-80").qty, 437 + 1152);
  const found = await ask("GET", "/api/v1/search?text=tea", { headers: session });
  assert.deepEqual(JSON.parse(found.text).rows.map((row) => row.sku), ["TEA-250"]);
  const report = await ask("GET", "/api/v1/reports/overrides", { headers: session });
  assert.equal(report.status, 403, "W01 is no supervisor");
  await command("dock-2", "sign_out", session);
  assert.equal((await ask("GET", "/api/v1/stock", { headers: session })).status, 401);
});

test("a supervisor reads reports, and a span that makes no sense is refused", async () => {
  const session = await signedIn("dock-2", "W02");
  const path = "/api/v1/reports/reasons?kind=opening";
  assert.equal((await ask("GET", path, { headers: session })).status, 200);
  const wrong = await ask("GET", `${path}&from=2026-02-30`, { headers: session });
  assert.equal(wrong.status, 400);
  await command("dock-2", "sign_out", session);
});

test("a stranger does not act for a worker, and sees only that someone works", async () => {
  const session = await signedIn("dock-2", "W01");
  assert.equal((await command("dock-2", "flow:pick")).status, 403);
  const view = JSON.parse((await ask("GET", "/api/v1/posts/dock-2")).text);
  assert.equal(view.locked, true);
  assert.equal(view.worker_name, "Ramesh");
  assert.equal("prompt" in view, false);
  const own = await ask("GET", "/api/v1/posts/dock-2", { headers: session });
  assert.equal(JSON.parse(own.text).locked, false);
  await command("dock-2", "sign_out", session);
});

test("a command under a key is done once", async () => {
  const session = await signedIn("dock-2", "W01");
  const once = { ...session, "Idempotency-Key": "flow-1" };
  const first = await command("dock-2", "flow:pick", once);
  const again = await command("dock-2", "flow:pick", once);
  assert.equal(again.text, first.text);
  const other = await command("dock-2", "flow:receive", once);
  assert.equal(other.status, 409);
  await command("dock-2", "flow:home", session);
  await command("dock-2", "sign_out", session);
});

test("an alert is put off and acknowledged once", async () => {
  const session = await signedIn("dock-2", "W01");
  const list = async () => JSON.parse((await ask("GET", "/api/v1/alerts", { headers: session })).text).rows;
  const [first, second] = await list();
  assert.ok(first.risk_paise > 0);
  const before = (await list()).length;
  assert.equal((await post(`/api/v1/alerts/${first.seq}/snooze`, { days: 3 }, session)).status, 200);
  assert.equal((await post(`/api/v1/alerts/${second.seq}/acknowledge`, {}, session)).status, 200);
  assert.equal((await post(`/api/v1/alerts/${second.seq}/acknowledge`, {}, session)).status, 404);
  assert.equal((await list()).length, before - 2);
  assert.equal((await post(`/api/v1/alerts/${first.seq}/snooze`, { days: 99 }, session)).status, 400);
  await command("dock-2", "sign_out", session);
});

test("dead and slow stock comes by rupees, and the categories add up", async () => {
  const session = await signedIn("dock-2", "W01");
  const get = async (path) => JSON.parse((await ask("GET", path, { headers: session })).text);
  const slow = await get("/api/v1/slow-stock");
  assert.deepEqual(
    slow.rows.map((row) => [row.sku, row.status, row.idle_days]),
    [["SOAP-75", "dead", 120], ["HAIR-200", "slow_moving", 19]],
  );
  const { all, rows } = await get("/api/v1/risk-totals");
  for (const name of ["skus", "batches", "dead_skus", "slow_skus", "landed_paise", "risk_paise"])
    assert.equal(rows.reduce((sum, row) => sum + row[name], 0), all[name], name);
  for (const name of Object.keys(all.impact))
    assert.equal(rows.reduce((sum, row) => sum + row.impact[name], 0), all.impact[name], name);
  assert.equal(all.impact.total_paise, slow.rows.reduce((sum, row) => sum + row.impact.total_paise, 0));
  await command("dock-2", "sign_out", session);
});

test("guessing PINs ends with 429", async () => {
  let status = 0;
  for (let i = 0; i < 20 && status !== 429; i++) status = (await command("dock-1", "pin:0000")).status;
  assert.equal(status, 429);
});

test("a panel serves whoever signs in by badge and PIN at its post", async () => {
  const panel = await new Station("panel").start();
  const at = (path, headers = {}, value = undefined) =>
    fetch(`${panel.url}/api/v1/${path}`, {
      method: value ? "POST" : "GET",
      headers: { ...json, ...headers },
      body: value ? JSON.stringify(value) : undefined,
    });
  const paired = await at("posts/dock-1/pair", {}, {});
  const session = { Cookie: paired.headers.get("set-cookie").split(";")[0] };
  assert.equal(await panel.scan("dock-1", "VW*W02"), "pin_wanted");
  await at("posts/dock-1/commands", session, { command: "pin:2468" });
  assert.equal((await at("stock", session)).status, 200);
  assert.equal((await at("stock")).status, 401, "another program on the appliance is no panel yet");
  assert.equal((await (await at("posts/dock-2", session)).json()).locked, false, "nobody is there");
  const flow = await at("posts/dock-2/commands", session, { command: "flow:pick" });
  assert.equal(flow.status, 401, "and it is the panel of its own post only");
  await panel.remove();
});

test("another screen that pairs gets no session", async () => {
  const answer = await post("/api/v1/posts/dock-1/pair", {});
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["set-cookie"], undefined);
});

test("screens that watch are bounded, and one that goes makes room", async () => {
  const open = [];
  const watch = () =>
    new Promise((done) => {
      const r = request(
        { host: "127.0.0.1", port: station.port, path: "/api/v1/posts/dock-1/events" },
        (response) => {
          response.on("error", () => undefined);
          response.resume();
          done(response.statusCode);
        },
      );
      r.on("error", () => done(0)); // the server took no further connection
      open.push(r);
      r.end();
    });
  const statuses = [];
  for (let i = 0; i < 30; i++) statuses.push(await watch());
  assert.ok(statuses.filter((s) => s === 200).length >= 12, String(statuses));
  assert.ok(statuses.some((s) => s !== 200), "one device may not take all");
  for (const r of open) r.destroy();
  let status = 0;
  for (let i = 0; i < 100 && status !== 200; i++) {
    await new Promise((next) => setTimeout(next, 50));
    status = await ask("GET", "/api/v1/posts").then((a) => a.status, () => 0);
  }
  assert.equal(status, 200);
});

test("health says head, chain, clock and devices to anyone", async () => {
  const health = JSON.parse((await ask("GET", "/api/v1/health")).text);
  assert.match(health.journal.chain, /^[0-9a-f]{64}$/);
  assert.ok(health.journal.head > 0);
  assert.equal(health.clock.trust, "ntp");
  assert.deepEqual(health.devices.map((d) => d.state), ["fine", "lost"]);
});
