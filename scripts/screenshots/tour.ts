// The tour: what a newcomer does in the first ten minutes, in that order, with a picture at each stop.

import type { Browser, Page } from "playwright-core";
import { CityClient } from "../../tests/support/city-client.ts";
import { logIn } from "../../tests/support/log-in.ts";
import { eventually } from "../../tests/support/running-city.ts";
import type { Taker } from "./camera.ts";
import { FIRST_LOOK, preferLook } from "./looks.ts";
import { FIRST, OFFICER, PASSWORD, sendOfficer, workEarlierCalls, type Stage } from "./stage.ts";

const DESK = { width: 1440, height: 900 };
const WHAT = { theft: "Seen from across the street, still going on", smoke: "Dark smoke from the upper floor", collision: "Two cars, one person on the ground" };
const PHONE = { width: 390, height: 844 };

async function openPage(browser: Browser, size: typeof DESK): Promise<Page> {
  const context = await browser.newContext({ viewport: size, locale: "en-GB", reducedMotion: "reduce" });
  await preferLook(context, FIRST_LOOK);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => process.stderr.write(`  !   ${error.stack ?? error.message}\n`));
  return page;
}

export async function walk(stage: Stage, browser: Browser, taker: Taker): Promise<void> {
  const desk = await openPage(browser, DESK);
  await enter(desk, stage, taker);
  const person = new CityClient(stage.address);
  await person.logIn(FIRST.login, FIRST.password);
  await workEarlierCalls(stage, person);
  const incidentId = await dispatch(desk, stage, taker, person);
  await field(browser, stage, taker, person, incidentId);
  await watch(desk, stage, taker);
  await registers(desk, stage, taker);
  await narrow(desk, stage, taker, incidentId);
}

/** The first account by the one-time token, the log-in, the welcome. */
async function enter(desk: Page, stage: Stage, taker: Taker): Promise<void> {
  await desk.goto(`${stage.address}/#token=${stage.token}`);
  const form = desk.locator(".entry-form input");
  await form.nth(1).fill(FIRST.name);
  await form.nth(2).fill(FIRST.login);
  await form.nth(3).fill(FIRST.password);
  await taker.take("first-account", desk);
  await form.nth(3).press("Enter");
  await desk.locator(".welcome-list").waitFor();
  await taker.take("welcome", desk);
  const stranger = await openPage(desk.context().browser()!, DESK);
  await stranger.goto(stage.address);
  await stranger.locator("input[autocomplete=username]").fill(FIRST.login);
  await taker.take("log-in", stranger);
  await stranger.context().close();
}

/** A staged event: its caller rings, is taken, the place is typed, cameras show it, units go. Returns the incident. */
async function dispatch(desk: Page, stage: Stage, taker: Taker, person: CityClient): Promise<number> {
  await desk.goto(`${stage.address}/operate`);
  const sounds = desk.locator(".sound-check").getByRole("button");
  for (const word of [/Play/, /heard them/]) await sounds.filter({ hasText: word }).click();
  const site = await eventually("a staged event whose caller rings", async () => {
    const text = (await desk.locator("[data-list=calls]").textContent()) ?? "";
    return stage.stories.find(({ callerWords }) => text.includes(callerWords.slice(0, 30)));
  }, 240_000);
  await taker.take("calls", desk);
  await desk.locator("[data-list=calls] [role=option]").filter({ hasText: site.callerWords.slice(0, 30) }).dblclick();
  const where = desk.locator("#intake-where");
  await where.waitFor();
  await taker.take("call", desk, async () => {
    await where.fill("");
    await where.pressSequentially(site.spokenPlace);
    await desk.getByRole("option").filter({ hasText: site.label.slice(0, 12) }).first().waitFor();
  });
  await where.fill("");
  await where.pressSequentially(site.spokenPlace);
  await where.press("Enter");
  await desk.locator("video[data-camera-id]").first().waitFor();
  await desk.locator(".intake textarea").fill(WHAT[site.kind]);
  await desk.locator("#intake-type").pressSequentially({ theft: "theft", smoke: "smoke", collision: "injur" }[site.kind]);
  await taker.take("call-place", desk);
  await desk.locator("#intake-type").press("Enter");
  await desk.keyboard.press("Control+Enter");
  const incident = await eventually("the incident", async () => (await person.call("listIncidents", { query: {} })).incidents.find(({ place }) => place.words === site.spokenPlace));
  await eventually("the button that names who goes", async () => /\w/.test((await desk.locator("#send-units").textContent()) ?? "") && (await desk.locator("#send-units").isEnabled()));
  await taker.take("send", desk);
  await desk.locator("#send-units").click();
  await eventually("a unit under way", async () => (await person.call("getIncident", { params: { id: incident.id } })).assignments.some(({ state }) => state === "en-route" || state === "on-scene"));
  const note = desk.locator("#incident-note");
  await note.fill("Caller stays on the line, keeps to the other side of the street");
  await note.press("Enter");
  await desk.locator(".strip-tile button").filter({ hasText: "Seen" }).first().click();
  await desk.locator("body").press("Escape");
  await taker.take("operate", desk);
  await desk.keyboard.press("d");
  await taker.take("figures", desk);
  await desk.keyboard.press("?");
  await taker.take("keys", desk);
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("d");
  return incident.id;
}

