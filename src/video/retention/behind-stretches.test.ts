import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/time.ts";
import { type BehindStretch, formatBehindStretches, parseBehindStretches, transitionBehindStretches } from "./behind-stretches.ts";
import { BELIEVED_MS, type ClockTrust, createClockTrust, transitionClockTrust, vouchedMs } from "./clock-trust.ts";

const T0 = 20_000 * DAY_MS;
interface Recorded {
  readonly id: number;
  readonly wallMs: number;
  readonly trueMs: number;
}

interface Looked {
  /** Since the look before. */
  readonly passedMs: number;
  /** The recorder was off meanwhile. */
  readonly isStart?: boolean;
  /** How far the wall is behind the truth; below 0: ahead. */
  readonly offMs: number;
}
/** A segment is recorded in each look of a recorder that runs. */
function runLooks(looks: readonly Looked[]): { readonly stretches: readonly BehindStretch[]; readonly recorded: readonly Recorded[]; readonly vouchedMs: number; readonly trueMs: number } {
  let trust: ClockTrust = createClockTrust(T0);
  let stretches: readonly BehindStretch[] = [];
  let trueMs = T0;
  const recorded: Recorded[] = [];
  for (const { passedMs, isStart = false, offMs } of looks) {
    trueMs += passedMs;
    const before = trust;
    const lastIdBefore = recorded.length;
    if (!isStart) recorded.push({ id: lastIdBefore + 1, wallMs: trueMs - offMs, trueMs });
    const ranMs = isStart ? 0 : passedMs;
    trust = transitionClockTrust(before, { wallMs: trueMs - offMs, ranMs });
    stretches = transitionBehindStretches(stretches, { before, after: trust, ranMs, isStart, lastIdBefore, lastId: recorded.length });
  }
  return { stretches, recorded, vouchedMs: vouchedMs(trust), trueMs };
}
/** `off`: as it is in each step. */
const runSteps = (off: readonly number[], stepMs = HOUR_MS): ReturnType<typeof runLooks> => runLooks(off.map((offMs) => ({ passedMs: stepMs, offMs })));
const offOf = (stretches: readonly BehindStretch[], { id, wallMs }: Recorded): number =>
  stretches.findLast((each) => !each.isBelieved && id > each.afterId && id <= (each.uptoId ?? Infinity) && wallMs >= each.fromMs && wallMs < each.beforeMs)?.behindMs ?? 0;
function checkAges(off: readonly number[], stepMs?: number): void {
  checkErrors(runSteps(off, stepMs));
}
function checkErrors({ stretches, recorded }: Pick<ReturnType<typeof runLooks>, "stretches" | "recorded">): void {
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

/** Runs with the clock as it is. */
const run = (hours: number, offMs: number): Looked[] => Array.from({ length: hours * 6 }, () => ({ passedMs: 10 * MINUTE_MS, offMs }));
const stopped = (hours: number, offMs: number): Looked => ({ passedMs: hours * HOUR_MS, isStart: true, offMs });

test("[RET14] put right after more than a day while the recorder was off, for a new battery say, it is the same, however long that took", () => {
  for (const offMs of [60 * DAY_MS, -60 * DAY_MS, 400 * DAY_MS, -400 * DAY_MS]) {
    for (const hours of [0, 0.25, 1, 5, 72, 20 * 24]) {
      const ran = runLooks([...run(3, 0), ...run(49, offMs), stopped(hours, 0), ...run(26, 0)]);
      assert.equal(ran.vouchedMs, ran.trueMs, "it is believed again");
      checkErrors(ran);
    }
  }
});

test("[RET14] put right after more than a day by hand, in the wrong zone or on the wrong day at first, running or off, it is the same", () => {
  const offs = fc.constantFrom(60 * DAY_MS, -60 * DAY_MS, 10 * DAY_MS, -400 * DAY_MS);
  const mistakes = fc.array(fc.constantFrom(3 * HOUR_MS, -8 * HOUR_MS, 23 * HOUR_MS, -DAY_MS + MINUTE_MS), { minLength: 1, maxLength: 3 });
  fc.assert(fc.property(offs, mistakes, fc.constantFrom(undefined, 0, 1, 4), (offMs, wrong, offHours) => {
    const byHand = wrong.flatMap((each, at) => [...(at === 0 && offHours !== undefined ? [stopped(offHours, each)] : []), ...run(0.5, each)]);
    checkErrors(runLooks([...run(3, 0), ...run(30, offMs), ...byHand, ...run(26, 0)]));
  }), { numRuns: 200 });
});

test("[RET14] a battery that is new and shows the year 2000 until the network says otherwise: it is the same, to what it was off", () => {
  checkErrors(runLooks([...run(3, 0), ...run(30, 60 * DAY_MS), stopped(0.4, 9_000 * DAY_MS), ...run(0.5, 9_000 * DAY_MS), ...run(26, 0)]));
});

test("[RET14] what is no such step leaves a believed clock believed: one the other way, one of another size, a stop of months", () => {
  for (const [offMs, stop] of [[5 * DAY_MS, stopped(60 * 24, 5 * DAY_MS)], [-5 * DAY_MS, stopped(2 * 24, -5 * DAY_MS)], [5 * DAY_MS, { passedMs: MINUTE_MS, offMs: -40 * DAY_MS }], [60 * DAY_MS, { passedMs: MINUTE_MS, offMs: 90 * DAY_MS }]] as const) {
    const { stretches, recorded } = runLooks([...run(3, 0), ...run(30, offMs), stop]);
    for (const segment of recorded.slice(20, -1)) assert.equal(offOf(stretches, segment), 0);
  }
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
