// Which cameras are shown for a place, in what order, and what is said of the others.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCameraIndex } from "../geo/camera-index.ts";
import { bearingDeg } from "../geo/point.ts";
import { type AsciiCity, cityFromAscii } from "../geo/testing/city-from-ascii.ts";
import { type SeeingState, camerasThatSee } from "./cameras-that-see.ts";

interface Drawn {
  readonly towards: string;
  readonly state?: SeeingState;
  readonly hasStream?: boolean;
  readonly fov?: number;
}

/** Cameras stand at the letters of the drawing and look towards another place; their codes are the letters, their ids 1, 2, 3... */
function seen(city: AsciiCity, place: string, cameras: Readonly<Record<string, Drawn>>, limit = 6, uncertaintyM = 0): ReturnType<typeof camerasThatSee> {
  const index = createCameraIndex();
  const known = new Map<number, { code: string; name: string; state: SeeingState; hasStream: boolean }>();
  Object.entries(cameras).forEach(([code, { towards, state = "idle", hasStream = true, fov = 60 }], i) => {
    index.set({ id: i + 1, point: city.at(code), mountHeightM: 5, bearingDeg: bearingDeg(city.at(code), city.at(towards)), tiltDeg: 8, horizontalFovDeg: fov, verticalFovDeg: 40, rangeM: 80, imageWidthPx: 2560 });
    known.set(i + 1, { code, name: `camera ${code}`, state, hasStream });
  });
  return camerasThatSee(index, city.buildings, { find: (id) => known.get(id) }, city.at(place), limit, uncertaintyM);
}
const codes = (answer: ReturnType<typeof camerasThatSee>): string[] => answer.cameras.map((c) => c.code);

describe("cameras that see a place", () => {
  const city = cityFromAscii(`
        B
              #
    A   1  C  # D
                          2
        E                             F
  `);
  it("the nearest that looks the other way is not shown, and it is said why", () => {
    const answer = seen(city, "1", { A: { towards: "1" }, C: { towards: "D" } });
    assert.deepEqual(codes(answer), ["A"]);
    assert.deepEqual(answer.notSeeing, [{ cameraId: 2, code: "C", reason: { code: "facing-away", params: { distanceM: 30, offAxisDeg: 180 } } }]);
    assert.equal(answer.examined, 2);
  });
  it("each says distance and pixels", () => {
    const [camera] = seen(city, "1", { A: { towards: "1" } }).cameras;
    assert.deepEqual(camera!.reason, { code: "sees-the-spot", params: { distanceM: 40, pixelsPerMetre: 55 } });
    assert.equal(camera!.bearingDeg, 90);
    assert.deepEqual(camera!.cone[0], camera!.cone.at(-1));
  });
  it("one behind a building is not shown", () => {
    const answer = seen(city, "1", { D: { towards: "1" } });
    assert.deepEqual(codes(answer), []);
    assert.equal(answer.notSeeing[0]!.reason.code, "behind-building");
  });
  it("more pixels come first, up to what is enough; then the middle of the picture", () => {
    assert.deepEqual(codes(seen(city, "1", { A: { towards: "1" }, C: { towards: "1" }, B: { towards: "1" } })), ["B", "C", "A"]);
    assert.deepEqual(codes(seen(city, "1", { B: { towards: "1" }, E: { towards: "A", fov: 130 } })), ["B", "E"]);
  });
  it("one whose pictures cannot be had comes after those that show something", () => assert.deepEqual(codes(seen(city, "1", { B: { towards: "1", state: "no-address", hasStream: false }, A: { towards: "1" } })), ["A", "B"]));
  it("one that fails is not counted on, and it is said", () => {
    const answer = seen(city, "1", { B: { towards: "1", state: "failing" }, A: { towards: "1" } });
    assert.deepEqual(codes(answer), ["A"]);
    assert.equal(answer.notSeeing[0]!.reason.code, "not-healthy");
  });
  it("no more than asked for are given", () => assert.deepEqual(codes(seen(city, "1", { A: { towards: "1" }, B: { towards: "1" }, C: { towards: "1" } }, 2)), ["B", "C"]));
  it("of a place known to a radius, a camera that sees a part of it is offered after those that see the middle, and says how far off", () => {
    const cameras = { A: { towards: "1" }, E: { towards: "F" }, C: { towards: "D" } };
    assert.deepEqual(codes(seen(city, "1", cameras)), ["A"], "a spot is seen or not");
    const wide = seen(city, "1", cameras, 6, 60);
    assert.deepEqual(codes(wide), ["A", "E", "C"]);
    assert.deepEqual(wide.cameras.map((c) => c.reason.code), ["sees-middle", "sees-part", "sees-part"]);
    const [, e, c] = wide.cameras;
    assert.ok(Number(e!.reason.params["offM"]) < Number(c!.reason.params["offM"]), "what is nearer to the middle comes first");
    assert.deepEqual(codes(seen(city, "1", { ...cameras, D: { towards: "F" } }, 6, 60)), ["A", "E", "C"], "one that looks away from all of it is not");
  });
  it("one that was removed a moment ago is left out", () => {
    const index = createCameraIndex();
    index.set({ id: 1, point: city.at("A"), mountHeightM: 5, bearingDeg: 90, tiltDeg: 8, horizontalFovDeg: 60, verticalFovDeg: 40, rangeM: 80, imageWidthPx: 2560 });
    assert.deepEqual(camerasThatSee(index, city.buildings, { find: () => undefined }, city.at("1"), 6), { cameras: [], examined: 0, notSeeing: [] });
  });
});
