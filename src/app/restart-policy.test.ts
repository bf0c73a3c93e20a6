import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { initialRestartState, MOST_AT_ONCE, planRestart, RESTART_AT_ONCE_MS, RESTART_FIRST_MS, RESTART_LIVED_MS, RESTART_LONGEST_MS } from "./restart-policy.ts";

test("the first death is mended at once, each quick one after it later, and a long life is forgiven", () => {
  let state = initialRestartState;
  const delays = [1, 1, 1, 1, RESTART_LIVED_MS, 1].map((livedMs) => {
    const plan = planRestart(state, livedMs);
    state = plan.state;
    return plan.delayMs;
  });
  assert.deepEqual(delays, [250, 500, 1000, 2000, 250, 500]);
});

test("a wait is never shorter than the first nor longer than the longest, however often a part dies", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(RESTART_LIVED_MS * 2), { maxLength: 200 }), (lives) => {
      let state = initialRestartState;
      for (const livedMs of lives) {
        const plan = planRestart(state, livedMs);
        state = plan.state;
        assert.ok(plan.delayMs >= RESTART_FIRST_MS && plan.delayMs <= RESTART_LONGEST_MS);
      }
    }),
  );
});

test("what everybody waits for is started at once, a hundred times in a row and no more; not where it never came to work, and anew after a long life", () => {
  let state = initialRestartState;
  const die = (livedMs: number, isUrgent: boolean): number => {
    const plan = planRestart(state, livedMs, isUrgent);
    state = plan.state;
    return plan.delayMs;
  };
  for (let n = 0; n < MOST_AT_ONCE; n++) assert.equal(die(900, true), RESTART_AT_ONCE_MS);
  assert.deepEqual([die(900, true), die(900, true)], [250, 500]);
  assert.deepEqual([die(RESTART_LIVED_MS, true), die(1, false), die(1, false), die(900, true)], [RESTART_AT_ONCE_MS, 250, 500, RESTART_AT_ONCE_MS]);
});
