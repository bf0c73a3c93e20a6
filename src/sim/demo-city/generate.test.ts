// The generator on a drawn town: a grid of named streets with schools, a market and signals. The real city is tried in app/demo.test.ts.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NewCamera } from "../../contract/cameras.ts";
import { CommandEnvelope } from "../../contract/dispatch.ts";
import { seesPlace } from "../../geo/line-of-sight.ts";
import { area, cityOfFeatures, node, street } from "../../geo/testing/features.ts";
import { distanceM } from "../../geo/point.ts";
import { snapToRoad } from "../../geo/road-snap.ts";
import { generateDemoCity } from "./generate.ts";
import { newCameraOf } from "./types.ts";

const NAMES = ["Rivera", "Soca", "Italia", "Artigas", "Colonia", "Mercedes", "Paysandú", "Uruguay", "Canelones", "Maldonado", "Durazno", "Ejido"];
const steps = Array.from({ length: 12 }, (_, i) => i);
const town = cityOfFeatures([
  ...steps.map((i) => street(NAMES[i]!, steps.map((k): [number, number] => [k * 120, i * 120]), { highway: i % 3 === 0 ? "secondary" : "residential" })),
  ...steps.map((i) => street(`Calle ${NAMES[i]!}`, steps.map((k): [number, number] => [i * 120, k * 120]), { highway: i % 4 === 0 ? "primary" : "residential" })),
  ...steps.filter((i) => i % 3 === 0).flatMap((i) => steps.filter((k) => k % 4 === 0).map((k) => node({ highway: "traffic_signals" }, k * 120, i * 120))),
  ...[1, 2, 3, 4].map((i) => node({ amenity: "school", name: `Escuela ${i} Norte` }, 1380 - i * 260, i * 240 + 30)),
  ...[1, 2, 3].map((i) => node({ amenity: "marketplace", name: `Mercado ${NAMES[i]}` }, i * 240 + 40, i * 240 + 150)),
  node({ amenity: "hospital", name: "Hospital" }, 700, 30), node({ amenity: "police", name: "Seccional 1" }, 310, 30), node({ amenity: "fire_station", name: "Bomberos" }, 910, 150),
  area({ building: "yes" }, [[20, 20], [100, 20], [100, 100], [20, 100]]),
]);
const demo = generateDemoCity(town, 7);

describe("the demo city", () => {
  it("is the same for the same seed, another for another", () => {
    assert.deepEqual(generateDemoCity(town, 7), demo);
    assert.notDeepEqual(generateDemoCity(town, 8).cameras, demo.cameras);
  });
  it("has cameras that the register takes", () => {
    assert.ok(demo.cameras.length > 100);
    for (const camera of demo.cameras) NewCamera.parse(newCameraOf(camera, { host: "127.0.0.1", port: 7554, userName: "citywatch", password: "p" }));
    assert.equal(new Set(demo.cameras.map((c) => c.code)).size, demo.cameras.length);
    assert.equal(new Set(demo.cameras.map((c) => c.name)).size, demo.cameras.length);
  });
  it("has staged sites of each kind that their recorded cameras really see, from different sides", () => {
    assert.deepEqual([...new Set(demo.storySites.map((s) => s.kind))].sort(), ["collision", "smoke", "theft"]);
    for (const site of demo.storySites) {
      assert.ok(site.cameraCodes.length >= 2 && site.cameraCodes.length <= 4, site.id);
      for (const code of site.cameraCodes) {
        const camera = demo.cameras.find((c) => c.code === code)!;
        assert.equal(camera.recording, "continuous");
        assert.equal(seesPlace(camera.pose, site.point, town.buildings, camera.imageWidthPx).sees, true, `${code} sees ${site.id}`);
      }
    }
  });
  it("has sound to try: one camera with a purpose for it, others that send it and are not asked, all of them recorded", () => {
    const sounding = demo.cameras.filter(({ sound }) => sound !== null);
    assert.deepEqual(sounding.map(({ sound, soundPurpose, recording }) => [sound, soundPurpose !== null, recording]), [["pcma", true, "continuous"], ["aac", false, "continuous"], ["pcmu", false, "continuous"]]);
    assert.equal(demo.cameras.filter(({ soundPurpose }) => soundPurpose !== null).length, 1, "a purpose is for a place, never for all");
  });
  it("has sites that the gazetteer finds by what the caller says", () => {
    for (const site of demo.storySites) assert.ok(distanceM(town.gazetteer.search(site.spokenPlace).places[0]!.point, site.point) <= 120, site.id);
  });
  it("has forty platforms with their crews, and every unit stands on a road", () => {
    assert.equal(demo.platforms.length, 40);
    assert.deepEqual(demo.platforms.map((p) => demo.units.filter((u) => u.platformCode === p.code && u.kind === "platform-crew").length), demo.platforms.map(() => 1));
    for (const unit of demo.units) {
      assert.ok(snapToRoad(town.graph, unit.home)!.distanceM < 1, unit.callSign);
      assert.ok(unit.crew.length > 0);
    }
    assert.equal(new Set(demo.units.map((u) => u.callSign)).size, demo.units.length);
  });
  it("has guards at every campus, and nobody's telephone number", () => {
    for (const campus of demo.campuses) assert.ok(campus.guards.length >= 2);
    for (const phone of [...demo.campuses.flatMap((c) => c.guards.map((g) => g.phone)), ...demo.units.map((u) => u.phone)]) assert.match(phone, /^\+598 000 \d{2} \d{3}$/);
  });
  it("has story words that a contact can carry", () => {
    for (const site of demo.storySites) CommandEnvelope.parse({ commandId: "0b0e3f2e-6f3b-4a1e-9d0e-1f2a3b4c5d6e", command: { type: "contact.receive", source: "telephone", externalId: site.id, callerWords: site.callerWords } });
  });
});
