// The fold of what ties incidents together: merged, split, linked, parts of a major one (SPEC.md, [TIE1] to [TIE6], [MAJ1] to [MAJ3]). Contacts and
// assignments move by their ids; words, lines and verdicts stay where they were written, so that undoing a tie gives back what was there.
import { setAssignment, setBook, setContact, setContactsOf, setIncident } from "./apply-entities.ts";
import { giveBackAsks, takeAsks } from "./apply-needs.ts";
import type { EventBody, StoredEvent, TieEvent } from "./events.ts";
import type { State } from "./state.ts";

const TIE_TYPES: ReadonlySet<string> = new Set<TieEvent["type"]>([
  "incident.merged", "incident.absorbed", "incident.unmerged", "incident.gave-back", "incident.split", "incident.split-off", "incident.linked", "incident.unlinked", "incident.made-major", "incident.major-ended",
  "incident.joined-major", "incident.left-major", "incident.part-joined", "incident.part-left",
]);
export const isTie = (body: EventBody): body is TieEvent => TIE_TYPES.has(body.type);

/** Both incidents keep what the other has: the lists say whose each contact and assignment is now, and they agree with what those say themselves. */
function move(state: State, event: StoredEvent, fromId: number, toId: number, contactIds: readonly number[], assignmentIds: readonly number[]): void {
  const [spentThere, spentHere] = [state.books.get(fromId).spentIds, state.books.get(toId).spentIds];
  setBook(state, fromId, { spentIds: spentThere.filter((id) => !assignmentIds.includes(id)) });
  setBook(state, toId, { spentIds: [...spentHere, ...spentThere.filter((id) => assignmentIds.includes(id))] }); // what counted no more does not count anew
  for (const id of contactIds) setContact(state, event, id, { incidentId: toId });
  for (const id of assignmentIds) setAssignment(state, event, id, { incidentId: toId });
  const [from, to] = [state.incidents.get(fromId), state.incidents.get(toId)];
  setContactsOf(state, event, fromId, from.contactIds.filter((id) => !contactIds.includes(id)), { assignmentIds: from.assignmentIds.filter((id) => !assignmentIds.includes(id)) });
  setContactsOf(state, event, toId, [...to.contactIds, ...contactIds], { assignmentIds: [...to.assignmentIds, ...assignmentIds] });
}

/** What is taken from an incident on purpose went there by no merge any more: whoever brings it back means that [TIE2]. */
export function forgetMoved(state: State, incidentId: number, contactId: number): void {
  for (const id of state.incidents.get(incidentId).mergedIds) {
    const { merged } = state.books.get(id);
    if (merged !== null && merged.contactIds.includes(contactId)) setBook(state, id, { merged: { ...merged, contactIds: without(merged.contactIds, contactId) } });
    forgetMoved(state, id, contactId);
  }
}

const without = (ids: readonly number[], id: number): number[] => ids.filter((one) => one !== id);

export function applyTie(state: State, event: StoredEvent, body: TieEvent): void {
  const id = body.incidentId;
  const incident = state.incidents.get(id);
  switch (body.type) {
    case "incident.merged": {
      setBook(state, id, { merged: { contactIds: body.contactIds, assignmentIds: body.assignmentIds, status: incident.status } });
      move(state, event, id, body.intoId, body.contactIds, body.assignmentIds);
      setIncident(state, event, id, { status: "closed", disposition: "duplicate", dispositionWords: body.words, endedAt: event.at, mergedIntoId: body.intoId });
      return setIncident(state, event, body.intoId, { mergedIds: [...state.incidents.get(body.intoId).mergedIds, id] });
    }
    case "incident.unmerged": {
      const went = state.books.get(id).merged!;
      setBook(state, id, { merged: null });
      const back = body.moved ?? { contactIds: went.contactIds.filter((one) => state.contacts.get(one).incidentId === body.intoId), assignmentIds: went.assignmentIds.filter((one) => state.assignments.get(one).incidentId === body.intoId) };
      setIncident(state, event, id, { status: went.status, disposition: null, dispositionWords: null, endedAt: null, mergedIntoId: null });
      move(state, event, body.intoId, id, back.contactIds, back.assignmentIds);
      return setIncident(state, event, body.intoId, { mergedIds: without(state.incidents.get(body.intoId).mergedIds, id) });
    }
    case "incident.split-off": // the other's event has moved calls and units
      return setIncident(state, event, id, {});
    case "incident.split":
      return move(state, event, id, body.newId, body.contactIds, body.assignmentIds);
    case "incident.linked":
      return setIncident(state, event, id, { linkedIds: [...incident.linkedIds, body.otherId] });
    case "incident.unlinked":
      return setIncident(state, event, id, { linkedIds: without(incident.linkedIds, body.otherId) });
    case "incident.made-major":
      return setIncident(state, event, id, { major: { since: event.at, by: event.by } });
    case "incident.major-ended":
      return setIncident(state, event, id, { major: null });
    case "incident.joined-major":
      return setIncident(state, event, id, { majorId: body.majorId });
    case "incident.left-major":
      return setIncident(state, event, id, { majorId: null });
    case "incident.part-joined":
      return setIncident(state, event, id, { partIds: [...incident.partIds, body.partId] });
    case "incident.part-left":
      return setIncident(state, event, id, { partIds: without(incident.partIds, body.partId) });
    case "incident.absorbed": // the other one's event has moved calls and units; what it asked for comes with this line
      return body.asks === undefined ? setIncident(state, event, id, {}) : takeAsks(state, event, id, body.fromId, body.asks);
    case "incident.gave-back":
      return giveBackAsks(state, event, id, body.fromId);
  }
}
