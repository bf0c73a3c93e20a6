// The invariants, over random histories: whatever people do, in whatever order, these hold after each step.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../base/random.ts";
import { isOffShift } from "../base/shift.ts";
import * as contract from "../contract/dispatch.ts";
import { createActorTable } from "./actors.ts";
import { apply } from "./apply.ts";
import type { Actor } from "./entities.ts";
import { SYSTEM } from "./entities.ts";
import type { EventType, StoredEvent } from "./events.ts";
import type { State } from "./state.ts";
import { SET_BACK_MS } from "./set-back.ts";
import { createLayer, createState, findTouch, mergeLayer } from "./state.ts";
import { describeState } from "./testing/describe-state.ts";
import { drawCommand, play, rebuilt, step, stepsOf } from "./testing/histories.ts";
import { ANA, BEN, PLACE, createWorld } from "./testing/world.ts";
import { findFault } from "./timeline.ts";
import { isGoing, isLive, isOpen } from "./transitions.ts";
import { countMissing } from "./wants.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

function checkInvariants(state: State): void {
  for (const id of state.contacts.keys()) {
    const contact = state.contacts.get(id);
    assert.equal(state.openContacts.has(id), contact.state !== "ended");
    assert.equal(contact.disposition !== null, contact.state === "ended");
    if (contact.state === "claimed") assert.ok(contact.claimedBy !== null && contact.leaseUntil !== null);
    if (contact.state === "abandoned") assert.ok(contact.owner !== null && contact.dueAt !== null);
  }
  const belongs = (kind: "contactIds" | "assignmentIds"): [number, number][] => [...state.incidents.keys()].flatMap((id) => state.incidents.get(id)[kind].map((one): [number, number] => [one, id])).sort(([a], [b]) => a - b);
  assert.deepEqual(belongs("contactIds"), [...state.contacts.keys()].map((id) => state.contacts.get(id)).filter(({ incidentId }) => incidentId !== null).map(({ id, incidentId }) => [id, incidentId]).sort(([a], [b]) => a! - b!));
  assert.deepEqual(belongs("assignmentIds"), [...state.assignments.keys()].map((id) => [id, state.assignments.get(id).incidentId]).sort(([a], [b]) => a! - b!));
  for (const id of state.incidents.keys()) {
    const incident = state.incidents.get(id);
    assert.equal(state.openIncidents.has(id), isOpen(incident.status));
    const assignments = incident.assignmentIds.map((one) => state.assignments.get(one));
    if (!isOpen(incident.status)) assert.ok(assignments.every((one) => !isLive(one.state)) && incident.shortfall === null);
    const going = assignments.filter((one) => one.cover === null).filter((one) => isGoing(one) || (one.state === "cleared" && !state.books.get(id).spentIds.includes(one.id))).map((one) => state.units.get(one.unitId));
    const missing = isOpen(incident.status) ? countMissing(incident.needs, going) : 0;
    assert.equal(incident.shortfall?.missing ?? 0, missing);
    if (incident.status === "closed") assert.ok(incident.disposition !== null);
  }
  for (const id of state.closures.keys()) assert.equal(state.standingClosures.has(id), state.closures.get(id).liftedAt === null);
  for (const id of state.units.keys()) {
    const unit = state.units.get(id);
    const live = [...state.liveAssignments.keys()].map((one) => state.assignments.get(one)).filter((one) => one.unitId === id);
    assert.deepEqual(live.filter((one) => one.state !== "proposed").map((one) => one.id), unit.activeAssignmentId === null ? [] : [unit.activeAssignmentId]);
    assert.deepEqual(live.filter((one) => one.state === "proposed").map((one) => one.id).sort(), [...unit.stackedAssignmentIds].sort());
    if (unit.activeAssignmentId === null) assert.equal(unit.stackedAssignmentIds.length, 0);
    const endedAt = [...state.assignments.keys()].map((one) => state.assignments.get(one)).filter((one) => one.unitId === id && !isLive(one.state)).map((one) => [one.id, one.milestones.findLast(({ state: reached }) => reached === one.state)!.receivedAt] as const);
    const last = endedAt.find(([one]) => one === state.lastEndedJobs.find(id));
    assert.equal(last?.[1], endedAt.length === 0 ? undefined : Math.max(...endedAt.map(([, at]) => at)), "the job that ended last");
  }
}

