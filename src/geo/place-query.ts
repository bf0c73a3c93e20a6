// The ways in which a typed line can be read: coordinates, two streets, a street and a number, a name. A line can often be read in more than one way ("18 de
// julio": a street, or number 18 of one); all readings are tried and the places they give are ranked together.
import { readChinese } from "./chinese-query.ts";
import { parseCoordinates } from "./coordinate-notation.ts";
import type { Point } from "./point.ts";

export interface PlaceReadings {
  readonly coordinates: Point | null;
  /** Left and right of each word that may mean "at the corner of". */
  readonly crossings: readonly { readonly left: string; readonly right: string }[];
  readonly addresses: readonly { readonly street: string; readonly number: number; readonly suffix: string; readonly leading: boolean }[];
  readonly name: string;
  /** What follows after commas: a district, the city, a street nearby, or words that no map knows. */
  readonly details: readonly string[];
}

/** "y", "esq." and the like in the languages of the cities we tried; "/", "&", "+" and "@" anywhere. */
const CORNER_WORD = /\s+(?:y|e|and|und|et|at|con|com|esq\.?(?:\s+de)?|esquina(?:\s+(?:de|con))?|casi|ja|与|和|x)\s+|\s*(?:[/&+@]|与|和)\s*/giu;
const TRAILING_NUMBER = /^(.*?\p{L}.*?)[\s,]+(?:n[º°o.]*\s*|nro\.?\s*|#\s*)?(\d{1,5})\s*(bis|[a-z](?![a-z]))?\s*(?:hao)?\s*$/iu;
const MIDDLE_NUMBER = /^(.*?\p{L}.*?[\s,]+\d{1,5}\s*(?:bis|[a-z](?![a-z]))?)\s+(\p{L}.*)$/iu;
/** A part after a comma that is a house number and no detail. */
const NUMBER_ONLY = /^(?:n[º°o.]*\s*|nro\.?\s*|#\s*)?\d{1,5}\s*(?:bis|[a-z](?![a-z]))?$/iu;
const LEADING_NUMBER = /^\s*(\d{1,5})\s*(bis|[a-z](?![a-z]))?[\s,]+(.*\p{L}.*)$/iu;

/**
 * Reads a query. Coordinates are latitude first, as people write them; the other order is taken where `accepts` refuses the first and allows it.
 */
export function readPlaceQuery(query: string, accepts: (p: Point) => boolean): PlaceReadings {
  const coordinates = parseCoordinates(query, accepts);
  const text = readChinese(query.trim());
  const parts = text.split(",").map((part) => part.trim());
  let mainParts = parts.length;
  while (mainParts > 1 && (parts[mainParts - 1] === "" || (/\p{L}/u.test(parts[mainParts - 1]!) && !NUMBER_ONLY.test(parts[mainParts - 1]!)))) mainParts--;
  const details = parts.slice(mainParts).filter((part) => part !== "");
  const main = parts.slice(0, mainParts).join(", ").trim();

  const crossings: { left: string; right: string }[] = [];
  for (const match of main.matchAll(CORNER_WORD)) {
    const left = main.slice(0, match.index).trim();
    const right = main.slice(match.index + match[0].length).trim();
    if (left !== "" && right !== "") crossings.push({ left, right });
  }
  const addresses: { street: string; number: number; suffix: string; leading: boolean }[] = [];
  const trailing = TRAILING_NUMBER.exec(main);
  if (trailing !== null) addresses.push({ street: trailing[1]!, number: Number(trailing[2]), suffix: (trailing[3] ?? "").toLowerCase(), leading: false });
  const leading = LEADING_NUMBER.exec(main);
  if (leading !== null) addresses.push({ street: leading[3]!, number: Number(leading[1]), suffix: (leading[2] ?? "").toLowerCase(), leading: true });
  return { coordinates, crossings, addresses, name: main, details };
}

/** "rivera 2000 al lado del kiosco" as an address and what follows it, with a comma between; null where nothing follows a number. */
export function splitAfterNumber(query: string): string | null {
  const match = MIDDLE_NUMBER.exec(query.trim());
  return match === null ? null : `${match[1]!.trim()}, ${match[2]!.trim()}`;
}
