// What a camera sees, on maps drawn in the test. C is the camera's mast, digits are places, # are buildings; a character is 10 m.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { NO_BUILDINGS } from "./buildings.ts";
import { type ViewPose, pixelsPerMetreAt, seesPartOf, seesPlace, viewCone } from "./line-of-sight.ts";
import { type Point, bearingDeg, destination, distanceM } from "./point.ts";
import { type AsciiCity, cityFromAscii } from "./testing/city-from-ascii.ts";

const pose = (point: Point, bearing: number, change: Partial<ViewPose> = {}): ViewPose => ({ point, mountHeightM: 6, bearingDeg: bearing, tiltDeg: 10, horizontalFovDeg: 60, verticalFovDeg: 40, rangeM: 120, ...change });
const verdict = (city: AsciiCity, place: string, change: Partial<ViewPose> = {}, bearing = 90): string => {
  const sight = seesPlace(pose(city.at("C"), bearing, change), city.at(place), city.buildings);
  return sight.sees ? "sees" : sight.why;
};

describe("the view", () => {
  const open = cityFromAscii(`
      2   3

    C     1                     4
  `);
  it("sees what is before it", () => assert.equal(verdict(open, "1"), "sees"));
  it("does not see what is beside it", () => assert.equal(verdict(open, "2"), "facing-away"));
  it("sees to the side as far as its lens", () => {
    assert.equal(verdict(open, "3"), "sees");
    assert.equal(verdict(open, "3", { horizontalFovDeg: 30 }), "facing-away");
  });
  it("does not see what is behind it", () => assert.equal(verdict(open, "1", {}, 270), "facing-away"));
  it("does not see beyond its range", () => assert.equal(verdict(open, "4"), "out-of-range"));
  it("needs 25 pixels on a metre, wherever its range is said to end", () => assert.equal(verdict(open, "4", { rangeM: 500 }), "too-few-pixels"));
  it("does not see the ground under a high mast", () => assert.equal(verdict(open, "2", { mountHeightM: 40 }, bearingDeg(open.at("C"), open.at("2"))), "above-or-below-view"));
  it("a fisheye sees behind itself, but less far", () => {
    assert.equal(verdict(open, "3", {}, 270), "facing-away");
    assert.equal(verdict(open, "3", { horizontalFovDeg: 360 }, 270), "too-few-pixels");
    assert.equal(verdict(open, "2", { horizontalFovDeg: 180, tiltDeg: 12 }, 30), "too-few-pixels" );
  });
});

describe("buildings", () => {
  const drawing = `
          3

    C  #  1
       #
  `;
  it("hide what is behind them", () => assert.equal(verdict(cityFromAscii(drawing), "1"), "behind-building"));
  it("do not hide what is beside them", () => assert.equal(verdict(cityFromAscii(drawing), "3"), "sees"));
  it("that are low are looked over", () => assert.equal(verdict(cityFromAscii(drawing, { buildingHeightM: 1.5 }), "1"), "sees"));
  it("that are tall are not", () => assert.equal(verdict(cityFromAscii(drawing, { buildingHeightM: 9 }), "1"), "behind-building"));
  it("do not hide a place that is in them: its front is what one wants to see", () => {
    const city = cityFromAscii(drawing);
    const sight = seesPlace(pose(city.at("C"), 90), city.atCell(3, 2), city.buildings);
    assert.equal(sight.sees, true);
  });
  it("do not blind a camera that hangs on their own wall", () => {
    const city = cityFromAscii(drawing);
    const wall = destination(city.atCell(3, 2), 90, 4); // 1 m inside the wall of the house, looking away from it
    assert.equal(seesPlace(pose(wall, 90), city.at("1"), city.buildings).sees, true);
  });
  it("cut the cone on the map", () => {
    const free = viewCone(pose(cityFromAscii(drawing).at("C"), 90), NO_BUILDINGS);
    const cut = viewCone(pose(cityFromAscii(drawing).at("C"), 90), cityFromAscii(drawing).buildings);
    const reach = (ring: Point[]): number => Math.min(...ring.slice(1, -1).map((p) => distanceM(p, ring[0]!)));
    assert.ok(Math.abs(reach(free) - 120) < 1);
    assert.ok(reach(cut) < 40, String(reach(cut)));
    assert.deepEqual(cut[0], cut.at(-1));
  });
});

