// What a choice of units leaves uncovered, and who could stand in. A platform's area is covered while a free unit of the police is within its minutes by road. Looked at are the platforms near
// the chosen units' own posts and where they cover, since only these can lose them; a move is proposed from where its leaving uncovers nothing else. Most choices uncover nothing, and that is seen by a few walks on the roads for each
// platform: did a chosen unit cover it, and does one of the nearest free ones? Only where one is lost all are timed. Rejected: every platform of the city for every choice, and a search of the whole
// graph for each platform near, which was thirty milliseconds for every console each quarter of a minute.
import type { WallMs } from "../base/time.ts";
import { isOffShift } from "../base/shift.ts";
import type { CoverPost, Incident, LonLat, Unit, UnitKind } from "../dispatch/entities.ts";
import type { State } from "../dispatch/state.ts";
import { isGoing } from "../dispatch/transitions.ts";
import { METRES_PER_DEGREE, distanceM, metresPerDegreeLon } from "../geo/point.ts";
import type { PlaceColumns } from "../geo/routing.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import type { FixColumns, RoadTimesPort } from "./ranking.ts";
import { STALE_FIX_MS } from "./ranking.ts";

/** City police practice in China: a platform answers within 3 minutes. */
export const COVER_WITHIN_SECONDS = 180;
/** [COV3] Of engines, ambulances and campus police: as far as help of that kind may be without its being said. */
export const THIN_WITHIN_SECONDS = 600;
const NEAR_M = 2_500;
const MOST_POSTS = 12;
/** Units beside a platform that are timed; farther ones are not soon there. */
const MOST_UNITS = 40;
/** Units are numbered from 1. */
const NO_UNIT = 0;

export interface UncoveredPost extends CoverPost {
  /** By road, of the nearest unit that is free; null: none can get there. */
  readonly nearestSeconds: number | null;
  readonly move: { readonly unitId: number; readonly roadSeconds: number } | null;
}
/** Where a chosen unit that is no police waits, no other free one of its kind is near any more. */
export interface ThinnedPost {
  readonly unitId: number;
  readonly kind: UnitKind;
  /** By road to where the chosen one waits, of the nearest free one of its kind; null: none can get there. */
  readonly nearestSeconds: number | null;
}
export interface CoverProposal {
  readonly incidentId: number;
  readonly computedAt: WallMs;
  readonly withinSeconds: number;
  readonly uncovered: UncoveredPost[];
  /** For `thinned`. */
  readonly thinWithinSeconds: number;
  readonly thinned: ThinnedPost[];
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
  const going = incident.assignmentIds.map((id) => state.assignments.get(id)).filter((job) => isGoing(job) && job.cover === null).map((job) => job.unitId);
  const all = [...new Set([...unitIds, ...going])].flatMap((id) => state.units.find(id) ?? []);
  const chosen = all.filter(isPolice);
  const answer = { incidentId: incident.id, computedAt: now, withinSeconds: COVER_WITHIN_SECONDS, thinWithinSeconds: THIN_WITHIN_SECONDS, thinned: listThinned(state, all, fixes, roadTimes, now) };
  if (chosen.length === 0) return { ...answer, uncovered: [] };
  const nearest = (post: CoverPost): number => Math.min(...chosen.map(({ home }) => distanceM(home, post.point)));
  const chosenIds = new Set(chosen.map(({ id }) => id));
  const moves = coverMoves(state);
  const left = new Set(moves.filter(({ unitId }) => chosenIds.has(unitId)).map(({ platformId }) => platformId));
  const coming = new Set(moves.filter(({ unitId }) => !chosenIds.has(unitId)).map(({ platformId }) => platformId));
  const near = posts.map((post) => ({ post, metres: left.has(post.platformId) ? 0 : nearest(post) })).filter(({ metres }) => metres <= NEAR_M).sort((a, b) => a.metres - b.metres).slice(0, MOST_POSTS).map(({ post }) => post);
  const free = placesOf(state, fixes, (unit) => isPolice(unit) && !chosenIds.has(unit.id) && isFree(unit, fixes, now));
  const open = near.filter((post) => !coming.has(post.platformId));
  if (open.every((post) => staysAsItWas(post, left.has(post.platformId), chosen, free, roadTimes))) return { ...answer, uncovered: [] };
  const looked = open.map((post) => ({ post, ...timed(post, chosen, free, roadTimes) }));
  const covers = ({ after }: (typeof looked)[number]): number[] => after.filter(({ seconds }) => seconds <= COVER_WITHIN_SECONDS).map(({ unit }) => unit.id);
  const lost = looked.filter((one) => covers(one).length === 0 && (left.has(one.post.platformId) || one.before.some(({ seconds }) => seconds <= COVER_WITHIN_SECONDS)));
  const taken = new Set<number>();
  const elsewhere = posts.filter(({ platformId }) => !coming.has(platformId) && !looked.some(({ post }) => post.platformId === platformId));
  /** Whether a platform that was not looked at has this unit alone, from where it is: by few walks, and where it is not sure, it has. */
  const isAloneElsewhere = (unit: Unit): boolean => {
    const index = free.units.indexOf(unit);
    const from = { lon: free.lon[index]!, lat: free.lat[index]! };
    const others = (post: CoverPost): number[] => nearestOf(free, post.point, FIRST_UNITS + 1 + taken.size).filter((other) => other !== index && !taken.has(free.units[other]!.id));
    return elsewhere.some((post) => distanceM(from, post.point) <= NEAR_M && reaches(post, columnsOf([index], free, []), roadTimes) && !reaches(post, columnsOf(others(post), free, []), roadTimes));
  };
  const uncovered = lost.map(({ post, after }): UncoveredPost => {
    const first = after[0];
    const spared = after.find(({ unit }) => !taken.has(unit.id) && looked.every((other) => !covers(other).includes(unit.id) || covers(other).some((id) => id !== unit.id && !taken.has(id))) && !isAloneElsewhere(unit));
    if (spared !== undefined) taken.add(spared.unit.id);
    return { ...post, nearestSeconds: first?.seconds ?? null, move: spared === undefined ? null : { unitId: spared.unit.id, roadSeconds: spared.seconds } };
  });
  return { ...answer, uncovered };
}

