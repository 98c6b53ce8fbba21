// SPDX-License-Identifier: Apache-2.0
// The operator screen as a worker meets it: each screen at both sizes and in both languages, judged
// by axe; the keyboard; a restart of the station; and what must never be told.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { axe, openBrowser, signIn, Station } from "./harness.mjs";

let station, browser, page;
before(async () => (browser = await openBrowser()));
after(() => browser.close());
beforeEach(async () => (station = await new Station().start()));
afterEach(async () => {
  await page?.context().close();
  await station.remove();
});

/** Waits for the screen to rest on what a selector finds, keeps its picture, and lets axe look. */
async function settled(name, selector) {
  await page.locator(selector).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
  assert.deepEqual(await axe(page), [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, `${name} is wider than the screen`);
}

const prompt = (text) => page.locator(".prompt h1", { hasText: text });

const digits = (text) => Number(text.replace(/[^0-9]/g, ""));

/** host_goods.c: soap that has been idle for 120 days, and hair oil that sells ever less. */
async function deadAndSlow(page) {
  await page.locator(".totals").waitFor(); // asked by itself, beside the list
  const cards = page.locator(".row-slow");
  assert.equal(await cards.count(), 2);
  const soap = cards.filter({ hasText: "Rose Soap" });
  assert.equal(await soap.locator(".status").innerText(), "Dead");
  assert.equal(await soap.locator(".slow-idle").innerText(), "120 days without sale");
  assert.equal(await soap.locator(".rupees").innerText(), "₹27,864"); // 1296 at 21.50
  assert.equal(await cards.first().locator("b").nth(1).innerText(), "Rose Soap, 75 g");
  const oil = cards.filter({ hasText: "Amla Hair Oil" });
  assert.equal(await oil.locator(".status").innerText(), "Slow");
  for (const card of await cards.all()) {
    const points = (await card.locator(".factors dd").allInnerTexts()).map(digits);
    const score = digits(await card.locator(".score b").innerText());
    assert.equal(points.length, 3);
    assert.equal(points.reduce((a, b) => a + b), score, "the factors add up to the score");
    const paise = (await card.locator(".costs dd").allInnerTexts()).map((text) => {
      const [rupees, after = ""] = text.split(".");
      return digits(rupees) * 100 + Number(after.padEnd(2, "0"));
    });
    assert.equal(paise.length, 5);
    assert.equal(paise.slice(0, 4).reduce((a, b) => a + b), paise[4], "the costs add up");
  }
  const totals = await page.locator(".totals dd").allInnerTexts();
  assert.match(totals[0], /^₹[1-9]/);
  assert.match(totals[1], /^1\s+1 slow$/);
  assert.match(totals[2], /^214 litres\s+2 pallet places$/); // 1296 of 110 ml, 222 of 320 ml
}

for (const size of ["phone", "panel"]) {
  test(`from the badge to a pick, on the ${size}`, async () => {
    page = await browser.page(size);
    const shot = (name, selector) => settled(`${name}-${size}`, selector);
    await page.goto(station.url);
    await shot("posts", ".post");
    await page.getByRole("button", { name: "dock-1" }).click();
    await shot("badge", "input");
    await page.getByRole("textbox").fill("W02");
    await page.keyboard.press("Enter");
    await shot("pin", ".keypad");
    await page.keyboard.type("2468");
    await page.keyboard.press("Enter");
    await page.locator(".tile-waiting").first().waitFor();
    await shot("home", ".page-home");
    await page.getByRole("button", { name: /^Pick/ }).click();
    await prompt("Scan the document").waitFor();
    await shot("pick-document", ".page-flow");
    assert.equal(await station.scan("dock-1", "VD*SO-1001"), "document_open");
    await shot("pick", ".target-bin");
    assert.match(await page.locator(".target-bin b").innerText(), /^[AB]-\d\d-\d$/);
    await page.getByRole("button", { name: "Key in" }).click();
    await shot("pick-keys", ".keypad");
    assert.equal(await station.scan("dock-1", "8901234500033"), "wrong_product");
    await shot("pick-wrong", ".answer-reject");
    assert.deepEqual(page.faults, []);
  });

  test(`receiving goods by scan and keys, on the ${size}`, async () => {
    page = await browser.page(size);
    await signIn(page, station, "dock-1", "W02");
    assert.equal(await station.scan("dock-1", "VS*flow:receive"), "flow_receive");
    await station.scan("dock-1", "VD*PO-501");
    await settled(`receive-ready-${size}`, ".ready");
    await station.scan("dock-1", "8901234567890");
    await settled(`receive-batch-${size}`, ".typed");
    await page.getByRole("textbox").fill("B77");
    await page.keyboard.press("Enter");
    await prompt("expiry").waitFor();
    await page.keyboard.type("06/28");
    await settled(`receive-expiry-${size}`, ".keypad");
    assert.deepEqual(page.faults, []);
  });

  test(`every list, on the ${size}`, async () => {
    page = await browser.page(size);
    await signIn(page, station, "dock-1", "W02");
    const open = (name) => page.evaluate((hash) => (location.hash = hash), name);
    await open("stock");
    await settled(`stock-${size}`, ".row-button");
    await page.getByRole("searchbox").fill("tea");
    await page.locator(".row-button", { hasText: "Assam" }).waitFor();
    await page.locator(".row-button", { hasText: "Biscuits" }).waitFor({ state: "detached" });
    await page.locator(".row-button").click();
    await settled(`stock-batches-${size}`, ".row-bin");
    await open("at_risk");
    await settled(`at-risk-${size}`, ".score");
    const rupees = await page.locator(".rupees").allInnerTexts();
    const paise = rupees.map((text) => Number(text.replace(/[^0-9]/g, "")));
    assert.deepEqual(paise, [...paise].sort((a, b) => b - a), "the most rupees come first");
    await page.getByRole("button", { name: "Dead and slow" }).click();
    await settled(`slow-${size}`, ".row-slow");
    await deadAndSlow(page);
    await open("alerts");
    await settled(`alerts-${size}`, ".row-alert");
    const alerts = await page.locator(".row-alert").count();
    await page.getByRole("button", { name: "Seen" }).first().click();
    await page.locator(".row-alert").nth(alerts - 1).waitFor({ state: "detached" });
    await open("more");
    await settled(`menu-${size}`, ".health");
    assert.deepEqual(page.faults, []);
  });

  test(`the whole screen in Hindi, on the ${size}`, async () => {
    page = await browser.page(size);
    await signIn(page, station, "dock-1", "W01");
    await settled(`home-hi-${size}`, ".tile-waiting");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "hi");
    await station.scan("dock-1", "VS*flow:pick");
    await station.scan("dock-1", "VD*SO-1001");
    await settled(`pick-hi-${size}`, ".target-bin");
    assert.match(await page.locator(".prompt h1").innerText(), /[\u0900-\u097f]/);
    assert.match(await page.locator(".card-target h2").innerText(), /[\u0900-\u097f]/);
    const buttons = await page.locator(".actions .button").allInnerTexts();
    for (const text of buttons) assert.match(text, /[\u0900-\u097f]/);
    await page.evaluate(() => (location.hash = "at_risk"));
    await settled(`at-risk-hi-${size}`, ".score");
    await page.getByRole("button", { name: "बंद और धीमी बिक्री" }).click();
    await settled(`slow-hi-${size}`, ".row-slow");
    for (const text of await page.locator(".row-slow .status, .slow-idle, .costs dt").allInnerTexts())
      assert.match(text, /[\u0900-\u097f]/);
    await page.evaluate(() => (location.hash = ""));
    await station.scan("dock-1", "VS*language:en");
    await page.getByText("Take", { exact: true }).waitFor();
  });
}

