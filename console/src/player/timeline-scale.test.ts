import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { causeAt, coverageOf, gapsOf, keepInSight, ticksOf, zoomWindow } from "./timeline-scale.ts";

const HOUR = 3_600_000;

test("zooming keeps the time under the pointer where it is", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.2, max: 5, noNaN: true }), (share, factor) => {
      const window = { from: 1_000_000, to: 1_000_000 + HOUR };
      const around = window.from + share * HOUR;
      const next = zoomWindow(window, around, factor);
      assert.ok(Math.abs((around - next.from) / (next.to - next.from) - share) < 1e-9);
    }),
  );
  assert.equal(zoomWindow({ from: 0, to: 20_000 }, 0, 0.01).to, 20_000, "no closer than twenty seconds");
});

test("ticks fall on round local times", () => {
  const zone = 8 * HOUR;
  const { everyMs, at } = ticksOf({ from: 1_795_000_123_456, to: 1_795_000_123_456 + HOUR }, 800, zone);
  assert.equal(everyMs, 600_000);
  assert.ok(at.length >= 5 && at.every((t) => (t + zone) % everyMs === 0));
});

test("what is recorded with hardly a break is one stretch; gaps keep their causes apart", () => {
  const timeline = {
    coverage: [{ start: 0, end: 60_000 }, { start: 60_050, end: 120_000 }, { start: 300_000, end: 360_000 }],
    gaps: [{ start: 120_000, end: 200_000, cause: "camera-unreachable" as const }, { start: 200_000, end: 300_000, cause: "recorder-stopped" as const }],
  };
  const window = { from: 30_000, to: 1_000_000 };
  assert.deepEqual(coverageOf(timeline, window, 100), [{ from: 30_000, to: 120_000, kind: "recorded" }, { from: 300_000, to: 360_000, kind: "recorded" }]);
  assert.deepEqual(gapsOf(timeline, window, 100).map((g) => g.kind), ["camera-unreachable", "recorder-stopped"]);
  assert.equal(causeAt(timeline, 150_000), "camera-unreachable");
  assert.equal(causeAt(timeline, 50_000), null);
});

test("the window follows the playhead only when it leaves", () => {
  const window = { from: 0, to: 1_000 };
  assert.equal(keepInSight(window, 500), window);
  const moved = keepInSight(window, 1_200);
  assert.ok(moved.from < 1_200 && moved.to > 1_200);
});
