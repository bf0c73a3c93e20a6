// Districts that rows of a table name and the city's map does not have: such a row never fits, and what it asks for is never sent. It is told and no fault, since maps change; with it the nearest name, for most are typed wrong.
import { areaKey, type RunCardRow } from "../../dispatch/run-cards.ts";
import { editDistance, normaliseText } from "../../geo/place-text.ts";

export interface UnknownArea {
  readonly area: string;
  /** null: none is like it. */
  readonly nearest: string | null;
}
const MOST_TYPING_ERRORS = 2;

/** Of a map without districts nothing is said. */
export function listUnknownAreas(rows: readonly Pick<RunCardRow, "area">[], districts: readonly string[]): UnknownArea[] {
  if (districts.length === 0) return [];
  const known = new Set(districts.map(areaKey));
  const named = new Map(rows.flatMap(({ area }) => (area === null || known.has(areaKey(area)) ? [] : [[areaKey(area), area] as const])));
  return [...named.values()].map((area) => {
    const apart = (district: string): number => editDistance(normaliseText(area), normaliseText(district), MOST_TYPING_ERRORS);
    const nearest = districts.toSorted((a, b) => apart(a) - apart(b))[0]!;
    return { area, nearest: apart(nearest) <= MOST_TYPING_ERRORS ? nearest : null };
  });
}
