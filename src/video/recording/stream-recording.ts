// One camera's recording: samples in, runs, segments and fragments out ([RCD1] to [RCD8] in SPEC.md). Decides; writes nothing itself. A sample's duration is
// known when the next one comes, so a fragment is closed by the sample after it, or, for slow cameras, by the tick with a guess.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { ChunkPort, GapCause, RecordingPort } from "../ports.ts";
import { FragmentBuffer } from "./fragment-buffer.ts";
import { PictureGaps } from "./picture-gaps.ts";
import { SEGMENT_MS, isRotationDue, rotationPhaseMs } from "./rotation.ts";

/** Media time in a fragment; what a crash can lose, together with the tick below. */
export const FRAGMENT_90K = 45_000;
/** A sample waits no longer than this for its successor before it is written. */
export const MOST_WAIT_MS = 1_000;
const FIRST_DURATION_90K = 3_600; // 25 frames a second, until the first real distance is known

export class StreamRecording {
  readonly #port: RecordingPort;
  readonly #segmentMs: number;
  readonly #phaseMs: number;
  /** Where this camera's access units are to be put together. */
  readonly memory: FragmentBuffer;
  #init: Uint8Array | undefined;
  #initBytes = 0;
  /** The next fragment is the first of its segment. */
  #initDue = false;
  #formatChanged = false;
  #inRun = false;
  #segmentStartMs: WallMs = -1;
  #sequence = 0;
  #lastDecode90k = 0;
  #lastDuration90k = FIRST_DURATION_90K;
  #lastWallMs: WallMs = 0;
  #pendingSince: MonotonicMs = -1;
  readonly #gaps = new PictureGaps();

  constructor(cameraId: number, port: RecordingPort, chunks: ChunkPort, segmentMs = SEGMENT_MS) {
    this.#port = port;
    this.memory = new FragmentBuffer(chunks);
    this.#segmentMs = segmentMs;
    this.#phaseMs = rotationPhaseMs(cameraId, segmentMs);
  }

  get inRun(): boolean {
    return this.#inRun;
  }

  onFormat(format: VideoFormat): void {
    this.#init = encodeInitSegment(format);
    this.#formatChanged = true;
  }

