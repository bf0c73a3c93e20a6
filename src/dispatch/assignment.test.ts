import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { AssignmentState } from "./entities.ts";
import { ASSIGNMENT_STATES, SYSTEM } from "./entities.ts";
import type { Barrier } from "./events.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { ANA, BEN, FLEET, type World, createWorld, profileOf } from "./testing/world.ts";
import { REPORTABLE, REPORT_TABLE, allowedReports, reportEffect } from "./transitions.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = () => createWorld(hash);

describe("an assignment", () => {
  it("[ASG3] of a unit by two dispatchers: one wins, the other is told who and when", () => {
    const w = world();
    const [first, second] = [w.open(), w.open()];
    w.ok(ANA, { type: "assignment.assign", incidentId: first, unitIds: [1], stack: false });
    const at = w.now;
    w.now += 1_000;
    const late = w.send(BEN, { type: "assignment.assign", incidentId: second, unitIds: [1], stack: false });
    assert.ok(late.kind === "conflict");
    assert.deepEqual([late.rule, late.by, late.at, late.units[0]?.refused?.rule], ["unit-taken", ANA, at, "unit-taken"]);
    assert.equal(w.incident(second).shortfall?.missing, 1);
  });
  it("[ASG2] of several units has an outcome for each", () => {
    const w = world();
    const [first, second] = [w.open(), w.open("robbery")];
    w.assign(first, 1);
    const decided = w.ok(BEN, { type: "assignment.assign", incidentId: second, unitIds: [1, 2, 99, 3, 2], stack: false });
    assert.deepEqual(decided.units.map((unit) => [unit.unitId, unit.refused?.rule ?? "assigned"]), [[1, "unit-taken"], [2, "assigned"], [99, "no-such-unit"], [3, "assigned"]]);
    assert.equal(w.incident(second).shortfall, null);
  });
  it("[ASG3] of a unit that is on the incident already is told so", () => {
    const w = world();
    const id = w.open();
    w.assign(id, 1);
    const again = w.send(BEN, { type: "assignment.assign", incidentId: id, unitIds: [1], stack: true });
    assert.ok(again.kind === "conflict" && again.rule === "unit-on-this-incident" && again.by?.name === "Ana");
  });
  it("[ASG1] [ASG4] waits stacked where asked, and becomes active when the one before ends", () => {
    const w = world();
    const [first, second, third] = [w.open(), w.open(), w.open()];
    const active = w.assign(first, 1);
    const next = w.assign(second, 1, true);
    const after = w.assign(third, 1, true);
    assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(1).stackedAssignmentIds, w.assignment(next).state], [active, [next, after], "proposed"]);
    assert.equal(w.incident(second).shortfall?.missing, 1); // a job that waits is nobody going
    w.report(active, "on-scene");
    w.report(active, "cleared");
    assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(1).stackedAssignmentIds, w.assignment(next).state], [next, [after], "assigned"]);
    assert.equal(w.assignment(next).acknowledgeBy, w.now + DEFAULT_POLICY.acknowledgeWithinMs);
    assert.equal(w.incident(second).shortfall, null);
  });
  for (const [cause, hinder] of [
    ["unit-in-emergency", (w) => w.ok(FLEET, { type: "unit.emergency", unitId: 1, point: null, deviceAt: null })],
    ["unit-not-available", (w) => w.ok(FLEET, { type: "unit.availability", unitId: 1, availability: "not-available", activity: "engine trouble" })],
    ["unit-off-shift", (w) => w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf("U1", "patrol"), shiftEndsAt: w.now }] })],
  ] satisfies [Barrier, (w: World) => void][]) {
    it(`[ASG4] [UNT5] what waits for a unit that is given nothing any more (${cause}) is given back when its job ends, and its incident is short`, () => {
      const w = world();
      const [first, second, third] = [w.open(), w.open(), w.open()];
      const active = w.assign(first, 1);
      const waiting = [w.assign(second, 1, true), w.assign(third, 1, true)];
      hinder(w);
      assert.deepEqual(waiting.map((id) => w.assignment(id).state), ["proposed", "proposed"]); // it may be over before the job is
      const { events } = w.ok(ANA, { type: "assignment.recall", assignmentId: active, words: "no" });
      assert.deepEqual(events.flatMap((body) => (body.type === "assignment.recalled" ? [body.cause] : [])), ["recalled", cause, cause]);
      assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(1).stackedAssignmentIds], [null, []]);
      for (const id of [second, third]) assert.equal(w.incident(id).shortfall?.missing, 1);
    });
  }
  it("[ASG4] closing an incident never activates another job of the same incident's", () => {
    const w = world();
    const [first, second] = [w.open(), w.open()];
    const active = w.assign(first, 1);
    const waiting = w.assign(second, 1, true);
    w.ok(ANA, { type: "incident.close", incidentId: second, disposition: "no-need", words: "" });
    assert.deepEqual([w.assignment(active).state, w.assignment(waiting).state, w.unit(1).activeAssignmentId], ["assigned", "recalled", active]);
  });
  it("[ASG5] keeps the device's time and ours", () => {
    const w = world();
    const id = w.assign(w.open(), 1);
    w.now += 90_000;
    w.report(id, "en-route", w.now - 80_000);
    const { milestones, state } = w.assignment(id);
    assert.deepEqual([state, milestones.at(-1)], ["en-route", { state: "en-route", deviceAt: w.now - 80_000, receivedAt: w.now, by: FLEET, entered: false }]);
  });
  it("[ASG6] on scene after a recall is a note, not a state", () => {
    const w = world();
    const incidentId = w.open();
    const id = w.assign(incidentId, 1);
    w.ok(ANA, { type: "assignment.recall", assignmentId: id, words: "nearer one free" });
    w.report(id, "on-scene", w.now - 5_000);
    assert.deepEqual([w.assignment(id).state, w.unit(1).activeAssignmentId, w.incident(incidentId).shortfall?.missing], ["recalled", null, 1]);
    const { body, entry } = w.log.at(-1)!;
    assert.ok(body.type === "assignment.reported-late");
    assert.deepEqual([body.report, body.state, body.deviceAt, entry?.incidentId], ["on-scene", "recalled", w.now - 5_000, incidentId]);
  });
  it("[ASG6] an earlier step told late is a milestone once", () => {
    const w = world();
    const id = w.assign(w.open(), 1);
    w.report(id, "on-scene", w.now);
    w.report(id, "acknowledged", w.now - 60_000);
    w.report(id, "acknowledged", w.now - 60_000);
    assert.deepEqual([w.assignment(id).state, w.assignment(id).milestones.map((one) => one.state)], ["on-scene", ["assigned", "on-scene", "acknowledged"]]);
  });
  it("[ASG7] declined opens the shortfall again; not when the unit is there", () => {
    const w = world();
    const incidentId = w.open();
    const id = w.assign(incidentId, 1);
    w.ok(FLEET, { type: "assignment.decline", assignmentId: id, words: "puncture", deviceAt: null });
    assert.deepEqual([w.assignment(id).state, w.assignment(id).outcomeWords, w.incident(incidentId).shortfall?.missing], ["declined", "puncture", 1]);
    const there = w.assign(incidentId, 2);
    w.report(there, "on-scene");
    assert.equal(w.send(FLEET, { type: "assignment.decline", assignmentId: there, words: "no", deviceAt: null }).kind, "refused");
  });
  it("[ASG8] recalled from on scene too; what is over is a conflict", () => {
    const w = world();
    const id = w.assign(w.open(), 1);
    w.report(id, "on-scene");
    w.ok(ANA, { type: "assignment.recall", assignmentId: id, words: "needed elsewhere" });
    const again = w.send(BEN, { type: "assignment.recall", assignmentId: id, words: "too" });
    assert.ok(again.kind === "conflict" && again.by?.name === "Ana");
  });
  it("[ASG9] not acknowledged in time is told once; acknowledged in time never", () => {
    const w = world();
    const slow = w.assign(w.open(), 1);
    const quick = w.assign(w.open(), 2);
    w.report(quick, "acknowledged");
    w.wait(DEFAULT_POLICY.acknowledgeWithinMs);
    w.wait(DEFAULT_POLICY.acknowledgeWithinMs);
    assert.deepEqual(w.log.flatMap(({ body }) => (body.type === "assignment.not-acknowledged" ? [body.assignmentId] : [])), [slow]);
    assert.equal(w.assignment(slow).acknowledgeOverdue, true);
    w.report(slow, "acknowledged");
    assert.deepEqual([w.assignment(slow).acknowledgeOverdue, w.assignment(slow).acknowledgeBy], [false, null]);
  });
  it("[ASG10] keeps the road time that the dispatcher was shown", () => {
    const w = world();
    assert.equal(w.assignment(w.assign(w.open(), 1)).roadSecondsAtAssign, 61);
  });
});

