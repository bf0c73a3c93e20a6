import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DAY_MS } from "../../base/time.ts";
import { type CameraFacts, type CameraKeeping, type RetentionFacts, planDeletions } from "./plan.ts";

const NOW = 100 * DAY_MS;
const keep = (mostDays: number, leastDays = 0, mostBytes = Infinity): CameraKeeping => ({ mostDays, leastDays, mostBytes });
/** A camera with one segment of 100 bytes for each age in days, the oldest first; ids are camera * 1000 + age. */
const camera = (cameraId: number, keeping: CameraKeeping, ages: readonly number[], hasMore = false): CameraFacts => ({
  cameraId, keeping, storedBytes: ages.length * 100, hasMore,
  oldest: ages.map((age) => ({ segmentId: cameraId * 1_000 + age, cameraId, startMs: NOW - age * DAY_MS - 60_000, endMs: NOW - age * DAY_MS, bytes: 100 })),
});
const facts = (cameras: readonly CameraFacts[], more: Partial<RetentionFacts> = {}): RetentionFacts =>
  ({ cameras, freeBytes: 1_000, floorBytes: 500, storedBytes: cameras.reduce((sum, each) => sum + each.storedBytes, 0), mostBytes: Infinity, now: NOW, most: 100, ...more });
const plan = (cameras: readonly CameraFacts[], more: Partial<RetentionFacts> = {}): [number, string][] => planDeletions(facts(cameras, more)).deletions.map((each) => [each.segment.segmentId, each.why]);

describe("which recordings are deleted", () => {
  const two = [camera(1, keep(3), [9, 7, 5, 3, 1]), camera(2, keep(30), [8, 6, 4, 2, 0])];

  test("[RET1] segments past their own camera's age go, and only these", () => {
    assert.deepEqual(plan(two), [[1_009, "age"], [1_007, "age"], [1_005, "age"]]);
  });

  test("[RET2] [RET7] below the floor those go next that are oldest by what their camera is to keep, counting what age frees", () => {
    assert.deepEqual(plan(two, { freeBytes: 0, floorBytes: 550 }), [[1_009, "age"], [1_007, "age"], [1_005, "age"], [1_003, "space"], [1_001, "space"], [2_008, "space"]]);
  });

  test("[RET6] above the bound of all recordings the same go until it is kept", () => {
    assert.deepEqual(plan(two, { mostBytes: 650 }), [[1_009, "age"], [1_007, "age"], [1_005, "age"], [1_003, "space"]]);
    assert.equal(plan(two, { mostBytes: 700 }).length, 3);
  });

  test("[RET8] a camera above its own bytes loses its oldest, as far as its least allows", () => {
    assert.deepEqual(plan([camera(1, keep(30, 0, 250), [9, 7, 5, 3]), camera(2, keep(30), [20])]), [[1_009, "size"], [1_007, "size"]]);
    assert.deepEqual(plan([camera(1, keep(30, 8, 250), [9, 7, 5, 3])]), [[1_009, "size"]]);
  });

  test("[RET9] what a camera has to keep at least goes only where the disk would be full and nothing else may go, by the share of its least", () => {
    const tight = [camera(1, keep(30, 10), [20, 9, 8]), camera(2, keep(30, 4), [5, 3])];
    assert.deepEqual(plan(tight, { freeBytes: 300 }), [[1_020, "space"], [2_005, "space"]]);
    assert.deepEqual(plan(tight, { freeBytes: 100 }), [[1_020, "space"], [2_005, "space"], [1_009, "below-least"], [1_008, "below-least"]]);
    const bound = planDeletions(facts(tight, { mostBytes: 100 }));
    assert.deepEqual(bound.deletions.map((each) => each.why), ["space", "space"], "the bound of all recordings breaks no least");
    assert.equal(bound.overBound, 200);
  });

  test("[RET9] once a least has to be broken, some seconds of what comes are freed beyond the floor, and none is for the aim alone", () => {
    const ages = Array.from({ length: 20 }, (_, i) => 20 - i);
    const least = [camera(1, keep(30, 25), ages)];
    const aim = { floorBytes: 500, aimBytes: 500 + 6 * 300 };
    assert.equal(plan(least, { ...aim, freeBytes: 499 }).length, 4, "100 for the floor, 300 for the next seconds");
    assert.deepEqual(plan(least, { ...aim, freeBytes: 500 }), []);
    assert.deepEqual(plan([camera(1, keep(30, 25), ages), camera(2, keep(30), [9])], { ...aim, freeBytes: 450 }), [[2_009, "space"]], "above the floor it is by what may go");
    const isScarce = (cameras: readonly CameraFacts[]): boolean => planDeletions(facts(cameras, { ...aim, freeBytes: 499 })).isScarce;
    assert.deepEqual([isScarce(least), isScarce([camera(1, keep(30), ages)])], [true, false]);
  });

  test("[RET3] a plan that had to stop says so", () => {
    const cameras = [camera(1, keep(3), [9, 8, 7])];
    assert.deepEqual([planDeletions(facts(cameras, { most: 2 })).isCut, planDeletions(facts(cameras)).isCut], [true, false]);
    assert.equal(planDeletions(facts([camera(1, keep(3), [9, 8, 7], true)])).isCut, true);
  });

  test("[RET9] while a camera has older recordings that were not listed, no least is broken", () => {
    assert.deepEqual(plan([camera(1, keep(30), [20, 19], true), camera(2, keep(30, 10), [9])], { freeBytes: 0 }), [[1_020, "space"], [1_019, "space"]]);
  });

  test("[RET1] the least counts where it is longer than the most", () => {
    assert.deepEqual(plan([camera(1, keep(3, 10), [11, 9, 5])]), [[1_011, "age"]]);
  });

  test("what is lacking is told, where nothing more may go", () => {
    assert.equal(planDeletions(facts([camera(1, keep(30), [5])], { freeBytes: 0 })).lacking, 400);
    assert.equal(planDeletions(facts([], { freeBytes: 0 })).lacking, 500);
    assert.equal(planDeletions(facts([camera(1, keep(30), [5])])).lacking, 0);
  });

  test("a segment whose end lies ahead, for the clock was set back, goes last and does go", () => {
    assert.deepEqual(plan([camera(1, keep(30), [4, -2])], { freeBytes: 300 }).map(([id]) => id), [1_004, 998]);
  });
});

