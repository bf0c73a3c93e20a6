import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { initialRestartState, planRestart, RESTART_FIRST_MS, RESTART_LIVED_MS, RESTART_LONGEST_MS } from "./restart-policy.ts";

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
