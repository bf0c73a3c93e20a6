// The alarm of an incident of priority 1 or 2 that nobody, or too few, go to past its time. It sounds again and again until somebody acts on the
// incident (any console) or acknowledges it (this console, with a note by name in the timeline), and is armed anew by each reminder of the
// centre, which come at doubling distance. Pure: what is loud follows from what was known before, the incidents and the time.
import type { z } from "zod";
import type { Incident } from "../../../src/contract/dispatch.ts";
import { isShortLate } from "./waiting.ts";

type IncidentView = z.infer<typeof Incident>;
type Watched = Pick<IncidentView, "id" | "status" | "priority" | "shortfall" | "sequence" | "contactIds">;

/** How often it sounds by priority: soon enough not to be forgotten, seldom enough to speak on the telephone between. Others are told by the eye alone. */
export const SOUND_AGAIN_MS: Readonly<Record<number, number>> = { 1: 20_000, 2: 60_000 };

export interface Alarm {
  readonly priority: number;
  readonly missing: number;
  readonly reminders: number;
  readonly sequence: number;
  readonly calls: number;
  readonly loud: boolean;
}
export type Alarms = ReadonlyMap<number, Alarm>;
export const NO_ALARMS: Alarms = new Map();

/** Gives back `before` itself where nothing has changed. */
export function followAlarms(before: Alarms, incidents: Iterable<Watched>, now: number): Alarms {
  const after = new Map<number, Alarm>();
  for (const incident of incidents) {
    const { id, priority, shortfall, sequence, contactIds } = incident;
    if (shortfall === null || SOUND_AGAIN_MS[priority] === undefined || !isShortLate(incident, now)) continue;
    const known = before.get(id);
    const alarm = { priority, missing: shortfall.missing, reminders: shortfall.reminders, sequence, calls: contactIds.length };
    after.set(id, known === undefined ? { ...alarm, loud: true } : known.sequence === sequence ? known : { ...alarm, loud: isLoud(known, alarm) });
  }
  const same = after.size === before.size && [...after].every(([id, alarm]) => before.get(id) === alarm);
  return same ? before : after;
}
/** Worse, or told again by the centre: loud. One more caller is no answer. Anything else that changed was somebody's act. */
function isLoud(known: Alarm, alarm: Omit<Alarm, "loud">): boolean {
  if (alarm.missing > known.missing || alarm.priority < known.priority) return true;
  if (alarm.reminders > known.reminders) return known.reminders > 0 || known.loud; // the first one tells what this page has seen by itself
  return alarm.calls > known.calls && known.loud;
}
export function acknowledgeAlarm(alarms: Alarms, id: number): Alarms {
  const alarm = alarms.get(id);
  return alarm === undefined || !alarm.loud ? alarms : new Map(alarms).set(id, { ...alarm, loud: false });
}
export const listLoud = (alarms: Alarms): readonly number[] => [...alarms].filter(([, alarm]) => alarm.loud).map(([id]) => id);
/** The worst of the loud ones, the oldest of these: the one that blinks. */
export const findWorst = (alarms: Alarms): number | null => listLoud(alarms).toSorted((a, b) => alarms.get(a)!.priority - alarms.get(b)!.priority || a - b)[0] ?? null;
/** The priority at which it sounds now; null: silence. */
export function findLoudest(alarms: Alarms): number | null {
  const id = findWorst(alarms);
  return id === null ? null : alarms.get(id)!.priority;
}
