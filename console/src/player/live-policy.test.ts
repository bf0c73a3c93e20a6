import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LIVE_LIMITS, decideLive, isStale } from "./live-policy.ts";

const still = { seekTo: null, playbackRate: 1, trimTo: null };

test("nothing buffered: nothing to do", () => {
  assert.deepEqual(decideLive({ ranges: [], currentTime: 0, playbackRate: 1, visible: true }), still);
});

test("the first fragment of a stream that began long ago is jumped to", () => {
  const d = decideLive({ ranges: [[3_600, 3_600.4]], currentTime: 0, playbackRate: 1, visible: true });
  assert.equal(d.seekTo, 3_600.4 - LIVE_LIMITS.startBehindS);
});

test("near the edge the picture plays at its own pace", () => {
  assert.deepEqual(decideLive({ ranges: [[0, 10]], currentTime: 9.8, playbackRate: 1, visible: true }), still);
});

test("behind, it hurries; far behind it jumps; once hurrying it goes on until it is near", () => {
  const at = (ahead: number, playbackRate = 1) => decideLive({ ranges: [[0, 10]], currentTime: 10 - ahead, playbackRate, visible: true });
  assert.equal(at(0.6).playbackRate, 1.08);
  assert.equal(at(1.5).playbackRate, 1.25);
  assert.equal(at(0.4, 1.08).playbackRate, 1.08);
  assert.equal(at(0.4).playbackRate, 1);
  assert.equal(at(0.2, 1.08).playbackRate, 1);
  assert.equal(at(3).seekTo, 10 - LIVE_LIMITS.startBehindS);
});

test("a hidden page jumps where a visible one would hurry", () => {
  assert.equal(decideLive({ ranges: [[0, 10]], currentTime: 8.5, playbackRate: 1, visible: false }).seekTo, 10 - LIVE_LIMITS.startBehindS);
});

test("a hole ahead is crossed when the older piece is played out, not before", () => {
  const ranges = [[0, 4], [4.5, 5]] as const;
  assert.equal(decideLive({ ranges, currentTime: 3.5, playbackRate: 1, visible: true }).seekTo, null);
  assert.ok(decideLive({ ranges, currentTime: 3.99, playbackRate: 1, visible: true }).seekTo! >= 4.5);
});

test("what lies behind is trimmed in large pieces, and the last seconds are kept", () => {
  assert.equal(decideLive({ ranges: [[0, 20]], currentTime: 19.9, playbackRate: 1, visible: true }).trimTo, 19.9 - LIVE_LIMITS.keepBehindS);
  assert.equal(decideLive({ ranges: [[0, 12]], currentTime: 11.9, playbackRate: 1, visible: true }).trimTo, null);
});

test("from any buffer, following the decisions ends within a second of the edge", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: -30, max: 70, noNaN: true }), fc.boolean(), (length, currentTime, visible) => {
      let end = length;
      let now = currentTime;
      let rate = 1;
      for (let step = 0; step < 600; step++) {
        end += 0.1;
        const d = decideLive({ ranges: [[0, end]], currentTime: now, playbackRate: rate, visible });
        rate = d.playbackRate;
        now = Math.min(end, d.seekTo ?? now + 0.1 * rate);
        assert.ok(d.trimTo === null || d.trimTo < now, "never trims what is playing");
      }
      assert.ok(end - now <= 1, `ended ${end - now} s behind`);
    }),
  );
});

test("a picture without news is stale; one that never came is only waiting", () => {
  assert.equal(isStale(null), false);
  assert.equal(isStale(500), false);
  assert.equal(isStale(5_000), true);
});
