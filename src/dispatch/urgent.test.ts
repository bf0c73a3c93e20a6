// Pre-emption, units that are lost, moves to cover: what changes hands when there are too few.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { ANA, BEN, FLEET, createWorld, type World } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = (): World => createWorld(hash);
const priority = (w: World, incidentId: number, value: number): void => void w.ok(ANA, { type: "incident.update", incidentId, priority: value });
const ruleOf = (w: World, command: Parameters<World["send"]>[1]): string => {
  const decision = w.send(ANA, command);
  return decision.kind === "events" ? "accepted" : decision.rule;
};

describe("pre-emption", () => {
  const story = () => {
    const w = world();
    const [noise, robbery] = [w.open("noise-nuisance"), w.open("robbery")];
    const job = w.assign(noise, 1);
    return { w, noise, robbery, job };
  };
  it("[ASG11] takes a unit from a named job for a higher priority, and leaves the loser with an open shortfall", () => {
    const { w, noise, robbery, job } = story();
    assert.equal(w.incident(noise).shortfall, null);
    const { units } = w.ok(BEN, { type: "assignment.preempt", assignmentId: job, incidentId: robbery, words: "nearest to the shop" });
    const won = units[0]!.assignmentId!;
    assert.deepEqual([w.assignment(job).state, w.assignment(job).outcomeWords, w.assignment(won).incidentId, w.unit(1).activeAssignmentId], ["pre-empted", "nearest to the shop", robbery, won]);
    assert.deepEqual([w.incident(noise).shortfall?.missing, w.incident(noise).shortfall?.since], [1, w.now]);
    const lines = w.log.slice(-2).map(({ body, by, entry }) => [body.type, by.name, entry?.incidentId]);
    assert.deepEqual(lines, [["assignment.pre-empted", "Ben", noise], ["assignment.assigned", "Ben", robbery]]);
    assert.equal(w.assignment(won).roadSecondsAtAssign, 61); // what Ben was shown
  });
  it("[ASG11] is refused for the same or a lower priority, with a patient on board, and from a job that waits", () => {
    const { w, noise, robbery, job } = story();
    priority(w, noise, 1);
    assert.equal(ruleOf(w, { type: "assignment.preempt", assignmentId: job, incidentId: robbery, words: "x" }), "not-higher-priority");
    priority(w, noise, 2);
    const waiting = w.assign(noise, 2, true);
    w.report(waiting, "transporting");
    assert.equal(ruleOf(w, { type: "assignment.preempt", assignmentId: waiting, incidentId: robbery, words: "x" }), "step-not-allowed");
    const theft = w.open("theft");
    const stacked = w.assign(theft, 1, true);
    assert.equal(ruleOf(w, { type: "assignment.preempt", assignmentId: stacked, incidentId: robbery, words: "x" }), "step-not-allowed");
    w.ok(ANA, { type: "assignment.recall", assignmentId: job, words: "x" });
    assert.equal(ruleOf(w, { type: "assignment.preempt", assignmentId: job, incidentId: robbery, words: "x" }), "assignment-over");
    w.ok(ANA, { type: "incident.close", incidentId: robbery, disposition: "resolved", words: "" });
    assert.equal(ruleOf(w, { type: "assignment.preempt", assignmentId: stacked, incidentId: robbery, words: "x" }), "incident-ended");
  });
  it("[ASG11] where the unit's next job is the one it is taken for, that one begins; its other jobs wait as before", () => {
    const { w, noise, robbery, job } = story();
    const theft = w.open("theft");
    const [first, second] = [w.assign(theft, 1, true), w.assign(robbery, 1, true)];
    w.ok(ANA, { type: "assignment.preempt", assignmentId: job, incidentId: robbery, words: "x" });
    assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(1).stackedAssignmentIds, w.assignment(second).state, w.assignment(first).state], [second, [first], "assigned", "proposed"]);
    assert.equal(w.incident(noise).shortfall?.missing, 1);
  });
});

