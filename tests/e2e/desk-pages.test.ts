// Pages beside the calls, from the keyboard in a real browser: what a unit reaches by road, the register of alarm points, and a public warning that is worded anew
// while the second person reads it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { LOGIN, PASSWORD, eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

let city: RunningCity;
let browser: Browser;
const complaints: string[] = [];

async function open(login: string, path: string): Promise<Page> {
  const page = await openPage(browser, { complaints });
  await page.goto(`${city.system.address}/${path}`);
  await logIn(page, login);
  await page.locator("#room").waitFor();
  return page;
}

describe("pages of the desk", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    await city.client.call("createAccount", { body: { name: "Bea", login: "bea", password: PASSWORD, roles: ["dispatcher"] } });
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[RD6] what a unit reaches by road is shown and put away by a key, and the legend says which unit, which minutes and from when", async () => {
    const page = await open(LOGIN, "operate");
    await page.getByRole("region", { name: "Calls" }).waitFor();
    const { units } = await city.client.call("listUnits");
    const [first, second] = units.filter(({ kind }) => kind === "patrol");
    await page.keyboard.press("/");
    await page.keyboard.type(`reach ${first!.callSign}`);
    await page.locator(".command-preview").getByText(`Show on the map what ${first!.callSign} reaches by road`).waitFor();
    await page.keyboard.press("Enter");
    const legend = page.getByRole("region", { name: `${first!.callSign} reaches by road within` });
    await legend.getByText("From where it was", { exact: false }).waitFor();
    assert.deepEqual(await legend.getByRole("listitem").allInnerTexts(), ["3 min", "5 min", "10 min"]);
    await page.keyboard.press("z");
    await legend.waitFor({ state: "detached" });

    const row = page.locator("[data-list=units] .list-row").filter({ hasText: second!.callSign });
    await page.getByPlaceholder("Find a unit").fill(second!.callSign);
    await row.click();
    await page.keyboard.press("z");
    await page.getByRole("region", { name: `${second!.callSign} reaches by road within` }).getByText("10 min").waitFor();
    await page.context().close();
  });

  it("an alarm point is registered with the cameras that see it, and its alarm brings site and door to the desk", async () => {
    const page = await open(LOGIN, "people/alarm-points");
    await page.getByText("No alarm point is registered.", { exact: false }).waitFor();
    await page.keyboard.press("n");
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Code", exact: true }).fill("K 12");
    await form.getByRole("button", { name: "Register", exact: true }).click();
    await form.getByText("1 to 60 letters", { exact: false }).waitFor();
    await form.getByRole("textbox", { name: "Code", exact: true }).fill("K-12/gate");
    await form.getByRole("textbox", { name: "Site", exact: true }).fill("School 12");
    await form.getByRole("textbox", { name: "Door or room", exact: true }).fill("Gate 2");
    await form.getByRole("button", { name: "Register", exact: true }).click();
    await form.getByText("Find the place first.").waitFor();
    await form.getByRole("combobox", { name: "Find the place" }).fill("18 de julio y ejido");
    await form.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    const offered = form.getByRole("button", { name: /^Add \S/ }).first();
    const code = (await offered.getAttribute("aria-label"))!.slice("Add ".length);
    await offered.click();
    await form.getByRole("button", { name: `Remove ${code}` }).waitFor();
    await form.getByRole("button", { name: "Register", exact: true }).click();
    await page.getByText("The alarm point K-12/gate is registered.").waitFor();
    const [point] = (await city.client.call("listAlarmPoints")).points;
    const { cameras } = await city.client.call("listCameras", { query: { q: code } });
    assert.deepEqual([point!.siteName, point!.door, point!.cameraIds], ["School 12", "Gate 2", [cameras.find((camera) => camera.code === code)!.id]]);

    const { key } = await city.client.call("createMachineAccount", { body: { name: "Panels", interface: "alarms" } });
    await new CityClient(city.system.address, key).call("reportAlarm", { body: { id: "p1/1", source: "panic-button", kind: "panic", pointCode: "K-12/gate" } });
    await page.goto(`${city.system.address}/operate`);
    await page.locator("[data-list=calls]").getByText("School 12", { exact: false }).first().waitFor();
    await page.context().close();
  });

  it("[CAP7] a draft that is worded anew while it is read has to be read again before it goes out", async () => {
    const area = { description: "Old town", circle: null, polygon: null };
    const content = { headline: "Smoke over the port", description: "A warehouse burns.", instruction: "", event: "Fire", language: "en", category: "Fire", urgency: "Immediate", severity: "Severe", certainty: "Observed", expiresAt: Date.now() + 3_600_000, area } as const;
    const draft = await city.client.call("draftWarning", { body: { kind: "alert", content } });
    const page = await open("bea", "warnings");
    await page.getByRole("button", { name: "Smoke over the port", exact: false }).click();
    const send = page.getByRole("button", { name: "Send to the public" });
    await send.waitFor();

    const author = await open(LOGIN, "warnings");
    await author.getByRole("button", { name: "Smoke over the port", exact: false }).click();
    await author.getByText("You drafted this.", { exact: false }).waitFor();
    assert.equal(await author.getByRole("button", { name: "Send to the public" }).count(), 0);
    await author.getByRole("button", { name: "Change the words" }).click();
    await author.getByLabel("Headline").fill("Thick smoke over the port");
    await author.getByRole("button", { name: "Keep as a draft" }).click();

    await page.getByText("has changed the words since you opened it", { exact: false }).waitFor();
    assert.equal(await send.isDisabled(), true);
    await page.getByRole("heading", { name: "Thick smoke over the port" }).waitFor();
    await page.getByRole("button", { name: "I have read it" }).click();
    await send.click();
    await page.getByRole("dialog").getByRole("button", { name: "Send to the public" }).click();
    const sent = await eventually("the warning to be sent", async () => (await city.client.call("listWarnings")).warnings.find(({ id, state }) => id === draft.id && state === "sent"));
    assert.deepEqual([sent.content.headline, sent.content.expiresAt, sent.revision, sent.approvedBy?.name], ["Thick smoke over the port", content.expiresAt, 2, "Bea"]);
    await page.context().close();
    await author.context().close();
  });

  it("no page complained", () => assert.deepEqual(complaints, []));
});
