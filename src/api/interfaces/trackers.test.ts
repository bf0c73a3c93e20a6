import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../../geo/testing/features.ts";
import { startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";

let api: TestApi;
let administrator: CityClient;
let key: string;
let gateway: CityClient;
const at = (): number => Math.floor((Date.now() + ahead) / 1_000);
let ahead = 0;
const parameters = (id: string, x: number, more: Record<string, string> = {}): Record<string, string> => {
  const { lon, lat } = pointAt(x, 0);
  return { id, lat: String(lat), lon: String(lon), timestamp: String(at()), ...more };
};
const verdictOf = async (query: Record<string, string>) => (await gateway.call("reportOsmAnd", { query })).verdict;
const post = (search: string, headers: Record<string, string>, body?: string) =>
  fetch(`${api.origin}/api/v1/avl/osmand${search}`, { method: "POST", headers: { authorization: `Bearer ${key}`, ...headers }, ...(body === undefined ? {} : { body }) });

describe("trackers", () => {
  before(async () => {
    api = await startTestApi();
    administrator = await api.person("admin.one", ["administrator"]);
    ({ key } = await administrator.call("createMachineAccount", { body: { name: "Trackers", interface: "tracking" } }));
    gateway = new CityClient(api.origin, key);
    await administrator.call("createTracker", { body: { deviceId: "356307042441013", unitId: 1 } });
  });
  after(() => api.close());

  test("[AVL1] a registered device moves its unit, and no other; an unregistered one moves nothing and is listed", async () => {
    assert.equal(await verdictOf(parameters("356307042441013", 200, { unitId: "2" })), "taken");
    assert.ok(Math.abs(api.dispatch.positions.find(1)!.point.lon - pointAt(200, 0).lon) < 1e-9);
    assert.equal(api.dispatch.positions.find(2), null);
    const refused = await gateway.try("reportOsmAnd", { query: parameters("stranger-7", 300) });
    assert.deepEqual([refused.status, refused.problem?.rule], [404, "no-such-tracker"]);
    const { trackers, unknown } = await administrator.call("listTrackers");
    assert.deepEqual(trackers.map(({ deviceId, callSign, heard }) => [deviceId, callSign, heard?.verdict, heard?.counts]), [["356307042441013", "M1", "taken", { taken: 1 }]]);
    assert.deepEqual(unknown.map(({ deviceId, fixes }) => [deviceId, fixes]), [["stranger-7", 1]]);
  });

  test("[AVL1] one device and one unit each; registering an unknown one takes it off that list; removing it stops it", async () => {
    assert.equal((await administrator.try("createTracker", { body: { deviceId: "356307042441013", unitId: 2 } })).problem?.rule, "device-taken");
    assert.equal((await administrator.try("createTracker", { body: { deviceId: "another", unitId: 1 } })).problem?.rule, "unit-has-tracker");
    assert.equal((await administrator.try("createTracker", { body: { deviceId: "another", unitId: 99 } })).problem?.faults?.[0]?.code, "unit-exists");
    const made = await administrator.call("createTracker", { body: { deviceId: "stranger-7", unitId: 2 } });
    assert.deepEqual((await administrator.call("listTrackers")).unknown, []);
    assert.equal(await verdictOf(parameters("stranger-7", 300)), "taken");
    await administrator.call("removeTracker", { params: { id: made.id } });
    assert.equal((await gateway.try("reportOsmAnd", { query: parameters("stranger-7", 320) })).status, 404);
    const audit = await administrator.call("listAuditEntries", { query: { subjectKind: "tracker" } });
    assert.deepEqual(audit.entries.map(({ action, subjectName }) => [action, subjectName]), [["tracker.remove", "stranger-7"], ["tracker.add", "stranger-7"], ["tracker.add", "356307042441013"]]);
  });

  test("[AVL2] [AVL4] [AVL5] what is wrong with a fix is told and counted, and the unit stays where it was", async () => {
    api.advance(20_000);
    ahead += 20_000;
    const before = api.dispatch.positions.find(1)!.point;
    const lon = String(pointAt(0, 0).lon + 0.1);
    const told = [
      await verdictOf(parameters("356307042441013", 200, { timestamp: String(at() - 600) })),
      await verdictOf(parameters("356307042441013", 200, { lon })),
      await verdictOf(parameters("356307042441013", 200, { valid: "false" })),
      await verdictOf(parameters("356307042441013", 200, { lat: "48.85", lon: "2.35" })),
      await verdictOf(parameters("356307042441013", 200, { timestamp: String(at() + 3_600) })),
    ];
    assert.deepEqual(told, ["out-of-order", "impossible-jump", "not-valid", "outside-city", "ahead"]);
    assert.deepEqual(api.dispatch.positions.find(1)!.point, before);
    const [tracker] = (await administrator.call("listTrackers")).trackers;
    assert.deepEqual(tracker!.heard!.counts, { taken: 1, "out-of-order": 1, "impossible-jump": 1, "not-valid": 1, "outside-city": 1, ahead: 1 });
  });

  test("[SES4] a unit whose own phone speaks is not moved by its tracker for half a minute", async () => {
    const officer = await api.person("officer.one", ["officer"], 1);
    await officer.call("reportOwnPosition", { body: { ...pointAt(400, 0), headingDeg: null, speedMps: null, ageMs: 0 } });
    api.advance(5_000);
    ahead += 5_000;
    assert.equal(await verdictOf(parameters("356307042441013", 420)), "unit-speaks-itself");
    api.advance(30_000);
    ahead += 30_000;
    assert.equal(await verdictOf(parameters("356307042441013", 430)), "taken");
  });

  test("[AVL3] a fix that was kept while the link was down is taken and called stale", async () => {
    api.advance(3_600_000);
    ahead += 3_600_000;
    assert.equal(await verdictOf(parameters("356307042441013", 250, { timestamp: String(at() - 600) })), "stale");
    assert.equal(await verdictOf(parameters("356307042441013", 260)), "taken");
  });

  test("a wrong field is named with what was expected", async () => {
    const { status, problem } = await gateway.try("reportOsmAnd", { query: { id: "x y", lat: "north", lon: "1" } });
    assert.equal(status, 400);
    assert.deepEqual(problem!.faults!.map(({ field, code }) => [field, code]), [["id", "device-id"], ["lat", "latitude"]]);
  });

  test("by POST: parameters in the address without a body, a form, or a newer client's JSON; a form is taken nowhere else", async () => {
    const search = (x: number): string => `?${new URLSearchParams(parameters("356307042441013", x)).toString()}`;
    const step = (): void => {
      api.advance(10_000);
      ahead += 10_000;
    };
    step();
    const inAddress = await post(search(270), {});
    assert.deepEqual([inAddress.status, await inAddress.json()], [200, { verdict: "taken" }]);
    step();
    const emptyForm = await post(search(280), { "content-type": "application/x-www-form-urlencoded" }, "");
    assert.deepEqual([emptyForm.status, await emptyForm.json()], [200, { verdict: "taken" }]);
    step();
    const form = await post("", { "content-type": "application/x-www-form-urlencoded" }, search(290).slice(1));
    assert.deepEqual(await form.json(), { verdict: "taken" });
    step();
    const { lon, lat } = pointAt(300, 0);
    const json = await post("", { "content-type": "application/json" }, JSON.stringify({ device_id: "356307042441013", location: { timestamp: new Date(at() * 1_000).toISOString(), coords: { latitude: lat, longitude: lon, speed: 3 } } }));
    assert.deepEqual(await json.json(), { verdict: "taken" });
    assert.equal(api.dispatch.positions.find(1)!.speedMps, 3);
    const elsewhere = await fetch(`${api.origin}/api/v1/session`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "login=a&password=b" });
    assert.equal(elsewhere.status, 415);
  });
});