async function field(browser: Browser, stage: Stage, taker: Taker, person: CityClient, incidentId: number): Promise<void> {
  const { lon, lat } = await sendOfficer(stage, person, incidentId);
  const phone = await openPage(browser, PHONE);
  await phone.context().grantPermissions(["geolocation"]);
  await phone.context().setGeolocation({ longitude: lon, latitude: lat, accuracy: 8 });
  await phone.goto(stage.address);
  await logIn(phone, OFFICER.login, PASSWORD);
  await phone.locator(".job-next").waitFor();
  await taker.take("field", phone);
  for (const [button, state] of [["Acknowledge", "acknowledged"], ["On the way", "en-route"], ["On scene", "on-scene"], ["Job done", null]] as const) {
    await phone.getByRole("button", { name: button }).first().click();
    // Where the unit is still on its way, being on scene is asked about.
    if (state === "on-scene") await phone.getByRole("alertdialog").getByRole("button", { name: button }).click({ timeout: 5_000 }).catch(() => undefined);
    if (state !== null) await phone.locator(`.job[data-state="${state}"]`).waitFor();
    if (state === "en-route") await taker.take("field-under-way", phone);
  }
  await phone.locator(".field-idle").waitFor();
  await taker.take("field-idle", phone);
  await phone.context().close();
}

/** Four cameras that saw the event, first live, then half a minute back. */
async function watch(desk: Page, stage: Stage, taker: Taker): Promise<void> {
  await desk.goto(`${stage.address}/watch`);
  await desk.locator(".watch-reason .input-button").waitFor();
  await taker.take("watch-reason", desk);
  await desk.locator(".watch-reason .input-button").click();
  await desk.locator(".menu [role=option]").nth(1).click();
  await desk.locator(".watch-reason .field:not(:has(.input-button)) input").fill("Evening round, old town");
  await desk.keyboard.press("Enter");
  const rows = desk.locator(".watch-list [role=option]");
  for (const index of [6, 9, 12, 15]) await rows.nth(index).dblclick();
  await eventually("four pictures", async () => (await desk.locator(".watch-wall video").count()) === 4);
  await taker.take("watch-live", desk);
  await desk.locator("body").press("w");
  await desk.locator(".watch-keep input").first().fill("Old town");
  await desk.keyboard.press("Enter");
  await desk.locator(".watch-kept li").first().waitFor();
  await taker.take("watch-layouts", desk);
  await desk.keyboard.press("Escape");
  await desk.getByRole("tab").nth(1).click();
  await taker.take("watch-map", desk);
  await desk.getByRole("tab").first().click();
  for (let i = 0; i < 3; i++) await desk.keyboard.press("+");
  await desk.locator("body").press("Escape");
  for (let i = 0; i < 6; i++) await desk.keyboard.press("ArrowLeft");
  await desk.keyboard.press("i");
  await desk.keyboard.press("ArrowRight");
  await desk.keyboard.press("ArrowRight");
  await desk.keyboard.press("o");
  await taker.take("watch", desk, async () => {
    const bar = (await desk.locator(".bar-track").boundingBox())!;
    for (const share of [0.4, 0.402]) await desk.mouse.move(bar.x + bar.width * share, bar.y + bar.height / 3); // a pointer that moved and rests
  });
}

async function registers(desk: Page, stage: Stage, taker: Taker): Promise<void> {
  await desk.goto(`${stage.address}/cameras`);
  await desk.locator(".cameras-table [role=row]").nth(3).click();
  await desk.locator(".facts").first().waitFor();
  await taker.take("cameras", desk);
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("n");
  await desk.locator(".cameras-side form").waitFor();
  await taker.take("camera-add", desk);
  await desk.goto(`${stage.address}/people`);
  await desk.getByRole("row").nth(1).waitFor();
  await taker.take("people", desk);
  await desk.goto(`${stage.address}/inspect`);
  await desk.getByRole("row").nth(1).waitFor();
  await taker.take("inspect", desk);
}

/** The same rooms on a phone and on a small laptop: nothing may be cut off. */
async function narrow(desk: Page, stage: Stage, taker: Taker, incidentId: number): Promise<void> {
  await desk.setViewportSize(PHONE);
  await desk.goto(`${stage.address}/operate?incident=${incidentId}`);
  await desk.locator(".operate-narrow").waitFor();
  await taker.take("operate-phone", desk);
  await desk.setViewportSize({ width: 1100, height: 760 });
  await taker.take("operate-laptop", desk);
}
