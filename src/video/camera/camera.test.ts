import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../base/random.ts";
import { CAMERA_PROBLEMS as CONTRACT_PROBLEMS } from "../../contract/cameras.ts";
import { GAP_CAUSES as CONTRACT_CAUSES } from "../../contract/media.ts";
import { GAP_CAUSES } from "../ports.ts";
import { CAMERA_PROBLEMS, gapCauseOf } from "./gap-cause.ts";
import { reconnectDelayMs } from "./reconnect.ts";
import { LINGER_MS, isJoinWanted } from "./wanted.ts";

test("[CAM5] [RCD7] problems and causes are the contract's, and every problem has a cause", () => {
  assert.deepEqual(CAMERA_PROBLEMS, CONTRACT_PROBLEMS);
  assert.deepEqual(GAP_CAUSES, CONTRACT_CAUSES);
  for (const problem of CAMERA_PROBLEMS) assert.ok(GAP_CAUSES.includes(gapCauseOf(problem)));
});

test("[CAM1] [CAM2] continuous always; on demand while watched and a while longer", () => {
  assert.equal(isJoinWanted("continuous", 0, undefined, 0), true);
  assert.equal(isJoinWanted("on-demand", 0, undefined, 0), false);
  assert.equal(isJoinWanted("on-demand", 1, undefined, 0), true);
  assert.equal(isJoinWanted("on-demand", 0, 1_000, 1_000 + LINGER_MS - 1), true);
  assert.equal(isJoinWanted("on-demand", 0, 1_000, 1_000 + LINGER_MS), false);
});

test("[CAM3] waits double up to their bound, spread over the upper half", () => {
  const random = createRandom(1);
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.boolean(), (failures, unauthorized) => {
    const full = unauthorized ? Math.min(300_000, 30_000 * 2 ** (failures - 1)) : Math.min(60_000, 1_000 * 2 ** (failures - 1));
    const delay = reconnectDelayMs(failures, unauthorized, random);
    assert.ok(delay >= full / 2 && delay <= full, `${delay} of ${full}`);
  }));
});
