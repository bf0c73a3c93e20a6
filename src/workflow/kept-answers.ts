// Answers that many seats ask for: what was worked out for one is good for all that ask the same, for a while, since units drive on, and as long as it holds. Bounded by number; the oldest go first.
import type { WallMs } from "../base/time.ts";

/** A console asks each quarter of a minute. */
const KEPT_MS = 15_000;
const MOST_KEPT = 500;

export interface KeptAnswers<T> {
  /** What was kept under the key where that `holds` still, else what is made now. */
  get(key: string, now: WallMs, holds: (answer: T) => boolean, make: () => T): T;
}

export function createKeptAnswers<T>(): KeptAnswers<T> {
  const kept = new Map<string, { readonly at: WallMs; readonly answer: T }>(); // oldest first
  return {
    get: (key, now, holds, make) => {
      const before = kept.get(key);
      if (before !== undefined && now - before.at < KEPT_MS && now >= before.at && holds(before.answer)) return before.answer;
      const answer = make();
      kept.delete(key);
      kept.set(key, { at: now, answer });
      for (const [oldest, { at }] of kept) {
        if (kept.size <= MOST_KEPT && now - at < KEPT_MS) break;
        kept.delete(oldest);
      }
      return answer;
    },
  };
}
