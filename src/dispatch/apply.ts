// The fold: what each event does to the state. It decides nothing and refuses nothing; an event in the log is a fact. It throws, half way, where
// the event speaks of what the state does not hold (a damaged log): whoever cannot be sure applies to a layer. Entities are replaced, never
// changed, so that whoever holds one keeps what it was given.
import { reviewShortfalls, setAssignment, setBook, setContact, setContactsOf, setIncident, setUnit, setWait, touch } from "./apply-entities.ts";
import { countUnits, decideAsks, regradeAsks } from "./apply-needs.ts";
import { applyTie, forgetMoved, isTie } from "./apply-ties.ts";
import type { AssignmentState, Contact, HandOver, Incident, Milestone, Shift, Unit, Watch } from "./entities.ts";
import type { AssignmentEvent, ClosureEvent, ContactEvent, EventBody, HandOverEvent, IncidentEvent, Plan, StoredEvent, UnitEvent } from "./events.ts";
import { incidentNumberOf } from "../base/training-ids.ts";
import { findShift } from "./shifts.ts";
import type { State } from "./state.ts";
import { isLive, isOfMachine, saidAt } from "./transitions.ts";

export function apply(state: State, event: StoredEvent): void {
  state.sequence = event.sequence;
  state.at = event.at;
  const body: EventBody = event.body;
  if (event.entry !== null) {
    const { incidentId, number, hash } = event.entry;
    setBook(state, incidentId, { head: { number, hash } });
  }
  if (body.type.startsWith("contact.")) applyContact(state, event, body as ContactEvent);
  else if (isTie(body)) applyTie(state, event, body);
  else if (body.type.startsWith("incident.")) applyIncident(state, event, body as IncidentEvent);
  else if (body.type.startsWith("assignment.")) applyAssignment(state, event, body as AssignmentEvent);
  else if (body.type.startsWith("closure.")) applyClosure(state, event, body as ClosureEvent);
  else if (body.type.startsWith("hand-over.")) applyHandOver(state, event, body as HandOverEvent);
  else applyUnit(state, event, body as UnitEvent);
}

/** What stays of an event that is not to be applied: its number, its place in the chain and its ids are used, and nothing may take them again. */
export function skip(state: State, event: StoredEvent): void {
  state.sequence = event.sequence;
  state.at = Math.max(state.at, event.at);
  if (event.entry !== null) setBook(state, event.entry.incidentId, { head: { number: event.entry.number, hash: event.entry.hash } });
  const ids = (event.body ?? {}) as { readonly contactId?: unknown; readonly incidentId?: unknown; readonly unitId?: unknown; readonly assignmentId?: unknown; readonly closureId?: unknown; readonly handOverId?: unknown; readonly version?: unknown };
  const later = (last: number, id: unknown): number => (Number.isSafeInteger(id) ? Math.max(last, id as number) : last);
  state.lastContactId = later(state.lastContactId, ids.contactId);
  state.lastIncidentId = later(state.lastIncidentId, ids.incidentId);
  if (ids.unitId !== undefined) state.lastRosterVersion = later(state.lastRosterVersion, ids.version);
  state.lastUnitId = later(state.lastUnitId, ids.unitId);
  state.lastAssignmentId = later(state.lastAssignmentId, ids.assignmentId);
  state.lastClosureId = later(state.lastClosureId, ids.closureId);
  state.lastHandOverId = later(state.lastHandOverId, ids.handOverId);
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
        callerNumber: body.callerNumber, callerPoint: body.callerPoint, callerUncertaintyM: body.callerUncertaintyM, callerWords: body.callerWords, signal: body.signal ?? null,
        claimedBy: null, leaseUntil: null, ...waitsUntil(body.answerBy ?? null), disposition: null, incidentId: null, earlierEndings: [],
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
      return setContact(state, event, id, { state: gone ? "abandoned" : "ringing", claimedBy: null, leaseUntil: null, ...waitsUntil(body.dueAt ?? body.answerBy ?? null) });
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
      return setContactsOf(state, event, body.incidentId, [...state.incidents.get(body.incidentId).contactIds, id]);
    }
    case "contact.detached":
      forgetMoved(state, body.incidentId, id);
      setContact(state, event, id, { state: "claimed", claimedBy: event.by, leaseUntil: body.leaseUntil, disposition: null, incidentId: null, endedAt: null });
      return setContactsOf(state, event, body.incidentId, state.incidents.get(body.incidentId).contactIds.filter((one) => one !== id));
    case "contact.reopened": {
      const { disposition, endedAt, claimedBy, earlierEndings } = state.contacts.get(id);
      const ending = { disposition: disposition!, at: endedAt!, by: claimedBy!, reopenedAt: event.at, reopenedBy: event.by, words: body.words };
      return setContact(state, event, id, { state: "claimed", claimedBy: event.by, leaseUntil: body.leaseUntil, disposition: null, endedAt: null, earlierEndings: [...earlierEndings, ending] });
    }
    case "contact.handed-over":
      return setContact(state, event, id, { claimedBy: event.by, leaseUntil: body.leaseUntil });
  }
}

