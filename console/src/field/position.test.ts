import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnPosition } from "../../../src/contract/live.ts";
import { isOnDuty, readFix, stateOfReceiverError, stateOfRefusal } from "./position.ts";

const NOW = 1_800_000_000_000;
const fix = (more: object = {}, timestamp = NOW - 1_500) => ({ coords: { longitude: -56.19, latitude: -34.9, heading: null, speed: null, ...more }, timestamp });

test("a fix goes out with its age, and fits the contract", () => {
  const cases = [fix(), fix({ heading: 90, speed: 12.5 }), fix({ heading: Number.NaN, speed: Number.NaN }), fix({ heading: 360 }), fix({ speed: -1 }), fix({}, NOW + 4_000), fix({}, NOW - 0.4)];
  for (const each of cases) assert.ok(OwnPosition.safeParse(readFix(each, NOW)).success, JSON.stringify(each));
  assert.deepEqual(readFix(fix({ heading: 90, speed: 12.5 }), NOW), { lon: -56.19, lat: -34.9, headingDeg: 90, speedMps: 12.5, ageMs: 1_500 });
  assert.equal(readFix(fix({ heading: Number.NaN }), NOW)?.headingDeg, null, "a phone that stands has no heading");
  assert.equal(readFix(fix({}, NOW + 4_000), NOW)?.ageMs, 0, "a receiver ahead of the phone's clock");
});

test("an old fix and one that is no place are not told", () => {
  for (const each of [fix({}, NOW - 60_001), fix({}, Number.NaN), fix({ latitude: 91 }), fix({ longitude: Number.NaN })]) assert.equal(readFix(each, NOW), null);
});

test("the officer is told what it means", () => {
  assert.deepEqual([1, 2, 3].map(stateOfReceiverError), ["denied", "lost", "lost"]);
  assert.deepEqual(["outside-city", "off-duty", "too-many-requests"].map(stateOfRefusal), ["outside-city", "off-duty", null]);
});

test("[SHF5] nothing is told after the shift", () => {
  const unit = { shiftStartsAt: null, shiftEndsAt: NOW + 1, activeAssignmentId: null, emergency: false };
  assert.deepEqual([isOnDuty({ ...unit, shiftEndsAt: null }, NOW), isOnDuty(unit, NOW), isOnDuty(unit, NOW + 1), isOnDuty({ ...unit, shiftStartsAt: NOW + 1, shiftEndsAt: NOW + 2 }, NOW)], [true, true, false, false]);
  assert.deepEqual([isOnDuty({ ...unit, activeAssignmentId: 7 }, NOW + 1), isOnDuty({ ...unit, emergency: true }, NOW + 1)], [true, true], "but while it has a job, or calls for help");
});
