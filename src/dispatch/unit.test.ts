import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { PERMISSIONS_OF } from "../contract/access.ts";
import { COMMAND_ROUTE_PERMISSIONS } from "../contract/command-permissions.ts";
import * as contract from "../contract/dispatch.ts";
import type { Command } from "./commands.ts";
import * as entities from "./entities.ts";
import type { Asker } from "./permission.ts";
import { COMMAND_PERMISSIONS, findForbidden } from "./permission.ts";
import { BUILT_IN_RUN_CARDS } from "./run-cards.ts";
import { ANA, BEN, FLEET, PLACE, createWorld, profileOf } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = () => createWorld(hash);

describe("a unit", () => {
  it("[UNT1] is registered once by its call sign; again, only the profile changes", () => {
    const w = world();
    w.ok(FLEET, { type: "unit.availability", unitId: 1, availability: "conditionally-available", activity: "refuelling" });
    assert.equal(w.ok(entities.SYSTEM, { type: "units.register", units: [profileOf("U1", "patrol")] }).events.length, 0);
    w.ok(entities.SYSTEM, { type: "units.register", units: [{ ...profileOf("U1", "patrol"), phone: "099" }, profileOf("N1", "ambulance")] });
    assert.deepEqual([w.unit(1).phone, w.unit(1).availability, w.unit(6).callSign], ["099", "conditionally-available", "N1"]);
    assert.equal(w.send(entities.SYSTEM, { type: "units.register", units: [profileOf("D", "patrol"), profileOf("D", "patrol")] }).kind, "refused");
  });
  it("[UNT2] that is committed is not made available by hand, and the reason is told", () => {
    const w = world();
    const incidentId = w.open();
    w.assign(incidentId, 1);
    const refused = w.send(FLEET, { type: "unit.availability", unitId: 1, availability: "available", activity: null });
    assert.ok(refused.kind === "refused" && refused.rule === "unit-committed" && refused.message.includes(`incident ${incidentId} (assigned)`));
  });
  it("[UNT2] is available, or not, since its last word or the end of its last job, whichever was later", () => {
    const w = world();
    const id = w.assign(w.open(), 1);
    const assigned = w.unit(1).since;
    w.wait(60_000);
    w.report(id, "on-scene");
    assert.equal(w.unit(1).since, assigned, "what its job does is told with the job");
    w.wait(60_000);
    w.report(id, "cleared");
    assert.deepEqual([w.unit(1).availability, w.unit(1).since], ["available", w.now]);
    const ended = w.now;
    w.ok(entities.SYSTEM, { type: "units.register", units: [{ ...profileOf("U1", "patrol"), phone: "099" }] });
    assert.equal(w.unit(1).since, ended, "another profile is no other state");
  });
  it("[UNT3] changes its availability and no assignment", () => {
    const w = world();
    const id = w.assign(w.open(), 1);
    const before = w.assignment(id);
    w.ok(FLEET, { type: "unit.availability", unitId: 1, availability: "not-available", activity: "engine trouble" });
    assert.equal(w.assignment(id), before);
    assert.equal(w.unit(1).activeAssignmentId, id);
  });
  it("[UNT4] in emergency makes a priority 1 incident at its place, once", () => {
    const w = world();
    w.position = { point: { lon: -56.1, lat: -34.8 }, uncertaintyM: 12 };
    w.ok(FLEET, { type: "unit.availability", unitId: 1, availability: "not-available", activity: "meal" });
    const { incidentId } = w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null });
    const incident = w.incident(incidentId!);
    assert.deepEqual([incident.type, incident.priority, incident.place.point, incident.place.uncertaintyM], ["officer-emergency", 1, w.position.point, 12]);
    assert.equal(incident.shortfall?.missing, 3);
    assert.equal(w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null }).incidentId, incidentId);
    assert.equal(w.state.lastIncidentId, incidentId);
    assert.equal(w.log.filter((event) => event.entry?.incidentId === incidentId).length, 3);
  });
  it("[UNT4] uses the point that came with the press, else the last position, else its home", () => {
    const w = world();
    const place = (unitId: number, point: { lon: number; lat: number } | null) => w.incident(w.ok(FLEET, { type: "unit.emergency", unitId, point, deviceAt: null }).incidentId!).place;
    assert.deepEqual(place(1, { lon: 1, lat: 2 }).point, { lon: 1, lat: 2 });
    assert.deepEqual([place(2, null).point, place(3, null).uncertaintyM], [w.unit(2).home, 1_000]);
  });
  it("[UNT4] pressed after that incident was closed makes a new one", () => {
    const w = world();
    const first = w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null }).incidentId!;
    w.ok(BEN, { type: "unit.emergency-clear", unitId: 1, words: "spoken to, safe" });
    w.ok(ANA, { type: "incident.close", incidentId: first, disposition: "resolved", words: "" });
    assert.notEqual(w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null }).incidentId, first);
  });
  it("[UNT4] names its emergency by the street, and says where the place is from and how old it is", () => {
    const w = world();
    w.position = { point: { lon: -56.1, lat: -34.8 }, uncertaintyM: 12 };
    const raise = (unitId: number, point: { lon: number; lat: number } | null) => w.incident(w.ok(FLEET, { type: "unit.emergency", unitId, point, deviceAt: w.now - 3_000 }).incidentId!);
    const fixes = () => w.log.flatMap(({ body }) => (body.type === "unit.emergency-raised" ? [body.fix] : []));
    assert.deepEqual([raise(1, { lon: -56.1, lat: -34.9 }).place.label, raise(2, null).place.district], [`Rivera y Soca (${w.unit(1).callSign})`, "Pocitos"]);
    assert.deepEqual(fixes(), [{ source: "phone", at: w.now - 3_000 }, { source: "last-position", at: w.now - 40_000 }]);
  });
  it("[UNT5] is not assigned when not available, off shift, or in emergency", () => {
    const w = world();
    w.ok(FLEET, { type: "unit.availability", unitId: 1, availability: "not-available", activity: "meal" });
    w.ok(entities.SYSTEM, { type: "units.register", units: [{ ...profileOf("U2", "patrol"), shiftEndsAt: w.now }] });
    w.ok(FLEET, { type: "unit.emergency", unitId: 3, point: null, deviceAt: null });
    const none = w.send(ANA, { type: "assignment.assign", incidentId: w.open(), unitIds: [1, 2, 3], stack: true });
    assert.ok(none.kind === "conflict");
    assert.deepEqual(none.units.map((unit) => unit.refused?.rule), ["unit-not-available", "unit-off-shift", "unit-in-emergency"]);
  });
  it("[UNT6] emergency ends by a word of somebody else", () => {
    const w = world();
    assert.equal(w.send(BEN, { type: "unit.emergency-clear", unitId: 1, words: "safe" }).kind, "refused");
    w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null });
    w.ok(BEN, { type: "unit.emergency-clear", unitId: 1, words: "spoken to, safe" });
    assert.deepEqual([w.unit(1).emergency, w.unit(1).emergencyIncidentId], [false, null]);
    const officer: Asker = { ...ANA, permissions: ["unit.self"], unitId: 1 };
    assert.equal(findForbidden(w.state, officer, { type: "unit.emergency-clear", unitId: 1, words: "safe" })?.rule, "own-emergency");
    const dispatcherOnPatrol: Asker = { ...ANA, permissions: ["unit.write", "unit.self"], unitId: 1 };
    assert.equal(findForbidden(w.state, dispatcherOnPatrol, { type: "unit.emergency-clear", unitId: 1, words: "safe" })?.rule, "own-emergency");
    assert.equal(findForbidden(w.state, dispatcherOnPatrol, { type: "unit.emergency-clear", unitId: 2, words: "safe" }), null);
    assert.equal(findForbidden(w.state, { ...officer, unitId: 2 }, { type: "unit.emergency-clear", unitId: 1, words: "safe" })?.rule, "not-permitted");
  });
  it("[UNT6] while it stands nobody closes, cancels or renames its incident, or says that nobody is needed", () => {
    const w = world();
    const incidentId = w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null }).incidentId!;
    const ways: Command[] = [
      { type: "incident.close", incidentId, disposition: "resolved", words: "" }, { type: "incident.cancel", incidentId, words: "by mistake" },
      { type: "incident.no-unit-needed", incidentId, words: "by mistake" }, { type: "incident.update", incidentId, incidentType: "theft" },
    ];
    for (const way of ways) {
      const refused = w.send(ANA, way);
      assert.ok(refused.kind === "refused" && refused.rule === "unit-in-emergency" && refused.allowed.includes("unit.emergency-clear"), way.type);
    }
    w.ok(BEN, { type: "unit.emergency-clear", unitId: 1, words: "spoken to, safe" });
    for (const way of ways.toReversed().filter(({ type }) => type !== "incident.cancel")) w.ok(ANA, way);
  });
});

