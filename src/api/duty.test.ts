// Platforms and shifts of a city's own, over HTTP: entered by list, changed, retired; and what dispatch makes of them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HOUR_MS, MINUTE_MS } from "../base/time.ts";
import { formatOffsetTime } from "../base/time-zone.ts";
import { MOST_SHIFTS } from "../dispatch/decide-roster.ts";
import { pointAt } from "../geo/testing/features.ts";
import { createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

describe("platforms and shifts", () => {
  let api: TestApi;
  let administrator: CityClient;
  let dispatcher: CityClient;
  const now = (): number => api.dispatch.state().at;
  const unit = (callSign: string) => api.dispatch.liveWork().units.find((one) => one.callSign === callSign)!;
  const at = (x: number, y: number): string => `${pointAt(x, y).lat.toFixed(6)},${pointAt(x, y).lon.toFixed(6)}`;
  const told = (rejected: readonly { readonly line: number; readonly field: string; readonly code: string }[]) => rejected.map(({ line, field, code }) => [line, field, code]);
  before(async () => {
    api = await startTestApi();
    administrator = await api.person("keeper", ["administrator"]);
    dispatcher = await api.first();
  });
  after(() => api.close());

  test("a list of platforms is checked, entered, and each told with its road; bad rows are told with their line", async () => {
    const csv = ["code,name,lat,lon", `PL7,Market gate,${at(400, 10)}`, `PL8,Far field,${at(400, 4_000)}`, `PL7,Twice,${at(300, 0)}`, `,No code,${at(300, 0)}`, "PL9,Elsewhere,12.0,34.0", `PL10,Corner,${at(5, 5)}`].join("\n");
    const check = await administrator.call("importPlatforms", { query: { check: "true" }, body: { csv } });
    assert.deepEqual([check.platforms.map(({ code }) => code), (await dispatcher.call("listPlatforms")).platforms.map(({ code }) => code)], [["PL7", "PL10"], []]);
    const { platforms, rejected, rejectedLines } = await administrator.call("importPlatforms", { query: {}, body: { csv } });
    assert.deepEqual([platforms[0]!.code, platforms[0]!.road], ["PL7", { name: "Rivera", metres: 10 }]);
    assert.deepEqual([told(rejected), rejectedLines], [[[3, "lat", "platform-road"], [4, "code", "platform-once"], [5, "code", "not-empty"], [6, "lat", "city-latitude"], [6, "lon", "city-longitude"]], [3, 4, 5, 6]]);
  });

  test("the same code again changes a platform; a retired one is gone everywhere, and stands again when it is entered again", async () => {
    const find = async (code: string) => (await dispatcher.call("listPlatforms")).platforms.find((one) => one.code === code);
    const { platforms: [entered] } = await administrator.call("registerPlatforms", { body: { platforms: [{ code: "PL20", name: "Old", point: pointAt(600, 0) }] } });
    await administrator.call("registerPlatforms", { body: { platforms: [{ code: "PL20", name: "New", point: pointAt(600, 0) }] } });
    assert.deepEqual([(await find("PL20"))?.name, (await find("PL20"))?.id], ["New", entered!.id]);
    await administrator.call("registerUnits", { body: { units: [{ callSign: "M1", kind: "patrol", home: pointAt(100, 0), platformCode: "PL20" }] } });
    const kept = await administrator.try("retirePlatform", { params: { id: entered!.id } });
    assert.deepEqual([kept.status, kept.problem?.rule], [409, "platform-has-units"]);
    await administrator.call("registerUnits", { body: { units: [{ callSign: "M1", kind: "patrol", home: pointAt(100, 0), platformCode: null }] } });
    await administrator.call("retirePlatform", { params: { id: entered!.id } });
    assert.equal(await find("PL20"), undefined);
    assert.equal((await administrator.try("retirePlatform", { params: { id: entered!.id } })).status, 404);
    const incidentId = await createIncident(api, dispatcher);
    const refused = await dispatcher.send({ type: "assignment.cover", incidentId, unitId: 2, platformId: entered!.id });
    assert.ok(refused.outcome === "refused" && refused.rule === "no-such-platform", "nobody is sent to stand in there");
    await administrator.call("registerPlatforms", { body: { platforms: [{ code: "PL20", name: "New", point: pointAt(600, 0) }] } });
    assert.equal((await find("PL20"))?.id, entered!.id);
    const { entries } = await administrator.call("listAuditEntries", { query: { subjectKind: "platform", subjectId: entered!.id } });
    assert.deepEqual(entries.map(({ action }) => action), ["platform.change", "platform.retire", "platform.change", "platform.add"]);
  });

  test("[SHF3] a platform that a coming shift names is not retired, and the answer says which; once the shift is taken out it is", async () => {
    const { platforms: [entered] } = await administrator.call("registerPlatforms", { body: { platforms: [{ code: "PL30", name: "Quay", point: pointAt(600, 0) }] } });
    const startsAt = now() + 5 * HOUR_MS;
    await administrator.call("enterShifts", { body: { shifts: [{ callSign: "A1", startsAt, endsAt: startsAt + HOUR_MS, platform: "PL30" }] } });
    const kept = await administrator.try("retirePlatform", { params: { id: entered!.id } });
    assert.deepEqual([kept.status, kept.problem?.rule, kept.problem?.details], [409, "platform-has-shifts", { shifts: 1, first: [{ callSign: "A1", startsAt }] }]);
    assert.ok(kept.problem?.message.includes(`A1 ${formatOffsetTime(startsAt, api.city.timeZone).slice(0, 16).replace("T", " ")}`), kept.problem?.message);
    await administrator.call("removeShift", { params: { id: unit("A1").id }, body: { startsAt } });
    await administrator.call("retirePlatform", { params: { id: entered!.id } });
    await administrator.call("removeShift", { params: { id: unit("A1").id }, body: { startsAt: null } });
  });

  test("a unit is attached to a platform by its code; an unknown one is told, and the rest goes in", async () => {
    const { units, rejected } = await administrator.call("registerUnits", { body: { units: [{ callSign: "C1", kind: "platform-crew", home: pointAt(100, 0), platformCode: "PL7" }, { callSign: "C2", kind: "platform-crew", home: pointAt(100, 0), platformCode: "PL99" }] } });
    assert.deepEqual([units.map(({ callSign }) => callSign), rejected.map(({ callSign, field, code }) => [callSign, field, code])], [["C1"], [["C2", "platformCode", "platform-exists"]]]);
    await administrator.call("registerUnits", { body: { units: [{ callSign: "C1", kind: "platform-crew", home: pointAt(100, 0) }] } });
    assert.notEqual(unit("C1").platformId, null, "what is not named stays");
  });

  test("[SHF1] a roster list is read by the city's clocks; bad rows are told with their line; the same again is no new version", async () => {
    const minute = (ms: number): string => formatOffsetTime(now() + ms, api.city.timeZone).slice(0, 16).replace("T", " ");
    const row = (callSign: string, from: number, to: number, more = ""): string => `${callSign},${minute(from)},${minute(to)},${more}`;
    const csv = [
      "call_sign,starts,ends,platform,crew,skills", row("M2", -HOUR_MS, 7 * HOUR_MS, "PL7,Ana Silva 1043;Rui Costa,boat"), row("M9", 0, HOUR_MS, ",,"), row("M1", HOUR_MS, 0, ",,"), row("M1", -3 * HOUR_MS, -HOUR_MS, ",,"), row("M1", 0, 30 * HOUR_MS, ",,"),
      row("M2", 6 * HOUR_MS, 9 * HOUR_MS, ",,"), row("M1", 70 * 24 * HOUR_MS, 70 * 24 * HOUR_MS + HOUR_MS, ",,"), row("M1", 0, HOUR_MS, "PL99,,"), "M1,tomorrow,15:00,,,", row("A1", 10 * HOUR_MS, 18 * HOUR_MS, ",,"),
    ].join("\n");
    const before = api.dispatch.rosterVersion();
    const check = await administrator.call("importShifts", { query: { check: "true" }, body: { csv } });
    assert.deepEqual([check.entered, check.version, api.dispatch.rosterVersion()], [2, null, before]);
    const { entered, version, rejected } = await administrator.call("importShifts", { query: {}, body: { csv } });
    assert.deepEqual([entered, version], [2, before + 1]);
    assert.deepEqual(told(rejected), [[3, "call_sign", "call-sign-known"], [4, "ends", "shift-end"], [5, "ends", "shift-ahead"], [6, "ends", "shift-end"], [7, "starts", "shift-apart"], [8, "starts", "shift-soon"], [9, "platform", "platform-exists"], [10, "starts", "shift-time"]]);
    assert.equal(rejected[1]!.value, minute(0), "moments are told by the clocks of the city, as they were written");
    const { crew, skills, rosterVersion } = unit("M2");
    assert.deepEqual([crew, skills, rosterVersion], [[{ name: "Ana Silva", badge: "1043" }, { name: "Rui Costa", badge: "" }], ["boat"], before + 1]);
    assert.equal((await administrator.call("importShifts", { query: {}, body: { csv } })).version, null);
  });

  test("[SHF5] [REC2] off shift is not proposed, with the reason and since when; near the end of a shift is marked; a move to cover is refused, too", async () => {
    const end = now() + 20 * MINUTE_MS;
    await administrator.call("enterShifts", { body: { shifts: [{ callSign: "M1", startsAt: now() - HOUR_MS, endsAt: end }, { callSign: "M2", startsAt: now() - HOUR_MS, endsAt: now() + 8 * HOUR_MS }] } });
    const id = await createIncident(api, dispatcher);
    const reasonsOf = async (unitId: number) => (await dispatcher.call("recommend", { params: { id } })).candidates.find((one) => one.unitId === unitId)?.reasons.map(({ code }) => code);
    assert.deepEqual([(await reasonsOf(1))?.includes("shift-ends-soon"), (await reasonsOf(2))?.includes("shift-ends-soon")], [true, false]);
    api.advance(20 * MINUTE_MS + 1_000);
    const { units: [why] } = await dispatcher.call("listNotProposed", { params: { id }, query: { units: "1" } });
    assert.deepEqual([why?.reason.code, why?.reason.params["endedAt"]], ["off-shift", end]);
    assert.equal(await reasonsOf(1), undefined);
    const [platform] = (await dispatcher.call("listPlatforms")).platforms;
    const sent = await dispatcher.send({ type: "assignment.cover", incidentId: id, unitId: 1, platformId: platform!.id });
    assert.ok(sent.outcome === "conflict" && sent.rule === "unit-off-shift");
  });

  test("[SHF5] [UNT5] past the end of its shift the position of a unit is taken while it has a job, and not after", async () => {
    await administrator.call("enterShifts", { body: { shifts: [{ callSign: "M1", startsAt: now() - MINUTE_MS, endsAt: now() + 5 * MINUTE_MS }] } });
    const incidentId = await createIncident(api, dispatcher);
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1] });
    assert.ok(sent.outcome === "accepted", JSON.stringify(sent));
    api.advance(6 * MINUTE_MS);
    const report = (): number => api.dispatch.positions.report([{ unitId: 1, ...pointAt(150, 0), headingDeg: null, speedMps: null, at: now() }], now()).taken;
    assert.equal(report(), 1);
    await dispatcher.send({ type: "assignment.recall", assignmentId: sent.units[0]!.assignmentId!, words: "not needed" });
    assert.equal(report(), 0);
  });

  test("[SHF6] a shift is taken out, a unit off the roster; the page of duty tells what there is", async () => {
    const startsAt = now() + HOUR_MS;
    await administrator.call("enterShifts", { body: { shifts: [{ callSign: "A1", startsAt, endsAt: startsAt + HOUR_MS, crew: [{ name: "Zoe", badge: "9" }] }] } });
    const page = async (q: string) => (await administrator.call("listDuty", { query: { q } })).units;
    const [duty] = await page("a1");
    assert.ok(duty!.shifts!.some((shift) => shift.startsAt === startsAt && shift.crew?.[0]?.name === "Zoe"));
    await administrator.call("removeShift", { params: { id: duty!.id }, body: { startsAt } });
    assert.deepEqual([(await page("a1"))[0]!.shifts!.some((shift) => shift.startsAt === startsAt), (await administrator.try("removeShift", { params: { id: duty!.id }, body: { startsAt } })).problem?.rule], [false, "no-such-shift"]);
    await administrator.call("removeShift", { params: { id: duty!.id }, body: { startsAt: null } });
    assert.deepEqual([(await page("a1"))[0]!.shifts, (await page("a1"))[0]!.shiftEndsAt], [null, null]);
    assert.equal((await administrator.try("removeShift", { params: { id: 99_999 }, body: { startsAt: null } })).status, 404);
    const whole = await administrator.call("listDuty", { query: { limit: 2 } });
    assert.deepEqual([whole.units.length, whole.total], [2, api.dispatch.liveWork().units.length]);
  });

  test("[SHF1] of more shifts than are kept of one unit the last are told with their line, by the check as by the entry, and the rest goes in", async () => {
    await administrator.call("removeShift", { params: { id: unit("A1").id }, body: { startsAt: null } }).catch(() => undefined);
    const minute = (ms: number): string => formatOffsetTime(now() + ms, api.city.timeZone).slice(0, 16).replace("T", " ");
    const rows = (n: number, from: number): string[] => Array.from({ length: n }, (_, i) => `A1,${minute((from + i) * 2 * HOUR_MS)},${minute(((from + i) * 2 + 1) * HOUR_MS)}`);
    const list = (...lines: string[]): string => ["call_sign,starts,ends", ...lines].join("\n");
    assert.equal((await administrator.call("importShifts", { query: {}, body: { csv: list(...rows(MOST_SHIFTS, 1)) } })).entered, MOST_SHIFTS);
    const more = list(...rows(2, MOST_SHIFTS + 1), `A1,${minute(2 * HOUR_MS)},${minute(5 * HOUR_MS)}`, `M2,${minute(200 * HOUR_MS)},${minute(201 * HOUR_MS)}`);
    for (const query of [{ check: "true" }, {}, {}] as const) { // the second entry changes nothing: what is there already takes no room
      const { entered, rejected } = await administrator.call("importShifts", { query, body: { csv: more } });
      assert.deepEqual([entered, told(rejected)], [3, [[3, "starts", "shift-room"]]], "one that puts two others away makes room for one");
    }
    const one = await administrator.call("enterShifts", { body: { shifts: [{ callSign: "A1", startsAt: now() + 400 * HOUR_MS, endsAt: now() + 401 * HOUR_MS }] } });
    assert.deepEqual([one.entered, told(one.rejected)], [0, [[1, "startsAt", "shift-room"]]]);
  });

  test("a text that is no list is told as that", async () => {
    for (const route of ["importPlatforms", "importShifts"] as const) assert.equal((await administrator.try(route, { query: {}, body: { csv: "a,b\n1,2\n" } })).problem?.rule, "bad-csv", route);
  });
});
