// What waits for somebody past its time, whichever room is open: calls that ring on, incidents that nobody or too few go to. Pure, so that
// the strip in the header and the rows of the lists follow one rule. What is late but in somebody's hand is not here: it would teach people to overlook it.
import type { z } from "zod";
import type { Permission } from "../../../src/contract/access.ts";
import type { Assignment, AssignmentState, Contact, Incident, Unit } from "../../../src/contract/dispatch.ts";

/** NENA: 90 % of calls answered within 15 s. One older than that is late. */
export const ANSWER_WITHIN_MS = 15_000;

type ContactView = z.infer<typeof Contact>;
type IncidentView = z.infer<typeof Incident>;

const ENDED_ASSIGNMENT: ReadonlySet<AssignmentState> = new Set<AssignmentState>(["cleared", "declined", "recalled", "pre-empted", "lost"]);
export const isLive = (state: AssignmentState): boolean => !ENDED_ASSIGNMENT.has(state);
/** Since when it is at its step: what was told late of an earlier one came after it and says nothing of that. */
export const stepSince = ({ state, milestones }: Pick<Assignment, "state" | "milestones">): number | undefined => milestones.findLast((milestone) => milestone.state === state)?.receivedAt;
/** It goes to the incident, and does not only stand in for those who went there. */
export const isComing = ({ state, cover }: Pick<Assignment, "state" | "cover">): boolean => isLive(state) && cover == null;
/** It counts as going: one that has left its word out for too long does not, though it keeps its job; one with a patient on board was there. */
export const isGoing = (job: Pick<Assignment, "state" | "cover" | "unanswered">): boolean => isComing(job) && job.state !== "proposed" && (job.unanswered?.goneUp !== true || job.state === "transporting");
/** A device that is pressed or tripped by somebody who may not speak, or what its sender calls of the first priority. */
export const isUrgentContact = ({ source, signal }: Pick<ContactView, "source" | "signal">): boolean => source === "panic-button" || signal?.priorityHint === 1;
export const isOpenIncident = (incident: Pick<IncidentView, "status">): boolean => incident.status === "active" || incident.status === "reopened";
/** Since when it waits for what is to be done now: to be answered since the first ring, to be called back since the line went: the clock by which it goes up to a supervisor runs from there. */
export const waitsSince = ({ state, receivedAt, abandonedAt, earlierEndings }: Pick<ContactView, "state" | "receivedAt" | "abandonedAt" | "earlierEndings">): number =>
  state === "abandoned" ? (abandonedAt ?? earlierEndings.at(-1)?.at ?? receivedAt) : receivedAt;
export const isRingingLate = (contact: Pick<ContactView, "state" | "receivedAt">, now: number): boolean => contact.state === "ringing" && now - contact.receivedAt > ANSWER_WITHIN_MS;
export const isShortLate = (incident: Pick<IncidentView, "status" | "shortfall">, now: number): boolean =>
  isOpenIncident(incident) && incident.shortfall !== null && (incident.shortfall.dueAt < now || incident.shortfall.reminders > 0);

/** An alarm is for whoever can do something about it: to others it is red without an action, and teaches them to overlook red. */
export const concerns = (what: "calls" | "incidents", permissions: readonly Permission[]): boolean =>
  what === "calls" ? permissions.includes("contact.handle") : permissions.includes("assignment.write") || permissions.includes("incident.write");

/** How many wait, which one has waited longest, and since when (wall time, ms). */
export interface Waiting {
  readonly count: number;
  readonly oldestId: number;
  readonly since: number;
}

export function findLateCalls(contacts: Iterable<ContactView>, now: number): Waiting | null {
  return gather([...contacts].filter((c) => isRingingLate(c, now)).map((c) => ({ id: c.id, since: c.receivedAt })));
}
/** Since the first contact about it: that is how long the people there have waited. */
export function findLateIncidents(incidents: Iterable<IncidentView>, now: number): Waiting | null {
  return gather([...incidents].filter((i) => isShortLate(i, now)).map((i) => ({ id: i.id, since: i.firstContactAt })));
}
function gather(late: readonly { readonly id: number; readonly since: number }[]): Waiting | null {
  const [first, ...rest] = late;
  if (first === undefined) return null;
  const oldest = rest.reduce((a, b) => (b.since < a.since ? b : a), first);
  return { count: late.length, oldestId: oldest.id, since: oldest.since };
}

/** An officer who called an emergency that nobody has cleared yet. */
export interface Emergency {
  readonly unitId: number;
  readonly callSign: string;
  readonly incidentId: number;
  /** Wall time of the press, ms. */
  readonly since: number;
  /** Units on their way or there. */
  readonly going: number;
}
type UnitView = Pick<z.infer<typeof Unit>, "id" | "callSign" | "emergency" | "emergencyIncidentId">;
/** No deadline here: told from the first moment. Those that nobody goes to stand first, then who has waited longest. */
export function listEmergencies(
  units: Iterable<UnitView>, incidents: ReadonlyMap<number, Pick<IncidentView, "firstContactAt" | "assignmentIds">>, assignments: ReadonlyMap<number, Pick<Assignment, "state" | "cover" | "unanswered">>,
): readonly Emergency[] {
  const found: Emergency[] = [];
  for (const { id, callSign, emergency, emergencyIncidentId } of units) {
    const incident = emergency && emergencyIncidentId !== null ? incidents.get(emergencyIncidentId) : undefined;
    if (incident === undefined || emergencyIncidentId === null) continue;
    const going = incident.assignmentIds.filter((one) => { const job = assignments.get(one); return job !== undefined && isGoing(job); }).length;
    found.push({ unitId: id, callSign, incidentId: emergencyIncidentId, since: incident.firstContactAt, going });
  }
  return found.toSorted((a, b) => Math.min(a.going, 1) - Math.min(b.going, 1) || a.since - b.since);
}
