import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { REPORT_REACH_MS, listClockStretches } from "./clock-stretches.ts";

const MINUTE_MS = 60_000;
const minutes = (of: readonly number[], offsetMs: number) => of.map((minute) => ({ arrivalMs: minute * MINUTE_MS, offsetMs }));

test("[PLY17] a clock that is wrong is so around its reports, with the middle one's offset; where reports are missing nothing is known", () => {
  const reports = [...minutes([10, 11], -3_000), { arrivalMs: 12 * MINUTE_MS, offsetMs: -3_400 }, ...minutes([30, 31], -3_100)];
  assert.deepEqual(listClockStretches(reports, 0, 60 * MINUTE_MS), [
    { start: 10 * MINUTE_MS - REPORT_REACH_MS, end: 12 * MINUTE_MS + REPORT_REACH_MS, offsetMs: -3_000 },
    { start: 30 * MINUTE_MS - REPORT_REACH_MS, end: 31 * MINUTE_MS + REPORT_REACH_MS, offsetMs: -3_100 },
  ]);
  assert.deepEqual(listClockStretches(reports, 11 * MINUTE_MS, 12 * MINUTE_MS), [{ start: 11 * MINUTE_MS, end: 12 * MINUTE_MS, offsetMs: -3_000 }], "cut to the range");
});

test("[PLY17] one report that stands alone is the network's doing", () => {
  assert.deepEqual(listClockStretches([...minutes([5], -2_500), ...minutes([20], 9_000)], 0, 60 * MINUTE_MS), []);
});

test("[PLY17] a clock that was set is two stretches, which do not overlap", () => {
  const [first, second, ...more] = listClockStretches([...minutes([1, 2, 3], 5_000), ...minutes([4, 5], 3_600_000)], 0, 60 * MINUTE_MS);
  assert.deepEqual([first?.offsetMs, second?.offsetMs, more], [5_000, 3_600_000, []]);
  assert.ok(first!.end <= 4 * MINUTE_MS && second!.start >= 3 * MINUTE_MS);
});

test("[PLY17] whatever is reported, stretches lie in the range, in order", () => {
  const report = fc.record({ arrivalMs: fc.integer({ min: -100_000, max: 4_000_000 }), offsetMs: fc.integer({ min: 2_000, max: 9_000 }) });
  fc.assert(fc.property(fc.array(report, { maxLength: 60 }), (reports) => {
    const stretches = listClockStretches(reports.toSorted((a, b) => a.arrivalMs - b.arrivalMs), 0, 3_600_000);
    for (const [i, { start, end, offsetMs }] of stretches.entries()) {
      assert.ok(start >= 0 && end <= 3_600_000 && start < end && offsetMs >= 2_000);
      assert.ok(i === 0 || start >= stretches[i - 1]!.start);
    }
  }));
});
