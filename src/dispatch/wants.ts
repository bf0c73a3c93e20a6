// Wants and who meets them: a want asks for so many units of any of its kinds, each with all of its skills. Units are seated on the places of the wants by augmenting paths, so that the fewest places stay open: a unit
// with a rare skill is not left on a place that anybody could take. Rejected: going through the wants and taking the nearest for each, which spends the one diver on "1 patrol".
// One answer for the shortfall [INC5], for what is suggested [REC3] [REC6] and for what could be taken from other jobs [ASG13].
import type { Incident, Unit, UnitKind, Want } from "./entities.ts";
import type { State } from "./state.ts";
import { isGoing } from "./transitions.ts";

/** What a unit can do: its kind, and the skills of the crew that is on it now, as they are registered. */
export type Able = Pick<Unit, "kind" | "skills">;

/** Two writings of one skill are the same skill. */
export const skillKey = (skill: string): string => skill.normalize("NFKC").trim().toLowerCase();
export const hasSkill = (unit: Pick<Unit, "skills">, skill: string): boolean => unit.skills.some((one) => skillKey(one) === skillKey(skill));
/** Skills of the want that the unit has not. */
export const listLacking = ({ skills = [] }: Want, unit: Pick<Unit, "skills">): string[] => skills.filter((skill) => !hasSkill(unit, skill));
export function isSkillRegistered({ units }: Pick<State, "units">, skill: string): boolean {
  for (const unit of units.values()) if (hasSkill(unit, skill)) return true;
  return false;
}
export function listRegisteredSkills({ units }: Pick<State, "units">): string[] {
  const skills = new Map<string, string>();
  for (const unit of units.values()) for (const skill of unit.skills) if (!skills.has(skillKey(skill))) skills.set(skillKey(skill), skill.trim());
  return [...skills.values()].sort();
}
const meets = (want: Want, unit: Able): boolean => want.kinds.includes(unit.kind) && listLacking(want, unit).length === 0;
export const withoutSkills = ({ kinds, count }: Want): Want => ({ kinds, count });
const withCount = ({ kinds, skills }: Want, count: number): Want => (skills === undefined ? { kinds, count } : { kinds, count, skills });

/** Equal for wants of the same kinds and skills, in whatever order they are written. */
export const wantKey = ({ kinds, skills = [] }: Want): string => [[...new Set(kinds)].sort().join(), ...[...new Set(skills.map(skillKey))].sort()].join("|");

export interface Seating {
  /** Whether one place fewer is open with the unit: others are seated anew for it. One that is not seated is not remembered. */
  seat(unit: Able): boolean;
  countOpen(): number;
  /** The wants with open places; `count`: how many. */
  listOpen(): Want[];
}

/** Of the places that could be filled that which asks for most is, so that what stays open asks for as little as can be. */
export function createSeating(wants: readonly Want[]): Seating {
  const order = wants.toSorted((a, b) => (b.skills?.length ?? 0) - (a.skills?.length ?? 0) || a.kinds.length - b.kinds.length);
  const places = order.flatMap((want, i) => Array.from({ length: want.count }, () => i));
  const seated: (readonly boolean[] | null)[] = places.map(() => null);
  let open = places.length;
  /** Fills the free place, where moving those that sit makes way to it. */
  const fill = (target: number, fits: readonly boolean[], seen: Set<number>): boolean => {
    if (fits[places[target]!]) {
      seated[target] = fits;
      return true;
    }
    for (const [place, want] of places.entries()) {
      const sitting = seated[place]!;
      if (sitting === null || seen.has(place) || !fits[want]) continue;
      seen.add(place);
      if (!fill(target, sitting, seen)) continue;
      seated[place] = fits;
      return true;
    }
    return false;
  };
  return {
    seat: (unit) => {
      if (open === 0) return false;
      const fits = order.map((want) => meets(want, unit));
      const tried = new Set<number>(); // the places of one want are alike
      for (const [target, want] of places.entries()) {
        if (seated[target] !== null || tried.has(want)) continue;
        if (fill(target, fits, new Set())) {
          open--;
          return true;
        }
        tried.add(want);
      }
      return false;
    },
    countOpen: () => open,
    listOpen: () => order.flatMap((want, i) => {
      const count = places.filter((one, place) => one === i && seated[place] === null).length;
      return count === 0 ? [] : [withCount(want, count)];
    }),
  };
}

/** How many of the wanted units nobody of these stands for. Each unit stands for one place; the pairing leaves the fewest open. */
export function countMissing(wants: readonly Want[], units: readonly Able[]): number {
  const seating = createSeating(wants);
  for (const unit of units) seating.seat(unit);
  return seating.countOpen();
}

