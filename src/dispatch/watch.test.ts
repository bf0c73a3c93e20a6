// Who watches over what: named persons, hand-over between seats, alarms that go up until somebody answers.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { Actor } from "./entities.ts";
import { ANA, BEN, FLEET, PLACE, SWITCH, createWorld, type World } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = (): World => createWorld(hash);
const CARLA: Actor = { kind: "user", id: 3, name: "Carla" };
const count = (w: World, type: string): number => w.log.filter(({ body }) => body.type === type).length;
const ruleOf = (w: World, by: Actor, command: Parameters<World["send"]>[1]): string => {
  const decision = w.send(by, command);
  return decision.kind === "events" ? "accepted" : decision.rule;
};

describe("who watches over an incident", () => {
  it("[WAT1] whoever made it; whoever says so since; whoever reopens it", () => {
    const w = world();
    const id = w.open();
    assert.deepEqual(w.incident(id).watch, { by: ANA, since: w.now, dueAt: null, reminders: 0 });
    w.ok(BEN, { type: "incident.watch", incidentId: id });
    assert.equal(w.incident(id).watch.by, BEN);
    const lines = w.log.length;
    w.ok(BEN, { type: "incident.watch", incidentId: id });
    assert.equal(w.log.length, lines);
    w.ok(ANA, { type: "incident.close", incidentId: id, disposition: "resolved", words: "" });
    assert.equal(ruleOf(w, BEN, { type: "incident.watch", incidentId: id }), "incident-ended");
    w.ok(CARLA, { type: "incident.reopen", incidentId: id, words: "again" });
    assert.equal(w.incident(id).watch.by, CARLA);
  });
  it("[WAT2] an officer's emergency is nobody's until a named person takes it, and the supervisor is told until then", () => {
    const w = world();
    const id = w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: PLACE.point, deviceAt: null }).incidentId!;
    assert.deepEqual([w.incident(id).watch.by, w.incident(id).watch.dueAt], [null, w.now + 30_000]);
    w.wait(30_000);
    assert.deepEqual([w.incident(id).watch.reminders, w.incident(id).watch.dueAt], [1, w.now + 300_000]);
    w.wait(300_000);
    assert.equal(w.incident(id).watch.reminders, 2);
    w.ok(BEN, { type: "incident.watch", incidentId: id });
    w.wait(3_600_000);
    assert.deepEqual([w.incident(id).watch.by, count(w, "incident.watch-overdue")], [BEN, 2]);
  });
  it("[WAT1] the first to send a unit to one that nobody watches does", () => {
    const w = world();
    const id = w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: PLACE.point, deviceAt: null }).incidentId!;
    w.ok(BEN, { type: "assignment.assign", incidentId: id, unitIds: [2], stack: false });
    assert.deepEqual([w.incident(id).watch.by, w.incident(id).watch.dueAt], [BEN, null]);
  });
});

describe("an alarm", () => {
  const press = (w: World): number => w.ok(SWITCH, { type: "contact.receive", source: "panic-button", externalId: "p1", callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: "School 7" }).contactId!;
  it("[CON12] that nobody answers goes up to the supervisor, and is told again until somebody does", () => {
    const w = world();
    const id = press(w);
    w.wait(59_000);
    assert.deepEqual([w.contact(id).owner, count(w, "contact.overdue")], ["call-desk", 0]);
    w.wait(1_000);
    assert.deepEqual([w.contact(id).state, w.contact(id).owner], ["ringing", "supervisor"]);
    w.wait(300_000);
    assert.equal(count(w, "contact.overdue"), 2);
    w.ok(ANA, { type: "contact.claim", contactId: id });
    assert.deepEqual([w.contact(id).dueAt, w.contact(id).owner], [null, null]);
    w.ok(ANA, { type: "contact.release", contactId: id });
    assert.deepEqual([w.contact(id).state, w.contact(id).owner, w.contact(id).dueAt], ["ringing", "call-desk", w.now + 60_000]);
  });
  it("[CON12] a message goes up as an alarm does: who wrote it may be unable to speak, and nobody hears it ring", () => {
    for (const source of ["text", "app", "officer"] as const) {
      const w = world();
      const id = w.ok(SWITCH, { type: "contact.receive", source, externalId: "t1", callerNumber: "099 1", callerPoint: null, callerUncertaintyM: null, callerWords: "he is in the house, I cannot speak" }).contactId!;
      assert.equal(w.contact(id).owner, "call-desk");
      w.wait(60_000);
      assert.deepEqual([w.contact(id).owner, count(w, "contact.overdue")], ["supervisor", 1], source);
    }
  });
  it("[CON16] a call that rings and nobody takes goes up, too, by its own time: a desk that is gone hears no ringing, and a switch that is gone tells no end of it", () => {
    const w = world();
    w.policy = { ...w.policy, ringWithinMs: 45_000, answerWithinMs: 90_000 };
    const id = w.ring("x");
    assert.deepEqual([w.contact(id).owner, w.contact(id).dueAt], ["call-desk", w.now + 45_000]);
    w.wait(44_999);
    assert.equal(count(w, "contact.overdue"), 0);
    w.wait(1);
    assert.deepEqual([w.contact(id).state, w.contact(id).owner], ["ringing", "supervisor"]);
    w.wait(300_000);
    assert.equal(count(w, "contact.overdue"), 2, "told again");
    w.ok(ANA, { type: "contact.claim", contactId: id });
    assert.deepEqual([w.contact(id).dueAt, w.contact(id).owner], [null, null]);
    w.wait(w.policy.claimLeaseMs);
    assert.deepEqual([w.contact(id).state, w.contact(id).owner, w.contact(id).dueAt], ["ringing", "call-desk", w.now + 45_000], "left by its claimant its time starts anew");
  });
  it("[CON16] [CON5] once the caller has hung up it is a call-back, the desk's first; answered elsewhere it is nobody's", () => {
    const w = world();
    const [gone, elsewhere] = [w.ring("x"), w.ring("y")];
    w.wait(w.policy.ringWithinMs);
    assert.deepEqual([w.contact(gone).owner, w.contact(elsewhere).owner], ["supervisor", "supervisor"]);
    w.ok(SWITCH, { type: "contact.hang-up", externalId: "x" });
    w.ok(SWITCH, { type: "contact.elsewhere", externalId: "y", how: "answered-elsewhere", to: null });
    assert.deepEqual([w.contact(gone).owner, w.contact(gone).dueAt], ["call-desk", w.now + w.policy.callBackWithinMs]);
    assert.deepEqual([w.contact(elsewhere).owner, w.contact(elsewhere).dueAt], [null, null]);
  });
});

