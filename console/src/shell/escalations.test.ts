// What goes up to a supervisor, in which order, and what is heard of units that do not answer.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PERMISSIONS_OF, ROLES } from "../../../src/contract/access.ts";
import type { Assignment, Contact, HandOver, Incident } from "../../../src/contract/dispatch.ts";
import { goesUpTo, hearUnanswered, keyOf, listEscalations, listUnheard, type Known } from "./escalations.ts";
import { isNeverMuted } from "./sounds.ts";
import { isUrgentContact } from "./waiting.ts";

const ids = <T extends { readonly id: number }>(...things: readonly T[]): ReadonlyMap<number, T> => new Map(things.map((thing) => [thing.id, thing]));
const contact = (change: Partial<Contact>): Contact => ({ id: 1, source: "telephone", state: "ringing", owner: "supervisor", receivedAt: 100, abandonedAt: null, earlierEndings: [], dueAt: 500, signal: null, ...change }) as Contact;
const incident = (change: Partial<Incident>): Incident => ({ id: 5, status: "active", priority: 3, firstContactAt: 50, shortfall: null, watch: { by: { kind: "user", id: 1, name: "Ana" }, since: 0, dueAt: null, reminders: 0 }, ...change }) as Incident;
const unanswered = { stage: "heard", since: 80, times: 3, dueAt: 900, goneUp: true } as const;
const job = (change: Partial<Assignment>): Assignment => ({ id: 9, incidentId: 5, state: "en-route", unanswered, ...change }) as Assignment;
const known = (change: Partial<Known>): Known => ({ contacts: new Map(), incidents: new Map(), assignments: new Map(), handOvers: new Map(), ...change });
const kinds = (of: Known): string[] => listEscalations(of).map(({ kind }) => kind);
const nobody = { by: null, since: 0, dueAt: 60, reminders: 1 };

describe("what goes up", () => {
  it("[CON8] [CON12] a call or an alarm that nobody answers or calls back, until somebody has it", () => {
    assert.deepEqual(kinds(known({ contacts: ids(contact({}), contact({ id: 2, state: "abandoned" }), contact({ id: 3, owner: "call-desk" }), contact({ id: 4, state: "claimed" })) })), ["contact", "contact"]);
  });
  it("[CON8] not called back is told since the line went, by whose clock it goes up; not answered since the first ring", () => {
    const ending = { disposition: "no-emergency", at: 300, by: { kind: "user", id: 1, name: "Ana" }, reopenedAt: 320, reopenedBy: { kind: "user", id: 1, name: "Ana" }, words: "" } as const;
    const since = (change: Partial<Contact>): number => listEscalations(known({ contacts: ids(contact(change)) }))[0]!.since;
    assert.equal(since({}), 100);
    assert.equal(since({ state: "abandoned", abandonedAt: 260 }), 260);
    assert.equal(since({ state: "abandoned", earlierEndings: [ending] }), 300, "taken up again after its end and let go: the line went with the end");
    assert.equal(since({ state: "ringing", abandonedAt: null, earlierEndings: [ending] }), 100);
  });
  it("[WAT2] an incident that nobody watches over, once that was told", () => {
    assert.deepEqual(kinds(known({ incidents: ids(incident({ watch: nobody }), incident({ id: 6, watch: { ...nobody, reminders: 0 } }), incident({ id: 7, status: "closed", watch: nobody })) })), ["watch"]);
  });
  it("[ASG16] a unit that left its word out for too long, until it answers or its job is over", () => {
    const incidents = ids(incident({}));
    assert.deepEqual(kinds(known({ incidents, assignments: ids(job({})) })), ["unit"]);
    assert.deepEqual(kinds(known({ incidents, assignments: ids(job({ unanswered: null }), job({ id: 10, unanswered: { ...unanswered, goneUp: false } }), job({ id: 11, state: "recalled" })) })), []);
  });
  it("[INC6] an incident of priority 1 or 2 that too few go to, when it was told twice; not beside its own silent unit", () => {
    const short = (reminders: number) => ({ missing: 1, since: 70, dueAt: 200, reminders });
    const incidents = ids(incident({ priority: 1, shortfall: short(2) }), incident({ id: 6, priority: 1, shortfall: short(1) }), incident({ id: 7, priority: 3, shortfall: short(5) }));
    assert.deepEqual(kinds(known({ incidents })), ["short"]);
    assert.deepEqual(kinds(known({ incidents, assignments: ids(job({})) })), ["unit"]);
  });
  it("[HND3] a hand-over that nobody took", () => {
    assert.deepEqual(kinds(known({ handOvers: ids({ id: 3, state: "escalated", offeredAt: 1, dueAt: 2 } as HandOver, { id: 4, state: "offered", offeredAt: 1, dueAt: 2 } as HandOver) })), ["hand-over"]);
  });
  it("the most urgent first, then what has waited longest", () => {
    const of = known({
      contacts: ids(contact({ id: 1, receivedAt: 10 }), contact({ id: 2, receivedAt: 400, source: "panic-button" })), incidents: ids(incident({ id: 5, priority: 1, watch: nobody, firstContactAt: 300 }), incident({ id: 6 })),
      assignments: ids(job({ incidentId: 6, unanswered: { ...unanswered, stage: "welfare", since: 350 } })),
    });
    assert.deepEqual(listEscalations(of).map(({ kind, urgent }) => [kind, urgent]), [["watch", true], ["unit", true], ["contact", true], ["contact", false]]);
  });
  it("goes up to supervisors", () => assert.deepEqual(ROLES.filter((role) => goesUpTo(PERMISSIONS_OF[role])), ["supervisor"]));
  it("made quiet, it is heard again when the centre tells it again", () => {
    const before = listEscalations(known({ incidents: ids(incident({ watch: nobody })) }));
    const quiet = new Set(before.map(keyOf));
    assert.deepEqual(listUnheard(before, quiet), []);
    assert.equal(listUnheard(listEscalations(known({ incidents: ids(incident({ watch: { ...nobody, reminders: 2 } })) })), quiet).length, 1);
  });
});