test("whatever is pressed in the work is at least 64 px high, for gloves", async () => {
  page = await browser.page("phone");
  await signIn(page, station, "dock-1", "W02");
  const small = () =>
    page.$$eval("button, input", (all) =>
      all
        .filter((e) => e.offsetParent !== null && e.getBoundingClientRect().height < 62)
        .map((e) => `${e.className}: ${e.getBoundingClientRect().height}`),
    );
  assert.deepEqual(await small(), []);
  await station.scan("dock-1", "VS*flow:pick");
  await station.scan("dock-1", "VD*SO-1001");
  await page.getByRole("button", { name: "Key in" }).click();
  await page.locator(".keypad").waitFor();
  assert.deepEqual(await small(), []);
});

test("the keyboard alone signs in, picks and leaves", async () => {
  page = await browser.page("panel");
  await page.goto(station.url);
  await page.locator(".post").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("input").waitFor();
  await page.keyboard.press("Tab"); // the menu
  await page.keyboard.press("Tab");
  await page.keyboard.type("W02");
  await page.keyboard.press("Enter");
  await page.locator(".keypad").waitFor();
  await page.keyboard.type("2469");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("8");
  await page.keyboard.press("Enter");
  await page.locator(".page-home").waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 12 && !(await focused()).startsWith("Pick"); i++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await prompt("Scan the document").waitFor();
  const outline = await page.evaluate(async () => {
    const button = document.querySelector(".top-button");
    button.focus({ focusVisible: true });
    return getComputedStyle(button).outlineStyle;
  });
  assert.equal(outline, "solid", "the focus is seen");
});

test("the keyboard alone reaches the dead stock, and scrolls through it", async () => {
  page = await browser.page("phone");
  await signIn(page, station, "dock-1", "W02");
  await page.evaluate(() => (location.hash = "at_risk"));
  await page.locator(".totals").waitFor();
  await page.locator(".score").first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 8 && (await focused()) !== "Dead and slow"; i++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".row-slow").first().waitFor();
  assert.equal(await focused(), "Dead and slow", "the focus stays where it was");
  assert.equal(await page.getByRole("button", { name: "Near expiry" }).getAttribute("aria-pressed"), "false");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  await page.locator(".row-slow").first().waitFor({ state: "detached" });
  await page.keyboard.press("Shift+Tab"); // the list itself
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelector(".page-list").scrollTop > 0);
});