const EVENT_TYPES: Record<EventType, true> = {
  "contact.received": true, "contact.claimed": true, "contact.renewed": true, "contact.released": true, "contact.hung-up": true, "contact.overdue": true, "contact.ended": true,
  "contact.attached": true, "incident.created": true, "incident.updated": true, "incident.answered": true, "incident.regraded": true, "incident.noted": true, "incident.verdict-given": true, "incident.no-unit-needed": true,
  "incident.shortfall-overdue": true, "incident.closed": true, "incident.cancelled": true, "incident.reopened": true, "assignment.assigned": true, "assignment.activated": true,
  "assignment.advanced": true, "assignment.reported-late": true, "assignment.declined": true, "assignment.recalled": true, "assignment.not-acknowledged": true,
  "unit.registered": true, "unit.rostered": true, "unit.shift-began": true, "unit.off-roster": true, "unit.availability-changed": true, "unit.emergency-raised": true, "unit.emergency-cleared": true,
  "closure.set": true, "closure.lifted": true,
  "contact.detached": true, "contact.reopened": true, "contact.handed-over": true, "incident.watched": true, "incident.watch-overdue": true, "incident.merged": true, "incident.absorbed": true, "incident.unmerged": true,
  "incident.gave-back": true, "incident.split": true, "incident.split-off": true, "incident.linked": true, "incident.unlinked": true, "incident.made-major": true, "incident.major-ended": true, "incident.joined-major": true,
  "incident.left-major": true, "incident.part-joined": true, "incident.part-left": true, "assignment.pre-empted": true, "assignment.not-heard": true, "assignment.heard-again": true, "assignment.lost": true, "assignment.unanswered": true, "assignment.confirmed": true,
  "hand-over.offered": true, "hand-over.escalated": true, "hand-over.taken": true, "hand-over.declined": true, "hand-over.withdrawn": true,
};

describe("the histories tried here", () => {
  it("hold every type of event, so that the invariants below look at something", () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 1_000 && seen.size < Object.keys(EVENT_TYPES).length; seed++) {
      const w = createWorld(hash);
      play(w, stepsOf(seed, 120));
      for (const event of w.log) seen.add(event.body.type);
    }
    assert.deepEqual([...seen].sort(), Object.keys(EVENT_TYPES).sort());
  });
});

describe("after any history", () => {
  it("[CON1] [INC5] [ASG1] [TIE5] every contact is somebody's, no shortfall is silent, no unit has two jobs", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const w = createWorld(hash);
      play(w, steps, () => checkInvariants(w.state));
    }), { numRuns: 150 });
  });
  it("[CMD5] a state rebuilt from the log, stored as JSON and read back, is the running one; the chain holds", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const w = createWorld(hash);
      play(w, steps);
      const stored = JSON.parse(JSON.stringify(w.log)) as StoredEvent[];
      const state = createState();
      for (const event of stored) {
        assert.equal(findFault(state, event, hash), null);
        apply(state, event);
      }
      assert.deepEqual(describeState(state), JSON.parse(JSON.stringify(describeState(w.state))));
    }), { numRuns: 100 });
  });
  it("[CMD5] a crash anywhere and a rebuild change nothing of what follows", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 2, maxLength: 40, size: "max" }), fc.nat(), (steps, cut) => {
      const whole = createWorld(hash);
      play(whole, steps);
      const before = createWorld(hash);
      const at = cut % steps.length;
      play(before, steps.slice(0, at));
      const after = createWorld(hash, rebuilt(before.log));
      after.now = before.now;
      play(after, steps.slice(at));
      assert.deepEqual(describeState(after.state), describeState(whole.state));
    }), { numRuns: 60 });
  });
  it("[CMD5] deciding on a layer and merging it is the same as deciding on the state; a layer thrown away leaves no trace", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40, size: "max" }), fc.integer({ min: 1, max: 7 }), (steps, every) => {
      const plain = createWorld(hash);
      play(plain, steps);
      const base = rebuilt(plain.log.slice(0, 5)); // the units
      let now = createWorld(hash).now;
      for (let i = 0; i < steps.length; i += every) {
        const before = JSON.stringify(describeState(base));
        const lost = createWorld(hash, createLayer(base));
        lost.now = now;
        play(lost, steps.slice(i, i + every));
        assert.equal(JSON.stringify(describeState(base)), before);
        const layer = createLayer(base);
        const kept = createWorld(hash, layer);
        kept.now = now;
        play(kept, steps.slice(i, i + every));
        mergeLayer(base, layer);
        now = kept.now;
      }
      assert.deepEqual(describeState(base), describeState(plain.state));
    }), { numRuns: 40 });
  });
  it("[ASG4] [ASG12] a report, decline or recall changes its own assignment, and at most makes the unit's next one active; a unit that is lost or may be given nothing gives back those that wait for it", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const w = createWorld(hash);
      for (const { dice, waitMs } of steps) {
        w.wait(waitMs);
        const before = new Map([...w.state.assignments.keys()].map((id) => [id, w.state.assignments.get(id)]));
        const { command: sent, by } = drawCommand(createRandom(dice), w.state);
        w.send(by, sent);
        if (!("assignmentId" in sent) || sent.type === "assignment.preempt") continue;
        for (const [id, was] of before) {
          const is = w.state.assignments.get(id);
          if (id === sent.assignmentId || is === was) continue;
          const unit = w.state.units.get(is.unitId);
          const goesOn: boolean = sent.type !== "assignment.lose" && !unit.emergency && unit.availability !== "not-available" && !isOffShift(unit, w.now);
          assert.deepEqual([was.state, is.state, is.unitId], ["proposed", goesOn ? "assigned" : "recalled", w.state.assignments.get(sent.assignmentId).unitId]);
        }
      }
    }), { numRuns: 100 });
  });
  it("[CMD6] the log has no gap and its time goes back only where the clock was set back by more than a minute", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40, size: "max" }), fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 1 }), (steps, jumps) => {
      const w = createWorld(hash);
      for (const [i, { dice }] of steps.entries()) {
        w.now += jumps[i % jumps.length]!;
        const { command, by } = drawCommand(createRandom(dice), w.state);
        w.send(by, command);
      }
      for (const [i, event] of w.log.entries()) {
        assert.equal(event.sequence, i + 1);
        const backMs = i === 0 ? 0 : w.log[i - 1]!.at - event.at;
        assert.ok(backMs <= 0 || backMs > SET_BACK_MS);
      }
    }), { numRuns: 50 });
  });
  it("[CMD2] every entity is what the contract says", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const w = createWorld(hash);
      play(w, steps);
      for (const id of w.state.contacts.keys()) assert.deepEqual(contract.Contact.parse(w.state.contacts.get(id)), w.state.contacts.get(id));
      for (const id of w.state.incidents.keys()) assert.deepEqual(contract.Incident.parse(w.state.incidents.get(id)), w.state.incidents.get(id));
      for (const id of w.state.units.keys()) assert.deepEqual(contract.Unit.parse(w.state.units.get(id)), w.state.units.get(id));
      for (const id of w.state.closures.keys()) assert.deepEqual(contract.Closure.parse(w.state.closures.get(id)), w.state.closures.get(id));
      for (const id of w.state.assignments.keys()) assert.deepEqual(contract.Assignment.parse(w.state.assignments.get(id)), w.state.assignments.get(id));
    }), { numRuns: 40 });
  });
});

