// Every unit judged and every eligible one timed, in typed arrays: fourteen thousand units cost some milliseconds, and only those that are shown become
// objects (recommendation.ts). One search from the scene over the whole road graph times all units at once. Rejected: the five nearest as the crow flies and a route
// for each, which in a city of rivers and hills often leaves the nearest by road out.
import type { WallMs } from "../base/time.ts";
import { isOffShift } from "../base/shift.ts";
import { type Incident, type LonLat, type Unit, UNIT_KINDS, type UnitKind, type Want } from "../dispatch/entities.ts";
import type { State } from "../dispatch/state.ts";
import { createSortOf, findLeastLacking, listSkillGaps, standingUnits } from "../dispatch/wants.ts";
import { METRES_PER_DEGREE, metresPerDegreeLon } from "../geo/point.ts";
import type { Roads } from "../geo/roads.ts";
import { type PlaceColumns, type RoadTimes, roadTimesTo } from "../geo/routing.ts";

/** Road times from many places to one; Infinity: no way by road. */
export type RoadTimesPort = (target: LonLat, sources: PlaceColumns) => Pick<RoadTimes, "seconds" | "closedPieces" | "findWay" | "findMetres">;
export const roadTimesOf = (roads: Roads): RoadTimesPort => (target, sources) => roadTimesTo(roads, target, sources);

/** Finds the road of a unit ahead of the question. */
export const placeOn = ({ snaps }: Roads) => (unitId: number, lon: number, lat: number): void => void snaps.look(unitId, lon, lat);

/** Last fixes by unit id; `at` NaN (or past the end): none. */
export interface FixColumns {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly at: Float64Array;
}

/** Why a unit is not proposed. Parameters: wrong-kind kind; stale-fix ageMs; committed incidentId, state; not-available activity; lacks-skill skills; off-shift startsAt where its shift has not begun, else endedAt. */
export const NOT_PROPOSED_REASONS = ["wrong-kind", "off-shift", "in-emergency", "committed", "not-available", "stale-fix", "unreachable", "farther", "lacks-skill"] as const;
export type NotProposedReason = (typeof NOT_PROPOSED_REASONS)[number];
const PROPOSED = 0;
const codeOf = (reason: NotProposedReason): number => NOT_PROPOSED_REASONS.indexOf(reason) + 1;
const WRONG_KIND = codeOf("wrong-kind");
const OFF_SHIFT = codeOf("off-shift");
const IN_EMERGENCY = codeOf("in-emergency");
const COMMITTED = codeOf("committed");
const NOT_AVAILABLE = codeOf("not-available");
const STALE_FIX = codeOf("stale-fix");
const UNREACHABLE = codeOf("unreachable");
const FARTHER = codeOf("farther");
const LACKS_SKILL = codeOf("lacks-skill");

/** A unit whose last fix is older is not where it says. */
export const STALE_FIX_MS = 3 * 60_000;
/** So many of all kinds together become candidates, and of each sort so many in any case: the engine behind a hundred patrols, and the patrol with first aid behind a hundred without. */
const MOST_CANDIDATES = 50;
const LEAST_OF_SORT = 8;
/** So many of those that are not proposed are told as the nearest in a straight line. */
const MOST_NEAR = 12;

/** [REC7] Units that are there for urgent calls only go to priorities up to this as others do. */
const URGENT_PRIORITY = 2;
/** Behind all who are free for anything, and nobody's suggestion. */
export const isHeldBack = ({ priority }: Pick<Incident, "priority">, { availability }: Pick<Unit, "availability">): boolean => priority > URGENT_PRIORITY && availability === "conditionally-available";

