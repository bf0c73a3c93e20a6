// Who recorded a camera when: the one place that says which recorders are asked for a range ([RDR2] in ../SPEC.md). A camera that was moved leaves what it recorded where it is; so a range over the move is
// as many parts, each of one recorder, that cover it and do not overlap. Of a camera that never was moved there is one part.
import type { WallMs } from "../../base/time.ts";

/** The camera was a recorder's from then until the next stay. */
export interface RecorderStay {
  readonly recorderId: number;
  readonly since: WallMs;
}
export interface RecorderPart {
  readonly recorderId: number;
  readonly from: WallMs;
  readonly to: WallMs;
}

/** In order of time, neighbours of one recorder joined. `stays`: in order of time, none of a camera that never was moved; what was before the first is its recorder's too. */
export function partsOfRange(stays: readonly RecorderStay[], presentId: number, from: WallMs, to: WallMs): RecorderPart[] {
  if (stays.length === 0) return [{ recorderId: presentId, from, to }];
  const parts: RecorderPart[] = [];
  for (const [i, { recorderId, since }] of stays.entries()) {
    const start = i === 0 ? from : Math.max(from, since);
    const end = Math.min(to, stays[i + 1]?.since ?? Infinity);
    if (start >= end) continue;
    const before = parts.at(-1);
    if (before?.recorderId === recorderId && before.to === start) parts[parts.length - 1] = { ...before, to: end };
    else parts.push({ recorderId, from: start, to: end });
  }
  return parts;
}

/** Of every recorder that may have anything of a camera, each once. */
export const listRecordersEver = (stays: readonly RecorderStay[], presentId: number): number[] => [...new Set([...stays.map(({ recorderId }) => recorderId), presentId])];
