import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recorder } from "../../../src/contract/recorders.ts";
import { diskShares, summariseRecorders } from "./recorder-state.ts";

const DAY = 86_400_000;
const disk: NonNullable<Recorder["disk"]> = { totalBytes: 1_000, freeBytes: 300, recordedBytes: 600, heldBytes: 50, reserveBytes: 10, floorBytes: 20, inflowBytesPerSecond: 1, isShared: false, recordersOnVolume: 1, isDirect: true, writeFailures: 0, clockAheadMs: 0, clockBehindMs: 0, forecast: { kind: "unknown" }, uncounted: 0, alarms: [] };
const recorder = (id: number, more: Partial<NonNullable<Recorder["disk"]>> = {}): Recorder => ({ id, connected: id !== 3, camerasConnected: 5, camerasWanted: 6, disk: { ...disk, ...more }, at: 1, trouble: null });

test("cameras of linked recorders count; the worst alarm and the nearest full disk are said", () => {
  assert.deepEqual(summariseRecorders([], 0), { connected: 0, wanted: 0, trouble: null, alarm: null, fullAt: null });
  assert.deepEqual(summariseRecorders([recorder(1), { ...recorder(3), disk: null }], 0), { connected: 5, wanted: 12, trouble: null, alarm: null, fullAt: null });
  const soon = summariseRecorders([recorder(1, { alarms: ["early", "below-least"], forecast: { kind: "full", at: 5 * DAY, bytesPerDay: 1 } }), recorder(2, { alarms: ["full"], forecast: { kind: "full", at: 2 * DAY, bytesPerDay: 1 } })], 0);
  assert.deepEqual([soon.alarm, soon.fullAt], ["full", 2 * DAY]);
  assert.equal(summariseRecorders([recorder(1, { forecast: { kind: "full", at: 8 * DAY, bytesPerDay: 1 } })], 0).fullAt, null);
});

test("[RDR4] why a recorder does not run is said before any disk", () => {
  const trouble = { code: "folder-away", folder: "/mnt/video2" } as const;
  assert.deepEqual(summariseRecorders([recorder(1, { alarms: ["early"] }), { ...recorder(3), disk: null, trouble }], 0).trouble, trouble);
});

test("the shares of a disk are parts of it, whatever was told", () => {
  assert.deepEqual(diskShares(disk), { held: 5, recorded: 55, other: 10 });
  assert.deepEqual(diskShares({ ...disk, totalBytes: 0 }), { held: 0, recorded: 0, other: 0 });
  assert.equal(diskShares({ ...disk, freeBytes: 900 }).other, 0);
});
