// Figures of a span: percentiles by nearest rank (a value that occurred), with how many they stand on, how many are missing and what was left out and why.
// [FIG2] A percentile is told only where at least one value must lie beyond it: the p95 of nine calls is the worst of the nine by another name.
import { HOUR_MS, MINUTE_MS, SECOND_MS, type WallMs } from "../base/time.ts";
import type { Area, JudgedSpan, SpanName } from "./spans.ts";

export const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95 } as const;
export type Percentile = keyof typeof PERCENTILES;
/** How many values a percentile needs to be told: 2, 10, 20. */
export const leastFor = (percentile: Percentile): number => Math.ceil(Math.round((1 / (1 - PERCENTILES[percentile])) * 1e6) / 1e6);

export interface SpanFigure {
  readonly n: number;
  /** Of these, with an end that somebody at a desk entered for the unit. */
  readonly entered: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly missing: number;
  readonly missingBy: Readonly<Record<string, number>>;
  readonly excluded: number;
  readonly excludedBy: Readonly<Record<string, number>>;
  readonly doubtful: Readonly<Record<string, number>>;
}

/** The value at the nearest rank of sorted values, or null where there are too few to tell it. */
export const percentileOf = (sorted: readonly number[], percentile: Percentile): number | null =>
  sorted.length < leastFor(percentile) ? null : sorted[Math.max(0, Math.ceil(Math.round(PERCENTILES[percentile] * sorted.length * 1e6) / 1e6) - 1)]!;

export function figureOfSpans(spans: readonly JudgedSpan[]): SpanFigure {
  const values: number[] = [];
  let entered = 0;
  const [missingBy, excludedBy, doubtful]: Record<string, number>[] = [{}, {}, {}];
  const add = (counts: Record<string, number> | undefined, key: string): void => void (counts![key] = (counts![key] ?? 0) + 1);
  for (const span of spans) {
    if (span.state === "missing") add(missingBy, span.milestone);
    else {
      if (span.state === "counted") {
        values.push(span.ms);
        if (span.entered) entered++;
      }
      else add(excludedBy, span.reason);
      for (const doubt of span.doubts) add(doubtful, doubt);
    }
  }
  values.sort((a, b) => a - b);
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, n) => total + n, 0);
  return {
    n: values.length, entered, p50Ms: percentileOf(values, "p50"), p90Ms: percentileOf(values, "p90"), p95Ms: percentileOf(values, "p95"), missing: sum(missingBy!), missingBy: missingBy!, excluded: sum(excludedBy!), excludedBy: excludedBy!, doubtful: doubtful!,
  };
}

/** Where the bars of a distribution end; the last is open. The same for every span, so that two can be laid side by side. */
export const BAR_ENDS_MS: readonly number[] = [
  ...[5, 10, 15, 20, 30, 45].map((seconds) => seconds * SECOND_MS), ...[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 45].map((minutes) => minutes * MINUTE_MS), ...[1, 1.5, 2, 3, 4, 6, 12].map((hours) => hours * HOUR_MS),
];

/** Whose spans a threshold is about; where nothing is named, everybody's. */
export interface ThresholdScope {
  readonly sources?: readonly string[];
  readonly unitKinds?: readonly string[];
  readonly incidentTypes?: readonly string[];
}
export interface Threshold {
  readonly id: string;
  readonly span: SpanName;
  readonly withinMs: number;
  readonly scope: ThresholdScope;
  /** Practice asks it of places of this kind only, as the map tells them apart; null: of all. */
  readonly where: Area | null;
  /** Of those that are known, so many in a hundred are to be within; null where practice names no share. */
  readonly wanted: number | null;
  readonly source: string;
  readonly edition: string;
  /** Of the edition; null where what is followed is practice and no text. */
  readonly published: string | null;
  /** When it was entered here. */
  readonly entered: string;
}

const ENTERED = "2026-11-23";
const nena = { source: "NENA-STA-020.1", edition: "2020", published: "2020-04-16", entered: ENTERED } as const;
const nfpa1710 = { source: "NFPA 1710", edition: "2020", published: null, entered: ENTERED } as const;
const police = { source: "city police practice", edition: "2026", published: null, entered: ENTERED } as const;
const calls = { sources: ["telephone"] } as const;
const [ambulances, engines] = [{ unitKinds: ["ambulance"] }, { unitKinds: ["fire-engine"] }] as const;
const policeUnits = { unitKinds: ["patrol", "platform-crew", "campus-police"] } as const;
/** What fire engines or ambulances are sent to first; the others are the police's. */
const rescue = { incidentTypes: ["fire-smoke", "fire-building", "medical", "traffic-injury"] } as const;
const policeIncidents = {
  incidentTypes: ["theft", "robbery", "intruder", "fight", "traffic-collision", "traffic-injury", "traffic-obstruction", "school-alarm", "officer-emergency", "noise-nuisance", "person-missing", "other"],
} as const;
/** [FIG5] Data, not code: a city changes this table. Editions differ, so each row names its own, and whom it is about. */
export const THRESHOLDS: readonly Threshold[] = [
  { id: "nena-answer-15", span: "answer", withinMs: 15_000, scope: calls, where: null, wanted: 0.9, ...nena }, { id: "nena-answer-20", span: "answer", withinMs: 20_000, scope: calls, where: null, wanted: 0.95, ...nena },
  { id: "nfpa-1225-handling", span: "handling", withinMs: 60_000, scope: rescue, where: null, wanted: 0.9, source: "NFPA 1225", edition: "2022", published: null, entered: ENTERED },
  { id: "nfpa-1710-turnout-ems", span: "turnout", withinMs: 60_000, scope: ambulances, where: null, wanted: 0.9, ...nfpa1710 },
  { id: "nfpa-1710-turnout-fire", span: "turnout", withinMs: 80_000, scope: engines, where: null, wanted: 0.9, ...nfpa1710 },
  { id: "nfpa-1710-travel", span: "travel", withinMs: 240_000, scope: { unitKinds: ["fire-engine", "ambulance"] }, where: null, wanted: 0.9, ...nfpa1710 },
  { id: "police-acknowledge", span: "acknowledge", withinMs: 30_000, scope: policeUnits, where: null, wanted: null, ...police },
  { id: "police-response-town", span: "response", withinMs: 300_000, scope: policeIncidents, where: "town", wanted: null, ...police },
  { id: "police-response-outside", span: "response", withinMs: 600_000, scope: policeIncidents, where: "outside", wanted: null, ...police },
];

export interface ThresholdCount {
  readonly within: number;
  /** Known one way or the other: told, or waited for longer than the threshold. */
  readonly n: number;
  /** Not known: a milestone is missing, or its ends contradict each other. */
  readonly missing: number;
  /** Of a threshold for one kind of place: spans of places of which the map does not say what they are. They are in none of the others. */
  readonly unplaced: number;
}
/**
 * [FIG5] What the database counts, said once more for its test. Whoever hung up after 40 s was not answered within 15, and who still waits after 40 s will not have been: they have failed and stand in n. What ended
 * sooner without its milestone, or never began, is in neither.
 */
export function countWithin(spans: readonly JudgedSpan[], withinMs: number, now: WallMs): Omit<ThresholdCount, "unplaced"> {
  let [within, n, missing] = [0, 0, 0];
  for (const span of spans) {
    if (span.state === "missing" || (span.state === "excluded" && span.reason === "negative")) missing++;
    else if (span.state === "counted") {
      n++;
      if (span.ms <= withinMs) within++;
    } else if ((span.since === null ? (span.ms ?? 0) : now - span.since) > withinMs) n++;
  }
  return { within, n, missing };
}
