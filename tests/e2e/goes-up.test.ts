// What nobody takes up, and what has ended, in a real browser at a supervisor's desk: a unit that does not answer goes up with its incident short again, and comes back by a word of the dispatcher's or is
// pulled back, by keys; an incident that ended before this page was opened is found by its number and reopened. The times are those that a city may set, at their shortest.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { REPLAYED_SKILL } from "../../src/contract/basics.ts";
import type { Incident, IncidentType } from "../../src/contract/dispatch.ts";
import { launchBrowser } from "../support/browser.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

const SILENT = ["SIL-1", "SIL-2"] as const;
let city: RunningCity;
let browser: Browser;
const complaints: string[] = [];

async function openOperate(): Promise<Page> {
  const page = await openPage(browser, { complaints });
  await page.goto(`${city.system.address}/operate`);
  await logIn(page);
  await page.getByRole("region", { name: "Calls" }).waitFor();
  return page;
}
const read = async (id: number) => city.client.call("getIncident", { params: { id } });
async function makeIncident(incidentType: IncidentType, what: string): Promise<Incident> {
  const { places } = await city.client.call("searchPlaces", { query: { q: "18 de julio y ejido" } });
  const { label, kind, district, point, uncertaintyM } = places[0]!;
  const made = await city.client.send({ type: "incident.create", contactId: null, incidentType, what, who: "", place: { words: label, label, kind, district, point, uncertaintyM } });
  assert.ok(made.outcome === "accepted" && made.incidentId !== null, JSON.stringify(made));
  return (await read(made.incidentId)).incident;
}
async function endIncident({ id }: Incident): Promise<void> {
  for (const command of [{ type: "incident.no-unit-needed", incidentId: id, words: "a drill" }, { type: "incident.close", incidentId: id, disposition: "resolved", words: "all went home" }] as const)
    assert.equal((await city.client.send(command)).outcome, "accepted");
}

describe("what goes up, and what has ended", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity({ dispatchTimes: "acknowledge=5,nobody-1=10" }), launchBrowser()]);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[ASG15] [ASG16] a unit that does not answer goes up to the supervisor and counts no more; a word of the dispatcher's brings it back, another is pulled back with words", async () => {
    const incident = await makeIncident("robbery", "Two with knives");
    assert.equal(incident.priority, 1, "the shortest wait");
    // The simulated phones leave these alone: nobody answers for them.
    await city.operator.call("registerUnits", { body: { units: SILENT.map((callSign) => ({ callSign, kind: "patrol" as const, home: incident.place.point, skills: [REPLAYED_SKILL] })) } });
    const units = (await city.client.call("listUnits")).units.filter(({ callSign }) => SILENT.some((one) => one === callSign));
    const page = await openOperate();
    const sent = await city.client.send({ type: "assignment.assign", incidentId: incident.id, unitIds: units.map(({ id }) => id) });
    assert.ok(sent.outcome === "accepted" && sent.units.every(({ refused }) => refused === null), JSON.stringify(sent));
    assert.equal((await read(incident.id)).incident.shortfall, null, "both count as going");

    const goneUp = page.getByRole("region", { name: "Goes up to you" });
    const rowOf = (callSign: string) => goneUp.locator("li:not([data-done])").filter({ hasText: callSign }); // one that is done with keeps its room while the pointer is on the lists;
    for (const callSign of SILENT) await rowOf(callSign).getByText("not acknowledged · not answering", { exact: false }).waitFor();
    assert.equal((await read(incident.id)).incident.shortfall?.missing, 2);
    await page.locator("[data-list=incidents] [role=option]").filter({ hasText: `${incident.number}` }).locator(".row-state").getByText("nobody going").waitFor();

    const find = async (callSign: string): Promise<void> => {
      await page.getByPlaceholder("Find a unit").fill(callSign);
      await page.locator("[data-list=units] [role=option]").filter({ hasText: callSign }).click();
      await page.locator(".unit-card").getByText(callSign, { exact: true }).first().waitFor();
    };
    await find("SIL-1");
    await page.keyboard.press("y");
    await rowOf("SIL-1").waitFor({ state: "detached" });
    const back = await eventually("the unit to count again", async () => {
      const { incident: now, assignments } = await read(incident.id);
      return now.shortfall?.missing === 1 && assignments.find(({ unitId }) => unitId === units.find(({ callSign }) => callSign === "SIL-1")!.id);
    });
    assert.deepEqual([back.state, back.milestones.at(-1)?.entered, back.unanswered], ["acknowledged", true, null]);
    assert.equal(await rowOf("SIL-2").count(), 1, "none but the one that was meant");

    await find("SIL-2");
    await page.keyboard.press("p");
    await page.locator(".unit-card .reason-form input:focus").waitFor();
    await page.keyboard.type("radio is dead");
    await page.keyboard.press("Enter");
    await rowOf("SIL-2").waitFor({ state: "detached" });
    const { assignments, timeline } = await read(incident.id);
    assert.deepEqual(assignments.map(({ state }) => state).sort(), ["acknowledged", "recalled"]);
    assert.ok(timeline.some(({ event, body }) => event === "assignment.recalled" && body["words"] === "radio is dead"), JSON.stringify(timeline.map(({ event }) => event)));
    await page.context().close();
  });

  it("an incident that ended before the page was opened stands in the list, is found by its number, and is reopened with words", async () => {
    const [first, second] = [await makeIncident("theft", "a bag"), await makeIncident("theft", "a bicycle")];
    for (const one of [first, second]) await endIncident(one);
    const page = await openOperate();
    const head = (incident: Incident) => page.locator(".incident").getByRole("heading", { name: `#${incident.number}`, exact: false });
    await page.keyboard.press("l");
    const panel = page.getByRole("region", { name: "Ended incidents" });
    await panel.getByText(`#${second.number}`, { exact: true }).waitFor();
    await page.locator(".ended-panel input:focus").waitFor();
    await page.keyboard.type(String(first.number));
    await panel.getByText(`#${second.number}`, { exact: true }).waitFor({ state: "detached" });
    await panel.getByRole("listitem").filter({ hasText: `#${first.number}` }).getByText("all went home", { exact: false }).waitFor();
    await panel.getByRole("button", { name: "Open", exact: true }).click();
    await head(first).waitFor();
    await page.locator(".incident").getByRole("button", { name: "Reopen", exact: false }).click();
    await page.locator(".incident .reason-form input:focus").waitFor();
    await page.keyboard.type("the bag is gone again");
    await page.keyboard.press("Enter");
    await eventually("the first to be open", async () => (await read(first.id)).incident.status === "reopened");
    await page.locator("[data-list=incidents] [role=option]").filter({ hasText: String(first.number) }).first().waitFor();

    await page.keyboard.press("Escape");
    await eventually("the caret in the line", async () => {
      await page.keyboard.press("/");
      return (await page.locator(".command-input:focus").count()) === 1;
    });
    await page.keyboard.type(`go ${second.number}`);
    await page.locator(".command-preview").getByText(`#${second.number}`, { exact: false }).waitFor();
    await page.keyboard.press("Enter");
    await head(second).waitFor();
    // Just after another incident came into view letters do nothing, `/` neither: pressed until the line has the caret.
    await eventually("the caret in the line", async () => {
      await page.keyboard.press("/");
      return (await page.locator(".command-input:focus").count()) === 1;
    });
    await page.keyboard.type("reopen it goes on");
    await page.locator(".command-preview kbd").first().waitFor();
    await page.keyboard.press("Enter");
    await eventually("the second to be open", async () => (await read(second.id)).incident.status === "reopened");
    await page.context().close();
  });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
