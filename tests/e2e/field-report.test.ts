// An officer on the spot hands in what nobody has called about, from the phone: it rings at the desk with the call sign and the place, once, also where the link was away.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { LOGIN, PASSWORD, startRunningCity, type RunningCity } from "../support/running-city.ts";

const WORDS = "Two cars, one on its side, nobody hurt";

describe("a report from the field", { timeout: 1_800_000 }, () => {
  let city: RunningCity;
  let browser: Browser;
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity({ callsPerHour: 0 }), launchBrowser()]);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[CON15] rings at the desk with the call sign and the phone's place, after the link is back where it was away", async () => {
    const { units } = await new CityClient(city.system.address, city.token("fleet")).call("listFieldWork");
    const unit = units.find((one) => one.kind === "patrol")!;
    await city.client.call("createAccount", { body: { name: "Officer One", login: "officer.one", password: PASSWORD, roles: ["officer"], unitId: unit.id } });
    const here = { longitude: unit.home.lon, latitude: unit.home.lat };
    const context: BrowserContext = await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 844 }, permissions: ["geolocation"], geolocation: here });
    const phone: Page = await context.newPage();
    phone.setDefaultTimeout(120_000);
    await phone.goto(`${city.system.address}/field`);
    await phone.locator("input[autocomplete=username]").fill("officer.one");
    await phone.locator("input[type=password]").fill(PASSWORD);
    await phone.keyboard.press("Enter");
    await phone.getByRole("button", { name: "Report something here" }).click();
    const send = phone.getByRole("button", { name: "Report it" });
    assert.ok(await send.isDisabled(), "nothing is sent without words");
    await phone.getByLabel("What do you see?").fill(WORDS);
    await context.setOffline(true);
    await send.click();
    await phone.getByText("Kept; it goes out with the first bit of link.").waitFor();
    const desk = await (await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 } })).newPage();
    desk.setDefaultTimeout(120_000);
    await desk.goto(`${city.system.address}/operate`);
    await desk.locator("input[autocomplete=username]").fill(LOGIN);
    await desk.locator("input[type=password]").fill(PASSWORD);
    await desk.keyboard.press("Enter");
    const calls = desk.getByRole("region", { name: "Calls" });
    await calls.getByText("No calls waiting", { exact: false }).waitFor();
    await context.setOffline(false);
    await calls.getByText(`Officer · ${unit.callSign}`).waitFor();
    await phone.getByText(/Reported at .* The control room has it\./).waitFor();
    assert.equal(await calls.locator(".list-row").count(), 1, "once");
    const shots = process.env["CITYWATCH_SHOTS"];
    if (shots !== undefined) for (const [name, page] of [["phone", phone], ["desk", desk]] as const) await page.screenshot({ path: `${shots}/report-${name}.png` });
    // Ended by a slip, it stands in the list of what can be taken up again, with all that is known of it.
    const contactId = 1; // the first of its log
    for (const command of [{ type: "contact.claim", contactId }, { type: "contact.end", contactId, disposition: "information-given" }] as const) assert.equal((await city.client.send(command)).outcome, "accepted");
    const [report] = (await city.client.call("listEndedContacts", { query: {} })).contacts;
    assert.deepEqual([report!.source, report!.callerWords, report!.signal?.kind, report!.signal?.site], ["officer", WORDS, "officer", unit.callSign]);
    assert.ok(report!.callerPoint !== null && Math.abs(report!.callerPoint.lon - here.longitude) < 1e-6);
    assert.equal((await city.client.send({ type: "contact.reopen", contactId, words: "wrong key" })).outcome, "accepted");
  });
});
