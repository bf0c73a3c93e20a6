// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/time.ts";
import { findContradiction } from "./clock-witness.ts";

const TRUE = 20_000 * DAY_MS;
const AHEAD = TRUE + 365 * DAY_MS;

for (const [what, wallMs, centreMs, camerasMs, expected] of [
  ["nobody to ask", AHEAD, undefined, [], undefined],
  ["the centre knows the time", AHEAD, TRUE, [], "centre"],
  ["the centre is on the same machine", AHEAD, AHEAD, [], undefined],
  ["the centre is off by less than is believed at once", AHEAD, AHEAD - 29 * MINUTE_MS, [], undefined],
  ["most cameras know the time", AHEAD, undefined, [TRUE, TRUE + 60_000, AHEAD], "cameras"],
  ["also where the centre does not", AHEAD, AHEAD, [TRUE, TRUE, TRUE], "cameras"],
  ["two cameras prove nothing", AHEAD, undefined, [TRUE, TRUE], undefined],
  ["half of them prove nothing", AHEAD, undefined, [TRUE, TRUE, AHEAD, AHEAD], undefined],
  ["cameras that woke up in 1970", AHEAD, undefined, [0, 1_000, 2_000, HOUR_MS], undefined],
  ["the centre is heard where nothing is doubted", TRUE, TRUE - DAY_MS, [], "centre"],
  ["cameras are not: without batteries they agree, and are wrong", TRUE, TRUE, [0, 1_000, 2_000], undefined],
  ["a centre that is ahead itself contradicts nothing", TRUE, AHEAD, [], undefined],
] as const)
  test(`[RET13] who contradicts a clock that is ahead: ${what}`, () => assert.equal(findContradiction({ wallMs, vouchedMs: TRUE }, { centreMs, camerasMs })?.by, expected));

test("[RET13] how far the clock is ahead, by the word of who contradicts", () => {
  assert.equal(findContradiction({ wallMs: AHEAD, vouchedMs: AHEAD }, { centreMs: TRUE, camerasMs: [] })?.aheadMs, AHEAD - TRUE);
  assert.equal(findContradiction({ wallMs: AHEAD, vouchedMs: TRUE + HOUR_MS }, { centreMs: undefined, camerasMs: [TRUE + HOUR_MS, TRUE + HOUR_MS, TRUE + HOUR_MS] })?.aheadMs, AHEAD - TRUE - HOUR_MS);
});
