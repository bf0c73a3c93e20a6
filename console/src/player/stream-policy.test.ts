import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FAST_LINK, SLOW_LIMITS, WIDTHS, chooseStream, isSlow, noteDropped } from "./stream-policy.ts";

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

test("whatever happens, a link that drops nothing for five minutes is not slow", () => {
  fc.assert(fc.property(fc.array(fc.nat(100_000), { maxLength: 60 }), (waits) => {
    let link = FAST_LINK;
    let now = 1;
    for (const wait of waits) link = noteDropped(link, (now += wait));
    assert.ok(!isSlow(link, now + SLOW_LIMITS.mostHoldMs));
  }));
});
