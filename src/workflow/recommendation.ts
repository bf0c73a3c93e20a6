// Which units to send: the ranked candidates with reasons as codes, and why the others are not proposed: how many for which reason and the nearest of them,
// each of them on demand. The judging and timing is in ranking.ts.
import { endsShiftSoon } from "../base/shift.ts";
import { MINUTE_MS, type WallMs } from "../base/time.ts";
import type { Incident, LonLat, Unit, Want } from "../dispatch/entities.ts";
import type { State } from "../dispatch/state.ts";
import { createSeating, findLeastLacking, relaxWants, standingUnits } from "../dispatch/wants.ts";
import { distanceM } from "../geo/point.ts";
import { type FixColumns, type NotProposedReason, type Ranking, type RoadTimesPort, isHeldBack, rankUnits } from "./ranking.ts";

/** Why a unit is where it is in the list. Parameters: by-road seconds, metres; through-closed-road pieces; the platform codes platformId; lacks-skill skills; shift-ends-soon minutes; the others none, or activity. */
export const CANDIDATE_REASONS = ["lacks-skill", "by-road", "through-closed-road", "nearest", "on-patrol", "at-platform", "at-home", "conditionally-available", "leaves-platform-empty", "shift-ends-soon"] as const;

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
export interface NotProposedUnit {
  readonly unitId: number;
  readonly reason: Reason;
}
export interface Recommendation {
  readonly incidentId: number;
  readonly computedAt: WallMs;
  readonly tookMs: number;
  readonly runCard: { readonly code: string; readonly version: number; readonly wants: Want[] };
  /** Wants with skills that too few of the eligible have; `count`: the places that stay open for it. The nearest without them are among the candidates, marked `lacks-skill`. */
  readonly skillGaps: Want[];
  readonly candidates: Candidate[];
  readonly notProposed: {
    readonly total: number;
    /** Most first. */
    readonly byReason: { readonly code: NotProposedReason; readonly units: number }[];
    /** Of those on duty of the wanted kinds, in a straight line, nearest first. */
    readonly nearest: (NotProposedUnit & { readonly metres: number })[];
  };
}

/** Within this of its platform a unit stands there. */
const AT_PLATFORM_M = 80;
const PATHS = 5;

/** Pure but for `roadTimes`; `tookMs` is the caller's to measure. */
export function recommendUnits(state: State, incident: Incident, fixes: FixColumns, roadTimes: RoadTimesPort, now: WallMs): Omit<Recommendation, "tookMs"> {
  return describeRanking(state, rankUnits(state, incident, fixes, roadTimes, now));
}

/** `state` as it was when it was ranked. */
export function describeRanking(state: State, ranking: Ranking): Omit<Recommendation, "tookMs"> {
  const { incident, now, wants, units } = ranking;
  const { meeting, standIns } = suggest(state, ranking);
  const candidates = ranking.candidates.map((candidate, i): Candidate => {
    const unit = units[candidate.index]!;
    const lacking = meeting.has(unit.id) ? [] : (findLeastLacking(ranking.skillGaps, unit) ?? []);
    const way = i < PATHS ? ranking.times.findWay(candidate.source) : null;
    const roadMetres = way?.metres ?? ranking.times.findMetres(candidate.source) ?? 0;
    const ageMs = ranking.ageMs[candidate.index]!;
    return {
      unitId: unit.id, rank: i + 1, suggested: meeting.has(unit.id) || standIns.has(unit.id), roadSeconds: candidate.seconds, roadMetres, positionAgeMs: Number.isNaN(ageMs) ? null : ageMs,
      reasons: [...(lacking.length === 0 ? [] : [lacksSkill(lacking)]), ...reasonsFor(ranking, candidate, roadMetres, i)], path: [...(way?.path ?? [])],
    };
  });
  const byReason = [...ranking.countByReason].map(([code, n]) => ({ code, units: n })).sort((a, b) => b.units - a.units);
  return {
    incidentId: incident.id, computedAt: now, runCard: { ...incident.runCard, wants }, skillGaps: [...ranking.skillGaps], candidates,
    notProposed: {
      total: units.length - candidates.length, byReason,
      nearest: ranking.nearest.map(({ index, metres }) => ({ ...describeNotProposed(state, ranking, index)!, metres: Math.round(metres) })),
    },
  };
}

