// What was recorded while the wall clock was wrong ([RET14]). Of a clock that was behind it says that it is old; once the clock is put right, it would be the first to go. Of one that was ahead it says that it is
// young, and would never go. So the stretches of segments that were begun meanwhile are remembered, with how far off the clock was: by that much their ages are put right. The times themselves stay as they were
// written: what the clock showed is part of what was recorded.
// Turned down: judging by the order of segments alone (a clock that was ahead for an hour would make all that came before it young).
import type { WallMs } from "../../base/time.ts";
import { BELIEVED_MS, type ClockTrust } from "./clock-trust.ts";

/** Where a segment lies in more than one, the last counts. */
export interface BehindStretch {
  /** Segments with greater ids than this... */
  readonly afterId: number;
  /** ... up to this one; null while it lasts... */
  readonly uptoId: number | null;
  /** ... that say they began from here on... */
  readonly fromMs: WallMs;
  /** ... and before this: of those that were begun between two looks some have times of before the clock was changed, some of after. */
  readonly beforeMs: WallMs;
  /** How far the clock was behind; below 0: ahead. */
  readonly behindMs: number;
  /** It was run with for a day, and is believed since: it counts only if the clock is put right by so much after all. */
  readonly isBelieved: boolean;
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

/** How far the wall clock is behind what is believed; below 0: ahead. */
const offsetOf = ({ behindMs, doubted }: ClockTrust): number => behindMs - doubted.reduce((sum, { byMs }) => sum + byMs, 0);

export function transitionBehindStretches(stretches: readonly BehindStretch[], { before, after, ranMs, lastIdBefore, lastId }: BehindLook): readonly BehindStretch[] {
  const lasting = stretches.find(({ uptoId, isBelieved }) => uptoId === null && !isBelieved);
  const was = lasting?.behindMs ?? 0;
  const is = offsetOf(after);
  if (Math.abs(is - was) <= BELIEVED_MS) return stretches;
  const stepMs = after.wallMs - before.wallMs - ranMs;
  if (Math.abs(stepMs) <= BELIEVED_MS) {
    // No step, so it was run with for a day: the time before was wrong, as far as anybody can tell.
    const left = stretches.map((stretch) => (stretch.behindMs === was ? { ...stretch, isBelieved: true } : stretch));
    return Math.abs(is) <= BELIEVED_MS ? left : [...left, { afterId: lastId, uptoId: null, fromMs: Math.max(0, Math.round(after.wallMs - ranMs - BELIEVED_MS)), beforeMs: NEVER_MS, behindMs: is, isBelieved: false }].slice(-MOST);
  }
  // Put right after all, later than a day.
  const late = stretches.find(({ uptoId, isBelieved, behindMs }) => uptoId === null && isBelieved && Math.abs(behindMs - stepMs) <= BELIEVED_MS);
  const from = late?.behindMs ?? was;
  const to = late === undefined ? is : 0;
  const trueMs = after.wallMs + to;
  const [lessMs, moreMs] = [Math.min(from, to), Math.max(from, to)];
  const halfwayMs = Math.round(trueMs - (lessMs + moreMs) / 2);
  const earliestMs = (offMs: number): number => Math.max(0, Math.round(trueMs - offMs - 2 * ranMs - BELIEVED_MS));
  const latestMs = (offMs: number): number => Math.round(trueMs - offMs + 2 * ranMs + BELIEVED_MS);
  const isOff = (offMs: number): boolean => Math.abs(offMs) > BELIEVED_MS;
  const between: readonly BehindStretch[] = lastId === lastIdBefore ? [] : [
    ...(isOff(lessMs) ? [{ afterId: lastIdBefore, uptoId: lastId, fromMs: halfwayMs, beforeMs: latestMs(lessMs), behindMs: lessMs, isBelieved: false }] : []),
    ...(isOff(moreMs) ? [{ afterId: lastIdBefore, uptoId: lastId, fromMs: earliestMs(moreMs), beforeMs: halfwayMs, behindMs: moreMs, isBelieved: false }] : []),
  ];
  const ended = stretches.flatMap((stretch): BehindStretch[] => {
    if (late !== undefined && stretch.isBelieved && stretch.behindMs === late.behindMs) return [{ ...stretch, isBelieved: false, ...(stretch.uptoId === null ? { uptoId: lastIdBefore, beforeMs: Math.round(before.wallMs + ranMs + BELIEVED_MS) } : {}) }];
    if (stretch === lasting) return [{ ...stretch, uptoId: lastIdBefore, beforeMs: Math.round(before.wallMs + ranMs + BELIEVED_MS) }];
    return [stretch];
  });
  const next = isOff(to) ? [{ afterId: lastId, uptoId: null, fromMs: earliestMs(to), beforeMs: NEVER_MS, behindMs: to, isBelieved: false }] : [];
  return [...ended, ...between, ...next].slice(-MOST);
}

const isSafe = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** As it is kept over a restart. */
export const formatBehindStretches = (stretches: readonly BehindStretch[]): string => JSON.stringify(stretches.map(({ afterId, uptoId, fromMs, beforeMs, behindMs, isBelieved }) => [afterId, uptoId, Math.round(fromMs), Math.round(beforeMs), Math.round(behindMs), isBelieved ? 1 : 0]));

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
    if (!Array.isArray(row) || row.length !== 6) return [];
    const [afterId, uptoId, fromMs, beforeMs, behindMs, believed] = row as unknown[];
    if (!isSafe(afterId) || !(uptoId === null || isSafe(uptoId)) || !isSafe(fromMs) || !isSafe(beforeMs) || !Number.isSafeInteger(behindMs) || (believed !== 0 && believed !== 1)) return [];
    stretches.push({ afterId, uptoId, fromMs, beforeMs, behindMs: behindMs as number, isBelieved: believed === 1 });
  }
  return stretches;
}
