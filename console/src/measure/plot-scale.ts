// Where a time stands on the axis that all spans share: by its logarithm, because an answer takes seconds and a job hours. Pure.
const SECOND = 1_000;
const LONGEST_MS = 6 * 3_600_000;
/** A second is the unit of the axis: what is shorter lies in its first part. */
const logOf = (ms: number): number => Math.log(1 + Math.max(0, ms) / (5 * SECOND));

/** 0 at nothing, 1 at six hours and beyond. */
export const placeOf = (ms: number): number => Math.min(1, logOf(ms) / logOf(LONGEST_MS));

export const TICKS_MS: readonly number[] = [10, 60, 300, 900, 3_600, 4 * 3_600].map((seconds) => seconds * SECOND);

export interface PlotBar {
  readonly from: number;
  /** null: no end. */
  readonly to: number | null;
  readonly n: number;
  /** Of the tallest, 0 to 1. */
  readonly height: number;
}

/** From the first bar that holds anything to the last; those between that hold nothing stay, since a gap says as much as a peak. */
export function plotBars(bars: readonly number[], endsMs: readonly number[]): PlotBar[] {
  const first = bars.findIndex((n) => n > 0);
  if (first < 0) return [];
  const last = bars.findLastIndex((n) => n > 0);
  const tallest = Math.max(...bars);
  return bars.slice(first, last + 1).map((n, i) => ({ from: endsMs[first + i - 1] ?? 0, to: endsMs[first + i] ?? null, n, height: n / tallest }));
}

/** A border between bars that is named below it: where bar `at` begins; `at` is the number of bars where the last one ends. */
export interface PlotEdge {
  readonly at: number;
  readonly ms: number;
  /** The bar that begins there has no end. */
  readonly isOpen: boolean;
}
/** So many stand beside each other at a phone's width. */
const MOST_STEPS = 7;

/** Which borders are named: evenly, so that names do not touch, and always the first and the last. */
export function plotEdges(bars: readonly PlotBar[]): PlotEdge[] {
  const edges = bars.flatMap(({ from, to }, at) => [{ at, ms: from, isOpen: to === null }, ...(at === bars.length - 1 && to !== null ? [{ at: bars.length, ms: to, isOpen: false }] : [])]);
  const last = edges.length - 1;
  const step = Math.max(1, Math.ceil(last / MOST_STEPS));
  return edges.filter((_, i) => i === last || (i % step === 0 && last - i >= step));
}

/** Of all that should be there: what is missing. Excluded ones are no part of it. */
export const missingShare = (n: number, missing: number): number => (n + missing === 0 ? 0 : missing / (n + missing));
