// The fold: what each event does to the state. It decides nothing and refuses nothing; an event in the log is a fact. It throws, half way, where
// the event speaks of what the state does not hold (a damaged log): whoever cannot be sure applies to a layer. Entities are replaced, never
// changed, so that whoever holds one keeps what it was given.
import type { AssignmentEvent, ClosureEvent, ContactEvent, EventBody, IncidentEvent, Plan, StoredEvent, UnitEvent } from "./events.ts";
import type { Assignment, AssignmentState, Contact, Incident, Milestone, Unit } from "./entities.ts";
import { countMissing, standingUnits } from "./run-cards.ts";
import type { EntityKind, IncidentBook, State } from "./state.ts";
import { touchKey } from "./state.ts";
import { isAcknowledged, isGoing, isLive, isOpen } from "./transitions.ts";

export function apply(state: State, event: StoredEvent): void {
  state.sequence = event.sequence;
  state.at = event.at;
  const body: EventBody = event.body;
  if (event.entry !== null) {
    const { incidentId, number, hash } = event.entry;
    setBook(state, incidentId, { head: { number, hash } });
  }
  if (body.type.startsWith("contact.")) applyContact(state, event, body as ContactEvent);
  else if (body.type.startsWith("incident.")) applyIncident(state, event, body as IncidentEvent);
  else if (body.type.startsWith("assignment.")) applyAssignment(state, event, body as AssignmentEvent);
  else if (body.type.startsWith("closure.")) applyClosure(state, event, body as ClosureEvent);
  else applyUnit(state, event, body as UnitEvent);
}

/** What stays of an event that is not to be applied: its number, its place in the chain and its ids are used, and nothing may take them again. */
export function skip(state: State, event: StoredEvent): void {
  state.sequence = event.sequence;
  state.at = Math.max(state.at, event.at);
  if (event.entry !== null) setBook(state, event.entry.incidentId, { head: { number: event.entry.number, hash: event.entry.hash } });
  const ids = (event.body ?? {}) as { readonly contactId?: unknown; readonly incidentId?: unknown; readonly unitId?: unknown; readonly assignmentId?: unknown; readonly closureId?: unknown };
  const later = (last: number, id: unknown): number => (Number.isSafeInteger(id) ? Math.max(last, id as number) : last);
  state.lastContactId = later(state.lastContactId, ids.contactId);
  state.lastIncidentId = later(state.lastIncidentId, ids.incidentId);
  state.lastUnitId = later(state.lastUnitId, ids.unitId);
  state.lastAssignmentId = later(state.lastAssignmentId, ids.assignmentId);
  state.lastClosureId = later(state.lastClosureId, ids.closureId);
}

function touch(state: State, event: StoredEvent, kind: EntityKind, id: number): void {
  state.touches.set(touchKey(kind, id), { by: event.by, at: event.at });
}

function setContact(state: State, event: StoredEvent, id: number, change: Partial<Contact>): void {
  const contact: Contact = { ...state.contacts.get(id), ...change, sequence: event.sequence };
  state.contacts.set(id, contact);
  if (contact.state !== "ended") return touch(state, event, "contact", id);
  state.openContacts.delete(id);
  state.touches.delete(touchKey("contact", id));
}

function applyContact(state: State, event: StoredEvent, body: ContactEvent): void {
  const id = body.contactId;
  switch (body.type) {
    case "contact.received":
      state.lastContactId = id;
      state.contactByExternalId.set(body.externalId, id);
      state.openContacts.set(id, true);
      state.contacts.set(id, {
        id, sequence: event.sequence, source: body.source, state: "ringing", receivedAt: body.receivedAt, answeredAt: null, abandonedAt: null, endedAt: null,
        callerNumber: body.callerNumber, callerPoint: body.callerPoint, callerUncertaintyM: body.callerUncertaintyM, callerWords: body.callerWords,
        claimedBy: null, leaseUntil: null, dueAt: null, owner: null, disposition: null, incidentId: null,
      });
      touch(state, event, "contact", id);
      return;
    case "contact.claimed": {
      const contact = state.contacts.get(id);
      const answeredAt = contact.answeredAt ?? (contact.abandonedAt === null ? event.at : null);
      return setContact(state, event, id, { state: "claimed", claimedBy: event.by, leaseUntil: body.leaseUntil, dueAt: null, owner: null, answeredAt });
    }
    case "contact.renewed":
      return setContact(state, event, id, { leaseUntil: body.leaseUntil });
    case "contact.released": {
      const gone = body.dueAt !== null;
      return setContact(state, event, id, { state: gone ? "abandoned" : "ringing", claimedBy: null, leaseUntil: null, dueAt: body.dueAt, owner: gone ? "call-desk" : null });
    }
    case "contact.hung-up":
      if (body.dueAt === null) return setContact(state, event, id, { abandonedAt: event.at });
      return setContact(state, event, id, { state: "abandoned", abandonedAt: event.at, dueAt: body.dueAt, owner: "call-desk" });
    case "contact.overdue":
      return setContact(state, event, id, { owner: body.owner, dueAt: body.dueAt });
    case "contact.ended":
      return setContact(state, event, id, { ...ended(event), disposition: body.disposition });
    case "contact.attached": {
      setContact(state, event, id, { ...ended(event), disposition: "attached", incidentId: body.incidentId });
      const incident = state.incidents.get(body.incidentId);
      setIncident(state, event, body.incidentId, { contactIds: [...incident.contactIds, id], firstContactAt: Math.min(incident.firstContactAt, body.receivedAt) });
    }
  }
}

