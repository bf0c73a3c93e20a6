// Incidents: what is happening, where, and whether somebody goes (SPEC.md, [INC1] to [INC10]).
import type { IncidentCommand } from "./commands.ts";
import { checkMine, endingsOf, verdictsOf } from "./decide-contact.ts";
import { DETERMINANT_PRIORITIES } from "../base/triage-grade.ts";
import { endLiveAssignments } from "./decide-assignment.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, conflict, isSameActor, refuse } from "./decision.ts";
import type { Incident, IncidentPlace, IncidentType } from "./entities.ts";
import { findAnswerFault, decideAnswer, followType, replan, triageOfNew, triageOfType } from "./decide-triage.ts";
import type { EventBody } from "./events.ts";
import { nextTellingMs, shortfallAfterMs } from "./policy.ts";
import { isDue } from "./set-back.ts";
import type { State } from "./state.ts";
import { INCIDENT_STEPS, isOpen } from "./transitions.ts";
import type { IncidentStep } from "./transitions.ts";
import { listMissingSkills } from "./wants.ts";

const STEP_OF: Record<Exclude<IncidentCommand["type"], "incident.create">, IncidentStep> = {
  "incident.update": "update", "incident.answer": "update", "incident.note": "note", "incident.verdict": "verdict", "incident.no-unit-needed": "no-unit-needed", "incident.close": "close",
  "incident.cancel": "cancel", "incident.reopen": "reopen", "incident.watch": "watch",
};

export function decideIncident(state: State, command: IncidentCommand, context: DecideContext): Decision {
  if (command.type === "incident.create") return create(state, command, context);
  const incident = state.incidents.find(command.incidentId);
  if (incident === undefined) return refuse("no-such-incident", `there is no incident ${command.incidentId}`);
  const fault = checkStep(state, incident, STEP_OF[command.type]);
  if (fault !== null) return fault;
  const done = (...events: EventBody[]): Decision => accept(events, { incidentId: incident.id });
  const { id } = incident;
  switch (command.type) {
    case "incident.update":
      return update(state, incident, command, context);
    case "incident.answer":
      return decideAnswer(state, incident, command, context);
    case "incident.note": {
      const last = state.books.get(id).head.number;
      if (command.corrects !== null && command.corrects > last) return refuse("no-such-entry", `the timeline of incident ${id} has ${last} entries; there is no entry ${command.corrects}`);
      // Nobody who works at the incident reads what is written at one that was merged into it. A correction stays with its line.
      const at = command.corrects === null ? findStanding(state, incident) : incident;
      return accept([{ type: "incident.noted", incidentId: at.id, words: command.words, corrects: command.corrects }], { incidentId: at.id });
    }
    case "incident.verdict":
      return done({ type: "incident.verdict-given", incidentId: id, cameraId: command.cameraId, verdict: command.verdict });
    case "incident.no-unit-needed":
      return findEmergencyFault(state, incident) ?? done({ type: "incident.no-unit-needed", incidentId: id, words: command.words });
    case "incident.close":
      if (hasOpenParts(state, incident)) return partsOpen(incident);
      return findEmergencyFault(state, incident) ?? done(...endLiveAssignments(state, incident, "incident-closed", command.words, context), { type: "incident.closed", incidentId: id, disposition: command.disposition, words: command.words });
    case "incident.cancel":
      if (hasOpenParts(state, incident)) return partsOpen(incident);
      return findEmergencyFault(state, incident) ?? done(...endLiveAssignments(state, incident, "incident-cancelled", command.words, context), { type: "incident.cancelled", incidentId: id, words: command.words });
    case "incident.watch":
      if (isSameActor(incident.watch.by, context.by)) return done();
      return done({ type: "incident.watched", incidentId: id, handOverId: null });
    case "incident.reopen":
      if (incident.mergedIntoId !== null) return refuse("incident-merged", `incident ${id} was merged into incident ${incident.mergedIntoId}`, ["incident.unmerge"]);
      return done({ type: "incident.reopened", incidentId: id, words: command.words }, ...leaveEnded(state, incident, command.words));
  }
}

