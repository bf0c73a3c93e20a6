// Rule ids are those of accountability/SPEC.md; what tokens open is tested with the routes that take them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ViewVerifier } from "./view-tokens.ts";

const MINUTE_MS = 60_000;

test("[VIEW8] a look whose end was told stays ended for as long as a token of it may last, by a clock that nobody sets; then it is forgotten", () => {
  let now = 0;
  const verifier = new ViewVerifier({ monotonicMs: () => now });
  const endedAfter = (ms: number): boolean[] => {
    now += ms;
    verifier.endView(99);
    return [1, 2].map((viewId) => verifier.isEnded(viewId));
  };
  verifier.endView(1);
  now += 4 * MINUTE_MS;
  verifier.endView(2);
  assert.deepEqual([endedAfter(MINUTE_MS), endedAfter(2 * MINUTE_MS), endedAfter(4 * MINUTE_MS)], [[true, true], [false, true], [false, false]]);
});
