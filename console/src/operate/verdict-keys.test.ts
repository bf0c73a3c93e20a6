import assert from "node:assert/strict";
import { test } from "node:test";
import { readVerdictKey } from "./verdict-keys.ts";

test("a letter is a verdict on the camera in focus, j and a digit choose another one, anything else gives up", () => {
  const ids = [40, 7, 12];
  assert.deepEqual(["s", "N", "u"].map((key) => readVerdictKey(key, ids, 7)), [{ kind: "verdict", cameraId: 7, verdict: "seen" }, { kind: "verdict", cameraId: 7, verdict: "not-seen" }, { kind: "verdict", cameraId: 7, verdict: "cannot-tell" }]);
  assert.deepEqual(readVerdictKey("3", ids, 7), { kind: "camera", cameraId: 12 });
  assert.deepEqual([readVerdictKey("j", ids, 7), readVerdictKey("j", ids, 12), readVerdictKey("j", ids, null)], [12, 40, 40].map((cameraId) => ({ kind: "camera", cameraId })), "j goes on to the next");
  assert.deepEqual(["4", "0", "x", "Escape", "Enter"].map((key) => readVerdictKey(key, ids, 7).kind), Array(5).fill("none"));
  assert.deepEqual(readVerdictKey("s", ids, null), { kind: "none" }, "nothing is said of no camera");
  assert.deepEqual(readVerdictKey("j", [], null), { kind: "none" });
});
