// What a tab remembers of the test of its sounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOT_TESTED, readSoundCheck } from "./sound-check.ts";

test("the answer is remembered for whoever gave it, and for nobody else", () => {
  const kept = JSON.stringify({ account: 7, result: "not-heard", aside: true });
  assert.deepEqual(readSoundCheck(kept, 7), { result: "not-heard", aside: true });
  assert.deepEqual(readSoundCheck(kept, 8), NOT_TESTED);
  assert.deepEqual(readSoundCheck(kept, null), NOT_TESTED);
});
test("spoiled storage asks again", () => {
  for (const kept of [null, "", "{", "null", "[]", JSON.stringify({ account: 7, result: "loud" })]) assert.deepEqual(readSoundCheck(kept, 7), NOT_TESTED);
});
