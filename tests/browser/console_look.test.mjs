// SPDX-License-Identifier: Apache-2.0
// How the relay's console looks and is reached: its pages in every language, size and scheme, without
// motion, by keyboard alone, and the map.
import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleUnderTest, fillSignIn, fits, go, shown } from "./console_under_test.mjs";
import { axe, PASSWORD, sizes } from "./harness.mjs";

const pictures = process.env.SCREENSHOTS;
const titles = {
  overview: "Overview",
  risk: "Stock at risk",
  proposals: "Proposals",
  cases: "Cases",
  market: "Money and prices",
  campaigns: "Campaigns",
  outlets: "Outlets",
  orders: "Orders",
  papers: "Papers",
  suppliers: "Suppliers",
  alerts: "Alerts",
  devices: "Devices",
  agents: "Agents",
  letters: "Dead letters",
  audit: "Audit trail",
  settings: "Rules",
  users: "Users",
};
const details = [
  "overview?category=oil",
  "risk/NAG|OIL-MUS1",
  "proposals/P1",
  "cases/C4",
  "campaigns/K2",
  "outlets/OUT-001",
  "orders/TR-0001",
  "papers/TR-0003",
  "devices/ind-1",
  "settings/dead.days",
  "suppliers/SUP-01",
];
const languages = { en: "English", hi: "हिन्दी", mr: "मराठी" };

const { open, relay, signedIn } = consoleUnderTest();

function isFocused(page, text) {
  return page.waitForFunction((want) => document.activeElement?.textContent?.trim() === want, text);
}

const looks = [
  ["en", "phone", "light"],
  ["en", "desk", "dark"],
  ["hi", "desk", "light"],
  ["hi", "phone", "dark"],
  ["mr", "phone", "light"],
  ["mr", "desk", "dark"],
];
for (const [language, size, scheme] of looks) {
  test(`every page is fit for all on a ${size} in ${scheme} in ${languages[language]}, and fits 320 px`, async () => {
    const page = await open(size, scheme);
    await page.getByRole("combobox").selectOption(language);
    await page.waitForFunction((to) => document.documentElement.lang === to, language);
    assert.deepEqual(await axe(page), [], "sign in");
    await fillSignIn(page, "ravi");
    await page.locator(".link-is-live").waitFor();
    for (const place of [...Object.keys(titles), ...details]) {
      await go(page, place);
      const title = titles[place];
      if (title && language === "en") assert.equal(await page.locator("h1").innerText(), title);
      if (title && language !== "en")
        assert.match(await page.locator("h1").innerText(), /[\u0900-\u097f]/, place);
      assert.deepEqual(await page.locator(".notice-bad").allInnerTexts(), [], place);
      assert.deepEqual(await axe(page), [], place);
      const name = place.replace(/[^a-z0-9]+/gi, "-").toLowerCase();
      if (pictures)
        await page.screenshot({ path: `${pictures}/console-${name}-${language}-${size}.png` });
      assert.ok(await fits(page), `${place} is too wide`);
      await page.setViewportSize(sizes.narrow);
      assert.ok(await fits(page), `${place} is too wide at 320 px`);
      await page.setViewportSize(sizes[size]);
    }
  });
}