describe("a unit that is not heard", () => {
  const story = () => {
    const w = world();
    const incidentId = w.open();
    const job = w.assign(incidentId, 1);
    w.report(job, "en-route");
    return { w, incidentId, job };
  };
  it("[ASG12] is told once, since when, and when it is heard again; nothing is set by that", () => {
    const { w, job } = story();
    const since = w.now;
    w.wait(179_000);
    assert.equal(w.assignment(job).silentSince, null);
    w.wait(1_000);
    w.wait(60_000);
    assert.deepEqual([w.assignment(job).silentSince, w.assignment(job).state], [since, "en-route"]);
    assert.equal(w.log.filter(({ body }) => body.type === "assignment.not-heard").length, 1);
    w.position = { point: { lon: 0, lat: 0 }, uncertaintyM: 5 }; // 40 s old
    w.wait(1_000);
    assert.equal(w.assignment(job).silentSince, null);
    w.wait(1_000);
    assert.equal(w.log.filter(({ body }) => body.type === "assignment.heard-again").length, 1);
  });
  it("[ASG14] [ASG12] a step that somebody at a desk enters for it is marked so, is no word of the unit's, and no silence either", () => {
    const { w, job } = story();
    const since = w.now;
    w.wait(120_000);
    w.ok(ANA, { type: "assignment.advance", assignmentId: job, to: "staged", deviceAt: null });
    w.ok(ANA, { type: "assignment.advance", assignmentId: job, to: "en-route", deviceAt: null });
    const spokenFor = w.now;
    assert.deepEqual(w.assignment(job).milestones.map(({ state, entered }) => [state, entered]), [["assigned", false], ["en-route", false], ["staged", true], ["en-route", true]]);
    w.wait(100_000);
    assert.equal(w.assignment(job).silentSince, null, "somebody knew of it a moment ago");
    w.wait(spokenFor + 180_000 - w.now);
    assert.equal(w.assignment(job).silentSince, since, "when the unit itself was heard last");
    w.ok(ANA, { type: "assignment.advance", assignmentId: job, to: "on-scene", deviceAt: null });
    w.ok(FLEET, { type: "assignment.advance", assignmentId: job, to: "cleared", deviceAt: null });
    assert.deepEqual(w.assignment(job).milestones.slice(-2).map(({ state, entered }) => [state, entered]), [["on-scene", true], ["cleared", false]]);
    assert.equal(w.log.filter(({ body }) => body.type === "assignment.heard-again").length, 0, "nobody heard it");
    const other = w.assign(w.open(), 2);
    w.ok(ANA, { type: "assignment.decline", assignmentId: other, words: "flat tyre", deviceAt: null });
    w.ok(ANA, { type: "assignment.advance", assignmentId: other, to: "on-scene", deviceAt: null });
    const told = w.log.filter(({ body }) => "assignmentId" in body && body.assignmentId === other).map(({ body }) => [body.type, "entered" in body && body.entered]);
    assert.deepEqual(told, [["assignment.assigned", false], ["assignment.declined", true], ["assignment.reported-late", true]]);
  });
  it("[ASG12] a start of the centre is nobody's silence and nobody's word", () => {
    const { w, job } = story();
    const since = w.now;
    w.wait(200_000);
    w.listeningSince = w.now + 10_000;
    for (let i = 0; i < 10; i++) w.wait(60_000);
    assert.deepEqual([w.assignment(job).silentSince, w.log.filter(({ body }) => body.type === "assignment.heard-again").length], [since, 0]);
    const second = w.assign(w.open(), 2);
    w.report(second, "en-route");
    const reported = w.now;
    w.listeningSince = w.now + 60_000;
    w.wait(200_000);
    assert.equal(w.assignment(second).silentSince, null); // for a minute of it nobody could have been heard
    w.wait(60_000);
    assert.equal(w.assignment(second).silentSince, reported); // when it was heard last, not when the centre began
  });
  it("[ASG12] [ASG4] what waits for a unit that is lost is recalled with it: its incidents stay short, and told so", () => {
    const { w, job } = story();
    const [next, after] = [w.open(), w.open()];
    const waiting = [w.assign(next, 1, true), w.assign(after, 1, true)];
    w.ok(ANA, { type: "assignment.lose", assignmentId: job, words: "radio silent" });
    assert.deepEqual(waiting.map((id) => [w.assignment(id).state, w.assignment(id).outcomeWords]), [["recalled", "radio silent"], ["recalled", "radio silent"]]);
    assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(1).stackedAssignmentIds], [null, []]);
    const lines = w.log.filter(({ body }) => body.type === "assignment.recalled").map(({ body, entry }) => [entry?.incidentId, "cause" in body && body.cause]);
    assert.deepEqual(lines, [[next, "unit-lost"], [after, "unit-lost"]]);
    assert.deepEqual([next, after].map((id) => w.incident(id).shortfall?.missing), [1, 1]);
    w.wait(3_600_000);
    assert.ok([next, after].every((id) => w.incident(id).shortfall!.reminders > 0));
  });
  it("[ASG12] a report is being heard; and who is not on the way is not waited for", () => {
    const { w, job } = story();
    w.wait(200_000);
    w.report(job, "on-scene");
    assert.equal(w.assignment(job).silentSince, null);
    w.wait(900_000);
    assert.equal(w.assignment(job).silentSince, null);
  });
  it("[ASG12] is set to lost by a person: the incident is short again, the unit is not proposed, a late report is a note", () => {
    const { w, incidentId, job } = story();
    w.ok(ANA, { type: "assignment.lose", assignmentId: job, words: "radio silent, last at the bridge" });
    assert.deepEqual([w.assignment(job).state, w.incident(incidentId).shortfall?.missing, w.unit(1).availability, w.unit(1).activity], ["lost", 1, "not-available", "radio silent, last at the bridge"]);
    assert.equal(ruleOf(w, { type: "assignment.lose", assignmentId: job, words: "x" }), "assignment-over");
    w.report(job, "on-scene");
    assert.equal(w.assignment(job).state, "lost");
    const next = w.open();
    const active = w.assign(next, 2);
    const waits = w.assign(incidentId, 2, true);
    assert.equal(ruleOf(w, { type: "assignment.lose", assignmentId: waits, words: "x" }), "step-not-allowed");
    assert.equal(w.assignment(active).state, "assigned");
  });
});

