import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { outsideOf } from "./outside.ts";
import { distanceM } from "./point.ts";

const city = { west: -56.34, south: -34.96, east: -55.99, north: -34.81 };

it("a place in the city is not outside", () => assert.equal(outsideOf(city, { lon: -56.2, lat: -34.9 }), null));
it("another city is so many kilometres away, in its direction", () => {
  const buenosAires = outsideOf(city, { lon: -58.4, lat: -34.9 })!;
  assert.equal(Math.round(buenosAires.distanceM / 1_000), 188);
  assert.equal(buenosAires.bearingDeg, 270);
  assert.equal(outsideOf(city, { lon: -56.1, lat: -34 })!.bearingDeg, 0);
});
it("no point of the city is nearer", () => {
  const point = fc.record({ lon: fc.double({ min: -58, max: -54, noNaN: true }), lat: fc.double({ min: -36, max: -33, noNaN: true }) });
  fc.assert(fc.property(point, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (p, x, y) => {
    const outside = outsideOf(city, p);
    if (outside === null) return;
    const inside = { lon: city.west + (city.east - city.west) * x, lat: city.south + (city.north - city.south) * y };
    assert.ok(distanceM(p, inside) >= outside.distanceM * 0.99); // the plane turns a little with the latitude
  }));
});
