// Assignments: a unit and an incident, with the progress (SPEC.md, [ASG1] to [ASG14], [ASG17], [COV1]).
import { isOffShift } from "../base/shift.ts";
import type { ProblemRule } from "../base/problem-rules.ts";
import type { WallMs } from "../base/time.ts";
import type { AssignmentCommand, UnitOutcome } from "./commands.ts";
import type { DecideContext, DecidedConflict, Decision } from "./decision.ts";
import { accept, conflict, refuse } from "./decision.ts";
import type { Assignment, Incident, Unit } from "./entities.ts";
import type { Barrier, EventBody } from "./events.ts";
import type { State } from "./state.ts";
import { DECLINABLE, INCIDENT_STEPS, REPORTABLE, allowedReports, isAcknowledged, isLive, isReportable, reportEffect, saidAt } from "./transitions.ts";
import { listStandIns } from "./wants.ts";

/** A unit with more waiting than this is no help to anybody. */
const MOST_STACKED = 5;

type OwnCommand = Exclude<AssignmentCommand, { type: "assignment.preempt" }>;
export function decideAssignment(state: State, command: OwnCommand, context: DecideContext): Decision {
  if (command.type === "assignment.assign") return assign(state, command, context);
  if (command.type === "assignment.cover") return cover(state, command, context);
  const assignment = state.assignments.find(command.assignmentId);
  if (assignment === undefined) return refuse("no-such-assignment", `there is no assignment ${command.assignmentId}`);
  switch (command.type) {
    case "assignment.advance":
      return advance(state, assignment, command, context);
    case "assignment.decline":
      return decline(state, assignment, command, context);
    case "assignment.lose":
      return lose(state, assignment, command.words);
    case "assignment.confirm":
      return confirm(state, assignment, command, context);
    case "assignment.recall":
      if (!isLive(assignment.state)) return conflict(state, "assignment", assignment.id, "assignment-over", `assignment ${assignment.id} is ${assignment.state} already`);
      return done(assignment, [
        { type: "assignment.recalled", assignmentId: assignment.id, incidentId: assignment.incidentId, unitId: assignment.unitId, words: command.words, cause: "recalled" },
        ...nextJob(state, assignment, context),
      ]);
  }
}

export const done = (assignment: Assignment, events: readonly EventBody[]): Decision =>
  accept(events, { incidentId: assignment.incidentId, units: [{ unitId: assignment.unitId, assignmentId: assignment.id, refused: null }] });

/** [ASG2] Each unit has its own outcome; one that was taken a second earlier does not hold back the others. */
function assign(state: State, command: Extract<AssignmentCommand, { type: "assignment.assign" }>, context: DecideContext): Decision {
  const incident = state.incidents.find(command.incidentId);
  if (incident === undefined) return refuse("no-such-incident", `there is no incident ${command.incidentId}`);
  if (!INCIDENT_STEPS.assign.includes(incident.status)) return refuse("incident-ended", `incident ${incident.id} is ${incident.status}`, ["incident.reopen"]);
  const events: Assigned[] = [];
  const units: UnitOutcome[] = [];
  let first: DecidedConflict | null = null;
  for (const unitId of new Set(command.unitIds)) {
    const fault = unitFault(state, incident, unitId, command.stack, context);
    if (fault !== null) {
      first ??= fault;
      const held = fault.by === null ? {} : { details: { by: fault.by, at: fault.at } };
      units.push({ unitId, assignmentId: null, refused: { rule: fault.rule, message: fault.message, ...held } });
      continue;
    }
    const assignmentId = state.lastAssignmentId + 1 + events.length;
    const unit = state.units.get(unitId);
    const stacked = unit.activeAssignmentId !== null;
    const acknowledgeBy = stacked ? null : context.now + context.policy.acknowledgeWithinMs;
    events.push({ type: "assignment.assigned", assignmentId, incidentId: incident.id, unitId, callSign: unit.callSign, stacked, proposal: context.proposalOf(incident.id, unitId), acknowledgeBy, ...rosterOf(unit) });
    units.push({ unitId, assignmentId, refused: null });
  }
  if (events.length === 0 && first !== null) return { ...first, units };
  const standIns = listStandIns(state, incident, events.flatMap((event) => (event.stacked ? [] : [state.units.get(event.unitId)])));
  return accept(events.map((event) => withLacks(event, standIns)), { incidentId: incident.id, units });
}

