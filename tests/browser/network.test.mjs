// SPDX-License-Identifier: Apache-2.0
// The console stays open through a real network run in which broker, relay and appliances are killed
// at random: board/host/network.py, with release builds of the daemons. The run is ended when the page
// has shown what is asked of it, since where the last kill falls before a fixed end is chance.
// TESTS_LONG=1 makes it longer.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./harness.mjs";

const top = join(dirname(fileURLToPath(import.meta.url)), "../..");
const built = existsSync(join(top, "build/release/cloud-relay/relayd"));
const days = process.env.TESTS_LONG === "1" ? 12 : 4;
const DAYS_MAX = 30; // of the run, when the page never shows it
const SECONDS_A_DAY = 6;

/** A run of the network that says where its console is. */
class Network {
  lines = [];
  console = new Promise((found) => (this.found = found));
  ended;

  constructor(...options) {
    this.child = spawn(
      "/usr/bin/python3",
      ["-B", join(top, "board/host/network.py"), "--once", ...options],
      { cwd: top, stdio: ["ignore", "pipe", "inherit"] },
    );
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.lines.push(line);
      const said = /console at (\S+)\s+\(distributor (\S+), user (\S+), password (\S+)\)/.exec(
        line,
      );
      if (said) this.found(said.slice(1));
    });
    this.ended = new Promise((done) => this.child.once("exit", done));
  }

  /** People lay down what they hold, and it ends with its report. */
  end() {
    this.child.kill("SIGTERM");
    return this.ended;
  }
}

/** Notes in the page itself, at each change, what a user sees: link, day, rupees found at risk. */
function watch() {
  window.seen = [];
  const look = () => {
    const now = {
      link: document.querySelector(".link")?.className.match(/link-is-(\w+)/)?.[1] ?? "",
      asOf: document.querySelector(".as-of time")?.getAttribute("datetime") ?? "",
      found: document.querySelector(".figure-risk strong")?.textContent ?? "",
      warned: document.querySelector(".came-at") !== null,
    };
    const last = window.seen[window.seen.length - 1];
    if (JSON.stringify(now) !== JSON.stringify(last)) window.seen.push(now);
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
  look();
}

const dayOf = (asOf) => asOf.slice(0, 10);

/** Where the link was lost, and whether the page showed newer data over a live one later. */
function losses(seen) {
  return seen.flatMap(({ link, asOf }, i) =>
    link === "lost" && seen[i - 1]?.link !== "lost"
      ? [{ asOf, over: seen.slice(i).some((s) => s.link === "live" && s.asOf > asOf) }]
      : [],
  );
}

test(
  `the console goes on through ${days} days of a network in which everything is killed`,
  { skip: built ? false : "no release build of the daemons" },
  async () => {
    const pictures = mkdtempSync(join(tmpdir(), "console-days-"));
    const browser = await openBrowser();
    const network = new Network(
      "--chaos",
      "--days",
      String(DAYS_MAX),
      "--speed",
      String(SECONDS_A_DAY),
      "--port",
      "0",
    );
    try {
      const [url, distributor, user, password] = await Promise.race([
        network.console,
        network.ended.then(() => assert.fail(network.lines.join("\n"))),
      ]);
      const page = await browser.page("desk");
      await page.goto(url);
      const fields = page.locator("form input");
      for (const [i, text] of [distributor, user, password].entries())
        await fields.nth(i).fill(text);
      await page.keyboard.press("Enter");
      await page.locator(".figure-risk").waitFor();
      let loads = 0;
      page.on("framenavigated", () => loads++);
      await page.evaluate(watch);

      const drawn = new Set();
      let running = true;
      network.ended.then(() => (running = false));
      let seen = [];
      const figures = () => new Set(seen.map((s) => s.found).filter(Boolean));
      const back = () => losses(seen).length > 0 && losses(seen).every(({ over }) => over);
      const enough = () => drawn.size >= days && figures().size > 2 && back();
      while (running && !enough()) {
        const asOf = await page.locator(".as-of time").getAttribute("datetime");
        if (!drawn.has(dayOf(asOf))) {
          drawn.add(dayOf(asOf));
          await page.screenshot({ path: join(pictures, `${dayOf(asOf)}.png`) });
        }
        seen = await page.evaluate(() => window.seen);
        await Promise.race([page.waitForTimeout(500), network.ended]);
      }
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: join(process.env.SCREENSHOTS, "console-network.png") });

      const status = await network.end();
      const report = network.lines.join("\n");
      const told = JSON.stringify(seen, null, 1);
      assert.notEqual(status, null, report); // what holds of the data is tests/e2e's
      assert.match(report, /killed without warning and started again: .*relay \d/);
      assert.equal(loads, 0, "nobody had to load the page again");
      assert.deepEqual(page.faults, [], "no uncaught error");
      assert.ok(drawn.size >= days, `pictures of ${[...drawn].join(", ")}`);
      assert.ok(
        figures().size > 2,
        `the figures change while it is open: ${[...figures()].join(", ")}`,
      );
      // The relay was killed under the page, which said so and how old it was, and came back by itself.
      assert.ok(back(), `no loss of the link, or no newer data after one: ${told}`);
      assert.ok(
        seen.some((s) => s.warned),
        "how old the page was",
      );
    } finally {
      await network.end();
      await browser.close();
      rmSync(pictures, { recursive: true, force: true });
    }
  },
);
