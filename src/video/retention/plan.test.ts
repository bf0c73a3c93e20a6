import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS } from "../../base/time.ts";
import { planDeletions } from "./plan.ts";

const segments = Array.from({ length: 10 }, (_, i) => ({ segmentId: i + 1, cameraId: (i % 2) + 1, endMs: i * DAY_MS, bytes: 100 }));
const facts = { segments, retentionDays: (cameraId: number) => (cameraId === 1 ? 3 : 30), freeBytes: 1_000, floorBytes: 500, storedBytes: 1_000, mostBytes: Infinity, now: 10 * DAY_MS, most: 100 };

test("[RET1] segments past their own camera's age go, and only these", () => {
  assert.deepEqual(planDeletions(facts).map((each) => [each.segment.segmentId, each.why]), [[1, "age"], [3, "age"], [5, "age"], [7, "age"]]);
});

test("[RET2] below the floor the oldest of all go until it is reached, counting what age frees", () => {
  assert.deepEqual(planDeletions({ ...facts, freeBytes: 0, floorBytes: 550 }).map((each) => [each.segment.segmentId, each.why]), [
    [1, "age"], [3, "age"], [5, "age"], [7, "age"], [2, "space"], [4, "space"],
  ]);
});

test("[RET6] above the bound of their size the oldest of all go until it is kept, counting what age frees", () => {
  assert.deepEqual(planDeletions({ ...facts, mostBytes: 450 }).map((each) => [each.segment.segmentId, each.why]), [
    [1, "age"], [3, "age"], [5, "age"], [7, "age"], [2, "space"], [4, "space"],
  ]);
  assert.equal(planDeletions({ ...facts, mostBytes: 600 }).length, 4);
});

test("[RET3] no more than a bounded number, and none twice", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 2_000 }), (most, freeBytes) => {
    const ids = planDeletions({ ...facts, most, freeBytes, floorBytes: 1_500 }).map((each) => each.segment.segmentId);
    assert.ok(ids.length <= most);
    assert.equal(new Set(ids).size, ids.length);
  }));
});
