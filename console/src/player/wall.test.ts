// The clock of a wall and the map between media time and wall time.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_STRAIN, clockAt, decideSync, isStrained, movedTo, nextSpeed, noteStrain, shuttle, withSpeed } from "./wall-clock.ts";
import { LiveAnchors, findMediaS, findWallMs } from "./wall-map.ts";

const anchors = [
  { mediaS: 0, wallMs: 10_000, durationS: 6 },
  { mediaS: 6, wallMs: 16_040, durationS: 6 }, // a crack of 40 ms
  { mediaS: 12, wallMs: 90_000, durationS: 4 }, // a gap of a minute
];

test("media time and wall time are one another's inverse within the recording", () => {
  assert.equal(findWallMs(anchors, 13), 91_000);
  assert.deepEqual(findMediaS(anchors, 91_000), { at: "media", mediaS: 13 });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 15.9, noNaN: true }), (mediaS) => {
      const back = findMediaS(anchors, findWallMs(anchors, mediaS)!);
      assert.ok(back.at === "media" && Math.abs(back.mediaS - mediaS) < 1e-3);
    }),
  );
});

test("a crack is crossed, a gap is told with where the pictures go on", () => {
  assert.equal(findMediaS(anchors, 16_020).at, "media");
  assert.deepEqual(findMediaS(anchors, 50_000), { at: "gap", nextWallMs: 90_000, nextMediaS: 12 });
  assert.deepEqual(findMediaS(anchors, 5_000), { at: "gap", nextWallMs: 10_000, nextMediaS: 0 });
  assert.deepEqual(findMediaS(anchors, 99_000), { at: "gap", nextWallMs: null, nextMediaS: null });
});

test("a live map follows a stream that began anew", () => {
  const live = new LiveAnchors();
  live.add(0, 1_000);
  live.add(1, 2_500); // the camera's clock runs slow: the nearest anchor counts
  assert.equal(live.findWallMs(1.5), 3_000);
  live.add(0.2, 9_000);
  assert.equal(live.findWallMs(1.2), 10_000);
  assert.equal(live.findWallMs(0.1), null);
});

test("changing the speed never moves the clock", () => {
  const clock = { anchorWallMs: 5_000, anchorAtMs: 100, speed: 1 };
  assert.equal(clockAt(clock, 1_100), 6_000);
  const faster = withSpeed(clock, 4, 1_100);
  assert.equal(clockAt(faster, 1_100), 6_000);
  assert.equal(clockAt(faster, 2_100), 10_000);
  assert.equal(clockAt(movedTo(faster, 1, 2_100), 2_100), 1);
});

test("J K L", () => {
  const after = (keys: string) => [...keys].reduce((speed, key) => shuttle(speed, key as "j" | "k" | "l"), 0);
  assert.deepEqual(["l", "ll", "lllll", "llllll", "lk", "llj", "jj", "jjjjjj", "kj"].map(after), [1, 2, 16, 16, 0, -1, -2, -16, -1]);
});

test("one speed after another, from 16 back to 16 ahead, past the standstill", () => {
  const up = Array.from({ length: 12 }, () => 0);
  up.reduce((speed, _, i) => (up[i] = nextSpeed(speed, 1)), -16);
  assert.deepEqual(up, [-8, -4, -2, -1, 0.25, 0.5, 1, 2, 4, 8, 16, 16]);
  assert.deepEqual([nextSpeed(0.25, -1), nextSpeed(-16, -1), nextSpeed(0, 1), nextSpeed(0, -1)], [-1, -16, 0.25, -1]);
});

test("a tile near the clock keeps its pace, one that drifts is drawn back, one far off seeks", () => {
  assert.deepEqual(decideSync(0.01, 1), { do: "rate", rate: 1 });
  assert.deepEqual(decideSync(-0.3, 2), { do: "rate", rate: 2.25 });
  assert.deepEqual(decideSync(0.06, 1), { do: "rate", rate: 0.95 }, "drawn back in about a second, without a jolt");
  assert.deepEqual(decideSync(5, 1), { do: "seek" });
  assert.deepEqual(decideSync(0.5, 0), { do: "seek" }, "a picture that stands is put where the clock stands");
  assert.deepEqual(decideSync(0, 0), { do: "rate", rate: 0 });
});

test("whatever the drift, two tiles on one clock come within two hundredths of a second of it", () => {
  fc.assert(
    fc.property(fc.double({ min: -0.7, max: 0.7, noNaN: true }), fc.constantFrom(0.25, 0.5, 1, 2, 4, 8, 16), (start, speed) => {
      let drift = start * Math.max(1, speed);
      for (let tick = 0; tick < 80; tick++) {
        const step = decideSync(drift, speed);
        drift = step.do === "seek" ? 0 : drift + (step.rate - speed) * 0.1;
      }
      assert.ok(Math.abs(drift) <= 0.02 * Math.max(1, speed), `${drift} s off at ${speed}`);
    }),
  );
});

test("a decoder that falls behind again and again at four times or more is given key frames, until the clock is slower", () => {
  const after = (speed: number, behindEveryMs: number, n: number, from = NO_STRAIN) => Array.from({ length: n }, (_, i) => i).reduce((strain, i) => noteStrain(strain, speed, true, i * behindEveryMs), from);
  assert.equal(isStrained(after(8, 500, 4), 8), true);
  assert.equal(isStrained(after(8, 500, 3), 8), false);
  assert.equal(isStrained(after(8, 5_000, 10), 8), false, "now and then is no strain");
  assert.equal(isStrained(after(2, 100, 10), 2), false, "at twice the pace every picture is wanted");
  assert.equal(isStrained(after(8, 500, 4), 16), true, "what is too fast at 8 is so at 16");
  assert.equal(isStrained(after(8, 500, 4), 4), false, "and is tried anew at 4");
});
