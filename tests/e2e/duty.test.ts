// Who is on duty, and what the cameras saw before the call, as an administrator and a dispatcher meet them in a real browser with the whole product: a roster is pasted as a list, and a unit that is off shift by it is not proposed;
// with a call in hand the strip plays from before the first ring by itself, what is seen is said by key, and goes with the incident.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { HOUR_MS } from "../../src/base/time.ts";
import { formatOffsetTime } from "../../src/base/time-zone.ts";
import type { Unit } from "../../src/contract/dispatch.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";
import { readTilePicture } from "../support/shown-picture.ts";

const BEFORE_MS = 30_000;
let city: RunningCity;
let browser: Browser;
let page: Page;
let timeZone: string;
const complaints: string[] = [];

async function makeIncident(beside: Unit): Promise<number> {
  const place = { words: "here", label: `beside ${beside.callSign}`, kind: "coordinates", district: null, point: beside.home, uncertaintyM: 10 } as const;
  const made = await city.client.send({ type: "incident.create", contactId: null, incidentType: "robbery", what: "", who: "", place });
  assert.ok(made.outcome === "accepted" && made.incidentId !== null, JSON.stringify(made));
  return made.incidentId;
}
const candidatesOf = async (id: number): Promise<number[]> => (await city.client.call("recommend", { params: { id } })).candidates.map(({ unitId }) => unitId);
const AHEAD_M = 30;
const METRES_OF_DEGREE = 111_320;
/** A spot that a camera sees which is recorded always, and that camera. */
async function findKeptView() {
  const { cameras } = await city.client.call("listCameras", { query: { limit: 200 } });
  for (const { id } of cameras) {
    const { pose, recording, address } = await city.client.call("getCamera", { params: { id } });
    if (recording !== "continuous" || address === null) continue;
    const [east, north] = [Math.sin((pose.bearingDeg * Math.PI) / 180) * AHEAD_M, Math.cos((pose.bearingDeg * Math.PI) / 180) * AHEAD_M];
    const point = { lon: pose.point.lon + east / METRES_OF_DEGREE / Math.cos((pose.point.lat * Math.PI) / 180), lat: pose.point.lat + north / METRES_OF_DEGREE };
    const seeing = await city.client.call("seeingCameras", { query: { ...point, uncertaintyM: 5, limit: 6 } });
    const camera = seeing.cameras.find(({ cameraId, hasStream, records }) => cameraId === id && hasStream && records);
    if (camera !== undefined) return { camera, point };
  }
  throw new Error("no camera of the demo city that is recorded always sees what lies before it");
}
/** As the list of a city has it: by its clocks. */
const clock = (at: number): string => formatOffsetTime(at, timeZone).slice(0, 16).replace("T", " ");

