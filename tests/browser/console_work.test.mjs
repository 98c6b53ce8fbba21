// SPDX-License-Identifier: Apache-2.0
// What people do in the console: decide on proposals, follow cases, orders and papers, keep outlets,
// campaigns, suppliers and rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleUnderTest, fits, go, isTold, shown } from "./console_under_test.mjs";
import { axe } from "./harness.mjs";

const { relay, signedIn } = consoleUnderTest();

async function decide(page, button, reason, dialog = page.getByRole("dialog")) {
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

const proposal = (page, name, action) =>
  page.getByRole("article", { name: `${action}: ${name}` });

test("a decision needs a reason, and others see it without asking", async () => {
  const owner = await signedIn("ravi");
  const manager = await signedIn("anita", "phone");
  await go(owner, "proposals");
  await go(manager, "proposals");
  const mine = proposal(manager, "Toned Milk UHT 1 l", "transfer");
  await mine.getByRole("button", { name: "Reject" }).click();
  const dialog = manager.getByRole("dialog");
  assert.deepEqual(await axe(manager), []);
  await dialog.getByRole("button", { name: "Reject", exact: true }).click();
  assert.equal(await dialog.isVisible(), true, "without a reason it stays");
  await decide(manager, "Reject", "the road is closed");
  await mine.waitFor({ state: "detached" });
  await proposal(owner, "Toned Milk UHT 1 l", "transfer").waitFor({ state: "detached" });
  await go(owner, "proposals/P3");
  await owner.getByText(/anita.*the road is closed/).waitFor();
});

test("the list says what asks for a person", async () => {
  const page = await signedIn("anita");
  await go(page, "proposals");
  const wants = [
    ["Move 3,000 units", "the goods are worth more than the limit, more units than the limit."],
    ["Move 240 units", "the goods are worth more than the limit, compliance asks for a look."],
  ];
  for (const [title, why] of wants)
    await page
      .getByRole("article")
      .filter({ hasText: title })
      .getByText(`A person must decide: ${why}`)
      .waitFor();
});

test("small proposals are accepted together, after a sum that says what they are", async () => {
  const page = await signedIn("anita", "phone");
  await go(page, "proposals");
  await page.getByRole("button", { name: "Accept small ones" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("2 proposals chosen").waitFor();
  await dialog.getByText("144 units, cost ₹300, expected revenue ₹7,240, gain ₹1,490").waitFor();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("checkbox").nth(1).uncheck();
  await dialog.getByText("1 proposal chosen").waitFor();
  await dialog.getByRole("checkbox").nth(1).check();
  await decide(page, "Accept 2", "as every week");
  await isTold(page, "2 accepted, 0 wait for a second person, 0 refused.");
  await dialog.waitFor({ state: "detached" });
  const ask = await relay.as("ravi");
  for (const id of ["P11", "P12"])
    assert.equal((await ask("GET", `/api/v1/proposals/${id}`)).state, "approved");
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
  await isTold(page, "compliance looks at it once more");
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
  await isTold(first, "a second person must approve too");
  assert.equal((await ask("GET", "/api/v1/proposals/P1")).state, "proposed");
  const second = await signedIn("ravi");
  await go(second, "proposals/P1");
  await second.getByText("Approved so far by anita").waitFor();
  await second.getByRole("button", { name: "Accept" }).click();
  await decide(second, "Accept", "agreed");
  await second.locator(".state", { hasText: "approved" }).waitFor();
  await first.locator(".state", { hasText: "approved" }).waitFor();
});

test("a case is told from what was found to what scans moved", async () => {
  const page = await signedIn("ravi");
  await go(page, "cases/C4");
  await page.locator(".story").getByText("Scanned out at Nagpur").waitFor(); // names come by themselves
  const story = await page.locator(".story").innerText();
  const parts = [
    "Found",
    "940 units of 940 units at Nagpur would not sell in time: ₹97,760 at risk.",
    "Proposed by reallocation agent.",
    "Approved so far by anita.",
    "Scanned out at Nagpur: 480 units. 480 units on the road.",
    "not yet",
  ];
  let at = 0;
  for (const part of parts) {
    const found = story.indexOf(part, at);
    assert.ok(found >= 0, `${part} in ${story}`);
    at = found;
  }
  await go(page, "cases/C6");
  const money = page.locator("section", { hasText: "Money, predicted beside actual" }).last();
  await money.getByText("₹28,060").waitFor(); // 22,500 + 6,800 less 360 + 880
  await money.getByText("₹27,040").waitFor(); // 21,900 + 6,400 less 350 + 910
  await page.getByText("From the scan to the shop, link by link").click();
  const links = page.getByRole("table", { name: "From the scan to the shop, link by link" });
  await links.getByText("delivered · OUT-001 · K2").waitFor();
  const steps = await links.getByRole("rowheader").allInnerTexts();
  assert.deepEqual(steps.slice(0, 4).map((step) => step.trim()), ["Proposal", "Proposal", "Campaign", "Message"]);
  assert.deepEqual(await axe(page), []);
});

test("an outlet shows its consents, and a new one is recorded", async () => {
  const page = await signedIn("anita");
  await go(page, "outlets");
  await page.getByLabel("Name or code").fill("kirana");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "Sharma Kirana Store", exact: true }).click();
  await page.getByText("+919800000001").waitFor();
  await page.getByRole("button", { name: "Record a consent or its end" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("State").selectOption("withdrawn");
  await dialog.getByLabel("How it was given").fill("phone call");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Record" }).click();
  await page.locator(".state", { hasText: "withdrawn" }).waitFor();
  await page.getByText("₹48,250").waitFor(); // what it owes, of ₹50,000 that it may
  await page.getByText("12 days", { exact: true }).waitFor();
  const answers = page.getByRole("table", { name: "How it answered offers" });
  await answers.locator("tr", { hasText: "offer" }).getByRole("link").first().waitFor();
});

test("orders say what they came from and what scans have done, papers what is due", async () => {
  const page = await signedIn("ravi");
  await go(page, "orders");
  const row = page.locator("tbody tr", { hasText: "K3-OUT-002" });
  await row.getByRole("link", { name: "campaign K3" }).waitFor();
  assert.match(await row.innerText(), /0 of 12/);
  await go(page, "papers");
  await page.getByText("1 paper needs an e-way bill before its goods leave.").waitFor();
  const invoice = page.locator("tbody tr", { hasText: "I27/26-27/00007" });
  await invoice.getByText("Make it before the goods leave.").waitFor();
  const challan = page.locator("tbody tr", { hasText: "D27/26-27/00041" });
  await challan.getByText("The goods have left: it must lie with them.").waitFor();
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
  await page.waitForFunction((n) => {
    const rows = document.querySelectorAll("tbody tr").length;
    return rows > 0 && rows < n;
  }, all.length);
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

test("a draft shows what it would bring before it is written, and takes that over", async () => {
  const page = await signedIn("ravi", "phone");
  await go(page, "campaigns");
  await page.getByRole("button", { name: "Draft a campaign" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Site").selectOption("NAG");
  await dialog.getByLabel("SKU").fill("OIL-MUS1");
  await dialog.getByLabel("Units").fill("60");
  await dialog.getByRole("button", { name: "See what it would bring" }).click();
  await dialog.getByText(/offered it, \d+ left out on purpose/).waitFor();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Take its price and days" }).click();
  assert.match(await dialog.getByLabel("Price a unit, rupees").inputValue(), /^\d+\.\d{2}$/);
  assert.match(await dialog.getByLabel("First day").inputValue(), /^\d{4}-\d{2}-\d{2}$/);
  await dialog.getByLabel("SKU").fill("NO-SUCH");
  await dialog.getByRole("button", { name: "See what it would bring" }).click();
  await dialog.getByText("It is gone.").waitFor();
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

test("an owner enters what a supplier takes back; others read it", async () => {
  const page = await signedIn("ravi", "phone");
  await go(page, "suppliers/SUP-01");
  assert.match(await page.locator("main").innerText(), /65 % of the purchase price/);
  await page.getByRole("button", { name: "Enter terms" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Brand").fill("Suraj");
  await dialog.getByLabel("Credit, percent of the purchase price").fill("72.5");
  await dialog.getByLabel("Quota, rupees of purchase value").fill("12000");
  assert.deepEqual(await axe(page), []);
  await decide(page, "Enter terms", "a brand with terms of its own");
  await page.getByRole("heading", { name: "Terms for Suraj" }).waitFor();
  const ask = await relay.as("ravi");
  const { terms } = await ask("GET", "/api/v1/suppliers/SUP-01/terms");
  const mine = terms.find((t) => t.brand === "Suraj");
  assert.deepEqual([mine.creditPermille, mine.quotaPaise, mine.windowFromDays], [725, 1200000, -60]);
  const reader = await signedIn("arun");
  await go(reader, "suppliers/SUP-01");
  assert.equal(await reader.getByRole("button", { name: "Enter terms" }).count(), 0);
});

test("what a way truly cost is entered beside its prediction, and stands in the case's story", async () => {
  const page = await signedIn("meena");
  await go(page, "market");
  await page.getByRole("button", { name: "Enter true freight" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Freight, rupees").fill("1310.50");
  await dialog.getByLabel("Loading and unloading, rupees").fill("140");
  await dialog.getByLabel("Number of its paper").fill("LR-20771");
  assert.deepEqual(await axe(page), []);
  await decide(page, "Enter true freight", "the carrier corrected it");
  await page.getByText("₹1,450.50").first().waitFor();
  await go(page, "cases/C5");
  await page.getByText(/freight ₹1,310.50, handling ₹140/).first().waitFor();
});

test("what sites offer stands with reserve and bids, sorted and filtered, on a phone too", async () => {
  const page = await signedIn("ravi", "phone");
  await go(page, "overview");
  const offered = page.getByRole("table", { name: "Offered by sites" });
  await offered.waitFor();
  assert.match(await offered.innerText(), /Pune ₹139\.60, Indore ₹134\.20/);
  assert.equal(await offered.locator("tbody tr").count(), 2);
  await page.getByLabel("Asked for", { exact: true }).selectOption("true");
  await offered.locator("tbody tr").nth(1).waitFor({ state: "detached" });
  assert.ok(await fits(page));
});

test("an owner sees what is used of the relay beside what was granted, and weeks that add up", async () => {
  const page = await signedIn("anita");
  await go(page, "settings");
  const usage = page.getByRole("table", { name: "Used, and granted by the operator" });
  await usage.getByRole("row", { name: /appliances/ }).getByText("ok").waitFor();
  assert.equal(await usage.getByRole("rowheader").count(), 8);
  assert.deepEqual(await axe(page), []);
});
