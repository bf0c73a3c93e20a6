// Training as somebody meets it: the same program with a banner on every page, fed by the log of another centre through the command line, beside which no real unit exists.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { TRAINING_ID_BASE } from "../../src/base/training-ids.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { PHONE, logIn, openPage } from "../support/log-in.ts";
import { PASSWORD, eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const LOG = `lat,lng,desc,title,timeStamp,twp,addr
40.2978759,-75.5812935,REINDEER CT; NEW HANOVER,EMS: BACK PAINS/INJURY,2015-12-10 17:40:00,NEW HANOVER,REINDEER CT & DEAD END
40.1211818,-75.3519752,HAWS AVE; NORRISTOWN,Fire: GAS-ODOR/LEAK,2015-12-10 17:40:00,NORRISTOWN,HAWS AVE
nowhere,-75.35,HAWS AVE,Fire: FIRE ALARM,2015-12-10 17:41:00,NORRISTOWN,HAWS AVE
40.1161530,-75.3435130,AIRY ST; NORRISTOWN,Traffic: VEHICLE ACCIDENT -,2015-12-10 17:42:00,NORRISTOWN,AIRY ST & SWEDE ST
`;
let city: RunningCity;
let browser: Browser;

describe("training", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity({ training: true }), launchBrowser()]);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  const replay = (...more: string[]): Promise<{ code: number; out: string }> =>
    new Promise((done) => {
      const file = join(city.dataDir, "log.csv");
      writeFileSync(file, LOG);
      execFile(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, "replay", file, "--format", "montgomery", "--centre", city.system.address, "--data", city.dataDir, ...more], (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out: out + err }));
    });

  it("[TRN4] every page says so: the log-in, the rooms, the phone's", async () => {
    const page = await openPage(browser);
    const says = async (): Promise<void> => {
      await page.locator(".training-banner").getByText("TRAINING").waitFor();
      const frame = await page.locator(".training-frame").boundingBox();
      assert.deepEqual([frame?.x, frame?.y, frame?.width, frame?.height], [0, 0, page.viewportSize()!.width, page.viewportSize()!.height]);
    };
    await page.goto(`${city.system.address}/operate`);
    await says();
    await logIn(page);
    await page.locator("#room").waitFor();
    for (const room of ["operate", "watch", "cameras", "people", "measure", "inspect"]) {
      await page.goto(`${city.system.address}/${room}`);
      await page.locator("#room").waitFor();
      await says();
      for (const bar of [".top-bar", ".status-bar"]) await page.locator(`${bar} .training-mark`).getByText("TRAINING").waitFor();
      await page.waitForFunction(() => document.title.startsWith("TRAINING · "));
      assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), `${room}: the page still fits`);
    }
    await page.goto(`${city.system.address}/welcome`);
    await page.getByText("Nobody calls here by itself").waitFor();
    assert.equal(await page.getByText("somebody calls", { exact: false }).count() + await page.getByText("Take the ringing call").count(), 0, "no call is promised that does not come");
    const [unit] = (await city.client.call("listUnits")).units;
    await city.client.call("createAccount", { body: { name: "Officer One", login: "officer.one", password: PASSWORD, roles: ["officer"], unitId: unit!.id } });
    const phone = await openPage(browser, { context: { viewport: PHONE, locale: "zh-CN" } });
    await phone.goto(`${city.system.address}/field`);
    await logIn(phone, "officer.one");
    await phone.getByText(unit!.callSign, { exact: false }).first().waitFor();
    for (const place of [".training-banner", ".field-head", ".status-bar"]) await phone.locator(place).getByText("训练").first().waitFor();
  });

  it("[RPL1] [RPL4] [TRN2] [TRN3] the log of another centre goes in by the command line, once; tokens of the data folder itself are nobody's", async () => {
    const first = await replay();
    assert.equal(first.code, 1, first.out); // one row could not be read
    assert.match(first.out, /4 rows: 3 calls came in, 0 were there already, 0 had ended in an earlier run, 1 could not be read/);
    assert.match(first.out, /line 4: lat: nowhere: expected a latitude/);
    const again = await replay("--speed", "max");
    assert.match(again.out, /0 calls came in, 3 were there already/);
    const { incidents } = await city.client.call("listIncidents");
    assert.equal(incidents.length, 3);
    assert.ok(incidents.every(({ id }) => id > TRAINING_ID_BASE));
    for (const service of ["telephony", "fleet"] as const) {
      const reply = await new CityClient(city.system.address, city.token(service)).try("sendCommand", { body: {} });
      assert.equal(reply.status, 401, `${service}: a gateway of the real centre that reads this folder is nobody here`);
    }
    const figures = await eventually("the figures", async () => {
      const found = await city.client.call("getFigures", { query: { clock: "log" } });
      return found.behind === 0 && found.first !== null && found;
    });
    assert.equal(figures.first, Date.UTC(2015, 11, 10, 22, 40));
  });

  it("[TRN2] [TRN4] a call of the training is reported, answered and closed as in earnest; a real centre beside it has nothing of it, neither in its log nor in its figures", async () => {
    const real = await startRunningCity({ console: false });
    try {
      const unit = (await city.client.call("listUnits")).units.at(-1)!;
      await city.client.call("createAccount", { body: { name: "Officer Two", login: "officer.two", password: PASSWORD, roles: ["officer"], unitId: unit.id } });
      const phone = await openPage(browser, { context: { viewport: PHONE } });
      await phone.goto(`${city.system.address}/field`);
      await logIn(phone, "officer.two");
      await phone.getByRole("button", { name: "Report something here" }).click();
      await phone.getByLabel("What do you see?").fill("A drill: a car on its side");
      await phone.getByRole("button", { name: "Report it" }).click();
      await phone.getByText(/Reported at .* The control room has it\./).waitFor();

      const desk = await openPage(browser);
      const banner = desk.locator(".training-banner").getByText("TRAINING");
      await desk.goto(`${city.system.address}/operate`);
      await logIn(desk);
      await desk.getByRole("option").filter({ hasText: "A drill: a car on its side" }).first().dblclick();
      await desk.locator("#intake-where").fill("18 de julio y ejido");
      await desk.keyboard.press("Enter");
      await desk.locator(".place-chosen").waitFor();
      for (let tries = 1, isChosen = false; tries <= 3 && !isChosen; tries++) {
        await desk.locator("#intake-type").fill("theft");
        await desk.keyboard.press("Enter");
        isChosen = await desk.locator("#intake-type.input-chosen").waitFor({ timeout: 20_000 }).then(() => true, () => false);
      }
      await banner.waitFor();
      await desk.keyboard.press("Control+Enter");
      const made = await eventually("the incident", async () => (await city.client.call("listIncidents")).incidents.find(({ type, contactIds }) => type === "theft" && contactIds.length === 1));
      assert.ok(made.id > TRAINING_ID_BASE && made.contactIds[0]! > TRAINING_ID_BASE);
      await desk.locator(".incident").getByRole("heading", { name: /^#T\d+/ }).waitFor();
      await banner.waitFor();
      await desk.locator(".candidates input:focus").waitFor();
      await desk.locator("body").press("Escape");
      for (let tries = 1, isOpen = false; tries <= 4 && !isOpen; tries++) {
        await desk.keyboard.press("c");
        isOpen = await desk.locator(".close-form").waitFor({ timeout: 15_000 }).then(() => true, () => false);
      }
      await desk.keyboard.press("1");
      await desk.keyboard.press("Enter");
      await eventually("the incident to be closed", async () => (await city.client.call("getIncident", { params: { id: made.id } })).incident.status === "closed");

      const board = await eventually("the figures of the training", async () => {
        const now = await city.client.call("getBoard");
        return now.contacts > 0 && now;
      });
      assert.ok(board.answer.n > 0, JSON.stringify(board));
      const nothing = await real.client.call("getBoard");
      assert.deepEqual([nothing.contacts, nothing.answer.n, nothing.response.n], [0, 0, 0]);
      assert.deepEqual((await real.client.call("listIncidents")).incidents, []);
      assert.equal((await real.client.try("getIncident", { params: { id: made.id } })).status, 404);
      assert.deepEqual((await real.client.call("getFigures", { query: {} })).first, null);
      await Promise.all([phone.context().close(), desk.context().close()]);
    } finally {
      await real.end();
    }
  });
});