/** [COV3] Most choices take nobody's last: that is seen by the nearest few of the kind, and only where none of them is near all that could be are timed. */
function listThinned(state: State, all: readonly Unit[], fixes: FixColumns, roadTimes: RoadTimesPort, now: WallMs): ThinnedPost[] {
  const ids = new Set(all.map(({ id }) => id));
  const others = new Map<UnitKind, Places>();
  return all.filter((unit) => !isPolice(unit)).flatMap(({ id: unitId, kind, home }) => {
    const free = others.get(kind) ?? placesOf(state, fixes, (unit) => unit.kind === kind && !ids.has(unit.id) && isFree(unit, fixes, now));
    others.set(kind, free);
    const soonest = (most: number): number => {
      const columns = columnsOf(nearestOf(free, home, most), free, []);
      return columns.count === 0 ? Infinity : Math.min(...roadTimes(home, columns).seconds);
    };
    if (soonest(FIRST_UNITS) <= THIN_WITHIN_SECONDS) return [];
    const nearest = soonest(MOST_UNITS);
    return nearest <= THIN_WITHIN_SECONDS ? [] : [{ unitId, kind, nearestSeconds: nearest === Infinity ? null : nearest }];
  });
}

const isPolice = ({ kind }: Unit): boolean => kind === "patrol" || kind === "platform-crew";
const isFree = (unit: Unit, fixes: FixColumns, now: WallMs): boolean =>
  unit.activeAssignmentId === null && !unit.emergency && unit.availability !== "not-available" && !isOffShift(unit, now) && !(now - (fixes.at[unit.id] ?? NaN) > STALE_FIX_MS);

/** Who is on the way to which platform to cover it, or there. */
function coverMoves(state: State): { readonly unitId: number; readonly platformId: number }[] {
  const jobs = [...state.liveAssignments.keys()].map((id) => state.assignments.get(id));
  return jobs.flatMap(({ cover, unitId }) => (cover === null ? [] : [{ unitId, platformId: cover.platformId }]));
}

/** Free units and where each is, by column, worked out once for all posts. */
interface Places {
  readonly units: readonly Unit[];
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}
function placesOf(state: State, fixes: FixColumns, test: (unit: Unit) => boolean): Places {
  const units = [...state.units.values()].filter(test);
  const known = units.map(({ id }) => Number.isFinite(fixes.at[id] ?? NaN));
  return {
    units, lon: Float64Array.from(units, ({ id, home }, i) => (known[i] ? fixes.lon[id]! : home.lon)), lat: Float64Array.from(units, ({ id, home }, i) => (known[i] ? fixes.lat[id]! : home.lat)),
  };
}

interface Timed {
  readonly unit: Unit;
  readonly seconds: number;
}

