// The index must never miss a camera that sees; how many more it offers is only a matter of speed.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { createCameraIndex } from "./camera-index.ts";
import { destination, distanceM } from "./point.ts";

const camera = fc.record({ id: fc.integer({ min: 1, max: 60 }), bearing: fc.integer({ min: 0, max: 359 }), metres: fc.integer({ min: 0, max: 6_000 }), rangeM: fc.constantFrom(5, 40, 64, 65, 120, 300, 2_000, 5_000), remove: fc.boolean() });

for (const centre of [{ lon: -56.19, lat: -34.9 }, { lon: 0.0001, lat: 0.0001 }, { lon: 24.9, lat: 60.2 }, { lon: 106.5, lat: 29.5 }]) {
  it(`offers every camera that reaches the place, after any changes, at ${centre.lat}, ${centre.lon}`, () => {
    fc.assert(fc.property(fc.array(camera, { maxLength: 80 }), fc.integer({ min: 0, max: 359 }), fc.integer({ min: 0, max: 6_000 }), fc.constantFrom(0, 30, 200, 900), (steps, bearing, metres, radiusM) => {
      const index = createCameraIndex();
      const model = new Map<number, { point: { lon: number; lat: number }; rangeM: number }>();
      for (const { id, remove, ...c } of steps) {
        if (remove) {
          index.remove(id);
          model.delete(id);
          continue;
        }
        const view = { point: destination(centre, c.bearing, c.metres), rangeM: c.rangeM };
        model.set(id, view);
        index.set({ id, ...view, mountHeightM: 6, bearingDeg: 0, tiltDeg: 10, horizontalFovDeg: 60, verticalFovDeg: 40, imageWidthPx: 1920, turns: id % 2 === 0 });
      }
      const place = destination(centre, bearing, metres);
      const offered = new Set(index.around(place, radiusM));
      assert.equal(index.size(), model.size);
      for (const [id, view] of model) {
        if (distanceM(view.point, place) <= view.rangeM + radiusM) assert.ok(offered.has(id), `camera ${id}, ${distanceM(view.point, place)} m away, range ${view.rangeM}`);
        assert.deepEqual(index.find(id)?.point, view.point);
      }
      for (const id of offered) assert.ok(distanceM(model.get(id)!.point, place) <= model.get(id)!.rangeM + radiusM);
      const near = new Set(index.around(place, radiusM, 500));
      for (const [id, view] of model) assert.equal(near.has(id), distanceM(view.point, place) <= Math.max(500, view.rangeM + radiusM));
    }), { numRuns: 150 });
  });
}