/** Whose emergency the incident is, while that stands. Its type stays until then. */
export function findEmergency(state: State, { id, type }: Incident): string | null {
  if (type !== "officer-emergency") return null;
  for (const unitId of state.units.keys()) {
    const unit = state.units.get(unitId);
    if (unit.emergency && unit.emergencyIncidentId === id) return unit.callSign;
  }
  return null;
}
/** [UNT6] While an officer is in danger the incident stays what it is: once it had ended, nobody would be told any more. */
function findEmergencyFault(state: State, incident: Incident): Decision | null {
  const callSign = findEmergency(state, incident);
  return callSign === null ? null : refuse("unit-in-emergency", `${callSign} has called an emergency in incident ${incident.id}, and nobody has cleared it`, ["unit.emergency-clear"]);
}

/** [MAJ3] A major incident outlives its parts, so that none of them is left without its room. */
const hasOpenParts = (state: State, incident: Incident): boolean => incident.partIds.some((id) => isOpen(state.incidents.get(id).status));
const partsOpen = ({ id, partIds }: Incident): Decision => refuse("parts-open", `incident ${id} is a major incident with open parts among ${partIds.join(", ")}`, ["incident.end-major", "incident.leave-major"]);

export const leaveMajor = (major: Incident, part: Incident, words: string): EventBody[] => [
  { type: "incident.left-major", incidentId: part.id, majorId: major.id, majorNumber: major.number, words },
  { type: "incident.part-left", incidentId: major.id, partId: part.id, partNumber: part.number },
];
/** [MAJ3] What opens again does so by itself where its major incident is over. */
export function leaveEnded(state: State, part: Incident, words: string): EventBody[] {
  const major = part.majorId === null ? null : state.incidents.get(part.majorId);
  return major === null || isOpen(major.status) ? [] : leaveMajor(major, part, words);
}

/** Steps in the wrong status: closing what another has closed is a conflict (he was first); the rest is refused with the way out. */
/** The incident itself, or the one that it is part of by merging, over several merges. */
function findStanding(state: State, incident: Incident): Incident {
  return incident.mergedIntoId === null ? incident : findStanding(state, state.incidents.get(incident.mergedIntoId));
}

function checkStep(state: State, incident: Incident, step: IncidentStep): Decision | null {
  if (INCIDENT_STEPS[step].includes(incident.status)) return null;
  if (step === "close" || step === "cancel") return conflict(state, "incident", incident.id, "incident-ended", `incident ${incident.id} is ${incident.status} already`);
  if (step === "reopen") return conflict(state, "incident", incident.id, "incident-open", `incident ${incident.id} is ${incident.status}`);
  return refuse("incident-ended", `incident ${incident.id} is ${incident.status}`, ["incident.reopen", "incident.note"]);
}

function create(state: State, command: Extract<IncidentCommand, { type: "incident.create" }>, context: DecideContext): Decision {
  if (command.contactId !== null) {
    const fault = checkMine(state, command.contactId, "create", context);
    if (fault !== null) return fault;
  }
  const unasked = command.triage === undefined ? null : findAnswerFault(command.incidentType, command.triage.card, command.triage.answers);
  if (unasked !== null) return unasked;
  const contact = command.contactId === null ? null : state.contacts.get(command.contactId);
  const graded = triageOfNew(command.incidentType, state.lastIncidentId + 1, command.triage);
  const event = createdEvent(state, command.incidentType, command.priority ?? null, command.place, command.what, command.who, context, graded.triage);
  return accept([{ ...event, contactId: command.contactId, firstContactAt: contact?.receivedAt ?? context.now, callerWords: contact?.callerWords ?? null, ...(contact === null ? {} : endingsOf(contact)) }, ...graded.answered, ...verdictsOf(event.incidentId, command.verdicts)], { contactId: command.contactId, incidentId: event.incidentId });
}