const ended = (event: StoredEvent): Partial<Contact> => ({ state: "ended", endedAt: event.at, leaseUntil: null, dueAt: null, owner: null });

function setIncident(state: State, event: StoredEvent, id: number, change: Partial<Incident>): void {
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
    return { missing, since, dueAt: reminders === 0 ? Math.min(dueAt, since + book.shortfallAfterMs) : dueAt, reminders }; // a raised priority shortens the wait
  }
  return { missing, since: event.at, dueAt: event.at + book.shortfallAfterMs, reminders: 0 };
}

const needsOf = (plan: Plan): Pick<Incident, "runCard" | "needs" | "neededUnits" | "noUnitNeeded"> => ({
  runCard: plan.runCard, needs: [...plan.wants], neededUnits: plan.wants.reduce((sum, want) => sum + want.count, 0), noUnitNeeded: null,
});

const NEW_BOOK: IncidentBook = { shortfallAfterMs: 0, servedAfterId: 0, head: { number: 0, hash: "" } };
function setBook(state: State, id: number, change: Partial<IncidentBook>): void {
  state.books.set(id, { ...(state.books.find(id) ?? NEW_BOOK), ...change });
}

function applyIncident(state: State, event: StoredEvent, body: IncidentEvent): void {
  const id = body.incidentId;
  switch (body.type) {
    case "incident.created": {
      state.lastIncidentId = id;
      setBook(state, id, { shortfallAfterMs: body.shortfallAfterMs });
      state.incidents.set(id, {
        id, sequence: event.sequence, number: id, status: "active", type: body.incidentType, priority: body.priority, what: body.what, who: body.who, place: body.place,
        createdAt: event.at, createdBy: event.by, firstContactAt: body.firstContactAt, contactIds: body.contactId === null ? [] : [body.contactId], assignmentIds: [],
        ...needsOf(body.plan), shortfall: null, disposition: null, dispositionWords: null, endedAt: null, verdicts: [],
      });
      if (body.contactId !== null) setContact(state, event, body.contactId, { ...ended(event), disposition: "incident", incidentId: id });
      return setIncident(state, event, id, {});
    }
    case "incident.updated": {
      const { incidentType, priority, what, who, place, plan, shortfallAfterMs } = body;
      if (shortfallAfterMs !== null) setBook(state, id, { shortfallAfterMs });
      return setIncident(state, event, id, {
        ...(incidentType === undefined ? {} : { type: incidentType }), ...(priority === undefined ? {} : { priority }), ...(what === undefined ? {} : { what }),
        ...(who === undefined ? {} : { who }), ...(place === undefined ? {} : { place }), ...(plan === null ? {} : needsOf(plan)),
      });
    }
    case "incident.noted":
      return touch(state, event, "incident", id);
    case "incident.verdict-given": {
      const others = state.incidents.get(id).verdicts.filter((verdict) => verdict.cameraId !== body.cameraId);
      return setIncident(state, event, id, { verdicts: [...others, { cameraId: body.cameraId, verdict: body.verdict, at: event.at, by: event.by }] });
    }
    case "incident.no-unit-needed":
      return setIncident(state, event, id, { needs: [], neededUnits: 0, noUnitNeeded: body.words });
    case "incident.shortfall-overdue": {
      const incident = state.incidents.get(id);
      if (incident.shortfall === null) return;
      return setIncident(state, event, id, { shortfall: { ...incident.shortfall, dueAt: body.dueAt, reminders: incident.shortfall.reminders + 1 } });
    }
    case "incident.closed":
      return setIncident(state, event, id, { status: "closed", disposition: body.disposition, dispositionWords: body.words, endedAt: event.at });
    case "incident.cancelled":
      return setIncident(state, event, id, { status: "cancelled", dispositionWords: body.words, endedAt: event.at });
    case "incident.reopened":
      setBook(state, id, { servedAfterId: state.lastAssignmentId });
      return setIncident(state, event, id, { status: "reopened", disposition: null, dispositionWords: null, endedAt: null });
  }
}

