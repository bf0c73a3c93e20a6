import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { destination } from "../geo/point.ts";
import type { FixVerdict } from "../contract/trackers.ts";
import { NO_TRAIL, judgeFix, type Trail } from "./fix-judgement.ts";

const T0 = 1_800_000_000_000;
const HOME = { lon: -56.2, lat: -34.9 };
/** Metres east of home, seconds after T0, seconds late. */
type Step = readonly [metres: number, second: number, lateS?: number];
function run(steps: readonly Step[]): FixVerdict[] {
  let trail: Trail = NO_TRAIL;
  return steps.map(([metres, second, lateS = 0]) => {
    const at = T0 + second * 1_000;
    const judged = judgeFix(trail, { ...destination(HOME, 90, metres), at, valid: true }, at + lateS * 1_000);
    trail = judged.trail;
    return judged.verdict;
  });
}

describe("what is to be thought of a fix", () => {
  test("[AVL2] one that is not later than the last is out of order; the very same is a repetition", () => {
    assert.deepEqual(run([[0, 10], [0, 10], [50, 10], [50, 9], [60, 12]]), ["taken", "repeated", "out-of-order", "out-of-order", "taken"]);
  });

  test("[AVL3] one ahead of our clock or a day old is not taken; an old one is taken and called stale", () => {
    assert.deepEqual(run([[0, 100, -31]]), ["ahead"]);
    assert.deepEqual(run([[0, 100, -30]]), ["taken"]);
    assert.deepEqual(run([[0, 100, 24 * 3_600 + 1]]), ["too-old"]);
    assert.deepEqual(run([[0, 100, 121], [10, 200, 120]]), ["stale", "taken"]);
  });

  test("[AVL4] a jump is not taken until three agree with each other, and a single one changes nothing", () => {
    assert.deepEqual(run([[0, 0], [5_000, 10], [100, 20]]), ["taken", "impossible-jump", "taken"]);
    assert.deepEqual(run([[0, 0], [5_000, 10], [5_100, 20], [5_200, 30], [5_300, 40]]), ["taken", "impossible-jump", "impossible-jump", "taken", "taken"]);
    assert.deepEqual(run([[0, 0], [5_000, 10], [20_000, 20], [40_000, 30], [60_000, 40]]), ["taken", "impossible-jump", "impossible-jump", "impossible-jump", "impossible-jump"], "they do not agree");
    assert.deepEqual(run([[0, 0], [900, 10]]), ["taken", "taken"], "300 m and 70 m/s for 10 s");
    assert.deepEqual(run([[0, 0], [1_050, 10]]), ["taken", "impossible-jump"]);
    assert.deepEqual(run([[0, 0], [50_000, 1_000]]), ["taken", "taken"], "a long silence explains a long way");
  });

  test("[AVL5] what the receiver calls not valid, and 0, 0, is not taken", () => {
    const fix = { ...HOME, at: T0, valid: true };
    assert.equal(judgeFix(NO_TRAIL, { ...fix, valid: false }, T0).verdict, "not-valid");
    assert.equal(judgeFix(NO_TRAIL, { ...fix, lon: 0, lat: 0 }, T0).verdict, "not-valid");
  });

  test("[AVL2] [AVL4] whatever comes, believed times only rise and each believed fix could be reached, or was agreed on", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 600 })), { maxLength: 60 }), (steps) => {
      let trail: Trail = NO_TRAIL;
      for (const [metres, second] of steps) {
        const before = trail.last;
        const { verdict, trail: after } = judgeFix(trail, { ...destination(HOME, 90, metres), at: T0 + second * 1_000, valid: true }, T0 + 600_000);
        if (verdict === "taken" || verdict === "stale") {
          assert.ok(before === null || after.last!.at > before.at);
        } else assert.deepEqual(after.last, before);
        trail = after;
      }
    }));
  });
});
