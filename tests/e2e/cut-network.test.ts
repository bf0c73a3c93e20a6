// Two dispatchers and an officer in three windows of a real browser. The network of one dispatcher and of the officer goes away in the midst of their work: first
// only the answers are lost, then nothing passes at all; the other dispatcher works on. When it is back, each is told what became of what they gave, nothing was
// done twice, and a console that is opened anew shows what all three show, which is what the log tells.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Command } from "../../src/contract/dispatch.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { createCuttableLink, type CuttableLink } from "../support/cuttable-link.ts";
import { DESK, PHONE, logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, PASSWORD, type RunningCity } from "../support/running-city.ts";

const PLACE = "18 de julio y ejido";
let city: RunningCity;
let browser: Browser;
let anaLink: CuttableLink;
let phoneLink: CuttableLink;
const complaints: string[] = [];

interface Sent {
  readonly commandId: string;
  readonly command: Command;
}
/** Every command that a page tried to send, each try. */
const sentBy = new Map<Page, Sent[]>();

async function open(login: string, room: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openPage(browser, { context: options, complaints });
  const sent: Sent[] = [];
  sentBy.set(page, sent);
  page.on("request", (request) => void (request.method() === "POST" && request.url().endsWith("/api/v1/commands") && sent.push(request.postDataJSON() as Sent)));
  await page.goto(`${city.system.address}/${room}`);
  await logIn(page, login);
  if (room === "operate") await page.getByRole("region", { name: "Calls" }).waitFor();
  return page;
}
const idsOf = (page: Page, type: Command["type"], fits: (command: Command) => boolean = () => true): Set<string> =>
  new Set(sentBy.get(page)!.filter(({ command }) => command.type === type && fits(command)).map(({ commandId }) => commandId));

/** By the command line, as a person types it. */
async function enter(page: Page, line: string): Promise<void> {
  await page.locator(".command-input").fill(line);
  await page.locator(".command-preview .key-hint, .command-preview kbd").first().waitFor(); // it says what it would do
  await page.keyboard.press("Enter");
}
/** Nothing new opens above a list while somebody points at it. */
const letGo = (page: Page): Promise<void> => page.mouse.move(DESK.width / 2, DESK.height - 4);
const incidentOnScreen = (page: Page, number: number) => page.locator(".incident").getByRole("heading", { name: `#${number}`, exact: false });
async function show(page: Page, number: number): Promise<void> {
  await enter(page, `go ${number}`);
  await incidentOnScreen(page, number).waitFor();
}
/** The numbers and words of the timeline that is on screen; the ages beside them go on. */
const timelineOn = (page: Page): Promise<string[]> => page.locator(".entries .entry").evaluateAll((entries) => entries.map((entry) => `${/\d+/.exec(entry.querySelector(".small")?.textContent ?? "")?.[0]} ${entry.querySelector("p")?.textContent}`));
const unitRowOn = async (page: Page, callSign: string): Promise<string> => {
  await page.getByPlaceholder("Find a unit").fill(callSign);
  const row = page.locator("[data-list=units] .list-row").filter({ has: page.locator("b", { hasText: new RegExp(`^${callSign}$`) }) });
  await row.waitFor();
  const mark = (await row.locator(".status-mark").first().getAttribute("aria-label")) ?? "";
  return `${mark} ${(await row.locator("span").nth(1).textContent()) ?? ""}`;
};

