import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/time.ts";
import { BELIEVED_MS, type ClockTrust, PROOF_MS, createClockTrust, doubtedMs, formatClockTrust, parseClockTrust, transitionClockTrust, vouchedMs } from "./clock-trust.ts";

const T0 = 20_000 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const MOST_STEPS = 26;

/** A recorder that looks each minute, and a wall clock that can be set. */
class Rig {
  trust: ClockTrust = createClockTrust(T0);
  /** What the wall clock shows now. */
  wallMs = T0;
  run(ms: number): this {
    for (let left = ms; left > 0; left -= MINUTE_MS) {
      const ranMs = Math.min(left, MINUTE_MS);
      this.wallMs += ranMs;
      this.trust = transitionClockTrust(this.trust, { wallMs: this.wallMs, ranMs });
    }
    return this;
  }
  step(ms: number): this {
    this.wallMs += ms;
    this.trust = transitionClockTrust(this.trust, { wallMs: this.wallMs, ranMs: 0 });
    return this;
  }
  /** Off for so long, with a power cut. */
  restart(ms: number): this {
    this.trust = parseClockTrust(formatClockTrust(this.trust))!;
    return this.step(ms);
  }
}

describe("whether the wall clock is believed", () => {
  test("[RET13] a clock that is ahead for less than a day moves nothing, over restarts too; the vouched time goes on meanwhile", () => {
    const rig = new Rig().run(HOUR_MS).step(YEAR_MS);
    assert.deepEqual([vouchedMs(rig.trust), doubtedMs(rig.trust)], [T0 + HOUR_MS, YEAR_MS]);
    rig.run(10 * HOUR_MS).restart(0).run(10 * HOUR_MS);
    assert.equal(vouchedMs(rig.trust), T0 + 21 * HOUR_MS);
    rig.step(-YEAR_MS).run(HOUR_MS);
    assert.deepEqual([vouchedMs(rig.trust), doubtedMs(rig.trust)], [T0 + 22 * HOUR_MS, 0]);
  });

  test("[RET13] a week off is doubted for a day of running, then believed; short stops and small corrections are at once", () => {
    const rig = new Rig().restart(7 * DAY_MS).run(PROOF_MS - MINUTE_MS);
    assert.equal(doubtedMs(rig.trust), 7 * DAY_MS);
    rig.run(MINUTE_MS);
    assert.deepEqual([doubtedMs(rig.trust), vouchedMs(rig.trust)], [0, rig.wallMs]);
    rig.restart(BELIEVED_MS - 5_000).step(5_000);
    assert.equal(vouchedMs(rig.trust), rig.wallMs);
    assert.equal(doubtedMs(rig.step(1).trust), BELIEVED_MS + 1);
  });

  test("[RET13] as long as somebody contradicts, no running makes a step believed, over restarts too; a day after the last word against it, it is", () => {
    const rig = new Rig().step(YEAR_MS);
    const runContradicted = (ms: number): void => {
      rig.wallMs += ms;
      rig.trust = transitionClockTrust(rig.trust, { wallMs: rig.wallMs, ranMs: ms, contradictedMs: YEAR_MS });
    };
    for (let hour = 0; hour < 24 * 30; hour++) runContradicted(HOUR_MS);
    rig.restart(0);
    assert.deepEqual([vouchedMs(rig.trust), doubtedMs(rig.trust)], [T0 + 30 * DAY_MS, YEAR_MS]);
    rig.run(PROOF_MS - MINUTE_MS);
    assert.equal(doubtedMs(rig.trust), YEAR_MS);
    rig.run(MINUTE_MS);
    assert.deepEqual([doubtedMs(rig.trust), vouchedMs(rig.trust)], [0, rig.wallMs]);
  });

  test("[RET13] where nothing is doubted, somebody's word that the clock is ahead makes a doubt of so much, once; what a step made doubtful is not doubted twice", () => {
    const hear = (rig: Rig, contradictedMs: number): void => {
      rig.wallMs += MINUTE_MS;
      rig.trust = transitionClockTrust(rig.trust, { wallMs: rig.wallMs, ranMs: MINUTE_MS, contradictedMs });
    };
    const rig = new Rig().run(HOUR_MS);
    hear(rig, BELIEVED_MS);
    assert.equal(doubtedMs(rig.trust), 0);
    for (let i = 0; i < 100; i++) hear(rig, YEAR_MS + i);
    assert.deepEqual([doubtedMs(rig.trust), rig.trust.doubted.length], [YEAR_MS, 1]);
    rig.step(-YEAR_MS);
    assert.deepEqual([doubtedMs(rig.trust), rig.trust.behindMs], [0, 0]);
    const stepped = new Rig().restart(2 * HOUR_MS);
    hear(stepped, 2 * HOUR_MS);
    assert.equal(doubtedMs(stepped.trust), 2 * HOUR_MS);
    hear(stepped, YEAR_MS);
    assert.equal(doubtedMs(stepped.trust), YEAR_MS);
    const behind = new Rig().step(-5 * HOUR_MS);
    hear(behind, YEAR_MS);
    assert.deepEqual([doubtedMs(behind.trust), behind.trust.behindMs], [YEAR_MS, 0], "further behind still than the clock shows");
  });

  test("[RET13] one that runs by day only comes after, some days behind", () => {
    const rig = new Rig();
    for (let day = 0; day < 60; day++) {
      rig.run(8 * HOUR_MS).restart(16 * HOUR_MS);
      assert.ok(doubtedMs(rig.trust) <= 3 * 16 * HOUR_MS, `day ${day}: ${doubtedMs(rig.trust) / HOUR_MS} h`);
    }
  });

  test("[RET13] a clock that falls back and returns is believed at once, one that stays back is where it is after a day", () => {
    const rig = new Rig().run(HOUR_MS).step(-50 * YEAR_MS);
    assert.equal(vouchedMs(rig.trust), rig.wallMs, "never ahead of the wall clock");
    rig.run(HOUR_MS).step(50 * YEAR_MS);
    assert.equal(doubtedMs(rig.trust), 0);
    rig.step(-YEAR_MS).run(PROOF_MS).step(YEAR_MS);
    assert.equal(doubtedMs(rig.trust), YEAR_MS);
  });

  test("[RET13] an absence stays doubted where a wrong step after it was taken back", () => {
    const rig = new Rig().restart(5 * HOUR_MS).step(YEAR_MS).run(HOUR_MS).step(-YEAR_MS);
    assert.equal(doubtedMs(rig.trust), 5 * HOUR_MS);
  });

  const happening = fc.oneof(
    fc.record({ kind: fc.constant("run" as const), ms: fc.integer({ min: 0, max: 30 * HOUR_MS }) }),
    fc.record({ kind: fc.constantFrom("step" as const, "restart" as const), ms: fc.oneof(fc.integer({ min: 0, max: 2 * HOUR_MS }), fc.integer({ min: 0, max: 3 * YEAR_MS })) }),
    fc.record({ kind: fc.constant("back" as const), ms: fc.integer({ min: 0, max: 3 * YEAR_MS }) }),
  );
  const live = (rig: Rig, { kind, ms }: { readonly kind: "run" | "step" | "restart" | "back"; readonly ms: number }): void => void (kind === "back" ? rig.step(-Math.min(ms, rig.wallMs)) : rig[kind](ms));

  test("[RET13] whatever happens: never ahead of the wall clock, what is kept reads back, and after a day of running the clock is believed", () => {
    fc.assert(fc.property(fc.array(happening, { maxLength: 12 }), (happenings) => {
      const rig = new Rig();
      for (const each of happenings) {
        live(rig, each);
        assert.ok(vouchedMs(rig.trust) <= rig.wallMs);
        assert.ok(rig.trust.doubted.length <= MOST_STEPS && (rig.trust.behindMs === 0 || rig.trust.doubted.length === 0) && rig.trust.behindMs >= 0);
        assert.deepEqual(parseClockTrust(formatClockTrust(rig.trust)), rig.trust);
      }
      rig.run(PROOF_MS);
      assert.deepEqual([vouchedMs(rig.trust), rig.trust.behindMs], [rig.wallMs, 0]);
    }), { numRuns: 150 });
  });

  test("[RET13] a clock that is wrong, ahead by whatever and however often, for less than 23 hours of running each time, brings no age forward by more than half an hour", () => {
    const wrong = fc.record({ ahead: fc.array(fc.integer({ min: 1, max: 3 * YEAR_MS }), { minLength: 1, maxLength: 3 }), forMs: fc.integer({ min: 0, max: 22 * HOUR_MS }), offMs: fc.integer({ min: 0, max: 3 * DAY_MS }), rightMs: fc.integer({ min: 0, max: 40 * HOUR_MS }) });
    fc.assert(fc.property(fc.array(wrong, { maxLength: 6 }), (times) => {
      const rig = new Rig();
      let trueMs = T0;
      const check = (): void => assert.ok(vouchedMs(rig.trust) <= trueMs + BELIEVED_MS, `${(vouchedMs(rig.trust) - trueMs) / MINUTE_MS} min ahead of the truth`);
      for (const { ahead, forMs, offMs, rightMs } of times) {
        for (const by of ahead) {
          rig.step(by);
          check();
          rig.run(Math.floor(forMs / ahead.length));
          trueMs += Math.floor(forMs / ahead.length);
          check();
        }
        // Off meanwhile, and the clock is still wrong when it is back.
        trueMs += offMs;
        rig.restart(offMs);
        check();
        rig.step(trueMs - rig.wallMs).run(rightMs);
        trueMs += rightMs;
        check();
      }
    }), { numRuns: 150 });
  });

  test("what is none of ours is not read", () => {
    for (const text of ["", "x", "{}", "[]", "[1,2]", "[1,2,3,4]", "[1,2,-3]", "[1,2,null]", "[1.5,0,0]"]) assert.equal(parseClockTrust(text), undefined, text);
  });
});
