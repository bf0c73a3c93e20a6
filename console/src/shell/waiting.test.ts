// What the strip in every room's header counts.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import { PERMISSIONS_OF, ROLES } from "../../../src/contract/access.ts";
import type { Assignment, Contact, Incident } from "../../../src/contract/dispatch.ts";
import { ANSWER_WITHIN_MS, concerns, findLateCalls, findLateIncidents, listEmergencies, stepSince } from "./waiting.ts";

const call = (change: Partial<z.infer<typeof Contact>>): z.infer<typeof Contact> => ({ id: 1, state: "ringing", receivedAt: 0, dueAt: null, ...change }) as z.infer<typeof Contact>;
const incident = (change: Partial<z.infer<typeof Incident>>): z.infer<typeof Incident> => ({ id: 1, status: "active", firstContactAt: 0, shortfall: null, ...change }) as z.infer<typeof Incident>;

describe("calls that ring past their target", () => {
  it("are told from the moment the target has passed, not before", () => {
    assert.equal(findLateCalls([call({})], ANSWER_WITHIN_MS), null);
    assert.deepEqual(findLateCalls([call({})], ANSWER_WITHIN_MS + 1), { count: 1, oldestId: 1, since: 0 });
  });
  it("are counted, with the one that has rung longest", () => {
    assert.deepEqual(findLateCalls([call({ id: 2, receivedAt: 500 }), call({ id: 7, receivedAt: 100 }), call({ id: 3, receivedAt: 90_000 })], 91_000), { count: 2, oldestId: 7, since: 100 });
  });
  it("that somebody has taken, or that ended, are not among them", () => assert.equal(findLateCalls([call({ state: "claimed" }), call({ state: "ended" }), call({ state: "abandoned" })], 1e9), null));
});

describe("the step of a unit", () => {
  it("[ASG6] counts from when it was reached, not from a report of an earlier one that came late", () => {
    const milestones = ([["assigned", 0], ["on-scene", 100], ["en-route", 900]] as const).map(([state, receivedAt]) => ({ state, receivedAt })) as z.infer<typeof Assignment>["milestones"];
    assert.equal(stepSince({ state: "on-scene", milestones }), 100);
  });
});

describe("incidents that are short of units", () => {
  const short = { missing: 1, since: 0, dueAt: 60_000, reminders: 0 };
  it("are told once the shortfall is overdue, or was reminded of", () => {
    assert.equal(findLateIncidents([incident({ shortfall: short })], 60_000), null);
    assert.equal(findLateIncidents([incident({ shortfall: short })], 60_001)?.count, 1);
    assert.equal(findLateIncidents([incident({ shortfall: { ...short, reminders: 1, dueAt: 120_000 } })], 61_000)?.count, 1);
  });
  it("that have ended are silent", () => assert.equal(findLateIncidents([incident({ status: "closed", shortfall: short })], 1e9), null));
});

describe("officers in danger", () => {
  const unit = (id: number, emergencyIncidentId: number | null) => ({ id, callSign: `P${id}`, emergency: emergencyIncidentId !== null, emergencyIncidentId });
  const incidents = new Map([[5, { firstContactAt: 100, assignmentIds: [1, 2] }], [6, { firstContactAt: 200, assignmentIds: [] }], [7, { firstContactAt: 150, assignmentIds: [3] }]]);
  const assignments = new Map([[1, { state: "en-route" as const, cover: null, unanswered: null }], [2, { state: "declined" as const, cover: null, unanswered: null }], [3, { state: "recalled" as const, cover: null, unanswered: null }]]);
  const told = listEmergencies([unit(1, 5), unit(2, 6), unit(3, 7), unit(4, null)], incidents, assignments);
  it("are told from the first moment, whom nobody goes to first, of these who waits longest", () => assert.deepEqual(told.map((e) => [e.callSign, e.incidentId]), [["P3", 7], ["P2", 6], ["P1", 5]]));
  it("with the number of units that are going: who declined or was recalled is not", () => assert.deepEqual(told.map((e) => e.going), [0, 0, 1]));
  it("nor is one that has left its word out for too long; with a patient on board it was there", () => {
    const silent = (state: "en-route" | "transporting") => new Map([[1, { state, cover: null, unanswered: { stage: "heard" as const, since: 0, times: 4, dueAt: 9, goneUp: true } }]]);
    assert.deepEqual((["en-route", "transporting"] as const).map((state) => listEmergencies([unit(1, 5)], incidents, silent(state))[0]?.going), [0, 1]);
  });
  it("are no longer told once cleared", () => assert.deepEqual(listEmergencies([unit(1, null)], incidents, assignments), []));
});

describe("the strip", () => {
  it("is red only for those who can do something about it", () => {
    assert.deepEqual(ROLES.filter((role) => concerns("calls", PERMISSIONS_OF[role])), ["call-taker", "dispatcher", "supervisor"]);
    assert.deepEqual(ROLES.filter((role) => concerns("incidents", PERMISSIONS_OF[role])), ["call-taker", "dispatcher", "supervisor"]);
  });
});
