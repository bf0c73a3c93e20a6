import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MOST_TRIES, judgeAttempt, signedText } from "./webhook.ts";

test("[WHK4] waits double from 5 s to an hour, with jitter between half and all; the sixteenth failure is the last", () => {
  const waits = Array.from({ length: MOST_TRIES - 1 }, (_, i) => {
    const after = judgeAttempt({ status: 503 }, i + 1, 0, 0.999999);
    return after.state === "waiting" ? Math.round(after.nextAt / 1_000) : null;
  });
  assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600, 3_600, 3_600, 3_600]);
  assert.deepEqual(judgeAttempt({ error: "timeout" }, MOST_TRIES, 0, 0), { state: "dead", error: "timeout" });
  fc.assert(fc.property(fc.integer({ min: 1, max: MOST_TRIES - 1 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (tries, chance) => {
    const after = judgeAttempt({ error: "reset" }, tries, 1_000_000, chance);
    const whole = Math.min(5_000 * 2 ** (tries - 1), 3_600_000);
    assert.ok(after.state === "waiting" && after.nextAt >= 1_000_000 + whole / 2 && after.nextAt <= 1_000_000 + whole);
  }));
});

test("[WHK3] [WHK4] any 2xx is delivered, a redirect is a failure, 410 is the end", () => {
  for (const status of [200, 202, 204, 299]) assert.deepEqual(judgeAttempt({ status }, 1, 0, 0), { state: "delivered" });
  for (const status of [199, 301, 307, 400, 404, 500]) assert.equal(judgeAttempt({ status }, 1, 0, 0).state, "waiting", String(status));
  assert.deepEqual(judgeAttempt({ status: 410 }, 1, 0, 0), { state: "dead", error: "HTTP 410" });
});

test("[WHK3] the signature covers id, time and body", () => assert.equal(signedText("evt_1", 7, "{}"), "evt_1.7.{}"));
