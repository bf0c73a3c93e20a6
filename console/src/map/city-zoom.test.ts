import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cityZoom } from "./city-zoom.ts";

describe("how near the map begins", () => {
  it("a great city: at its streets", () => assert.equal(cityZoom({ west: -56.44, south: -34.94, east: -56.02, north: -34.7 }, 700, 500), 12.5));
  it("a small one fills the map, in the direction that is tighter", () => {
    const quarter = { west: -56.2, south: -34.91, east: -56.18, north: -34.9 }; // 1.8 km by 1.1 km
    const zoom = cityZoom(quarter, 700, 500);
    const widthPx = ((quarter.east - quarter.west) / 360) * 512 * 2 ** zoom;
    assert.ok(zoom > 14.4 && widthPx <= 700 && widthPx > 500, `${zoom}, ${widthPx} px`);
    assert.ok(cityZoom(quarter, 700, 100) < zoom);
  });
  it("one point, or a map without a size yet, is no error", () => {
    assert.equal(cityZoom({ west: 1, south: 1, east: 1, north: 1 }, 700, 500), 17);
    assert.equal(cityZoom({ west: 1, south: 1, east: 2, north: 2 }, 0, 0), 12.5);
  });
});
