import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordingTimeline } from "../../../src/contract/media.ts";
import { findViewAt, joinActivity, joinTimelines, partsToAsk } from "./several-recorders.ts";

const ONE = "http://one";
const TWO = "http://two";
const RECORDERS = [{ recorderUrl: ONE, from: 0, to: 1_000 }, { recorderUrl: TWO, from: 1_000, to: null }];

test("[RDR3] of the views of a range the one that opens the moment is taken, and none where that one was not given", () => {
  const views = [{ from: 0, to: 1_000 }, { from: 1_000, to: 2_000 }];
  assert.deepEqual([0, 999, 1_000, 2_000].map((at) => findViewAt(views, at)), [views[0], views[0], views[1], undefined]);
  assert.equal(findViewAt(views.slice(1), 500), undefined);
  assert.deepEqual(findViewAt([{ from: null, to: null }], 5), { from: null, to: null }, "live");
});

test("[RDR3] each recorder is asked for the part that it recorded; one that never was moved for all", () => {
  assert.deepEqual(partsToAsk({ recorderUrl: TWO, recorders: [] }, 5, 10), [{ recorderUrl: TWO, from: 5, to: 10 }]);
  assert.deepEqual(partsToAsk({ recorderUrl: TWO, recorders: RECORDERS }, 500, 1_500), [{ recorderUrl: ONE, from: 500, to: 1_000 }, { recorderUrl: TWO, from: 1_000, to: 1_500 }]);
  assert.deepEqual(partsToAsk({ recorderUrl: TWO, recorders: RECORDERS }, 1_200, 1_500), [{ recorderUrl: TWO, from: 1_200, to: 1_500 }]);
});

test("[RDR3] timelines of two recorders are one, and what nobody answered for is neither recorded nor a gap", () => {
  const of = (from: number, to: number, more: Partial<RecordingTimeline> = {}): RecordingTimeline => ({ cameraId: 1, from, to, coverage: [{ start: from, end: to }], segments: [], gaps: [], sound: [], clockOff: [], holds: [], ...more });
  assert.equal(joinTimelines([]), null);
  const joined = joinTimelines([of(0, 1_000), of(1_000, 1_500, { coverage: [{ start: 1_200, end: 1_500 }], gaps: [{ start: 1_000, end: 1_200, cause: "not-yet-added" }] })])!;
  assert.deepEqual([joined.from, joined.to, joined.coverage, joined.gaps], [0, 1_500, [{ start: 0, end: 1_000 }, { start: 1_200, end: 1_500 }], [{ start: 1_000, end: 1_200, cause: "not-yet-added" }]]);
});

test("[RDR3] movement of two recorders is one profile; the step in which the camera was moved is known to both", () => {
  const joined = joinActivity([{ cameraId: 1, from: 0, to: 3_000, stepMs: 1_000, values: [1, 2, 9] }, { cameraId: 1, from: 2_000, to: 5_000, stepMs: 1_000, values: [4, null, 7] }]);
  assert.deepEqual(joined, { cameraId: 1, from: 0, to: 5_000, stepMs: 1_000, values: [1, 2, 9, null, 7] });
});