describe("permission", () => {
  it("[CMD4] whoever can send one type of command gets through to it, and nobody else", () => {
    assert.deepEqual([...new Set<string>(Object.values(COMMAND_PERMISSIONS).flat())].sort(), [...COMMAND_ROUTE_PERMISSIONS].sort());
  });
  it("[CMD4] who may not send units takes none along by a merge, a split or the undoing of one; calls alone may be moved", () => {
    const w = world();
    const [one, other] = [w.open(), w.open()];
    const taker: Asker = { ...ANA, permissions: PERMISSIONS_OF["call-taker"], unitId: null };
    const sender: Asker = { ...taker, permissions: PERMISSIONS_OF.dispatcher };
    const merge: Command = { type: "incident.merge", incidentId: one, intoId: other, words: "" };
    const split = (assignmentIds: number[]): Command => ({ type: "incident.split", incidentId: one, contactIds: [1], assignmentIds, incidentType: "other", what: "", who: "", place: PLACE, words: "" });
    assert.deepEqual([findForbidden(w.state, taker, merge), findForbidden(w.state, taker, split([]))], [null, null]);
    const job = w.assign(one, 1);
    for (const command of [merge, split([job])]) {
      const refusal = findForbidden(w.state, taker, command);
      assert.deepEqual([refusal?.rule, refusal?.allowed], ["not-permitted", ["assignment.write"]]);
      assert.equal(findForbidden(w.state, sender, command), null);
    }
    assert.equal(findForbidden(w.state, taker, { type: "incident.merge", incidentId: other, intoId: one, words: "" }), null); // its units stay where they are
    w.ok(ANA, merge);
    const apart: Command = { type: "incident.unmerge", incidentId: one, words: "" };
    assert.deepEqual([findForbidden(w.state, taker, apart)?.rule, findForbidden(w.state, sender, apart)], ["not-permitted", null]);
    w.ok(ANA, { type: "assignment.recall", assignmentId: job, words: "x" });
    assert.equal(findForbidden(w.state, taker, apart), null);
    w.ok(ANA, apart);
    assert.equal(findForbidden(w.state, taker, merge), null);
  });
  it("[CMD4] an officer speaks for the own unit, a fleet gateway for all", () => {
    const w = world();
    const id = w.assign(w.open(), 1);
    const officer: Asker = { ...ANA, permissions: ["unit.self"], unitId: 1 };
    const advance: Command = { type: "assignment.advance", assignmentId: id, to: "en-route", deviceAt: null };
    assert.equal(findForbidden(w.state, officer, advance), null);
    assert.equal(findForbidden(w.state, { ...officer, unitId: 2 }, advance)?.rule, "not-your-unit");
    assert.equal(findForbidden(w.state, { ...officer, unitId: null }, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null })?.rule, "not-your-unit");
    assert.equal(findForbidden(w.state, { ...FLEET, permissions: ["unit.self"], unitId: null }, advance), null);
    assert.equal(findForbidden(w.state, { ...ANA, permissions: [], unitId: 1 }, advance)?.rule, "not-permitted");
  });
});

