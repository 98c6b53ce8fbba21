// SPDX-License-Identifier: Apache-2.0
// The console's session and its link: signing in and out, renewal, what each role is shown, and what
// outlives an ended session or a killed relay.
import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleUnderTest, fillSignIn, go } from "./console_under_test.mjs";
import { axe, PASSWORD } from "./harness.mjs";

const { open, relay, signedIn } = consoleUnderTest();

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
  await page.getByRole("heading", { name: "Sign in again" }).waitFor();
});

test("a renewal that is answered after signing out brings nobody back", async () => {
  const page = await signedIn("anita");
  let letIn;
  const left = new Promise((done) => (letIn = done));
  const renewal = new Promise((fetched) =>
    page.route("**/api/v1/refresh", async (route) => {
      const response = await route.fetch();
      fetched(response.status());
      await left;
      await route.fulfill({ response });
    }),
  );
  const answered = page.waitForResponse("**/api/v1/refresh");
  await page.route(/\/api\/v1\/cases(\?|$)/, (route) => route.fulfill({ status: 401, json: {} }));
  await page.evaluate(() => (location.hash = "#/cases"));
  assert.equal(await renewal, 200);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
  letIn();
  await (await answered).finished();
  await page.getByLabel("Password").fill("x"); // the page has had its turn
  assert.equal(await page.evaluate(() => sessionStorage.getItem("session")), null);
  await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
});

test("a session that ends under a half-written form waits for its user, and loses nothing", async () => {
  const page = await signedIn("anita", "phone");
  await go(page, "proposals/P14");
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByLabel("Reason").fill("Pune has no room this week");
  const ask = await relay.as("ravi");
  await ask("PUT", "/api/v1/users/anita", {
    name: "Anita Kulkarni",
    role: "manager",
    territories: [],
    state: "active",
  }); // who is changed signs in anew
  // The page may have noticed by its events already, and stand below the sign-in.
  await page
    .locator("dialog:not(.sign-in-again)")
    .getByText("Reject", { exact: true })
    .dispatchEvent("click");
  await page.getByRole("heading", { name: "Sign in again" }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Sign in again" }).waitFor();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Sign in again" }).waitFor({ state: "detached" });
  assert.match(page.url(), /#\/proposals\/P14$/);
  assert.equal(await page.getByLabel("Reason").inputValue(), "Pune has no room this week");
  await page.getByRole("dialog").getByRole("button", { name: "Reject", exact: true }).click();
  await page.locator(".state", { hasText: "rejected" }).waitFor();
});

test("a reload after the session has ended comes back to the same page", async () => {
  const page = await signedIn("anita");
  await go(page, "cases/C4");
  await page.evaluate(() => {
    const held = JSON.parse(sessionStorage.getItem("session"));
    sessionStorage.setItem(
      "session",
      JSON.stringify({ ...held, accessToken: "over", refreshToken: "over" }),
    );
  });
  await page.reload();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Case C4" }).waitFor();
  await page.getByText("From detection to settlement").waitFor();
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
    outlets: "/api/v1/outlets",
    orders: "/api/v1/orders",
    papers: "/api/v1/papers",
    suppliers: "/api/v1/suppliers",
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
  await relay.kill();
  await page.locator(".link-is-lost").waitFor();
  await page.getByRole("alert").filter({ hasText: "No link to the relay since" }).waitFor();
  await page.getByText(/^What you see came at .*, now\.$/).waitFor();
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

test("a relay that is killed under a half-written decision loses nothing of it", async () => {
  const page = await signedIn("anita", "phone");
  await go(page, "risk"); // what was seen before the loss can be opened again
  await go(page, "proposals/P4");
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByLabel("Reason").fill("the season begins next week");
  await relay.kill();
  await page.locator(".link-is-lost").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Reject", exact: true }).click();
  await page.getByRole("dialog").getByText("The relay does not answer").waitFor();
  assert.equal(await page.getByLabel("Reason").inputValue(), "the season begins next week");
  await relay.start();
  await page.locator(".link-is-live").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Reject", exact: true }).click();
  await page.locator(".state", { hasText: "rejected" }).waitFor();
  await relay.kill();
  await page.locator(".link-is-lost").waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "Stock at risk" }).waitFor();
  await page.locator("tbody tr").first().waitFor();
  await relay.start();
  await page.locator(".link-is-live").waitFor();
});
