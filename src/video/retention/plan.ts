// What is deleted now ([RET1] to [RET3], [RET6]): segments past their camera's age, and, while the disk is below its floor or the recordings are above
// their bound, the oldest of all. Pure: it is given the facts and answers the list, oldest first.
import { DAY_MS, type WallMs } from "../../base/time.ts";

export interface StoredSegment {
  readonly segmentId: number;
  readonly cameraId: number;
  readonly endMs: WallMs;
  readonly bytes: number;
}
export interface RetentionFacts {
  /** Closed segments, oldest end first. An open segment is never listed. */
  readonly segments: readonly StoredSegment[];
  readonly retentionDays: (cameraId: number) => number;
  readonly freeBytes: number;
  readonly floorBytes: number;
  /** What the recordings take, and what they may. */
  readonly storedBytes: number;
  readonly mostBytes: number;
  readonly now: WallMs;
  /** At most so many at a time: deleting must not starve writing. */
  readonly most: number;
}
export interface Deletion {
  readonly segment: StoredSegment;
  readonly why: "age" | "space";
}

export function planDeletions(facts: RetentionFacts): Deletion[] {
  const out: Deletion[] = [];
  let missing = Math.max(facts.floorBytes - facts.freeBytes, facts.storedBytes - facts.mostBytes);
  for (const segment of facts.segments) {
    if (out.length >= facts.most) break;
    if (segment.endMs < facts.now - facts.retentionDays(segment.cameraId) * DAY_MS) {
      out.push({ segment, why: "age" });
      missing -= segment.bytes;
    }
  }
  const chosen = new Set(out.map((deletion) => deletion.segment.segmentId));
  for (const segment of facts.segments) {
    if (missing <= 0 || out.length >= facts.most) break;
    if (chosen.has(segment.segmentId)) continue;
    out.push({ segment, why: "space" });
    missing -= segment.bytes;
  }
  return out;
}
