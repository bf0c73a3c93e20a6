// Which key frames of a range are shown ([PLY10]): one for each of a number of equal slots, for thumbnails, or all, for playing fast or backwards. Arithmetic over
// the GOP index; segments are looked up one by one as they are needed, so that a day's hundred thumbnails cost a hundred rows and not 1,440.
import type { WallMs } from "../../base/time.ts";
import type { PlayableSegment } from "./hls.ts";

export interface KeyFramePlace {
  readonly segment: PlayableSegment;
  /** Bytes of its GOP in the segment's file. */
  readonly offset: number;
  readonly bytes: number;
  readonly startMs: WallMs;
  readonly untilMs: WallMs;
}
export const KEY_FRAME_ORDERS = ["forward", "backward"] as const;
export type KeyFrameOrder = (typeof KEY_FRAME_ORDERS)[number];

interface Span {
  readonly segmentId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
}

/**
 * Key frames of `[from, to)`, the newest at `from` included. With `slots`, for each slot the first that begins in it. `spans` by start; `find` answers the segment of a
 * span, or undefined where it has been deleted meanwhile.
 */
export function* planKeyFrames(
  spans: readonly Span[], from: WallMs, to: WallMs, slots: number | null, order: KeyFrameOrder, find: (segmentId: number) => PlayableSegment | undefined,
): Generator<KeyFramePlace> {
  let held: PlayableSegment | undefined;
  const get = (span: Span): PlayableSegment | undefined => (held?.segmentId === span.segmentId ? held : (held = find(span.segmentId)));
  const ordered = order === "forward" ? spans : spans.toReversed();
  if (slots === null) {
    for (const span of ordered) {
      const segment = get(span);
      if (segment === undefined) continue;
      const places = listPlaces(segment).filter((place) => place.startMs < to && place.untilMs > from);
      yield* order === "forward" ? places : places.toReversed();
    }
    return;
  }
  const width = (to - from) / slots;
  let last: WallMs = -1; // clocks that were set back make segments overlap: none is shown twice
  for (let i = 0; i < slots; i++) {
    const slot = order === "forward" ? i : slots - 1 - i;
    const start = from + slot * width;
    const place = findFirst(spans, slot === 0 ? "shown" : "begins", start, slot === slots - 1 ? to : start + width, get);
    if (place === undefined || place.startMs === last) continue;
    last = place.startMs;
    yield place;
  }
}

/** The first key frame in `[start, end)`; for "shown" also the one before `start` that is still the newest there. */
function findFirst(spans: readonly Span[], kind: "shown" | "begins", start: WallMs, end: WallMs, get: (span: Span) => PlayableSegment | undefined): KeyFramePlace | undefined {
  for (let i = firstEndingAfter(spans, start); i < spans.length && spans[i]!.startMs < end; i++) {
    const segment = get(spans[i]!);
    if (segment === undefined) continue;
    const place = listPlaces(segment).find((each) => (kind === "shown" ? each.untilMs > start : each.startMs >= start) && each.startMs < end);
    if (place !== undefined) return place;
  }
  return undefined;
}

function firstEndingAfter(spans: readonly Span[], at: WallMs): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.endMs > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function listPlaces(segment: PlayableSegment): KeyFramePlace[] {
  return segment.gops.map((gop, i) => {
    const next = segment.gops[i + 1];
    return {
      segment, offset: gop.offset, bytes: (next?.offset ?? segment.bytes) - gop.offset, startMs: segment.startMs + gop.startMs,
      untilMs: next === undefined ? segment.endMs : segment.startMs + next.startMs,
    };
  });
}
