// Which pieces and holes of an area are drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { METRES_PER_DEGREE, metresPerDegreeLon } from "../../../src/geo/point.ts";
import { plainPolygon } from "./plain-polygon.ts";

const ORIGIN = { lon: -56.17, lat: -34.87 };
/** A square of so many metres, its lower left corner so far from the origin. */
function square(metres: number, eastM = 0, northM = 0): { lon: number; lat: number }[] {
  const at = (x: number, y: number) => ({ lon: ORIGIN.lon + (eastM + x) / metresPerDegreeLon(ORIGIN.lat), lat: ORIGIN.lat + (northM + y) / METRES_PER_DEGREE });
  return [at(0, 0), at(metres, 0), at(metres, metres), at(0, metres), at(0, 0)];
}

test("an area keeps its large holes and loses those of a few blocks", () => {
  const [outer, park, bay] = [square(3_000), square(200, 500, 500), square(400, 1_500, 1_500)];
  assert.deepEqual(plainPolygon([outer, park, bay]), [[outer, bay]]);
});
test("a single square beyond the edge is not drawn, two blocks are", () => {
  assert.deepEqual(plainPolygon([square(100)]), []);
  assert.deepEqual(plainPolygon([square(150)]), [[square(150)]]);
  assert.deepEqual(plainPolygon([]), []);
});
