import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SPEED_SHARES, roadHourOf } from "../geo/road-hours.ts";
import { createCameraIndex } from "../api/cameras/camera-index.ts";
import type { CameraRegistry, RegisterChange } from "../api/cameras/camera-registry.ts";
import type { CameraRegistration, StoredPlatform } from "../contract/register.ts";
import { cityOfFeatures, pointAt, street } from "../geo/testing/features.ts";
import type { LoadedCity } from "../io/city/city-folder.ts";
import { createCityPort, keepPlacesFindable, versionOfSpeeds } from "./centre-city.ts";

describe("the roads that a decision names", () => {
  test("[REC5] are others when the speeds of an hour are, or the hours", () => {
    const { motorway } = SPEED_SHARES;
    const now = versionOfSpeeds();
    assert.equal(versionOfSpeeds({ ...SPEED_SHARES }, (hour, weekday) => roadHourOf(hour, weekday)), now);
    assert.notEqual(versionOfSpeeds({ ...SPEED_SHARES, motorway: { ...motorway, peak: motorway.peak + 0.01 } }), now);
    assert.notEqual(versionOfSpeeds(SPEED_SHARES, (hour, weekday) => (hour === 19 && weekday === 5 ? "peak" : roadHourOf(hour, weekday))), now);
  });
});

describe("what the running system adds to the place search", () => {
  const city = (): LoadedCity => cityOfFeatures([street("Rivera", [[0, 0], [400, 0], [800, 0]])]) as unknown as LoadedCity;
  const later: (() => void)[] = [];
  const timers = { every: () => () => undefined, after: (_ms: number, work: () => void) => (later.push(work), () => undefined) };
  const settle = async (until: () => boolean): Promise<void> => {
    for (const work of later.splice(0)) work();
    for (let turn = 0; !until() && turn < 10_000; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(until());
  };
  const told: object[] = [];
  const log = { info: (fields: object) => void told.push(fields), warn: (fields: object) => void told.push(fields), error: (fields: object) => void told.push(fields) };
  function registerOf(count: number) {
    const index = createCameraIndex();
    const listeners = new Set<(change: RegisterChange) => void>();
    const put = (id: number, name: string): void => index.put({
      id, code: `CAM-${String(id).padStart(6, "0")}`, name, kind: "fixed", place: "", pose: { point: pointAt(id % 800, 5), mountHeightM: 6, bearingDeg: 0, tiltDeg: 10, horizontalFovDeg: 60, verticalFovDeg: 40, rangeM: 60 }, imageWidthPx: 1_920,
      nightView: "unknown", recording: "continuous", recorderId: 1, address: null, subAddress: null,
    } as unknown as CameraRegistration);
    for (let id = 1; id <= count; id++) put(id, `Rivera corner ${id}`);
    const registry = { index, subscribe: (listener: (change: RegisterChange) => void) => (listeners.add(listener), () => void listeners.delete(listener)) } as unknown as CameraRegistry;
    return { registry, put, tell: (change: RegisterChange) => listeners.forEach((listener) => listener(change)) };
  }
  const NO_PLATFORMS = { subscribe: () => undefined };

  test("platforms are places of the search as they are entered and retired", () => {
    const one = city();
    let tell: (platforms: readonly StoredPlatform[]) => void = () => assert.fail("nobody listens");
    const stop = keepPlacesFindable(one, registerOf(0).registry, { subscribe: (listener) => { tell = listener; listener([]); } }, [], timers, log);
    assert.deepEqual(one.gazetteer.search("market gate").places, []);
    tell([{ id: 4, code: "PL4", name: "Market gate", point: pointAt(100, 0), district: null }]);
    assert.deepEqual(one.gazetteer.search("market gate").places.map(({ kind, platformId }) => [kind, platformId]), [["platform", 4]]);
    tell([]);
    assert.deepEqual(one.gazetteer.search("pl4").places, []);
    stop();
  });

  test("cameras are found by code and name, and follow the register", async () => {
    const one = city();
    const register = registerOf(200);
    const stop = keepPlacesFindable(one, register.registry, NO_PLATFORMS, [], timers, log, 1_000);
    const ids = (query: string): (number | null)[] => one.gazetteer.search(query).places.filter(({ kind }) => kind === "camera").map(({ cameraId }) => cameraId);
    await settle(() => ids("CAM-000123")[0] === 123);
    assert.deepEqual([ids("cam000007"), ids("rivera corner 55")[0], ids("CAM-000999"), one.gazetteer.isFoundByCodeAlone("camera")], [[7], 55, [], false]);
    register.put(7, "Harbour mole");
    register.tell({ kind: "changed", ids: [7] });
    await settle(() => ids("harbour mole")[0] === 7);
    register.registry.index.remove(7);
    register.tell({ kind: "removed", ids: [7] });
    await settle(() => ids("harbour mole").length === 0);
    assert.deepEqual(ids("cam000007"), []);
    stop();
  });

  test("so many cameras are found by code and its beginning, follow the register, and it is said that names are not searched", async () => {
    const one = city();
    const register = registerOf(200);
    const stop = keepPlacesFindable(one, register.registry, NO_PLATFORMS, [], timers, log, 50);
    const port = createCityPort({ ...one, manifest: { counts: {}, notes: [], tiles: {} } } as unknown as LoadedCity, false);
    const ids = (query: string): (number | null)[] => port.searchPlaces(query, 8, null).places.filter(({ kind }) => kind === "camera").map(({ cameraId }) => cameraId ?? null);
    await settle(() => ids("CAM-000123")[0] === 123);
    assert.deepEqual([ids("cam000007"), ids("cam-00012"), ids("corner 55"), port.searchPlaces("rivera", 8, null).camerasByCodeOnly], [[7], [120, 121, 122, 123, 124, 125, 126, 127], [], true]);
    register.put(300, "New");
    register.registry.index.remove(7);
    register.tell({ kind: "changed", ids: [300, 7] });
    await settle(() => ids("cam-000300")[0] === 300);
    assert.deepEqual(ids("cam000007"), []);
    for (let id = 30; id <= 300; id++) register.registry.index.remove(id);
    register.tell({ kind: "removed", ids: [30] });
    await settle(() => ids("rivera corner 12").includes(12));
    assert.equal(port.searchPlaces("rivera", 8, null).camerasByCodeOnly, false, "few again: by name, too");
    stop();
  });
});
