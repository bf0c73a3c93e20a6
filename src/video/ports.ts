// What the video domain needs of the world: somewhere to put bytes and facts. Implemented in io/recorder; tests have their own.
import type { WallMs } from "../base/time.ts";
import type { VideoFormat } from "../media/video-format.ts";

/** Why there are no pictures. The words of the contract. */
export const GAP_CAUSES = [
  "recorder-stopped", "recorder-crashed", "camera-unreachable", "camera-refused", "camera-closed", "no-data", "bad-data", "disk-slow", "disk-failed", "not-wanted", "not-yet-added", "deleted",
  "reconfigured", "clock-changed",
] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

export interface FragmentFacts {
  readonly startWallMs: WallMs;
  /** When the last sample ends, as well as is known. */
  readonly endWallMs: WallMs;
  readonly start90k: number;
  readonly duration90k: number;
  readonly frames: number;
  readonly startsWithKey: boolean;
}

/**
 * Where one camera's recording goes. Calls come in order, return at once and never throw; the implementation queues them. `writeFragment` answers false
 * where its queue is full, `beginRun` and `beginSegment` where the disk cannot take the beginning: then nothing was taken. A run that did not begin is
 * not ended; one whose segment did not begin is.
 */
export interface RecordingPort {
  beginRun(startWallMs: WallMs): boolean;
  /** Also ends the segment before, if one is open; it ends where this one starts. */
  beginSegment(startWallMs: WallMs, format: VideoFormat, init: Uint8Array): boolean;
  writeFragment(header: Uint8Array, data: Uint8Array, facts: FragmentFacts): boolean;
  endRun(endWallMs: WallMs, cause: GapCause): void;
}
