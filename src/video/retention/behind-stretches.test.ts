import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS } from "../../base/time.ts";
import { type BehindStretch, formatBehindStretches, parseBehindStretches, transitionBehindStretches } from "./behind-stretches.ts";
import { BELIEVED_MS, type ClockTrust, createClockTrust, transitionClockTrust } from "./clock-trust.ts";

const T0 = 20_000 * DAY_MS;

/** One segment a step, stamped by the wall clock; each step the wall may jump. Answers the stretches with what was recorded, and the true time of each. */
function runSteps(jumps: readonly number[]): { readonly stretches: readonly BehindStretch[]; readonly recorded: readonly { readonly id: number; readonly wallMs: number; readonly trueMs: number }[] } {
  let trust: ClockTrust = createClockTrust(T0);
  let stretches: readonly BehindStretch[] = [];
  const recorded: { id: number; wallMs: number; trueMs: number }[] = [];
  let offMs = 0;
  let id = 0;
  for (const [i, jump] of jumps.entries()) {
    const trueMs = T0 + (i + 1) * HOUR_MS;
    offMs += jump;
    const before = trust;
    const lastIdBefore = id;
    recorded.push({ id: ++id, wallMs: trueMs + offMs, trueMs });
    trust = transitionClockTrust(before, { wallMs: trueMs + offMs, ranMs: HOUR_MS });
    stretches = transitionBehindStretches(stretches, { before, after: trust, ranMs: HOUR_MS, lastIdBefore, lastId: id });
  }
  return { stretches, recorded };
}
const behindOf = (stretches: readonly BehindStretch[], { id, wallMs }: { readonly id: number; readonly wallMs: number }): number =>
  stretches.findLast(({ afterId, uptoId, beforeMs }) => id > afterId && id <= (uptoId ?? Infinity) && wallMs < beforeMs)?.behindMs ?? 0;

test("[RET14] however far and often the clock goes back and comes again, what was recorded meanwhile is as old as it truly is, to what is believed at once", () => {
  // The clock is behind by one of these or right, never ahead, and not for a day.
  fc.assert(fc.property(fc.array(fc.constantFrom(0, 2 * HOUR_MS, 60 * DAY_MS, 400 * DAY_MS), { minLength: 1, maxLength: 20 }), (behind) => {
    const { stretches, recorded } = runSteps([...behind, 0].map((each, i, all) => (i === 0 ? 0 : all[i - 1]!) - each));
    for (const segment of recorded) {
      const errorMs = segment.wallMs + behindOf(stretches, segment) - segment.trueMs;
      assert.ok(Math.abs(errorMs) <= BELIEVED_MS, `segment ${segment.id} is off by ${errorMs} ms`);
    }
  }), { numRuns: 2_000 });
});

test("[RET14] a clock that is only put right by minutes leaves no stretch", () => {
  assert.deepEqual(runSteps([0, -BELIEVED_MS, 0, BELIEVED_MS, 0]).stretches, []);
});

test("[RET14] what is kept over a restart reads back; anything else is none", () => {
  const stretches: BehindStretch[] = [{ afterId: 3, uptoId: 9, beforeMs: T0, behindMs: DAY_MS }, { afterId: 12, uptoId: null, beforeMs: T0 + 5, behindMs: 2 * DAY_MS }];
  assert.deepEqual(parseBehindStretches(formatBehindStretches(stretches)), stretches);
  for (const text of ["", "{}", "[1]", "[[1,2,3]]", "[[1,2,3,-4]]", "[[1,\"2\",3,4]]", `[${Array.from({ length: 70 }, () => "[1,2,3,4]").join()}]`]) assert.deepEqual(parseBehindStretches(text), []);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseBehindStretches(text)));
});