describe("the table of reports", () => {
  /** Ways to bring an assignment into each state that a command leads to. */
  const put = (state: AssignmentState) => {
    const w = world();
    const busy = w.open();
    const incidentId = w.open();
    if (state === "proposed") w.assign(busy, 1);
    const id = w.assign(incidentId, 1, true);
    if (state === "declined") w.ok(FLEET, { type: "assignment.decline", assignmentId: id, words: "no", deviceAt: null });
    else if (state === "recalled") w.ok(ANA, { type: "assignment.recall", assignmentId: id, words: "no" });
    else if (state !== "proposed" && state !== "assigned") {
      if (state === "cleared") w.report(id, "on-scene");
      w.report(id, state);
    }
    assert.equal(w.assignment(id).state, state);
    return { w, id };
  };
  for (const state of ASSIGNMENT_STATES.filter((one) => one !== "pre-empted" && one !== "lost")) {
    for (const report of REPORTABLE) {
      const effect = reportEffect(state, report);
      it(`[ASG5] ${report} when ${state}: ${effect}`, () => {
        const { w, id } = put(state);
        const unitBefore = w.unit(1).activeAssignmentId;
        const before = w.log.length;
        const decision = w.report(id, report);
        const made = w.log.slice(before).map((event) => event.body.type);
        if (effect === "advance") assert.deepEqual([made[0], w.assignment(id).state], ["assignment.advanced", report]);
        else assert.equal(w.assignment(id).state, state);
        if (effect === "repeat") assert.deepEqual([decision.kind, made], ["events", []]);
        if (effect === "refuse") assert.deepEqual(decision.kind === "refused" && decision.allowed, allowedReports(state));
        if (effect === "note") assert.deepEqual([made, w.unit(1).activeAssignmentId], [["assignment.reported-late"], unitBefore]);
        if (effect === "late") assert.ok(made.length <= 1 && made.every((type) => type === "assignment.reported-late"));
      });
    }
  }
  it("[ASG5] what is no report is refused", () => {
    for (const to of ["proposed", "assigned", "declined", "recalled", "pre-empted", "lost"] as const) {
      const w = world();
      const decision = w.report(w.assign(w.open(), 1), to);
      assert.ok(decision.kind === "refused" && decision.allowed.includes("on-scene"), to);
    }
  });
  it("[ASG5] is the table of SPEC.md", () => {
    const spec = readFileSync(join(import.meta.dirname, "SPEC.md"), "utf8");
    const rows = spec.split("\n").filter((line) => /^\| [a-z-]+(, [a-z-]+)* \|( [ARLNx] \|){8}$/.test(line)).map((line) => line.slice(2, -2).split(" | "));
    const seen = rows.flatMap(([states, ...cells]) => states!.split(", ").map((state): [string, string] => [state, cells.join("")]));
    assert.deepEqual(Object.fromEntries(seen), REPORT_TABLE);
  });
});
