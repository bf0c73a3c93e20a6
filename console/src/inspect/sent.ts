// What of a look at the past left its recorder: the fact that an inspector asks for. The range that was opened is wider (an hour around the moment), and bounds what could have been seen.
import type { AccessRecord } from "../../../src/contract/cameras.ts";

export interface SentPart {
  readonly from: number;
  readonly to: number;
}
export type SentFact =
  /** From the first moment that went out to the last; `ms` of that in `parts`. */
  | { readonly kind: "sent"; readonly from: number; readonly to: number; readonly ms: number; readonly parts: readonly SentPart[] }
  /** It is over, and its recorder told of nothing. */
  | { readonly kind: "nothing" }
  /** It goes on, or ended just now: its recorder tells within minutes. */
  | { readonly kind: "untold" };

/** A recorder tells what it served half a minute after the last of it, and again until that is kept. */
const TOLD_WITHIN_MS = 120_000;
/** Pictures go out in whole groups, which begin a little before and end a little after what was asked for. */
const SAME_MS = 10_000;

export function sentFactOf({ served, endedAt, openUntil }: Pick<AccessRecord, "served" | "endedAt" | "openUntil">, now: number): SentFact {
  const [first] = served ?? [];
  const last = served?.at(-1);
  if (served !== null && first !== undefined && last !== undefined) return { kind: "sent", from: first.from, to: last.to, ms: served.reduce((sum, part) => sum + part.to - part.from, 0), parts: served };
  return now > (endedAt ?? openUntil) + TOLD_WITHIN_MS ? { kind: "nothing" } : { kind: "untold" };
}

/** The end of what could be seen of the range that was opened: no look shows what comes after it, or after now. */
export const lastVisible = ({ to, endedAt, openUntil }: Pick<AccessRecord, "to" | "endedAt" | "openUntil">, now: number): number | null => (to === null ? null : Math.min(to, endedAt ?? Math.min(openUntil, now)));

/** Whether what was asked for is what went out, so that it need not stand beside it. */
export const isAllSent = (fact: SentFact, from: number | null, to: number | null): boolean =>
  fact.kind === "sent" && fact.parts.length === 1 && from !== null && to !== null && Math.abs(fact.from - from) <= SAME_MS && Math.abs(fact.to - to) <= SAME_MS;
