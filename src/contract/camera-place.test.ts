import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOfPlace } from "./camera-place.ts";

const bounds = { west: -56.4, south: -34.95, east: -56, north: -34.7 };

test("a camera stands in the city or up to 20 km from it", () => {
  for (const point of [{ lon: -56.2, lat: -34.9 }, { lon: -56.2, lat: -35.14 }, { lon: -56.59, lat: -34.51 }]) assert.deepEqual(faultsOfPlace(point, bounds, "pose.point"), []);
});

test("elsewhere each coordinate that is off is told with its value and what was expected", () => {
  const tell = (lon: number, lat: number): string[] => faultsOfPlace({ lon, lat }, bounds, "pose.point").map((f) => `${f.field} ${f.value}: ${f.expected}`);
  assert.deepEqual(tell(56.2, -34.9), ["pose.point.lon 56.2: a longitude in or near the city, -56.60 to -55.80"]);
  assert.deepEqual(tell(-34.9, -56.2), ["pose.point.lat -56.2: a latitude in or near the city, -35.15 to -34.50", "pose.point.lon -34.9: a longitude in or near the city, -56.60 to -55.80"]);
});
