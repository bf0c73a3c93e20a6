// The real demo city: imported from the tiles in npm, loaded, searched, driven, and peopled.
import assert from "node:assert/strict";
import { mkdtemp, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { NewCamera } from "../contract/cameras.ts";
import { Place } from "../contract/city.ts";
import { createCameraIndex } from "../geo/camera-index.ts";
import { seesPlace } from "../geo/line-of-sight.ts";
import { boundsContain, distanceM } from "../geo/point.ts";
import { roadTimesTo } from "../geo/routing.ts";
import { type LoadedCity, loadCity } from "../io/city/city-folder.ts";
import { generateDemoCity } from "../sim/demo-city/generate.ts";
import { type DemoCity, newCameraOf } from "../sim/demo-city/types.ts";
import { camerasThatSee } from "../workflow/cameras-that-see.ts";
import { prepareDemoCity } from "./demo.ts";

let dir = "";
let city: LoadedCity;
let demo: DemoCity;
const steps: string[] = [];
before(async () => {
  dir = await mkdtemp(join(tmpdir(), "citywatch-demo-"));
  await prepareDemoCity({ cityDir: join(dir, "city"), progress: (step) => void (steps.at(-1) === step || steps.push(step)) });
  city = await loadCity(join(dir, "city"));
  demo = generateDemoCity(city, 1);
});
after(async () => {
  city?.close();
  await rm(dir, { recursive: true, force: true });
});

describe("Montevideo", () => {
  it("is imported with progress, and whole", () => {
    assert.deepEqual(steps, ["read the map", "build roads and places", "draw the map", "write the city"]);
    const { counts } = city.manifest;
    assert.ok(counts.addresses > 205_000 && counts.roadMetres > 3_000_000 && counts.streets > 4_000 && counts.edges > 25_000, JSON.stringify(counts));
    assert.match(city.manifest.attribution, /OpenStreetMap contributors/);
  });
  it("holds together: nearly every road reaches every other", () => {
    const inMain = city.graph.edgeInMain.reduce((sum, v) => sum + v, 0);
    assert.ok(inMain / city.graph.edgeCount > 0.99, String(inMain / city.graph.edgeCount));
  });
  it("is not imported a second time, but again when it is damaged", async () => {
    const folder = join(dir, "city");
    const { mtimeMs } = await stat(join(folder, "manifest.json"));
    await prepareDemoCity({ cityDir: folder, progress: () => assert.fail("imported again") });
    assert.equal((await stat(join(folder, "manifest.json"))).mtimeMs, mtimeMs);
    await truncate(join(folder, "buildings.bin"), 100);
    await prepareDemoCity({ cityDir: folder, progress: () => undefined });
    (await loadCity(folder)).close();
  });
  for (const [query, lat, lon, kind] of [
    ["18 de julio 1360", -34.9057, -56.1862, "address"], ["18 de julio y ejido", -34.9057, -56.1868, "crossing"], ["rivera esq. soca", -34.9031, -56.156, "crossing"],
    ["av italia y bvar artigas", -34.8949, -56.165, "crossing"], ["hospital maciel", -34.9084, -56.2119, "hospital"], ["luis alberto de herera 1290", -34.9032, -56.137, "address"], ["-34.9056, -56.1913", -34.9056, -56.1913, "coordinates"],
  ] as const) {
    it(`finds "${query}"`, () => {
      const [place] = city.gazetteer.search(query).places;
      assert.ok(place !== undefined);
      Place.parse(place);
      assert.equal(place.kind, kind);
      assert.ok(distanceM(place.point, { lat, lon }) < 60, `${place.label}: ${JSON.stringify(place.point)}`);
    });
  }
  it("an address of another city is none of ours", () => assert.deepEqual(city.gazetteer.search("Gran Vía 28, Madrid").places, []));
});

describe("its cameras, units and stories", () => {
  it("are 2,000 cameras that the register takes, each in the city and not in a house", () => {
    assert.equal(demo.cameras.length, 2_000);
    for (const camera of demo.cameras) {
      NewCamera.parse(newCameraOf(camera, { host: "127.0.0.1", port: 7554, userName: "citywatch", password: "p" }));
      assert.ok(boundsContain(city.bounds, camera.pose.point), camera.code);
    }
    assert.equal(new Set(demo.cameras.map((c) => c.name)).size, 2_000);
  });
  it("are the same again from the same folder and seed", () => assert.deepEqual(generateDemoCity(city, 1), demo));
  it("are recorded at the places of the stories, and see them", () => {
    const recorded = demo.cameras.filter((c) => c.recording === "continuous");
    assert.ok(recorded.length >= 16 && recorded.length <= 30, String(recorded.length));
    assert.deepEqual([...new Set(demo.storySites.map((s) => s.kind))].sort(), ["collision", "smoke", "theft"]);
    const byCode = new Map(demo.cameras.map((c) => [c.code, c]));
    const index = createCameraIndex();
    demo.cameras.forEach((c, i) => index.set({ id: i + 1, ...c.pose, imageWidthPx: c.imageWidthPx, turns: false }));
    for (const site of demo.storySites) {
      for (const code of site.cameraCodes) assert.equal(seesPlace(byCode.get(code)!.pose, site.point, city.buildings, byCode.get(code)!.imageWidthPx).sees, true, `${code} at ${site.id}`);
      const answer = camerasThatSee(index, city.buildings, { find: (id) => ({ code: demo.cameras[id - 1]!.code, name: "", state: "idle", hasStream: true, records: true, recordedSince: null, nightView: "unknown", fault: null }) }, site.point, { elevationDeg: 40, azimuthDeg: 0 }, 24);
      for (const code of site.cameraCodes) assert.ok(answer.cameras.some((c) => c.code === code), `${code} offered for ${site.id}`);
    }
  });
  it("can be driven to: every unit reaches every story", () => {
    const homes = demo.units.map((u) => u.home);
    for (const site of demo.storySites) assert.deepEqual([...new Set(roadTimesTo(city.roads, site.point, homes).verdicts)], ["reached"], site.id);
  });
  it("puts a platform within a few minutes of most houses", () => {
    const { addressLonE7, addressLatE7 } = city.gazetteer.parts;
    let near = 0;
    let all = 0;
    for (let a = 0; a < addressLonE7.length; a += 997) {
      const house = { lon: addressLonE7[a]! / 1e7, lat: addressLatE7[a]! / 1e7 };
      all++;
      if (demo.platforms.some((p) => distanceM(p.point, house) < 2_500)) near++;
    }
    assert.ok(near / all > 0.9, `${near} of ${all}`);
  });
});
