// When the disk will be full, if everything goes on as in the last day. Each camera's recordings grow by its bytes a day until its retention takes as much away
// as comes: their sum is a line of straight pieces, rising ever less, and the answer is where it meets the room that there is. A camera that records nothing
// any more is counted with what is stored of it until then, which errs on the side of room.
import { DAY_MS, type WallMs } from "../../base/time.ts";
import type { CameraKeeping } from "./plan.ts";

export interface RecordedRate {
  readonly cameraId: number;
  readonly keeping: CameraKeeping;
  readonly storedBytes: number;
  /** Of the last day or so; 0 where nothing came. */
  readonly bytesPerDay: number;
}
export interface ForecastFacts {
  readonly cameras: readonly RecordedRate[];
  readonly freeBytes: number;
  readonly floorBytes: number;
  readonly mostBytes: number;
  /** Recorders that fill the volume, this one counted, each as fast as the others; 1 where it is not given. */
  readonly recorders?: number;
  readonly now: WallMs;
}
export type Forecast =
  | { readonly kind: "unknown" }
  | { readonly kind: "steady"; readonly bytes: number; readonly bytesPerDay: number }
  | { readonly kind: "full"; readonly at: WallMs; readonly bytesPerDay: number };

/** What was recorded is told as a rate only after so long. */
const LEAST_SPAN_MS = 600_000;

/** Bytes a day of what began to be stored at `firstMs`; undefined where that is too short ago to say. */
export function bytesPerDayOf(bytes: number, firstMs: WallMs, now: WallMs): number | undefined {
  return now - firstMs < LEAST_SPAN_MS ? undefined : (bytes * DAY_MS) / (now - firstMs);
}

export function forecastDisk({ cameras, freeBytes, floorBytes, mostBytes, recorders = 1, now }: ForecastFacts): Forecast {
  const bytesPerDay = cameras.reduce((sum, camera) => sum + camera.bytesPerDay, 0);
  if (bytesPerDay <= 0) return { kind: "unknown" };
  const stored = cameras.reduce((sum, camera) => sum + camera.storedBytes, 0);
  const room = Math.min(stored + (freeBytes - floorBytes) / recorders, mostBytes);
  let total = 0;
  let steady = 0;
  let rate = 0;
  /** Cameras that still grow, and the day from now on which they do no more. */
  const growing: { readonly untilDay: number; readonly bytesPerDay: number }[] = [];
  for (const camera of cameras) {
    const most = mostBytesOf(camera);
    if (camera.bytesPerDay === 0) {
      total += camera.storedBytes;
      continue;
    }
    steady += most;
    total += Math.min(camera.storedBytes, most);
    if (camera.storedBytes >= most) continue;
    growing.push({ untilDay: (most - camera.storedBytes) / camera.bytesPerDay, bytesPerDay: camera.bytesPerDay });
    rate += camera.bytesPerDay;
  }
  if (total >= room) return { kind: "full", at: now, bytesPerDay };
  growing.sort((a, b) => a.untilDay - b.untilDay);
  let day = 0;
  for (const camera of growing) {
    const reached = total + rate * (camera.untilDay - day);
    if (reached > room) return { kind: "full", at: Math.round(now + (day + (room - total) / rate) * DAY_MS), bytesPerDay };
    total = reached;
    day = camera.untilDay;
    rate -= camera.bytesPerDay;
  }
  return { kind: "steady", bytes: Math.round(steady), bytesPerDay };
}

/** What a camera's recordings come to. */
function mostBytesOf({ keeping, bytesPerDay }: RecordedRate): number {
  const least = keeping.leastDays * bytesPerDay;
  return Math.max(least, Math.min(Math.max(keeping.mostDays, keeping.leastDays) * bytesPerDay, keeping.mostBytes));
}
