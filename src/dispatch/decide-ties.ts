// What is one incident, what is two, what belongs together (SPEC.md, [TIE1] to [TIE6], [MAJ1] to [MAJ3]). Each tie is an event in the timelines of both,
// and can be undone. Rejected: copying contacts and units of one incident into the other and closing the first, which nobody can take apart again.
import { incidentNumberOf } from "../base/training-ids.ts";
import type { TieCommand } from "./commands.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, conflict, refuse } from "./decision.ts";
import { createdEvent, findEmergency, leaveEnded, leaveMajor } from "./decide-incident.ts";
import { answersFor, triageOfNew } from "./decide-triage.ts";
import type { Incident } from "./entities.ts";
import type { EventBody, Moved } from "./events.ts";
import type { State } from "./state.ts";
import { INCIDENT_STEPS, isLive, isOpen } from "./transitions.ts";

const TIE_COMMANDS: ReadonlySet<string> = new Set<TieCommand["type"]>([
  "incident.merge", "incident.unmerge", "incident.split", "incident.link", "incident.unlink", "incident.make-major", "incident.end-major", "incident.join-major", "incident.leave-major",
]);
export const isTieCommand = (command: { readonly type: string }): command is TieCommand => TIE_COMMANDS.has(command.type);

export function decideTie(state: State, command: TieCommand, context: DecideContext): Decision {
  const incident = state.incidents.find(command.incidentId);
  if (incident === undefined) return refuse("no-such-incident", `there is no incident ${command.incidentId}`);
  switch (command.type) {
    case "incident.merge":
      return merge(state, incident, command);
    case "incident.unmerge":
      return unmerge(state, incident, command.words);
    case "incident.split":
      return split(state, incident, command, context);
    case "incident.link":
      return link(state, incident, command);
    case "incident.unlink":
      return unlink(state, incident, command);
    case "incident.make-major":
      return makeMajor(state, incident, command);
    case "incident.end-major":
      if (incident.major === null) return conflict(state, "incident", incident.id, "not-major", `incident ${incident.id} is not a major incident`);
      return done(incident, [...incident.partIds.flatMap((id) => leaveMajor(incident, state.incidents.get(id), command.words)), { type: "incident.major-ended", incidentId: incident.id, words: command.words }]);
    case "incident.join-major":
      return join(state, incident, command);
    case "incident.leave-major": {
      if (incident.majorId === null) return conflict(state, "incident", incident.id, "not-a-part", `incident ${incident.id} is not part of a major incident`);
      return done(incident, leaveMajor(state.incidents.get(incident.majorId), incident, command.words));
    }
  }
}

const done = ({ id }: Incident, events: readonly EventBody[]): Decision => accept(events, { incidentId: id });
const ended = ({ id, status }: Incident): Decision => refuse("incident-ended", `incident ${id} is ${status}`, ["incident.reopen"]);
const missing = (id: number): Decision => refuse("no-such-incident", `there is no incident ${id}`);
const canTie = (incident: Incident): boolean => INCIDENT_STEPS.tie.includes(incident.status);

/** [TIE1] [TIE6] What came in, who goes and what was asked for passes to the other; the words of both stay where they are. */
function merge(state: State, incident: Incident, { intoId, words }: Extract<TieCommand, { type: "incident.merge" }>): Decision {
  const into = state.incidents.find(intoId);
  if (into === undefined) return missing(intoId);
  if (intoId === incident.id) return refuse("same-incident", `incident ${intoId} cannot be merged into itself`);
  if (incident.mergedIntoId !== null) return conflict(state, "incident", incident.id, "incident-merged", `incident ${incident.id} is merged into incident ${incident.mergedIntoId} already`);
  for (const one of [incident, into]) if (!canTie(one)) return ended(one);
  if (incident.major !== null) return refuse("is-major", `incident ${incident.id} is a major incident; merge the other into it`, ["incident.end-major"]);
  if (incident.majorId !== null && incident.majorId !== into.id && incident.majorId !== into.majorId) return refuse("is-a-part", `incident ${incident.id} is part of incident ${incident.majorId}, and incident ${into.id} is not: its calls and units would leave the room`, ["incident.leave-major", "incident.join-major"]);
  const inDanger = findEmergency(state, incident);
  if (inDanger !== null) return refuse("unit-in-emergency", `${inDanger} has called an emergency in incident ${incident.id}; merge the other into it`);
  const both = unitsOnBoth(state, incident, into);
  if (both.length > 0) return refuse("unit-on-both", `${both.join(", ")} has a job at both incidents`, ["assignment.recall"]);
  const { id, number, what, who, place, contactIds, assignmentIds, type: incidentType, runCard, priority, needs, shortfall } = incident;
  const asks = { incidentType, runCard, priority, shortfallAfterMs: state.books.get(id).shortfallAfterMs, wants: needs, missing: shortfall?.missing ?? 0 };
  const moved = movedOf(state, contactIds, assignmentIds);
  return accept([
    { type: "incident.merged", incidentId: id, intoId, intoNumber: into.number, words, ...moved },
    { type: "incident.absorbed", incidentId: intoId, fromId: id, fromNumber: number, words, what, who, place, asks, moved },
  ], { incidentId: intoId });
}

