// Which cameras are shown for a place, in what order, and what is said of the others.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCameraIndex } from "../geo/camera-index.ts";
import { bearingDeg } from "../geo/point.ts";
import { type AsciiCity, cityFromAscii } from "../geo/testing/city-from-ascii.ts";
import type { Sun } from "../geo/sun.ts";
import { type NightView, type PictureFault, type SeeingState, camerasThatSee } from "./cameras-that-see.ts";

const TOLD_AT = 1_800_000_000_000;
const NOON: Sun = { elevationDeg: 60, azimuthDeg: 180 };
const NIGHT: Sun = { elevationDeg: -30, azimuthDeg: 0 };

interface Drawn {
  readonly towards: string;
  readonly state?: SeeingState;
  readonly hasStream?: boolean;
  readonly fov?: number;
  readonly rangeM?: number;
  readonly widthPx?: number;
  /** A PTZ camera; where it looks just now, if it was turned. */
  readonly turns?: boolean;
  readonly nowTowards?: string;
  readonly nightView?: NightView;
  readonly fault?: PictureFault;
}

/** Cameras stand at the letters of the drawing and look towards another place; their codes are the letters, their ids 1, 2, 3... */
function seen(city: AsciiCity, place: string, cameras: Readonly<Record<string, Drawn>>, limit = 6, uncertaintyM = 0, sun = NOON): ReturnType<typeof camerasThatSee> {
  const index = createCameraIndex();
  const known = new Map<number, { code: string; name: string; state: SeeingState; hasStream: boolean; records: boolean; recordedSince: number | null; nightView: NightView; fault: PictureFault | null }>();
  Object.entries(cameras).forEach(([code, { towards, state = "idle", hasStream = true, fov = 60, rangeM = 80, widthPx = 2560, turns = false, nowTowards, nightView = "unknown", fault = null }], i) => {
    index.set({ id: i + 1, point: city.at(code), mountHeightM: 5, bearingDeg: bearingDeg(city.at(code), city.at(towards)), tiltDeg: 8, horizontalFovDeg: fov, verticalFovDeg: 40, rangeM, imageWidthPx: widthPx, turns });
    if (nowTowards !== undefined) assert.ok(index.turn(i + 1, { bearingDeg: bearingDeg(city.at(code), city.at(nowTowards)), tiltDeg: 8, horizontalFovDeg: fov, toldAt: TOLD_AT }));
    known.set(i + 1, { code, name: `camera ${code}`, state, hasStream, records: hasStream, recordedSince: hasStream ? TOLD_AT + i : null, nightView, fault });
  });
  return camerasThatSee(index, city.buildings, { find: (id) => known.get(id) }, city.at(place), sun, limit, uncertaintyM);
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
    assert.equal(camera!.recordedSince, TOLD_AT, "and since when there is a past to look at");
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
    index.set({ id: 1, point: city.at("A"), mountHeightM: 5, bearingDeg: 90, tiltDeg: 8, horizontalFovDeg: 60, verticalFovDeg: 40, rangeM: 80, imageWidthPx: 2560, turns: false });
    assert.deepEqual(camerasThatSee(index, city.buildings, { find: () => undefined }, city.at("1"), NOON, 6), { cameras: [], couldTurn: [], examined: 0, dark: false, notSeeing: [] });
  });
});