describe("a move to cover", () => {
  it("[COV1] belongs to its incident and counts nothing there; it is recalled as others and ends with the incident", () => {
    const w = world();
    const incidentId = w.open("theft");
    w.assign(incidentId, 1);
    const { units } = w.ok(ANA, { type: "assignment.cover", incidentId, unitId: 2, platformId: 3 });
    const move = units[0]!.assignmentId!;
    assert.deepEqual([w.assignment(move).cover?.label, w.assignment(move).incidentId, w.unit(2).activeAssignmentId], ["Platform 3", incidentId, move]);
    w.ok(ANA, { type: "assignment.recall", assignmentId: 1, words: "x" });
    assert.equal(w.incident(incidentId).shortfall?.missing, 1); // who covers does not come
    assert.equal(ruleOf(w, { type: "assignment.cover", incidentId, unitId: 2, platformId: 3 }), "unit-on-this-incident");
    assert.equal(ruleOf(w, { type: "assignment.cover", incidentId, unitId: 3, platformId: 99 }), "no-such-platform");
    w.report(move, "on-scene");
    w.ok(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
    assert.deepEqual([w.assignment(move).state, w.unit(2).activeAssignmentId], ["cleared", null]);
  });
  it("[COV1] [ASG11] gives way to any incident, its own too", () => {
    const w = world();
    const incidentId = w.open("noise-nuisance");
    const move = w.ok(ANA, { type: "assignment.cover", incidentId, unitId: 2, platformId: 3 }).units[0]!.assignmentId!;
    assert.equal(w.incident(incidentId).shortfall?.missing, 1);
    w.ok(ANA, { type: "assignment.preempt", assignmentId: move, incidentId, words: "needed there" });
    assert.deepEqual([w.assignment(move).state, w.incident(incidentId).shortfall], ["pre-empted", null]);
  });
});
