// SPDX-License-Identifier: Apache-2.0
// What browser tests share: the real servers, over a real station or a real relay's store, and a real
// browser on them.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const WAIT_MS = 60000; // for an event, on a machine with other things to do
export const PASSWORD = "correct horse battery"; // as in console_seed.h

export const sizes = {
  narrow: { width: 320, height: 640 }, // WCAG 1.4.10
  phone: { width: 360, height: 740 },
  panel: { width: 1024, height: 600 },
  desk: { width: 1440, height: 900 },
};

/** A server in a folder of its own, which a restart keeps, as it keeps its port. It says "ready PORT"
 * and ends at "end". */
class Host {
  #program;
  #options;
  #folder = mkdtempSync(join(tmpdir(), "browser-"));
  #child;
  #lines = [];
  #waiting = [];
  port = 0;

  constructor(program, options) {
    this.#program = program;
    this.#options = options;
  }

  async start() {
    this.#child = spawn(this.#program, [this.#folder, String(this.port), ...this.#options], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#lines.push(line);
    });
    const failed = new Promise((_, reject) =>
      this.#child.once("exit", (code) => reject(new Error(`${this.#program} ended with ${code}`))),
    );
    failed.catch(() => undefined);
    const ready = await Promise.race([this.line(), failed]);
    this.port = Number(ready.split(" ")[1]);
    return this;
  }

  say(text) {
    this.#child.stdin.write(`${text}\n`);
  }

  line() {
    const line = this.#lines.shift();
    return line ? Promise.resolve(line) : new Promise((take) => this.#waiting.push(take));
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop() {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.stdin.end("end\n");
    const code = await ended;
    if (code !== 0) throw new Error(`${this.#program} ended with ${code}`);
  }

  /** Ends as a lost machine does: at once, and without a word to anybody. */
  async kill() {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill("SIGKILL");
    await ended;
  }

  async remove() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class Station extends Host {
  /** With "panel", screens on the same machine are panels. */
  constructor(...options) {
    super(process.env.STATION_HOST, options);
  }

  /** A scanner of the post reads the bytes; resolves with the code of what the station says. */
  async scan(post, bytes) {
    this.say(`scan ${post} ${bytes}`);
    return (await this.line()).replace("answer ", "");
  }
}

/** The relay's API and console over a store that tests/data/console fills. */
export class Relay extends Host {
  constructor() {
    super(process.env.CONSOLE_HOST, [process.env.CONSOLE_SEED]);
  }

  /** Signs in as a program would; gives a way to ask as that user. */
  async as(user) {
    const { accessToken } = await this.#send(
      "POST",
      "/api/v1/login",
      {},
      {
        tenant: "vyapar",
        user,
        password: PASSWORD,
      },
    );
    const headers = { Authorization: `Bearer ${accessToken}` };
    return (method, path, body) =>
      this.#send(method, path, { ...headers, "Idempotency-Key": randomUUID() }, body);
  }

  async #send(method, path, headers, body) {
    const init = { method, headers };
    if (body) {
      init.headers = { ...headers, "Content-Type": "application/json" };
      init.body = JSON.stringify(body);
    }
    const response = await fetch(this.url + path, init);
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.detail}`);
    return answer;
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
    async page(size, colorScheme = "light") {
      const context = await browser.newContext({ viewport: sizes[size], colorScheme });
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT_MS);
      page.faults = [];
      page.asked = []; // addresses, in order
      page.received = []; // texts, with the number of their request in `asked`
      const numbers = new WeakMap();
      page.on("request", (request) => {
        numbers.set(request, page.asked.length);
        page.asked.push(request.url());
      });
      page.on("pageerror", (error) => page.faults.push(String(error)));
      page.on("console", (message) => {
        // A refused request is what some tests are about; the browser logs it by itself.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
          page.faults.push(message.text());
      });
      page.on("response", async (response) => {
        const type = response.headers()["content-type"] ?? "";
        if (!type.includes("json")) return;
        const text = await response.text().catch(() => "");
        page.received.push({ asked: numbers.get(response.request()), text });
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
  if (!(await page.evaluate(() => "axe" in window)))
    await page.evaluate(`(() => {${readFileSync(axePath, "utf8")}})()`);
  const result = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
      resultTypes: ["violations"],
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
