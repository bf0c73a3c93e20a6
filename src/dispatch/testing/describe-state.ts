// Two states compared: by what they hold, not by how their tables came to it.
import type { State } from "../state.ts";
import type { Table } from "../table.ts";

/** Everything in the state as plain values, for comparing two states. `externalIds`: those to ask for; a state that was made from blocks does not list the ones that it was not asked for. */
export function describeState(state: State, externalIds: Iterable<string> = state.contactByExternalId.keys()): unknown {
  const rows = <K, V>(table: Table<K, V>): [K, V][] => [...table.keys()].map((key): [K, V] => [key, table.get(key)]).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return {
    sequence: state.sequence, at: state.at, last: [state.lastContactId, state.lastIncidentId, state.lastUnitId, state.lastAssignmentId, state.lastClosureId, state.lastHandOverId, state.lastRosterVersion],
    contacts: rows(state.contacts), incidents: rows(state.incidents), units: rows(state.units), assignments: rows(state.assignments), closures: rows(state.closures),
    books: rows(state.books), contactByExternalId: Array.from(new Set(externalIds), (id) => [id, state.contactByExternalId.find(id)]).sort(), unitByCallSign: rows(state.unitByCallSign),
    touches: rows(state.touches), openContacts: rows(state.openContacts), openIncidents: rows(state.openIncidents), liveAssignments: rows(state.liveAssignments), standingClosures: rows(state.standingClosures),
    handOvers: rows(state.handOvers), rosters: rows(state.rosters), openHandOvers: rows(state.openHandOvers), lastEndedJobs: rows(state.lastEndedJobs),
  };
}
