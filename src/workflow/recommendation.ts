// Which units to send: every eligible unit ranked by road time from where it is, with reasons as codes, and why the others are not proposed.
// One search from the scene over the whole road graph times all units at once. Rejected: the five nearest as the crow flies and a route for
// each, which in a city of rivers and hills often leaves the nearest by road out.
import type { WallMs } from "../base/time.ts";
import { isOffShift } from "../dispatch/decide-assignment.ts";
import type { Incident, LonLat, Unit, UnitKind, Want } from "../dispatch/entities.ts";
import { RUN_CARDS, countMissing, standingUnits } from "../dispatch/run-cards.ts";
import type { State } from "../dispatch/state.ts";
import { distanceM } from "../geo/point.ts";
import type { Roads } from "../geo/roads.ts";
import { type Route, roadTimesTo } from "../geo/routing.ts";
import type { PositionTable } from "./positions.ts";

/** Road times from many places to one. null: no way by road. */
export interface RoadTime {
  readonly seconds: number;
  /** Closed pieces of road that the way leads through, since nothing else leads there. */
  readonly closedPieces: number;
  /** Worked out when asked for. */
  findWay(): Pick<Route, "metres" | "path"> | null;
}
export type RoadTimesPort = (target: LonLat, sources: readonly LonLat[]) => readonly (RoadTime | null)[];

export const roadTimesOf = (roads: Roads): RoadTimesPort => (target, sources) => {
  const times = roadTimesTo(roads, target, sources);
  return times.verdicts.map((verdict, i) => (verdict === "reached" ? { seconds: times.seconds[i]!, closedPieces: times.closedPieces[i]!, findWay: () => times.findWay(i) } : null));
};

/** Why a unit is where it is in the list. Parameters: by-road seconds, metres; through-closed-road pieces; the platform codes platformId; the others none, or activity. */
export const CANDIDATE_REASONS = ["by-road", "through-closed-road", "nearest", "on-patrol", "at-platform", "at-home", "conditionally-available", "leaves-platform-empty"] as const;
/** Why a unit is not in it. Parameters: wrong-kind kind; stale-fix ageMs; committed incidentId, state; not-available activity. */
export const NOT_PROPOSED_REASONS = ["wrong-kind", "off-shift", "in-emergency", "committed", "not-available", "stale-fix", "unreachable", "farther"] as const;

export interface Reason {
  readonly code: string;
  readonly params: Record<string, string | number>;
}
export interface Candidate {
  readonly unitId: number;
  readonly rank: number;
  readonly suggested: boolean;
  readonly roadSeconds: number;
  readonly roadMetres: number;
  readonly positionAgeMs: number | null;
  readonly reasons: Reason[];
  readonly path: LonLat[];
}
export interface Recommendation {
  readonly incidentId: number;
  readonly computedAt: WallMs;
  readonly tookMs: number;
  readonly runCard: { readonly code: string; readonly version: number; readonly wants: Want[] };
  readonly candidates: Candidate[];
  readonly notProposed: { readonly unitId: number; readonly reason: Reason }[];
}

/** A unit whose last fix is older is not where it says. */
export const STALE_FIX_MS = 3 * 60_000;
/** Within this of its platform a unit stands there. */
const AT_PLATFORM_M = 80;
const MOST_CANDIDATES = 50;
const PATHS = 5;

