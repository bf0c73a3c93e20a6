import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LIVE_LIMITS, NEW_RESERVE, RESERVE_LIMITS, decideLive, findLow, isStale, noteLow, type LiveDecision, type LivePicture } from "./live-policy.ts";

const still = { seekTo: null, playbackRate: 1, trimTo: null };
const decide = (ranges: LivePicture["ranges"], currentTime: number, more: Partial<LivePicture> = {}): LiveDecision =>
  decideLive({ ranges, currentTime, playbackRate: 1, visible: true, fresh: false, keyFramesOnly: false, reserve: { ...NEW_RESERVE, lows: [{ atMs: 0, aheadS: (ranges.at(-1)?.[1] ?? 0) - currentTime }] }, ...more });
const landing = (end: number): number => end - LIVE_LIMITS.startBehindS - NEW_RESERVE.wantedS;

test("nothing buffered: nothing to do", () => {
  assert.deepEqual(decide([], 0), still);
});

test("the first fragment of a stream that began long ago is jumped to", () => {
  assert.equal(decide([[3_600, 3_600.4]], 0).seekTo, landing(3_600.4));
});

test("near the edge the picture plays at its own pace", () => {
  assert.deepEqual(decide([[0, 10]], 9.94), still);
});

test("behind, it hurries; far behind it jumps; once hurrying it goes on until it is near", () => {
  const at = (ahead: number, playbackRate = 1) => decide([[0, 10]], 10 - ahead, { playbackRate });
  assert.equal(at(0.2).playbackRate, 1.07);
  assert.equal(at(0.8).playbackRate, 1.15);
  assert.equal(at(1.5).playbackRate, 1.25);
  assert.equal(at(0.07, 1.07).playbackRate, 1.07);
  assert.equal(at(0.07).playbackRate, 1);
  assert.equal(at(0.045, 1.07).playbackRate, 1);
  assert.equal(at(3).seekTo, landing(10));
});

test("what counts is the lowest before a picture came: a camera of one picture a second is not hurried for the second it has ahead", () => {
  const reserve = { ...NEW_RESERVE, lows: [{ atMs: 0, aheadS: 0.06 }, { atMs: 1_000, aheadS: 0.05 }] };
  assert.deepEqual(decide([[0, 10]], 9, { reserve }), still);
});

test("a reserve that is nearly used up is built anew by slowing down, before the picture stands", () => {
  assert.equal(decide([[0, 10]], 9.99).playbackRate, 0.96);
});

test("a stream that began a moment ago is at its edge at once, whatever of its GOP is past", () => {
  assert.equal(decide([[0, 2]], 0.1, { fresh: true }).seekTo, landing(2));
  assert.equal(decide([[0, 2]], 0.1).seekTo, null);
});

test("a hidden page jumps where a visible one would hurry", () => {
  assert.equal(decide([[0, 10]], 8.5, { visible: false }).seekTo, landing(10));
});

test("a hole ahead is crossed when the older piece is played out, not before", () => {
  const ranges = [[0, 4], [4.5, 5]] as const;
  assert.equal(decide(ranges, 3.5).seekTo, null);
  assert.ok(decide(ranges, 3.99).seekTo! >= 4.5);
});

test("of key frames that stand alone each is shown as it comes, also where the one before has not been played out", () => {
  const ranges = [[0, 0.04], [2, 2.04]] as const;
  assert.equal(decide(ranges, 0, { keyFramesOnly: true }).seekTo, 2);
  assert.equal(decide(ranges, 2, { keyFramesOnly: true }).seekTo, null);
  assert.equal(decide(ranges, 0).seekTo, null, "else the older piece is played out first");
});

test("what lies behind is trimmed in large pieces, and the last seconds are kept", () => {
  assert.equal(decide([[0, 20]], 19.9).trimTo, 19.9 - LIVE_LIMITS.keepBehindS);
  assert.equal(decide([[0, 12]], 11.9).trimTo, null);
});

test("a picture that stood makes the reserve larger, once for one interruption; calm makes it smaller again, within its limits", () => {
  let reserve = noteLow(NEW_RESERVE, 5_000, 0);
  const grown = reserve.wantedS;
  assert.ok(grown > NEW_RESERVE.wantedS);
  for (let i = 1; i < 10; i++) reserve = noteLow(reserve, 5_000 + i, 0);
  assert.equal(reserve.wantedS, grown);
  for (let i = 0; i < 100; i++) reserve = noteLow(reserve, 10_000 + i * 2_000, 0);
  assert.equal(reserve.wantedS, RESERVE_LIMITS.mostS);
  for (let i = 0; i < 1_000; i++) reserve = noteLow(reserve, 1_000_000 + i * 1_000, 0.3);
  assert.equal(reserve.wantedS, RESERVE_LIMITS.leastS);
});

