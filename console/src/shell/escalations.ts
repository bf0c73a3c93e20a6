// What has gone up: what nobody took, answered or sent anybody to within its time, of all kinds, the most urgent first. It goes up to whoever is a supervisor; it stays open for everybody else, so that
// a desk without a supervisor loses nothing. Pure: worked out from the live state, so that what is done about it anywhere takes it off here.
import type { Permission } from "../../../src/contract/access.ts";
import { SHORTFALL_UP } from "../../../src/base/shortfall-up.ts";
import type { Assignment, Contact, HandOver, Incident } from "../../../src/contract/dispatch.ts";
import { isLive, isOpenIncident, isUrgentContact, waitsSince } from "./waiting.ts";

/** contact: nobody answers it or calls back; watch: nobody watches over it; unit: one on a job does not answer; short: nobody, or too few, go; hand-over: nobody has taken it. */
export type EscalationKind = "contact" | "watch" | "unit" | "short" | "hand-over";
export interface Escalation {
  readonly kind: EscalationKind;
  /** Of the contact, the incident, the assignment or the hand-over. */
  readonly id: number;
  readonly incidentId: number | null;
  /** Somebody's safety hangs on it: heard though the desk is muted. */
  readonly urgent: boolean;
  readonly since: number;
  /** Moves each time the centre tells it again. */
  readonly told: number;
}
export interface Known {
  readonly contacts: ReadonlyMap<number, Contact>;
  readonly incidents: ReadonlyMap<number, Incident>;
  readonly assignments: ReadonlyMap<number, Assignment>;
  readonly handOvers: ReadonlyMap<number, HandOver>;
}

/** The supervisor's, by right. */
export const goesUpTo = (permissions: readonly Permission[]): boolean => permissions.includes("escalation.take");

export function listEscalations({ contacts, incidents, assignments, handOvers }: Known): readonly Escalation[] {
  const found: Escalation[] = [];
  for (const contact of contacts.values()) {
    const { id, owner, state, dueAt } = contact;
    if (owner === "supervisor" && (state === "ringing" || state === "abandoned")) found.push({ kind: "contact", id, incidentId: null, urgent: isUrgentContact(contact), since: waitsSince(contact), told: dueAt ?? 0 });
  }
  for (const { id, assignment, incident } of silentUnits(assignments, incidents)) {
    const { stage, since, times } = assignment.unanswered!;
    found.push({ kind: "unit", id, incidentId: incident.id, urgent: incident.priority === 1 || stage === "welfare", since, told: times });
  }
  const silentAt = new Set(found.flatMap(({ incidentId }) => incidentId ?? []));
  for (const incident of incidents.values()) {
    if (!isOpenIncident(incident)) continue;
    const { id, watch, shortfall, priority, firstContactAt } = incident;
    const urgent = priority === 1;
    if (watch.by === null && watch.reminders > 0) found.push({ kind: "watch", id, incidentId: id, urgent, since: firstContactAt, told: watch.reminders });
    else if (shortfall !== null && shortfall.reminders >= SHORTFALL_UP.tellings && priority <= SHORTFALL_UP.lastPriority && !silentAt.has(id)) found.push({ kind: "short", id, incidentId: id, urgent, since: shortfall.since, told: shortfall.reminders });
  }
  for (const { id, state, offeredAt, dueAt } of handOvers.values()) if (state === "escalated") found.push({ kind: "hand-over", id, incidentId: null, urgent: false, since: offeredAt, told: dueAt ?? 0 });
  return found.toSorted((a, b) => Number(b.urgent) - Number(a.urgent) || a.since - b.since || a.id - b.id);
}

function silentUnits(assignments: Known["assignments"], incidents: Known["incidents"]): { readonly id: number; readonly assignment: Assignment; readonly incident: Incident }[] {
  return [...assignments.values()].flatMap((assignment) => {
    const incident = incidents.get(assignment.incidentId);
    return assignment.unanswered?.goneUp === true && isLive(assignment.state) && incident !== undefined ? [{ id: assignment.id, assignment, incident }] : [];
  });
}

export const keyOf = ({ kind, id, told }: Escalation): string => `${kind} ${id} ${told}`;
/** Those that this console has not been made quiet for since they were told last. */
export const listUnheard = (escalations: readonly Escalation[], quiet: ReadonlySet<string>): readonly Escalation[] => escalations.filter((one) => !quiet.has(keyOf(one)));

/** How often each job's missing word was told when this page heard of it last. */
export type ToldWords = ReadonlyMap<number, number>;
export interface Heard {
  readonly told: ToldWords;
  /** What sounds for what was told since; null: nothing. */
  readonly sound: "no-answer" | "no-answer-1" | null;
}
/** Priority 1 and 2, and crews on scene: others are told by the eye alone. */
export function hearUnanswered(before: ToldWords, { assignments, incidents }: Pick<Known, "assignments" | "incidents">): Heard {
  const told = new Map<number, number>();
  let sound: Heard["sound"] = null;
  for (const { id, state, unanswered, incidentId } of assignments.values()) {
    const priority = incidents.get(incidentId)?.priority;
    if (unanswered === null || !isLive(state) || priority === undefined || (priority > 2 && unanswered.stage !== "welfare")) continue;
    told.set(id, unanswered.times);
    if (unanswered.times <= (before.get(id) ?? 0)) continue;
    if (priority === 1 || unanswered.stage === "welfare") sound = "no-answer-1";
    else sound ??= "no-answer";
  }
  return { told, sound };
}
