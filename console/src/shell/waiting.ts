// What waits for somebody past its time, whichever room is open: calls that ring on, incidents that nobody or too few go to. Pure, so that
// the strip in the header and the rows of the lists follow one rule. What is late but in somebody's hand is not here: it would teach people to overlook it.
import type { z } from "zod";
import type { Contact, Incident } from "../../../src/contract/dispatch.ts";

/** NENA: 90 % of calls answered within 15 s. One older than that is late. */
export const ANSWER_WITHIN_MS = 15_000;

type ContactView = z.infer<typeof Contact>;
type IncidentView = z.infer<typeof Incident>;

export const isOpenIncident = (incident: Pick<IncidentView, "status">): boolean => incident.status === "active" || incident.status === "reopened";
export const isRingingLate = (contact: Pick<ContactView, "state" | "receivedAt">, now: number): boolean => contact.state === "ringing" && now - contact.receivedAt > ANSWER_WITHIN_MS;
export const isShortLate = (incident: Pick<IncidentView, "status" | "shortfall">, now: number): boolean =>
  isOpenIncident(incident) && incident.shortfall !== null && (incident.shortfall.dueAt < now || incident.shortfall.reminders > 0);

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