describe("on maps drawn here, of a camera that", () => {
  // 1 is the place; the wall of houses stands between it and D
  const city = cityFromAscii(`
           N


        B
             #
    A   1  C # D
             #
        E
  `);
  const reasonOf = (camera: Drawn, at = "C"): string => {
    const answer = seen(city, "1", { [at]: camera });
    assert.deepEqual(answer.cameras, [], "it is not shown as seeing");
    assert.equal(answer.examined, 1);
    return answer.notSeeing[0]!.reason.code;
  };
  const sees: Drawn = { towards: "1" };
  it("[SEE1] looks at it, it is told how many pixels a metre there has", () => {
    const [camera] = seen(city, "1", { A: sees }).cameras;
    // 2560 columns over a lens of 60 degrees, 40 m off: 2560 / (2 * 40.2 * tan 30)
    assert.equal(camera!.pixelsPerMetre, 55);
    assert.equal(seen(city, "1", { A: { ...sees, widthPx: 1280 } }).cameras[0]!.pixelsPerMetre, 28);
  });
  it("[SEE1] stands behind a building, that it does not see it", () => assert.equal(reasonOf(sees, "D"), "behind-building"));
  it("[SEE1] faces away, that it does not", () => assert.equal(reasonOf({ towards: "D" }), "facing-away"));
  it("[SEE1] does not reach so far, that it does not", () => assert.equal(reasonOf({ ...sees, rangeM: 30 }, "A"), "out-of-range"));
  it("[SEE1] gives too few pixels there, that it does not", () => assert.equal(reasonOf({ ...sees, widthPx: 640 }, "A"), "too-few-pixels"));
  it("[SEE1] is dead, that it does not", () => assert.equal(reasonOf({ ...sees, state: "failing" }), "not-healthy"));
  it("[SEE1] gives no pictures, a black one or always the same, that it does not, though it is connected", () => {
    const told = (["no-pictures", "black", "frozen"] as const).map((fault) => reasonOf({ ...sees, state: "connected", fault }));
    assert.deepEqual(told, ["not-healthy", "black", "frozen"]);
  });
  it("[SEE1] is not sharp, or whose recorder is away, that it comes after those whose picture is good, however many pixels it has, and says so", () => {
    for (const fault of ["blurred", "recorder-away"] as const) {
      const answer = seen(city, "1", { A: { ...sees, widthPx: 1_280 }, E: { ...sees, widthPx: 3_840, fault, state: "connected" } });
      assert.deepEqual(answer.cameras.map(({ code, doubt }) => [code, doubt?.code ?? null]), [["A", null], ["E", fault]]);
    }
    assert.deepEqual(seen(city, "1", { C: { towards: "D", turns: true, fault: "frozen" } }).couldTurn, [], "nor is one offered to be turned that shows nothing");
  });
  it("[SEE2] looks elsewhere at this moment, that it does not, though it was entered to; and that it could be turned back", () => {
    const turned: Drawn = { ...sees, turns: true, nowTowards: "D" };
    assert.equal(reasonOf(turned), "looks-elsewhere-now");
    const [offer] = seen(city, "1", { C: turned }).couldTurn;
    assert.deepEqual([offer!.code, offer!.reason.code, offer!.reason.params["turnDeg"]], ["C", "could-turn", 180]);
    assert.deepEqual(codes(seen(city, "1", { C: { ...sees, turns: true, nowTowards: "1" } })), ["C"]);
    assert.equal(offer!.poseToldAt, TOLD_AT);
    assert.deepEqual([seen(city, "1", { C: { ...sees, turns: true, nowTowards: "1" } }), seen(city, "1", { C: { ...sees, turns: true } })].map(({ cameras }) => cameras[0]!.poseToldAt), [TOLD_AT, null], "it says when that was told");
  });
  it("[SEE2] was turned to it, that it sees it, though it was entered to look elsewhere", () => {
    assert.deepEqual(codes(seen(city, "1", { C: { towards: "D", turns: true, nowTowards: "1" } })), ["C"]);
  });
  it("[SEE2] could turn to it, that it is offered and not shown as seeing; not so where a house or its health is in the way, or where it cannot turn", () => {
    const offered = (cameras: Readonly<Record<string, Drawn>>): string[] => {
      const answer = seen(city, "1", cameras);
      assert.deepEqual(answer.cameras, []);
      return answer.couldTurn.map(({ code }) => code);
    };
    assert.deepEqual(offered({ C: { towards: "N", turns: true } }), ["C"]);
    assert.deepEqual(offered({ A: { towards: "N", turns: true }, B: { towards: "N", turns: true }, C: { towards: "N" } }), ["B", "A"], "most pixels first");
    assert.deepEqual(offered({ D: { towards: "N", turns: true }, C: { towards: "N", turns: true, state: "failing" }, A: { towards: "N", turns: true, rangeM: 30 } }), []);
  });
  it("[SEE3] sees part of a place known to a radius only, that it is offered as such", () => {
    const answer = seen(city, "1", { A: { towards: "1" }, E: { towards: "A" } }, 6, 50);
    assert.deepEqual(answer.cameras.map(({ code, reason }) => [code, reason.code]), [["A", "sees-middle"], ["E", "sees-part"]]);
  });
});