describe("a unit that does not answer is heard", () => {
  const at = (priority: number, change: Partial<Assignment> = {}) => ({ incidents: ids(incident({ priority })), assignments: ids(job(change)) });
  it("each time it is told, and not in between", () => {
    const first = hearUnanswered(new Map(), at(2));
    assert.equal(first.sound, "no-answer");
    assert.equal(hearUnanswered(first.told, at(2)).sound, null);
    assert.equal(hearUnanswered(first.told, at(2, { unanswered: { ...unanswered, times: 4 } })).sound, "no-answer");
  });
  it("though the desk is muted where it is of priority 1 or a crew on scene; others are told by the eye", () => {
    assert.equal(hearUnanswered(new Map(), at(1)).sound, "no-answer-1");
    assert.equal(hearUnanswered(new Map(), at(4, { state: "on-scene", unanswered: { ...unanswered, stage: "welfare" } })).sound, "no-answer-1");
    assert.equal(hearUnanswered(new Map(), at(3)).sound, null);
    for (const sound of ["no-answer-1", "gone-up-1", "alarm", "emergency", "priority-1", "nobody-goes-1"] as const) assert.ok(isNeverMuted(sound), sound);
    for (const sound of ["ring", "no-answer", "gone-up", "nobody-goes"] as const) assert.ok(!isNeverMuted(sound), sound);
  });
  it("anew where it answered in between", () => {
    const first = hearUnanswered(new Map(), at(1));
    const answered = hearUnanswered(first.told, at(1, { unanswered: null }));
    assert.equal(hearUnanswered(answered.told, at(1, { unanswered: { ...unanswered, times: 1 } })).sound, "no-answer-1");
  });
});

describe("a contact that must not wait", () => {
  it("is a panic button, or what its sender calls of the first priority", () => {
    const signal = (priorityHint: number | null) => ({ kind: "duress", priorityHint, code: null, site: null, door: null, cameraIds: [] });
    assert.deepEqual([contact({ source: "panic-button" }), contact({ source: "alarm", signal: signal(1) }), contact({ source: "alarm", signal: signal(2) }), contact({})].map(isUrgentContact), [true, true, false, false]);
  });
});