/** Walks from so few are cheaper than a sweep for all. */
const FIRST_UNITS = 4;

const reaches = ({ point }: CoverPost, places: PlaceColumns, roadTimes: RoadTimesPort): boolean => places.count > 0 && roadTimes(point, places).seconds.some((seconds) => seconds <= COVER_WITHIN_SECONDS);

/** That a post cannot be lost: none of the chosen covered it (`left`: one stood in there), or one of the nearest free units does. False where it is not sure. */
function staysAsItWas(post: CoverPost, left: boolean, chosen: readonly Unit[], free: Places, roadTimes: RoadTimesPort): boolean {
  if (!left && !reaches(post, columnsOf([], free, chosen), roadTimes)) return true;
  return reaches(post, columnsOf(nearestOf(free, post.point, FIRST_UNITS), free, []), roadTimes);
}

/** Free units where they are, then the chosen at their homes. A home is asked for under no unit's number: where on the roads a unit stands is kept by its number. */
function columnsOf(close: readonly number[], free: Places, chosen: readonly Unit[]): PlaceColumns {
  const count = close.length + chosen.length;
  const columns = { count, keys: new Int32Array(count), lon: new Float64Array(count), lat: new Float64Array(count) };
  close.forEach((index, i) => [columns.keys[i], columns.lon[i], columns.lat[i]] = [free.units[index]!.id, free.lon[index]!, free.lat[index]!]);
  chosen.forEach(({ home }, i) => [columns.keys[close.length + i], columns.lon[close.length + i], columns.lat[close.length + i]] = [NO_UNIT, home.lon, home.lat]);
  return columns;
}

/**
 * Who comes to a post how soon, soonest first, without those that cannot: `before`, the chosen from their homes, and `after`, the free units that are nearest in a straight line from where
 * they are. One sweep of the roads for both.
 */
function timed({ point }: CoverPost, chosen: readonly Unit[], free: Places, roadTimes: RoadTimesPort): { readonly before: Timed[]; readonly after: Timed[] } {
  const close = nearestOf(free, point, MOST_UNITS);
  const { seconds } = roadTimes(point, columnsOf(close, free, chosen));
  const soonest = (units: readonly Unit[], from: number): Timed[] =>
    units.map((unit, i) => ({ unit, seconds: seconds[from + i]! })).filter((one) => one.seconds !== Infinity).sort((a, b) => a.seconds - b.seconds || a.unit.id - b.unit.id);
  return { before: soonest(chosen, close.length), after: soonest(close.map((index) => free.units[index]!), 0) };
}

/** Indexes of the nearest in a straight line, on the plane about the point: fourteen thousand are passed, and few ever sorted. */
function nearestOf({ units, lon, lat }: Places, point: LonLat, most: number): number[] {
  const kx = metresPerDegreeLon(point.lat);
  const far = (i: number): number => ((lon[i]! - point.lon) * kx) ** 2 + ((lat[i]! - point.lat) * METRES_PER_DEGREE) ** 2;
  const list: { readonly index: number; readonly far: number }[] = [];
  for (let index = 0; index < units.length; index++) {
    const away = far(index);
    if (list.length === most && away >= list[most - 1]!.far) continue;
    let at = list.length;
    while (at > 0 && list[at - 1]!.far > away) at--;
    list.splice(at, 0, { index, far: away });
    if (list.length > most) list.pop();
  }
  return list.map(({ index }) => index);
}

export interface CoverProposals {
  propose(state: State, incident: Incident, question: CoverQuestion): CoverProposal;
}

/** A choice is the same while the incident, the closures, the moves to cover and whether the proposed are free stay as they were. */
export function createCoverProposals(): CoverProposals {
  const kept = createKeptAnswers<CoverProposal>();
  return {
    propose: (state, incident, question) => {
      const { now, unitIds, fixes } = question;
      const moves = [...state.liveAssignments.keys()].flatMap((id) => state.assignments.get(id).cover?.platformId ?? []);
      const key = JSON.stringify([incident.id, incident.sequence, [...new Set(unitIds)].sort((a, b) => a - b), moves.sort((a, b) => a - b), [...state.standingClosures.keys()]]);
      const areFreeStill = ({ uncovered }: CoverProposal): boolean => uncovered.every(({ move }) => move === null || isFree(state.units.get(move.unitId), fixes, now));
      return kept.get(key, now, areFreeStill, () => proposeCover(state, incident, question));
    },
  };
}
