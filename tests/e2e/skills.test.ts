// Run cards that ask for a skill, as a dispatcher meets them in a real browser: nobody has it, and the page says so, offers the nearest without it and goes on asking; one far away has it, and is the one that is ticked
// before all that are nearer. And whoever edits a card is told of a skill that no crew has. The demo city's crews and the program's own cards, nothing made up.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { Unit } from "../../src/contract/dispatch.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

const SKILL = "first-aid";
let city: RunningCity;
let browser: Browser;
const complaints: string[] = [];

/** A life in danger beside a police car of which nobody can give first aid: an ambulance goes, and police with first aid (run card medical/critical). */
async function makeIncident(beside: Unit): Promise<{ id: number; number: number }> {
  const card = (await city.client.call("listTriageCards")).types.find(({ type }) => type === "medical")!;
  const place = { words: "here", label: `beside ${beside.callSign}`, kind: "coordinates", district: null, point: beside.home, uncertaintyM: 10 } as const;
  const made = await city.client.send({ type: "incident.create", contactId: null, incidentType: "medical", what: "", who: "", place, triage: { card: { code: card.code, version: card.version }, answers: { awake: "no" } } });
  assert.ok(made.outcome === "accepted" && made.incidentId !== null, JSON.stringify(made));
  const { incident } = await city.client.call("getIncident", { params: { id: made.incidentId } });
  assert.deepEqual(incident.needs.filter(({ skills }) => skills !== undefined), [{ kinds: ["patrol", "platform-crew"], count: 1, skills: [SKILL] }], JSON.stringify(incident.runCard));
  return incident;
}
async function setAvailable(units: readonly Unit[], available: boolean): Promise<void> {
  for (const unit of units) {
    const outcome = await city.client.send({ type: "unit.availability", unitId: unit.id, availability: available ? "available" : "not-available" });
    assert.equal(outcome.outcome, "accepted", `${unit.callSign}: ${JSON.stringify(outcome)}`);
  }
}
const row = (page: Page, callSign: string) => page.locator(".candidate").filter({ has: page.locator(".call-sign", { hasText: new RegExp(`^${callSign}$`) }) });
const tickedOn = (page: Page): Promise<string[]> => page.locator(".candidate:has(input:checked) .call-sign").allInnerTexts();
async function show(page: Page, id: number): Promise<void> {
  await page.goto(`${city.system.address}/operate?incident=${id}`);
  await page.locator(".candidate").first().waitFor();
}
/** A key within half a second after the page itself moved the caret (to the proposal, when that comes) does nothing: a person looks, and presses again. */
async function pressSend(page: Page): Promise<void> {
  for (let tries = 1; tries <= 4; tries++) {
    await page.keyboard.press("s");
    if (await page.locator(".assigned-row").first().waitFor({ timeout: 20_000 }).then(() => true, () => false)) return;
  }
  throw new Error("nobody was sent by S");
}
const metres = (a: Unit, b: Unit): number => Math.hypot((a.home.lon - b.home.lon) * Math.cos((a.home.lat * Math.PI) / 180), a.home.lat - b.home.lat);

describe("run cards that ask for a skill", { timeout: 1_800_000 }, () => {
  let page: Page;
  let units: readonly Unit[];
  let beside: Unit;
  let trained: readonly Unit[];
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    ({ units } = await new CityClient(city.system.address, city.token("fleet")).call("listFieldWork"));
    const police = units.filter(({ kind }) => kind === "patrol" || kind === "platform-crew");
    trained = police.filter(({ skills }) => skills.includes(SKILL));
    beside = police.find(({ skills }) => !skills.includes(SKILL))!;
    assert.ok(trained.length > 0 && beside !== undefined, "the demo city has crews with the skill and crews without");
    page = await openPage(browser, { complaints });
    await page.goto(`${city.system.address}/operate`);
    await logIn(page);
    await page.getByRole("region", { name: "Calls" }).waitFor();
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[REC6] where nobody has it the page says so, the nearest without it are marked, and who is sent does not count for it", async () => {
    await setAvailable(trained, false);
    const { id } = await makeIncident(beside);
    await show(page, id);
    await page.locator(".send-short").getByText("with first aid").waitFor();
    await page.getByText("No free unit is left with first aid.", { exact: false }).waitFor();
    const ticked = await eventually("the proposal to be ticked", async () => {
      const found = await tickedOn(page);
      return found.length === 2 && found;
    });
    const standIn = units.find(({ callSign, kind }) => ticked.includes(callSign) && kind === "patrol");
    assert.ok(standIn !== undefined, JSON.stringify(ticked));
    await row(page, standIn.callSign).getByText("without first aid").waitFor();
    await pressSend(page);
    await page.locator(".assigned-row").filter({ hasText: standIn.callSign }).waitFor();
    await page.locator(".entries").getByText(new RegExp(`${standIn.callSign} sent.*without first aid`)).waitFor();
    const { incident } = await city.client.call("getIncident", { params: { id } });
    assert.equal((incident.shortfall?.missing ?? 0) >= 1, true, "the first aid is still missing");
    await page.locator(".head-short").getByText("unit short", { exact: false }).waitFor();
  });

  it("[REC6] the one that has it is ticked, however many are nearer, and counts", async () => {
    const farthest = trained.toSorted((a, b) => metres(b, beside) - metres(a, beside))[0]!;
    await setAvailable([farthest], true);
    const { id } = await makeIncident(beside);
    await show(page, id);
    const ticked = await eventually("the proposal to be ticked", async () => {
      const found = await tickedOn(page);
      return found.length === 2 && found;
    });
    assert.ok(ticked.includes(farthest.callSign), JSON.stringify(ticked));
    assert.equal(await row(page, farthest.callSign).getByText("without", { exact: false }).count(), 0);
    assert.equal(await page.getByText("No free unit is left with", { exact: false }).count(), 0);
    await pressSend(page);
    const line = page.locator(".entries").getByText(new RegExp(`${farthest.callSign} sent`));
    await line.waitFor();
    assert.doesNotMatch(await line.innerText(), /without/);
  });

  it("[RUN6] whoever edits a card is told which skills units have, and that nobody has the one that was typed", async () => {
    await page.goto(`${city.system.address}/people/run-cards`);
    await page.locator(".people-table [role=row]").filter({ hasText: "medical/critical" }).click();
    const goes = page.getByLabel("What goes");
    assert.equal(await goes.inputValue(), "1 ambulance; 1 patrol|platform-crew with first-aid");
    await page.locator(".account-form").getByText("Skills that units have:", { exact: false }).waitFor();
    await goes.fill("1 ambulance; 1 patrol|platform-crew with first-ade");
    await page.getByText("No unit has the skill “first-ade”: nobody meets what asks for it. Is “first-aid” meant?", { exact: false }).waitFor();
  });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
