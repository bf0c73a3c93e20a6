import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssignmentState } from "../../../src/contract/dispatch.ts";
import type { FieldView } from "../../../src/contract/live.ts";
import { EMPTY_OUTBOX, enqueue, formatOutbox, parseOutbox, type FieldCommand } from "./outbox.ts";
import { applyAccepted, endNoticeOf, endedByOthers, isAskedIfWell, progressOf, FAR_FROM_PLACE_M, questionBefore, stateSince } from "./progress.ts";

const view = (state: AssignmentState, next: string[]): FieldView =>
  ({ assignment: { id: 9, sequence: 1, incidentId: 5, unitId: 7, state, milestones: [], roadSecondsAtAssign: null, outcomeWords: null }, next }) as unknown as FieldView;

test("the ordinary next step is the big button, what else is offered stands beside it", () => {
  assert.deepEqual(progressOf(view("en-route", ["staged", "on-scene", "lost"]), EMPTY_OUTBOX), { state: "en-route", unsent: false, primary: "on-scene", others: ["staged"], mayDecline: false });
});

test("of the many steps that the server allows, only those that crews take stand beside the button", () => {
  assert.deepEqual(progressOf(view("delivered", ["acknowledged", "en-route", "on-scene", "transporting", "staged"]), EMPTY_OUTBOX)?.others, []);
  assert.deepEqual(progressOf(view("acknowledged", ["en-route", "on-scene", "transporting", "staged"]), EMPTY_OUTBOX)?.others, ["on-scene"]);
});

test("a step in the outbox counts on the screen and is marked", () => {
  const box = enqueue(EMPTY_OUTBOX, "a", { type: "assignment.advance", assignmentId: 9, to: "acknowledged", deviceAt: 1 }, 1);
  assert.deepEqual(progressOf(view("sent", ["acknowledged"]), box), { state: "acknowledged", unsent: true, primary: "en-route", others: [], mayDecline: false });
});

test("a step that was accepted stays on the screen until the next reading: the big button never goes back", () => {
  const pressed = { type: "assignment.advance", assignmentId: 9, to: "acknowledged", deviceAt: 1 } as const;
  const before = view("delivered", ["acknowledged", "en-route"]);
  const buttons = [progressOf(before, enqueue(EMPTY_OUTBOX, "a", pressed, 1)), progressOf(applyAccepted(before, { command: pressed, pressedAt: 1 }), EMPTY_OUTBOX), progressOf(view("acknowledged", ["en-route"]), EMPTY_OUTBOX)];
  assert.deepEqual(buttons.map((one) => one?.primary), ["en-route", "en-route", "en-route"]);
  assert.equal(progressOf(applyAccepted(view("on-scene", ["cleared"]), { command: { ...pressed, to: "cleared" }, pressedAt: 1 }), EMPTY_OUTBOX), null);
  assert.equal(progressOf(applyAccepted(view("on-scene", ["cleared"]), { command: { ...pressed, assignmentId: 8, to: "cleared" }, pressedAt: 1 }), EMPTY_OUTBOX)?.state, "on-scene");
});

test("cleared or declined in the outbox ends the job on the screen; an older job's steps do not touch this one", () => {
  const cleared = enqueue(EMPTY_OUTBOX, "a", { type: "assignment.advance", assignmentId: 9, to: "cleared", deviceAt: 1 }, 1);
  const other = enqueue(EMPTY_OUTBOX, "a", { type: "assignment.advance", assignmentId: 8, to: "cleared", deviceAt: 1 }, 1);
  assert.equal(progressOf(view("on-scene", ["cleared"]), cleared), null);
  assert.equal(progressOf(view("on-scene", ["cleared"]), other)?.state, "on-scene");
});

test("the own state counts from the end of the job, or from one's own word: as pressed, as accepted, as read anew", () => {
  const before = { ...view("on-scene", ["cleared"]), stateSince: 100 };
  const at = (command: FieldCommand, pressedAt: number) => [stateSince(before, enqueue(EMPTY_OUTBOX, "a", command, pressedAt)), stateSince(applyAccepted(before, { command, pressedAt }), EMPTY_OUTBOX)];
  assert.equal(stateSince(before, EMPTY_OUTBOX), 100);
  assert.deepEqual(at({ type: "assignment.advance", assignmentId: 9, to: "cleared", deviceAt: 900 }, 900), [900, 900]);
  assert.deepEqual(at({ type: "assignment.advance", assignmentId: 9, to: "transporting", deviceAt: 900 }, 900), [100, 100], "the job goes on");
  assert.deepEqual(at({ type: "assignment.decline", assignmentId: 9, words: "a flat tyre", deviceAt: 900 }, 900), [900, 900]);
});

