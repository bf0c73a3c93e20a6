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
      await page.waitForFunction(() => document.title.startsWith("TRAINING · "));
      assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), `${room}: the page still fits`);
    }
    const [unit] = (await city.client.call("listUnits")).units;
    await city.client.call("createAccount", { body: { name: "Officer One", login: "officer.one", password: PASSWORD, roles: ["officer"], unitId: unit!.id } });
    const phone = await openPage(browser, { context: { viewport: PHONE, locale: "zh-CN" } });
    await phone.goto(`${city.system.address}/field`);
    await logIn(phone, "officer.one");
    await phone.getByText(unit!.callSign, { exact: false }).first().waitFor();
    await phone.locator(".training-banner").getByText("训练").waitFor();
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
});
