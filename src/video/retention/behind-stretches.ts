// What was recorded while the wall clock was behind ([RET14]). Its times say that it is old; once the clock is put right, it would be the first to go. So the stretches of segments that were begun meanwhile are
// remembered, with how far the clock was behind: by that much they are younger than their times say. The times themselves stay as they were written: what the clock showed is part of what was recorded.
// Turned down: judging by the order of segments alone (a clock that was ahead for an hour would make all that came before it young).
import type { WallMs } from "../../base/time.ts";
import { BELIEVED_MS, type ClockTrust, PROOF_MS } from "./clock-trust.ts";

/** Where a segment lies in more than one, the last counts. */
export interface BehindStretch {
  /** Segments with greater ids than this... */
  readonly afterId: number;
  /** ... up to this one; null while the clock is still behind... */
  readonly uptoId: number | null;
  /** ... and that say they began before this: of those that were begun between two looks some have times of before the clock was changed, some of after. */
  readonly beforeMs: WallMs;
  readonly behindMs: number;
}
const NEVER_MS = Number.MAX_SAFE_INTEGER;
/** A clock that comes and goes: the oldest stretches are forgotten, and their segments are as old as they say. */
const MOST = 64;

export interface BehindLook {
  readonly before: ClockTrust;
  readonly after: ClockTrust;
  /** Between the two. */
  readonly ranMs: number;
  /** The latest segment at each of them. */
  readonly lastIdBefore: number;
  readonly lastId: number;
}
export function transitionBehindStretches(stretches: readonly BehindStretch[], { before, after, ranMs, lastIdBefore, lastId }: BehindLook): readonly BehindStretch[] {
  const open = stretches.find(({ uptoId }) => uptoId === null);
  const wasBehindMs = open?.behindMs ?? 0;
  if (Math.abs(after.behindMs - wasBehindMs) <= BELIEVED_MS) return stretches;
  // Run with for a day: then it was the time before that was wrong.
  if (after.behindMs === 0 && before.behindRanMs + ranMs >= PROOF_MS) return stretches.filter(({ behindMs }) => behindMs !== wasBehindMs);
  const [lessMs, moreMs] = [Math.min(wasBehindMs, after.behindMs), Math.max(wasBehindMs, after.behindMs)];
  const halfwayMs = Math.round(after.wallMs + after.behindMs - (lessMs + moreMs) / 2);
  const between: readonly BehindStretch[] = lastId === lastIdBefore ? [] : [
    ...(lessMs > BELIEVED_MS ? [{ afterId: lastIdBefore, uptoId: lastId, beforeMs: NEVER_MS, behindMs: lessMs }] : []),
    { afterId: lastIdBefore, uptoId: lastId, beforeMs: halfwayMs, behindMs: moreMs },
  ];
  const ended = stretches.map((stretch) => (stretch === open ? { ...stretch, uptoId: lastIdBefore } : stretch));
  const next = after.behindMs > BELIEVED_MS ? [{ afterId: lastId, uptoId: null, beforeMs: NEVER_MS, behindMs: after.behindMs }] : [];
  return [...ended, ...between, ...next].slice(-MOST);
}

const isSafe = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** As it is kept over a restart. */
export const formatBehindStretches = (stretches: readonly BehindStretch[]): string => JSON.stringify(stretches.map(({ afterId, uptoId, beforeMs, behindMs }) => [afterId, uptoId, Math.round(beforeMs), Math.round(behindMs)]));

/** None where it is none of ours. */
export function parseBehindStretches(text: string): readonly BehindStretch[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows) || rows.length > MOST) return [];
  const stretches: BehindStretch[] = [];
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row) || row.length !== 4) return [];
    const [afterId, uptoId, beforeMs, behindMs] = row as unknown[];
    if (!isSafe(afterId) || !(uptoId === null || isSafe(uptoId)) || !isSafe(beforeMs) || !isSafe(behindMs)) return [];
    stretches.push({ afterId, uptoId, beforeMs, behindMs });
  }
  return stretches;
}
