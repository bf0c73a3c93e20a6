// The phone of an officer, in a real browser and the whole product: two taps that are one word, and an emergency from the held button over the desk that hears and sees it to its end.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { REPLAYED_SKILL } from "../../src/contract/basics.ts";
import type { Incident, IncidentType } from "../../src/contract/dispatch.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { PHONE, logIn, openPage } from "../support/log-in.ts";
import { PASSWORD, eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

const CROSSING = "18 de julio y ejido";
let city: RunningCity;
let browser: Browser;
const complaints: string[] = [];

async function open(room: string, login: string, context: Parameters<Browser["newContext"]>[0]): Promise<Page> {
  const page = await openPage(browser, { context: { reducedMotion: "reduce", ...context }, complaints });
  await page.goto(`${city.system.address}/${room}`);
  await logIn(page, login);
  await page.locator("#room").waitFor();
  return page;
}
const read = (id: number) => city.client.call("getIncident", { params: { id } });
async function makeIncident(incidentType: IncidentType, what: string, at = CROSSING): Promise<Incident> {
  const { label, kind, district, point, uncertaintyM } = (await city.client.call("searchPlaces", { query: { q: at } })).places[0]!;
  const made = await city.client.send({ type: "incident.create", contactId: null, incidentType, what, who: "", place: { words: at, label, kind, district, point, uncertaintyM } });
  assert.ok(made.outcome === "accepted" && made.incidentId !== null, JSON.stringify(made));
  return (await read(made.incidentId)).incident;
}
async function endIncident(id: number): Promise<void> {
  assert.equal((await city.client.send({ type: "incident.cancel", incidentId: id, words: "a test" })).outcome, "accepted");
}
/** A unit that the simulated phones leave alone, at a place, with the account of an officer on it. */
async function registerUnit(callSign: string, at: Incident["place"]["point"], login: string): Promise<{ readonly id: number }> {
  await city.operator.call("registerUnits", { body: { units: [{ callSign, kind: "patrol" as const, home: at, skills: [REPLAYED_SKILL] }] } });
  const unit = (await city.client.call("listUnits")).units.find((one) => one.callSign === callSign)!;
  await city.client.call("createAccount", { body: { name: login, login, password: PASSWORD, roles: ["officer"], unitId: unit.id } });
  return unit;
}
async function shoot(page: Page, name: string): Promise<void> {
  const shots = process.env["CITYWATCH_SHOTS"];
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
}

describe("the phone of an officer", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("two taps on Acknowledge within a second tell one state only, and a tap after that the next", async () => {
    const incident = await makeIncident("theft", "a bicycle");
    const unit = await registerUnit("TAP-1", incident.place.point, "officer.tap");
    const phone = await open("field", "officer.tap", { viewport: PHONE, hasTouch: true, isMobile: true, permissions: ["geolocation"], geolocation: { longitude: incident.place.point.lon, latitude: incident.place.point.lat } });
    await phone.getByText("No job.", { exact: false }).waitFor();
    const sent = await city.client.send({ type: "assignment.assign", incidentId: incident.id, unitIds: [unit.id] });
    assert.ok(sent.outcome === "accepted" && sent.units[0]?.refused === null, JSON.stringify(sent));
    const next = phone.locator(".job-next");
    const ready = (name: string): Promise<void> => next.and(phone.getByRole("button", { name, exact: true })).and(phone.locator(":not([aria-disabled=true]):not([data-pending])")).waitFor();
    const states = async (): Promise<string[]> => (await read(incident.id)).assignments[0]!.milestones.map(({ state }) => state).filter((state) => !["proposed", "assigned", "sent", "delivered"].includes(state));
    await ready("Acknowledge");
    await shoot(phone, "tap-en-phone");
    const box = (await next.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await phone.touchscreen.tap(x, y);
    await phone.touchscreen.tap(x, y);
    await eventually("the unit to have acknowledged", async () => (await states()).length > 0);
    await ready("On the way"); // the rest is over, and the outbox was sent long ago
    assert.deepEqual(await states(), ["acknowledged"]);
    await next.tap();
    await eventually("the unit to be under way", async () => (await states()).length > 1);
    assert.deepEqual(await states(), ["acknowledged", "en-route"]);
    await phone.context().close();
    await endIncident(incident.id);
  });

  it("[UNT4] [UNT6] an officer's emergency: a short press is none; held, it is heard and seen at a desk that has something in hand, Alt+E goes there, and it sounds until somebody has cleared it", async () => {
    const { point } = (await city.client.call("searchPlaces", { query: { q: CROSSING } })).places[0]!;
    await registerUnit("EMG-1", point, "officer.emergency");
    const other = await makeIncident("noise-nuisance", "music", "rivera 2000");
    const page = await openPage(browser, { context: { reducedMotion: "reduce" }, complaints });
    await page.addInitScript(() => { // what is heard: the first tone of an emergency, which no other sound has
      const start = OscillatorNode.prototype.start;
      Object.assign(window, { emergencies: 0 });
      OscillatorNode.prototype.start = function (at) {
        if (this.frequency.value === 988) (window as unknown as { emergencies: number }).emergencies++;
        start.call(this, at);
      };
    });
    const heard = (): Promise<number> => page.evaluate(() => (window as unknown as { emergencies: number }).emergencies);
    await page.goto(`${city.system.address}/operate?incident=${other.id}`);
    await logIn(page);
    const note = page.locator("#incident-note");
    await note.fill("half a word");
    const phone = await open("field", "officer.emergency", { viewport: PHONE, hasTouch: true, isMobile: true, permissions: ["geolocation"], geolocation: { longitude: point.lon, latitude: point.lat } });
    const hold = phone.locator(".hold");
    await hold.waitFor();
    await shoot(phone, "emergency-before-en-phone");

    await hold.tap();
    await hold.and(phone.locator("[data-holding=false]")).waitFor();
    assert.equal(await phone.locator(".field-alarm").count(), 0);
    const box = (await hold.boundingBox())!;
    await phone.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await phone.mouse.down();
    await hold.and(phone.locator("[data-holding=true]")).waitFor();
    await phone.getByText("Help is called.", { exact: false }).waitFor();
    await phone.mouse.up();
    await shoot(phone, "emergency-en-phone");
    const officer = new CityClient(city.system.address);
    await officer.logIn("officer.emergency", PASSWORD);
    const incidentId = await eventually("the emergency", async () => (await officer.call("getField")).unit.emergencyIncidentId);
    const { timeline } = await read(incidentId);
    assert.equal(timeline.filter(({ event }) => event === "unit.emergency-raised").length, 1, "one press, one emergency: the short one before was none");

    const panel = page.locator(".emergency-panel");
    await panel.getByText(`EMG-1 in emergency`, { exact: false }).waitFor();
    await eventually("the sound of an emergency", async () => (await heard()) > 0);
    await panel.locator("video[data-camera-id]").first().waitFor();
    await panel.locator(".emergency-facts button").first().waitFor();
    await shoot(page, "emergency-en-desk");
    assert.equal(await note.inputValue(), "half a word", "what was in hand is there still");
    await note.focus();
    await page.keyboard.press("Alt+e");
    await page.locator(".emergency-facts button:focus").first().waitFor();
    assert.equal(await note.inputValue(), "half a word");
    await page.keyboard.press("Alt+e");
    await panel.waitFor({ state: "detached" });
    const { incident: { number } } = await read(incidentId);
    await page.locator(".incident").getByRole("heading", { name: `#${number}`, exact: false }).waitFor();
    await page.locator(".strip video[data-camera-id]").first().waitFor();
    const until = await heard();
    await eventually("the sound again, since the emergency lasts", async () => (await heard()) > until);

    await page.locator("body").press("Escape");
    await eventually("the caret in the line", async () => {
      await page.keyboard.press("/");
      return (await page.locator(".command-input:focus").count()) === 1;
    });
    await page.keyboard.type("safe EMG-1 she is with us");
    await page.locator(".command-preview").getByText("Clear the emergency of EMG-1", { exact: false }).waitFor();
    await page.keyboard.press("Enter");
    await eventually("the emergency to be cleared", async () => !(await officer.call("getField")).unit.emergency);
    await page.locator(".waiting-danger").waitFor({ state: "detached" });
    await phone.locator(".field-alarm").waitFor({ state: "detached" });
    const atEnd = await heard();
    await page.waitForTimeout(9_000); // twice the time after which it is repeated
    assert.equal(await heard(), atEnd, "silent");
    await Promise.all([page.context().close(), phone.context().close()]);
    for (const id of [incidentId, other.id]) await endIncident(id);
  });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
