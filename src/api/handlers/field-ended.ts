// What a phone is told of the job that its unit had until a moment ago: how it ended and the dispatcher's words. Not told: what the asker
// ended by their own hand, and what ended long ago.
import { MINUTE_MS, type WallMs } from "../../base/time.ts";
import type { FieldView } from "../../contract/live.ts";
import type { Actor, Assignment, Incident, Milestone } from "../../dispatch/entities.ts";
import { endOf } from "../../workflow/ended-jobs.ts";

/** Long enough for a phone that comes out of a tunnel, short enough that the next shift does not read of it. */
export const TOLD_FOR_MS = 15 * MINUTE_MS;
const SAME_DECISION_MS = 1_000;

type LastEnded = NonNullable<FieldView["lastEnded"]>;
const PLAIN: Partial<Record<Assignment["state"], LastEnded["state"]>> = { cleared: "cleared", declined: "declined", recalled: "recalled", "pre-empted": "pre-empted", lost: "lost" };

export function tellEnded(assignment: Assignment, incident: Incident, asker: Pick<Actor, "kind" | "id">, now: WallMs): LastEnded | null {
  const end = endOf(assignment);
  const state = PLAIN[assignment.state];
  if (end === null || state === undefined || now - end.receivedAt > TOLD_FOR_MS) return null;
  if (end.by.kind === asker.kind && end.by.id === asker.id) return null;
  const told = { assignmentId: assignment.id, incidentNumber: incident.number, at: end.receivedAt };
  const cause = incidentEnd(end, incident);
  return cause === null ? { ...told, state, words: assignment.outcomeWords } : { ...told, state: cause, words: assignment.outcomeWords ?? incident.dispositionWords };
}

/** The end of an incident ends its jobs in the same decision [INC8], whose events follow each other within moments. */
function incidentEnd(end: Milestone, { endedAt, status }: Incident): "incident-closed" | "incident-cancelled" | null {
  if (endedAt === null || endedAt < end.receivedAt || endedAt - end.receivedAt > SAME_DECISION_MS) return null;
  return status === "cancelled" ? "incident-cancelled" : status === "closed" ? "incident-closed" : null;
}
