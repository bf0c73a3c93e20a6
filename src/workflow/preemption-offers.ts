// Which units could be taken from another job for this incident, with what speaks for it and against it. Offered only while the incident is short of units, only from jobs that give way to it
// (SPEC.md, [ASG11]), and only for a place that the free units would fill later, or not at all. Which that is follows from filling the open places twice, soonest first, without the unit and with it:
// what falls out the second time is what it would come instead of. Rejected: comparing with the soonest free unit of the same kind, which is blind to other kinds that may take the place, and to
// a second place. Nothing is suggested: whoever does it gives the reason.
import type { WallMs } from "../base/time.ts";
import { isOffShift } from "../base/shift.ts";
import { givesWayTo } from "../dispatch/decide-preemption.ts";
import type { Assignment, Incident, Unit } from "../dispatch/entities.ts";
import type { State } from "../dispatch/state.ts";
import { PREEMPTIBLE, isOpen } from "../dispatch/transitions.ts";
import { type Able, countMissing, createSortOf, standingUnits } from "../dispatch/wants.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import type { FixColumns, RoadTimesPort } from "./ranking.ts";
import { STALE_FIX_MS } from "./ranking.ts";
import type { Reason } from "./recommendation.ts";

/** Parameters: by-road seconds, metres; through-closed-road pieces; of-lower-priority incident, priority, state; covers-platform platform; sooner-than-free seconds; free-through-closed-road pieces; leaves-short incident, missing. */
export const PREEMPTION_REASONS = ["by-road", "through-closed-road", "of-lower-priority", "covers-platform", "sooner-than-free", "free-through-closed-road", "no-free-unit", "leaves-short"] as const;
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

interface Comer {
  readonly unit: Unit;
  readonly seconds: number;
  readonly closedPieces: number;
}
/** [RD4] Through a closed road comes after all that need not. */
const bySoonest = (a: Comer, b: Comer): number => a.closedPieces - b.closedPieces || a.seconds - b.seconds || a.unit.id - b.unit.id;

export function offerPreemption(state: State, incident: Incident, fixes: FixColumns, roadTimes: RoadTimesPort, now: WallMs): PreemptionOffer[] {
  if (!isOpen(incident.status) || incident.shortfall === null) return [];
  const standing = standingUnits(state, incident);
  const missing = countMissing(incident.needs, standing);
  const sortOf = createSortOf(incident.needs);
  const helping = new Map<number | string, boolean>();
  const helps = (unit: Unit): boolean => {
    const sort = sortOf(unit);
    if (!helping.has(sort)) helping.set(sort, countMissing(incident.needs, [...standing, unit]) < missing);
    return helping.get(sort)!;
  };
  const held: { readonly unit: Unit; readonly job: Assignment }[] = [];
  const free: Unit[] = [];
  for (const unit of state.units.values()) {
    const age = now - (fixes.at[unit.id] ?? NaN);
    if (!helps(unit) || unit.emergency || isOffShift(unit, now) || unit.availability === "not-available" || age > STALE_FIX_MS) continue;
    if (unit.activeAssignmentId === null) free.push(unit);
    else {
      const job = state.assignments.get(unit.activeAssignmentId);
      const from = state.incidents.get(job.incidentId);
      if (PREEMPTIBLE.includes(job.state) && (job.cover !== null || from.id !== incident.id) && givesWayTo(job, from, incident)) held.push({ unit, job });
    }
  }
  if (held.length === 0) return [];
  const times = secondsTo(incident, [...held.map(({ unit }) => unit), ...free], fixes, roadTimes);
  const comerAt = (unit: Unit, index: number): Comer => ({ unit, seconds: times.at(index), closedPieces: times.closedPieces(index) });
  const comers = firstOfEachSort(free.map((unit, i) => comerAt(unit, held.length + i)), missing, sortOf);
  const filledBy = (among: readonly Comer[]): Comer[] => {
    const filling: Comer[] = [];
    const coming: Able[] = [...standing];
    let open = missing;
    for (const comer of among.toSorted(bySoonest)) {
      const left = countMissing(incident.needs, [...coming, comer.unit]);
      if (left === open) continue;
      open = left;
      coming.push(comer.unit);
      filling.push(comer);
    }
    return filling;
  };
  const without = filledBy(comers);
  const offers = held.flatMap(({ unit, job }, i) => {
    const comer = comerAt(unit, i);
    if (comer.seconds === Infinity) return [];
    const filling = filledBy([...comers, comer]);
    if (!filling.includes(comer)) return [];
    const instead = without.find((one) => !filling.includes(one)) ?? null;
    if (instead !== null && instead.closedPieces === comer.closedPieces && instead.seconds - comer.seconds < WORTH_SECONDS) return [];
    return [{ comer, offer: { unitId: unit.id, assignmentId: job.id, incidentId: job.incidentId, roadSeconds: comer.seconds, reasons: reasonsFor(state, job, comer, Math.round(times.metres(i) ?? 0), instead) } }];
  });
  return offers.sort((a, b) => bySoonest(a.comer, b.comer)).slice(0, MOST_OFFERS).map(({ offer }) => offer);
}

