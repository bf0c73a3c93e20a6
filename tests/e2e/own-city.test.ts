// A city of one's own, from an OpenStreetMap extract to a closed incident: imported, served without the demo, its mapped cameras in the register, its units entered
// by the command line's way, and a call handled in the browser's city. With the smallest real extract, which is beside the project, if at all.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { readUnitRows } from "../../src/cli/unit.ts";
import { importExtract } from "../../src/io/city/import-city.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, PASSWORD, startRunningCity, type RunningCity } from "../support/running-city.ts";

const EXTRACT = resolve(import.meta.dirname, "../../../shared/data/osm/helsinki-centre.osm.pbf");
const skip = existsSync(EXTRACT) ? false : "the extracts of ../shared/data/osm are not here";
const UNITS = "call_sign,kind,lat,lon,skills,crew,phone\nH1,patrol,60.1699,24.9384,first-aid,Ana Silva 1043,\nH2,patrol,60.1786,24.9500,,,\nH3,ambulance,60.1700,24.9500,,,\n";

describe("a city of one's own", { skip, timeout: 1_800_000 }, () => {
  let folder: string;
  let city: RunningCity;
  let browser: Browser;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "citywatch-own-city-"));
    await importExtract({ file: EXTRACT, dir: join(folder, "helsinki"), name: "Helsinki", timeZone: "Europe/Helsinki", progress: () => undefined, now: Date.now() });
    [city, browser] = await Promise.all([startRunningCity({ cityDir: join(folder, "helsinki") }), launchBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await city?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it("starts without the demo, with every camera that the map knows in the register, none of them connected", async () => {
    assert.deepEqual(Object.keys(city.system.pids()).sort(), ["centre", "database", "recorder"]);
    const page = await city.operator.call("listCameras", { query: { limit: 500 } });
    assert.equal(page.total, 221, "man_made=surveillance of this extract");
    assert.ok(page.cameras.every((camera) => camera.address === null && camera.health.state === "no-address"), JSON.stringify(page.cameras[0]?.health));
    assert.deepEqual((await city.client.call("listUnits")).units, [], "the city's units are the city's to enter");
  });

  it("takes its units, and a call is placed by its own streets and answered by the nearest of them", async () => {
    const { items: units } = await readUnitRows(Readable.from([UNITS]));
    const entered = await city.operator.call("registerUnits", { body: { units } });
    assert.deepEqual(entered.units.map((unit) => unit.callSign), ["H1", "H2", "H3"]);
    assert.deepEqual((await city.operator.call("registerUnits", { body: { units } })).units, entered.units, "the same again changes nothing");

    await city.client.call("createAccount", { body: { name: "Desk", login: "desk", password: PASSWORD, roles: ["call-taker", "dispatcher", "video-operator"] } });
    const desk = new CityClient(city.system.address);
    await desk.logIn("desk", PASSWORD);
    const telephony = new CityClient(city.system.address, city.token("telephony"));
    const rung = await telephony.send({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: "040 123", callerPoint: null, callerUncertaintyM: null, callerWords: "Laukku varastettiin" });
    assert.ok(rung.outcome === "accepted");
    await desk.send({ type: "contact.claim", contactId: rung.contactId! });
    const { places } = await desk.call("searchPlaces", { query: { q: "Mannerheimintie 10" } });
    const place = places[0]!;
    assert.match(place.label, /Mannerheimintie 10/, JSON.stringify(places));
    const made = await desk.send({ type: "incident.create", contactId: rung.contactId!, incidentType: "theft", what: "bag", who: "", place: { words: "Mannerheimintie 10", label: place.label, kind: place.kind, district: null, point: place.point, uncertaintyM: 0 } });
    assert.ok(made.outcome === "accepted", JSON.stringify(made));
    const { candidates } = await desk.call("recommend", { params: { id: made.incidentId! } });
    const [first] = candidates;
    assert.equal(entered.units.find((unit) => unit.id === first?.unitId)?.callSign, "H1", JSON.stringify(candidates));
    assert.ok(first!.roadSeconds > 0 && first!.roadSeconds < 300, `${first!.roadSeconds} s by road`);
    const sent = await desk.send({ type: "assignment.assign", incidentId: made.incidentId!, unitIds: [first!.unitId] });
    assert.ok(sent.outcome === "accepted");
    for (const to of ["acknowledged", "en-route", "on-scene", "cleared"] as const) assert.equal((await desk.send({ type: "assignment.advance", assignmentId: sent.units[0]!.assignmentId!, to })).outcome, "accepted", to);
    assert.equal((await desk.send({ type: "incident.close", incidentId: made.incidentId!, disposition: "report-taken", words: "" })).outcome, "accepted");
  });

  it("is what the console draws", async () => {
    const tiles: number[] = [];
    const complaints: string[] = [];
    const page = await openPage(browser, { complaints });
    page.on("response", (response) => void (/\/tiles\/base\//.test(response.url()) && tiles.push(response.status())));
    await page.goto(`${city.system.address}/operate`);
    await logIn(page, "desk");
    await page.getByText("H1", { exact: false }).first().waitFor();
    await eventually("a tile of the base map", async () => tiles.includes(200));
    await page.locator("canvas.maplibregl-canvas").first().waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
