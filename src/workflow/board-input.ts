// What the board of figures needs, taken from the state of dispatch. Ids grow with time, so the day's part is read from the end backwards.
import type { WallMs } from "../base/time.ts";
import { HOUR_MS } from "../base/time.ts";
import { isOffShift } from "../base/shift.ts";
import { baseOfId } from "../base/training-ids.ts";
import type { State } from "../dispatch/state.ts";
import type { BoardInput, ContactTimes, IncidentTimes } from "../statistics/board.ts";
import { startOfDay } from "../statistics/board.ts";

/** A contact's arrival may be told by the switch and lie before that of an earlier id by so much. */
const DISORDER_MS = HOUR_MS;

export function boardInputOf(state: State, now: WallMs, timeZone: string): BoardInput {
  const since = startOfDay(now, timeZone);
  const contacts: ContactTimes[] = [];
  for (let id = state.lastContactId; id > baseOfId(state.lastContactId); id--) {
    const contact = state.contacts.find(id);
    if (contact === undefined) continue;
    if (contact.receivedAt < since - DISORDER_MS) break;
    if (contact.receivedAt >= since) contacts.push(contact);
  }
  const incidents: IncidentTimes[] = [];
  for (let id = state.lastIncidentId; id > baseOfId(state.lastIncidentId); id--) {
    const incident = state.incidents.find(id);
    if (incident === undefined) continue;
    if (incident.createdAt < since) break;
    if (incident.mergedIntoId !== null) continue; // its calls and units count there
    const first = incident.contactIds[0] === undefined ? null : state.contacts.get(incident.contactIds[0]);
    const madeFromFirst = first !== null && first.disposition === "incident";
    incidents.push({
      firstContactAt: incident.firstContactAt, createdAt: incident.createdAt, answeredAt: madeFromFirst ? first.answeredAt : null,
      fromContact: madeFromFirst, needsUnits: incident.neededUnits > 0, assignments: incident.assignmentIds.map((one) => state.assignments.get(one)).filter(({ cover }) => cover === null).map(({ milestones }) => milestones),
    });
  }
  let unitsAvailable = 0;
  let unitsTotal = 0;
  for (const id of state.units.keys()) {
    const unit = state.units.get(id);
    unitsTotal++;
    if (unit.availability !== "not-available" && unit.activeAssignmentId === null && !unit.emergency && !isOffShift(unit, now)) unitsAvailable++;
  }
  return { since, at: now, contacts, incidents, active: [...state.openIncidents.keys()].length, unitsAvailable, unitsTotal };
}
