// The rules of SPEC.md as functions: no clock, no database.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkAccount, type AccountFacts } from "./account-policy.ts";
import { ADDRESS_POLICY, LOGIN_NAME_POLICY, createThrottle } from "./login-throttle.ts";
import { SESSION_IDLE_MS, SESSION_LONGEST_MS, isSessionOver, mustTouch, sessionExpiresAt } from "./session-policy.ts";
import { INCIDENT_GRACE_MS, LONGEST_LOOK_BACK_MS, checkViewRange, judgeCallReason, refuseIncidentReason, refuseRenewal } from "./view-policy.ts";

describe("log-in throttle", () => {
  for (const [rule, policy] of [["[LOG1]", LOGIN_NAME_POLICY], ["[LOG2]", ADDRESS_POLICY]] as const) {
    test(`${rule} the first ${policy.free} failures are free; then the wait doubles up to its limit and never goes back`, () => {
      const throttle = createThrottle(policy);
      let now = 0;
      let before = 0;
      for (let i = 1; i <= policy.free + 30; i++) {
        throttle.failed("k", now);
        const wait = throttle.waitMs("k", now);
        if (i < policy.free) assert.equal(wait, 0);
        else assert.equal(wait, Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** (i - policy.free)));
        assert.ok(wait >= before);
        before = wait;
        assert.equal(throttle.waitMs("k", now + wait), 0);
        now += wait;
      }
    });
  }

  test("[LOG3] a success forgets a key, time forgets all, and keys do not touch each other", () => {
    const throttle = createThrottle(LOGIN_NAME_POLICY);
    for (let i = 0; i < 9; i++) throttle.failed("a", 0);
    assert.ok(throttle.waitMs("a", 0) > 0);
    assert.equal(throttle.waitMs("b", 0), 0);
    assert.equal(throttle.waitMs("a", LOGIN_NAME_POLICY.forgetAfterMs), 0);
    for (let i = 0; i < 9; i++) throttle.failed("a", 1e7);
    throttle.succeeded("a");
    assert.equal(throttle.waitMs("a", 1e7), 0);
  });

  test("a pardon takes back exactly one failure", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (failures, pardons) => {
        const [one, other] = [createThrottle(ADDRESS_POLICY), createThrottle(ADDRESS_POLICY)];
        for (let i = 0; i < failures; i++) one.failed("k", 0);
        for (let i = 0; i < pardons; i++) one.pardon("k");
        for (let i = 0; i < failures - pardons; i++) other.failed("k", 0);
        assert.equal(one.waitMs("k", 0), other.waitMs("k", 0));
      }),
    );
  });

  test("[LOG4] the table is bounded, and what was touched longest ago goes first", () => {
    const throttle = createThrottle(LOGIN_NAME_POLICY, 3);
    for (let i = 0; i < 9; i++) for (const key of ["a", "b", "c"]) throttle.failed(key, 0);
    throttle.failed("a", 0);
    throttle.failed("d", 0);
    assert.equal(throttle.size, 3);
    assert.equal(throttle.waitMs("b", 0), 0, "b is forgotten");
    assert.ok(throttle.waitMs("a", 0) > 0);
  });
});

describe("sessions", () => {
  test("[SES1] over an hour after the last use, and fourteen after the beginning, whichever is first", () => {
    fc.assert(
      fc.property(fc.nat(SESSION_LONGEST_MS * 2), fc.nat(SESSION_LONGEST_MS * 2), (used, now) => {
        const over = isSessionOver({ createdAt: 0, lastUsedAt: used }, now);
        assert.equal(over, now >= used + SESSION_IDLE_MS || now >= SESSION_LONGEST_MS);
        assert.equal(over, now >= sessionExpiresAt({ createdAt: 0, lastUsedAt: used }));
      }),
    );
  });
  test("[SES2] a use is written down after 30 s", () => {
    assert.deepEqual([29_999, 30_000].map((now) => mustTouch({ createdAt: 0, lastUsedAt: 0 }, now)), [false, true]);
  });
});

