import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnPosition } from "../../../src/contract/live.ts";
import { dutyEndsAt, isOnDuty, readFix, stateOfReceiverError, stateOfRefusal } from "./position.ts";

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

test("nothing is told after the shift, but in a job or an emergency that outlasts it", () => {
  assert.deepEqual([dutyEndsAt(NOW, false, false), dutyEndsAt(NOW, true, false), dutyEndsAt(NOW, false, true)], [NOW, null, null]);
  assert.deepEqual([isOnDuty(null, NOW), isOnDuty(NOW + 1, NOW), isOnDuty(NOW, NOW)], [true, true, false]);
});