it("pixels on a metre: 1920 pixels over 60 degrees at 50 m are 33", () => assert.equal(Math.round(pixelsPerMetreAt(60, 1920, 50, 0)), 33));

it("whatever is seen is in the cone, in range and dense enough; turning away loses it", () => {
  const place = fc.record({ offAxis: fc.double({ min: -100, max: 100, noNaN: true }), metres: fc.double({ min: 1, max: 150, noNaN: true }) });
  const camera = fc.record({ bearing: fc.double({ min: 0, max: 359, noNaN: true }), fov: fc.integer({ min: 20, max: 110 }), range: fc.integer({ min: 20, max: 300 }), height: fc.double({ min: 0, max: 12, noNaN: true }) });
  let seen = 0;
  fc.assert(fc.property(place, camera, (p, c) => {
    const at = { lon: -56.19, lat: -34.9 };
    const view = pose(at, c.bearing, { horizontalFovDeg: c.fov, rangeM: c.range, mountHeightM: c.height });
    const target = destination(at, c.bearing + p.offAxis, p.metres);
    const sight = seesPlace(view, target, NO_BUILDINGS);
    if (!sight.sees) return;
    seen++;
    assert.ok(sight.distanceM <= c.range && sight.pixelsPerMetre >= 25 && Math.abs(sight.offAxisDeg) <= c.fov / 2);
    assert.equal(seesPlace({ ...view, bearingDeg: (c.bearing + 180) % 360 }, target, NO_BUILDINGS).sees, false);
  }), { numRuns: 500 });
  assert.ok(seen > 10, `${seen} of 500 are seen`);
});

it("of a circle, the spot that is seen is nearly the nearest to its middle that any raster finds, and is truly seen", () => {
  const spot = fc.record({ bearing: fc.integer({ min: 0, max: 359 }), share: fc.double({ min: 0, max: 1, noNaN: true }) });
  const camera = fc.record({ bearing: fc.integer({ min: 0, max: 359 }), fov: fc.integer({ min: 20, max: 110 }), range: fc.integer({ min: 30, max: 200 }), height: fc.integer({ min: 2, max: 12 }), tilt: fc.integer({ min: 0, max: 30 }) });
  let compared = 0;
  fc.assert(fc.property(camera, fc.integer({ min: -75, max: 75 }), fc.integer({ min: 1, max: 250 }), fc.integer({ min: 30, max: 250 }), fc.array(spot, { minLength: 20, maxLength: 20 }), (c, offAxis, metres, radiusM, spots) => {
    const at = { lon: -56.19, lat: -34.9 };
    const view = pose(at, c.bearing, { horizontalFovDeg: c.fov, rangeM: c.range, mountHeightM: c.height, tiltDeg: c.tilt });
    const middle = destination(at, c.bearing + offAxis, metres);
    const part = seesPartOf(view, middle, radiusM, NO_BUILDINGS);
    if (part !== null) assert.ok(part.sight.sees && part.offM <= radiusM && part.sight.distanceM <= c.range);
    const narrow = { ...view, horizontalFovDeg: c.fov - 6, verticalFovDeg: view.verticalFovDeg - 4, rangeM: c.range * 0.95 };
    const tan = (deg: number): number => Math.tan((deg * Math.PI) / 360);
    const columns = (1920 * 0.95 * tan(narrow.horizontalFovDeg)) / tan(c.fov); // a narrower picture of as many columns would see farther
    for (const { bearing, share } of spots) {
      const one = destination(middle, bearing, radiusM * share);
      if (!seesPlace(narrow, one, NO_BUILDINGS, columns).sees) continue;
      compared++;
      assert.ok(part !== null && part.offM <= radiusM * share + 5, `${radiusM * share} m off is seen, said was ${part?.offM}`);
    }
  }), { numRuns: 400 });
  assert.ok(compared > 100, `${compared} spots compared`);
});