describe("by the light that it is, of a camera that", () => {
  // north is up; the wall of houses stands south of A, and hides a low sun from it
  const city = cityFromAscii(`
         1

    A    B    C

    #
    #
    #  E
         2
  `);
  const lights = (answer: ReturnType<typeof camerasThatSee>): (string | undefined)[] => answer.cameras.map(({ light }) => light?.code);
  const sees: Drawn = { towards: "1" };
  it("[SEE4] is known to see nothing at night, that it does not see the place then, is not offered to be turned, and sees it by day", () => {
    const cameras = { B: { ...sees, nightView: "none" }, C: { towards: "2", turns: true, nightView: "none" } } as const;
    const night = seen(city, "1", cameras, 6, 0, NIGHT);
    assert.deepEqual([night.cameras, night.couldTurn, night.dark], [[], [], true]);
    assert.deepEqual(night.notSeeing.map(({ code, reason }) => [code, reason.code]), [["B", "nothing-at-night"], ["C", "facing-away"]]);
    const day = seen(city, "1", cameras);
    assert.deepEqual([codes(day), day.couldTurn.map(({ code }) => code), lights(day), day.dark], [["B"], ["C"], [undefined], false]);
  });
  it("[SEE4] is not known to see at night, that it comes after those that do, and says so", () => {
    // B is the nearest: by day it comes first
    const cameras: Readonly<Record<string, Drawn>> = { B: sees, A: { ...sees, nightView: "infrared" }, C: { ...sees, nightView: "low-light", widthPx: 1920 } };
    assert.deepEqual(codes(seen(city, "1", cameras)), ["B", "A", "C"]);
    const night = seen(city, "1", cameras, 6, 0, NIGHT);
    assert.deepEqual([codes(night), lights(night)], [["A", "C", "B"], ["night-infrared", "night-low-light", "night-unknown"]]);
    const turning = seen(city, "1", { B: { towards: "2", turns: true }, A: { towards: "E", turns: true, nightView: "infrared" } }, 6, 0, NIGHT);
    assert.deepEqual(turning.couldTurn.map(({ code, light }) => [code, light?.code]), [["A", "night-infrared"], ["B", "night-unknown"]]);
  });
  it("[SEE4] sees nothing at night, that it is not counted among those that see a part of an uncertain place either", () => {
    const part: Drawn = { towards: "C", nightView: "none" };
    assert.deepEqual(codes(seen(city, "1", { A: part }, 6, 60)), ["A"]);
    assert.deepEqual(codes(seen(city, "1", { A: part }, 6, 60, NIGHT)), []);
  });
  it("[SEE5] looks into a low sun, that it comes after one that does not, and says so", () => {
    const low = (azimuthDeg: number, elevationDeg = 8): Sun => ({ azimuthDeg, elevationDeg });
    assert.deepEqual(lights(seen(city, "1", { B: sees }, 6, 0, low(0))), ["against-the-sun"]);
    for (const [why, sun] of [["to its back", low(180)], ["beside the picture", low(40)], ["high above it", low(0, 25)], ["set, though not dark yet", low(0, -2)]] as const) assert.deepEqual(lights(seen(city, "1", { B: sees }, 6, 0, sun)), [undefined], why);
    const against = seen(city, "1", { B: sees, A: { ...sees, widthPx: 5120 } }, 6, 0, low(0));
    assert.deepEqual([codes(against), lights(against)], [["A", "B"], [undefined, "against-the-sun"]]);
  });
  it("[SEE5] has a building before the low sun, that it does not look into it", () => {
    const south: Sun = { azimuthDeg: 180, elevationDeg: 8 };
    assert.deepEqual(lights(seen(city, "E", { A: { towards: "E", fov: 100, widthPx: 3840 } }, 6, 0, south)), [undefined], "in the shadow of the wall");
    assert.deepEqual(lights(seen(city, "2", { B: { towards: "2" } }, 6, 0, south)), ["against-the-sun"]);
  });
});