/** Above each other as bits these still leave room for a unit's kind in a whole number. */
const MOST_BITS = 40;
/** Equal for units that these wants do not tell apart: of one kind, with the same of the skills that are asked for. Asked of every unit of a city, so without a text for each. */
export function createSortOf(wants: readonly Want[]): (unit: Able) => number | string {
  const asked = [...new Set(wants.flatMap(({ skills = [] }) => skills.map(skillKey)))];
  if (asked.length === 0) return ({ kind }) => kind;
  const numbers = new Map<string, number>(); // by the skill as it is written; thousands of units write few
  const numberOf = (skill: string): number => {
    const known = numbers.get(skill);
    if (known !== undefined) return known;
    const number = asked.indexOf(skillKey(skill));
    numbers.set(skill, number);
    return number;
  };
  if (asked.length > MOST_BITS) return ({ kind, skills }) => `${kind} ${[...new Set(skills.map(numberOf))].filter((number) => number >= 0).sort((a, b) => a - b).join()}`;
  const ofKinds = new Map<UnitKind, number>();
  const seen = new Uint32Array(asked.length); // which unit had it last: one that is written twice counts once
  let turn = 0;
  return ({ kind, skills }) => {
    let ofKind = ofKinds.get(kind);
    if (ofKind === undefined) ofKinds.set(kind, (ofKind = ofKinds.size * 2 ** asked.length));
    turn = (turn + 1) >>> 0;
    let sort = ofKind;
    for (const skill of skills) {
      const number = numberOf(skill);
      if (number < 0 || seen[number] === turn) continue;
      seen[number] = turn;
      sort += 2 ** number;
    }
    return sort;
  };
}

/** Wants with skills of which places stay open though all of `units` could be had, after those that stand for the incident; `count`: how many. */
export function listSkillGaps(wants: readonly Want[], standing: readonly Able[], units: Iterable<Able>): Want[] {
  if (wants.every(({ skills }) => skills === undefined)) return [];
  const seating = createSeating(wants);
  standing.forEach(seating.seat);
  const sortOf = createSortOf(wants);
  const spent = new Set<number | string>(); // where one of a sort finds no place, none after it does
  for (const unit of units) {
    if (seating.countOpen() === 0) break;
    const sort = sortOf(unit);
    if (!spent.has(sort) && !seating.seat(unit)) spent.add(sort);
  }
  return seating.listOpen().filter(({ skills }) => skills !== undefined);
}

/** The wants with as many of their places as the gaps have open to anybody of their kinds. */
export function relaxWants(wants: readonly Want[], gaps: readonly Want[]): Want[] {
  const left = new Map<string, number>();
  for (const gap of gaps) left.set(wantKey(gap), (left.get(wantKey(gap)) ?? 0) + gap.count);
  return wants.flatMap((want) => {
    const open = Math.min(want.count, left.get(wantKey(want)) ?? 0);
    left.set(wantKey(want), (left.get(wantKey(want)) ?? 0) - open);
    return [withCount(want, want.count - open), { ...withoutSkills(want), count: open }].filter(({ count }) => count > 0);
  });
}

/** What keeps the unit from each of these wants, at the least; empty where it meets one of them. null: it is of none of their kinds. */
export function findLeastLacking(wants: readonly Want[], unit: Able): string[] | null {
  const lacking = wants.filter(({ kinds }) => kinds.includes(unit.kind)).map((want) => listLacking(want, unit));
  return lacking.length === 0 ? null : lacking.reduce((least, one) => (one.length < least.length ? one : least));
}

/**
 * The units that stand for the incident's wants: those that go or are there, but not who leaves its word out for too long ([ASG16]), and those that were there and cleared since it
 * was last reopened.
 */
export function standingUnits(state: State, incident: Pick<Incident, "id" | "assignmentIds">): Unit[] {
  const { spentIds } = state.books.get(incident.id);
  return incident.assignmentIds
    .map((id) => state.assignments.get(id))
    .filter((assignment) => assignment.cover === null) // who covers elsewhere does not come here
    .filter((assignment) => isGoing(assignment) || (assignment.state === "cleared" && !spentIds.includes(assignment.id)))
    .map((assignment) => state.units.get(assignment.unitId));
}

/** Of those who set out now, what each lacks of a want that none of them and none of those before meets; by unit, and only those that lack something. */
export function listStandIns(state: State, incident: Incident, going: readonly Unit[]): Map<number, string[]> {
  const seating = createSeating(incident.needs);
  standingUnits(state, incident).forEach(seating.seat);
  const left = going.filter((unit) => !seating.seat(unit));
  const open = seating.listOpen();
  return new Map(left.flatMap((unit) => {
    const lacking = findLeastLacking(open, unit) ?? [];
    return lacking.length === 0 ? [] : [[unit.id, lacking] as const];
  }));
}

/** Skills that the open places ask for, each once. */
export function listMissingSkills(state: State, incident: Incident): string[] {
  const seating = createSeating(incident.needs);
  standingUnits(state, incident).forEach(seating.seat);
  return [...new Map(seating.listOpen().flatMap(({ skills = [] }) => skills).map((skill) => [skillKey(skill), skill])).values()];
}
