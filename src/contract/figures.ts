// Figures on the wire: how long people waited for each step, by the arrival of their calls. Definitions: GLOSSARY.md; rules: src/statistics/SPEC.md.
import { z } from "zod";
import { Id, WallTime } from "./basics.ts";
import { Export } from "./inspect.ts";

export const FIGURE_SPANS = ["answer", "process", "handling", "acknowledge", "turnout", "travel", "response", "unit-response", "on-scene", "commitment"] as const;
export const FIGURE_CLOCKS = ["centre", "log"] as const;
export const FIGURE_DOUBTS = ["negative", "over-a-day", "over-half-a-day", "same-second", "after-closing"] as const;
const Span = z.enum(FIGURE_SPANS);
export type FigureSpan = z.infer<typeof Span>;

const time = z.coerce.number().int().nonnegative().max(8_640_000_000_000_000).optional();
/** By the arrival of the contact; `to` itself is outside. `clock`: calls of this centre, or those of replayed logs by their own time. */
export const FigureFilter = z.object({ from: time, to: time, clock: z.enum(FIGURE_CLOCKS).default("centre") });
export type FigureFilter = z.infer<typeof FigureFilter>;

/** Events of the log that are not in the figures yet. */
const Behind = z.int().nonnegative();
const Counts = z.record(z.string(), z.int());
/** A percentile is null where too few values stand behind it. */
export const SpanFigure = z.object({
  n: z.int(), entered: z.int(), // of these, with an end that somebody at a desk entered for the unit
  p50Ms: z.number().nullable(), p90Ms: z.number().nullable(), p95Ms: z.number().nullable(), missing: z.int(), missingBy: Counts, excluded: z.int(), excludedBy: Counts, doubtful: Counts,
});
export type SpanFigure = z.infer<typeof SpanFigure>;
export const GradedFigure = SpanFigure.extend({ priority: z.int().min(1).max(4).nullable() }); // null: not graded, as a contact without an incident
export const Figures = z.object({
  from: WallTime.nullable(), to: WallTime.nullable(), clock: z.enum(FIGURE_CLOCKS), at: WallTime,
  behind: Behind,
  /** Of all there is by this clock. */
  first: WallTime.nullable(), last: WallTime.nullable(),
  barEndsMs: z.array(z.number()),
  spans: z.array(z.object({
    span: Span, all: SpanFigure, byFirst: z.array(GradedFigure), byLast: z.array(GradedFigure),
    /** How many ended in each bar; one more than there are ends. */
    bars: z.array(z.int()),
  })),
  thresholds: z.array(z.object({
    id: z.string(), span: Span, withinMs: z.number(), wanted: z.number().nullable(), source: z.string(), edition: z.string(), published: z.string().nullable(), entered: z.string(),
    /** Whose spans are counted: where the call came by these ways, of units of these kinds, of incidents of these types. */
    scope: z.object({ sources: z.array(z.string()).readonly().optional(), unitKinds: z.array(z.string()).readonly().optional(), incidentTypes: z.array(z.string()).readonly().optional() }),
    /** Asked of such places only, as the map tells them apart by how close junctions are; null: of all. */
    where: z.enum(["town", "outside"]).nullable(),
    /** `n`: known one way or the other, those among them that waited longer and never came so far. `missing`: not known; were all of them late, the share would be within of n and missing. */
    within: z.int(), n: z.int(), missing: z.int(),
    unplaced: z.int(), // of a threshold for one kind of place: spans of places beyond the map, in none of the others
  })),
});
export type Figures = z.infer<typeof Figures>;

export const DoubtfulQuery = FigureFilter.extend({ span: Span.optional(), doubt: z.enum(FIGURE_DOUBTS).optional(), limit: z.coerce.number().int().min(1).max(500).default(100), after: z.coerce.number().int().nonnegative().max(1_000_000).default(0) });
export type DoubtfulQuery = z.infer<typeof DoubtfulQuery>;
export const DoubtfulSpan = z.object({
  span: Span, contactId: Id.nullable(), incidentId: Id.nullable(), callSign: z.string().nullable(), arrivedAt: WallTime, ms: z.number(), counted: z.boolean(), doubts: z.array(z.enum(FIGURE_DOUBTS)),
});
export type DoubtfulSpan = z.infer<typeof DoubtfulSpan>;
export const DoubtfulPage = z.object({ total: z.int(), behind: Behind, spans: z.array(DoubtfulSpan) });

export const ExportedFigures = Export.extend({ behind: Behind });

// What the store counts and lists, for its port.

/** Of one span and one grade, as counted by the database: percentiles of however few there are. */
export interface CountedSpan {
  readonly span: FigureSpan;
  /** all; or the grade as first or last given, with null for what was not graded. */
  readonly by: "all" | "first" | "last";
  readonly priority: number | null;
  readonly n: number;
  readonly entered: number;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  /** State, reason, count. */
  readonly others: readonly (readonly ["missing" | "excluded", string, number])[];
  readonly doubts: Readonly<Record<string, number>>;
}
export interface CountedFigures {
  readonly spans: readonly CountedSpan[];
  readonly bars: ReadonlyMap<FigureSpan, readonly number[]>;
  /** By id of the threshold. */
  readonly thresholds: ReadonlyMap<string, { readonly within: number; readonly n: number; readonly missing: number; readonly unplaced: number }>;
  readonly first: number | null;
  readonly last: number | null;
}
export interface ExportedSpan {
  readonly span: string; readonly subjectId: number; readonly contactId: number | null; readonly incidentId: number | null; readonly callSign: string | null; readonly unitKind: string | null; readonly source: string | null; readonly arrivedAt: number; readonly incidentType: string | null; readonly area: string | null; readonly entered: boolean;
  readonly priorityFirst: number | null; readonly priorityLast: number | null; readonly state: string; readonly reason: string | null; readonly ms: number | null; readonly doubts: readonly string[];
}
