// The console for those who touch no mouse and for those who see little, in a real browser: one call from its ringing to the closing of its incident by the keyboard
// alone, log-in and sound test before it; and the pages of dispatch before axe, the checker of the W3C's rules, dark at a desk's width and light at a phone's, with what a shift leaves on them: a long
// timeline, lists that are open, what has ended, what has gone up. Training is looked at in its own test.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import type { Incident } from "../../src/contract/dispatch.ts";
import { findFaults } from "../support/axe.ts";
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
async function ring(words: string, source: "telephone" | "text" = "telephone"): Promise<number> {
  const telephony = new CityClient(city.system.address, city.token("telephony"));
  const outcome = await telephony.send({ type: "contact.receive", source, externalId: randomUUID(), callerNumber: "099 123 456", callerPoint: null, callerUncertaintyM: null, callerWords: words });
  assert.ok(outcome.outcome === "accepted" && outcome.contactId !== null);
  return outcome.contactId;
}
async function endCall(contactId: number): Promise<void> {
  for (const command of [{ type: "contact.claim", contactId }, { type: "contact.end", contactId, disposition: "silent" }] as const) assert.equal((await city.client.send(command)).outcome, "accepted");
}
const NOTES = 12;
/** What a shift leaves: a unit that was sent by its proposal, more notes than there is room for, a call and an incident that have ended. */
async function workOn({ id: incidentId, place: { words, label, kind, district, point, uncertaintyM } }: Incident): Promise<void> {
  const { candidates } = await city.client.call("recommend", { params: { id: incidentId } });
  const sent = await city.client.send({ type: "assignment.assign", incidentId, unitIds: [candidates[0]!.unitId] });
  assert.equal(sent.outcome, "accepted");
  for (let i = 1; i <= NOTES; i++) assert.equal((await city.client.send({ type: "incident.note", incidentId, words: `${i}: the caller stays on the line, keeps to the other side of the street and sees who comes and goes`, corrects: null })).outcome, "accepted");
  await endCall(await ring("número equivocado"));
  const made = await city.client.send({ type: "incident.create", contactId: null, incidentType: "noise-nuisance", what: "", who: "", place: { words, label, kind, district, point, uncertaintyM } });
  assert.ok(made.outcome === "accepted");
  for (const command of [{ type: "incident.no-unit-needed", incidentId: made.incidentId!, words: "it is over" }, { type: "incident.close", incidentId: made.incidentId!, disposition: "resolved", words: "" }] as const) assert.equal((await city.client.send(command)).outcome, "accepted");
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

describe("the console without a mouse, and for those who see little", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity({ dispatchTimes: "answer=5" }), launchBrowser()]);
  }, { timeout: 600_000 });
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

  for (const [theme, size] of [["dark", DESK], ["light", PHONE]] as const)
    it(`the pages of dispatch keep the W3C's rules, ${theme}, ${size.width} px wide`, async () => {
      const found: string[] = [];
      const page = await open("operate", LOGIN, theme, size);
      const look = async (name: string, part = "#room"): Promise<void> => void found.push(...(await findFaults(page, part)).map((fault) => `${name}: ${fault}`));
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
      const incident = await eventually("the incident", async () => (await city.client.call("listIncidents")).incidents.find((one) => one.contactIds.includes(id)));
      await page.locator("#send-units").waitFor();
      await look("an incident with its proposal");
      await page.locator(".candidates input:focus").waitFor();
      if (size === DESK) { // what a shift leaves
        await page.locator(".why-not > button").click();
        await page.locator(".why-not-codes button").nth(1).click();
        await page.locator(".why-not li").first().waitFor();
        await look("who is not proposed, and why");

        await workOn(incident);
        await page.locator(".entry").nth(NOTES).waitFor();
        await page.getByRole("button", { name: "How it was chosen" }).first().click();
        await page.locator(".decision p").first().waitFor();
        await look("an incident with a long timeline, and how its unit was chosen");

        await page.locator("body").press("Escape");
        for (const [name, key, shown] of [["hand-over", "h", ".hand-over-form form"], ["today's figures", "d", ".board-counts"], ["ended calls", "o", ".ended-row"], ["ended incidents", "l", ".ended-panel .closure-row"]] as const) {
          await press(page, key, page.locator(shown), name);
          if (name === "ended calls") await page.locator(".ended-row button").first().click();
          await look(name);
          await page.keyboard.press("Escape");
          if (name === "ended calls") await page.keyboard.press("Escape"); // its words first
          await page.locator(shown).first().waitFor({ state: "detached" });
        }
        const text = await ring("hay humo en el patio", "text");
        await page.locator(".gone-up li").first().waitFor();
        await look("what goes up to a supervisor");
        await endCall(text);
      }

      await page.goto(`${city.system.address}/operate?incident=${incident.id}`);
      await page.locator(".entry").first().waitFor();
      await press(page, "c", page.locator(".close-form"), "close");
      await look("how it ended");

      for (const [room, key, form, part] of [
        ["warnings", "n", ".warning-form", "#room"], ["people/run-cards", null, ".people-side .account-form", "#room"], ["people", "n", ".account-form", "#room"], ["people/waits", null, ".waits-table tbody tr", "#room"], ["people/alarm-points", "n", "[role=dialog] form", "[role=dialog]"],
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
