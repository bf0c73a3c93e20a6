// The looks over time as bars: every hour or day between the first and the last has one, those without a look too, since a gap says as much as a peak.
// Where there would be more bars than a screen can show apart, neighbours are put together.
import type { AccessSummary } from "../../../src/contract/inspect.ts";

export interface Bar {
  readonly from: number;
  /** Not inside. */
  readonly to: number;
  readonly n: number;
  readonly byPurpose: ReadonlyMap<string, number>;
}
const SIZE_MS = { hour: 3_600_000, day: 86_400_000 } as const;
export const MOST_BARS = 96;

export function barsOf({ buckets, bucket }: Pick<AccessSummary, "buckets" | "bucket">): Bar[] {
  const first = buckets[0]?.at;
  const last = buckets.at(-1)?.at;
  if (first === undefined || last === undefined) return [];
  const size = SIZE_MS[bucket];
  // A day may have 23 or 25 hours: rounding puts each into the place that it belongs to.
  const placeOf = (at: number): number => Math.round((at - first) / size);
  const together = Math.ceil((placeOf(last) + 1) / MOST_BARS);
  const bars = Array.from({ length: Math.floor(placeOf(last) / together) + 1 }, (_, i) => ({ from: first + i * together * size, to: first + (i + 1) * together * size, n: 0, byPurpose: new Map<string, number>() }));
  for (const { at, purpose, n } of buckets) {
    const bar = bars[Math.floor(placeOf(at) / together)]!;
    bar.n += n;
    bar.byPurpose.set(purpose, (bar.byPurpose.get(purpose) ?? 0) + n);
  }
  return bars;
}
