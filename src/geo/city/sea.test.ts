// The sea beside a drawn coast. The map is the square from (0, 0) to (1000, 1000); land lies left of a coastline.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { guessSea } from "./guess-sea.ts";
import { ringContains } from "./multipolygon.ts";
import { seaOfCoastline } from "./sea.ts";
import { fromPlane } from "../point.ts";

const bounds = { west: 0, south: 0, east: 1000e-7, north: 1000e-7 };
const isWet = (sea: readonly (readonly (readonly number[])[])[], x: number, y: number): boolean =>
  sea.some(([ring, ...holes]) => ringContains(ring!, x, y) && !holes.some((hole) => ringContains(hole, x, y)));

describe("the sea of a coastline", () => {
  const coast = [-100, 500, 400, 600, 1100, 500]; // eastwards: land to the north
  it("is to its right", () => {
    const sea = seaOfCoastline([coast], bounds);
    assert.equal(isWet(sea, 500, 100), true);
    assert.equal(isWet(sea, 500, 900), false);
    assert.equal(isWet(sea, 10, 10) && isWet(sea, 990, 10), true);
  });
  it("drawn the other way is on the other side", () => {
    const sea = seaOfCoastline([[1100, 500, 400, 600, -100, 500]], bounds);
    assert.equal(isWet(sea, 500, 900), true);
    assert.equal(isWet(sea, 500, 100), false);
  });
  it("leaves islands dry", () => {
    const sea = seaOfCoastline([coast, [400, 200, 600, 200, 600, 300, 400, 300, 400, 200]], bounds);
    assert.equal(isWet(sea, 500, 250), false);
    assert.equal(isWet(sea, 300, 250), true);
  });
  it("is the whole map around an island that has no coast beside it", () => {
    const sea = seaOfCoastline([[400, 200, 600, 200, 600, 300, 400, 300, 400, 200]], bounds);
    assert.equal(isWet(sea, 500, 250), false);
    assert.equal(isWet(sea, 900, 900), true);
  });
  it("two coasts with a strait between them", () => {
    const sea = seaOfCoastline([[-100, 700, 1100, 700], [1100, 300, -100, 300]], bounds);
    assert.deepEqual([100, 500, 900].map((y) => isWet(sea, 500, y)), [false, true, false]);
  });
  it("that ends in the middle of the map is not drawn, rather than drown the town", () => assert.deepEqual(seaOfCoastline([[-100, 500, 400, 600]], bounds), []));
  it("joins a coast cut into pieces, in any order", () => {
    fc.assert(fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
      const xs = [-100, 100, 350, 500, 800, 1100];
      const pieces = order.map((i) => [xs[i]!, 500 + (i % 2) * 50, xs[i + 1]!, 500 + ((i + 1) % 2) * 50]);
      const sea = seaOfCoastline(pieces, bounds);
      assert.equal(isWet(sea, 500, 100), true);
      assert.equal(isWet(sea, 500, 900), false);
    }));
  });
});

describe("a guessed sea", () => {
  const origin = { lon: -56.19, lat: -34.9 };
  const at = (x: number, y: number): { lonE7: number; latE7: number } => {
    const p = fromPlane(origin, { x, y });
    return { lonE7: Math.round(p.lon * 1e7), latE7: Math.round(p.lat * 1e7) };
  };
  const corner = fromPlane(origin, { x: 12_000, y: 9_000 });
  const town = Array.from({ length: 41 }, (_, i) => i * 300).flatMap((x) => Array.from({ length: 15 }, (_, k) => 4_500 + k * 300).map((y) => ({ type: "point" as const, ...at(x, y) })));
  const sea = guessSea(town, { west: origin.lon, south: origin.lat, east: corner.lon, north: corner.lat });
  const wet = (x: number, y: number): boolean => isWet(sea, at(x, y).lonE7, at(x, y).latE7);
  it("reaches from the south to near the first mapped thing", () => {
    assert.equal(wet(6_000, 1_000), true);
    assert.equal(wet(6_000, 4_200), true);
    assert.equal(wet(6_000, 4_480), false);
  });
  it("does not run in between houses", () => assert.equal(wet(6_150, 6_150), false));
  it("of a map without a free south is none", () => assert.deepEqual(guessSea(town.map((p) => ({ ...p, latE7: p.latE7 - at(0, 4_500).latE7 + at(0, 0).latE7 })), { west: origin.lon, south: origin.lat, east: corner.lon, north: fromPlane(origin, { x: 0, y: 4_200 }).lat }), []));
});
