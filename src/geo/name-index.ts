// Finds names by their words: exact, begun, or with a typing error or two. Each word of the query looks up its words in the sorted vocabulary; names gather
// weight from the words they hold, rare words more. Chinese names are found by pinyin too. Trigrams over whole names were rejected: they rank "18 de Julio" beside "19 de Junio".
import { lazily } from "../base/lazily.ts";
import { hasHan } from "./han-script.ts";
import { matchMistyped, matchPinyin, type ReadName, readName, toLetters } from "./pinyin.ts";
import { begunAbbreviations, editDistance, endsWrittenOut, isWeakWord, mistypedAbbreviations, normaliseText, saidNumber, wordWeight, wordsOf } from "./place-text.ts";

export interface NameMatch {
  readonly item: number;
  /** 0 to about 1.3; 1 is every word begun or in full and nothing left over. */
  readonly score: number;
  /** Typed words that say something and that this name does not hold, as typed. */
  readonly missed: readonly string[];
}

export interface NameIndex {
  readonly size: number;
  /** The best matches, best first. The last word counts as begun. `lastIsWhole`: it is finished, as before a house number. */
  readonly search: Search;
  /** Makes it now, where nobody has searched yet: a hundred milliseconds for the names of a large city. */
  readonly prepare: () => void;
}
type Search = (query: string, limit: number, options?: { readonly lastIsWhole?: boolean }) => NameMatch[];

const EXACT = 1;
const BEGUN = 0.85;
/** For names that hold every typed word in full: more than a short name that is only begun or nearly so can win by having nothing left over. */
const ALL_EXACT = 0.2;
const ONE_ERROR = 0.75;
const TWO_ERRORS = 0.55;
/** Weight of the query's words that must be found for a name to count. */
const LEAST_FOUND = 0.72;
const MOST_BEGUN_WORDS = 400;
/** A Chinese name is words of one character, of which none can hold an error: names are compared as a whole where the query has so many characters, with two errors from so many on. */
const LEAST_HAN = 3;
const LONG_HAN = 6;

/** Indexes the names when they are searched first; an item's number is its place in the list. `spoken`: what pinyin is read of, where a name has more than what is said (a code). */
export function createNameIndex(names: readonly string[], spoken: readonly string[] = names): NameIndex {
  const made = lazily(() => createSearch(names, spoken));
  return { size: names.length, search: (...asked) => made()(...asked), prepare: () => void made() };
}

