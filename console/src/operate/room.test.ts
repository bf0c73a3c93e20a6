import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { incidentsOfRoom, sumRoom } from "./room.ts";
import type { AssignmentView, IncidentView } from "./tones.ts";

const incident = (id: number, change: Partial<IncidentView>): IncidentView => ({ id, status: "active", partIds: [], assignmentIds: [], shortfall: null, ...change }) as unknown as IncidentView;
const job = (id: number, unitId: number, change: Partial<AssignmentView> = {}): AssignmentView => ({ id, unitId, state: "en-route", cover: null, ...change }) as unknown as AssignmentView;
const short = (missing: number): IncidentView["shortfall"] => ({ missing, since: 0, dueAt: 0, reminders: 0 });

describe("a major incident's room", () => {
  const incidents = new Map([incident(1, { partIds: [2, 3], assignmentIds: [10], shortfall: short(1) }), incident(2, { assignmentIds: [11, 12, 13], shortfall: short(2) }), incident(3, { status: "closed", assignmentIds: [14] }), incident(4, { assignmentIds: [15] })].map((one) => [one.id, one]));
  const assignments = new Map([job(10, 1), job(11, 2), job(12, 1, { state: "proposed" }), job(13, 7, { cover: { platformId: 1, label: "x", point: { lon: 0, lat: 0 } } }), job(14, 3, { state: "cleared" }), job(15, 4)].map((one) => [one.id, one]));
  it("holds it and its parts, and nothing else", () => assert.deepEqual(incidentsOfRoom(1, incidents).map(({ id }) => id), [1, 2, 3]));
  it("sums its units, each once and without those who cover, and what is missing", () => {
    const sums = sumRoom(incidentsOfRoom(1, incidents), assignments);
    assert.deepEqual([sums.open, [...sums.unitIds], sums.missing], [2, [1, 2], 3]);
  });
  it("is empty where there is none", () => assert.deepEqual(incidentsOfRoom(9, incidents), []));
});