export interface Ranking {
  readonly incident: Incident;
  readonly now: WallMs;
  readonly wants: Want[];
  /** Wants with skills of which places stay open whoever of the eligible goes; `count`: how many. For these, units without the skills are candidates too. */
  readonly skillGaps: readonly Want[];
  /** Every unit that there is; the columns below go by its index. */
  readonly units: readonly Unit[];
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** NaN where there is no fix and the unit is taken at its home. */
  readonly ageMs: Float64Array;
  /** Indexes of the candidates, best first, and what is known of the way of each. */
  readonly candidates: readonly { readonly index: number; readonly seconds: number; readonly closedPieces: number; readonly source: number }[];
  readonly times: ReturnType<RoadTimesPort>;
  /** How many units that could go belong to each platform. */
  readonly manned: ReadonlyMap<number, number>;
  /** null: it is a candidate. */
  readonly reasonAt: (index: number) => NotProposedReason | null;
  readonly countByReason: ReadonlyMap<NotProposedReason, number>;
  /** Of those on duty of the wanted kinds that are not proposed, the nearest in a straight line; metres. */
  readonly nearest: readonly { readonly index: number; readonly metres: number }[];
}

export function rankUnits(state: State, incident: Incident, fixes: FixColumns, roadTimes: RoadTimesPort, now: WallMs): Ranking {
  const planned = state.books.get(incident.id).planned;
  const wants: Want[] = incident.needs.length > 0 ? incident.needs : planned.length > 0 ? [...planned] : [{ kinds: [...UNIT_KINDS], count: 1 }]; // who is sent all the same is of what its own card names
  const wanted = new Set<UnitKind>(wants.flatMap((want) => want.kinds));
  const units = Array.from(state.units.values());
  const count = units.length;
  const why = new Uint8Array(count);
  const [lon, lat, ageMs] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const eligible = { count: 0, keys: new Int32Array(count), lon: new Float64Array(count), lat: new Float64Array(count) };
  const indexOf = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const unit = units[i]!;
    const at = fixes.at[unit.id] ?? NaN;
    const known = at === at;
    lon[i] = known ? fixes.lon[unit.id]! : unit.home.lon;
    lat[i] = known ? fixes.lat[unit.id]! : unit.home.lat;
    ageMs[i] = known ? Math.max(0, now - at) : NaN;
    why[i] = faultOf(unit, wanted, ageMs[i]!, now);
    if (why[i] !== PROPOSED) continue;
    const e = eligible.count++;
    indexOf[e] = i;
    eligible.keys[e] = unit.id;
    eligible.lon[e] = lon[i]!;
    eligible.lat[e] = lat[i]!;
  }

  const times = roadTimes(incident.place.point, eligible);
  const heldBack = Uint8Array.from({ length: incident.priority > URGENT_PRIORITY ? eligible.count : 0 }, (_, e) => Number(isHeldBack(incident, units[indexOf[e]!]!)));
  const sooner = (a: number, b: number): number => (heldBack.length === 0 ? 0 : heldBack[a]! - heldBack[b]!) || times.closedPieces[a]! - times.closedPieces[b]! || times.seconds[a]! - times.seconds[b]! || eligible.keys[a]! - eligible.keys[b]!;
  const first = createFirst(MOST_CANDIDATES, sooner);
  const skillGaps = listSkillGaps(wants, standingUnits(state, incident), reachable(eligible.count, times.seconds, (e) => (heldBack[e] === 1 ? null : units[indexOf[e]!]!)));
  const sortOf = createSortOf(wants);
  const sorts = new Map<number | string, { readonly first: ReturnType<typeof createFirst>; readonly serves: boolean }>();
  const manned = new Map<number, number>();
  for (let e = 0; e < eligible.count; e++) {
    const i = indexOf[e]!;
    if (times.seconds[e] === Infinity) {
      why[i] = UNREACHABLE;
      continue;
    }
    const unit = units[i]!;
    if (unit.platformId !== null) manned.set(unit.platformId, (manned.get(unit.platformId) ?? 0) + 1);
    const name = sortOf(unit);
    let sort = sorts.get(name);
    if (sort === undefined) {
      const serves = findLeastLacking(wants, unit)?.length === 0 || skillGaps.some(({ kinds }) => kinds.includes(unit.kind));
      sorts.set(name, (sort = { first: createFirst(LEAST_OF_SORT, sooner), serves }));
    }
    why[i] = sort.serves ? FARTHER : LACKS_SKILL;
    if (!sort.serves) continue;
    first.offer(e);
    sort.first.offer(e);
  }
  const chosen = [...new Set([...first.list, ...[...sorts.values()].flatMap((sort) => sort.first.list)])].sort(sooner);
  const candidates = chosen.map((e) => ({ index: indexOf[e]!, seconds: times.seconds[e]!, closedPieces: times.closedPieces[e]!, source: e }));
  for (const { index } of candidates) why[index] = PROPOSED;

  const metresAway = distancesFrom(incident.place.point, lon, lat);
  const near = createFirst(MOST_NEAR, (a, b) => metresAway[a]! - metresAway[b]! || a - b);
  const counts = new Uint32Array(NOT_PROPOSED_REASONS.length + 1);
  for (let i = 0; i < count; i++) {
    counts[why[i]!]!++;
    if (why[i] !== PROPOSED && why[i] !== WRONG_KIND && why[i] !== OFF_SHIFT) near.offer(i); // a near unit that could never go tells nobody anything
  }
  return {
    incident, now, wants, skillGaps, units, lon, lat, ageMs, candidates, times, manned,
    reasonAt: (index) => (why[index] === PROPOSED ? null : NOT_PROPOSED_REASONS[why[index]! - 1]!),
    countByReason: new Map(NOT_PROPOSED_REASONS.map((reason, i) => [reason, counts[i + 1]!] as const).filter(([, n]) => n > 0)),
    nearest: near.list.map((index) => ({ index, metres: metresAway[index]! })),
  };
}

