// Skills that rows of a table name and no unit of the register has: nobody meets such a want. It is told and no fault, since the crew that is trained next month is entered next month; with it the known one that is like it, for most are typed wrong.
import { type RunCardRow } from "../../dispatch/run-cards.ts";
import { skillKey } from "../../dispatch/wants.ts";
import { editDistance, normaliseText } from "../../geo/place-text.ts";

export interface UnknownSkill {
  readonly skill: string;
  /** null: none is like it. */
  readonly nearest: string | null;
}
const MOST_TYPING_ERRORS = 2;

export function listUnknownSkills(rows: readonly Pick<RunCardRow, "wants">[], skills: readonly string[]): UnknownSkill[] {
  const known = new Set(skills.map(skillKey));
  const named = new Map(rows.flatMap(({ wants }) => wants.flatMap((want) => want.skills ?? [])).filter((skill) => !known.has(skillKey(skill))).map((skill) => [skillKey(skill), skill] as const));
  return [...named.values()].map((skill) => {
    const apart = (one: string): number => editDistance(normaliseText(skill), normaliseText(one), MOST_TYPING_ERRORS);
    const nearest = skills.toSorted((a, b) => apart(a) - apart(b))[0];
    return { skill, nearest: nearest !== undefined && apart(nearest) <= MOST_TYPING_ERRORS ? nearest : null };
  });
}
