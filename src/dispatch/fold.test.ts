// The invariants, over random histories: whatever people do, in whatever order, these hold after each step.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as contract from "../contract/dispatch.ts";
import { createActorTable } from "./actors.ts";
import { apply } from "./apply.ts";
import type { Command } from "./commands.ts";
import type { Actor } from "./entities.ts";
import { ASSIGNMENT_STATES, SYSTEM } from "./entities.ts";
import type { EventType, StoredEvent } from "./events.ts";
import { countMissing } from "./run-cards.ts";
import type { State } from "./state.ts";
import { createLayer, createState, describeState, findTouch, mergeLayer } from "./state.ts";
import type { World } from "./testing/world.ts";
import { ANA, BEN, PLACE, createWorld } from "./testing/world.ts";
import { findFault } from "./timeline.ts";
import { isGoing, isLive, isOpen } from "./transitions.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const few = fc.integer({ min: 1, max: 4 });
const line = fc.constantFrom("a", "b", "c", "d");
const words = fc.constantFrom("yes", "no", "señal débil", "消防车");
const type = fc.constantFrom("theft", "robbery", "fire-smoke", "medical", "school-alarm" as const);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ type: fc.constant("contact.receive" as const), source: fc.constant("telephone" as const), externalId: line, callerNumber: fc.constant(null), callerPoint: fc.constant(null), callerUncertaintyM: fc.constant(null), callerWords: words }),
  fc.record({ type: fc.constant("contact.hang-up" as const), externalId: line }),
  fc.record({ type: fc.constantFrom("contact.claim" as const, "contact.claim" as const, "contact.renew" as const, "contact.release" as const), contactId: few }),
  { weight: 3, arbitrary: fc.record({ type: fc.constant("contact.end" as const), contactId: few, disposition: fc.constant("prank" as const) }) }, // only its claimant may, within the lease
  { weight: 3, arbitrary: fc.record({ type: fc.constant("contact.attach" as const), contactId: few, incidentId: few }) },
  fc.record({ type: fc.constant("incident.create" as const), contactId: fc.oneof(fc.constant(null), few), incidentType: type, what: words, who: words, place: fc.constant(PLACE) }),
  fc.record({ type: fc.constant("incident.update" as const), incidentId: few, incidentType: fc.option(type, { nil: undefined }), priority: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }) }),
  fc.record({ type: fc.constant("incident.verdict" as const), incidentId: few, cameraId: few, verdict: fc.constantFrom("seen", "not-seen" as const) }),
  fc.record({ type: fc.constant("incident.note" as const), incidentId: few, words, corrects: fc.option(few) }),
  fc.record({ type: fc.constantFrom("incident.no-unit-needed" as const, "incident.cancel" as const, "incident.reopen" as const), incidentId: few, words }),
  fc.record({ type: fc.constant("incident.close" as const), incidentId: few, disposition: fc.constant("resolved" as const), words }),
  fc.record({ type: fc.constant("assignment.assign" as const), incidentId: few, unitIds: fc.array(few, { minLength: 1, maxLength: 4 }), stack: fc.boolean() }),
  fc.record({ type: fc.constant("assignment.advance" as const), assignmentId: few, to: fc.constantFrom(...ASSIGNMENT_STATES, "on-scene" as const, "cleared" as const), deviceAt: fc.constant(null) }),
  fc.record({ type: fc.constant("assignment.decline" as const), assignmentId: few, words, deviceAt: fc.constant(null) }),
  fc.record({ type: fc.constant("assignment.recall" as const), assignmentId: few, words }),
  fc.record({ type: fc.constant("unit.availability" as const), unitId: few, availability: fc.constantFrom("available", "conditionally-available", "not-available" as const), activity: fc.constant(null) }),
  fc.record({ type: fc.constant("unit.emergency" as const), unitId: few, point: fc.constant(null), deviceAt: fc.constant(null) }),
  fc.record({ type: fc.constant("unit.emergency-clear" as const), unitId: few, words }),
  fc.record({ type: fc.constant("closure.set" as const), pieces: fc.constant([{ from: PLACE.point, to: PLACE.point, middle: PLACE.point }]), words, until: fc.constantFrom(null, 1_800_000_100_000, 1_900_000_000_000) }),
  fc.record({ type: fc.constant("closure.lift" as const), closureId: few, words }),
);
interface Step {
  readonly command: Command;
  readonly by: Actor;
  readonly waitMs: number;
}
const step: fc.Arbitrary<Step> = fc.record({ command, by: fc.constantFrom(ANA, ANA, ANA, ANA, BEN), waitMs: fc.constantFrom(0, 0, 900, 31_000, 61_000, 200_000) });

