// What is known of a range of one camera's past ([PLY1], [PLY2]): recorded segments and gaps, which together cover exactly what was asked, without overlap. Facts
// may leave holes or overlap by milliseconds (clocks are slewed); the arithmetic here settles that, so that no reader has to.
import type { WallMs } from "../../base/time.ts";
import type { GapCause } from "../ports.ts";

export interface TimelineSegment {
  readonly id: number;
  readonly start: WallMs;
  readonly end: WallMs;
  readonly bytes: number;
  readonly frames: number;
  readonly open: boolean;
}
export interface TimelineGap {
  readonly start: WallMs;
  readonly end: WallMs;
  readonly cause: GapCause;
}
export interface KnownGap extends TimelineGap {
  /** No picture came for so long, and the run went on: its segment lies over it, with the picture before standing. */
  readonly isWithinRun?: boolean;
}
export interface Timeline {
  readonly from: WallMs;
  readonly to: WallMs;
  /** Where there are pictures: segments that touch, as one, but for gaps within a run. */
  readonly coverage: readonly { readonly start: WallMs; readonly end: WallMs }[];
  readonly segments: readonly TimelineSegment[];
  readonly gaps: readonly TimelineGap[];
}

/**
 * `segments` and `gaps` by start; a gap that still lasts ends at or after `to`. Segments win over gaps, but not over those within a run. Time that no fact covers is "not-wanted": nobody
 * had asked for that camera then; before `knownSince`, the first fact of all about the camera, it is "not-yet-added": nobody decided anything.
 */
export function buildTimeline(from: WallMs, to: WallMs, segments: readonly TimelineSegment[], gaps: readonly KnownGap[], knownSince: WallMs): Timeline {
  const outSegments: TimelineSegment[] = [];
  const outGaps: TimelineGap[] = [];
  const coverage: { start: WallMs; end: WallMs }[] = [];
  let at = from;
  let passed = 0; // gaps that lie wholly before `at`
  const within = gaps.filter(({ isWithinRun }) => isWithinRun === true);
  let passedWithin = 0;
  for (const segment of segments) {
    const start = Math.max(at, segment.start);
    const end = Math.min(to, segment.end);
    if (end <= start) continue;
    while (passed < gaps.length && gaps[passed]!.end <= at) passed++;
    if (start > at) fillGap(outGaps, at, start, gaps, passed, knownSince);
    outSegments.push({ ...segment, start, end });
    at = start;
    while (passedWithin < within.length && within[passedWithin]!.end <= at) passedWithin++;
    for (let i = passedWithin; i < within.length && within[i]!.start < end; i++) {
      const gap = { start: Math.max(at, within[i]!.start), end: Math.min(end, within[i]!.end), cause: within[i]!.cause };
      if (gap.end <= gap.start) continue;
      cover(coverage, at, gap.start);
      push(outGaps, gap);
      at = gap.end;
    }
    cover(coverage, at, end);
    at = end;
  }
  fillGap(outGaps, at, Math.max(from, to), gaps, passed, knownSince);
  return { from, to, coverage, segments: outSegments, gaps: outGaps };
}

function cover(out: { start: WallMs; end: WallMs }[], start: WallMs, end: WallMs): void {
  if (end <= start) return;
  const last = out.at(-1);
  if (last?.end === start) last.end = end;
  else out.push({ start, end });
}

function fillGap(out: TimelineGap[], from: WallMs, to: WallMs, gaps: readonly TimelineGap[], first: number, knownSince: WallMs): void {
  let at = from;
  for (let i = first; i < gaps.length; i++) {
    const gap = gaps[i]!;
    if (gap.start >= to) break;
    const start = Math.max(at, gap.start);
    const end = Math.min(to, gap.end);
    if (end <= start) continue;
    pushUnexplained(out, at, start, knownSince);
    push(out, { start, end, cause: gap.cause });
    at = end;
  }
  pushUnexplained(out, at, to, knownSince);
}

function pushUnexplained(out: TimelineGap[], from: WallMs, to: WallMs, knownSince: WallMs): void {
  const border = Math.min(Math.max(from, knownSince), to);
  if (border > from) push(out, { start: from, end: border, cause: "not-yet-added" });
  if (to > border) push(out, { start: border, end: to, cause: "not-wanted" });
}

function push(out: TimelineGap[], gap: TimelineGap): void {
  const last = out.at(-1);
  if (last !== undefined && last.end === gap.start && last.cause === gap.cause) out[out.length - 1] = { ...last, end: gap.end };
  else out.push(gap);
}