describe("accounts", () => {
  const account = (id: number, roles: string[], more: Partial<AccountFacts> = {}): AccountFacts => ({ id, roles, disabled: false, unitId: null, ...more });
  test("[ACT2] one enabled administrator remains, whatever is changed", () => {
    const admin = account(1, ["administrator"]);
    const off = account(2, ["administrator"], { disabled: true });
    assert.deepEqual(checkAccount({ ...admin, disabled: true }, [off, account(3, ["planner"])]), { ok: false, error: "last-administrator" });
    assert.deepEqual(checkAccount(account(1, ["planner"]), [account(2, ["administrator"])]), { ok: true, value: true });
    assert.equal(checkAccount({ ...off, disabled: false }, []).ok, true);
  });
  test("[ACT3] a unit is for field roles", () => {
    const others = [account(9, ["administrator"])];
    for (const [roles, allowed] of [[["officer"], true], [["guard"], true], [["dispatcher"], false], [["dispatcher", "officer"], true]] as const)
      assert.equal(checkAccount(account(1, [...roles], { unitId: 4 }), others).ok, allowed, roles.join());
  });
});

describe("looking", () => {
  test("[VIEW3] a live look has no range; a look back has one of at most a day that has begun", () => {
    const now = 1_800_000_000_000;
    fc.assert(
      fc.property(fc.option(fc.integer({ min: -2e8, max: 2e8 })), fc.option(fc.integer({ min: -2e8, max: 2e8 })), fc.constantFrom("live" as const, "playback" as const), (a, b, mode) => {
        const range = { mode, from: a === null ? null : now + a, to: b === null ? null : now + b };
        const allowed = mode === "live" ? a === null && b === null : a !== null && b !== null && b > a && b - a <= LONGEST_LOOK_BACK_MS && a <= 60_000;
        assert.equal(checkViewRange(range, now).ok, allowed);
      }),
    );
  });
  test("[VIEW2] an incident is reason enough while it lasts and a little after; for its past always", () => {
    const ended = { endedAt: 1_000 };
    assert.equal(refuseIncidentReason(null, "playback", 0), "incident-unknown");
    assert.equal(refuseIncidentReason({ endedAt: null }, "live", 1e12), null);
    assert.equal(refuseIncidentReason(ended, "live", 1_000 + INCIDENT_GRACE_MS), null);
    assert.equal(refuseIncidentReason(ended, "live", 1_001 + INCIDENT_GRACE_MS), "incident-ended");
    assert.equal(refuseIncidentReason(ended, "playback", 1e12), null);
  });
  test("[VIEW10] a call is reason enough until it ends; then its incident is, or nothing", () => {
    assert.deepEqual(judgeCallReason(null), { kind: "refused", refusal: "call-unknown" });
    assert.deepEqual(judgeCallReason({ endedAt: null, incidentId: null }), { kind: "call" });
    assert.deepEqual(judgeCallReason({ endedAt: 5, incidentId: 7 }), { kind: "incident", incidentId: 7 });
    assert.deepEqual(judgeCallReason({ endedAt: 5, incidentId: null }), { kind: "refused", refusal: "call-ended" });
  });
  test("[VIEW7] a look is renewed by its own account while its last token opens and no end was told", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.option(fc.nat(1e6)), fc.option(fc.nat(1e6)), fc.integer({ min: 1, max: 2 }), fc.nat(3e6), (at, renewedAt, endedAt, accountId, now) => {
        const last = renewedAt ?? at;
        const refusal = refuseRenewal({ accountId: 1, at, renewedAt, endedAt }, accountId, now);
        assert.equal(refusal, accountId !== 1 ? "other-account" : endedAt === null && now < last + 5 * 60_000 ? null : "view-ended");
      }),
    );
  });
});
