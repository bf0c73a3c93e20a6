// When a segment ends ([RCD2], [RCD3]): at the first key frame past a boundary of one minute, shifted by the camera's phase, so that a thousand cameras
// never open, sync and close in the same second. The phase comes from the id alone: a restart does not move it.
import { MINUTE_MS, type WallMs } from "../../base/time.ts";

export const SEGMENT_MS = MINUTE_MS;

/** In [0, segmentMs). Successive ids lie far apart (golden-ratio hashing). */
export function rotationPhaseMs(cameraId: number, segmentMs = SEGMENT_MS): number {
  return Math.floor((((cameraId * 0.6180339887498949) % 1) + 1) % 1 * segmentMs);
}

/** True where a key frame at `wallMs` begins a new segment after one that began at `startMs`. */
export function isRotationDue(startMs: WallMs, wallMs: WallMs, phaseMs: number, segmentMs = SEGMENT_MS): boolean {
  return Math.floor((wallMs - phaseMs) / segmentMs) > Math.floor((startMs - phaseMs) / segmentMs);
}