export interface PreemptionOffers {
  offer(state: State, incident: Incident, fixes: FixColumns, roadTimes: RoadTimesPort, now: WallMs): PreemptionOffer[];
}

/** Offers are the same while the incident and the closures stay as they were and each of the jobs gives way still. */
export function createPreemptionOffers(): PreemptionOffers {
  const kept = createKeptAnswers<PreemptionOffer[]>();
  return {
    offer: (state, incident, fixes, roadTimes, now) => {
      if (!isOpen(incident.status) || incident.shortfall === null) return [];
      const givesWayStill = ({ unitId, assignmentId, incidentId }: PreemptionOffer): boolean => {
        const job = state.assignments.get(assignmentId);
        const unit = state.units.get(unitId);
        return unit.activeAssignmentId === assignmentId && job.incidentId === incidentId && PREEMPTIBLE.includes(job.state) && !unit.emergency && givesWayTo(job, state.incidents.get(incidentId), incident);
      };
      const key = JSON.stringify([incident.id, incident.sequence, [...state.standingClosures.keys()]]);
      return kept.get(key, now, (offers) => offers.every(givesWayStill), () => offerPreemption(state, incident, fixes, roadTimes, now));
    },
  };
}

/** No more of a sort than there are open places can fill one. */
function firstOfEachSort(free: readonly Comer[], count: number, sortOf: (unit: Unit) => number | string): Comer[] {
  const bySort = new Map<number | string, Comer[]>();
  for (const comer of free) {
    const sort = sortOf(comer.unit);
    const first = bySort.get(sort) ?? [];
    if (comer.seconds === Infinity || (first.length === count && bySoonest(comer, first.at(-1)!) > 0)) continue;
    bySort.set(sort, [...first, comer].sort(bySoonest).slice(0, count));
  }
  return [...bySort.values()].flat();
}

function reasonsFor(state: State, job: Assignment, { seconds, closedPieces }: Comer, metres: number, instead: Comer | null): Reason[] {
  const from = state.incidents.get(job.incidentId);
  const reasons: Reason[] = [{ code: "by-road", params: { seconds: Math.round(seconds), metres } }];
  if (closedPieces > 0) reasons.push({ code: "through-closed-road", params: { pieces: closedPieces } });
  if (job.cover === null) reasons.push({ code: "of-lower-priority", params: { incident: from.number, priority: from.priority, state: job.state } });
  else reasons.push({ code: "covers-platform", params: { platform: job.cover.label } });
  if (instead === null) reasons.push({ code: "no-free-unit", params: {} });
  else if (instead.closedPieces > closedPieces) reasons.push({ code: "free-through-closed-road", params: { pieces: instead.closedPieces } });
  else reasons.push({ code: "sooner-than-free", params: { seconds: Math.round(instead.seconds - seconds) } });
  if (job.cover === null) {
    const others = standingUnits(state, { id: from.id, assignmentIds: from.assignmentIds.filter((id) => id !== job.id) });
    const missing = countMissing(from.needs, others);
    if (missing > 0) reasons.push({ code: "leaves-short", params: { incident: from.number, missing } });
  }
  return reasons;
}

/** Road seconds from where each unit is, or from its home where no fix is known, and through how many closed pieces. */
export function secondsTo({ place }: Pick<Incident, "place">, units: readonly Unit[], fixes: FixColumns, roadTimes: RoadTimesPort): { at(index: number): number; closedPieces(index: number): number; metres(index: number): number | null } {
  const count = units.length;
  const columns = { count, keys: Int32Array.from(units, ({ id }) => id), lon: new Float64Array(count), lat: new Float64Array(count) };
  for (const [i, { id, home }] of units.entries()) {
    const known = Number.isFinite(fixes.at[id] ?? NaN);
    columns.lon[i] = known ? fixes.lon[id]! : home.lon;
    columns.lat[i] = known ? fixes.lat[id]! : home.lat;
  }
  const times = roadTimes(place.point, columns);
  return { at: (index) => times.seconds[index] ?? Infinity, closedPieces: (index) => times.closedPieces[index] ?? 0, metres: (index) => times.findMetres(index) };
}