test("nothing moves for who asked for no motion, also while the link is sought", async () => {
  const page = await open("phone");
  await page.emulateMedia({ reducedMotion: "reduce" });
  const held = await page.context().newCDPSession(page);
  await fillSignIn(page, "ravi");
  await page.locator(".link-is-live").waitFor();
  await held.send("Network.enable");
  await page.route("**/api/v1/events", () => undefined); // neither answered nor refused
  await page.reload();
  await page.locator(".link-is-connecting").waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

test("the language is chosen while a form is half written, and is remembered", async () => {
  const page = await signedIn("ravi");
  await go(page, "audit");
  await page.getByLabel("Who").fill("user:ra");
  await page.getByLabel("Language").selectOption("mr");
  await page.getByRole("heading", { name: "ऑडिट नोंद" }).waitFor();
  assert.equal(await page.locator("main input[type=search]").first().inputValue(), "user:ra");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "mr");
  await page.reload();
  await page.getByRole("heading", { name: "ऑडिट नोंद" }).waitFor();
  await go(page, "cases");
  const figures = await page.locator("tbody").innerText();
  assert.match(figures, /₹1,32,480/, "lakhs are grouped, in the digits that bills have");
  assert.doesNotMatch(figures, /[\u0966-\u096f]/);
  await page.locator("#language").selectOption("en");
  await page.getByRole("heading", { name: "Cases" }).waitFor();
});

test("the keyboard alone opens a page, decides, and comes back to where it was", async () => {
  const page = await open();
  await page.getByLabel("Distributor").focus();
  await page.keyboard.type("vyapar");
  await page.keyboard.press("Tab");
  await page.keyboard.type("ravi");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator(".link-is-live").waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the page");
  for (let i = 0; i < 20 && !(await focused()).startsWith("Alerts"); i++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Alerts" }).waitFor();
  await isFocused(page, "Alerts"); // a new page begins at its heading
  await shown(page);
  for (let i = 0; i < 20 && (await focused()) !== "I have it in hand"; i++)
    await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await isFocused(page, "I have it in hand");
});

test("the keyboard alone accepts a proposal, and rejects another", async () => {
  const page = await signedIn("ravi");
  await go(page, "proposals");
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  const tabTo = async (name) => {
    for (let i = 0; i < 90 && (await focused()) !== name; i++) await page.keyboard.press("Tab");
    assert.equal(await focused(), name);
  };
  const states = ["approved", "rejected"];
  for (const [i, button] of ["Accept", "Reject"].entries()) {
    await page.locator("h1").focus();
    await tabTo(button);
    const link = await page.evaluate(
      () => document.activeElement.closest("article").querySelector("a").href,
    );
    const id = link.split("/").pop();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    for (
      let n = 0;
      n < 5 && !(await page.getByLabel("Reason").evaluate((e) => e.matches(":focus")));
      n++
    )
      await page.keyboard.press("Tab");
    await page.keyboard.type("looked at by keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const ask = await relay.as("ravi");
    const { state } = await ask("GET", `/api/v1/proposals/${id}`);
    assert.ok(state === states[i] || (i === 0 && state === "proposed"), `${button}: ${state}`);
    if (state !== "proposed") await page.locator(`article a[href$="/${id}"]`).waitFor({ state: "detached" });
  }
});

test("the menu of a telephone leaves room to close it, and reaches to its last entry", async () => {
  const page = await signedIn("ravi", "phone");
  const menu = page.getByRole("button", { name: "Menu" });
  await menu.click();
  await page.getByRole("button", { name: "Sign out" }).scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Sign out" }).click({ trial: true });
  assert.deepEqual(await axe(page), []);
  await menu.click();
  assert.equal(await page.getByRole("button", { name: "Sign out" }).isVisible(), false);
});

test("the map says each site's surplus, need and age, and shows one by key", async () => {
  const page = await signedIn("ravi");
  await shown(page);
  const indore = page.getByRole("button", { name: /^Indore: surplus ₹.*need ₹.*data 3 h old/ });
  await indore.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Surplus and need by category and site: Indore").waitFor();
  assert.equal(await indore.getAttribute("aria-pressed"), "true");
  assert.equal(await page.locator(".matrix thead th").count(), 2, "one site alone");
  await page.getByRole("button", { name: "Show only Indore" }).click();
  await page.locator(".matrix").getByRole("link", { name: "oil" }).click();
  await page.getByRole("heading", { name: "Surplus and need by SKU and site" }).waitFor();
  await page.locator(".matrix").getByRole("link", { name: "OIL-MUS1" }).click();
  await page.waitForURL(/sku=OIL-MUS1/);
  await page.locator(".map-flow").first().waitFor({ state: "attached" });
});

test("names on the map cover neither marks nor each other, and a lorry is on its road", async () => {
  const page = await signedIn("ravi", "phone");
  await shown(page);
  await page.locator(".map-lorry").waitFor();
  const boxes = await page.evaluate(() =>
    [...document.querySelectorAll(".map-name, .map-pin")].map((e) => {
      const { left, top, right, bottom } = e.getBoundingClientRect();
      return { left, top, right, bottom };
    }),
  );
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      assert.ok(
        a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top,
        JSON.stringify([a, b]),
      );
  await page.getByText("480 units from Nagpur to Pune").waitFor();
});