/** [SHF4] */
export const rosterOf = ({ rosterVersion }: Unit): { rosterVersion?: number } => (rosterVersion === null ? {} : { rosterVersion });

type Assigned = Extract<EventBody, { type: "assignment.assigned" }>;
/** [REC6] The timeline says of whom it is known that he lacks what the run card asks for. */
export function withLacks(event: Assigned, standIns: ReadonlyMap<number, string[]>): Assigned {
  const lacks = event.stacked ? undefined : standIns.get(event.unitId);
  return lacks === undefined ? event : { ...event, lacks };
}

/** [COV1] A move to cover is an assignment of its own kind: it belongs to the incident that it is for, and counts nothing there. */
function cover(state: State, command: Extract<AssignmentCommand, { type: "assignment.cover" }>, context: DecideContext): Decision {
  const incident = state.incidents.find(command.incidentId);
  if (incident === undefined) return refuse("no-such-incident", `there is no incident ${command.incidentId}`);
  if (!INCIDENT_STEPS.assign.includes(incident.status)) return refuse("incident-ended", `incident ${incident.id} is ${incident.status}`, ["incident.reopen"]);
  const post = context.findPlatform(command.platformId);
  if (post === null) return refuse("no-such-platform", `there is no platform ${command.platformId}`);
  const fault = unitFault(state, incident, command.unitId, false, context);
  if (fault !== null) return { ...fault, units: [{ unitId: command.unitId, assignmentId: null, refused: { rule: fault.rule, message: fault.message } }] };
  const unit = state.units.get(command.unitId);
  const { id: unitId, callSign } = unit;
  const assignmentId = state.lastAssignmentId + 1;
  const acknowledgeBy = context.now + context.policy.acknowledgeWithinMs;
  return accept([{ type: "assignment.assigned", assignmentId, incidentId: incident.id, unitId, callSign, stacked: false, proposal: null, acknowledgeBy, cover: post, ...rosterOf(unit) }], {
    incidentId: incident.id, units: [{ unitId, assignmentId, refused: null }],
  });
}

/** [ASG12] Who is not heard from any more counts no longer as going, nor do those wait for it that were to be next; the unit is not available until somebody says otherwise. */
function lose(state: State, assignment: Assignment, words: string): Decision {
  const { id: assignmentId, incidentId, unitId, state: progress } = assignment;
  if (!isLive(progress)) return conflict(state, "assignment", assignmentId, "assignment-over", `assignment ${assignmentId} is ${progress} already`);
  if (progress === "proposed") return refuse("step-not-allowed", `assignment ${assignmentId} is waiting; nobody is lost on it`, ["assignment.recall"]);
  const waiting = state.units.get(unitId).stackedAssignmentIds.map((id) => state.assignments.get(id));
  return done(assignment, [
    ...waiting.map((next): EventBody => ({ type: "assignment.recalled", assignmentId: next.id, incidentId: next.incidentId, unitId, words, cause: "unit-lost" })),
    { type: "assignment.lost", assignmentId, incidentId, unitId, words },
    { type: "unit.availability-changed", unitId, availability: "not-available", activity: words.slice(0, LONGEST_ACTIVITY) },
  ]);
}
const LONGEST_ACTIVITY = 80;