const movedOf = (state: State, contactIds: number[], assignmentIds: number[]): Moved => ({
  contactIds, assignmentIds, callSigns: [...new Set(assignmentIds.map((id) => state.assignments.get(id)).filter(({ state: progress }) => isLive(progress)).map(({ unitId }) => state.units.get(unitId).callSign))],
});

function unitsOnBoth(state: State, a: Incident, b: Incident): string[] {
  const unitsOf = ({ assignmentIds }: Incident): number[] => assignmentIds.map((id) => state.assignments.get(id)).filter(({ state: progress }) => isLive(progress)).map(({ unitId }) => unitId);
  const there = unitsOf(b);
  return unitsOf(a).filter((unitId) => there.includes(unitId)).map((unitId) => state.units.get(unitId).callSign);
}

/** [TIE2] */
function unmerge(state: State, incident: Incident, words: string): Decision {
  const { id, number, mergedIntoId: intoId } = incident;
  if (intoId === null) return conflict(state, "incident", id, "not-merged", `incident ${id} is not merged`);
  const into = state.incidents.get(intoId);
  if (into.mergedIntoId !== null) return refuse("incident-merged", `incident ${intoId} is itself merged into incident ${into.mergedIntoId}; undo that first`, ["incident.unmerge"]);
  const went = state.books.get(id).merged!;
  const moved = movedOf(state, went.contactIds.filter((one) => state.contacts.get(one).incidentId === intoId), went.assignmentIds.filter((one) => state.assignments.get(one).incidentId === intoId));
  return accept([
    { type: "incident.unmerged", incidentId: id, intoId, intoNumber: into.number, words, moved },
    { type: "incident.gave-back", incidentId: intoId, fromId: id, fromNumber: number, words, moved },
    ...leaveEnded(state, incident, words),
  ], { incidentId: id });
}

/** [TIE3] */
function split(state: State, incident: Incident, command: Extract<TieCommand, { type: "incident.split" }>, context: DecideContext): Decision {
  if (!canTie(incident)) return ended(incident);
  const contactIds = [...new Set(command.contactIds)];
  const assignmentIds = [...new Set(command.assignmentIds)];
  const strange = contactIds.find((id) => !incident.contactIds.includes(id));
  if (strange !== undefined) return refuse("no-such-contact", `incident ${incident.id} has no contact ${strange}`);
  const over = assignmentIds.find((id) => !incident.assignmentIds.includes(id) || !isLive(state.assignments.get(id).state));
  if (over !== undefined) return refuse("no-such-assignment", `incident ${incident.id} has no live assignment ${over}`);
  if (contactIds.length === 0 && assignmentIds.length === 0) return refuse("nothing-to-split", "a split takes at least one contact or one unit with it", ["incident.create", "incident.link"]);
  const { incidentType: type, place, what, who, words } = command;
  const { triage, answered } = triageOfNew(type, state.lastIncidentId + 1, answersFor(incident, type));
  const created = createdEvent(state, type, command.priority ?? null, place, what, who, context, triage);
  const newId = created.incidentId;
  const firstContactAt = contactIds.reduce((first, id) => Math.min(first, state.contacts.get(id).receivedAt), context.now);
  const moved = movedOf(state, contactIds, assignmentIds);
  return accept([
    { ...created, firstContactAt, splitFromId: incident.id },
    ...answered,
    { type: "incident.split", incidentId: incident.id, newId, newNumber: incidentNumberOf(newId), words, ...moved },
    { type: "incident.split-off", incidentId: newId, fromId: incident.id, fromNumber: incident.number, words, moved },
  ], { incidentId: newId });
}

