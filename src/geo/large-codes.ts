// Codes of so many things that an index of whole names (name-index.ts) would take minutes and gigabytes: 600,000 cameras. Sorted once, so that a code and the beginning of one are a search by halves; names are not in it. It is
// sorted in steps, with other work between them; what changes afterwards stands in a short list beside it, until there is so much of it that the whole is sorted anew. Turned down: words of names, too (a common
// one stands in so many that a look took hundreds of milliseconds), and the database (completion must not wait for it).
import { normaliseText } from "./place-text.ts";

export interface CodeMatch {
  readonly id: number;
  /** The whole code, and not only its beginning. */
  readonly exact: boolean;
}
export interface LargeCodes {
  /** Puts a thing in, anew after its code became another, or takes it out. */
  put(id: number, code: string | null): void;
  /** The whole code first, then those that begin with what was typed, in their order. */
  search(query: string, limit: number): CodeMatch[];
  /** How many things were put in since it was sorted: each is looked at in each search. */
  readonly changes: () => number;
}

/** So many codes are read, or moved, in a step: some milliseconds. */
const STEP = 8_000;
const RUN = 1_000;
/** A single letter begins too much to say anything. */
const LEAST_TYPED = 2;
const LONGEST_CODE = 160;

const keyOf = (code: string): string => normaliseText(code.slice(0, LONGEST_CODE)).replaceAll(" ", "");

/** A step of work each time that it is asked; the index is what it returns. */
export function* sortCodes(ids: readonly number[], codeOf: (id: number) => string | null): Generator<void, LargeCodes> {
  const keys: string[] = [];
  for (const [i, id] of ids.entries()) {
    keys.push(keyOf(codeOf(id) ?? ""));
    if (i % STEP === STEP - 1) yield;
  }
  const order = yield* sortSteps(keys);
  const changed = new Map<number, string>();

  const search: LargeCodes["search"] = (query, limit) => {
    const typed = keyOf(query);
    if (typed.length < LEAST_TYPED) return [];
    const found: { readonly id: number; readonly key: string }[] = [];
    for (let at = firstFrom(keys, order, typed), kept = 0; at < order.length && kept < limit; at++) {
      const key = keys[order[at]!]!;
      if (!key.startsWith(typed)) break;
      const id = ids[order[at]!]!;
      if (changed.has(id)) continue;
      found.push({ id, key });
      kept++;
    }
    for (const [id, key] of changed) if (key.startsWith(typed)) found.push({ id, key });
    return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id - b.id)).slice(0, limit).map(({ id, key }) => ({ id, exact: key === typed }));
  };
  return { put: (id, code) => void changed.set(id, code === null ? "" : keyOf(code)), search, changes: () => changed.size };
}

/** The first place of the order whose key is not before what was typed. */
function firstFrom(keys: readonly string[], order: Uint32Array, typed: string): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[order[middle]!]! < typed) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The places of the keys in their order: short runs are sorted at once, then merged two by two. */
function* sortSteps(keys: readonly string[]): Generator<void, Uint32Array> {
  let from = Uint32Array.from(keys.keys());
  let to = new Uint32Array(keys.length);
  for (let start = 0; start < keys.length; start += RUN) {
    from.subarray(start, start + RUN).sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
    yield;
  }
  for (let run = RUN; run < keys.length; run *= 2) {
    for (let start = 0, moved = 0; start < keys.length; start += 2 * run) {
      const middle = Math.min(start + run, keys.length);
      const end = Math.min(start + 2 * run, keys.length);
      for (let left = start, right = middle, at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || keys[from[left]!]! <= keys[from[right]!]!);
        to[at] = takesLeft ? from[left++]! : from[right++]!;
        if (++moved % STEP === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
