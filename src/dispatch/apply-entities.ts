// The writes of the fold: one setter for each kind of thing, each keeping what follows from it (the open ones, the shortfall, who touched it last). Entities
// are replaced, never changed.
import type { Assignment, Contact, Incident, Milestone, Unit } from "./entities.ts";
import type { StoredEvent } from "./events.ts";
import type { EntityKind, IncidentBook, State } from "./state.ts";
import { touchKey } from "./state.ts";
import { isAcknowledged, isGoing, isLive, isOpen } from "./transitions.ts";
import { countMissing, standingUnits } from "./wants.ts";

export function touch(state: State, event: StoredEvent, kind: EntityKind, id: number): void {
  state.touches.set(touchKey(kind, id), { by: event.by, at: event.at });
}

export function setContact(state: State, event: StoredEvent, id: number, change: Partial<Contact>): void {
  const contact: Contact = { ...state.contacts.get(id), ...change, sequence: event.sequence };
  state.contacts.set(id, contact);
  if (contact.state !== "ended") {
    state.openContacts.set(id, true);
    return touch(state, event, "contact", id);
  }
  state.openContacts.delete(id);
  if (contact.claimedBy === null) touch(state, event, "contact", id); // the switch ended it: the contact does not say who did
  else state.touches.delete(touchKey("contact", id));
}

export function setIncident(state: State, event: StoredEvent, id: number, change: Partial<Incident>): void {
  const incident: Incident = { ...state.incidents.get(id), ...change, sequence: event.sequence };
  state.incidents.set(id, { ...incident, shortfall: shortfallOf(state, event, incident) });
  if (isOpen(incident.status)) state.openIncidents.set(id, true);
  else state.openIncidents.delete(id);
  touch(state, event, "incident", id);
}

/** [INC5] Computed from the live assignments each time something changes; it can't be forgotten. */
function shortfallOf(state: State, event: StoredEvent, incident: Incident): Incident["shortfall"] {
  if (!isOpen(incident.status) || incident.needs.length === 0) return null;
  const book = state.books.get(incident.id);
  const missing = countMissing(incident.needs, standingUnits(state, incident));
  if (missing === 0) return null;
  if (incident.shortfall !== null) {
    const { since, dueAt, reminders } = incident.shortfall;
    return { missing, since, dueAt: reminders === 0 ? Math.min(dueAt, since + book.shortfallAfterMs) : dueAt, reminders };
  }
  const dueAt = event.body.type === "assignment.unanswered" ? event.at : event.at + book.shortfallAfterMs; // the wait for a unit that does not answer is over already
  return { missing, since: event.at, dueAt, reminders: 0 };
}

/** [INC5] A crew with other skills may meet less of what its incident asks for than before, or more. */
export function reviewShortfalls(state: State, event: StoredEvent, unitId: number): void {
  for (const id of [...state.openIncidents.keys()]) {
    const incident = state.incidents.get(id);
    if (incident.needs.every(({ skills }) => skills === undefined) || !incident.assignmentIds.some((one) => state.assignments.get(one).unitId === unitId)) continue;
    if (countMissing(incident.needs, standingUnits(state, incident)) !== (incident.shortfall?.missing ?? 0)) setIncident(state, event, id, {});
  }
}

const NEW_BOOK: IncidentBook = { merged: null, startedAt: null, shortfallAfterMs: 0, plannedAt: 0, planned: [], spentIds: [], asked: null, head: { number: 0, hash: "" } };
export function setBook(state: State, id: number, change: Partial<IncidentBook>): void {
  state.books.set(id, { ...(state.books.find(id) ?? NEW_BOOK), ...change });
}

/** [INC6] A raised priority shortens the wait. Where somebody was told already, reminders begin anew, at once where the shorter wait is over. To be called before `setIncident`. */
export function setWait(state: State, id: number, shortfallAfterMs: number): void {
  const incident = state.incidents.get(id);
  const { shortfall } = incident;
  if (shortfall !== null && shortfallAfterMs < state.books.get(id).shortfallAfterMs) state.incidents.set(id, { ...incident, shortfall: { ...shortfall, reminders: 0 } });
  setBook(state, id, { shortfallAfterMs });
}

export function setAssignment(state: State, event: StoredEvent, id: number, change: Partial<Assignment>, deviceAt: number | null = null, entered = false): void {
  const before = state.assignments.get(id);
  const milestones: Milestone[] = change.state === undefined ? before.milestones : [...before.milestones, { state: change.state, deviceAt, receivedAt: event.at, by: event.by, entered }];
  const acknowledged = isAcknowledged(change.state ?? before.state) ? { acknowledgeBy: null, acknowledgeOverdue: false } : {};
  const heard = change.state === undefined ? {} : { silentSince: null, ...(isAcknowledged(change.state) ? { unanswered: null } : {}) }; // a phone that took the job (sent, delivered) is no word of the crew
  const assignment: Assignment = { ...before, milestones, ...acknowledged, ...heard, ...change, sequence: event.sequence };
  state.assignments.set(id, assignment);
  if (isLive(assignment.state)) touch(state, event, "assignment", id);
  else {
    state.touches.delete(touchKey("assignment", id));
    state.liveAssignments.delete(id);
    if (isLive(before.state)) state.lastEndedJobs.set(assignment.unitId, id);
    const unit = state.units.get(assignment.unitId);
    if (unit.activeAssignmentId === id) setUnit(state, event, unit.id, { activeAssignmentId: null, since: event.at });
    else if (unit.stackedAssignmentIds.includes(id)) setUnit(state, event, unit.id, { stackedAssignmentIds: unit.stackedAssignmentIds.filter((other) => other !== id) });
  }
  const hasServed = assignment.state === "cleared" && before.state !== "cleared"; // also one that had gone up as silent and counted nowhere until then
  if (isGoing(before) !== isGoing(assignment) || hasServed) setIncident(state, event, assignment.incidentId, {});
}

export function setUnit(state: State, event: StoredEvent, id: number, change: Partial<Unit>): void {
  state.units.set(id, { ...state.units.get(id), ...change, sequence: event.sequence });
  touch(state, event, "unit", id);
}

/** [INC11] The clock starts at the earliest arrival of the contacts that it has now, or where it was made without one, at its making. */
export function setContactsOf(state: State, event: StoredEvent, id: number, contactIds: number[], change: Partial<Incident> = {}): void {
  const { startedAt } = state.books.get(id);
  const arrivals = contactIds.map((one) => state.contacts.get(one).receivedAt);
  if (startedAt !== null) arrivals.push(startedAt);
  setIncident(state, event, id, { ...change, contactIds, firstContactAt: arrivals.length === 0 ? state.incidents.get(id).createdAt : Math.min(...arrivals) });
}
