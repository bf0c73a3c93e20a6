// Which units could be taken from another job for this incident, with what speaks for it and against it. Offered only while the incident is short of units, only from jobs that give way to it
// (SPEC.md, [ASG11]), and only where that is sooner than any free unit of the kind. Nothing is suggested: whoever does it gives the reason.
import type { WallMs } from "../base/time.ts";
import { isOffShift } from "../dispatch/decide-assignment.ts";
import { givesWayTo } from "../dispatch/decide-preemption.ts";
import type { Assignment, Incident, Unit } from "../dispatch/entities.ts";
import { countMissing, standingUnits } from "../dispatch/run-cards.ts";
import type { State } from "../dispatch/state.ts";
import { PREEMPTIBLE, isOpen } from "../dispatch/transitions.ts";
import type { FixColumns, RoadTimesPort } from "./ranking.ts";
import { STALE_FIX_MS } from "./ranking.ts";
import type { Reason } from "./recommendation.ts";

/** Parameters: by-road seconds, metres; of-lower-priority incident, priority, state; covers-platform platform; sooner-than-free seconds; leaves-short incident, missing. */
export const PREEMPTION_REASONS = ["by-road", "of-lower-priority", "covers-platform", "sooner-than-free", "no-free-unit", "leaves-short"] as const;
export interface PreemptionOffer {
  readonly unitId: number;
  /** The job that would lose it. */
  readonly assignmentId: number;
  readonly incidentId: number;
  readonly roadSeconds: number;
  readonly reasons: Reason[];
}

const MOST_OFFERS = 5;
/** Less than this sooner is not worth taking a unit from its job. */
const WORTH_SECONDS = 30;

export function offerPreemption(state: State, incident: Incident, fixes: FixColumns, roadTimes: RoadTimesPort, now: WallMs): PreemptionOffer[] {
  if (!isOpen(incident.status) || incident.shortfall === null) return [];
  const wanted = new Set(incident.needs.flatMap(({ kinds }) => kinds));
  const held: { readonly unit: Unit; readonly job: Assignment }[] = [];
  const free: Unit[] = [];
  for (const unit of state.units.values()) {
    const age = now - (fixes.at[unit.id] ?? NaN);
    if (!wanted.has(unit.kind) || unit.emergency || isOffShift(unit, now) || unit.availability === "not-available" || age > STALE_FIX_MS) continue;
    if (unit.activeAssignmentId === null) free.push(unit);
    else {
      const job = state.assignments.get(unit.activeAssignmentId);
      const from = state.incidents.get(job.incidentId);
      if (PREEMPTIBLE.includes(job.state) && (job.cover !== null || from.id !== incident.id) && givesWayTo(job, from, incident)) held.push({ unit, job });
    }
  }
  if (held.length === 0) return [];
  const seconds = secondsTo(incident, [...held.map(({ unit }) => unit), ...free], fixes, roadTimes);
  const bestFree = new Map<string, number>();
  for (const [i, unit] of free.entries()) bestFree.set(unit.kind, Math.min(bestFree.get(unit.kind) ?? Infinity, seconds.at(held.length + i)));
  const offers = held.flatMap(({ unit, job }, i): PreemptionOffer[] => {
    const roadSeconds = seconds.at(i);
    const sooner = (bestFree.get(unit.kind) ?? Infinity) - roadSeconds;
    if (roadSeconds === Infinity || sooner < WORTH_SECONDS) return [];
    return [{ unitId: unit.id, assignmentId: job.id, incidentId: job.incidentId, roadSeconds, reasons: reasonsFor(state, job, roadSeconds, Math.round(seconds.metres(i) ?? 0), sooner) }];
  });
  return offers.sort((a, b) => a.roadSeconds - b.roadSeconds || a.unitId - b.unitId).slice(0, MOST_OFFERS);
}

function reasonsFor(state: State, job: Assignment, roadSeconds: number, metres: number, sooner: number): Reason[] {
  const from = state.incidents.get(job.incidentId);
  const reasons: Reason[] = [{ code: "by-road", params: { seconds: Math.round(roadSeconds), metres } }];
  if (job.cover === null) reasons.push({ code: "of-lower-priority", params: { incident: from.number, priority: from.priority, state: job.state } });
  else reasons.push({ code: "covers-platform", params: { platform: job.cover.label } });
  reasons.push(sooner === Infinity ? { code: "no-free-unit", params: {} } : { code: "sooner-than-free", params: { seconds: Math.round(sooner) } });
  if (job.cover === null) {
    const others = standingUnits(state, { id: from.id, assignmentIds: from.assignmentIds.filter((id) => id !== job.id) });
    const missing = countMissing(from.needs, others);
    if (missing > 0) reasons.push({ code: "leaves-short", params: { incident: from.number, missing } });
  }
  return reasons;
}

/** Road seconds from where each unit is, or from its home where no fix is known. */
export function secondsTo({ place }: Pick<Incident, "place">, units: readonly Unit[], fixes: FixColumns, roadTimes: RoadTimesPort): { at(index: number): number; metres(index: number): number | null } {
  const count = units.length;
  const columns = { count, keys: Int32Array.from(units, ({ id }) => id), lon: new Float64Array(count), lat: new Float64Array(count) };
  for (const [i, { id, home }] of units.entries()) {
    const known = Number.isFinite(fixes.at[id] ?? NaN);
    columns.lon[i] = known ? fixes.lon[id]! : home.lon;
    columns.lat[i] = known ? fixes.lat[id]! : home.lat;
  }
  const times = roadTimes(place.point, columns);
  return { at: (index) => times.seconds[index] ?? Infinity, metres: (index) => times.findMetres(index) };
}
