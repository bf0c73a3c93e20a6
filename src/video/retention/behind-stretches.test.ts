import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/time.ts";
import { type BehindStretch, formatBehindStretches, parseBehindStretches, transitionBehindStretches } from "./behind-stretches.ts";
import { BELIEVED_MS, type ClockTrust, createClockTrust, transitionClockTrust } from "./clock-trust.ts";

const T0 = 20_000 * DAY_MS;
interface Recorded {
  readonly id: number;
  readonly wallMs: number;
  readonly trueMs: number;
}

/** `off`: how far the wall is behind the truth in each step; a segment is recorded in each. */
function runSteps(off: readonly number[], stepMs = HOUR_MS): { readonly stretches: readonly BehindStretch[]; readonly recorded: readonly Recorded[] } {
  let trust: ClockTrust = createClockTrust(T0);
  let stretches: readonly BehindStretch[] = [];
  const recorded: Recorded[] = [];
  for (const [i, offMs] of off.entries()) {
    const trueMs = T0 + (i + 1) * stepMs;
    const before = trust;
    recorded.push({ id: i + 1, wallMs: trueMs - offMs, trueMs });
    trust = transitionClockTrust(before, { wallMs: trueMs - offMs, ranMs: stepMs });
    stretches = transitionBehindStretches(stretches, { before, after: trust, ranMs: stepMs, lastIdBefore: i, lastId: i + 1 });
  }
  return { stretches, recorded };
}
const offOf = (stretches: readonly BehindStretch[], { id, wallMs }: Recorded): number =>
  stretches.findLast((each) => !each.isBelieved && id > each.afterId && id <= (each.uptoId ?? Infinity) && wallMs >= each.fromMs && wallMs < each.beforeMs)?.behindMs ?? 0;
function checkAges(off: readonly number[], stepMs?: number): void {
  const { stretches, recorded } = runSteps(off, stepMs);
  for (const segment of recorded) {
    const errorMs = segment.wallMs + offOf(stretches, segment) - segment.trueMs;
    assert.ok(Math.abs(errorMs) <= BELIEVED_MS, `segment ${segment.id} is off by ${errorMs / HOUR_MS} h`);
  }
}

test("[RET14] however far and often the clock goes off and comes again within a day, what was recorded meanwhile is as old as it truly is, to what is believed at once", () => {
  for (const sign of [1, -1])
    fc.assert(fc.property(fc.array(fc.constantFrom(0, 2 * HOUR_MS, 60 * DAY_MS, 400 * DAY_MS), { minLength: 1, maxLength: 20 }), (off) => checkAges([0, ...off.map((each) => each * sign), 0])), { numRuns: 1_000 });
});

test("[RET14] put right after more than a day, over a weekend say, it is the same", () => {
  for (const offMs of [60 * DAY_MS, -60 * DAY_MS]) checkAges([0, ...Array.from({ length: 49 }, () => offMs), ...Array.from({ length: 30 }, () => 0)]);
});

test("[RET14] a clock that was put right by more than a day ago, and never comes back, is believed: nothing counts any more", () => {
  const { stretches, recorded } = runSteps([0, ...Array.from({ length: 30 }, () => 5 * DAY_MS)]);
  for (const segment of recorded) assert.equal(offOf(stretches, segment), 0);
});

test("[RET14] a clock that is only put right by minutes leaves no stretch", () => {
  assert.deepEqual(runSteps([0, BELIEVED_MS, BELIEVED_MS, 0, 0].map((each) => each - 1), 10 * MINUTE_MS).stretches, []);
});

test("[RET14] what is kept over a restart reads back; anything else is none", () => {
  const stretches: BehindStretch[] = [{ afterId: 3, uptoId: 9, fromMs: 4, beforeMs: T0, behindMs: -DAY_MS, isBelieved: true }, { afterId: 12, uptoId: null, fromMs: 0, beforeMs: T0 + 5, behindMs: 2 * DAY_MS, isBelieved: false }];
  assert.deepEqual(parseBehindStretches(formatBehindStretches(stretches)), stretches);
  for (const text of ["", "{}", "[1]", "[[1,2,3]]", "[[1,2,3,4,5,6]]", "[[1,\"2\",3,4,5,0]]", `[${Array.from({ length: 70 }, () => "[1,2,3,4,5,0]").join()}]`]) assert.deepEqual(parseBehindStretches(text), []);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseBehindStretches(text)));
});
