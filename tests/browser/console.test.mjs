// SPDX-License-Identifier: Apache-2.0
// The relay's console in a real browser against the real API over a real store.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { axe, openBrowser, PASSWORD, Relay } from "./harness.mjs";

const pictures = process.env.SCREENSHOTS;
const titles = {
  overview: "Overview",
  risk: "Stock at risk",
  proposals: "Proposals",
  cases: "Cases",
  market: "Money and prices",
  campaigns: "Campaigns",
  alerts: "Alerts",
  devices: "Devices",
  agents: "Agents",
  letters: "Dead letters",
  audit: "Audit trail",
  settings: "Rules",
  users: "Users",
};
const details = [
  "risk/NAG|OIL-MUS1",
  "proposals/P1",
  "cases/C4",
  "campaigns/K2",
  "devices/ind-1",
  "settings/dead.days",
];

let relay;
let browser;
let pages = [];

before(async () => {
  relay = await new Relay().start();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await relay?.remove();
});

afterEach(async () => {
  for (const page of pages) {
    assert.deepEqual(page.faults, []);
    const elsewhere = page.asked.filter(
      (url) => !url.startsWith(relay.url) && !url.startsWith("data:"),
    );
    assert.deepEqual(elsewhere, [], "no request leaves the host");
    await page.context().close();
  }
  pages = [];
});

async function open(size = "desk", scheme = "light") {
  const page = await browser.page(size, scheme);
  pages.push(page);
  await page.goto(relay.url);
  return page;
}

async function fillSignIn(page, user, password = PASSWORD) {
  await page.getByLabel("Distributor").fill("vyapar");
  await page.getByLabel("User").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
}

async function signedIn(user, size, scheme) {
  const page = await open(size, scheme);
  await fillSignIn(page, user);
  await page.locator(".link-is-live").waitFor();
  return page;
}

/** Opens a page by its address and waits for what it shows. */
async function go(page, place) {
  await page.evaluate((to) => (location.hash = `#/${to}`), encodeURI(place).replace("|", "%7C"));
  await shown(page);
}

async function shown(page) {
  await page.waitForFunction(
    () => document.querySelector("h1") && !document.querySelector(".empty[role=status]"),
  );
}