/** It waits for somebody until then; null: it waits for nobody in particular. */
const waitsUntil = (dueAt: number | null): Pick<Contact, "dueAt" | "owner"> => ({ dueAt, owner: dueAt === null ? null : "call-desk" });
const ended = (event: StoredEvent): Partial<Contact> => ({ state: "ended", endedAt: event.at, leaseUntil: null, dueAt: null, owner: null });

/** [WAT1] A named person, and nobody else, watches over an incident. */
export const watchedBy = (event: StoredEvent, before: Watch): Watch => (event.by.kind === "user" ? { by: event.by, since: event.at, dueAt: null, reminders: 0 } : before);
const needsOf = (plan: Plan): Pick<Incident, "runCard" | "needs" | "neededUnits" | "noUnitNeeded"> => ({
  runCard: plan.runCard, needs: [...plan.wants], neededUnits: countUnits(plan.wants), noUnitNeeded: null,
});

function applyIncident(state: State, event: StoredEvent, body: IncidentEvent): void {
  const id = body.incidentId;
  switch (body.type) {
    case "incident.created": {
      state.lastIncidentId = id;
      setBook(state, id, { shortfallAfterMs: body.shortfallAfterMs, plannedAt: event.at, planned: body.plan.wants, startedAt: body.contactId === null ? body.firstContactAt : null });
      state.incidents.set(id, {
        id, sequence: event.sequence, number: incidentNumberOf(id), status: "active", type: body.incidentType, priority: body.priority, what: body.what, who: body.who, place: body.place,
        createdAt: event.at, createdBy: event.by, firstContactAt: body.firstContactAt, contactIds: body.contactId === null ? [] : [body.contactId], assignmentIds: [],
        triage: body.triage ?? null, ...needsOf(body.plan), shortfall: null, disposition: null, dispositionWords: null, endedAt: null, verdicts: [],
        watch: body.watchBy === undefined ? watchedBy(event, { by: null, since: event.at, dueAt: null, reminders: 0 }) : { by: null, since: event.at, dueAt: body.watchBy, reminders: 0 },
        mergedIntoId: null, mergedIds: [], splitFromId: body.splitFromId ?? null, linkedIds: [], major: null, majorId: null, partIds: [],
      });
      if (body.contactId !== null) setContact(state, event, body.contactId, { ...ended(event), disposition: "incident", incidentId: id });
      return setIncident(state, event, id, {});
    }
    case "incident.updated": {
      const { incidentType, priority, what, who, place, plan, shortfallAfterMs, triage } = body;
      if (shortfallAfterMs !== null) setWait(state, id, shortfallAfterMs);
      if (incidentType !== undefined) setBook(state, id, { plannedAt: event.at });
      if (plan !== null) setBook(state, id, { planned: plan.wants });
      decideAsks(state, id, { ...(priority === undefined || shortfallAfterMs === null ? {} : { priority: { priority, shortfallAfterMs } }), ...(plan === null ? {} : { plan }) });
      return setIncident(state, event, id, {
        ...(incidentType === undefined ? {} : { type: incidentType }), ...(priority === undefined ? {} : { priority }), ...(what === undefined ? {} : { what }),
        ...(who === undefined ? {} : { who }), ...(place === undefined ? {} : { place }), ...(plan === null ? {} : needsOf(plan)), ...(triage === undefined ? {} : { triage }),
      });
    }
    case "incident.answered": {
      const { card, question, answer, determinant } = body;
      const others = (state.incidents.get(id).triage?.answers ?? []).filter((one) => one.question !== question);
      return setIncident(state, event, id, { triage: { card, answers: answer === null ? others : [...others, { question, answer }], determinant } });
    }
    case "incident.regraded":
      return regradeAsks(state, event, id, body);
    case "incident.noted":
      return touch(state, event, "incident", id);
    case "incident.verdict-given": {
      const others = state.incidents.get(id).verdicts.filter((verdict) => verdict.cameraId !== body.cameraId);
      return setIncident(state, event, id, { verdicts: [...others, { cameraId: body.cameraId, verdict: body.verdict, at: event.at, by: event.by }] });
    }
    case "incident.no-unit-needed":
      decideAsks(state, id, { noUnitNeeded: body.words });
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
      setBook(state, id, { spentIds: state.incidents.get(id).assignmentIds });
      return setIncident(state, event, id, { status: "reopened", disposition: null, dispositionWords: null, endedAt: null, watch: watchedBy(event, state.incidents.get(id).watch) });
    case "incident.watched":
      return setIncident(state, event, id, { watch: watchedBy(event, state.incidents.get(id).watch) });
    case "incident.watch-overdue": {
      const { watch } = state.incidents.get(id);
      return setIncident(state, event, id, { watch: { ...watch, dueAt: body.dueAt, reminders: watch.reminders + 1 } });
    }
  }
}