function* reachable(count: number, seconds: ArrayLike<number>, unitAt: (e: number) => Unit | null): Generator<Unit> {
  for (let e = 0; e < count; e++) {
    const unit = seconds[e] === Infinity ? null : unitAt(e);
    if (unit !== null) yield unit;
  }
}

function faultOf(unit: Unit, wanted: ReadonlySet<UnitKind>, ageMs: number, now: WallMs): number {
  if (!wanted.has(unit.kind)) return WRONG_KIND;
  if (isOffShift(unit, now)) return OFF_SHIFT;
  if (unit.emergency) return IN_EMERGENCY;
  if (unit.activeAssignmentId !== null) return COMMITTED;
  if (unit.availability === "not-available") return NOT_AVAILABLE;
  return ageMs > STALE_FIX_MS ? STALE_FIX : PROPOSED; // NaN, no fix at all, is not stale
}

/** Keeps the first few in an order of whatever is offered; most of many thousands are refused by one comparison. */
function createFirst(most: number, order: (a: number, b: number) => number): { readonly list: readonly number[]; readonly offer: (value: number) => void } {
  const list: number[] = [];
  return {
    list,
    offer: (value) => {
      if (list.length === most && order(list[most - 1]!, value) <= 0) return;
      let low = 0;
      let high = list.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (order(list[middle]!, value) <= 0) low = middle + 1;
        else high = middle;
      }
      list.splice(low, 0, value);
      if (list.length > most) list.pop();
    },
  };
}

/** Metres in a straight line, on the plane about the place: these are told, not ranked by. */
function distancesFrom(place: LonLat, lon: Float64Array, lat: Float64Array): Float64Array {
  const metres = new Float64Array(lon.length);
  const kx = metresPerDegreeLon(place.lat);
  for (let i = 0; i < metres.length; i++) {
    const dx = (lon[i]! - place.lon) * kx;
    const dy = (lat[i]! - place.lat) * METRES_PER_DEGREE;
    metres[i] = Math.sqrt(dx * dx + dy * dy);
  }
  return metres;
}
