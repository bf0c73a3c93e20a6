// Rule ids are those of SPEC.md. The clock runs two hours ahead for a while and is set right.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../base/time.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { ANA, BEN, SWITCH, createWorld, type World } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const AHEAD_MS = 2 * HOUR_MS;
/** What `work` made was written two hours ahead; then the clock is right again. */
function ahead<T>(w: World, work: () => T): T {
  w.now += AHEAD_MS;
  const made = work();
  w.now -= AHEAD_MS;
  return made;
}
const typesFrom = (w: World, from: number): string[] => w.log.slice(from).map(({ body }) => body.type);
const toldIn = (w: World, ms: number): string[] => {
  const from = w.log.length;
  w.wait(ms);
  return typesFrom(w, from);
};

describe("a clock that ran ahead and was set right", () => {
  it("[CMD9] a new incident to which nobody goes is told within its minute, at the right time", () => {
    const w = createWorld(hash);
    ahead(w, () => w.ring());
    const id = w.open();
    w.ok(ANA, { type: "incident.update", incidentId: id, priority: 1 });
    assert.equal(w.incident(id).createdAt, w.now);
    assert.equal(toldIn(w, DEFAULT_POLICY.shortfallAfterMs[0] - SECOND_MS).includes("incident.shortfall-overdue"), false);
    assert.ok(toldIn(w, SECOND_MS).includes("incident.shortfall-overdue"));
  });
  it("[CMD9] an incident that was made meanwhile is told at once, and again when that is due", () => {
    const w = createWorld(hash);
    const id = ahead(w, () => w.open());
    assert.ok(toldIn(w, SECOND_MS).includes("incident.shortfall-overdue"));
    assert.deepEqual(toldIn(w, SECOND_MS).filter((type) => type === "incident.shortfall-overdue"), []);
    assert.ok(w.incident(id).shortfall!.dueAt <= w.now + DEFAULT_POLICY.longestReminderMs);
  });
  it("[CMD9] a unit that was sent meanwhile is told of, goes up where it stays silent, and its word ends that", () => {
    const w = createWorld(hash);
    const [silent, heard] = ahead(w, () => [w.assign(w.open(), 1), w.assign(w.open(), 2)]);
    assert.deepEqual(toldIn(w, SECOND_MS).filter((type) => type === "assignment.not-acknowledged").length, 2);
    w.report(heard, "acknowledged");
    assert.equal(w.assignment(heard).unanswered, null);
    for (let s = 0; s < MINUTE_MS; s += 10 * SECOND_MS) w.wait(10 * SECOND_MS);
    assert.deepEqual([w.assignment(silent).unanswered!.goneUp, w.assignment(heard).unanswered], [true, null]);
    assert.ok(w.assignment(silent).unanswered!.since <= w.now);
    w.report(silent, "acknowledged");
    assert.deepEqual([w.assignment(silent).state, w.assignment(silent).unanswered], ["acknowledged", null]);
    w.wait(SECOND_MS);
    assert.equal(w.assignment(silent).unanswered, null, "what was said since counts, not what came before it");
  });
  it("[CMD9] a crew that was on its way is told of until it says something", () => {
    const w = createWorld(hash);
    const job = ahead(w, () => {
      const id = w.assign(w.open(), 1);
      w.report(id, "acknowledged");
      w.report(id, "en-route");
      return id;
    });
    assert.ok(toldIn(w, SECOND_MS).includes("assignment.unanswered"));
    w.report(job, "on-scene");
    assert.deepEqual([toldIn(w, SECOND_MS).filter((type) => type.startsWith("assignment.")), w.assignment(job).unanswered], [[], null]);
  });
  it("[CMD9] a call to be called back, a panic button, a hand-over and an incident without a watch go up", () => {
    const w = createWorld(hash);
    ahead(w, () => {
      w.ring("a");
      w.ok(SWITCH, { type: "contact.hang-up", externalId: "a" });
      w.ok(SWITCH, { type: "contact.receive", source: "panic-button", externalId: "b", callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: "" });
      w.open();
      w.ok(ANA, { type: "hand-over.offer", toUserId: BEN.id, words: "" });
      w.ok(SWITCH, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null });
    });
    const told = toldIn(w, SECOND_MS);
    assert.deepEqual(["contact.overdue", "hand-over.escalated", "incident.watch-overdue"].map((type) => told.filter((one) => one === type).length), [2, 1, 1]);
  });
  it("[CMD9] a claim of that time lapses after a whole lease from then", () => {
    const w = createWorld(hash);
    const id = ahead(w, () => {
      const contactId = w.ring();
      w.ok(ANA, { type: "contact.claim", contactId });
      return contactId;
    });
    w.leasesHoldUntil = w.now + DEFAULT_POLICY.claimLeaseMs;
    w.wait(DEFAULT_POLICY.claimLeaseMs - SECOND_MS);
    assert.equal(w.contact(id).state, "claimed");
    w.wait(SECOND_MS);
    assert.equal(w.contact(id).state, "ringing");
  });
  it("[CMD9] one that was set back by seconds tells nothing before its time", () => {
    const w = createWorld(hash);
    w.now += 30 * SECOND_MS;
    w.assign(w.open(), 1);
    w.open();
    w.now -= 30 * SECOND_MS;
    assert.deepEqual(toldIn(w, SECOND_MS), []);
  });
});