function applyAssignment(state: State, event: StoredEvent, body: AssignmentEvent): void {
  const id = body.assignmentId;
  switch (body.type) {
    case "assignment.assigned": {
      state.lastAssignmentId = id;
      const first: AssignmentState = body.stacked ? "proposed" : "assigned";
      state.assignments.set(id, {
        id, sequence: event.sequence, incidentId: body.incidentId, unitId: body.unitId, state: first,
        milestones: [{ state: first, deviceAt: null, receivedAt: event.at, by: event.by, entered: false }],
        roadSecondsAtAssign: body.proposal?.roadSeconds ?? null, acknowledgeBy: body.acknowledgeBy, acknowledgeOverdue: false, outcomeWords: null,
        cover: body.cover ?? null, silentSince: null, unanswered: null, confirmed: null,
      });
      state.liveAssignments.set(id, true);
      touch(state, event, "assignment", id);
      const unit = state.units.get(body.unitId);
      setUnit(state, event, unit.id, body.stacked ? { stackedAssignmentIds: [...unit.stackedAssignmentIds, id] } : { activeAssignmentId: id });
      const { assignmentIds, watch } = state.incidents.get(body.incidentId);
      return setIncident(state, event, body.incidentId, { assignmentIds: [...assignmentIds, id], watch: watch.by === null ? watchedBy(event, watch) : watch }); // who sends somebody watches
    }
    case "assignment.activated": {
      const unit = state.units.get(body.unitId);
      setUnit(state, event, unit.id, { activeAssignmentId: id, stackedAssignmentIds: unit.stackedAssignmentIds.filter((other) => other !== id) });
      return setAssignment(state, event, id, { state: "assigned", acknowledgeBy: body.acknowledgeBy });
    }
    case "assignment.advanced":
      return setAssignment(state, event, id, { state: body.to }, body.deviceAt, body.cause === "incident-closed" || body.entered === true);
    case "assignment.reported-late": {
      const assignment = state.assignments.get(id);
      if (!isLive(assignment.state)) return; // a note on what is over: a line of the timeline, nothing more
      const milestone: Milestone = { state: body.report, deviceAt: body.deviceAt, receivedAt: event.at, by: event.by, entered: body.entered === true };
      const { unanswered } = assignment;
      const answers = unanswered !== null && !isOfMachine(body.report) && saidAt(body.deviceAt, event.at) > unanswered.since;
      return setAssignment(state, event, id, { milestones: [...assignment.milestones, milestone], unanswered: answers ? null : unanswered });
    }
    case "assignment.declined":
      return setAssignment(state, event, id, { state: "declined", outcomeWords: body.words }, body.deviceAt, body.entered === true);
    case "assignment.recalled":
      return setAssignment(state, event, id, { state: "recalled", outcomeWords: body.words });
    case "assignment.not-acknowledged": {
      const since = state.assignments.get(id).milestones.findLast((milestone) => milestone.state === "assigned")?.receivedAt ?? event.at;
      return setAssignment(state, event, id, { acknowledgeOverdue: true, unanswered: { stage: "acknowledge", since: Math.min(since, event.at), times: 1, dueAt: body.dueAt ?? event.at, goneUp: false } });
    }
    case "assignment.pre-empted":
      return setAssignment(state, event, id, { state: "pre-empted", outcomeWords: body.words });
    case "assignment.lost":
      return setAssignment(state, event, id, { state: "lost", outcomeWords: body.words });
    case "assignment.not-heard":
      return setAssignment(state, event, id, { silentSince: body.since, unanswered: state.assignments.get(id).unanswered ?? { stage: "heard", since: body.since, times: 1, dueAt: body.dueAt ?? event.at, goneUp: false } });
    case "assignment.heard-again": {
      const { unanswered } = state.assignments.get(id);
      return setAssignment(state, event, id, { silentSince: null, unanswered: unanswered?.stage === "heard" ? null : unanswered });
    }
    case "assignment.unanswered": {
      const { stage, since, times, dueAt, goneUp } = body;
      return setAssignment(state, event, id, { unanswered: { stage, since, times, dueAt, goneUp } });
    }
    case "assignment.confirmed": {
      const { confirmed, silentSince, unanswered } = state.assignments.get(id);
      const said = saidAt(body.deviceAt ?? null, event.at);
      const ownAt = body.entered === true ? (confirmed?.ownAt ?? null) : Math.max(confirmed?.ownAt ?? 0, said);
      const isOld = (since: number | null | undefined): boolean => typeof since === "number" && said <= since; // pressed before the silence began: nothing of it is answered
      return setAssignment(state, event, id, { silentSince: isOld(silentSince) ? silentSince : null, unanswered: isOld(unanswered?.since) ? unanswered : null, confirmed: { at: Math.max(confirmed?.at ?? 0, said), ownAt } });
    }
  }
}

