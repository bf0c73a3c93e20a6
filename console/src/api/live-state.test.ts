import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildPath } from "./client.ts";
import { createCommandId, retryDelayMs } from "./command.ts";
import { reconnectPauseMs } from "./live-link.ts";
import { applyLive, emptyLiveState, mergeEntries, type LiveMessage } from "./live-state.ts";
import { problemFromAnswer } from "./problem.ts";
import { CommandEnvelope } from "../../../src/contract/dispatch.ts";

const nothing = { contacts: [], incidents: [], units: [], assignments: [], handOvers: [], closures: [] };
const unit = (id: number, sequence: number) => ({ id, sequence }) as never;
const entry = (number: number, words = "") => ({ incidentId: 1, number, body: { words } }) as never;
const fold = (...messages: unknown[]) => messages.reduce<typeof emptyLiveState>((state, m) => applyLive(state, m as LiveMessage, 1_000), emptyLiveState);

describe("the live state", () => {
  it("a snapshot replaces everything", () => {
    const state = fold({ type: "snapshot", sequence: 5, at: 1, ...nothing, units: [unit(1, 5)] }, { type: "snapshot", sequence: 9, at: 2, ...nothing, units: [unit(2, 9)] });
    assert.deepEqual([...state.units.keys()], [2]);
    assert.equal(state.sequence, 9);
  });
  it("a change replaces whole entities and leaves the rest as they are, the same objects", () => {
    const before = fold({ type: "snapshot", sequence: 5, at: 1, ...nothing, units: [unit(1, 5), unit(2, 5)] });
    const after = applyLive(before, { type: "change", sequence: 6, at: 2, ...nothing, units: [unit(1, 6)], timeline: [] }, 0);
    assert.equal(after.units.get(1)!.sequence, 6);
    assert.equal(after.units.get(2), before.units.get(2));
    assert.equal(after.incidents, before.incidents);
  });
  it("what is older than what we hold is dropped: a repeat after a reconnect changes nothing", () => {
    const state = fold({ type: "snapshot", sequence: 9, at: 1, ...nothing, units: [unit(1, 9)] }, { type: "change", sequence: 6, at: 1, ...nothing, units: [unit(1, 6)], timeline: [] });
    assert.equal(state.units.get(1)!.sequence, 9);
    assert.equal(state.sequence, 9);
  });
  it("timeline entries come once each and in order", () => {
    const state = fold({ type: "change", sequence: 1, at: 1, ...nothing, timeline: [entry(2)] }, { type: "change", sequence: 2, at: 1, ...nothing, timeline: [entry(1), entry(2)] });
    assert.deepEqual(state.timeline.get(1)!.map((e) => e.number), [1, 2]);
    assert.deepEqual(mergeEntries([entry(3)], [entry(1), entry(3)]).map((e) => e.number), [1, 3]);
  });
  it("positions keep the age of the fix; a heading of -1 is none", () => {
    const state = fold({ type: "positions", at: 10_000, rows: [[7, -56.1, -34.9, -1, 0, 2_500], [8, -56.2, -34.8, 90, 12, 0]] }, { type: "positions", at: 11_000, rows: [[8, -56.3, -34.8, 91, 12, 0]] });
    assert.deepEqual(state.positions.get(7), { unitId: 7, lon: -56.1, lat: -34.9, headingDeg: null, speedMps: 0, fixedAt: 7_500 });
    assert.equal(state.positions.get(8)!.lon, -56.3);
    assert.equal(state.positionsAt, 11_000);
  });
  it("the clock's offset comes from a quick answer, not from a slow one", () => {
    const quick = applyLive(emptyLiveState, { type: "pong", sentAt: 1_000, at: 6_005 }, 1_010);
    assert.equal(quick.rttMs, 10);
    assert.equal(quick.clockOffsetMs, 5_000);
    const slow = applyLive(quick, { type: "pong", sentAt: 2_000, at: 9_900 }, 4_900);
    assert.equal(slow.clockOffsetMs, 5_000);
    assert.equal(slow.rttMs, 2_900);
  });
  it("how many problems of cameras last is what was told last", () => {
    assert.equal(emptyLiveState.cameraProblems, null);
    const state = fold({ type: "camera-events", at: 5, events: [], more: false, open: 3, unacknowledged: 2 }, { type: "camera-events", at: 9, events: [], more: false, open: 2, unacknowledged: 0 });
    assert.deepEqual(state.cameraProblems, { open: 2, unacknowledged: 0, at: 9 });
  });
  it("what a newer server says besides is passed over", () => assert.equal(applyLive(emptyLiveState, { type: "weather" } as never, 0), emptyLiveState));
});

describe("commands and calls", () => {
  it("a command's id is one that the contract takes, and new each time", () => {
    const ids = Array.from({ length: 200 }, () => createCommandId());
    for (const commandId of ids) assert.ok(CommandEnvelope.safeParse({ commandId, command: { type: "contact.claim", contactId: 1 } }).success, commandId);
    assert.equal(new Set(ids).size, ids.length);
  });
  it("waits longer each time, to a limit", () => {
    assert.deepEqual([1, 2, 3, 6, 50].map(retryDelayMs), [500, 1_000, 2_000, 8_000, 8_000]);
    assert.ok(reconnectPauseMs(0, 0) === 200 && reconnectPauseMs(30, 1) === 10_000);
  });
  it("fills paths and leaves out what is not given", () => {
    assert.equal(buildPath("/incidents/{id}/recommendation", { id: 7 }), "/api/v1/incidents/7/recommendation");
    assert.equal(buildPath("/places", {}, { q: "18 de Julio & Yí", lon: undefined, limit: 8 }), "/api/v1/places?q=18+de+Julio+%26+Y%C3%AD&limit=8");
  });
  it("an answer that is no problem of ours still is one", () => {
    assert.equal(problemFromAnswer(502, "<html>").rule, "server-fault");
    assert.equal(problemFromAnswer(404, null).rule, "http-404");
    const told = problemFromAnswer(409, { rule: "unit-taken", message: "x" });
    assert.ok(told.rule === "unit-taken" && !told.transient);
    assert.ok(problemFromAnswer(503, null).transient);
  });
});
