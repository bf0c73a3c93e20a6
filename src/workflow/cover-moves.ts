// What a choice of units leaves uncovered, and who could stand in. A platform's area is covered while a free unit of the police is within its minutes by road. Looked at are the platforms near
// the chosen units' own posts, since only these can lose them; a move is proposed from where its leaving uncovers nothing else. Rejected: every platform of the city
// for every choice, which is a search of the whole graph for each of five hundred.
import type { WallMs } from "../base/time.ts";
import { isOffShift } from "../dispatch/decide-assignment.ts";
import type { CoverPost, Incident, Unit } from "../dispatch/entities.ts";
import type { State } from "../dispatch/state.ts";
import { isGoing } from "../dispatch/transitions.ts";
import { distanceM } from "../geo/point.ts";
import { secondsTo } from "./preemption-offers.ts";
import type { FixColumns, RoadTimesPort } from "./ranking.ts";
import { STALE_FIX_MS } from "./ranking.ts";

/** City police practice in China: a platform answers within 3 minutes. */
export const COVER_WITHIN_SECONDS = 180;
const NEAR_M = 2_500;
const MOST_POSTS = 12;
/** Units beside a platform that are timed; farther ones are not soon there. */
const MOST_UNITS = 40;

export interface UncoveredPost extends CoverPost {
  /** By road, of the nearest unit that is free; null: none can get there. */
  readonly nearestSeconds: number | null;
  readonly move: { readonly unitId: number; readonly roadSeconds: number } | null;
}
export interface CoverProposal {
  readonly incidentId: number;
  readonly computedAt: WallMs;
  readonly withinSeconds: number;
  readonly uncovered: UncoveredPost[];
}

export interface CoverQuestion {
  readonly posts: readonly CoverPost[];
  /** Units that are about to be sent; those that go to the incident already are added. */
  readonly unitIds: readonly number[];
  readonly fixes: FixColumns;
  readonly roadTimes: RoadTimesPort;
  readonly now: WallMs;
}

export function proposeCover(state: State, incident: Incident, { posts, unitIds, fixes, roadTimes, now }: CoverQuestion): CoverProposal {
  const going = incident.assignmentIds.map((id) => state.assignments.get(id)).filter((job) => isGoing(job.state) && job.cover === null).map((job) => job.unitId);
  const chosen = [...new Set([...unitIds, ...going])].map((id) => state.units.find(id)).filter((unit) => unit !== undefined && isPolice(unit)) as Unit[];
  const answer = { incidentId: incident.id, computedAt: now, withinSeconds: COVER_WITHIN_SECONDS };
  if (chosen.length === 0) return { ...answer, uncovered: [] };
  const nearest = (post: CoverPost): number => Math.min(...chosen.map(({ home }) => distanceM(home, post.point)));
  const near = posts.map((post) => ({ post, metres: nearest(post) })).filter(({ metres }) => metres <= NEAR_M).sort((a, b) => a.metres - b.metres).slice(0, MOST_POSTS).map(({ post }) => post);
  const chosenIds = new Set(chosen.map(({ id }) => id));
  const free = [...state.units.values()].filter((unit) => isPolice(unit) && !chosenIds.has(unit.id) && isFree(unit, fixes, now));
  const coming = coveredByMoves(state);
  const looked = near.filter((post) => !coming.has(post.platformId)).map((post) => ({ post, before: timed(post, chosen, { ...fixes, at: new Float64Array(0) }, roadTimes), after: timed(post, free, fixes, roadTimes) }));
  const covers = ({ after }: (typeof looked)[number]): number[] => after.filter(({ seconds }) => seconds <= COVER_WITHIN_SECONDS).map(({ unit }) => unit.id);
  const lost = looked.filter((one) => covers(one).length === 0 && one.before.some(({ seconds }) => seconds <= COVER_WITHIN_SECONDS));
  const taken = new Set<number>();
  const uncovered = lost.map(({ post, after }): UncoveredPost => {
    const first = after[0];
    const spared = after.find(({ unit }) => !taken.has(unit.id) && looked.every((other) => !covers(other).includes(unit.id) || covers(other).some((id) => id !== unit.id && !taken.has(id))));
    if (spared !== undefined) taken.add(spared.unit.id);
    return { ...post, nearestSeconds: first?.seconds ?? null, move: spared === undefined ? null : { unitId: spared.unit.id, roadSeconds: spared.seconds } };
  });
  return { ...answer, uncovered };
}

const isPolice = ({ kind }: Unit): boolean => kind === "patrol" || kind === "platform-crew";
const isFree = (unit: Unit, fixes: FixColumns, now: WallMs): boolean =>
  unit.activeAssignmentId === null && !unit.emergency && unit.availability !== "not-available" && !isOffShift(unit, now) && !(now - (fixes.at[unit.id] ?? NaN) > STALE_FIX_MS);

/** Platforms for which somebody is on the way, or there. */
function coveredByMoves(state: State): Set<number> {
  const jobs = [...state.liveAssignments.keys()].map((id) => state.assignments.get(id));
  return new Set(jobs.flatMap(({ cover }) => (cover === null ? [] : [cover.platformId])));
}

/** The units nearest to a post in a straight line, by their time on the road, soonest first; those that cannot get there are left out. */
function timed({ point }: CoverPost, units: readonly Unit[], fixes: FixColumns, roadTimes: RoadTimesPort): { readonly unit: Unit; readonly seconds: number }[] {
  const at = ({ id, home }: Unit) => (Number.isFinite(fixes.at[id] ?? NaN) ? { lon: fixes.lon[id]!, lat: fixes.lat[id]! } : home);
  const close = units.map((unit) => ({ unit, metres: distanceM(at(unit), point) })).sort((a, b) => a.metres - b.metres).slice(0, MOST_UNITS).map(({ unit }) => unit);
  const seconds = secondsTo({ place: { point } as Incident["place"] }, close, fixes, roadTimes);
  return close.map((unit, i) => ({ unit, seconds: seconds.at(i) })).filter((one) => one.seconds !== Infinity).sort((a, b) => a.seconds - b.seconds || a.unit.id - b.unit.id);
}