  /** The sample's bytes may be moved; it says where they are afterwards. */
  onSample(sample: Sample, now: MonotonicMs): void {
    if (this.#init === undefined) return;
    const { table } = this.memory;
    if (!this.#inRun) {
      if (!sample.key) return; // after a slow or failed disk: back in at the next key frame
      if (!this.memory.prepare(sample) || !this.#port.beginRun(sample.wallMs)) return;
      this.#inRun = true;
      this.#gaps.beginRun();
      this.#segmentStartMs = -1;
    } else if (table.count > 0) {
      this.#lastDuration90k = Math.max(1, sample.decode90k - this.#lastDecode90k);
      table.setLastDuration(this.#lastDuration90k);
      if (sample.key || sample.decode90k - table.start90k >= FRAGMENT_90K || this.memory.isFull(sample)) {
        const moves = this.memory.isHere(sample);
        const flushed = this.#flush(sample.wallMs);
        if (moves) {
          sample.bytes = this.memory.bytes;
          sample.start = this.memory.start;
        }
        if (!flushed) return;
      }
    }
    const gap = this.#gaps.note(sample);
    if (gap !== undefined) this.#port.noteGapWithin(gap.start, gap.end, gap.cause);
    if (sample.key && (this.#segmentStartMs < 0 || this.#formatChanged || isRotationDue(this.#segmentStartMs, sample.wallMs, this.#phaseMs, this.#segmentMs))) {
      this.#noteJoinedGaps(sample.wallMs); // those of the file that ends: what a crash leaves untold is in the one that was being written
      this.#segmentStartMs = sample.wallMs;
      this.#formatChanged = false;
      this.#sequence = 0;
      this.#lastWallMs = sample.wallMs - this.#lastDuration90k / 90; // nothing of this segment is handed over yet
      this.#initBytes = this.memory.reserveHead(this.#init.length);
      this.#initDue = true;
      if (!this.#port.beginSegment(sample.wallMs, this.#init, this.#initBytes)) {
        this.#abort("disk-failed", sample.wallMs);
        return;
      }
    }
    if (table.count === 0) this.#pendingSince = now;
    if (!this.memory.add(sample, this.#initDue && table.count === 0 ? this.#init : undefined)) {
      this.#abort("disk-slow", sample.wallMs);
      return;
    }
    this.#lastDecode90k = sample.decode90k;
    this.#lastWallMs = sample.wallMs;
  }

  /** Writes what has waited too long, with the last duration as the guess for the last sample. */
  tick(now: MonotonicMs): void {
    if (this.#inRun && this.memory.table.count > 0 && now - this.#pendingSince >= MOST_WAIT_MS) this.#flushGuessing();
  }

  /** Writes what waits, with a guess for the last sample: somebody wants to read it. */
  flush(): void {
    if (this.#inRun && this.memory.table.count > 0) this.#flushGuessing();
  }

  /** Ends the run, if there is one. What waits is written before. */
  end(cause: GapCause): void {
    if (!this.#inRun) return;
    if (this.memory.table.count > 0 && !this.#flushGuessing()) return;
    this.#endRun(this.#lastWallMs + this.#lastDuration90k / 90, cause);
  }

  /** Ends the run before this sample, whose bytes may be moved; it says where they are afterwards. */
  endBefore(sample: Sample, cause: GapCause): void {
    if (this.#inRun && this.memory.table.count > 0) {
      this.#lastDuration90k = Math.max(1, sample.decode90k - this.#lastDecode90k);
      this.#lastWallMs = sample.wallMs - this.#lastDuration90k / 90;
    }
    this.endBeside(sample, cause);
  }

  /** Ends the run, which this sample does not continue; its bytes may be moved, and it says where they are afterwards. */
  endBeside(sample: Sample, cause: GapCause): void {
    const moves = this.memory.isHere(sample);
    this.end(cause);
    if (!moves) return;
    sample.bytes = this.memory.bytes;
    sample.start = this.memory.start;
  }

  /** Ends the run where the disk failed: what waits is lost with it. */
  abort(cause: GapCause): void {
    this.#abort(cause, this.#lastWallMs + this.#lastDuration90k / 90);
  }

  /** `endWallMs`: of what was handed over, where nothing waits behind it. */
  #abort(cause: GapCause, endWallMs: WallMs): void {
    if (!this.#inRun) return;
    const { table } = this.memory;
    const end = table.count > 0 ? table.startWallMs : endWallMs;
    this.memory.clear();
    this.#endRun(end, cause);
  }

  #endRun(endWallMs: WallMs, cause: GapCause): void {
    this.#inRun = false;
    this.#noteJoinedGaps(endWallMs);
    this.#port.endRun(endWallMs, cause);
  }

  #noteJoinedGaps(untilWallMs: WallMs): void {
    const joined = this.#gaps.takeJoined();
    if (joined !== undefined && joined.start < untilWallMs) this.#port.noteGapWithin(joined.start, Math.min(joined.end, untilWallMs), joined.cause);
  }

  #flushGuessing(): boolean {
    this.memory.table.setLastDuration(this.#lastDuration90k);
    return this.#flush(this.#lastWallMs + this.#lastDuration90k / 90);
  }

  #flush(endWallMs: WallMs): boolean {
    const { table } = this.memory;
    const { count, start90k, startWallMs, startsWithKey } = table;
    const duration90k = table.duration90k();
    const initBytes = this.#initDue ? this.#initBytes : 0;
    this.#sequence++;
    this.#initDue = false;
    const { chunk, start, end } = this.memory.take(this.#sequence, initBytes);
    if (this.#port.writeFragment(chunk, start, end, { startWallMs, endWallMs, start90k, duration90k, frames: count, startsWithKey, initBytes })) return true;
    this.#endRun(startWallMs, "disk-slow");
    return false;
  }
}
