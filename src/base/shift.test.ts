import assert from "node:assert/strict";
import { test } from "node:test";
import { SHIFT_SOON_MS, endsShiftSoon, isOffShift } from "./shift.ts";

test("on shift from its start to before its end; without an end always", () => {
  const span = { shiftStartsAt: 1_000, shiftEndsAt: 2_000 };
  assert.deepEqual([999, 1_000, 1_999, 2_000].map((now) => isOffShift(span, now)), [true, false, false, true]);
  assert.deepEqual([isOffShift({ shiftStartsAt: null, shiftEndsAt: 2_000 }, 0), isOffShift({ shiftStartsAt: null, shiftEndsAt: null }, 9e12)], [false, false]);
});

test("near its end is told while it is on shift only", () => {
  const span = { shiftStartsAt: 0, shiftEndsAt: 2 * SHIFT_SOON_MS };
  assert.deepEqual([SHIFT_SOON_MS - 1, SHIFT_SOON_MS, 2 * SHIFT_SOON_MS - 1, 2 * SHIFT_SOON_MS].map((now) => endsShiftSoon(span, now)), [false, true, true, false]);
  assert.equal(endsShiftSoon({ shiftStartsAt: null, shiftEndsAt: null }, 0), false);
});
