// Evidence from the console of the whole product: an incident's cameras are exported by a browser, for an earlier one that has ended, the file that it wrote is verified by the command line and by the console itself, and
// the registers tell who took it. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";

let city: RunningCity;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
const verify = (...args: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => execFile(process.execPath, ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "..", "..", "src", "cli", "main.ts"), ...args], { timeout: 120_000 }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out: out + err })));

describe("evidence from an incident", { timeout: 1_800_000 }, () => {
  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    page = await openPage(browser, { context: { acceptDownloads: true }, complaints });
    page.on("console", (message) => { if (/content security policy/i.test(message.text())) complaints.push(message.text()); });
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("[EXP3] [EXP9] [EXP10] is exported from Operate, verified, and told in the registers", async () => {
    const { places } = await city.client.call("searchPlaces", { query: { q: "18 de julio y ejido" } });
    const place = places[0]!;
    const seeing = await city.client.call("seeingCameras", { query: { lon: place.point.lon, lat: place.point.lat } });
    const codes = seeing.cameras.filter(({ hasStream }) => hasStream).map(({ code }) => code);
    assert.ok(codes.length > 0);
    const telephony = new CityClient(city.system.address, city.token("telephony"));
    const make = async (what: string): Promise<number> => {
      const rung = await telephony.send({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: null });
      assert.ok(rung.outcome === "accepted");
      await city.client.send({ type: "contact.claim", contactId: rung.contactId! });
      const made = await city.client.send({ type: "incident.create", contactId: rung.contactId!, incidentType: "theft", what, who: "", place: { words: "18 y Ejido", label: place.label, kind: place.kind, district: null, point: place.point, uncertaintyM: 10 } });
      assert.ok(made.outcome === "accepted");
      return made.incidentId!;
    };
    // It is the earlier one that evidence is wanted for, and that one has ended.
    const endedId = await make("a bicycle");
    assert.equal((await city.client.send({ type: "incident.cancel", incidentId: endedId, words: "withdrawn" })).outcome, "accepted");
    const { incident: { number } } = await city.client.call("getIncident", { params: { id: endedId } });

    await page.goto(`${city.system.address}/operate?incident=${await make("a bag")}`);
    await logIn(page);
    await eventually("some seconds recorded by the cameras that the strip shows", async () => {
      const { recorded } = (await city.client.call("getCamera", { params: { id: seeing.cameras[0]!.cameraId } })).health;
      return recorded !== null && Date.now() - recorded.since > 8_000;
    });
    await page.getByRole("button", { name: "Export what they saw" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The recorded bytes of these cameras").waitFor();
    await dialog.locator(".field", { hasText: "a bag" }).getByRole("button").click();
    await page.getByRole("option", { name: "Another, by its number" }).click();
    await dialog.getByLabel("Number of the incident").fill(`#${number}`);
    await dialog.getByText("a bicycle · ended", { exact: false }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Export", exact: true }).click()]);
    assert.match(download.suggestedFilename(), /^evidence-\d+-\d{12}\.zip$/);
    const file = join(city.dataDir, download.suggestedFilename());
    await download.saveAs(file);
    await dialog.getByText("complete", { exact: true }).waitFor();
    const bytes = await readFile(file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await dialog.getByText(sha256).waitFor();
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

    // Whoever gets it: with the key that the city published, and without.
    const key = await city.operator.call("getEvidenceKey");
    const pem = join(city.dataDir, "city.pem");
    await writeFile(pem, key.pem);
    const told = await verify("verify", file, "--key", pem);
    assert.equal(told.code, 0, told.out);
    assert.match(told.out, new RegExp(`incident ${number}\\b`));
    const shown = await verify("evidence-key", "--centre", city.system.address, "--data", city.dataDir);
    assert.ok(shown.out.includes(key.fingerprint), shown.out);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    const changed = join(city.dataDir, "changed.zip");
    await writeFile(changed, bytes);
    assert.equal((await verify("verify", changed, "--key", pem)).code, 1);

    // The same in the console, and what the registers say.
    await page.goto(`${city.system.address}/inspect/evidence`);
    await page.getByRole("gridcell", { name: "complete" }).or(page.getByText("complete", { exact: true })).first().waitFor();
    const give = async (path: string): Promise<string> => {
      await page.getByLabel("Choose the ZIP").setInputFiles(path);
      const verdict = page.locator(".evidence-verdict");
      await verdict.waitFor();
      const text = await verdict.innerText();
      await page.getByRole("button", { name: "Verify another" }).click();
      return text;
    };
    assert.match(await give(file), /^Whole, and signed with the key that you know/);
    assert.match(await give(changed), /^Altered/);
    assert.match(await give(pem), /not an evidence package/);
    const { records } = await city.client.call("listAccessRecords", { query: { mode: "export" } });
    assert.ok(records.length >= codes.length && records.every(({ incidentId, endedAt }) => incidentId === endedId && endedAt !== null));
    assert.deepEqual(complaints, []);
  });
});