/** [REC3] Soonest first, each that leaves fewer places open. [REC6] Where all who have a skill leave places open, somebody goes all the same: for each such place the soonest of its kinds, once, though it does not count as met. */
function suggest(state: State, { incident, units, candidates, skillGaps }: Ranking): { readonly meeting: ReadonlySet<number>; readonly standIns: ReadonlySet<number> } {
  const [meeting, standIns] = [new Set<number>(), new Set<number>()];
  const standing = standingUnits(state, incident);
  const seating = createSeating(incident.needs);
  standing.forEach(seating.seat);
  const free = candidates.map(({ index }) => units[index]!).filter((unit) => !isHeldBack(incident, unit));
  for (const unit of free) if (seating.seat(unit)) meeting.add(unit.id);
  if (skillGaps.length === 0) return { meeting, standIns };
  const relaxed = createSeating(relaxWants(incident.needs, skillGaps));
  [...standing, ...free.filter(({ id }) => meeting.has(id))].forEach(relaxed.seat);
  for (const unit of free) if (!meeting.has(unit.id) && relaxed.seat(unit)) standIns.add(unit.id);
  return { meeting, standIns };
}

const lacksSkill = (skills: readonly string[]): Reason => ({ code: "lacks-skill", params: { skills: skills.join("; ") } });

export interface NotProposedQuery {
  /** Only these, where it is said. */
  readonly unitIds?: readonly number[] | undefined;
  readonly code?: NotProposedReason | undefined;
  /** Units after this one. */
  readonly after: number;
  readonly limit: number;
}

/** Who is not proposed and why, by unit id. */
export function listNotProposed(state: State, ranking: Ranking, { unitIds, code, after, limit }: NotProposedQuery): NotProposedUnit[] {
  const asked = unitIds === undefined ? null : new Set(unitIds);
  const indexes: number[] = [];
  for (const [index, { id }] of ranking.units.entries()) {
    const reason = id > after && (asked === null || asked.has(id)) ? ranking.reasonAt(index) : null;
    if (reason !== null && (code === undefined || reason === code)) indexes.push(index);
  }
  indexes.sort((a, b) => ranking.units[a]!.id - ranking.units[b]!.id);
  return indexes.slice(0, limit).map((index) => describeNotProposed(state, ranking, index)!);
}

function describeNotProposed(state: State, ranking: Ranking, index: number): NotProposedUnit | null {
  const code = ranking.reasonAt(index);
  const unit = ranking.units[index]!;
  if (code === "lacks-skill") return { unitId: unit.id, reason: lacksSkill(findLeastLacking(ranking.wants, unit) ?? []) };
  return code === null ? null : { unitId: unit.id, reason: { code, params: paramsOf(state, unit, code, ranking.ageMs[index]!, ranking.now) } };
}

function paramsOf(state: State, unit: Unit, code: NotProposedReason, ageMs: number, now: WallMs): Record<string, string | number> {
  switch (code) {
    case "wrong-kind":
      return { kind: unit.kind };
    case "committed": {
      const active = state.assignments.get(unit.activeAssignmentId!);
      return { incidentId: active.incidentId, state: active.state };
    }
    case "not-available":
      return { activity: unit.activity ?? "" };
    case "stale-fix":
      return { ageMs };
    case "off-shift":
      return unit.shiftStartsAt !== null && unit.shiftStartsAt > now ? { startsAt: unit.shiftStartsAt } : { endedAt: unit.shiftEndsAt ?? now };
    default:
      return {};
  }
}

function reasonsFor(ranking: Ranking, { index, seconds, closedPieces }: Ranking["candidates"][number], metres: number, rank: number): Reason[] {
  const unit = ranking.units[index]!;
  const reasons: Reason[] = [{ code: "by-road", params: { seconds: Math.round(seconds), metres: Math.round(metres) } }];
  if (closedPieces > 0) reasons.push({ code: "through-closed-road", params: { pieces: closedPieces } });
  if (rank === 0) reasons.push({ code: "nearest", params: {} });
  const isUnknown = Number.isNaN(ranking.ageMs[index]!); // it is taken to be at its post, and nobody knows that
  if (isUnknown) reasons.push({ code: "at-home", params: {} });
  if (unit.platformId !== null) {
    if (!isUnknown && distanceM({ lon: ranking.lon[index]!, lat: ranking.lat[index]! }, unit.home) <= AT_PLATFORM_M) reasons.push({ code: "at-platform", params: { platformId: unit.platformId } });
    if (ranking.manned.get(unit.platformId) === 1) reasons.push({ code: "leaves-platform-empty", params: { platformId: unit.platformId } });
  } else if (!isUnknown && unit.kind === "patrol") reasons.push({ code: "on-patrol", params: {} });
  if (endsShiftSoon(unit, ranking.now)) reasons.push({ code: "shift-ends-soon", params: { minutes: Math.ceil((unit.shiftEndsAt! - ranking.now) / MINUTE_MS) } }); // [SHF5]
  if (unit.availability === "conditionally-available") reasons.push({ code: "conditionally-available", params: { activity: unit.activity ?? "" } });
  return reasons;
}