async function decide(page, button, reason, dialog = page.getByRole("dialog")) {
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

const proposal = (page, name, action) => page.getByRole("article", { name: `${action}: ${name}` });

for (const [size, scheme] of [
  ["phone", "light"],
  ["desk", "dark"],
]) {
  test(`every page is fit for all on a ${size} in ${scheme}, and no wider than it`, async () => {
    const first = await open(size, scheme);
    assert.deepEqual(await axe(first), [], "sign in");
    await fillSignIn(first, "ravi");
    await first.locator(".link-is-live").waitFor();
    for (const place of [...Object.keys(titles), ...details]) {
      await go(first, place);
      if (titles[place]) assert.equal(await first.locator("h1").innerText(), titles[place]);
      assert.deepEqual(await first.locator(".notice-bad").allInnerTexts(), [], place);
      assert.deepEqual(await axe(first), [], place);
      const over = await first.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${place} is ${over} px too wide`);
      const name = place.replace(/[^a-z0-9]+/gi, "-").toLowerCase();
      if (pictures) await first.screenshot({ path: `${pictures}/console-${name}-${size}.png` });
    }
  });
}

test("what is wrong at signing in is said in words, and the password is asked again", async () => {
  const page = await open("phone");
  await fillSignIn(page, "ravi", "not the password");
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /password is not right/);
  assert.equal(await page.getByLabel("Password").inputValue(), "");
  assert.deepEqual(await axe(page), []);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
});

test("an access token that is over is renewed unseen; signing out ends the session for good", async () => {
  const page = await signedIn("anita");
  const kept = await page.evaluate(() => sessionStorage.getItem("session"));
  await page.evaluate(() => {
    const session = JSON.parse(sessionStorage.getItem("session"));
    sessionStorage.setItem("session", JSON.stringify({ ...session, accessToken: "over" }));
  });
  await page.reload();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  assert.deepEqual(await page.locator(".notice-bad").allInnerTexts(), []);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.evaluate((old) => sessionStorage.setItem("session", old), kept);
  await page.reload();
  await page.getByText("Your session has ended.").waitFor();
});

test("each role sees the pages that the document lets it ask for, and no others", async () => {
  const document = await (await fetch(`${relay.url}/api/v1/openapi.json`)).json();
  const routes = {
    overview: "/api/v1/network",
    risk: "/api/v1/inventory/current",
    proposals: "/api/v1/proposals",
    cases: "/api/v1/cases",
    market: "/api/v1/reports/recovery",
    campaigns: "/api/v1/campaigns",
    alerts: "/api/v1/alerts",
    devices: "/api/v1/devices",
    agents: "/api/v1/agents",
    letters: "/api/v1/dead-letters",
    audit: "/api/v1/audit",
    settings: "/api/v1/settings",
    users: "/api/v1/users",
  };
  const users = [
    ["ravi", "owner", false],
    ["vikram", "manager", true],
    ["meena", "procurement", false],
    ["farid", "field", false],
    ["tara", "technician", false],
    ["arun", "auditor", false],
  ];
  for (const [user, role, limited] of users) {
    const page = await signedIn(user);
    const wanted = Object.keys(routes).filter((name) => {
      const route = document.paths[routes[name]].get;
      return route["x-roles"].includes(role) && !(limited && route["x-scope"] === "tenant");
    });
    const links = await page
      .locator("nav a")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href").slice(2)));
    assert.deepEqual(links, wanted, role);
    for (const name of links) {
      await go(page, name);
      assert.deepEqual(await page.locator(".notice-bad").allInnerTexts(), [], `${role}: ${name}`);
    }
    if (role === "field") assert.doesNotMatch(await page.locator("main").innerText(), /₹/);
    if (role === "procurement") {
      await go(page, "proposals");
      assert.equal(await page.getByRole("button", { name: "Accept" }).count(), 0);
    }
    if (limited) {
      await go(page, "risk");
      assert.doesNotMatch(await page.locator("tbody").innerText(), /Pune|Indore/);
    }
  }
});

test("a decision needs a reason, and others see it without asking", async () => {
  const owner = await signedIn("ravi");
  const manager = await signedIn("anita", "phone");
  await go(owner, "proposals");
  await go(manager, "proposals");
  const mine = proposal(manager, "Toned Milk UHT 1 l", "Move");
  await mine.getByRole("button", { name: "Reject" }).click();
  const dialog = manager.getByRole("dialog");
  assert.deepEqual(await axe(manager), []);
  await dialog.getByRole("button", { name: "Reject", exact: true }).click();
  assert.equal(await dialog.isVisible(), true, "without a reason it stays");
  await decide(manager, "Reject", "the road is closed");
  await mine.waitFor({ state: "detached" });
  await proposal(owner, "Toned Milk UHT 1 l", "Move").waitFor({ state: "detached" });
  await go(owner, "proposals/P3");
  await owner.getByText(/anita.*the road is closed/).waitFor();
});

test("the quantity is changed with a reason, and what is refused is said", async () => {
  const page = await signedIn("anita");
  await go(page, "proposals");
  const card = page.locator("article", { hasText: "requires review" });
  await card.getByRole("button", { name: "Change quantity" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Units that are to go instead").fill("9999");
  await decide(page, "Accept with this quantity", "their dock is small");
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Units that are to go instead").fill("120");
  await decide(page, "Accept with this quantity", "their dock is small");
  await page.getByText("compliance looks at it once more").waitFor();
  const changed = page.locator("article", { hasText: "Move 120 units" });
  await changed.getByText("being checked").waitFor();
  assert.equal(await changed.getByRole("button", { name: "Accept" }).count(), 0);
});

test("beyond the second limit one person's word is not enough, and it is said", async () => {
  const ask = await relay.as("ravi");
  await ask("PUT", "/api/v1/settings/approval.two_paise", {
    value: "100000",
    reason: "for the test",
  });
  const first = await signedIn("anita");
  await go(first, "proposals/P1");
  await first.getByRole("button", { name: "Accept" }).click();
  await decide(first, "Accept", "Pune needs oil");
  await first.getByText("a second person must approve too").waitFor();
  assert.equal((await ask("GET", "/api/v1/proposals/P1")).state, "proposed");
  const second = await signedIn("ravi");
  await go(second, "proposals/P1");
  await second.getByText("Approved so far by anita").waitFor();
  await second.getByRole("button", { name: "Accept" }).click();
  await decide(second, "Accept", "agreed");
  await second.locator(".state", { hasText: "approved" }).waitFor();
  await first.locator(".state", { hasText: "approved" }).waitFor();
});

test("a lost link is seen, and what happened meanwhile is there when it is back", async () => {
  const page = await signedIn("ravi");
  await go(page, "alerts");
  const open = await page.locator("article.alert").count();
  const ask = await relay.as("ravi");
  const { items } = await ask("GET", "/api/v1/alerts");
  await ask("POST", `/api/v1/alerts/${items[0].alertId}/acknowledge`, { reason: "on my way" });
  await page.waitForFunction(
    (n) => document.querySelectorAll("article.alert").length === n,
    open - 1,
  );
  const resumed = page.waitForRequest(
    (request) =>
      request.url().endsWith("/api/v1/events") && request.headers()["last-event-id"] !== undefined,
  );
  await relay.stop();
  await page.locator(".link-is-lost").waitFor();
  await page.getByRole("alert").filter({ hasText: "What you see is from before" }).waitFor();
  assert.deepEqual(await axe(page), []);
  assert.equal(await page.locator("article.alert").count(), open - 1, "it keeps what it knew");
  await relay.start();
  const again = await relay.as("ravi");
  await again("POST", `/api/v1/alerts/${items[1].alertId}/acknowledge`, { reason: "seen too" });
  assert.match((await resumed).headers()["last-event-id"], /^[0-9]+$/);
  await page.locator(".link-is-live").waitFor();
  await page.waitForFunction(
    (n) => document.querySelectorAll("article.alert").length === n,
    open - 2,
  );
  assert.equal(await page.locator(".stale").count(), 0);
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
  assert.equal(await focused(), "Alerts", "a new page begins at its heading");
  await shown(page);
  for (let i = 0; i < 20 && (await focused()) !== "I have it in hand"; i++)
    await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(), "I have it in hand");
});

test("the map says each site's surplus, need and age, and shows one by key", async () => {
  const page = await signedIn("ravi");
  await shown(page);
  const indore = page.getByRole("button", { name: /^Indore: surplus ₹.*need ₹.*data 3 h old/ });
  await indore.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Surplus and need by category in Indore").waitFor();
  assert.equal(await indore.getAttribute("aria-pressed"), "true");
  await page.getByLabel("SKU").selectOption("OIL-MUS1");
  await page.getByText("Surplus and need by SKU in Indore").waitFor();
  assert.match(page.url(), /sku=OIL-MUS1/);
  assert.equal(await page.locator(".map-flow").count(), 2);
});

test("stock at risk is ordered by rupees and narrowed by filters that the address keeps", async () => {
  const page = await signedIn("ravi");
  await go(page, "risk");
  const rupees = async () =>
    (await page.locator("tbody tr td:nth-child(3) strong").allInnerTexts()).map((t) =>
      Number(t.replace(/[^\d.]/g, "")),
    );
  const all = await rupees();
  assert.deepEqual(
    all,
    [...all].sort((a, b) => b - a),
  );
  await page.getByLabel("Territory").selectOption("Pune");
  await page.getByLabel("Expires").selectOption("Within 30 days");
  await page.waitForFunction((n) => document.querySelectorAll("tbody tr").length < n, all.length);
  for (const text of await page.locator("tbody tr").allInnerTexts())
    assert.match(text, /Pune, Pune/);
  const narrow = await rupees();
  await page.reload();
  await shown(page);
  assert.deepEqual(await rupees(), narrow);
});

test("an appliance is let in by a code that is shown once", async () => {
  const page = await signedIn("tara");
  await go(page, "devices");
  await page.getByRole("button", { name: "Let an appliance in" }).click();
  await page.getByLabel("Name of the appliance").fill("nag-2");
  await page.getByRole("dialog").getByLabel("Site").selectOption("NAG");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: "Make a code" }).click();
  const code = await page.locator(".code-large").innerText();
  assert.ok(code.length >= 8);
  assert.deepEqual(await axe(page), []);
  await page.reload();
  await page.getByText("nag-2").first().waitFor();
  assert.doesNotMatch(await page.content(), new RegExp(code));
});

test("the chain is checked on demand, and a rule keeps its history", async () => {
  const page = await signedIn("ravi");
  await go(page, "settings/dead.slow_days");
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel(/^Value/).fill("50");
  await decide(page, "Change", "summer is slower");
  await page.locator("tbody", { hasText: "summer is slower" }).waitFor();
  await go(page, "audit");
  await page.getByRole("button", { name: "Check now" }).click();
  await page.getByText("The chain is whole.").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByLabel("Who").fill("user:ravi");
  await page.getByLabel("What").fill("SettingChanged");
  await page.getByRole("button", { name: "Find" }).click();
  await page
    .locator(".history", { hasText: "dead.slow_days" })
    .or(page.getByText("summer is slower"))
    .first()
    .waitFor();
});

test("a campaign is approved and stopped by who may, and agents are started", async () => {
  const page = await signedIn("ravi");
  await go(page, "campaigns/K1");
  await page.getByRole("button", { name: "Approve" }).click();
  await decide(page, "Approve", "the price is right");
  await page.locator(".state", { hasText: "approved" }).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await decide(page, "Stop", "a recall is likely");
  await page.locator(".state", { hasText: "stopped" }).waitFor();
  await go(page, "agents");
  await page.getByRole("button", { name: "Start liquidation" }).click();
  await decide(page, "Start", "it may go on");
  await page.getByRole("button", { name: "Stop liquidation" }).waitFor();
});