describe("the words of dispatch", () => {
  it("are the contract's", () => {
    const ours = { CONTACT_SOURCES: entities.CONTACT_SOURCES, CONTACT_STATES: entities.CONTACT_STATES, CONTACT_DISPOSITIONS: entities.CONTACT_DISPOSITIONS, INCIDENT_STATUSES: entities.INCIDENT_STATUSES, DISPOSITIONS: entities.DISPOSITIONS, UNIT_KINDS: entities.UNIT_KINDS, AVAILABILITIES: entities.AVAILABILITIES, ASSIGNMENT_STATES: entities.ASSIGNMENT_STATES, INCIDENT_TYPES: entities.INCIDENT_TYPES };
    assert.deepEqual(ours, { CONTACT_SOURCES: contract.CONTACT_SOURCES, CONTACT_STATES: contract.CONTACT_STATES, CONTACT_DISPOSITIONS: contract.CONTACT_DISPOSITIONS, INCIDENT_STATUSES: contract.INCIDENT_STATUSES, DISPOSITIONS: contract.DISPOSITIONS, UNIT_KINDS: contract.UNIT_KINDS, AVAILABILITIES: contract.AVAILABILITIES, ASSIGNMENT_STATES: contract.ASSIGNMENT_STATES, INCIDENT_TYPES: contract.INCIDENT_TYPES });
    assert.deepEqual([...new Set(BUILT_IN_RUN_CARDS.rows.map(({ type }) => type))].sort(), Object.keys(contract.INCIDENT_TYPES).sort());
  });
  it("have the contract's shapes, both ways, and its schemas take them", () => {
    const w = world();
    const assignmentId = w.assign(w.open(), 1);
    const contact: contract.Contact = w.contact(1);
    const incident: contract.Incident = w.incident(1);
    const unit: contract.Unit = w.unit(1);
    const assignment: contract.Assignment = w.assignment(assignmentId);
    const back: [entities.Contact, entities.Incident, entities.Unit, entities.Assignment] = [contact, incident, unit, assignment];
    assert.deepEqual([contract.Contact.parse(contact), contract.Incident.parse(incident), contract.Unit.parse(unit), contract.Assignment.parse(assignment)], back);
    const command = (one: contract.Command): Command => one;
    assert.ok(command);
  });
});