/** Why a unit cannot be given this job, with who holds it. `leaving`: the job that it is taken from for this one. */
export function unitFault(state: State, incident: Incident, unitId: number, stack: boolean, context: DecideContext, leaving: number | null = null): DecidedConflict | null {
  const fault = (rule: ProblemRule, message: string): DecidedConflict => ({ kind: "conflict", rule, message, by: null, at: null, units: [] });
  const unit = state.units.find(unitId);
  if (unit === undefined) return fault("no-such-unit", `there is no unit ${unitId}`);
  const here = incident.assignmentIds.map((id) => state.assignments.get(id)).find((assignment) => assignment.unitId === unitId && isLive(assignment.state) && (leaving === null || (assignment.id !== leaving && assignment.state !== "proposed")));
  if (here !== undefined) return heldBy(here, "unit-on-this-incident", `${unit.callSign} is on this incident already`);
  switch (barrierOf(unit, context.now)) {
    case "unit-in-emergency":
      return conflict(state, "unit", unitId, "unit-in-emergency", `${unit.callSign} has called an emergency`);
    case "unit-off-shift":
      return fault("unit-off-shift", unit.shiftStartsAt !== null && unit.shiftStartsAt > context.now ? `the shift of ${unit.callSign} has not begun` : `the shift of ${unit.callSign} is over`);
    case "unit-not-available":
      return conflict(state, "unit", unitId, "unit-not-available", `${unit.callSign} is not available${unit.activity === null ? "" : `: ${unit.activity}`}`);
    case null:
  }
  if (unit.activeAssignmentId === null || unit.activeAssignmentId === leaving) return null;
  const active = state.assignments.get(unit.activeAssignmentId);
  if (!stack) return heldBy(active, "unit-taken", `${unit.callSign} is on incident ${active.incidentId}`);
  if (unit.stackedAssignmentIds.length >= MOST_STACKED) return fault("unit-stack-full", `${unit.callSign} has ${MOST_STACKED} jobs waiting already`);
  return null;
}

/** [UNT5] What keeps a unit from any job but the one that it has. */
function barrierOf(unit: Unit, now: number): Barrier | null {
  if (unit.emergency) return "unit-in-emergency";
  if (isOffShift(unit, now)) return "unit-off-shift";
  return unit.availability === "not-available" ? "unit-not-available" : null;
}

/** Who gave the unit the job that it has, and when. */
function heldBy(assignment: Assignment, rule: ProblemRule, message: string): DecidedConflict {
  const given = assignment.milestones[0]!;
  return { kind: "conflict", rule, message, by: given.by, at: given.receivedAt, units: [] };
}

/** [UNT5] [SHF5] Whoever works is on duty, whatever the hour: a job or an emergency outlasts a shift. */
export const isOnDuty = (unit: Unit, now: number): boolean => !isOffShift(unit, now) || unit.activeAssignmentId !== null || unit.emergency;

/** [ASG5] [ASG6] A report moves the progress on, or is kept as what it is: an earlier step told late, or a note on what is over. */
function advance(state: State, assignment: Assignment, command: Extract<AssignmentCommand, { type: "assignment.advance" }>, context: DecideContext): Decision {
  const { id: assignmentId, incidentId, unitId } = assignment;
  const { to, deviceAt } = command;
  const entered = enteredFor(unitId, context);
  if (!isReportable(to)) return refuse("not-a-report", `${to} cannot be reported`, REPORTABLE);
  switch (reportEffect(assignment.state, to)) {
    case "advance": {
      const moved: EventBody = { type: "assignment.advanced", assignmentId, incidentId, unitId, to, deviceAt, cause: "reported", ...entered };
      return done(assignment, to === "cleared" ? [moved, ...nextJob(state, assignment, context)] : [moved]);
    }
    case "repeat":
      return done(assignment, answersWait(assignment, deviceAt, context) ? [{ type: "assignment.confirmed", assignmentId, incidentId, unitId, words: "", deviceAt }] : []);
    case "late":
      if (assignment.milestones.some((milestone) => milestone.state === to)) return done(assignment, []);
      return done(assignment, [{ type: "assignment.reported-late", assignmentId, incidentId, unitId, report: to, state: assignment.state, deviceAt, words: null, ...entered }]);
    case "note":
      return done(assignment, [{ type: "assignment.reported-late", assignmentId, incidentId, unitId, report: to, state: assignment.state, deviceAt, words: null, ...entered }]);
    case "refuse":
      return refuse("step-not-allowed", `assignment ${assignmentId} is ${assignment.state}; ${to} cannot follow`, allowedReports(assignment.state));
  }
}

/** [ASG16] A unit that says its step again while its word is waited for has given it, and is on the same step still. */
function answersWait({ unitId, state, unanswered }: Assignment, deviceAt: WallMs | null, context: DecideContext): boolean {
  return unanswered !== null && isLive(state) && isAcknowledged(state) && context.isFrom(unitId) && saidAt(deviceAt, context.now) > unanswered.since;
}