test("the low is that of the last two seconds", () => {
  assert.equal(findLow(NEW_RESERVE), null);
  const reserve = [[0, 0.01], [1_500, 0.3], [2_500, 0.2]].reduce((held, [atMs, aheadS]) => noteLow(held, atMs!, aheadS!), NEW_RESERVE);
  assert.equal(findLow(reserve), 0.2);
});

/** Plays pictures that come every `everyS`, each late by what `lateS` answers, and follows the decisions; what lay between shown and edge in the second half. */
function play(everyS: number, lateS: (picture: number) => number, startAheadS: number, pictures = 1_500): { ages: number[]; stood: number } {
  const arrivals = Array.from({ length: pictures }, (_, i) => i * everyS + lateS(i)).map((at, i, all) => Math.max(at, all[i - 1] ?? 0));
  let reserve = NEW_RESERVE;
  let end = startAheadS;
  let now = 0;
  let clock = arrivals[0]!;
  let rate = 1;
  let stood = 0;
  const ages: number[] = [];
  for (let i = 0; i < pictures; i++) {
    const passed = arrivals[i]! - clock;
    clock = arrivals[i]!;
    if (now + passed * rate > end) stood++;
    now = Math.min(end, now + passed * rate);
    reserve = noteLow(reserve, clock * 1_000, Math.max(0, end - now));
    end += everyS;
    const decision = decideLive({ ranges: [[0, end]], currentTime: now, playbackRate: rate, visible: true, fresh: false, keyFramesOnly: false, reserve });
    rate = decision.playbackRate;
    now = decision.seekTo ?? now;
    if (i > pictures / 2) ages.push(end - now - everyS);
  }
  return { ages, stood };
}

test("whatever the pace of a camera and wherever playing began, an even stream is shown within 120 ms of its coming", () => {
  fc.assert(fc.property(fc.constantFrom(0.02, 0.04, 0.08, 0.2), fc.double({ min: 0, max: 5, noNaN: true }), fc.integer({ min: 0, max: 20 }), (everyS, startAheadS, unevenMs) => {
    const { ages } = play(everyS, (i) => ((i * 7_919) % 101) / 101 * unevenMs / 1_000, startAheadS);
    assert.ok(Math.max(...ages) < 0.12, `${Math.max(...ages)} s behind`);
  }), { numRuns: 60 });
});

test("a stream that comes in groups of 110 ms is played without standing once the reserve has grown to it", () => {
  const { ages, stood } = play(0.04, (i) => 0.11 - ((i * 0.04) % 0.11), 0.2);
  assert.ok(stood < 10, `stood ${stood} times`);
  assert.ok(Math.max(...ages) < 0.3);
});

test("a machine that is busy for a moment every ten seconds costs a picture that stands then, not a picture that is late all the time", () => {
  const everyS = 0.08;
  const between = Math.round(10 / everyS);
  const { ages, stood } = play(everyS, (i) => (i % between === between - 1 ? 0.25 : 0.005 * (i % 3)), 0.2, 4_000);
  const inOrder = ages.toSorted((a, b) => a - b);
  assert.ok(inOrder[Math.floor(inOrder.length / 2)]! < 0.15, `${inOrder[Math.floor(inOrder.length / 2)]} s behind, half of the time`);
  assert.ok(stood <= 4_000 / between + 3, `stood ${stood} times`);
});

test("from any buffer, following the decisions ends within half a second of the edge", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: -30, max: 70, noNaN: true }), fc.boolean(), (length, currentTime, visible) => {
      let end = length;
      let now = currentTime;
      let rate = 1;
      let reserve = NEW_RESERVE;
      for (let step = 0; step < 600; step++) {
        reserve = noteLow(reserve, step * 100, Math.max(0, end - now));
        end += 0.1;
        const d = decideLive({ ranges: [[0, end]], currentTime: now, playbackRate: rate, visible, fresh: false, keyFramesOnly: false, reserve });
        rate = d.playbackRate;
        now = Math.min(end, d.seekTo ?? now + 0.1 * rate);
        assert.ok(d.trimTo === null || d.trimTo < now, "never trims what is playing");
      }
      assert.ok(end - now <= (visible ? 0.5 : 1.2), `ended ${end - now} s behind`);
    }),
  );
});

test("a picture without news is stale; one that never came is only waiting", () => {
  assert.equal(isStale(null), false);
  assert.equal(isStale(500), false);
  assert.equal(isStale(5_000), true);
});
