// SPDX-License-Identifier: Apache-2.0
// What browser tests share: the real server over a real station, and a real browser on it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const HOST = process.env.STATION_HOST;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const WAIT_MS = 10000;

export const sizes = {
  phone: { width: 360, height: 740 },
  panel: { width: 1024, height: 600 },
};

/** The station in a folder of its own, which a restart keeps. */
export class Station {
  #child;
  #options;
  #folder = mkdtempSync(join(tmpdir(), "station-"));
  #lines = [];
  #waiting = [];
  port = 0;

  /** With "panel", screens on the same machine are panels. */
  constructor(...options) {
    this.#options = options;
  }

  async start() {
    this.#child = spawn(HOST, [this.#folder, String(this.port), ...this.#options], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#lines.push(line);
    });
    const failed = new Promise((_, reject) =>
      this.#child.once("exit", (code) => reject(new Error(`station_host ended with ${code}`))),
    );
    failed.catch(() => undefined);
    const ready = await Promise.race([this.#line(), failed]);
    this.port = Number(ready.split(" ")[1]);
    return this;
  }

  #line() {
    const line = this.#lines.shift();
    return line ? Promise.resolve(line) : new Promise((take) => this.#waiting.push(take));
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A scanner of the post reads the bytes; resolves with the code of what the station says. */
  async scan(post, bytes) {
    this.#child.stdin.write(`scan ${post} ${bytes}\n`);
    return (await this.#line()).replace("answer ", "");
  }

  async stop() {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.stdin.end("end\n");
    const code = await ended;
    if (code !== 0) throw new Error(`station_host ended with ${code}`);
  }

  async remove() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function openBrowser() {
  // Its user data is a new folder, which goes with it.
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    /** A page with cookies and storage of its own, and what went wrong or over the wire in it. */
    async page(size) {
      const context = await browser.newContext({ viewport: sizes[size] });
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      page.faults = [];
      page.received = [];
      page.on("pageerror", (error) => page.faults.push(String(error)));
      page.on("console", (message) => {
        // A refused request is what some tests are about; the browser logs it by itself.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
          page.faults.push(message.text());
      });
      page.on("response", async (response) => {
        const type = response.headers()["content-type"] ?? "";
        if (type.includes("json")) page.received.push(await response.text().catch(() => ""));
      });
      return page;
    },
    async close() {
      await browser.close();
    },
  };
}

/** Violations of WCAG 2.1 A and AA, as text. */
export async function axe(page) {
  // The page's own policy forbids foreign scripts, so axe comes in beside it.
  await page.evaluate(`(() => {${readFileSync(axePath, "utf8")}})()`);
  const result = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
    }),
  );
  return result.violations.map(
    (v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`,
  );
}

/** Fresh storage, the post chosen, and the worker signed in by code and PIN as a person would. */
export async function signIn(page, station, post, worker) {
  await page.goto(station.url);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.getByRole("button", { name: post }).click();
  await page.getByRole("textbox").fill(worker);
  await page.keyboard.press("Enter");
  await page.locator(".keypad").waitFor();
  await page.keyboard.type("2468");
  await page.keyboard.press("Enter");
  await page.locator(".page-home").waitFor();
}