/** [TIE4] */
function link(state: State, incident: Incident, { otherId, words }: Extract<TieCommand, { type: "incident.link" | "incident.unlink" }>): Decision {
  const other = state.incidents.find(otherId);
  if (other === undefined) return missing(otherId);
  if (otherId === incident.id) return refuse("same-incident", `incident ${otherId} cannot be linked with itself`);
  if (incident.linkedIds.includes(otherId)) return conflict(state, "incident", incident.id, "linked-already", `incidents ${incident.id} and ${otherId} are linked already`);
  return done(incident, both("incident.linked", incident, other, words));
}

function unlink(state: State, incident: Incident, { otherId, words }: Extract<TieCommand, { type: "incident.link" | "incident.unlink" }>): Decision {
  const other = state.incidents.find(otherId);
  if (other === undefined) return missing(otherId);
  if (!incident.linkedIds.includes(otherId)) return conflict(state, "incident", incident.id, "not-linked", `incidents ${incident.id} and ${otherId} are not linked`);
  return done(incident, both("incident.unlinked", incident, other, words));
}

const both = (type: "incident.linked" | "incident.unlinked", a: Incident, b: Incident, words: string): EventBody[] => [
  { type, incidentId: a.id, otherId: b.id, otherNumber: b.number, words },
  { type, incidentId: b.id, otherId: a.id, otherNumber: a.number, words },
];

/** [MAJ1] One command: it is a major incident, with these under it. */
function makeMajor(state: State, incident: Incident, { partIds, words }: Extract<TieCommand, { type: "incident.make-major" }>): Decision {
  if (!canTie(incident)) return ended(incident);
  if (incident.major !== null) return conflict(state, "incident", incident.id, "is-major", `incident ${incident.id} is a major incident already`);
  if (incident.majorId !== null) return refuse("is-a-part", `incident ${incident.id} is part of incident ${incident.majorId}`, ["incident.leave-major"]);
  const events: EventBody[] = [{ type: "incident.made-major", incidentId: incident.id, words }];
  for (const id of new Set(partIds)) {
    const part = state.incidents.find(id);
    if (part === undefined) return missing(id);
    const fault = partFault(incident, part);
    if (fault !== null) return fault;
    events.push(...enter(state, incident, part, words));
  }
  return done(incident, events);
}

function join(state: State, part: Incident, { majorId, words }: Extract<TieCommand, { type: "incident.join-major" }>): Decision {
  const major = state.incidents.find(majorId);
  if (major === undefined) return missing(majorId);
  if (major.major === null || !isOpen(major.status)) return refuse("not-major", `incident ${majorId} is not an open major incident`, ["incident.make-major"]);
  if (part.majorId === majorId) return conflict(state, "incident", part.id, "is-a-part", `incident ${part.id} is part of incident ${majorId} already`);
  return partFault(major, part) ?? done(part, enter(state, major, part, words));
}

/** [MAJ2] */
function partFault(major: Incident, part: Incident): Decision | null {
  if (part.id === major.id) return refuse("same-incident", `incident ${part.id} cannot be part of itself`);
  if (!canTie(part)) return ended(part);
  if (part.major !== null) return refuse("is-major", `incident ${part.id} is a major incident itself`, ["incident.end-major"]);
  return null;
}

function enter(state: State, major: Incident, part: Incident, words: string): EventBody[] {
  const before = part.majorId === null ? [] : leaveMajor(state.incidents.get(part.majorId), part, words);
  return [
    ...before,
    { type: "incident.joined-major", incidentId: part.id, majorId: major.id, majorNumber: major.number, words },
    { type: "incident.part-joined", incidentId: major.id, partId: part.id, partNumber: part.number },
  ];
}
