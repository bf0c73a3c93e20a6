import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../base/random.ts";
import { CAMERA_PROBLEMS as CONTRACT_PROBLEMS } from "../../contract/cameras.ts";
import { GAP_CAUSES as CONTRACT_CAUSES } from "../../contract/media.ts";
import { GAP_CAUSES } from "../ports.ts";
import { CAMERA_PROBLEMS, gapCauseOf } from "./gap-cause.ts";
import { correctionOf, findGivenUp } from "./given-up.ts";
import { reconnectDelayMs } from "./reconnect.ts";
import { Schedule } from "./schedule.ts";
import { LINGER_MS, decideWish, type RecordingMode, type WishFacts } from "./wanted.ts";

test("[CAM5] [RCD7] problems and causes are the contract's, and every problem has a cause", () => {
  assert.deepEqual(CAMERA_PROBLEMS, CONTRACT_PROBLEMS);
  assert.deepEqual(GAP_CAUSES, CONTRACT_CAUSES);
  for (const problem of CAMERA_PROBLEMS) assert.ok(GAP_CAUSES.includes(gapCauseOf(problem)));
});

const wish = (mode: RecordingMode, more: Partial<WishFacts> = {}): string => {
  const { join, ...rest } = decideWish({ mode, viewers: 0, lastViewerLeftAt: undefined, now: 0, isInHours: false, isInEvent: false, ...more });
  return `${join ? "joined" : "left"}, ${rest.record ? "recorded" : rest.cause}`;
};

test("[CAM1] [CAM2] continuous always; on demand while watched and a while longer", () => {
  assert.equal(wish("continuous"), "joined, recorded");
  assert.equal(wish("on-demand"), "left, not-wanted");
  assert.equal(wish("on-demand", { viewers: 1 }), "joined, recorded");
  assert.equal(wish("on-demand", { lastViewerLeftAt: 1_000, now: 1_000 + LINGER_MS - 1 }), "joined, recorded");
  assert.equal(wish("on-demand", { lastViewerLeftAt: 1_000, now: 1_000 + LINGER_MS }), "left, not-wanted");
});

test("[CAM14] scheduled: recorded in its hours and in no others, whoever watches", () => {
  assert.equal(wish("scheduled", { isInHours: true }), "joined, recorded");
  assert.equal(wish("scheduled"), "left, not-scheduled");
  assert.equal(wish("scheduled", { viewers: 1 }), "joined, not-scheduled");
  assert.equal(wish("scheduled", { lastViewerLeftAt: 1_000, now: 2_000 }), "joined, not-scheduled");
});

test("[CAM15] on an event: always joined, recorded while one lasts, whoever watches", () => {
  assert.equal(wish("on-event"), "joined, no-event");
  assert.equal(wish("on-event", { viewers: 1 }), "joined, no-event");
  assert.equal(wish("on-event", { isInEvent: true }), "joined, recorded");
});

test("[CAM14] the hours of a schedule are asked of the city's clocks; hours that cannot be read are always", () => {
  const monday = Date.UTC(2026, 10, 23);
  const office = new Schedule("mon-fri 07:00-19:00");
  assert.deepEqual([0, 7, 18.99, 19, 31].map((hour) => office.isNow(monday + hour * 3_600_000, "UTC")), [false, true, true, false, true]);
  assert.equal(office.isNow(monday, "UTC"), false, "a clock that goes back");
  assert.equal(office.isNow(monday, "Asia/Shanghai"), true, "another zone");
  assert.equal(new Schedule("whenever").isNow(monday, "UTC"), true);
});

test("[CAM3] waits double up to their bound, spread over the upper half", () => {
  const random = createRandom(1);
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.boolean(), (failures, unauthorized) => {
    const full = unauthorized ? Math.min(300_000, 30_000 * 2 ** (failures - 1)) : Math.min(60_000, 1_000 * 2 ** (failures - 1));
    const delay = reconnectDelayMs(failures, unauthorized, random);
    assert.ok(delay >= full / 2 && delay <= full, `${delay} of ${full}`);
  }));
});

test("[CAM7] a stream that plays is given up after 10 s without a packet, or 30 s without a picture, and not before", () => {
  const facts = { now: 100_000, heardAt: 90_000, pictureAt: 70_000, waitingFor: "a key frame" };
  assert.equal(findGivenUp(facts), undefined);
  assert.deepEqual(findGivenUp({ ...facts, heardAt: 89_999 }), { problem: "timeout", message: "no packet for 10 s", cause: "no-data" });
  assert.deepEqual(findGivenUp({ ...facts, pictureAt: 69_999 }), { problem: "malformed", message: "packets come, but no picture: waiting for a key frame", cause: "bad-data" });
  assert.match(findGivenUp({ ...facts, pictureAt: 0, waitingFor: undefined })!.message, /the rest of one$/);
});

test("[ING9] more than a second off is a correction, either way", () => {
  assert.deepEqual([1_000, -1_000, 1_001, -1_001].map(correctionOf), [0, 0, 1_001, -1_001]);
});