test("only before going may a job be declined", () => {
  assert.equal(progressOf(view("delivered", ["acknowledged"]), EMPTY_OUTBOX)?.mayDecline, true);
  assert.equal(progressOf(view("on-scene", ["cleared"]), EMPTY_OUTBOX)?.mayDecline, false);
});

test("a job that somebody else ended is told; one's own end is not", () => {
  const before = view("en-route", []).assignment;
  assert.equal(endedByOthers(before, null, new Set()), 9);
  assert.equal(endedByOthers(before, view("recalled", []).assignment, new Set()), 9);
  assert.equal(endedByOthers(before, null, new Set([9])), null);
  assert.equal(endedByOthers(before, view("on-scene", []).assignment, new Set()), null);
});

test("the notice has the dispatcher's words, also when the page was loaded only afterwards; read once it is gone", () => {
  const told = { assignmentId: 9, incidentNumber: 4, state: "recalled", words: "caller rang off", at: 5 } as const;
  assert.deepEqual(endNoticeOf(told, null, new Set()), { assignmentId: 9, told });
  assert.deepEqual(endNoticeOf(told, 9, new Set()), { assignmentId: 9, told });
  assert.equal(endNoticeOf(told, 9, new Set([9])), null);
  assert.deepEqual(endNoticeOf(null, 9, new Set()), { assignmentId: 9, told: null }, "out of reach for long: at least that it is gone");
  assert.equal(endNoticeOf(null, null, new Set()), null);
  assert.deepEqual(endNoticeOf(told, 8, new Set([9])), { assignmentId: 8, told: null });
});

test.describe("a step that a thumb may have hit by mistake", () => {
  test("is asked about: on scene far from the place, done while the own emergency lasts", () => {
    assert.equal(questionBefore("on-scene", FAR_FROM_PLACE_M + 1, false), "far-off");
    assert.equal(questionBefore("cleared", 0, true), "in-emergency");
  });
  test("is taken at once otherwise, and where the phone knows no place", () => {
    assert.deepEqual([questionBefore("on-scene", FAR_FROM_PLACE_M, false), questionBefore("on-scene", null, true), questionBefore("cleared", 5_000, false), questionBefore("en-route", 5_000, true)], [null, null, null, null]);
  });
});

test("a crew is asked whether it is well while the centre waits for that word, and not once it has pressed", () => {
  const asked = (stage: "welfare" | "heard" | "acknowledge" | "arrive"): FieldView => {
    const { assignment, ...rest } = view("on-scene", ["cleared"]);
    return { ...rest, assignment: { ...assignment!, unanswered: { stage, since: 1, times: 2, dueAt: 9, goneUp: false } } };
  };
  const pressed = { type: "assignment.confirm", assignmentId: 9, words: "", deviceAt: 1 } as const;
  assert.deepEqual([isAskedIfWell(asked("welfare"), EMPTY_OUTBOX), isAskedIfWell(asked("heard"), EMPTY_OUTBOX), isAskedIfWell(asked("arrive"), EMPTY_OUTBOX), isAskedIfWell(asked("acknowledge"), EMPTY_OUTBOX), isAskedIfWell(asked("welfare"), enqueue(EMPTY_OUTBOX, "a", pressed, 1))], [true, true, true, false, false]);
  const after = applyAccepted(asked("welfare"), { command: pressed, pressedAt: 1 });
  assert.deepEqual([isAskedIfWell(after, EMPTY_OUTBOX), after.assignment!.state, progressOf(after, EMPTY_OUTBOX)?.primary], [false, "on-scene", "cleared"]);
  assert.deepEqual(parseOutbox(formatOutbox(enqueue(EMPTY_OUTBOX, "a", pressed, 1))).entries.map(({ command }) => command), [pressed], "it outlives a reload");
});