/** Pure but for `roadTimes`; `tookMs` is the caller's to measure. */
export function recommendUnits(state: State, incident: Incident, positions: PositionTable, roadTimes: RoadTimesPort, now: WallMs): Omit<Recommendation, "tookMs"> {
  const card = RUN_CARDS[incident.type];
  const wants: Want[] = incident.needs.length > 0 ? incident.needs : [...card.wants];
  const wanted = new Set<UnitKind>(wants.flatMap((want) => want.kinds));
  const notProposed: { unitId: number; reason: Reason }[] = [];
  const eligible: { unit: Unit; point: LonLat; ageMs: number | null }[] = [];
  for (const id of state.units.keys()) {
    const unit = state.units.get(id);
    const fix = positions.find(id);
    const ageMs = fix === null ? null : Math.max(0, now - fix.at);
    const reason = reasonAgainst(state, unit, wanted, ageMs, now);
    if (reason !== null) notProposed.push({ unitId: id, reason });
    else eligible.push({ unit, point: fix?.point ?? unit.home, ageMs });
  }

  const times = roadTimes(incident.place.point, eligible.map((one) => one.point));
  const reached: { unit: Unit; ageMs: number | null; time: RoadTime; point: LonLat }[] = [];
  for (const [i, { unit, ageMs, point }] of eligible.entries()) {
    const time = times[i];
    if (time === null || time === undefined) notProposed.push({ unitId: unit.id, reason: { code: "unreachable", params: {} } });
    else reached.push({ unit, ageMs, time, point });
  }
  reached.sort((a, b) => a.time.closedPieces - b.time.closedPieces || a.time.seconds - b.time.seconds || a.unit.id - b.unit.id);

  const standing = standingUnits(state, incident);
  let missing = incident.needs.length === 0 ? 0 : countMissing(incident.needs, standing);
  const manned = countAtPlatforms(reached.map((one) => one.unit));
  const candidates = reached.slice(0, MOST_CANDIDATES).map(({ unit, ageMs, time, point }, i): Candidate => {
    const left = missing === 0 ? 0 : countMissing(incident.needs, [...standing, unit.kind]);
    const suggested = left < missing;
    if (suggested) {
      standing.push(unit.kind);
      missing = left;
    }
    const way = time.findWay();
    const roadMetres = way?.metres ?? 0;
    return {
      unitId: unit.id, rank: i + 1, suggested, roadSeconds: time.seconds, roadMetres, positionAgeMs: ageMs,
      reasons: reasonsFor(unit, time, roadMetres, point, ageMs, i, manned), path: i < PATHS ? [...(way?.path ?? [])] : [],
    };
  });
  for (const { unit } of reached.slice(MOST_CANDIDATES)) notProposed.push({ unitId: unit.id, reason: { code: "farther", params: {} } });
  return { incidentId: incident.id, computedAt: now, runCard: { ...incident.runCard, wants }, candidates, notProposed };
}

function reasonAgainst(state: State, unit: Unit, wanted: ReadonlySet<UnitKind>, ageMs: number | null, now: WallMs): Reason | null {
  if (!wanted.has(unit.kind)) return { code: "wrong-kind", params: { kind: unit.kind } };
  if (isOffShift(unit, now)) return { code: "off-shift", params: {} };
  if (unit.emergency) return { code: "in-emergency", params: {} };
  if (unit.activeAssignmentId !== null) {
    const active = state.assignments.get(unit.activeAssignmentId);
    return { code: "committed", params: { incidentId: active.incidentId, state: active.state } };
  }
  if (unit.availability === "not-available") return { code: "not-available", params: { activity: unit.activity ?? "" } };
  if (ageMs !== null && ageMs > STALE_FIX_MS) return { code: "stale-fix", params: { ageMs } };
  return null;
}

function countAtPlatforms(units: readonly Unit[]): Map<number, number> {
  const count = new Map<number, number>();
  for (const { platformId } of units) if (platformId !== null) count.set(platformId, (count.get(platformId) ?? 0) + 1);
  return count;
}

function reasonsFor(unit: Unit, { seconds, closedPieces }: RoadTime, metres: number, point: LonLat, ageMs: number | null, index: number, manned: ReadonlyMap<number, number>): Reason[] {
  const reasons: Reason[] = [{ code: "by-road", params: { seconds: Math.round(seconds), metres: Math.round(metres) } }];
  if (closedPieces > 0) reasons.push({ code: "through-closed-road", params: { pieces: closedPieces } });
  if (index === 0) reasons.push({ code: "nearest", params: {} });
  if (unit.platformId !== null) {
    if (distanceM(point, unit.home) <= AT_PLATFORM_M) reasons.push({ code: "at-platform", params: { platformId: unit.platformId } });
    if (manned.get(unit.platformId) === 1) reasons.push({ code: "leaves-platform-empty", params: { platformId: unit.platformId } });
  } else if (ageMs === null) reasons.push({ code: "at-home", params: {} });
  else if (unit.kind === "patrol") reasons.push({ code: "on-patrol", params: {} });
  if (unit.availability === "conditionally-available") reasons.push({ code: "conditionally-available", params: { activity: unit.activity ?? "" } });
  return reasons;
}
