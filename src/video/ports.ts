// What the video domain needs of the world: somewhere to put bytes and facts. Implemented in io/recorder; tests have their own.
import type { WallMs } from "../base/time.ts";

/** Why there are no pictures. The words of the contract. */
export const GAP_CAUSES = [
  "recorder-stopped", "recorder-crashed", "camera-unreachable", "camera-refused", "camera-closed", "no-data", "bad-data", "disk-slow", "disk-failed", "not-wanted", "not-scheduled", "no-event", "not-yet-added", "deleted",
  "deleted-early", "damaged", "index-lost", "disk-full", "reconfigured", "clock-changed", "not-yet-told",
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
  /** Of the initialisation that comes before it in the same piece; 0 but for the first of a segment. */
  readonly initBytes: number;
}

/** Memory for one fragment to come: `bytes[start, end)`, where `start` and `end` lie on the disk's blocks. */
export interface Chunk {
  /** The whole memory that the chunk is a part of. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Gives it back; whoever holds a chunk does this once. */
  release(): void;
}
/** Chunks, from memory that all cameras of the process share and that is bounded. */
export interface ChunkPort {
  /** Bytes of a block: writes begin and end on multiples of it. */
  readonly blockBytes: number;
  /** Copies `from[start, end)` to `to` from `at` on, in the way that is fastest for this memory. */
  copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void;
  /** A chunk of at least `size` bytes; undefined where too much waits for the disk. */
  acquire(size: number): Chunk | undefined;
}

/**
 * Where one camera's recording goes. Calls come in order, return at once and never throw; the implementation queues them. `writeFragment` answers false
 * where its queue is full, `beginRun` and `beginSegment` where the disk cannot take the beginning: then nothing was taken. A run that did not begin is
 * not ended; one whose segment did not begin is.
 */
export interface RecordingPort {
  beginRun(startWallMs: WallMs): boolean;
  /** Also ends the segment before, if one is open; it ends where this one starts. The first fragment brings the initialisation with it, `initBytes` long. */
  beginSegment(startWallMs: WallMs, init: Uint8Array, initBytes: number): boolean;
  /** Takes the chunk over, of which `[start, end)` are to be written: whole blocks. It is given back also where the answer is false. */
  writeFragment(chunk: Chunk, start: number, end: number, facts: FragmentFacts): boolean;
  /** The run goes on, and had no picture meanwhile. */
  noteGapWithin(startWallMs: WallMs, endWallMs: WallMs, cause: GapCause): void;
  endRun(endWallMs: WallMs, cause: GapCause): void;
}