function setAssignment(state: State, event: StoredEvent, id: number, change: Partial<Assignment>, deviceAt: number | null = null): void {
  const before = state.assignments.get(id);
  const milestones: Milestone[] = change.state === undefined ? before.milestones : [...before.milestones, { state: change.state, deviceAt, receivedAt: event.at, by: event.by }];
  const acknowledged = isAcknowledged(change.state ?? before.state) ? { acknowledgeBy: null, acknowledgeOverdue: false } : {};
  const assignment: Assignment = { ...before, milestones, ...acknowledged, ...change, sequence: event.sequence };
  state.assignments.set(id, assignment);
  if (isLive(assignment.state)) touch(state, event, "assignment", id);
  else {
    state.touches.delete(touchKey("assignment", id));
    state.liveAssignments.delete(id);
    const unit = state.units.get(assignment.unitId);
    if (unit.activeAssignmentId === id) setUnit(state, event, unit.id, { activeAssignmentId: null });
    else if (unit.stackedAssignmentIds.includes(id)) setUnit(state, event, unit.id, { stackedAssignmentIds: unit.stackedAssignmentIds.filter((other) => other !== id) });
  }
  if (isGoing(before.state) !== isGoing(assignment.state)) setIncident(state, event, assignment.incidentId, {});
}

function applyAssignment(state: State, event: StoredEvent, body: AssignmentEvent): void {
  const id = body.assignmentId;
  switch (body.type) {
    case "assignment.assigned": {
      state.lastAssignmentId = id;
      const first: AssignmentState = body.stacked ? "proposed" : "assigned";
      state.assignments.set(id, {
        id, sequence: event.sequence, incidentId: body.incidentId, unitId: body.unitId, state: first,
        milestones: [{ state: first, deviceAt: null, receivedAt: event.at, by: event.by }],
        roadSecondsAtAssign: body.proposal?.roadSeconds ?? null, acknowledgeBy: body.acknowledgeBy, acknowledgeOverdue: false, outcomeWords: null,
      });
      state.liveAssignments.set(id, true);
      touch(state, event, "assignment", id);
      const unit = state.units.get(body.unitId);
      setUnit(state, event, unit.id, body.stacked ? { stackedAssignmentIds: [...unit.stackedAssignmentIds, id] } : { activeAssignmentId: id });
      return setIncident(state, event, body.incidentId, { assignmentIds: [...state.incidents.get(body.incidentId).assignmentIds, id] });
    }
    case "assignment.activated": {
      const unit = state.units.get(body.unitId);
      setUnit(state, event, unit.id, { activeAssignmentId: id, stackedAssignmentIds: unit.stackedAssignmentIds.filter((other) => other !== id) });
      return setAssignment(state, event, id, { state: "assigned", acknowledgeBy: body.acknowledgeBy });
    }
    case "assignment.advanced":
      return setAssignment(state, event, id, { state: body.to }, body.deviceAt);
    case "assignment.reported-late": {
      const assignment = state.assignments.get(id);
      if (!isLive(assignment.state)) return; // a note on what is over: a line of the timeline, nothing more
      const milestone: Milestone = { state: body.report, deviceAt: body.deviceAt, receivedAt: event.at, by: event.by };
      return setAssignment(state, event, id, { milestones: [...assignment.milestones, milestone] });
    }
    case "assignment.declined":
      return setAssignment(state, event, id, { state: "declined", outcomeWords: body.words }, body.deviceAt);
    case "assignment.recalled":
      return setAssignment(state, event, id, { state: "recalled", outcomeWords: body.words });
    case "assignment.not-acknowledged":
      return setAssignment(state, event, id, { acknowledgeOverdue: true });
  }
}

function setUnit(state: State, event: StoredEvent, id: number, change: Partial<Unit>): void {
  state.units.set(id, { ...state.units.get(id), ...change, sequence: event.sequence });
  touch(state, event, "unit", id);
}

function applyUnit(state: State, event: StoredEvent, body: UnitEvent): void {
  const id = body.unitId;
  switch (body.type) {
    case "unit.registered": {
      state.lastUnitId = Math.max(state.lastUnitId, id);
      state.unitByCallSign.set(body.profile.callSign, id);
      const known = state.units.find(id);
      state.units.set(id, {
        availability: "available", activity: null, since: event.at, activeAssignmentId: null, stackedAssignmentIds: [], emergency: false, emergencyIncidentId: null,
        ...known, ...body.profile, id, sequence: event.sequence,
      });
      return touch(state, event, "unit", id);
    }
    case "unit.availability-changed":
      return setUnit(state, event, id, { availability: body.availability, activity: body.activity, since: event.at });
    case "unit.emergency-raised":
      return setUnit(state, event, id, { emergency: true, emergencyIncidentId: body.incidentId });
    case "unit.emergency-cleared":
      return setUnit(state, event, id, { emergency: false, emergencyIncidentId: null });
  }
}

function applyClosure(state: State, event: StoredEvent, body: ClosureEvent): void {
  const id = body.closureId;
  if (body.type === "closure.set") {
    state.lastClosureId = id;
    state.closures.set(id, { id, sequence: event.sequence, pieces: body.pieces, words: body.words, setAt: event.at, setBy: event.by, until: body.until, liftedAt: null, liftedBy: null });
    state.standingClosures.set(id, true);
  } else {
    state.closures.set(id, { ...state.closures.get(id), sequence: event.sequence, liftedAt: event.at, liftedBy: event.by });
    state.standingClosures.delete(id);
  }
  touch(state, event, "closure", id);
}
