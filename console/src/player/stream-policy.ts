// Which of a camera's two streams a live tile shows, as pure decisions: the sub stream where the tile is small, where the link has been too slow for main, or where this browser cannot play
// main. Each has a hysteresis: two sizes, and a wait that doubles where the link fails again soon after main was tried anew.
import type { Stream } from "../../../src/contract/cameras.ts";

/** Width of the picture on the screen, device pixels. Most sub streams are 640 wide. */
export const WIDTHS = { subBelow: 560, mainFrom: 660 } as const;
export const SLOW_LIMITS = { firstHoldMs: 15_000, mostHoldMs: 300_000, soonMs: 60_000 } as const;

/** Until when the link counts as slow, and for how long it did so the last time. All times by a clock that nobody sets. */
export interface SlowLink {
  readonly untilMs: number;
  readonly holdMs: number;
}
export const FAST_LINK: SlowLink = { untilMs: 0, holdMs: SLOW_LIMITS.firstHoldMs };

/** Pictures were left out, or came far too late, at `nowMs`. */
export function noteDropped(link: SlowLink, nowMs: number): SlowLink {
  if (nowMs < link.untilMs) return { ...link, untilMs: nowMs + link.holdMs };
  const again = link.untilMs > 0 && nowMs - link.untilMs < SLOW_LIMITS.soonMs;
  const holdMs = again ? Math.min(SLOW_LIMITS.mostHoldMs, link.holdMs * 2) : SLOW_LIMITS.firstHoldMs;
  return { untilMs: nowMs + holdMs, holdMs };
}
export const isSlow = (link: SlowLink, nowMs: number): boolean => nowMs < link.untilMs;

/** How late pictures arrive, against the promptest of late: what comes of clocks that differ, and of a camera's own delay, is no slowness of the link. */
export interface Arrivals {
  /** Least age of a picture in this stretch of time and in the one before. */
  readonly leastMs: number;
  readonly leastBeforeMs: number;
  readonly stretchFromMs: number;
  /** Since when, and by how many pictures, they have been late without a break; null: they are not. */
  readonly late: { readonly sinceMs: number; readonly pictures: number } | null;
}
export const NO_ARRIVALS: Arrivals = { leastMs: Infinity, leastBeforeMs: Infinity, stretchFromMs: 0, late: null };
export const LATE_LIMITS = { lateMs: 2_000, forMs: 1_500, pictures: 5, stretchMs: 60_000 } as const;

/** `nowMs`: by a clock that nobody sets forward. */
export function noteArrival(before: Arrivals, wallMs: number, nowMs: number): { readonly arrivals: Arrivals; readonly slow: boolean } {
  const ageMs = nowMs - wallMs;
  const isNew = nowMs - before.stretchFromMs > LATE_LIMITS.stretchMs;
  const leastBeforeMs = isNew ? before.leastMs : before.leastBeforeMs;
  const leastMs = isNew ? ageMs : Math.min(before.leastMs, ageMs);
  const isLate = ageMs - Math.min(leastMs, leastBeforeMs) > LATE_LIMITS.lateMs;
  const late = isLate ? { sinceMs: before.late?.sinceMs ?? nowMs, pictures: (before.late?.pictures ?? 0) + 1 } : null;
  const slow = late !== null && nowMs - late.sinceMs >= LATE_LIMITS.forMs && late.pictures >= LATE_LIMITS.pictures;
  return { arrivals: { leastMs, leastBeforeMs, stretchFromMs: isNew ? nowMs : before.stretchFromMs, late: slow ? null : late }, slow };
}

export interface StreamFacts {
  readonly wanted: Stream; // as decided last
  readonly widthPx: number | null; // null: not known yet
  readonly slow: boolean;
  /** False once main has told a codec that this browser does not play. */
  readonly mainPlays: boolean;
}

export function chooseStream({ wanted, widthPx, slow, mainPlays }: StreamFacts): Stream {
  if (!mainPlays || slow) return "sub";
  if (widthPx === null) return wanted;
  return widthPx < (wanted === "sub" ? WIDTHS.mainFrom : WIDTHS.subBelow) ? "sub" : "main";
}
