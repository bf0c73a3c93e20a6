import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OpenViews } from "../../../src/contract/cameras.ts";
import { groupViews, lookAgainDelayMs, playbackWindow, renewAtMs, type WantedView } from "./view-policy.ts";

test("a view of ten minutes is renewed in its last two, one of a minute in its second half", () => {
  assert.equal(renewAtMs(0, 600_000), 480_000);
  assert.equal(renewAtMs(0, 60_000), 30_000);
  assert.ok(renewAtMs(1_000, 900) >= 1_000, "one that has ended is renewed at once, not in the past");
});

test("[VIEW7] a recorder that takes no token is asked with a new look at once, then after a minute and ever more rarely: some fifteen looks in three hours, not three thousand", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 60].map(lookAgainDelayMs), [3_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
  let looks = 1;
  for (let at = 0; at < 3 * 3_600_000; looks++) at += lookAgainDelayMs(looks);
  assert.ok(looks <= 20, `${looks}`);
});

test("cameras with the same reason go in one request; another reason is another record", () => {
  const live = (cameraId: number, words: string): WantedView => ({ cameraId, reason: { purpose: "patrol", words }, mode: "live", from: null, to: null });
  const bodies = groupViews([live(1, "a"), live(2, "a"), live(3, "b"), live(2, "a")]);
  assert.deepEqual(bodies.map((b) => b.cameraIds), [[1, 2], [3]]);
});

test("every request is one that the contract takes, and no wanted camera is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ cameraId: fc.integer({ min: 1, max: 60 }), incidentId: fc.integer({ min: 1, max: 2 }) }), { maxLength: 80 }), (list) => {
      const bodies = groupViews(list.map(({ cameraId, incidentId }) => ({ cameraId, reason: { purpose: "incident", incidentId }, mode: "live", from: null, to: null })));
      for (const body of bodies) OpenViews.parse(body);
      const asked = new Set(bodies.flatMap((b) => b.cameraIds.map((c) => `${c}/${JSON.stringify(b.reason)}`)));
      assert.equal(asked.size, new Set(list.map((w) => `${w.cameraId}/${w.incidentId}`)).size);
    }),
  );
});

test("the range for the past holds the wanted time with a quarter of an hour before it and half of one after it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }), (at) => {
      const { from, to } = playbackWindow(at);
      assert.ok(from <= at - 15 * 60_000 && at + 30 * 60_000 <= to);
      assert.equal(to - from, 3_600_000);
      const backward = playbackWindow(at, true);
      assert.ok(backward.from <= at - 37.5 * 60_000 && at + 7.5 * 60_000 <= backward.to, "backwards most of it lies before");
      assert.equal(backward.to - backward.from, 3_600_000);
    }),
  );
});
