import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Arrivals, FAST_LINK, LATE_LIMITS, NO_ARRIVALS, SLOW_LIMITS, WIDTHS, chooseStream, isSlow, noteArrival, noteDropped } from "./stream-policy.ts";

const facts = { wanted: "main", widthPx: 1_200, slow: false, mainPlays: true } as const;

test("small tiles show the sub stream, large ones main, and between the two sizes it stays as it is", () => {
  assert.equal(chooseStream(facts), "main");
  assert.equal(chooseStream({ ...facts, widthPx: 300 }), "sub");
  for (const wanted of ["main", "sub"] as const) assert.equal(chooseStream({ ...facts, wanted, widthPx: (WIDTHS.subBelow + WIDTHS.mainFrom) / 2 }), wanted);
  for (const wanted of ["main", "sub"] as const) assert.equal(chooseStream({ ...facts, wanted, widthPx: null }), wanted);
});

test("whatever the size, a slow link and a codec that the browser does not play ask for the sub stream", () => {
  assert.equal(chooseStream({ ...facts, slow: true }), "sub");
  assert.equal(chooseStream({ ...facts, mainPlays: false }), "sub");
});

test("a link is slow for 15 s after pictures were left out, and each further one begins that anew", () => {
  const once = noteDropped(FAST_LINK, 100_000);
  assert.ok(isSlow(once, 114_999) && !isSlow(once, 115_000));
  assert.ok(isSlow(noteDropped(once, 110_000), 124_999));
});

test("where main fails again within a minute, it is tried later each time; after a minute without trouble soon again", () => {
  let link = FAST_LINK;
  let now = 1_000_000;
  const holds: number[] = [];
  for (let i = 0; i < 7; i++) {
    link = noteDropped(link, now);
    holds.push(link.untilMs - now);
    now = link.untilMs + 1_000;
  }
  assert.deepEqual(holds, [15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  assert.equal(noteDropped(link, link.untilMs + SLOW_LIMITS.soonMs).holdMs, SLOW_LIMITS.firstHoldMs);
});

/** When the link is called slow, over pictures 40 ms apart that arrive so late. */
function slowAt(delays: readonly number[]): number | null {
  let arrivals: Arrivals = NO_ARRIVALS;
  let arrivedMs = 0;
  for (const [i, delay] of delays.entries()) {
    const wallMs = 1_000_000 + i * 40;
    arrivedMs = Math.max(arrivedMs, wallMs + delay); // one after the other
    const step = noteArrival(arrivals, wallMs, arrivedMs);
    arrivals = step.arrivals;
    if (step.slow) return i;
  }
  return null;
}

test("a link on which pictures come ever later is slow before anything is left out; one with a long but even delay is not", () => {
  const ever = slowAt(Array.from({ length: 400 }, (_, i) => 100 + i * 40)); // half as fast as the pictures
  assert.ok(ever !== null && ever > LATE_LIMITS.lateMs / 40 && ever < 100, `called slow at picture ${ever}`);
  assert.equal(slowAt(Array(500).fill(4_000)), null, "a camera's own delay, or clocks that differ");
  assert.equal(slowAt(Array.from({ length: 500 }, (_, i) => Math.max(80, 4_000 - i * 60))), null, "a running group of pictures that is caught up with");
  assert.equal(slowAt(Array.from({ length: 500 }, (_, i) => (i === 200 ? 3_500 : 100))), null, "one hitch");
  assert.equal(slowAt(Array.from({ length: 4_000 }, (_, i) => 100 + i / 2)), null, "clocks that drift by a hundredth");
});

test("whatever happens, a link that drops nothing for five minutes is not slow", () => {
  fc.assert(fc.property(fc.array(fc.nat(100_000), { maxLength: 60 }), (waits) => {
    let link = FAST_LINK;
    let now = 1;
    for (const wait of waits) link = noteDropped(link, (now += wait));
    assert.ok(!isSlow(link, now + SLOW_LIMITS.mostHoldMs));
  }));
});
