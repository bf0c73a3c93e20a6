// The console for those who touch no mouse and for those who see little, in a real browser: one call from its ringing to the closing of its incident by the keyboard
// alone, log-in and sound test before it; and the pages of dispatch before axe, the checker of the W3C's rules, dark at a desk's width and light at a phone's.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { DESK, PHONE, logInByKeyboard, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, LOGIN, type RunningCity } from "../support/running-city.ts";

const PLACE = "18 de julio y ejido";
let city: RunningCity;
let browser: Browser;
const complaints: string[] = [];

async function open(path: string, login: string, theme: "dark" | "light" = "dark", viewport: typeof DESK | typeof PHONE = DESK): Promise<Page> {
  const page = await openPage(browser, { context: { viewport, reducedMotion: "reduce" }, look: { theme, language: "en" }, complaints });
  await page.goto(`${city.system.address}/${path}`);
  await logInByKeyboard(page, login);
  await page.locator("#room").waitFor();
  return page;
}
async function ring(words: string): Promise<number> {
  const telephony = new CityClient(city.system.address, city.token("telephony"));
  const outcome = await telephony.send({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: "099 123 456", callerPoint: null, callerUncertaintyM: null, callerWords: words });
  assert.ok(outcome.outcome === "accepted" && outcome.contactId !== null);
  return outcome.contactId;
}
const isFocused = (target: Locator): Promise<boolean> => target.evaluateAll((found) => found.some((one) => one === document.activeElement));
const MOST_TABS = 120;
/** To `target` by Tab, as somebody without a mouse goes. */
async function tabTo(page: Page, target: Locator, what: string): Promise<void> {
  for (let i = 0; i < MOST_TABS; i++) {
    if (await isFocused(target)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${what}: not reached by ${MOST_TABS} presses of Tab`);
}
/** As a person does: presses, looks whether it was taken, and else presses again. A key that comes just after the page moved the focus itself is not obeyed on purpose. */
async function press(page: Page, key: string, then: Locator, what: string): Promise<void> {
  for (let tries = 1; tries <= 4; tries++) {
    await page.keyboard.press(key);
    if (await then.first().waitFor({ timeout: 15_000 }).then(() => true, () => false)) return;
  }
  throw new Error(`${what}: ${key} did nothing`);
}

describe("the console without a mouse, and for those who see little", { timeout: 900_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
  }, { timeout: 300_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("a whole call by the keyboard alone: log-in, sound test, answer, place, questions, words, cameras, units, verdict, note, close", async () => {
    const page = await open("operate", LOGIN);
    const sounds = page.locator(".sound-check").getByRole("button");
    for (const name of [/Play/, /heard them/]) {
      const button = sounds.filter({ hasText: name });
      await button.waitFor();
      await tabTo(page, button, "the sound test");
      await page.keyboard.press("Enter");
    }
    await page.locator(".sound-check").waitFor({ state: "detached" });

    const contactId = await ring("no despierta mi abuelo");
    await page.locator("[data-list=calls]").getByText("no despierta mi abuelo").waitFor();
    await press(page, "t", page.locator("#intake-where:focus"), "answer");
    await page.keyboard.type(PLACE);
    await press(page, "Enter", page.locator(".place-chosen"), "the place");
    await page.locator("#intake-type:focus").waitFor();
    await page.locator("video[data-camera-id]").first().waitFor(); // what sees the place plays before the type is known
    await page.keyboard.type("medical");
    await press(page, "Enter", page.locator("#intake-type.input-chosen"), "the type");
    await press(page, "Alt+q", page.locator("#intake-triage [role=radiogroup]:focus"), "to the questions");
    await press(page, "1", page.locator("#intake-triage [role=radio][aria-checked=true]"), "an answer");
    const what = page.getByRole("textbox", { name: "What", exact: true });
    await page.keyboard.press("w"); // back to the fields, by their key
    await page.locator("#intake-where:focus").waitFor();
    await tabTo(page, what, "what");
    await page.keyboard.type("Old man on the floor, does not wake up");
    await page.keyboard.press("Control+Enter");

    const incident = await eventually("the incident", async () => (await city.client.call("listIncidents")).incidents.find((one) => one.contactIds.includes(contactId)));
    await page.locator(".candidates input:focus").waitFor(); // the proposal has the caret
    await press(page, "Enter", page.locator("#send-units:focus"), "on to the button that sends");
    await press(page, "Enter", page.locator(".assigned-row"), "send");

    await press(page, "b", page.locator(".bar-track"), "the cameras from before the call");
    await press(page, "b", page.locator(".strip").getByRole("button", { name: "30 s before the call" }), "the cameras live");
    const seen = page.locator(".verdict").getByRole("button", { name: "Seen", exact: true }).first();
    await tabTo(page, seen, "the verdict");
    await press(page, "Enter", page.locator(".verdict button[aria-pressed=true]"), "the verdict");

    await press(page, "n", page.locator("#incident-note:focus"), "the note");
    await page.keyboard.type("Door is open, first floor");
    await press(page, "Enter", page.locator(".timeline").getByText("Door is open, first floor"), "the note");
    await page.keyboard.press("Escape");
    await press(page, "c", page.locator(".close-form"), "close");
    await press(page, "1", page.locator(".close-form [aria-pressed=true]"), "how it ended");
    await page.keyboard.press("Enter");

    const ended = await eventually("the incident to be closed", async () => {
      const found = await city.client.call("getIncident", { params: { id: incident.id } });
      return found.incident.status === "closed" && found;
    });
    assert.equal(ended.incident.disposition, "resolved");
    assert.equal(ended.incident.what, "Old man on the floor, does not wake up");
    assert.deepEqual(ended.incident.triage?.answers, [{ question: "awake", answer: "no" }]);
    assert.deepEqual(ended.incident.verdicts.map(({ verdict }) => verdict), ["seen"]);
    assert.ok(ended.assignments.length > 0 && ended.timeline.some(({ body }) => body["words"] === "Door is open, first floor"));
    await page.context().close();
  });

  /** What stands there against the rules of WCAG 2.2, A and AA, a line each. The map is a drawing: what it shows stands in the lists beside it. */
  async function faultsOf(page: Page, part: string): Promise<string[]> {
    // A button that has just come to life fades into its colour: what is judged is where it comes to rest.
    await page.waitForFunction(() => !document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === "running"));
    const { violations } = await new AxeBuilder({ page }).include(part).exclude(".map-view").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${(node.failureSummary ?? "").split("\n").slice(1).join(" ").trim()} ${node.html.slice(0, 160)}`));
  }

  for (const [theme, size] of [["dark", DESK], ["light", PHONE]] as const)
    it(`the pages of dispatch keep the W3C's rules, ${theme}, ${size.width} px wide`, async () => {
      const found: string[] = [];
      const page = await open("operate", LOGIN, theme, size);
      const look = async (name: string, part = "#room"): Promise<void> => void found.push(...(await faultsOf(page, part)).map((fault) => `${name}: ${fault}`));
      await page.getByRole("region", { name: "Calls" }).waitFor();
      const id = await ring(`se cayó una señora (${theme})`);
      await page.locator("[data-list=calls]").getByText(theme).waitFor();
      await look("the whole page, with a ringing call", "body");

      await press(page, "t", page.locator("#intake-where:focus"), "answer");
      await page.keyboard.type(PLACE);
      await press(page, "Enter", page.locator(".place-chosen"), "the place");
      await page.locator("#intake-type:focus").waitFor();
      await page.keyboard.type("medical");
      await press(page, "Enter", page.locator("#intake-triage"), "the type");
      await look("a call in hand with its questions");
      await page.keyboard.press("Control+Enter");
      await eventually("the incident", async () => (await city.client.call("listIncidents")).incidents.find((one) => one.contactIds.includes(id)));
      await page.locator("#send-units").waitFor();
      await look("an incident with its proposal");
      await page.locator(".candidates input:focus").waitFor();
      await press(page, "c", page.locator(".close-form"), "close");
      await look("how it ended");

      for (const [room, key, form, part] of [
        ["warnings", "n", ".warning-form", "#room"], ["people/run-cards", null, ".people-side .account-form", "#room"], ["people", "n", ".account-form", "#room"], ["people/alarm-points", "n", "[role=dialog] form", "[role=dialog]"],
        ["measure", null, ".spans", "#room"],
      ] as const) {
        await page.goto(`${city.system.address}/${room}`);
        await page.locator("#room .panel-head").first().waitFor();
        if (room === "people/run-cards") await page.locator(".people-table [role=row]").nth(1).click();
        if (key !== null) await press(page, key, page.locator(form), room);
        await page.locator(form).first().waitFor();
        await look(room, part);
      }
      await page.context().close();
      assert.deepEqual(found, []);
    });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
