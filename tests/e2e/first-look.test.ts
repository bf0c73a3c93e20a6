// The first minute of a video operator who knows nothing yet, in a real Chromium on the whole product: where the log-in leads, what an empty wall offers, what the keys do,
// what a row and a tile say, and what somebody who may not take recordings away is not offered.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { Role } from "../../src/contract/access.ts";
import { launchBrowser } from "../support/browser.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { PASSWORD, eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

const WORDS = "Evening round";

describe("a newcomer's first minute at the wall", { timeout: 1_800_000 }, () => {
  let city: RunningCity;
  let browser: Browser;
  let page: Page;
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    await eventually("cameras that send", async () => (await city.client.call("listCameras", { query: { state: "connected", limit: 1 } })).total >= 4, 180_000);
    page = await enter("new.operator", "video-operator");
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  async function enter(login: string, role: Role): Promise<Page> {
    await city.client.call("createAccount", { body: { name: login, login, password: PASSWORD, roles: [role] } });
    const opened = await openPage(browser, { context: { acceptDownloads: true } });
    await opened.goto(city.system.address);
    await logIn(opened, login);
    await opened.locator(".top-bar").waitFor();
    return opened;
  }
  async function giveReason(at: Page): Promise<void> {
    await at.locator(".watch-reason .input-button").click();
    await at.getByRole("option").filter({ hasText: "patrol" }).first().click();
    await at.locator(".watch-reason .field:not(:has(.input-button)) input").fill(WORDS);
    await at.keyboard.press("Enter");
  }
  const press = (key: string): Promise<void> => page.locator("body").press(key);
  /** Words that stand in the picture's place or around it, one a line. */
  const textOf = (selector: string): Promise<string> => page.locator(selector).first().innerText();

  it("the log-in leads to the wall; when the reason is given the wall says one sentence and offers one press", async () => {
    await page.locator(".watch-reason").waitFor();
    assert.equal(new URL(page.url()).pathname, "/watch");
    await giveReason(page);
    await page.locator(".watch-start button").waitFor();
    assert.equal(await page.locator(".watch-start button").count(), 1);
    assert.equal(await page.locator(".watch-start p").count(), 1);
    assert.equal((await page.locator(".watch-wall").innerText()).trim(), "", "no tile says it again");
    await page.locator(".watch-start button").click();
    await eventually("four cameras that play", async () => (await page.locator(".tile[data-state=playing]").count()) === 4, 120_000);
    await press("3");
    await eventually("of five empty tiles one to say how it is filled", async () => (await page.locator(".watch-empty").count()) >= 5 && (await page.locator(".watch-empty").filter({ hasText: /./ }).count()) === 1);
  });

  it("a row says the place first, then which of its cameras it is, and the place once", async () => {
    const { cameras } = await city.client.call("listCameras", { query: { state: "connected", limit: 50 } });
    const camera = cameras.find(({ name, place }) => name.startsWith(`${place}, `))!;
    const row = page.locator(".watch-list [role=option]").filter({ hasText: camera.code }).first().locator(".watch-row-text > span");
    assert.deepEqual((await row.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim()), [`${camera.place} ${camera.code}`, camera.name.slice(camera.place.length + 2)]);
  });

  it("Escape empties the search and stays in it; once more leaves it", async () => {
    await press("s");
    const search = page.locator("#watch-search");
    await search.fill("norte");
    await page.keyboard.press("Escape");
    assert.deepEqual([await search.inputValue(), await search.evaluate((input) => input === document.activeElement)], ["", true]);
    await page.keyboard.press("Escape");
    assert.equal(await search.evaluate((input) => input === document.activeElement), false);
  });

  it("each key of the wall stands for one thing, and R, which is a ringing call in the header, for none of them", async () => {
    await press("?");
    const caps = await page.locator(".keys-group dt").evaluateAll((rows) => rows.flatMap((row) => [...row.querySelectorAll(".key-hint")].map((hint) => [...hint.querySelectorAll("kbd")].map((key) => key.textContent).join(" "))));
    await page.keyboard.press("Escape");
    assert.ok(caps.includes("P") && !caps.includes("R"), caps.join(", "));
    assert.equal(new Set(caps).size, caps.length, "no key stands twice");
    await press("p");
    await page.locator(".watch-reason").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".watch-reason").waitFor({ state: "detached" });
  });

  it("a tile says why it is looked at once, also with its details open", async () => {
    const tile = ".tile >> nth=0";
    await page.locator(tile).getByRole("button", { name: "Details of the picture" }).click();
    await page.locator(".tile-details").waitFor();
    assert.equal((await textOf(tile)).split(WORDS).length - 1, 1);
  });

  it("the recorder's figure looks pressable, and leads to what is wrong with cameras", async () => {
    const item = page.locator(".recorder-item");
    assert.match(await item.evaluate((button) => getComputedStyle(button).textDecorationLine), /underline/);
    await item.click();
    await page.locator(".recorder-problems").click();
    await page.waitForURL(/\/cameras/);
    await page.getByRole("heading", { name: "Problems now" }).waitFor();
  });

  it("a video operator is offered the download of a range, which the register calls one; a call taker is not", async () => {
    const taker = await enter("new.taker", "call-taker");
    for (const at of [page, taker]) {
      await at.goto(`${city.system.address}/watch?camera=1`);
      await giveReason(at);
      await at.locator(".tile[data-tile-camera='1'][data-state=playing]").waitFor({ timeout: 120_000 });
    }
    await eventually("half a minute of recording", async () => {
      const { health } = await city.client.call("getCamera", { params: { id: 1 } });
      return health.recorded !== null && Date.now() - health.recorded.since > 40_000;
    }, 120_000);
    for (const at of [page, taker]) {
      const key = (name: string): Promise<void> => at.locator("body").press(name);
      await key("k");
      await eventually("the past", async () => (await at.locator(".bar-clock").innerText()).includes("."));
      for (const name of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "i", "ArrowRight", "ArrowRight", "o"]) {
        await key(name);
        await at.waitForTimeout(300);
      }
      await at.locator(".bar-range").waitFor();
    }
    assert.equal(await taker.locator(".bar-range").getByRole("button", { name: "Download" }).count(), 0);
    const [clip] = await Promise.all([page.waitForEvent("download"), page.locator(".bar-range").getByRole("button", { name: "Download" }).click()]);
    assert.equal(await clip.failure(), null);
    const [record] = (await city.client.call("listAccessRecords", { query: { mode: "download" } })).records;
    assert.deepEqual([record!.accountName, record!.cameraId, record!.words], ["new.operator", 1, WORDS]);
    for (const name of [...Array.from({ length: 15 }, () => "Shift+ArrowLeft"), "x", "i", "ArrowRight", "o"]) await page.locator("body").press(name);
    await page.locator(".bar-range").getByRole("button", { name: "Download" }).click();
    await page.locator(".notice").filter({ hasText: "Nothing was recorded in this range." }).waitFor();
    assert.equal(record!.endedAt, null, "it could go on where it was broken off");
    await city.client.call("changeAccount", { params: { id: record!.accountId }, body: { disabled: true } });
    await eventually("the recorder's word of its end", async () => (await city.client.call("listAccessRecords", { query: { mode: "download" } })).records[0]!.endedAt !== null);
  });
});