/** [ASG17] All is well with the unit: the waits for its word begin anew. Of a job that nobody has acknowledged it says just that. */
function confirm(state: State, assignment: Assignment, { words, deviceAt = null }: Extract<AssignmentCommand, { type: "assignment.confirm" }>, context: DecideContext): Decision {
  const { id: assignmentId, incidentId, unitId } = assignment;
  if (!isLive(assignment.state)) return conflict(state, "assignment", assignmentId, "assignment-over", `assignment ${assignmentId} is ${assignment.state} already`);
  if (assignment.state === "proposed") return refuse("step-not-allowed", `assignment ${assignmentId} is waiting; nobody is on it yet`, ["assignment.recall"]);
  const entered = enteredFor(unitId, context);
  if (!isAcknowledged(assignment.state)) return done(assignment, [{ type: "assignment.advanced", assignmentId, incidentId, unitId, to: "acknowledged", deviceAt, cause: "reported", ...entered }]);
  return done(assignment, [{ type: "assignment.confirmed", assignmentId, incidentId, unitId, words, deviceAt, ...entered }]);
}

function decline(state: State, assignment: Assignment, command: Extract<AssignmentCommand, { type: "assignment.decline" }>, context: DecideContext): Decision {
  const { id: assignmentId, incidentId, unitId } = assignment;
  const { words, deviceAt } = command;
  if (!isLive(assignment.state)) return done(assignment, [{ type: "assignment.reported-late", assignmentId, incidentId, unitId, report: "declined", state: assignment.state, deviceAt, words, ...enteredFor(unitId, context) }]);
  if (!DECLINABLE.includes(assignment.state)) return refuse("step-not-allowed", `assignment ${assignmentId} is ${assignment.state}; it cannot be declined any more`, allowedReports(assignment.state));
  return done(assignment, [{ type: "assignment.declined", assignmentId, incidentId, unitId, words, deviceAt, ...enteredFor(unitId, context) }, ...nextJob(state, assignment, context)]);
}

/** [ASG14] What is not from the unit itself is marked as entered for it. */
const enteredFor = (unitId: number, context: DecideContext): { entered?: true } => (context.isFrom(unitId) ? {} : { entered: true });

/** [ASG4] When its active job ends, a unit's oldest waiting one becomes active. Where the unit may not be given any, those that wait for it are given back, so that somebody else is sent. */
function nextJob(state: State, ending: Assignment, context: DecideContext, notOf: number | null = null): EventBody[] {
  const unit = state.units.get(ending.unitId);
  if (unit.activeAssignmentId !== ending.id) return [];
  const waiting = unit.stackedAssignmentIds.map((id) => state.assignments.get(id)).filter((assignment) => assignment.incidentId !== notOf);
  const next = waiting[0];
  if (next === undefined) return [];
  const barrier = barrierOf(unit, context.now);
  if (barrier !== null) return waiting.map(({ id: assignmentId, incidentId }) => ({ type: "assignment.recalled", assignmentId, incidentId, unitId: unit.id, words: "", cause: barrier }));
  return [{ type: "assignment.activated", assignmentId: next.id, incidentId: next.incidentId, unitId: unit.id, acknowledgeBy: context.now + context.policy.acknowledgeWithinMs }];
}

/** [INC8] The end of an incident ends its live assignments, each by an event of its own: those at the scene are cleared, the others recalled. */
export function endLiveAssignments(state: State, incident: Incident, cause: "incident-closed" | "incident-cancelled", words: string, context: DecideContext): EventBody[] {
  const live = incident.assignmentIds.map((id) => state.assignments.get(id)).filter((assignment) => isLive(assignment.state));
  return live.flatMap((assignment): EventBody[] => {
    const { id: assignmentId, incidentId, unitId } = assignment;
    const clears = cause === "incident-closed" && reportEffect(assignment.state, "cleared") === "advance";
    const end: EventBody = clears
      ? { type: "assignment.advanced", assignmentId, incidentId, unitId, to: "cleared", deviceAt: null, cause: "incident-closed" }
      : { type: "assignment.recalled", assignmentId, incidentId, unitId, words, cause };
    return [end, ...nextJob(state, assignment, context, incident.id)];
  });
}