describe("what is kept of what has ended", () => {
  it("[CMD3] is no more than it says of itself: a conflict still tells who ended it and when", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const w = createWorld(hash);
      play(w, steps);
      const lastEnd = new Map<string, { by: Actor; at: number }>();
      for (const { body, by, at } of w.log) {
        if (body.type === "contact.detached" || body.type === "contact.reopened") lastEnd.delete(`contact ${body.contactId}`);
        if (body.type === "contact.ended" || body.type === "contact.attached") lastEnd.set(`contact ${body.contactId}`, { by, at });
        else if (body.type === "incident.created" && body.contactId !== null) lastEnd.set(`contact ${body.contactId}`, { by, at });
        else if (body.type === "assignment.declined" || body.type === "assignment.recalled" || (body.type === "assignment.advanced" && body.to === "cleared")) lastEnd.set(`assignment ${body.assignmentId}`, { by, at });
      }
      for (const [key, end] of lastEnd) {
        const [kind, id] = key.split(" ") as ["contact" | "assignment", string];
        assert.ok(!w.state.touches.has(key), key);
        assert.deepEqual(findTouch(w.state, kind, Number(id)), end, key);
      }
    }), { numRuns: 60 });
  });
  it("one person is one object, however often the log names them", () => {
    const actors = createActorTable();
    assert.equal(actors("user", 1, "Ana"), actors("user", 1, "Ana"));
    assert.deepEqual([actors("user", 1, "Ana"), actors("user", 1, "Ana B"), actors("service", 1, "Ana")], [{ kind: "user", id: 1, name: "Ana" }, { kind: "user", id: 1, name: "Ana B" }, { kind: "service", id: 1, name: "Ana" }]);
  });
});

describe("a command that says what it expects", () => {
  it("[CMD3] gets a conflict where the entity has moved on, with who moved it", () => {
    const w = createWorld(hash);
    const incidentId = w.open();
    const seen = w.incident(incidentId).sequence;
    w.ok(BEN, { type: "incident.update", incidentId, priority: 1 });
    const stale = w.send(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" }, seen);
    assert.ok(stale.kind === "conflict" && stale.rule === "moved-on" && stale.by?.name === "Ben");
    assert.equal(w.send(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" }, w.incident(incidentId).sequence).kind, "events");
  });
  it("[CMD3] may expect nothing", () => {
    const w = createWorld(hash);
    assert.equal(w.send(SYSTEM, { type: "timers.run" }, 99).kind, "events");
    assert.equal(w.send(ANA, { type: "incident.create", contactId: null, incidentType: "other", what: "", who: "", place: PLACE }, 99).kind, "events");
  });
});
