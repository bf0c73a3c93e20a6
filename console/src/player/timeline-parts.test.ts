// What the time bar asks for and draws beside the recording: thumbnails and movement.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { activityPath, thumbnailRange } from "./timeline-scale.ts";

const QUARTER = 15 * 60_000;
const HOUR = 4 * QUARTER;

test("[VIEW3] thumbnails open the shown window on quarters, a day at most, with the pointer in it", () => {
  const now = 500 * HOUR;
  assert.deepEqual(thumbnailRange({ from: 490 * HOUR + 7, to: 491 * HOUR + 7 }, 490.5 * HOUR, now), { from: 490 * HOUR, to: 491 * HOUR + QUARTER });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * HOUR }), fc.integer({ min: 20_000, max: 200 * HOUR }), fc.double({ min: 0, max: 1, noNaN: true }), (from, span, share) => {
      const at = Math.min(now, from + span * share);
      const range = thumbnailRange({ from, to: from + span }, at, now);
      assert.ok(range.from <= at && at <= range.to, "the pointer is inside");
      assert.ok(range.to - range.from <= 24 * HOUR && range.to > range.from);
      assert.ok(range.from % QUARTER === 0 && range.to % QUARTER === 0);
    }),
  );
});

test("movement stands as a profile on its base, with a hole where it is not known", () => {
  const x = (at: number): number => at / 1_000;
  assert.equal(activityPath({ from: 0, stepMs: 1_000, values: [0, 254, null, 127] }, x, 30, 20, { from: 0, to: 4_000 }), "M0 30V30H1V10H2V30M3 30V20H4V30");
  assert.equal(activityPath({ from: 0, stepMs: 1_000, values: [null, null] }, x, 30, 20, { from: 0, to: 2_000 }), "");
  assert.equal(activityPath({ from: 0, stepMs: 1_000, values: [9, 9, 9, 9] }, x, 30, 20, { from: 2_000, to: 3_000 }).startsWith("M2 30"), true, "only what is in the window");
});
