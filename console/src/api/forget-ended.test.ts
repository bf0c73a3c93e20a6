import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ENDED_KEPT_MS, forgetEnded } from "./forget-ended.ts";
import { applyLive, emptyLiveState, type LiveMessage, type LiveState } from "./live-state.ts";

const nothing = { contacts: [], incidents: [], units: [], assignments: [], handOvers: [], closures: [], timeline: [] };
const change = (state: LiveState, more: object): LiveState => applyLive(state, { type: "change", sequence: 1, at: 1, ...nothing, ...more } as unknown as LiveMessage, 0);
const call = (id: number, endedAt: number | null, incidentId: number | null = null) => ({ id, sequence: id, state: endedAt === null ? "ringing" : "ended", endedAt, incidentId });
const incident = (id: number, endedAt: number | null) => ({ id, sequence: id, status: endedAt === null ? "active" : "closed", endedAt });
const job = (id: number, incidentId: number) => ({ id, sequence: id, incidentId });
const line = (incidentId: number) => ({ incidentId, number: 1 });

describe("what a page lets go of", () => {
  const now = 10 * ENDED_KEPT_MS;
  const old = now - ENDED_KEPT_MS - 1;
  const state = change(emptyLiveState, {
    contacts: [call(1, null), call(2, old), call(3, now - 1), call(4, old, 1), call(5, old, 2)], incidents: [incident(1, null), incident(2, old), incident(3, now - 1)],
    assignments: [job(1, 1), job(2, 2), job(3, 3), job(4, 9)], timeline: [line(1), line(2), line(3), line(9)],
  });

  it("is what ended a while ago, with its jobs and lines; the calls and jobs of what is open stay, however old", () => {
    const after = forgetEnded(state, now);
    assert.deepEqual([[...after.contacts.keys()], [...after.incidents.keys()], [...after.assignments.keys()], [...after.timeline.keys()]], [[1, 3, 4], [1, 3], [1, 3, 4], [1, 3, 9]], "what belongs to an incident that this page never saw stays until it is told of");
  });
  it("is nothing where nothing is old: the same state", () => {
    const after = forgetEnded(state, now);
    assert.equal(forgetEnded(after, now), after);
    assert.equal(forgetEnded(state, old), state);
  });
  it("a shift of a city's calls leaves what is open and half an hour", () => {
    let held = emptyLiveState;
    const perMinute = 17;
    for (let minute = 0; minute < 14 * 60; minute++) {
      const at = minute * 60_000;
      const ids = Array.from({ length: perMinute }, (_, i) => minute * perMinute + i + 1);
      held = change(held, { contacts: ids.map((id) => call(id, at, id)), incidents: ids.map((id) => incident(id, at)), assignments: ids.map((id) => job(id, id)), timeline: ids.map(line) });
      held = forgetEnded(held, at);
    }
    const most = perMinute * (ENDED_KEPT_MS / 60_000 + 1);
    assert.deepEqual([held.contacts.size, held.incidents.size, held.assignments.size, held.timeline.size], [most, most, most, most]);
  });
});
