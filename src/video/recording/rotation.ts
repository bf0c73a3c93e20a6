// When a segment ends ([RCD2], [RCD3]): at the first key frame past a boundary of one minute, shifted by the camera's phase, so that a thousand cameras
// never open, sync and close in the same second. The phase comes from the id alone: a restart does not move it.
import { MINUTE_MS, type WallMs } from "../../base/time.ts";

export const SEGMENT_MS = MINUTE_MS;

/** In [0, SEGMENT_MS). Successive ids lie far apart (golden-ratio hashing). */
export function rotationPhaseMs(cameraId: number): number {
  return Math.floor((((cameraId * 0.6180339887498949) % 1) + 1) % 1 * SEGMENT_MS);
}

/** True where a key frame at `wallMs` begins a new segment after one that began at `startMs`. */
export function isRotationDue(startMs: WallMs, wallMs: WallMs, phaseMs: number): boolean {
  return Math.floor((wallMs - phaseMs) / SEGMENT_MS) > Math.floor((startMs - phaseMs) / SEGMENT_MS);
}
