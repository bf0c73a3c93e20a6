// Chinese names as they are typed on a Latin keyboard: "zhongshan lu", "zhongshanlu", "zhong s lu", "zsl" for 中山路. Each character may be read in each of its ways (重 is chong and
// zhong), in full or by its first letter, so no name has to be cut into words first and no reading is guessed wrong. Rejected: one reading for each name by a dictionary of phrases,
// which takes 30 microseconds a name and knows few of the names of a city.
import { pinyin } from "pinyin-pro";
import { hasHan } from "./han-script.ts";
import { editDistance } from "./place-text.ts";

const readings = new Map<string, readonly string[]>();
/** How a character may be read, the usual way first; of others than Chinese ones themselves. */
function readingsOf(character: string): readonly string[] {
  let found = readings.get(character);
  if (found === undefined) {
    found = hasHan(character) ? [...new Set(pinyin(character, { multiple: true, type: "array", toneType: "none" }).map(toLetters))].filter((reading) => reading !== "") : [toLetters(character)].filter((letters) => letters !== "");
    readings.set(character, found);
  }
  return found;
}

/** Letters and digits alone, without tones and accents; ü is typed as v or as u. */
export const toLetters = (text: string): string => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "").replaceAll("v", "u");

/** A name that has Chinese characters: of each, without what is between them, how it may be read; and the whole as it is usually read. */
export interface ReadName {
  readonly readings: readonly (readonly string[])[];
  readonly letters: string;
}
export function readName(name: string): ReadName | null {
  if (!hasHan(name)) return null;
  const read: (readonly string[])[] = [];
  let letters = "";
  for (const character of name) {
    const found = readingsOf(character);
    if (found.length === 0) continue;
    read.push(found);
    letters += found[0]!;
  }
  return { readings: read, letters };
}

const WHOLE = 1.2;
const BEGUN = 0.95;
const WITHIN = 0.75;
const BY_INITIALS = 0.9;
const INITIALS_BEGUN = 0.75;
const LEAST_INITIALS = 2;
const LEAST_INITIALS_BEGUN = 3;
const LEAST_WITHIN = 4;
const ONE_ERROR = 0.75;
const TWO_ERRORS = 0.55;
const LEAST_MISTYPED = 5;
const LONG = 9;
const MOST_TYPED = 80;

/** How well the typed letters (as `toLetters` gives them) mean the name: 0 not at all. */
export function matchPinyin(typed: string, { readings: read, letters }: ReadName): number {
  if (typed === "" || typed.length > MOST_TYPED) return 0;
  const found = read[0]!.some((reading) => reading.charCodeAt(0) === typed.charCodeAt(0)) ? readFrom(typed, read, 0) : null;
  if (found !== null && !found.byInitials) return found.whole ? WHOLE : BEGUN;
  if (found !== null && typed.length >= (found.whole ? LEAST_INITIALS : LEAST_INITIALS_BEGUN)) return found.whole ? BY_INITIALS : INITIALS_BEGUN;
  if (typed.length >= LEAST_WITHIN && letters.includes(typed, 1)) {
    for (let from = 1; from < read.length; from++) if (readFrom(typed, read, from)?.byInitials === false) return WITHIN;
  }
  return 0;
}

/** The same for a typing error or two, of names that are meant as a whole. */
export function matchMistyped(typed: string, { letters }: ReadName): number {
  const most = typed.length < LEAST_MISTYPED ? 0 : typed.length < LONG ? 1 : 2;
  if (most === 0 || Math.abs(letters.length - typed.length) > most) return 0;
  const errors = editDistance(typed, letters, most);
  return errors > most ? 0 : errors <= 1 ? ONE_ERROR : TWO_ERRORS;
}

/** How so many letters were used up. */
const NOT = 0;
const BY_INITIALS_ALONE = 1;
const IN_FULL = 2;
/** Of the character before and of this one; kept, since every name of a city is asked. */
let reached = new Uint8Array(MOST_TYPED + 1);
let next = new Uint8Array(MOST_TYPED + 1);

/** Reads the letters along the characters from one on; null: they do not go along. Of several ways one without initials, where there is one. */
function readFrom(typed: string, read: ReadName["readings"], from: number): { readonly whole: boolean; readonly byInitials: boolean } | null {
  const length = typed.length;
  reached.fill(NOT, 0, length + 1);
  reached[0] = IN_FULL;
  for (let at = from; at < read.length; at++) {
    next.fill(NOT, 0, length + 1);
    let goesOn = false;
    const take = (used: number, how: number): void => {
      goesOn = true;
      if (next[used]! < how) next[used] = how;
    };
    for (let used = 0; used < length; used++) {
      const how = reached[used]!;
      if (how === NOT) continue;
      for (const reading of read[at]!) {
        if (reading.charCodeAt(0) !== typed.charCodeAt(used)) continue;
        if (typed.startsWith(reading, used)) take(used + reading.length, how);
        // the last one may only be begun: of two letters and more that is no abbreviation
        else if (length - used > 1 && used + reading.length > length && reading.startsWith(typed.slice(used))) take(length, how);
        if (reading.length > 1) take(used + 1, BY_INITIALS_ALONE);
        if (reading.charCodeAt(1) === H && typed.charCodeAt(used + 1) === H) take(used + 2, BY_INITIALS_ALONE);
      }
    }
    if (next[length] !== NOT) return { whole: at === read.length - 1, byInitials: next[length] === BY_INITIALS_ALONE };
    if (!goesOn) return null;
    [reached, next] = [next, reached];
  }
  return null;
}
/** zh, ch and sh are typed as the first letter, too. */
const H = 104;