test("a screen reader is told the prompt and what came of a scan", async () => {
  page = await browser.page("phone");
  await signIn(page, station, "dock-1", "W02");
  await station.scan("dock-1", "VS*flow:pick");
  await prompt("Scan the document").waitFor();
  assert.equal(await page.locator(".prompt").getAttribute("aria-live"), "polite");
  await station.scan("dock-1", "VD*NO-SUCH");
  await page.locator(".answer-reject[role=alert]").waitFor();
  assert.equal(await page.locator("h1").count(), 1);
});

test("the screen goes on by itself after the station restarts", async () => {
  page = await browser.page("phone");
  await signIn(page, station, "dock-1", "W02");
  await station.stop();
  await page.locator(".top-link-lost").waitFor();
  await settled("link-lost-phone", ".banner-lost");
  assert.ok(await page.locator(".tile").first().isDisabled(), "nothing can be sent");
  await station.start();
  await page.locator(".top-link-live").waitFor();
  await prompt("Scan your badge").waitFor();
  assert.deepEqual(page.faults, []);
});

test("the same view is not sent twice to a screen that comes back", async () => {
  const events = async (headers) => {
    const abort = new AbortController();
    const response = await fetch(`${station.url}/api/v1/posts/dock-2/events`, {
      headers,
      signal: abort.signal,
    });
    const reader = response.body.getReader();
    let text = "";
    while (!text.includes("event: beat")) text += new TextDecoder().decode((await reader.read()).value);
    abort.abort();
    return text;
  };
  const first = await events({});
  const id = /^id: (.*)$/m.exec(first)[1];
  assert.doesNotMatch(await events({ "Last-Event-ID": id }), /event: view/);
  assert.match(await events({ "Last-Event-ID": `${id}9` }), /event: view/);
  page = null;
});

test("what is expected in a count is never told, on any way", async () => {
  const expected = 437; // host_goods.c: pieces of BISC-80 in A-01-2
  page = await browser.page("phone");
  await signIn(page, station, "dock-1", "W02");
  const [cookie] = await page.context().cookies(`${station.url}/api/v1/`);
  const abort = new AbortController();
  const headers = { Cookie: `${cookie.name}=${cookie.value}` };
  const stream = await fetch(`${station.url}/api/v1/posts/dock-1/events`, {
    headers,
    signal: abort.signal,
  });
  await station.scan("dock-1", "VS*flow:count");
  const before = page.asked.length; // what was asked before the count is not blind
  await station.scan("dock-1", "VB*A-01-2");
  assert.equal((await fetch(`${station.url}/api/v1/posts/dock-1`, { headers })).status, 200);
  for (const list of ["stock", "stock?sku=BISC-80", "at-risk", "slow-stock", "risk-totals", "alerts", "captures"]) {
    const answer = await fetch(`${station.url}/api/v1/${list}`, { headers });
    assert.equal(answer.status, 403, list);
    assert.equal((await answer.json()).error, "counting_blind");
  }
  for (let i = 0; i < 3; i++) await station.scan("dock-1", "8901234567890");
  await page.locator(".item-qty").waitFor();
  await settled("count-phone", ".item-qty");
  await page.evaluate(() => (location.hash = "stock"));
  await page.getByText("First end the count").waitFor();
  const reader = stream.body.getReader();
  let told = "";
  while (!told.includes("event: beat") || !/"flow":"count"/.test(told))
    told += new TextDecoder().decode((await reader.read()).value);
  abort.abort();
  const later = page.received.filter(({ asked }) => asked >= before);
  told += later.map(({ text }) => text).join("\n");
  assert.match(told, /"flow":"count"/);
  assert.doesNotMatch(told, new RegExp(`\\b${expected}\\b`));
});

test("a screen of someone else is locked", async () => {
  page = await browser.page("phone");
  await signIn(page, station, "dock-1", "W02");
  const other = await browser.page("phone");
  await other.goto(station.url);
  await other.getByRole("button", { name: "dock-1" }).click();
  const first = page;
  page = other;
  await settled("locked-phone", ".page-locked .plain");
  assert.equal(await other.locator(".tile").count(), 0);
  await first.context().close();
});

test("a button answers, sounds once, and the switch is kept", async () => {
  page = await browser.page("phone");
  await page.addInitScript(() => {
    window.tones = 0;
    const real = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...args) {
      window.tones++;
      return real.apply(this, args);
    };
  });
  await signIn(page, station, "dock-1", "W02");
  await page.waitForFunction(() => window.tones > 0);
  await page.evaluate(() => (location.hash = "more"));
  await page.getByRole("switch", { name: /Sounds/ }).click();
  await page.evaluate(() => (window.tones = 0));
  await station.scan("dock-1", "VS*flow:pick");
  await page.evaluate(() => (location.hash = ""));
  await prompt("Scan the document").waitFor();
  assert.equal(await page.evaluate(() => window.tones), 0);
  await page.reload();
  await page.evaluate(() => (location.hash = "more"));
  assert.equal(await page.getByRole("switch", { name: /Sounds/ }).getAttribute("aria-checked"), "false");
});
