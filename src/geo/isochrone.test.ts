// What is reached in time, on drawn cities: one character of the drawing is 40 m and 4 s.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findReachedAreas as stepsToAreas } from "./isochrone.ts";
import type { Point } from "./point.ts";
import { closeRoads } from "./roads.ts";
import { findRoute } from "./routing.ts";
import { snapToRoad } from "./road-snap.ts";
import { cityFromAscii } from "./testing/city-from-ascii.ts";

function findReachedAreas(...asked: Parameters<typeof stepsToAreas>) {
  const steps = stepsToAreas(...asked);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Even-odd over outer rings and holes alike. */
const covers = (polygons: readonly (readonly (readonly Point[])[])[], p: Point): boolean => {
  let inside = false;
  for (const ring of polygons.flat()) {
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1]!, ring[i]!];
      if (a.lat > p.lat !== b.lat > p.lat && p.lon < ((b.lon - a.lon) * (p.lat - a.lat)) / (b.lat - a.lat) + a.lon) inside = !inside;
    }
  }
  return inside;
};
// K is on the other bank: near as the crow flies, far by road
const town = () => cityFromAscii(`
  A----------B----------C----------D
  |          |
  E----------F

  K--------------------------------L
  |                                |
  M--------------------------------N
                                   |
                                   O
`, { metres: 40 });

describe("what is reached in time", () => {
  it("[RD6] is what the roads lead to, not what is near", () => {
    const city = town();
    const [near, far] = findReachedAreas(city.roads, city.at("A"), [50, 180])!;
    assert.deepEqual(["A", "B", "E", "C", "D", "K", "M"].map((name) => covers(near!.polygons, city.at(name))), [true, true, true, false, false, false, false]);
    assert.deepEqual(["A", "F", "C", "D", "K", "O"].map((name) => covers(far!.polygons, city.at(name))), [true, true, true, true, false, false]);
  });
  it("[RD6] leaves out what a closure cuts off", () => {
    const city = town();
    closeRoads(city.roads, new Set([snapToRoad(city.graph, { lon: (city.at("B").lon + city.at("C").lon) / 2, lat: city.at("B").lat })!.edge]));
    const [area] = findReachedAreas(city.roads, city.at("A"), [600])!;
    assert.deepEqual(["B", "F", "C", "D"].map((name) => covers(area!.polygons, city.at(name))), [true, true, false, false]);
  });
  it("[RD6] has a hole where a block is too wide, and is null off the roads", () => {
    const city = cityFromAscii(`
      A------------------B
      |                  |
      |                  |
      |                  |
      |                  |
      |                  |
      |                  |
      |                  |
      C------------------D
    `, { metres: 40 });
    const [area] = findReachedAreas(city.roads, city.at("A"), [900])!;
    assert.deepEqual(area!.polygons.map((rings) => rings.length), [2]);
    assert.equal(covers(area!.polygons, city.atCell(9, 4)), false);
    assert.equal(findReachedAreas(city.roads, { lon: 0, lat: 0 }, [60]), null);
  });
  it("[RD6] covers each place of the roads that a route reaches in time, to a third of a square", () => {
    const STEP_SECONDS = 3.4; // a third of 100 m, at 10 m/s
    const city = town();
    fc.assert(fc.property(fc.integer({ min: 0, max: 33 }), fc.integer({ min: 20, max: 300 }), (column, seconds) => {
      const origin = city.atCell(column, 0);
      const [area] = findReachedAreas(city.roads, origin, [seconds])!;
      for (let x = 0; x <= 33; x++) {
        for (const y of [0, 4, 6]) {
          const at = snapToRoad(city.graph, city.atCell(x, y))!;
          const route = findRoute(city.roads, origin, at);
          if (typeof route !== "string" && route.seconds < seconds - STEP_SECONDS) assert.ok(covers(area!.polygons, at.point), `${x}, ${y} in ${route.seconds} s of ${seconds}`);
        }
      }
    }), { numRuns: 200 });
  });
});