function checkInvariants(state: State): void {
  for (const id of state.contacts.keys()) {
    const contact = state.contacts.get(id);
    assert.equal(state.openContacts.has(id), contact.state !== "ended");
    assert.equal(contact.disposition !== null, contact.state === "ended");
    if (contact.state === "claimed") assert.ok(contact.claimedBy !== null && contact.leaseUntil !== null);
    if (contact.state === "abandoned") assert.ok(contact.owner !== null && contact.dueAt !== null);
  }
  for (const id of state.incidents.keys()) {
    const incident = state.incidents.get(id);
    assert.equal(state.openIncidents.has(id), isOpen(incident.status));
    const assignments = incident.assignmentIds.map((one) => state.assignments.get(one));
    if (!isOpen(incident.status)) assert.ok(assignments.every((one) => !isLive(one.state)) && incident.shortfall === null);
    const going = assignments.filter((one) => isGoing(one.state) || (one.state === "cleared" && one.id > state.books.get(id).servedAfterId)).map((one) => state.units.get(one.unitId).kind);
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
  }
}

function play(w: World, steps: readonly Step[], each: (before: Map<number, unknown>, step: Step) => void = () => undefined): void {
  for (const one of steps) {
    w.wait(one.waitMs);
    const before = new Map([...w.state.assignments.keys()].map((id) => [id, w.state.assignments.get(id)]));
    w.send(one.by, one.command);
    each(before, one);
  }
}
const rebuilt = (log: readonly StoredEvent[]): State => {
  const state = createState();
  for (const event of log) apply(state, event);
  return state;
};

const EVENT_TYPES: Record<EventType, true> = {
  "contact.received": true, "contact.claimed": true, "contact.renewed": true, "contact.released": true, "contact.hung-up": true, "contact.overdue": true, "contact.ended": true,
  "contact.attached": true, "incident.created": true, "incident.updated": true, "incident.noted": true, "incident.verdict-given": true, "incident.no-unit-needed": true,
  "incident.shortfall-overdue": true, "incident.closed": true, "incident.cancelled": true, "incident.reopened": true, "assignment.assigned": true, "assignment.activated": true,
  "assignment.advanced": true, "assignment.reported-late": true, "assignment.declined": true, "assignment.recalled": true, "assignment.not-acknowledged": true,
  "unit.registered": true, "unit.availability-changed": true, "unit.emergency-raised": true, "unit.emergency-cleared": true,
  "closure.set": true, "closure.lifted": true,
};

describe("the histories tried here", () => {
  it("hold every type of event, so that the invariants below look at something", () => {
    const seen = new Set<string>();
    for (const steps of fc.sample(fc.array(step, { minLength: 40, maxLength: 60, size: "max" }), { numRuns: 700, seed: 7 })) {
      const w = createWorld(hash);
      play(w, steps);
      for (const event of w.log) seen.add(event.body.type);
    }
    assert.deepEqual([...seen].sort(), Object.keys(EVENT_TYPES).sort());
  });
});

describe("after any history", () => {
  it("[CON1] [INC5] [ASG1] every contact is somebody's, no shortfall is silent, no unit has two jobs", () => {
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
  it("[ASG4] a report, decline or recall changes its own assignment, and at most makes the unit's next one active", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const w = createWorld(hash);
      play(w, steps, (before, { command: sent }) => {
        if (!("assignmentId" in sent)) return;
        for (const [id, was] of before) {
          const is = w.state.assignments.get(id);
          if (id === sent.assignmentId || is === was) continue;
          assert.deepEqual([(was as typeof is).state, is.state, is.unitId], ["proposed", "assigned", w.state.assignments.get(sent.assignmentId).unitId]);
        }
      });
    }), { numRuns: 100 });
  });
  it("[CMD6] the log has no gap and its time never goes back, even where the clock does", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40, size: "max" }), fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 1 }), (steps, jumps) => {
      const w = createWorld(hash);
      for (const [i, one] of steps.entries()) {
        w.now += jumps[i % jumps.length]!;
        w.send(one.by, one.command);
      }
      for (const [i, event] of w.log.entries()) {
        assert.equal(event.sequence, i + 1);
        assert.ok(i === 0 || event.at >= w.log[i - 1]!.at);
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
