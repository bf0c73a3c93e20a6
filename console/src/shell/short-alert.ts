// The alert of an incident of priority 1 or 2 that nobody, or too few, go to past its time. It sounds again and again until somebody acts on the
// incident (any console) or acknowledges it (this console, with a note by name in the timeline), and is armed anew by each reminder of the
// centre, which come at doubling distance. Pure: what is loud follows from what was known before, the incidents and the time.
import type { z } from "zod";
import type { Incident } from "../../../src/contract/dispatch.ts";
import { isShortLate } from "./waiting.ts";

type IncidentView = z.infer<typeof Incident>;
type Watched = Pick<IncidentView, "id" | "status" | "priority" | "shortfall" | "sequence" | "contactIds">;

/** How often it sounds by priority: soon enough not to be forgotten, seldom enough to speak on the telephone between. Others are told by the eye alone. */
export const SOUND_AGAIN_MS: Readonly<Record<number, number>> = { 1: 20_000, 2: 60_000 };

export interface Alert {
  readonly priority: number;
  readonly missing: number;
  readonly reminders: number;
  readonly sequence: number;
  readonly calls: number;
  readonly loud: boolean;
}
export type Alerts = ReadonlyMap<number, Alert>;
export const NO_ALERTS: Alerts = new Map();

/** Gives back `before` itself where nothing has changed. */
export function followAlerts(before: Alerts, incidents: Iterable<Watched>, now: number): Alerts {
  const after = new Map<number, Alert>();
  for (const incident of incidents) {
    const { id, priority, shortfall, sequence, contactIds } = incident;
    if (shortfall === null || SOUND_AGAIN_MS[priority] === undefined || !isShortLate(incident, now)) continue;
    const known = before.get(id);
    const alert = { priority, missing: shortfall.missing, reminders: shortfall.reminders, sequence, calls: contactIds.length };
    after.set(id, known === undefined ? { ...alert, loud: true } : known.sequence === sequence ? known : { ...alert, loud: isLoud(known, alert) });
  }
  const same = after.size === before.size && [...after].every(([id, alert]) => before.get(id) === alert);
  return same ? before : after;
}
/** Worse, or told again by the centre: loud. One more caller is no answer. Anything else that changed was somebody's act. */
function isLoud(known: Alert, alert: Omit<Alert, "loud">): boolean {
  if (alert.missing > known.missing || alert.priority < known.priority) return true;
  if (alert.reminders > known.reminders) return known.reminders > 0 || known.loud; // the first one tells what this page has seen by itself
  return alert.calls > known.calls && known.loud;
}
export function acknowledgeAlert(alerts: Alerts, id: number): Alerts {
  const alert = alerts.get(id);
  return alert === undefined || !alert.loud ? alerts : new Map(alerts).set(id, { ...alert, loud: false });
}
export const listLoud = (alerts: Alerts): readonly number[] => [...alerts].filter(([, alert]) => alert.loud).map(([id]) => id);
/** The worst of the loud ones, the oldest of these: the one that blinks. */
export const findWorst = (alerts: Alerts): number | null => listLoud(alerts).toSorted((a, b) => alerts.get(a)!.priority - alerts.get(b)!.priority || a - b)[0] ?? null;
/** The priority at which it sounds now; null: silence. */
export function findLoudest(alerts: Alerts): number | null {
  const id = findWorst(alerts);
  return id === null ? null : alerts.get(id)!.priority;
}
