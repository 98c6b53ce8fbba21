// SPDX-License-Identifier: Apache-2.0
// The relay's console in a real browser against the real API over a real store, for one file of tests:
// its pages opened, signed in and moved through.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { openBrowser, PASSWORD, Relay } from "./harness.mjs";

/** A relay and a browser of this file's tests alone, which begin and end with them. After each test its
 * pages are closed, and must have had no fault and have asked nobody but the relay. */
export function consoleUnderTest() {
  const relay = new Relay();
  let browser;
  let pages = [];

  before(async () => {
    await relay.start();
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    if (relay.port) await relay.remove(); // else it never began
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
    await page.addInitScript(noteTold);
    await page.goto(relay.url);
    return page;
  }

  async function signedIn(user, size, scheme) {
    const page = await open(size, scheme);
    await fillSignIn(page, user);
    await page.locator(".link-is-live").waitFor();
    return page;
  }

  return { open, relay, signedIn };
}

/** What is told in passing is gone in seconds: the page itself notes it. */
function noteTold() {
  window.told = [];
  new MutationObserver(() => {
    const text = document.querySelector(".told")?.textContent ?? "";
    if (text && text !== window.told.at(-1)) window.told.push(text);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

export function isTold(page, part) {
  return page.waitForFunction((text) => window.told.some((told) => told.includes(text)), part);
}

export async function fillSignIn(page, user, password = PASSWORD) {
  const fields = page.locator("form input");
  for (const [i, text] of ["vyapar", user, password].entries()) await fields.nth(i).fill(text);
  await page.keyboard.press("Enter");
}

/** Opens a page by its address and waits for what it shows. */
export async function go(page, place) {
  const opened = (to) =>
    new Promise((done) => {
      const was = location.href;
      addEventListener("hashchange", () => done(), { once: true });
      location.hash = `#/${to}`;
      if (location.href === was) done();
    });
  await page.evaluate(opened, encodeURI(place).replace("|", "%7C"));
  await shown(page);
}

export async function shown(page) {
  await page.waitForFunction(
    () => document.querySelector("h1") && !document.querySelector(".empty[role=status]"),
  );
}

/** Whether a page is no wider than its window once it has been drawn in it; a matrix scrolls by
 * itself. */
export function fits(page) {
  const isSo = () => document.documentElement.scrollWidth <= innerWidth;
  return page.waitForFunction(isSo).then(
    () => true,
    () => false,
  );
}
