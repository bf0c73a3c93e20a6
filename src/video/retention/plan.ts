// What is deleted now ([RET1] to [RET3], [RET6] to [RET9]). Pure: it is given the facts and answers the list. Evidence holds are not weighed here: what is held is
// never among the candidates. Where room is short, the next to go is the segment that is oldest measured by what its own camera is to keep: a camera
// kept for 3 days and one kept for 90 both lose the same share of their time, and neither its whole past. Rejected: the oldest of all, by
// which the cameras with the longest retention would pay for all others.
import { DAY_MS, type WallMs } from "../../base/time.ts";

export interface StoredSegment {
  readonly segmentId: number;
  readonly cameraId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  readonly bytes: number;
  /** How far the clock was behind when it was recorded: so much younger it is than its times say; below 0: older. */
  readonly behindMs?: number;
}
/** The end of a segment as far as ages go. */
export const agedFromMs = ({ endMs, behindMs = 0 }: StoredSegment): WallMs => endMs + behindMs;
/** What is to be kept of one camera. */
export interface CameraKeeping {
  /** Not longer than so many days... */
  readonly mostDays: number;
  /** ... not less than so many, unless the disk would be full; 0: no least. */
  readonly leastDays: number;
  /** ... and not more bytes than so many, as far as the least allows. */
  readonly mostBytes: number;
}
export interface CameraFacts {
  readonly cameraId: number;
  readonly keeping: CameraKeeping;
  readonly storedBytes: number;
  /** Its oldest closed segments that nothing holds, by age. */
  readonly oldest: readonly StoredSegment[];
  /** There are more than these. */
  readonly hasMore: boolean;
}
export interface RetentionFacts {
  readonly cameras: readonly CameraFacts[];
  readonly freeBytes: number;
  readonly floorBytes: number;
  /** Free space up to which it goes on once room has to be made; the floor where it is not given. */
  readonly aimBytes?: number;
  /** What the recordings take, and what they may. */
  readonly storedBytes: number;
  readonly mostBytes: number;
  readonly now: WallMs;
  /** At most so many at a time: deleting must not starve writing. */
  readonly most: number;
  /** Nothing goes but to get above the floor: what only is past its time, or over a bound, waits. */
  readonly onlyForRoom?: boolean;
}
/** age: past its time; size: beyond its camera's bytes; space: no room, before its time; below-least: no room, below what has to be kept. */
export type DeletionReason = "age" | "size" | "space" | "below-least";
export interface Deletion {
  readonly segment: StoredSegment;
  readonly why: DeletionReason;
}
export interface DeletionPlan {
  /** In the order in which they are to go. */
  readonly deletions: readonly Deletion[];
  /** Bytes that are wanted below the floor, and that no candidate gives: what is left is held, or being written. */
  readonly lacking: number;
  /** Bytes above the bound of all recordings that stay, because they are held or below a camera's least. */
  readonly overBound: number;
  /** More may go than it lists: at most so many go at a time. */
  readonly isCut: boolean;
  /** All that may go before a least is broken does not reach the aim: what is freed from now on lasts for a moment only. */
  readonly isScarce: boolean;
}

/** So much of the way from the floor to the aim is freed at the cost of a least: some seconds of what comes. To the floor alone, each write would begin a pass of one segment. */
const LEAST_AIM_SHARE = 1 / 6;

/** A camera's candidates with how far they are taken. */
interface Queue {
  readonly facts: CameraFacts;
  readonly mostMs: number;
  readonly leastMs: number;
  next: number;
}

export function planDeletions(facts: RetentionFacts): DeletionPlan {
  const { now } = facts;
  const deletions: Deletion[] = [];
  let belowFloor = facts.floorBytes - facts.freeBytes;
  let belowAim = (facts.aimBytes ?? facts.floorBytes) - facts.freeBytes;
  let aboveBound = facts.onlyForRoom === true ? 0 : facts.storedBytes - facts.mostBytes;
  const take = (queue: Queue, why: DeletionReason): void => {
    const segment = queue.facts.oldest[queue.next++]!;
    deletions.push({ segment, why });
    belowFloor -= segment.bytes;
    belowAim -= segment.bytes;
    aboveBound -= segment.bytes;
  };
  const isFull = (): boolean => deletions.length >= facts.most;
  const queues = facts.cameras.map((camera): Queue => {
    const leastMs = camera.keeping.leastDays * DAY_MS;
    return { facts: camera, mostMs: Math.max(camera.keeping.mostDays * DAY_MS, leastMs), leastMs, next: 0 };
  });
  const hasNext = (queue: Queue): boolean => queue.next < queue.facts.oldest.length;
  /** Of the next candidate; one whose end lies ahead (the clock was set back) is as young as can be. */
  const ageOf = (queue: Queue): number => Math.max(0, now - agedFromMs(queue.facts.oldest[queue.next]!));
  const isAboveLeast = (queue: Queue): boolean => queue.leastMs === 0 || ageOf(queue) > queue.leastMs;
  const shareOf = (queue: Queue): number => (ageOf(queue) + 1) / queue.mostMs;

  takeByShare(queues, (queue) => (hasNext(queue) && ageOf(queue) > queue.mostMs ? shareOf(queue) : 0), (queue) => take(queue, "age"), () => isFull() || (facts.onlyForRoom === true && belowAim <= 0));
  for (const queue of facts.onlyForRoom === true ? [] : queues) {
    let stored = queue.facts.storedBytes;
    for (const gone of queue.facts.oldest.slice(0, queue.next)) stored -= gone.bytes;
    while (hasNext(queue) && stored > queue.facts.keeping.mostBytes && isAboveLeast(queue) && !isFull()) {
      stored -= queue.facts.oldest[queue.next]!.bytes;
      take(queue, "size");
    }
  }
  takeByShare(queues, (queue) => (hasNext(queue) && isAboveLeast(queue) ? shareOf(queue) : 0), (queue) => take(queue, "space"), () => isFull() || (belowAim <= 0 && aboveBound <= 0));
  // Only once the plan has seen all that may go without breaking a least: where a list was cut, the rest of it comes first, with the next plan.
  const hasSeenAll = (): boolean => queues.every((queue) => !queue.facts.hasMore || hasNext(queue));
  const isScarce = hasSeenAll() && belowAim > 0;
  if (isScarce && belowFloor > 0) {
    const leastBeyond = ((facts.aimBytes ?? facts.floorBytes) - facts.floorBytes) * LEAST_AIM_SHARE;
    takeByShare(queues, (queue) => (hasNext(queue) ? (ageOf(queue) + 1) / Math.max(queue.leastMs, 1) : 0), (queue) => take(queue, "below-least"), () => isFull() || belowFloor + leastBeyond <= 0);
  }
  const isDone = !isFull() && hasSeenAll();
  return { deletions, lacking: isDone ? Math.max(0, belowFloor) : 0, overBound: isDone ? Math.max(0, aboveBound) : 0, isCut: !isDone, isScarce };
}

/** Takes the candidate with the greatest share again and again; 0 is none. */
function takeByShare(queues: readonly Queue[], shareOf: (queue: Queue) => number, take: (queue: Queue) => void, isEnough: () => boolean): void {
  while (!isEnough()) {
    let best: Queue | undefined;
    let bestShare = 0;
    for (const queue of queues) {
      const share = shareOf(queue);
      if (share > bestShare) {
        best = queue;
        bestShare = share;
      }
    }
    if (best === undefined) return;
    take(best);
  }
}
