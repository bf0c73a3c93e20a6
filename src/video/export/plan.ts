// What an export takes of one camera's recording ([EXP1] [EXP2]): which stored segments, which bytes of each, and into how many files. A file is playable by itself: one
// initialisation, then whole GOPs of one run and one format that follow each other. Where a run ends, the format changes or a segment is missing, the
// next file begins. What the recorder has not yet on disk is a gap of its own, up to the range's end: one camera that lags takes nothing from others. Nothing is computed over the bytes: a part is a range of a stored file.
import type { WallMs } from "../../base/time.ts";
import type { PlayableSegment } from "../playback/hls.ts";
import { findByteSpan } from "../playback/hls.ts";
import { type KnownGap, type TimelineGap, buildTimeline } from "../playback/timeline.ts";

export interface ExportPart {
  readonly segmentId: number;
  /** Of the stored file: `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Length of the stored file as far as it is on disk. */
  readonly segmentBytes: number;
  readonly start: WallMs;
  readonly end: WallMs;
  /** Where the part begins in the exported file, 90 kHz of media time. */
  readonly media90k: number;
  readonly frames: number;
}
export interface ExportFile {
  /** From the front of the first part's stored file. */
  readonly initBytes: number;
  readonly bytes: number;
  readonly start: WallMs;
  readonly end: WallMs;
  readonly frames: number;
  readonly parts: readonly ExportPart[];
}
export interface CameraPlan {
  readonly files: readonly ExportFile[];
  readonly gaps: readonly TimelineGap[];
  /** Within the files: no picture came, and the one before stands. */
  readonly gapsWithin: readonly TimelineGap[];
}

/** Segments of one run follow each other to the millisecond; a hole beyond this is a missing one. */
const FOLLOWS_WITHIN_MS = 500;
/** Gaps within a camera's files that are told each by itself; with more, those of a part are one, so that the manifest grows with the parts and never fails by what a bad link left in them. */
const MOST_WITHIN = 2_000;

export interface ExportRange {
  readonly from: WallMs;
  readonly to: WallMs;
  /** From when on the recorder cannot tell yet what there is of this camera; it may lie outside the range. */
  readonly knownUntil: WallMs;
}

/** `segments` and `gaps` by start, those that touch the range. */
export function planCamera({ from, to, knownUntil }: ExportRange, segments: readonly PlayableSegment[], gaps: readonly KnownGap[], knownSince: WallMs): CameraPlan {
  const until = Math.max(from, Math.min(to, knownUntil));
  const files: ExportFile[] = [];
  let previous: PlayableSegment | undefined;
  for (const segment of segments) {
    const span = until > from ? findByteSpan(segment, from, until) : undefined;
    if (span === undefined) continue;
    const gops = segment.gops.filter((gop) => gop.offset >= span.start && gop.offset < span.end);
    const after = segment.gops.find((gop) => gop.offset >= span.end);
    const file = files.at(-1);
    const goesOn = file !== undefined && previous?.runId === segment.runId && previous.formatKey === segment.formatKey && Math.abs(segment.startMs - file.end) <= FOLLOWS_WITHIN_MS;
    const last = goesOn ? file.parts.at(-1)! : undefined;
    const part: ExportPart = {
      segmentId: segment.segmentId, from: span.start, to: span.end, segmentBytes: segment.bytes,
      start: Math.round(segment.startMs + gops[0]!.startMs), end: Math.round(after === undefined ? segment.endMs : segment.startMs + after.startMs),
      media90k: last === undefined ? 0 : last.media90k + media90kOf(previous!, last), frames: gops.reduce((sum, gop) => sum + gop.frames, 0),
    };
    previous = segment;
    if (goesOn) files[files.length - 1] = { ...file, bytes: file.bytes + part.to - part.from, end: part.end, frames: file.frames + part.frames, parts: [...file.parts, part] };
    else files.push({ initBytes: segment.initBytes, bytes: segment.initBytes + part.to - part.from, start: part.start, end: part.end, frames: part.frames, parts: [part] });
  }
  const recorded = files.flatMap(({ parts }) => parts).toSorted((a, b) => a.start - b.start);
  const timeline = buildTimeline(from, until, recorded.map((part) => ({ id: part.segmentId, start: part.start, end: part.end, bytes: 0, frames: 0, open: false })), gaps.filter(({ isWithinRun }) => isWithinRun !== true), knownSince);
  const told = Math.max(until, recorded.at(-1)?.end ?? until); // whole GOPs may reach a little further
  const untold: TimelineGap[] = told < to ? [{ start: told, end: to, cause: "not-yet-told" }] : [];
  return { files, gapsWithin: cutToParts(gaps.filter(({ isWithinRun }) => isWithinRun === true), recorded), gaps: [...timeline.gaps.map((gap) => ({ ...gap, start: Math.round(gap.start), end: Math.round(gap.end) })), ...untold] };
}

/** Both by start, and walked once: a camera may have thousands of either. */
export function cutToParts(gaps: readonly KnownGap[], parts: readonly Pick<ExportPart, "segmentId" | "start" | "end">[]): TimelineGap[] {
  const cut: (TimelineGap & { readonly segmentId: number })[] = [];
  let first = 0;
  for (const { start, end, cause } of gaps) {
    while (first < parts.length && parts[first]!.end <= start) first++;
    for (let i = first; i < parts.length && parts[i]!.start < end; i++) {
      const part = parts[i]!;
      const from = Math.round(Math.max(start, part.start));
      const to = Math.round(Math.min(end, part.end));
      if (to > from) cut.push({ start: from, end: to, cause, segmentId: part.segmentId });
    }
  }
  return (cut.length > MOST_WITHIN ? joinByPart(cut) : cut).map(({ start, end, cause }) => ({ start, end, cause }));
}

/** One for each part that has any, from the first one's beginning to the last one's end. */
function joinByPart(cut: readonly (TimelineGap & { readonly segmentId: number })[]): TimelineGap[] {
  const joined = new Map<number, TimelineGap>();
  for (const { segmentId, start, end, cause } of cut) {
    const before = joined.get(segmentId);
    joined.set(segmentId, before === undefined ? { start, end, cause } : { start: Math.min(before.start, start), end: Math.max(before.end, end), cause: before.cause === "bad-data" ? before.cause : cause });
  }
  return [...joined.values()].toSorted((a, b) => a.start - b.start);
}

function media90kOf(segment: PlayableSegment, part: ExportPart): number {
  return segment.gops.reduce((sum, gop) => (gop.offset >= part.from && gop.offset < part.to ? sum + gop.duration90k : sum), 0);
}
