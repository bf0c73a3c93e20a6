// What of a range was served to one viewer, as few ranges in order: pieces that touch or nearly touch are one. Bounded, since a viewer may jump about for hours: where
// there would be too many, the two that lie nearest together become one, so that what is told is never less than what was served.
import type { WallMs } from "../../base/time.ts";

export interface ServedRange {
  readonly from: WallMs;
  readonly to: WallMs;
}

const JOIN_MS = 2_000;
export const MOST_SERVED_RANGES = 100;

/** `ranges` as this function made them, with `[from, to)` in them. */
export function addServed(ranges: readonly ServedRange[], from: WallMs, to: WallMs): readonly ServedRange[] {
  if (to <= from) return ranges;
  let joined: ServedRange = { from, to };
  const before: ServedRange[] = [];
  const after: ServedRange[] = [];
  for (const range of ranges) {
    if (range.to + JOIN_MS < joined.from) before.push(range);
    else if (range.from - JOIN_MS > joined.to) after.push(range);
    else joined = { from: Math.min(range.from, joined.from), to: Math.max(range.to, joined.to) };
  }
  const all = [...before, joined, ...after];
  if (all.length <= MOST_SERVED_RANGES) return all;
  let nearest = 1;
  for (let i = 2; i < all.length; i++) if (all[i]!.from - all[i - 1]!.to < all[nearest]!.from - all[nearest - 1]!.to) nearest = i;
  return [...all.slice(0, nearest - 1), { from: all[nearest - 1]!.from, to: all[nearest]!.to }, ...all.slice(nearest + 1)];
}
