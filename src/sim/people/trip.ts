// A drive along a road path: where the vehicle is at a time. Speed is even along the way; the router's time for it, made slower or faster by how
// the driver drives, sets it. Accelerating and waiting at lights was left out: nobody sees it in fixes once a second.
import { type Point, bearingDeg, between, distanceM } from "../../geo/point.ts";

export interface Trip {
  readonly path: readonly Point[];
  /** Metres from the start to each point of the path. */
  readonly along: Float64Array;
  readonly startedAt: number;
  readonly durationMs: number;
}

export interface OnTheWay {
  readonly point: Point;
  /** null when it stands. */
  readonly headingDeg: number | null;
  readonly speedMps: number;
  readonly arrived: boolean;
}

/** Faster than this nobody drives in a city, whatever the map says. */
const TOP_SPEED_MPS = 28;

/** Throws RangeError on an empty path. */
export function createTrip(path: readonly Point[], durationMs: number, startedAt: number): Trip {
  if (path.length === 0) throw new RangeError("a trip needs a path");
  const along = new Float64Array(path.length);
  for (let i = 1; i < path.length; i++) along[i] = along[i - 1]! + distanceM(path[i - 1]!, path[i]!);
  return { path, along, startedAt, durationMs: Math.max(durationMs, (along.at(-1)! / TOP_SPEED_MPS) * 1000, 1) };
}

export function positionOnTrip({ path, along, startedAt, durationMs }: Trip, now: number): OnTheWay {
  const share = Math.min(1, Math.max(0, (now - startedAt) / durationMs));
  if (share === 1 || path.length === 1) return { point: path.at(-1)!, headingDeg: null, speedMps: 0, arrived: true };
  const length = along.at(-1)!;
  const metres = share * length;
  let low = 0;
  let high = path.length - 1; // along[low] <= metres < along[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (along[middle]! <= metres) low = middle;
    else high = middle;
  }
  const step = along[high]! - along[low]!;
  const point = step === 0 ? path[low]! : between(path[low]!, path[high]!, (metres - along[low]!) / step);
  return { point, headingDeg: step === 0 ? null : bearingDeg(path[low]!, path[high]!), speedMps: length / (durationMs / 1000), arrived: false };
}