describe("a hand-over", () => {
  const story = () => {
    const w = world();
    const [a, b] = [w.open(), w.open()];
    const call = w.ring();
    w.ok(ANA, { type: "contact.claim", contactId: call });
    w.ok(ANA, { type: "hand-over.offer", toUserId: BEN.id, words: "end of shift" });
    return { w, a, b, call };
  };
  it("[HND1] offers all that is watched over, to a named person who may", () => {
    const { w, a, b, call } = story();
    const offered = w.state.handOvers.get(1);
    assert.deepEqual([offered.state, offered.from, offered.to, offered.incidentIds, offered.contactIds, offered.dueAt], ["offered", ANA, BEN, [a, b], [call], w.now + 120_000]);
    assert.equal(ruleOf(w, ANA, { type: "hand-over.offer", toUserId: BEN.id, words: "" }), "hand-over-open");
    assert.equal(ruleOf(w, BEN, { type: "hand-over.offer", toUserId: ANA.id, words: "" }), "nothing-to-hand-over");
    assert.equal(ruleOf(w, BEN, { type: "hand-over.offer", toUserId: 99, words: "" }), "no-such-person");
    assert.equal(ruleOf(w, BEN, { type: "hand-over.offer", toUserId: BEN.id, words: "" }), "hand-over-to-self");
  });
  it("[HND2] stays the giver's until it is taken, and then gives what is the giver's still", () => {
    const { w, a, b, call } = story();
    assert.deepEqual([w.incident(a).watch.by, w.contact(call).claimedBy], [ANA, ANA]);
    w.ok(CARLA, { type: "incident.watch", incidentId: b });
    assert.equal(ruleOf(w, CARLA, { type: "hand-over.take", handOverId: 1 }), "hand-over-not-yours");
    w.now += 10_000;
    w.ok(BEN, { type: "hand-over.take", handOverId: 1 });
    assert.deepEqual([w.incident(a).watch.by, w.incident(b).watch.by, w.contact(call).claimedBy, w.contact(call).leaseUntil], [BEN, CARLA, BEN, w.now + 60_000]);
    assert.deepEqual([w.state.handOvers.get(1).state, w.state.handOvers.get(1).endedBy], ["taken", BEN]);
    const late = w.send(BEN, { type: "hand-over.take", handOverId: 1 });
    assert.ok(late.kind === "conflict" && late.rule === "hand-over-ended" && late.by === BEN);
  });
  it("[HND3] unanswered it goes up to the supervisor, is told again, and anybody else who may watch can take it", () => {
    const { w, a } = story();
    w.wait(120_000);
    assert.equal(w.state.handOvers.get(1).state, "escalated");
    assert.equal(w.incident(a).watch.by, ANA);
    w.wait(300_000);
    assert.equal(count(w, "hand-over.escalated"), 2);
    assert.equal(ruleOf(w, ANA, { type: "hand-over.take", handOverId: 1 }), "hand-over-not-yours");
    w.ok(CARLA, { type: "hand-over.take", handOverId: 1 });
    assert.equal(w.incident(a).watch.by, CARLA);
    w.wait(3_600_000);
    assert.equal(count(w, "hand-over.escalated"), 2);
  });
  it("[HND3] declined or withdrawn, everything is where it was", () => {
    const { w, a } = story();
    assert.equal(ruleOf(w, CARLA, { type: "hand-over.decline", handOverId: 1, words: "x" }), "hand-over-not-yours");
    w.ok(BEN, { type: "hand-over.decline", handOverId: 1, words: "I leave too" });
    w.ok(ANA, { type: "hand-over.offer", toUserId: BEN.id, words: "" });
    assert.equal(ruleOf(w, BEN, { type: "hand-over.withdraw", handOverId: 2 }), "hand-over-not-yours");
    w.ok(ANA, { type: "hand-over.withdraw", handOverId: 2 });
    assert.deepEqual([w.incident(a).watch.by, w.state.handOvers.get(1).state, w.state.handOvers.get(2).state], [ANA, "declined", "withdrawn"]);
  });
});
