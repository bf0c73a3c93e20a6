import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { causeAt, centreWindow, clockOffAt, coverageOf, dayWindow, endRangeAt, findFlag, followWindow, gapsOf, inWholeSeconds, keepInSight, startRangeAt, ticksOf, zoomWindow } from "./timeline-scale.ts";

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

test("keys go from incident to incident, either way, and past the one that the playhead has just come to", () => {
  const flags = [30, 10, 20].map((s) => ({ at: s * 60_000 }));
  const at = (from: number, direction: 1 | -1): number | undefined => findFlag(flags, from, direction, 5_000)?.at;
  assert.deepEqual([at(0, 1), at(595_000, 1), at(595_000 + 800, 1), at(30 * 60_000, 1)], [600_000, 1_200_000, 1_200_000, undefined]);
  assert.deepEqual([at(40 * 60_000, -1), at(30 * 60_000 - 5_000 + 1_500, -1), at(595_000, -1)], [1_800_000, 1_200_000, undefined]);
  assert.equal(findFlag([], 5, 1, 5_000), undefined);
});

test("ticks fall on round local times", () => {
  const zone = 8 * HOUR;
  const { everyMs, at } = ticksOf({ from: 1_795_000_123_456, to: 1_795_000_123_456 + HOUR }, 800, zone);
  assert.equal(everyMs, 600_000);
  assert.ok(at.length >= 5 && at.every((t) => (t + zone) % everyMs === 0));
});

test("a camera's clock is told as wrong where it was, and nowhere else", () => {
  const timeline = { clockOff: [{ start: 1_000, end: 2_000, offsetMs: -3_000 }] };
  assert.deepEqual([999, 1_000, 1_999, 2_000].map((at) => clockOffAt(timeline, at)), [null, -3_000, -3_000, null]);
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

test("a bar that shows a whole day shows whole days, wherever the playhead goes or a time is typed, also where a day has 25 hours", () => {
  const zone = (at: number): number => (at < 1_793_500_000_000 ? 2 * HOUR : HOUR); // clocks go back by an hour
  const day = dayWindow(1_793_500_000_000, zone);
  assert.equal(day.to - day.from, 25 * HOUR);
  const next = dayWindow(day.to + HOUR, zone);
  const before = dayWindow(day.from - HOUR, zone);
  for (const at of [day.from, day.from + 60_000, day.to - 1]) assert.equal(followWindow(day, at, zone), day, "it stays up to its edges");
  assert.deepEqual([followWindow(day, day.to, zone), followWindow(day, day.from - 1, zone)], [next, before]);
  assert.deepEqual([centreWindow(day, day.from + 10 * HOUR, zone), centreWindow(day, day.to + 10 * HOUR, zone)], [day, next]);
  const narrow = { from: day.from, to: day.from + HOUR };
  assert.deepEqual(centreWindow(narrow, day.to, zone), { from: day.to - HOUR / 2, to: day.to + HOUR / 2 });
  assert.deepEqual(followWindow(narrow, day.to, zone), keepInSight(narrow, day.to));
  const shifted = { from: day.from + 1, to: day.to + 1 };
  assert.deepEqual(centreWindow(shifted, day.to, zone), { from: day.to - 12.5 * HOUR, to: day.to + 12.5 * HOUR }, "25 hours that are no day");
});

test("the window follows the playhead only when it leaves", () => {
  const window = { from: 0, to: 1_000 };
  assert.equal(keepInSight(window, 500), window);
  const moved = keepInSight(window, 1_200);
  assert.ok(moved.from < 1_200 && moved.to > 1_200);
});

test("a whole day is the city's own, also where the clock is put back, and stays where it is just after midnight", () => {
  const montevideo = () => -3 * 3_600_000;
  const midnight = Date.UTC(2026, 10, 22, 3);
  assert.deepEqual(dayWindow(midnight + 5_000, montevideo), { from: midnight, to: midnight + 86_400_000 });
  assert.deepEqual(dayWindow(midnight - 1, montevideo), { from: midnight - 86_400_000, to: midnight });
  const back = Date.UTC(2026, 9, 25, 1); // Berlin: 3 o'clock becomes 2
  const berlin = (at: number) => (at < back ? 2 : 1) * 3_600_000;
  assert.deepEqual(dayWindow(back, berlin), { from: Date.UTC(2026, 9, 24, 22), to: Date.UTC(2026, 9, 25, 23) });
  const day = dayWindow(midnight + 130_000, montevideo);
  assert.equal(keepInSight(day, midnight + 130_000), day);
});

test("a chosen range is one of whole seconds, as all its forms have it: what was typed comes back, and nothing that was chosen is left out but a key's quarter of a second", () => {
  const typed = 1_790_000_015_000;
  for (const lateMs of [0, 40, 249]) assert.deepEqual(inWholeSeconds({ from: typed + lateMs, to: typed + 60_000 + lateMs }), { from: typed, to: typed + 60_000 });
  assert.deepEqual(inWholeSeconds({ from: typed + 999, to: typed + 60_251 }), { from: typed, to: typed + 61_000 });
  assert.deepEqual([startRangeAt(null, typed + 320), endRangeAt(null, typed + 320)], [{ from: typed, to: typed + 60_000 }, { from: typed - 59_000, to: typed + 1_000 }], "a minute is a minute");
  assert.deepEqual(inWholeSeconds({ from: typed + 10, to: typed + 20 }), { from: typed, to: typed + 1_000 }, "a second at least");
  fc.assert(fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 1e8 }), (from, length) => {
    const chosen = inWholeSeconds({ from, to: from + length });
    assert.ok(chosen.from <= from && chosen.to >= from + length - 250 && chosen.to > chosen.from && chosen.from % 1_000 === 0 && chosen.to % 1_000 === 0);
    assert.deepEqual(inWholeSeconds(chosen), chosen, "chosen again it is the same");
  }));
});

test("I and O choose a range in either order, and the end that is chosen last counts", () => {
  const fromI = startRangeAt(null, 1_000_000);
  assert.deepEqual(fromI, { from: 1_000_000, to: 1_060_000 });
  assert.deepEqual(endRangeAt(fromI, 1_500_000), { from: 1_000_000, to: 1_500_000 });
  assert.deepEqual(startRangeAt({ from: 1, to: 2 }, 1_000_000), { from: 1_000_000, to: 1_060_000 });
  assert.deepEqual(endRangeAt({ from: 1_000_000, to: 1_500_000 }, 900_000), { from: 840_000, to: 900_000 });
});
