// Units as a city enters them, over HTTP: where they may wait, what an entry leaves as it was, and what is told when nothing can be stored.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../geo/testing/features.ts";
import { createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { DispatchUnavailableError } from "../workflow/dispatch-service.ts";
import { toApiError } from "./http/errors.ts";

describe("entering units", () => {
  let api: TestApi;
  let operator: CityClient;
  const home = pointAt(100, 100);
  const find = (callSign: string) => api.dispatch.liveWork().units.find((unit) => unit.callSign === callSign);
  before(async () => {
    api = await startTestApi();
    operator = api.client("operator");
  });
  after(() => api.close());

  test("one that would wait far outside the city is told with the bounds, and the rest goes in", async () => {
    const { units, rejected } = await operator.call("registerUnits", { body: { units: [{ callSign: "E1", kind: "patrol", home }, { callSign: "E2", kind: "patrol", home: { lat: home.lon, lon: home.lat } }] } });
    assert.deepEqual(units, [{ id: find("E1")!.id, callSign: "E1" }]);
    assert.deepEqual(rejected.map(({ callSign, field, code }) => [callSign, field, code]), [["E2", "home.lat", "city-latitude"], ["E2", "home.lon", "city-longitude"]]);
    assert.match(rejected[0]!.expected, /^a latitude in or near the city, -?[\d.]+ to -?[\d.]+$/);
    assert.equal(find("E2"), undefined);
  });

  test("what an entry does not name stays as it is known, what it names as empty is emptied", async () => {
    const known = { skills: ["boat"], crew: [{ name: "Ana Silva", badge: "1043" }], phone: "099 123" };
    await operator.call("registerUnits", { body: { units: [{ callSign: "E3", kind: "patrol", home, ...known }] } });
    const { sequence } = find("E3")!;
    await operator.call("registerUnits", { body: { units: [{ callSign: "E3", kind: "patrol", home }] } });
    assert.equal(find("E3")!.sequence, sequence, "nothing changed, so nothing is in the log");
    await operator.call("registerUnits", { body: { units: [{ callSign: "E3", kind: "patrol", home: pointAt(200, 100), phone: null }] } });
    const { skills, crew, phone } = find("E3")!;
    assert.deepEqual({ skills, crew, phone }, { ...known, phone: null });
    await operator.call("registerUnits", { body: { units: [{ callSign: "E4", kind: "patrol", home }] } });
    assert.deepEqual([find("E4")!.skills, find("E4")!.crew, find("E4")!.phone], [[], [], null]);
  });

  test("platforms are entered by code, found again and changed; units staff them by it, and one that is not there is told", async () => {
    const enter = (...platforms: { code: string; name: string; point: { lon: number; lat: number } }[]) => operator.call("registerPlatforms", { body: { platforms } });
    const first = await enter({ code: "PF-1", name: "Harbour", point: home }, { code: "PF-2", name: "Nowhere", point: { lat: home.lon, lon: home.lat } });
    assert.deepEqual([first.platforms.map(({ code, name }) => [code, name]), first.rejected.map(({ platform, field }) => [platform, field])], [[["PF-1", "Harbour"]], [["PF-2", "point.lat"], ["PF-2", "point.lon"]]]);
    const again = await enter({ code: "PF-1", name: "Old harbour", point: pointAt(150, 100) });
    assert.equal(again.platforms[0]!.id, first.platforms[0]!.id);
    const administrator = await api.person("ada.platforms", ["administrator"]);
    assert.deepEqual((await administrator.call("listPlatforms")).platforms.map(({ code, name }) => [code, name]), [["PF-1", "Old harbour"]]);
    assert.equal((await administrator.call("listAuditEntries", { query: { subjectKind: "platform" } })).entries.length, 2);
    const entered = await operator.call("registerUnits", { body: { units: [{ callSign: "E5", kind: "platform-crew", home, platformCode: "PF-1" }, { callSign: "E6", kind: "platform-crew", home, platformCode: "PF-9" }] } });
    assert.deepEqual([entered.units.map(({ callSign }) => callSign), entered.rejected.map(({ callSign, field, code }) => [callSign, field, code])], [["E5"], [["E6", "platformCode", "platform-exists"]]]);
    assert.equal(find("E5")!.platformId, again.platforms[0]!.id);
    await operator.call("registerUnits", { body: { units: [{ callSign: "E5", kind: "platform-crew", home, platformCode: null }] } });
    assert.equal(find("E5")!.platformId, null);
  });

  test("[UNT5] whose shift has ended is neither proposed nor sent, and tells no place, until a later end is entered", async () => {
    const dispatcher = await api.person("shift.1", ["dispatcher"]);
    const shift = (shiftEndsAt: number | null) => operator.call("registerUnits", { body: { units: [{ callSign: "E7", kind: "patrol", home, shiftEndsAt }] } });
    const incidentId = await createIncident(api, dispatcher);
    await shift(Date.now() - 1_000);
    const { id } = find("E7")!;
    const whyNot = async () => (await dispatcher.call("listNotProposed", { params: { id: incidentId }, query: { units: String(id) } })).units[0]?.reason.code;
    assert.equal(await whyNot(), "off-shift");
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [id] });
    assert.ok(sent.outcome === "conflict" && sent.units[0]?.refused?.rule === "unit-off-shift");
    assert.deepEqual(api.dispatch.positions.report([{ unitId: id, ...home, headingDeg: 0, speedMps: 0, at: Date.now() }], Date.now()).refused.length, 1);
    await shift(Date.now() + 3_600_000);
    assert.equal(await whyNot(), undefined);
    await operator.call("registerUnits", { body: { units: [{ callSign: "E7", kind: "patrol", home }] } });
    assert.ok(find("E7")!.shiftEndsAt !== null, "what is not named stays");
    await shift(null);
    assert.equal(find("E7")!.shiftEndsAt, null);
  });

  test("[RD6] what a unit reaches is told from where it was last, in minutes", async () => {
    const dispatcher = await api.first();
    const { id } = find("E1")!;
    const reach = await dispatcher.call("findReach", { params: { id }, query: { minutes: "1,3" } });
    assert.deepEqual([reach.unitId, reach.positionAgeMs, reach.areas?.map(({ minutes, polygons }) => [minutes, polygons.length > 0])], [id, null, [[1, true], [3, true]]]);
    assert.equal((await dispatcher.try("findReach", { params: { id: 99_999 } })).status, 404);
    assert.equal((await dispatcher.try("findReach", { params: { id }, query: { minutes: "0" } })).status, 400);
  });

  test("while the log cannot be written, whoever enters or commands is told to come again", () => {
    const told = toApiError(new DispatchUnavailableError("database away"), { isUnreachable: () => false, isOutOfTime: () => false });
    assert.deepEqual([told?.status, told?.problem.rule, told?.retryAfterMs], [503, "dispatch-unavailable", 1_000]);
  });
});
