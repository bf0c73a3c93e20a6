// Figures for whoever may read them: counted by the store, told with what they stand on. Reading them is no look at anybody: rows name incidents and units, no person.
import type { Clock } from "../../base/time.ts";
import { COMMON_TYPES, type IncidentType } from "../../contract/dispatch.ts";
import { FIGURE_SPANS, type CountedFigures, type CountedSpan, type ExportedSpan, type FigureFilter, type Figures, type SpanFigure } from "../../contract/figures.ts";
import { BAR_ENDS_MS, THRESHOLDS, leastFor } from "../../statistics/figures.ts";
import type { FigureProjector } from "../../workflow/figure-projector.ts";
import type { Handlers } from "../handler.ts";
import { collectCsv } from "../inspect/collect-csv.ts";
import { formatCsv } from "../inspect/register-csv.ts";
import type { FigureStorePort, LogPort } from "../ports.ts";

export interface FigureHandlerOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly store: FigureStorePort;
  readonly projector: FigureProjector;
  /** Of the log's last event. */
  readonly sequence: () => number;
}

/** The code that is common to all centres; null: no incident, or a type of an older log. */
const commonTypeOf = (type: string | null): string | null => (type !== null && Object.hasOwn(COMMON_TYPES, type) ? COMMON_TYPES[type as IncidentType] : null);
const COLUMNS = ["span", "subject", "call", "incident", "unit", "unit_kind", "source", "arrived", "type", "priority_first", "priority_last", "state", "reason", "seconds", "doubts", "area", "entered", "type_common"] as const;
const formatRows = (rows: readonly ExportedSpan[]): string => formatCsv(rows.map((row) => [
  row.span, row.subjectId, row.contactId, row.incidentId, row.callSign, row.unitKind, row.source, new Date(row.arrivedAt).toISOString(), row.incidentType, row.priorityFirst, row.priorityLast, row.state, row.reason, row.ms === null ? null : row.ms / 1_000, row.doubts.join(" "), row.area, row.entered ? "yes" : "no", commonTypeOf(row.incidentType),
]));

export function createFigureHandlers({ clock, log, store, projector, sequence }: FigureHandlerOptions): Pick<Handlers, "getFigures" | "listDoubtfulSpans" | "exportFigures"> {
  /** Nobody waits for it: what is not in yet is told as so many events. */
  const catchUp = (): void => void projector.catchUp().catch((error: unknown) => log.warn({ error: (error as Error).message }, "the figures could not be kept up"));
  const counting = new Map<string, Promise<CountedFigures>>();
  const count = (filter: FigureFilter): Promise<CountedFigures> => {
    const key = JSON.stringify(filter);
    const asked = counting.get(key) ?? store.count(filter, clock.wallMs()).finally(() => counting.delete(key));
    counting.set(key, asked);
    return asked;
  };

  const howFarBehind = (): number => {
    const behind = Math.max(0, sequence() - (projector.sequence() ?? 0));
    if (behind > 0) catchUp();
    return behind;
  };

  return {
    getFigures: async ({ query }): Promise<Figures> => {
      const behind = howFarBehind();
      const counted = await count(query);
      const spans = FIGURE_SPANS.map((span) => {
        const of = (by: CountedSpan["by"]): CountedSpan[] => counted.spans.filter((one) => one.span === span && one.by === by).sort((a, b) => (a.priority ?? 9) - (b.priority ?? 9));
        const graded = (by: "first" | "last") => of(by).map((one) => ({ priority: one.priority, ...figureOf(one) }));
        return { span, all: figureOf(of("all")[0]), byFirst: graded("first"), byLast: graded("last"), bars: [...(counted.bars.get(span) ?? BAR_ENDS_MS.map(() => 0).concat(0))] };
      });
      const thresholds = THRESHOLDS.map((threshold) => ({ ...threshold, ...counted.thresholds.get(threshold.id)! }));
      return { from: query.from ?? null, to: query.to ?? null, clock: query.clock, at: clock.wallMs(), behind, first: counted.first, last: counted.last, barEndsMs: [...BAR_ENDS_MS], spans, thresholds };
    },
    listDoubtfulSpans: async ({ query }) => ({ behind: howFarBehind(), ...(await store.listDoubtful(query)) }),
    exportFigures: async ({ body }) => ({ behind: howFarBehind(), ...(await collectCsv(COLUMNS, (limit, take) => store.readRows(body, limit, take), formatRows)) }),
  };
}

/** [FIG2] A percentile that too few values hold is not told. */
function figureOf(counted: CountedSpan | undefined): SpanFigure {
  const told = (value: number | null | undefined, least: number): number | null => ((counted?.n ?? 0) < least ? null : (value ?? null));
  const countsOf = (state: string): Record<string, number> => Object.fromEntries((counted?.others ?? []).filter(([of]) => of === state).map(([, reason, n]) => [reason, n]));
  const [missingBy, excludedBy] = [countsOf("missing"), countsOf("excluded")];
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, n) => total + n, 0);
  return {
    n: counted?.n ?? 0, entered: counted?.entered ?? 0, p50Ms: told(counted?.p50Ms, leastFor("p50")), p90Ms: told(counted?.p90Ms, leastFor("p90")), p95Ms: told(counted?.p95Ms, leastFor("p95")),
    missing: sum(missingBy), missingBy, excluded: sum(excludedBy), excludedBy, doubtful: { ...counted?.doubts },
  };
}
