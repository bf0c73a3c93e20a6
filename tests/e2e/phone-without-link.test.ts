// A phone that is loaded again in a dead spot: it comes up from its own store, says so, takes what is pressed, and the centre has each press once when the link is back. The store holds files of the
// page and nothing else; signing out empties it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { PHONE, logIn, openPage } from "../support/log-in.ts";
import { PASSWORD, eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

const CALLER_WORDS = "A man lies in the doorway";

describe("a phone without a link", { timeout: 1_800_000 }, () => {
  let city: RunningCity;
  let browser: Browser;
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity({ callsPerHour: 0 }), launchBrowser()]);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[CMD2] is loaded again, takes a step, and the centre has it once and of then; nothing of the city is kept, and signing out forgets the rest", async () => {
    const [unit] = (await new CityClient(city.system.address, city.token("fleet")).call("listFieldWork")).units.filter(({ kind }) => kind === "patrol");
    await city.client.call("createAccount", { body: { name: "Officer One", login: "officer.one", password: PASSWORD, roles: ["officer"], unitId: unit!.id } });
    const phone = await openPage(browser, { context: { viewport: PHONE } });
    await phone.goto(`${city.system.address}/field`);
    await logIn(phone, "officer.one");
    await phone.getByRole("heading", { name: unit!.callSign, exact: true }).waitFor();
    const made = await city.client.send({ type: "incident.create", contactId: null, incidentType: "other", what: CALLER_WORDS, who: "", place: { words: "here", label: "Hidden corner", kind: "coordinates", district: null, point: unit!.home, uncertaintyM: 5 } });
    assert.ok(made.outcome === "accepted");
    assert.equal((await city.client.send({ type: "assignment.assign", incidentId: made.incidentId!, unitIds: [unit!.id] })).outcome, "accepted");
    await phone.getByRole("button", { name: "Acknowledge" }).waitFor();

    const kept = await eventually("the page in the phone's store", () => phone.evaluate(async () => {
      if ((await navigator.serviceWorker.getRegistration("/field"))?.active == null) return null;
      const [name] = await caches.keys();
      return name === undefined ? null : (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    }));
    assert.ok(kept.includes("/index.html") && kept.some((path) => path.endsWith(".js")) && kept.some((path) => path.endsWith(".css")), kept.join(" "));
    assert.ok(kept.every((path) => path === "/index.html" || path === "/favicon.svg" || path.startsWith("/assets/")), kept.join(" "));
    const stored = await phone.evaluate(() => JSON.stringify({ ...localStorage }));
    for (const secret of [CALLER_WORDS, "Hidden corner", "Officer One"]) assert.ok(!stored.includes(secret), stored);

    await phone.context().setOffline(true);
    await phone.reload();
    await phone.getByText("No link for", { exact: false }).waitFor();
    await phone.getByRole("heading", { name: unit!.callSign, exact: true }).waitFor();
    const before = Date.now();
    await phone.locator(".job-next:not([data-pending])").filter({ hasText: "Acknowledge" }).click();
    await phone.locator("[data-outbox='1']").waitFor();
    const after = Date.now();
    await phone.reload(); // it is kept, and not pressed anew
    await phone.locator("[data-outbox='1']").waitFor();
    await phone.getByRole("button", { name: "On the way" }).waitFor();
    const shots = process.env["CITYWATCH_SHOTS"];
    if (shots !== undefined) await phone.screenshot({ path: `${shots}/phone-without-link.png` });

    await phone.context().setOffline(false);
    await phone.locator(".job-where").waitFor(); // it is read anew
    const assignment = await eventually("the step at the centre", async () => {
      const { assignments } = await new CityClient(city.system.address, city.token("fleet")).call("listFieldWork").then(({ assignments, led }) => ({ assignments: [...assignments, ...led.flatMap((one) => (one.assignment === null ? [] : [one.assignment]))] }));
      return assignments.find((one) => one.incidentId === made.incidentId && one.state === "acknowledged");
    });
    const steps = assignment.milestones.filter(({ state }) => state === "acknowledged");
    assert.equal(steps.length, 1, "once");
    assert.ok(steps[0]!.deviceAt! >= before && steps[0]!.deviceAt! <= after, "and of when it was pressed");
    await phone.getByRole("button", { name: "On the way" }).waitFor();
    await eventually("nothing that waits", async () => (await phone.locator("[data-outbox]").count()) === 0);

    await phone.locator(".account-button").click();
    await phone.getByRole("menuitem", { name: "Log out" }).click();
    await phone.locator("input[autocomplete=username]").waitFor();
    await eventually("an empty store", () => phone.evaluate(async () => (await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0 && localStorage.getItem("citywatch.phone") === null));
  });
});
