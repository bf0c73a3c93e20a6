// What is not in the figures of a span, by reason, most first: said beside the figures and not only below them. Pure.
import type { SpanFigure } from "../../../src/contract/figures.ts";

export interface LeftOut {
  /** missing: `code` is the milestone that is not there; excluded: it is the reason. */
  readonly kind: "missing" | "excluded";
  readonly code: string;
  readonly n: number;
}

export const listLeftOut = ({ missingBy, excludedBy }: Pick<SpanFigure, "missingBy" | "excludedBy">): LeftOut[] => {
  const of = (kind: LeftOut["kind"], counts: Readonly<Record<string, number>>): LeftOut[] => Object.entries(counts).filter(([, n]) => n > 0).map(([code, n]) => ({ kind, code, n })).sort((a, b) => b.n - a.n);
  return [...of("missing", missingBy), ...of("excluded", excludedBy)];
};

/** Callers who hung up before anybody answered: a short time of answer says nothing of them. */
export const countAbandoned = ({ excludedBy }: Pick<SpanFigure, "excludedBy">): number => excludedBy["abandoned"] ?? 0;