describe("two dispatchers and an officer, and a network that goes and comes back", { timeout: 1_800_000 }, () => {
  let ana: Page;
  let bea: Page;
  let phone: Page;
  let beaApi: CityClient;

  before(async () => {
    [city, browser, anaLink, phoneLink] = await Promise.all([startRunningCity(), launchBrowser(), createCuttableLink(), createCuttableLink()]);
    for (const [login, name] of [["ana", "Ana"], ["bea", "Bea"], ["cleo", "Cleo"]] as const) await city.client.call("createAccount", { body: { name, login, password: PASSWORD, roles: ["dispatcher"] } });
    beaApi = new CityClient(city.system.address);
    await beaApi.logIn("bea", PASSWORD);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await Promise.all([anaLink?.close(), phoneLink?.close()]);
    await city?.end();
  });

  it("[CMD1] [CMD2] ends in one truth on all three and in the log, each thing done once and each sender told", async () => {
    const { places } = await city.client.call("searchPlaces", { query: { q: PLACE } });
    const { label, kind, district, point, uncertaintyM } = places[0]!;
    const place = { words: PLACE, label, kind, district, point, uncertaintyM };
    const make = async (what: string): Promise<{ id: number; number: number }> => {
      const outcome = await beaApi.send({ type: "incident.create", contactId: null, incidentType: "theft", what, who: "", place });
      assert.ok(outcome.outcome === "accepted" && outcome.incidentId !== null, JSON.stringify(outcome));
      return (await city.client.call("getIncident", { params: { id: outcome.incidentId } })).incident;
    };
    const jobOf = async (incidentId: number, unitId: number) => (await city.client.call("getIncident", { params: { id: incidentId } })).assignments.find((one) => one.unitId === unitId);

    const first = await make("a theft, with the officer");
    const other = await make("a theft of Bea's");
    const free = (await city.client.call("recommend", { params: { id: first.id } })).candidates.map(({ unitId }) => unitId);
    const { units } = await new CityClient(city.system.address, city.token("fleet")).call("listFieldWork");
    const [officer, wanted] = free.map((id) => units.find((unit) => unit.id === id)!);
    assert.ok(officer && wanted);
    await city.client.call("createAccount", { body: { name: "Officer One", login: "officer.one", password: PASSWORD, roles: ["officer"], unitId: officer.id } });
    phone = await open("officer.one", "field", { viewport: PHONE, proxy: phoneLink.proxy });
    await phone.getByText(officer.callSign, { exact: false }).first().waitFor();
    const assigned = await beaApi.send({ type: "assignment.assign", incidentId: first.id, unitIds: [officer.id] });
    assert.ok(assigned.outcome === "accepted" && assigned.units[0]?.refused === null, JSON.stringify(assigned));

    bea = await open("bea", "operate");
    ana = await open("ana", "operate", { proxy: anaLink.proxy });
    await show(ana, first.number);
    await ana.locator(".entries .entry").first().waitFor();
    await phone.locator(".job").waitFor();
    await phone.getByRole("button", { name: "Acknowledge", exact: false }).click();
    await eventually("the acknowledgement", async () => (await jobOf(first.id, officer.id))?.state === "acknowledged");
    await phone.getByRole("button", { name: "On the way", exact: false }).waitFor();

    // Ana has an incident in the making, complete but for the last key.
    const marker = `made over a link that loses answers ${randomUUID()}`;
    await ana.locator("body").press("Escape");
    await ana.keyboard.press("a");
    await ana.locator("#intake-where").fill(PLACE);
    await ana.keyboard.press("Enter");
    await ana.locator(".place-chosen").waitFor();
    await ana.locator("#intake-type").fill("theft");
    await ana.keyboard.press("Enter");
    await ana.locator("#intake-type.input-chosen").waitFor();
    await ana.getByRole("textbox", { name: "What", exact: true }).fill(marker);

    // The answers are lost: what is given now reaches the centre, and its sender does not hear of it.
    anaLink.loseAnswers();
    phoneLink.loseAnswers();
    await ana.keyboard.press("Control+Enter");
    await phone.getByRole("button", { name: "On the way", exact: false }).click();
    const made = await eventually("the incident in the centre", async () => (await city.client.call("listIncidents")).incidents.find((one) => one.what === marker));
    await eventually("the step in the centre", async () => (await jobOf(first.id, officer.id))?.state === "en-route");
    await phone.locator("[data-outbox='1']").getByText("1 not sent yet").waitFor();
    await ana.locator(".status-bar").getByText("1 command not answered yet").waitFor();
    assert.equal(await ana.locator(".intake").count(), 1, "the form stands until its outcome is known");

    // Now nothing passes. Both go on; what they give is kept, and they are told so.
    anaLink.cut();
    phoneLink.cut();
    await ana.locator(".link-banner").waitFor();
    await phone.locator(".field-link-lost").first().waitFor();
    await phone.getByRole("button", { name: "On scene", exact: false }).first().click();
    await phone.getByRole("alertdialog").or(phone.locator("[data-outbox='2']")).first().waitFor(); // it is far off by its last known place, or not known to be
    if (await phone.getByRole("alertdialog").isVisible()) await phone.getByRole("alertdialog").getByRole("button", { name: "On scene" }).click();
    await phone.locator("[data-outbox='2']").waitFor();
    await show(ana, first.number);
    const note = `a note of Ana's, given while the network was away ${randomUUID()}`;
    await enter(ana, `note ${note}`);
    await ana.locator(".entry-waiting").getByText(note).waitFor();
    await enter(ana, `send ${wanted.callSign}`);
    await ana.locator(".status-bar").getByText("3 commands not answered yet").waitFor();

    // Bea knows nothing of that: she sends the same unit to an incident of hers, recalls the officer, and writes.
    await show(bea, other.number);
    await enter(bea, `send ${wanted.callSign}`);
    await eventually("Bea's unit", () => jobOf(other.id, wanted.id));
    await show(bea, first.number);
    await enter(bea, `note Bea writes while Ana is away`);
    await enter(bea, `recall ${officer.callSign} needed elsewhere`);
    await eventually("the recall", async () => (await jobOf(first.id, officer.id))?.state === "recalled");

    // Ana is told all of it: what was made, and who was first with the unit. A notice goes after some seconds, so all that is told is waited for at once. What hung when the network went runs into its time limit first, one after the other.
    const told = Promise.all([
      ana.locator(".notice").filter({ hasText: wanted.callSign }).filter({ hasText: "Bea" }).waitFor({ timeout: 240_000 }),
      ana.locator(".notice").filter({ hasText: `#${made.number}` }).waitFor({ timeout: 240_000 }),
      phone.locator(".field-note").getByText(`Recalled from incident ${first.number}.`).waitFor({ timeout: 240_000 }),
    ]);
    anaLink.restore();
    phoneLink.restore();
    await told;
    await ana.locator(".link-banner").waitFor({ state: "detached" });
    await ana.locator(".status-bar").getByText("not answered yet").waitFor({ state: "detached" });
    await ana.locator(".entry-waiting").waitFor({ state: "detached" });
    assert.ok(await incidentOnScreen(ana, first.number).isVisible(), "what Ana had turned to meanwhile is still before her");
    // The officer is told that the job had gone, and presses nothing twice.
    await phone.getByText("needed elsewhere").first().waitFor();
    await phone.locator("[data-outbox]").waitFor({ state: "detached" });
    await phone.getByRole("button", { name: "Understood" }).click();
    await phone.getByText("No job.", { exact: false }).waitFor();

    // In the log each stands once, and what was too late is a note of its own.
    const { incidents } = await city.client.call("listIncidents");
    assert.deepEqual(incidents.filter((one) => one.what === marker).map(({ id }) => id), [made.id]);
    const log = await city.client.call("getIncident", { params: { id: first.id } });
    assert.deepEqual(log.timeline.map(({ number }) => number), log.timeline.map((_, i) => i + 1));
    const count = (event: string, fits: (body: Record<string, unknown>) => boolean): number => log.timeline.filter((entry) => entry.event === event && fits(entry.body)).length;
    assert.equal(count("incident.noted", ({ words }) => words === note), 1, "the note, once");
    assert.equal(count("assignment.advanced", ({ to }) => to === "en-route"), 1, "on the way, once");
    assert.equal(count("assignment.advanced", ({ to }) => to === "on-scene"), 0);
    assert.equal(count("assignment.reported-late", ({ report }) => report === "on-scene"), 1, "on scene after the recall is a note, once");
    assert.equal(log.assignments.filter(({ unitId }) => unitId === wanted.id).length, 0, "the unit goes to Bea's incident alone");
    assert.equal((await city.client.call("getIncident", { params: { id: other.id } })).assignments.filter(({ unitId }) => unitId === wanted.id).length, 1);
    // Sent again under the ids that they had.
    assert.equal(idsOf(ana, "incident.create").size, 1);
    assert.ok(sentBy.get(ana)!.filter(({ command }) => command.type === "incident.create").length > 1, "sent again");
    assert.deepEqual([idsOf(ana, "incident.note").size, idsOf(ana, "assignment.assign").size], [1, 1]);
    assert.deepEqual([idsOf(phone, "assignment.advance", (c) => c.type === "assignment.advance" && c.to === "en-route").size, idsOf(phone, "assignment.advance", (c) => c.type === "assignment.advance" && c.to === "on-scene").size], [1, 1]);

    // And all three show it, as does a console that knows nothing of before.
    const fresh = await open("cleo", "operate");
    for (const { number, id } of [first, made, other]) {
      for (const page of [ana, bea, fresh]) await show(page, number);
      await eventually(`the same history of #${number} on all`, async () => {
        const [mine, hers, anew] = await Promise.all([timelineOn(ana), timelineOn(bea), timelineOn(fresh)]);
        const { timeline } = await city.client.call("getIncident", { params: { id } });
        assert.deepEqual([mine, hers], [anew, anew]);
        assert.equal(anew.length, timeline.length);
        return true;
      });
    }
    await eventually("the officer's unit, the same on all", async () => {
      const [mine, hers, anew] = [await unitRowOn(ana, officer.callSign), await unitRowOn(bea, officer.callSign), await unitRowOn(fresh, officer.callSign)];
      assert.deepEqual([mine, hers], [anew, anew]);
      return /available/i.test(anew);
    });
    await eventually("the phone to show it too", () => phone.getByRole("radio", { name: "Available", exact: false }).first().isChecked());
    await fresh.context().close();
  });

  it("[HND2] a hand-over that is taken while the answers are lost is taken once, and both are told", async () => {
    const { incidents } = await city.client.call("listIncidents");
    const watched = incidents.find((one) => one.what === "a theft of Bea's")!;
    await show(bea, watched.number);
    await enter(bea, "watch");
    await bea.locator(".watch-line").getByText("You watch", { exact: false }).waitFor();
    await enter(bea, "handover Ana the thief ran north");
    const offered = ana.locator(".hand-over").filter({ hasText: "the thief ran north" });
    await offered.waitFor();
    anaLink.loseAnswers();
    await offered.getByRole("button", { name: "Take it all" }).click();
    await letGo(ana);
    await eventually("Ana to have it", async () => (await city.client.call("getIncident", { params: { id: watched.id } })).incident.watch.by?.name === "Ana");
    await bea.locator(".hand-over").getByText("Ana has taken over what you handed over.").waitFor();
    await bea.locator(".hand-over").getByRole("button", { name: "Understood" }).click();
    await letGo(bea);
    anaLink.cut();
    await ana.locator(".link-banner").waitFor();
    anaLink.restore();
    await offered.waitFor({ state: "detached" });
    await ana.locator(".status-bar").getByText("not answered yet").waitFor({ state: "detached" });
    for (const page of [ana, bea]) await show(page, watched.number);
    await ana.locator(".watch-line").getByText("You watch", { exact: false }).waitFor();
    await bea.locator(".watch-line").getByText("Ana watches").waitFor();
    assert.equal(idsOf(ana, "hand-over.take").size, 1);
    const { timeline } = await city.client.call("getIncident", { params: { id: watched.id } });
    assert.equal(timeline.filter((entry) => entry.event === "incident.watched" && entry.by.name === "Ana").length, 1);

    // Declined, it stays whose it was, and they read why.
    await enter(ana, "handover Bea my shift ends");
    const mine = bea.locator(".hand-over").filter({ hasText: "my shift ends" });
    await mine.getByRole("button", { name: "Decline" }).click();
    await bea.getByLabel("Why not").fill("two fires here");
    await bea.keyboard.press("Enter");
    await mine.waitFor({ state: "detached" });
    await ana.locator(".hand-over").getByText("Bea declined your hand-over: two fires here.", { exact: false }).waitFor();
    assert.equal((await city.client.call("getIncident", { params: { id: watched.id } })).incident.watch.by?.name, "Ana");
    await ana.locator(".hand-over").getByRole("button", { name: "Understood" }).click();
    await ana.locator(".hand-over").waitFor({ state: "detached" });
  });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
