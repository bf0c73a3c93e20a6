// The cameras of an imported map in the register: real PostgreSQL, a drawn city.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { createCameraRegistry, type CameraRegistry } from "../api/cameras/camera-registry.ts";
import { cityOfFeatures, node, street } from "../geo/testing/features.ts";
import type { LoadedCity } from "../io/city/city-folder.ts";
import { systemClock } from "../io/clock/clock.ts";
import { createSealer } from "../io/crypto/seal.ts";
import { createCameraStore } from "../io/postgres/camera-store.ts";
import { openDatabase, type Database } from "../io/postgres/database.ts";
import { createSettingStore } from "../io/postgres/setting-store.ts";
import { createTestDatabase, type TestDatabase } from "../../tests/support/database.ts";
import { createNamePlace } from "./centre-city.ts";
import { loadMappedCameras } from "./load-mapped-cameras.ts";

const mappedAs = (source: string, ...names: string[]): LoadedCity =>
  ({
    ...cityOfFeatures([street("Rivera", [[0, 0], [400, 0]]), ...names.map((name, i) => node({ man_made: "surveillance", name, ...(i === 0 ? { direction: "90" } : {}) }, 50 + i * 20, 5))]),
    manifest: { source },
  }) as unknown as LoadedCity;

describe("cameras that the map knows", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let registry: CameraRegistry;
  const logged: string[] = [];
  const write = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { info: write, warn: write, error: write };
  before(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase(testDatabase.url, { max: 2 });
  });
  after(async () => {
    await database.end({ timeout: 5 });
    await testDatabase.drop();
  });

  const loadAll = async (city: LoadedCity): Promise<number> => {
    const store = createCameraStore(database, createSealer(randomBytes(32).toString("base64")), () => undefined);
    registry = createCameraRegistry({ store, clock: systemClock, namePlace: createNamePlace(city), addressPolicy: { networks: [] }, bounds: city.bounds, recorderIds: [1] });
    await registry.load();
    return loadMappedCameras({ city, registry, settings: createSettingStore(database), log });
  };

  test("are registered without a stream, once; one that was removed stays removed", async () => {
    const city = mappedAs("testville.osm.pbf", "Door", "", "Yard");
    assert.equal(await loadAll(city), 3);
    assert.match(logged.join("\n"), /^3 cameras that the map knows are in the register/);
    const found = registry.index.list().map(({ code, name, hasStream }) => [code, name, hasStream]);
    assert.deepEqual(found, [["OSM-0001", "Door", false], ["OSM-0002", "Rivera", false], ["OSM-0003", "Yard", false]]);
    await registry.remove(registry.index.list()[1]!.id, { kind: "user", id: 1, name: "an engineer" });
    assert.equal(await loadAll(city), 0);
    assert.deepEqual(registry.index.list().map(({ code }) => code), ["OSM-0001", "OSM-0003"]);
  });

  test("a start that was cut short is made good, and a name that the register does not take costs only that camera", async () => {
    await database`delete from setting where key = 'mapped-cameras'`; // as where the process died before it could remember
    logged.length = 0;
    assert.equal(await loadAll(mappedAs("testville.osm.pbf", "Door", "x".repeat(300), "Yard", "New")), 1);
    assert.deepEqual(registry.index.list().map(({ code }) => code), ["OSM-0001", "OSM-0003", "OSM-0004"]);
    assert.match(logged.join("\n"), /cannot be taken into the register .*OSM-0002/);
  });
});
