// A tour under way. Rule [WAL2] in src/video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { goTour, leftMs, resumeTour, standTour, startTour, tickTour } from "./tour.ts";

const tour = { id: 1, name: "Evening", shared: false, ownerName: "Ana", mayChange: true, changedAt: 0, stops: [{ kind: "camera", cameraId: 4, dwellS: 10 }, { kind: "layout", layoutId: 2, dwellS: 30 }] } as const;

test("[WAL2] each stop has its time, one after another, round and round", () => {
  let running = startTour(tour as never, 1_000);
  assert.deepEqual([running.index, leftMs(running, 4_000)], [0, 7_000]);
  running = tickTour(running, 10_999);
  assert.equal(running.index, 0);
  running = tickTour(running, 11_000);
  assert.deepEqual([running.index, leftMs(running, 11_000)], [1, 30_000]);
  running = tickTour(running, 41_000);
  assert.equal(running.index, 0);
  assert.equal(tickTour(running, 41_000 + 3_600_000).index, 1, "a page that slept for an hour goes one stop on");
});

test("a tour that stands keeps what is left of its stop, also through stops that are chosen by hand", () => {
  const standing = standTour(startTour(tour as never, 0), 4_000);
  assert.equal(tickTour(standing, 1e9), standing);
  assert.equal(leftMs(resumeTour(standing, 50_000), 50_000), 6_000);
  const next = goTour(standing, 1, 60_000);
  assert.deepEqual([next.index, next.pace], [1, { state: "standing", leftMs: 30_000 }]);
  assert.equal(goTour(standing, -1, 60_000).index, 1, "back from the first is the last");
});
