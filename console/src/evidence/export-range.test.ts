import assert from "node:assert/strict";
import { test } from "node:test";
import { findRangeFault, isReviewDay } from "./export-range.ts";

test("a range of evidence has an end after its beginning, is a day at most, and has begun", () => {
  const now = 1_790_000_000_000;
  const hour = 3_600_000;
  assert.equal(findRangeFault(now - hour, now, now), undefined);
  assert.equal(findRangeFault(now - hour, now + hour, now), undefined, "what is still to come is cut by the centre");
  assert.equal(findRangeFault(now - hour, now - hour, now), "rangeFault");
  assert.equal(findRangeFault(undefined, now, now), "rangeFault");
  assert.equal(findRangeFault(now - 25 * hour, now, now), "longFault");
  assert.equal(findRangeFault(now, now + hour, now), "futureFault");
  assert.deepEqual([now - 1, now + hour, now + 367 * 24 * hour, undefined].map((at) => isReviewDay(at, now)), [false, true, false, false]);
});