function applyUnit(state: State, event: StoredEvent, body: UnitEvent): void {
  const id = body.unitId;
  switch (body.type) {
    case "unit.registered": {
      state.lastUnitId = Math.max(state.lastUnitId, id);
      state.unitByCallSign.set(body.profile.callSign, id);
      const known = state.units.find(id);
      state.units.set(id, {
        availability: "available", activity: null, since: event.at, activeAssignmentId: null, stackedAssignmentIds: [], emergency: false, emergencyIncidentId: null, shiftStartsAt: null, rosterVersion: null,
        ...known, ...body.profile, ...(state.rosters.has(id) ? { shiftEndsAt: known!.shiftEndsAt } : {}), id, sequence: event.sequence,
      });
      if (known !== undefined) reviewShortfalls(state, event, id);
      return touch(state, event, "unit", id);
    }
    case "unit.rostered": {
      state.lastRosterVersion = body.version;
      const { begunAt = null } = state.rosters.find(id) ?? {};
      state.rosters.set(id, { id, sequence: event.sequence, version: body.version, shifts: body.shifts, begunAt });
      return setUnit(state, event, id, { rosterVersion: body.version, ...shownShift(state.units.get(id), body.shifts, event.at) });
    }
    case "unit.shift-began": {
      const { version, shift: { startsAt, endsAt, crew, skills, platformId } } = body;
      const roster = state.rosters.get(id);
      state.rosters.set(id, { ...roster, sequence: event.sequence, begunAt: startsAt, shifts: roster.shifts.filter((shift) => shift.endsAt > startsAt) });
      setUnit(state, event, id, { shiftStartsAt: startsAt, shiftEndsAt: endsAt, rosterVersion: version, ...(crew === null ? {} : { crew }), ...(skills === null ? {} : { skills }), ...(platformId === null ? {} : { platformId }) });
      return reviewShortfalls(state, event, id);
    }
    case "unit.off-roster":
      state.lastRosterVersion = body.version;
      state.rosters.delete(id);
      return setUnit(state, event, id, { shiftStartsAt: null, shiftEndsAt: null, rosterVersion: null });
    case "unit.availability-changed":
      return setUnit(state, event, id, { availability: body.availability, activity: body.activity, since: event.at });
    case "unit.emergency-raised":
      return setUnit(state, event, id, { emergency: true, emergencyIncidentId: body.incidentId });
    case "unit.emergency-cleared":
      return setUnit(state, event, id, { emergency: false, emergencyIncidentId: null });
  }
}