function createSearch(names: readonly string[], spoken: readonly string[]): Search {
  const wordsOfItem = names.map((name) => [...new Set(wordsOf(name))]);
  const counts = new Map<string, number>();
  for (const words of wordsOfItem) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const vocabulary = [...counts.keys()].sort(byCode);
  const numberOf = new Map(vocabulary.map((word, i) => [word, i]));
  const first = new Uint32Array(vocabulary.length + 1);
  vocabulary.forEach((word, i) => (first[i + 1] = first[i]! + counts.get(word)!));
  const items = new Uint32Array(first[vocabulary.length]!);
  const next = first.slice();
  const itemWeight = new Float32Array(names.length);
  const weight = Float32Array.from(vocabulary, (word) => wordWeight(word) * Math.log(1 + names.length / counts.get(word)!));
  wordsOfItem.forEach((words, item) => {
    for (const word of words) {
      const number = numberOf.get(word)!;
      items[next[number]!++] = item;
      itemWeight[item]! += weight[number]!;
    }
  });
  const hanNames: { readonly item: number; readonly text: string }[] = [];
  wordsOfItem.forEach((_, item) => {
    const text = hanOf(names[item]!);
    if (text !== null) hanNames.push({ item, text });
  });
  const read: { readonly item: number; readonly name: ReadName }[] = [];
  spoken.forEach((name, item) => {
    const found = readName(name);
    if (found !== null) read.push({ item, name: found });
  });
  const byLength = new Map<number, number[]>();
  vocabulary.forEach((word, i) => {
    const list = byLength.get(word.length);
    if (list === undefined) byLength.set(word.length, [i]);
    else list.push(i);
  });
  const letters = Uint32Array.from(vocabulary, letterSet);
  const unknownWeight = Math.log(1 + names.length);

  /** Words of the vocabulary that a typed word may mean, with how well. */
  const meanings = (typed: string, begun: boolean): [word: number, quality: number][] => {
    const found: [number, number][] = [];
    const exact = numberOf.get(typed);
    if (exact !== undefined) found.push([exact, EXACT]);
    const said = numberOf.get(saidNumber(typed) ?? "");
    if (said !== undefined) found.push([said, EXACT]);
    if (begun) {
      for (let i = lowerBound(vocabulary, typed); i < vocabulary.length && vocabulary[i]!.startsWith(typed) && found.length < MOST_BEGUN_WORDS; i++) if (i !== exact) found.push([i, BEGUN]);
    }
    if (begun) {
      for (const short of begunAbbreviations(typed)) {
        const number = numberOf.get(short);
        if (number !== undefined && !found.some(([word]) => word === number)) found.push([number, BEGUN]);
      }
    }
    const most = /^\d+$/.test(typed) || typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
    if (found.length > 0 || most === 0) return found;
    for (const short of mistypedAbbreviations(typed)) {
      const number = numberOf.get(short);
      if (number !== undefined) found.push([number, ONE_ERROR]);
    }
    const own = letterSet(typed);
    for (let length = typed.length - most; length <= typed.length + most; length++) {
      for (const i of byLength.get(length) ?? []) {
        if (countBits(letters[i]! ^ own) > most * 2) continue; // an error changes at most two letters of the set: most words fall out here
        const errors = editDistance(typed, vocabulary[i]!, most);
        if (errors <= most) found.push([i, errors === 1 ? ONE_ERROR : TWO_ERRORS]);
      }
    }
    return found;
  };

  /** Chinese names that are the query but for a character or two. */
  const misspeltHan = (typed: string): Map<number, number> => {
    const found = new Map<number, number>();
    if (typed.length < LEAST_HAN) return found;
    const most = typed.length < LONG_HAN ? 1 : 2;
    for (const { item, text } of hanNames) {
      if (text === typed || Math.abs(text.length - typed.length) > most || text.startsWith(typed)) continue;
      const errors = editDistance(typed, text, most);
      if (errors <= most) found.set(item, errors === 1 ? ONE_ERROR : TWO_ERRORS);
    }
    return found;
  };

  /** Chinese names that are meant by the query in Latin letters; with an error or two only where no name is meant without. */
  const readAsPinyin = (query: string): Map<number, number> => {
    const found = new Map<number, number>();
    if (read.length === 0 || hasHan(query)) return found;
    const typed = toLetters(query);
    for (const match of [matchPinyin, matchMistyped]) {
      for (const { item, name } of read) {
        const score = match(typed, name);
        if (score > 0) found.set(item, score);
      }
      if (found.size > 0) break;
    }
    return found;
  };

  const search: Search = (query, limit, options) => {
    const typed = wordsOf(query);
    if (typed.length === 0 || names.length === 0) return [];
    const begins = options?.lastIsWhole !== true && !endsWrittenOut(query);
    const gathered = new Map<number, { query: number; item: number; exact: number }>();
    const holders: Map<number, unknown>[] = []; // of each typed word: the items that hold it
    let wanted = 0;
    typed.forEach((word, at) => {
      const found = meanings(word, at === typed.length - 1 && begins);
      const typedWeight = found.length === 0 ? unknownWeight * wordWeight(word) : Math.max(...found.map(([w]) => weight[w]!));
      wanted += typedWeight;
      const best = new Map<number, { quality: number; weight: number }>();
      for (const [w, quality] of found) {
        for (let i = first[w]!; i < first[w + 1]!; i++) {
          const item = items[i]!;
          if ((best.get(item)?.quality ?? 0) < quality) best.set(item, { quality, weight: weight[w]! });
        }
      }
      holders.push(best);
      for (const [item, hit] of best) {
        let sum = gathered.get(item);
        if (sum === undefined) gathered.set(item, (sum = { query: 0, item: 0, exact: 0 }));
        sum.query += typedWeight * hit.quality;
        sum.item += hit.weight;
        if (hit.quality === EXACT) sum.exact++;
      }
    });
    const matches: Omit<NameMatch, "missed">[] = [];
    for (const [item, sum] of gathered) {
      const found = sum.query / wanted;
      if (found < LEAST_FOUND * BEGUN) continue;
      matches.push({ item, score: 0.7 * found + 0.3 * Math.min(1, sum.item / itemWeight[item]!) + (inOrder(wordsOfItem[item]!, typed) ? 0.1 : 0) + (sum.exact === typed.length ? ALL_EXACT : 0) });
    }
    const asTyped = normaliseText(query).split(" "); // beside `typed`, word by word
    const missedBy = (item: number): string[] => asTyped.filter((_, at) => !isWeakWord(typed[at]!) && !holders[at]!.has(item));
    const asWhole = new Map([...misspeltHan(hanOf(query) ?? ""), ...readAsPinyin(query)]);
    return [...matches.filter(({ item }) => !asWhole.has(item)), ...[...asWhole].map(([item, score]) => ({ item, score }))]
      .sort((a, b) => b.score - a.score || a.item - b.item).slice(0, limit).map((match) => ({ ...match, missed: asWhole.has(match.item) ? [] : missedBy(match.item) }));
  };
  return search;
}

/** The text without its spaces, where all of it is Chinese characters. */
function hanOf(text: string): string | null {
  const bare = normaliseText(text).replaceAll(" ", "");
  return /^\p{Script=Han}{2,}$/u.test(bare) ? bare : null;
}

/** Which letters a word has, as 32 bits; others than a-z share the bits by their code. */
function letterSet(word: string): number {
  let set = 0;
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31);
  return set >>> 0;
}

function countBits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the name begins with the typed words. */
function inOrder(words: readonly string[], typed: readonly string[]): boolean {
  return typed.every((word, i) => (i === typed.length - 1 ? (words[i] ?? "").startsWith(word) : words[i] === word));
}

function lowerBound(sorted: readonly string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
