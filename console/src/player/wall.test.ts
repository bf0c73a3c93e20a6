// The clock of a wall and the map between media time and wall time.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clockAt, decideSync, movedTo, shuttle, withSpeed } from "./wall-clock.ts";
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
  assert.deepEqual(["l", "ll", "llll", "lllll", "lk", "llj", "jj", "kj"].map(after), [1, 2, 8, 8, 0, -1, -2, -1]);
});

test("a tile near the clock keeps its pace, one that drifts is drawn back, one far off seeks", () => {
  assert.deepEqual(decideSync(0.01, 1), { do: "rate", rate: 1 });
  assert.deepEqual(decideSync(-0.3, 2), { do: "rate", rate: 2.16 });
  assert.deepEqual(decideSync(5, 1), { do: "seek" });
  assert.deepEqual(decideSync(0.5, -1), { do: "seek" }, "backwards there is no playing, only stepping");
  assert.deepEqual(decideSync(0, 0), { do: "rate", rate: 0 });
});