/** Of the shift that is on, else of the next; where none is left, the unit is off shift from now on: who was taken off a roster's only shift is not on duty for ever. */
function shownShift({ shiftStartsAt, shiftEndsAt }: Unit, shifts: readonly Shift[], at: number): Pick<Unit, "shiftStartsAt" | "shiftEndsAt"> {
  const shift = findShift(shifts, at);
  if (shift !== undefined) return { shiftStartsAt: shift.startsAt, shiftEndsAt: shift.endsAt };
  return { shiftStartsAt: shiftStartsAt !== null && shiftStartsAt < at ? shiftStartsAt : null, shiftEndsAt: Math.min(shiftEndsAt ?? at, at) };
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

function applyHandOver(state: State, event: StoredEvent, body: HandOverEvent): void {
  const id = body.handOverId;
  const set = (change: Partial<HandOver>): void => {
    const handOver: HandOver = { ...state.handOvers.get(id), ...change, sequence: event.sequence };
    state.handOvers.set(id, handOver);
    if (handOver.dueAt === null) state.openHandOvers.delete(id);
    touch(state, event, "hand-over", id);
  };
  const over = { dueAt: null, endedAt: event.at, endedBy: event.by };
  switch (body.type) {
    case "hand-over.offered":
      state.lastHandOverId = id;
      state.openHandOvers.set(id, true);
      state.handOvers.set(id, {
        id, sequence: event.sequence, state: "offered", from: event.by, to: body.to, incidentIds: body.incidentIds, contactIds: body.contactIds, words: body.words, offeredAt: event.at,
        dueAt: body.dueAt, endedAt: null, endedBy: null, endWords: null,
      });
      return touch(state, event, "hand-over", id);
    case "hand-over.escalated":
      return set({ state: "escalated", dueAt: body.dueAt });
    case "hand-over.taken":
      return set({ state: "taken", ...over });
    case "hand-over.declined":
      return set({ state: "declined", ...over, endWords: body.words });
    case "hand-over.withdrawn":
      return set({ state: "withdrawn", ...over });
  }
}
