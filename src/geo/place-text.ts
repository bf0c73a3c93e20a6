// How a typed place is made comparable: without accents, case and punctuation, with the usual abbreviations brought to one form, in words. The table holds the words of
// street names in the languages of the cities we tried; a word that is missing only costs a little rank, since each word is matched for itself.
import { toSimplified } from "./han-script.ts";

const ABBREVIATIONS: Record<string, string> = {
  avenida: "av", avda: "av", ave: "av", avenue: "av", bulevar: "bv", boulevard: "bv", bvar: "bv", blvr: "bv", blvd: "bv", bd: "bv", camino: "cno", general: "gral", gen: "gral",
  doctor: "dr", doutor: "dr", doctora: "dra", coronel: "cnel", presidente: "pte", pres: "pte", ingeniero: "ing", profesor: "prof", professor: "prof", capitan: "cap", teniente: "tte", plaza: "pza", praca: "pc",
  comandante: "cte", almirante: "alte", mariscal: "mcal", santa: "sta", santo: "sto", street: "st", road: "rd", calle: "c", rua: "r", rue: "r", travessa: "tv", pasaje: "pje", continuacion: "cont",
  number: "n", numero: "n", escuela: "esc", school: "esc", stadium: "estadio", square: "pza", nro: "n", no: "n",
};

/** Days that streets are named for, as they are said in Spanish: "dieciocho de julio". Only what is typed is read so; names keep their own words, so that they can be completed. */
const SAID_NUMBERS = [
  "", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte",
  "veintiuno", "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho", "veintinueve", "treinta",
];
/** "18" for "dieciocho", or null. */
export function saidNumber(word: string): string | null {
  const number = SAID_NUMBERS.indexOf(word);
  return number <= 0 ? null : String(number);
}

/** A word this long with one typing error is still a "bulevar" or an "avenida": those stand in names only in their short form. */
const LEAST_MISTYPED = 6;
const LEAST_BEGUN = 3;
/** The short forms of the abbreviated words that are one typing error away. */
export function mistypedAbbreviations(word: string): string[] {
  if (word.length < LEAST_MISTYPED) return [];
  return [...new Set(Object.entries(ABBREVIATIONS).filter(([long]) => long.length >= LEAST_MISTYPED && editDistance(word, long, 1) <= 1).map(([, short]) => short))];
}
/** The short forms of the abbreviated words that begin so: "bulev" is on its way to "bulevar". */
export function begunAbbreviations(begun: string): string[] {
  if (begun.length < LEAST_BEGUN) return [];
  return [...new Set(Object.entries(ABBREVIATIONS).filter(([long]) => long.startsWith(begun)).map(([, short]) => short))];
}
/** Whether the text ends in a word that was written out and is known by its short form: it is finished, "escuela" does not begin "Escalada". */
export function endsWrittenOut(text: string): boolean {
  const last = normaliseText(text).split(" ").at(-1) ?? "";
  return ABBREVIATIONS[last] !== undefined && ABBREVIATIONS[last] !== last;
}

/** Words that say little about which place is meant. */
const WEAK = new Set(["av", "bv", "cno", "c", "r", "st", "rd", "tv", "pje", "de", "del", "la", "las", "los", "el", "y", "e", "do", "da", "dos", "das", "du", "des", "le", "les", "the", "of", "gral", "dr", "dra", "ing", "cnel", "pte", "n", "pza"]);
const WEAK_WEIGHT = 0.15;

/** Lower case, accents gone, everything but letters and digits a space; Chinese characters are simplified and stand alone. */
export function normaliseText(text: string): string {
  return toSimplified(text).normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/(\p{Script=Han})/gu, " $1 ").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** The words of a text in comparable form. */
export function wordsOf(text: string): string[] {
  const normal = normaliseText(text);
  return normal === "" ? [] : normal.split(" ").map((word) => ABBREVIATIONS[word] ?? word);
}

/** How much a word counts beside its rarity. */
export const wordWeight = (word: string): number => (WEAK.has(word) ? WEAK_WEIGHT : 1);
export const isWeakWord = (word: string): boolean => WEAK.has(word);

/** Equal for two spellings of one name. */
export const nameKey = (name: string): string => wordsOf(name).join(" ");

/** Equal even where one spelling leaves out "Avenida" or "de la"; empty where nothing else is in it. */
export const looseNameKey = (name: string): string => wordsOf(name).filter((word) => !isWeakWord(word)).sort().join(" ");

/**
 * Optimal string alignment distance (insert, delete, change, swap of neighbours), or `most + 1` as soon as it is certain to exceed `most`.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