type CreatedEvent = Extract<EventBody, { type: "incident.created" }>;
/** `said` null: as the grade gives. */
export function createdEvent(state: State, type: IncidentType, said: number | null, place: IncidentPlace, what: string, who: string, context: DecideContext, triage = triageOfNew(type, 0, undefined).triage): CreatedEvent {
  const priority = said ?? DETERMINANT_PRIORITIES[triage.determinant];
  return {
    type: "incident.created", incidentId: state.lastIncidentId + 1, contactId: null, firstContactAt: context.now, callerWords: null, incidentType: type, priority, what, who, place, triage,
    plan: context.planFor({ type, determinant: triage.determinant, district: place.district, now: context.now }), shortfallAfterMs: shortfallAfterMs(priority, context.policy), ...(context.by.kind === "user" ? {} : { watchBy: context.now + context.policy.watchWithinMs }),
  };
}

/** [INC3] Only what differs is recorded; a new type brings its own run card, and its priority where nobody said one [TRI4], and asks again whether nobody needs to go. */
function update(state: State, incident: Incident, command: Extract<IncidentCommand, { type: "incident.update" }>, context: DecideContext): Decision {
  const type = command.incidentType !== undefined && command.incidentType !== incident.type ? command.incidentType : undefined;
  const priority = command.priority !== undefined && command.priority !== incident.priority ? command.priority : undefined;
  const what = command.what !== undefined && command.what !== incident.what ? command.what : undefined;
  const who = command.who !== undefined && command.who !== incident.who ? command.who : undefined;
  const place = command.place;
  if (type === undefined && priority === undefined && what === undefined && who === undefined && place === undefined) return accept([], { incidentId: incident.id });
  const fault = type === undefined ? null : findEmergencyFault(state, incident);
  if (fault !== null) return fault;
  const triage = type === undefined ? null : triageOfType(incident, type);
  const district = (place ?? incident.place).district;
  const event: EventBody = {
    type: "incident.updated", incidentId: incident.id, ...(type === undefined ? {} : { incidentType: type }), ...(priority === undefined ? {} : { priority }),
    ...(what === undefined ? {} : { what }), ...(who === undefined ? {} : { who }), ...(place === undefined ? {} : { place }),
    ...(triage === null ? {} : { triage }), plan: type === undefined || triage === null ? null : context.planFor({ type, determinant: triage.determinant, district, now: context.now }), shortfallAfterMs: priority === undefined ? null : shortfallAfterMs(priority, context.policy),
  };
  const follows = triage !== null ? (command.priority === undefined ? followType(state, incident, triage.determinant, context) : []) : place === undefined ? [] : replan(state, incident, place, priority, context);
  return accept([event, ...follows], { incidentId: incident.id });
}

/** [INC6] [WAT2] Nobody-is-going is told when its time is up, and again, at doubling distance, until somebody goes. */
export function dueOfIncident(state: State, id: number, { now, policy }: DecideContext): EventBody[] {
  const incident = state.incidents.get(id);
  const { shortfall, status, watch } = incident;
  if (!isOpen(status)) return [];
  const events: EventBody[] = [];
  if (watch.by === null && watch.dueAt !== null && isDue(watch.dueAt, now, Math.max(policy.watchWithinMs, policy.supervisorReminderMs))) events.push({ type: "incident.watch-overdue", incidentId: id, dueAt: now + policy.supervisorReminderMs });
  if (shortfall === null) return events;
  const { shortfallAfterMs: firstMs } = state.books.get(id);
  if (!isDue(shortfall.dueAt, now, shortfall.reminders === 0 ? firstMs : policy.longestReminderMs)) return events;
  const wait = nextTellingMs(firstMs, shortfall.reminders + 1, policy);
  const skills = listMissingSkills(state, incident);
  return [...events, { type: "incident.shortfall-overdue", incidentId: id, missing: shortfall.missing, dueAt: now + wait, ...(skills.length === 0 ? {} : { skills }) }];
}