const cameraArbitrary = (cameraId: number): fc.Arbitrary<CameraFacts> =>
  fc.record({
    ages: fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 12 }), mostDays: fc.integer({ min: 1, max: 50 }), leastDays: fc.integer({ min: 0, max: 40 }),
    mostBytes: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 1_000 })), hasMore: fc.boolean(),
  }).map(({ ages, mostDays, leastDays, mostBytes, hasMore }) => camera(cameraId, keep(mostDays, Math.min(leastDays, mostDays), mostBytes), [...ages].sort((a, b) => b - a), hasMore && ages.length > 0));
const factsArbitrary = fc.record({
  cameras: fc.tuple(cameraArbitrary(1), cameraArbitrary(2), cameraArbitrary(3)), freeBytes: fc.integer({ min: 0, max: 2_000 }), floorBytes: fc.integer({ min: 0, max: 2_000 }),
  mostBytes: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 4_000 })), most: fc.integer({ min: 0, max: 40 }),
}).map(({ cameras, ...more }) => facts(cameras, more));

describe("whatever the facts", () => {
  test("[RET3] no more than a bounded number, none twice, only candidates, and of each camera the oldest first", () => {
    fc.assert(fc.property(factsArbitrary, (given) => {
      const { deletions } = planDeletions(given);
      assert.ok(deletions.length <= given.most);
      for (const { cameraId, oldest } of given.cameras) {
        const gone = deletions.filter((each) => each.segment.cameraId === cameraId).map((each) => each.segment.segmentId);
        assert.deepEqual(gone, oldest.slice(0, gone.length).map((each) => each.segmentId));
      }
    }));
  });

  test("[RET9] nothing below a camera's least goes, but where the floor is not reached by all else", () => {
    fc.assert(fc.property(factsArbitrary, (given) => {
      const { deletions } = planDeletions(given);
      const freed = (of: typeof deletions): number => of.reduce((sum, each) => sum + each.segment.bytes, 0);
      for (const { segment, why } of deletions) {
        const { keeping } = given.cameras.find((each) => each.cameraId === segment.cameraId)!;
        const isBelow = keeping.leastDays > 0 && given.now - segment.endMs <= keeping.leastDays * DAY_MS;
        assert.equal(why === "below-least", isBelow);
      }
      const lawful = deletions.filter((each) => each.why !== "below-least");
      if (lawful.length < deletions.length) {
        assert.ok(given.freeBytes + freed(lawful) < given.floorBytes, "there was room without it");
        for (const each of given.cameras) {
          const next = each.oldest[lawful.filter((one) => one.segment.cameraId === each.cameraId).length];
          assert.ok(next === undefined ? !each.hasMore : given.now - next.endMs <= each.keeping.leastDays * DAY_MS, "something else could have gone");
        }
      }
    }));
  });

  test("[RET7] no camera loses a greater share of its time for want of room than another could have given", () => {
    fc.assert(fc.property(factsArbitrary, (given) => {
      const { deletions } = planDeletions(given);
      const shareOf = (cameraId: number, endMs: number): number => (given.now - endMs + 1) / (given.cameras.find((each) => each.cameraId === cameraId)!.keeping.mostDays * DAY_MS);
      const taken = deletions.filter((each) => each.why === "space").map((each) => shareOf(each.segment.cameraId, each.segment.endMs));
      if (taken.length === 0) return;
      for (const { cameraId, keeping, oldest } of given.cameras) {
        const left = oldest[deletions.filter((each) => each.segment.cameraId === cameraId).length];
        if (left === undefined || (keeping.leastDays > 0 && given.now - left.endMs <= keeping.leastDays * DAY_MS)) continue;
        assert.ok(shareOf(cameraId, left.endMs) <= Math.min(...taken), "an older one stayed");
      }
    }));
  });

  test("[RET2] [RET6] no more goes for want of room than is wanted", () => {
    fc.assert(fc.property(factsArbitrary, (given) => {
      const { deletions, lacking } = planDeletions(given);
      const spared = deletions.filter((each, at) => at === deletions.length - 1 && (each.why === "space" || each.why === "below-least"));
      for (const last of spared) {
        const before = deletions.reduce((sum, each) => sum + each.segment.bytes, 0) - last.segment.bytes;
        assert.ok(given.freeBytes + before < given.floorBytes || given.storedBytes - before > given.mostBytes);
      }
      if (lacking > 0) for (const each of given.cameras) assert.equal(deletions.filter((one) => one.segment.cameraId === each.cameraId).length, each.oldest.length);
    }));
  });
});