describe("on duty", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    ({ timeZone } = await city.client.call("getCity"));
    page = await openPage(browser, { complaints });
    await page.goto(`${city.system.address}/people/shifts`);
    await logIn(page);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[SHF1] [SHF3] [REC2] a roster is entered as a list, and a unit that is off shift by it is not proposed; a shift that is on brings it back", async () => {
    const { units } = await new CityClient(city.system.address, city.token("fleet")).call("listFieldWork");
    const patrol = units.find(({ kind }) => kind === "patrol")!;
    const first = await makeIncident(patrol);
    assert.ok((await candidatesOf(first)).includes(patrol.id), "without a roster it is on duty always");

    const enter = async (rows: readonly string[], taken: string): Promise<void> => {
      await page.getByRole("button", { name: "Import a roster" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Or paste the list").fill(["call_sign,starts,ends,crew", ...rows].join("\n"));
      await dialog.getByRole("button", { name: "Check it" }).click();
      await dialog.getByText("1 row is good.").waitFor();
      if (rows.length > 1) await dialog.getByRole("row").filter({ hasText: "NOBODY9" }).getByText("the call sign of a unit that is registered").waitFor();
      await dialog.getByRole("button", { name: taken }).click();
      await dialog.waitFor({ state: "detached" });
    };
    const now = Date.now();
    await page.getByLabel("Call sign, crew or platform").fill(patrol.callSign);
    await enter([`${patrol.callSign},${clock(now + 3 * HOUR_MS)},${clock(now + 11 * HOUR_MS)},Ana Silva 1043`, `NOBODY9,${clock(now)},${clock(now + HOUR_MS)},`], "Enter 1 row");
    const row = page.getByRole("row").filter({ hasText: patrol.callSign });
    await row.getByText("off shift, next", { exact: false }).waitFor();
    assert.ok(!(await candidatesOf(first)).includes(patrol.id));
    const why = await city.client.call("listNotProposed", { params: { id: first }, query: { units: String(patrol.id) } });
    assert.equal(why.units[0]?.reason.code, "off-shift");

    await page.goto(`${city.system.address}/operate?incident=${await makeIncident(patrol)}`);
    await page.locator(".candidate").first().waitFor();
    const proposed = await page.locator(".candidate .call-sign").allInnerTexts();
    assert.ok(proposed.length > 0 && !proposed.includes(patrol.callSign), proposed.join());

    await page.goto(`${city.system.address}/people/shifts`);
    await page.getByLabel("Call sign, crew or platform").fill(patrol.callSign);
    await enter([`${patrol.callSign},${clock(now - HOUR_MS)},${clock(now + 2 * HOUR_MS)},Rui Costa 1044`], "Enter 1 row");
    await row.getByText("on shift until", { exact: false }).waitFor();
    await row.getByText("Rui Costa").waitFor();
    await eventually("the unit among the candidates", async () => (await candidatesOf(first)).includes(patrol.id));
  });

  it("[INC12] [SHF5] with a call in hand the cameras play from before the first ring by themselves; what they show is said by key, also from within a field, and goes with the incident", async () => {
    const { camera, point } = await findKeptView();
    await eventually("recordings from before the call", async () => {
      const { recorded } = (await city.client.call("getCamera", { params: { id: camera.cameraId } })).health;
      return recorded !== null && Date.now() - recorded.since > BEFORE_MS + 10_000;
    }, 300_000);

    await page.goto(`${city.system.address}/operate`);
    const telephony = new CityClient(city.system.address, city.token("telephony"));
    const rangAt = Date.now();
    const words = "vi como se lo llevaban";
    const rung = await telephony.send({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: "099 123 456", callerPoint: null, callerUncertaintyM: null, callerWords: words });
    assert.ok(rung.outcome === "accepted" && rung.contactId !== null);
    const { contactId } = rung;
    await page.getByRole("option").filter({ hasText: words }).first().dblclick();
    await page.locator("#intake-where").fill(`${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`);
    await page.keyboard.press("Enter");
    await page.locator(".place-chosen").waitFor();
    await page.locator(".strip .bar-track").waitFor(); // the time bar, and nobody pressed a key for it
    // It plays on as time does: whenever it is read, it shows what was at least so long ago as the call was young when it began.
    const shown = await eventually("a picture of before", async () => {
      const picture = await readTilePicture(page, String(camera.cameraId));
      return picture !== undefined && picture.code === camera.code && picture.behindMs > BEFORE_MS - 2_000 && picture; // what played live may stand there for a moment
    });
    assert.ok(shown.wallMs > rangAt - BEFORE_MS - 5_000, "and no longer before the ring than that");

    // From within a field, without leaving it; then of the next camera, by the letters of the page.
    const what = page.getByRole("textbox", { name: "What", exact: true });
    await what.fill("a man in a red coat");
    await page.keyboard.press("Alt+j");
    await page.locator(".strip [role=status]").getByText("next camera").waitFor();
    assert.equal(await page.locator(".strip .panel-head button").count(), 0, "what can be pressed now has the head to itself");
    await page.keyboard.press("s");
    await page.locator(".strip .verdict button[aria-pressed=true]").filter({ hasText: "Seen" }).waitFor();
    assert.equal(await what.inputValue(), "a man in a red coat");
    await eventually("the verdict on the server", async () => Object.keys((await city.client.call("getCallDraft", { params: { id: contactId } })).draft.verdicts ?? {}).length === 1);
    await page.reload();
    await page.locator(".strip .verdict button[aria-pressed=true]").filter({ hasText: "Seen" }).waitFor();

    for (let tries = 1, isChosen = false; tries <= 3 && !isChosen; tries++) {
      await page.locator("#intake-type").fill("robbery");
      await page.keyboard.press("Enter");
      isChosen = await page.locator("#intake-type.input-chosen").waitFor({ timeout: 20_000 }).then(() => true, () => false);
    }
    await page.locator("#intake-type.input-chosen").waitFor();
    await page.keyboard.press("Control+Enter");
    const incident = await eventually("the incident with its verdict", async () => (await city.client.call("listIncidents")).incidents.find((one) => one.contactIds.includes(contactId) && one.verdicts.length > 0));
    assert.deepEqual(incident.verdicts.map(({ verdict }) => verdict), ["seen"]);
    await page.locator(".strip .bar-track").waitFor(); // the pictures run on as the call becomes an incident
    await page.locator(".strip .panel-head").getByRole("button", { name: "Live" }).click();
    await page.locator(".strip .bar-track").waitFor({ state: "detached" });
    await page.context().close();
  });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
