// One camera's recording: samples in, runs, segments and fragments out ([RCD1] to [RCD8] in SPEC.md). Decides; writes nothing itself. A sample's duration is
// known when the next one comes, so a fragment is closed by the sample after it, or, for slow cameras, by the tick with a guess.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import { FragmentAssembly } from "../../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { GapCause, RecordingPort } from "../ports.ts";
import { isRotationDue, rotationPhaseMs } from "./rotation.ts";

/** Media time in a fragment; what a crash can lose, together with the tick below. */
export const FRAGMENT_90K = 45_000;
/** A sample waits no longer than this for its successor before it is written. */
export const MOST_WAIT_MS = 1_000;
const FIRST_DURATION_90K = 3_600; // 25 frames a second, until the first real distance is known

export class StreamRecording {
  readonly #port: RecordingPort;
  readonly #phaseMs: number;
  readonly #assembly = new FragmentAssembly();
  #format: VideoFormat | undefined;
  #init: Uint8Array = new Uint8Array(0);
  #formatChanged = false;
  #inRun = false;
  #segmentStartMs: WallMs = -1;
  #sequence = 0;
  #lastDecode90k = 0;
  #lastDuration90k = FIRST_DURATION_90K;
  #lastWallMs: WallMs = 0;
  #pendingSince: MonotonicMs = -1;

  constructor(cameraId: number, port: RecordingPort) {
    this.#port = port;
    this.#phaseMs = rotationPhaseMs(cameraId);
  }

  get inRun(): boolean {
    return this.#inRun;
  }

  onFormat(format: VideoFormat): void {
    this.#format = format;
    this.#init = encodeInitSegment(format);
    this.#formatChanged = true;
  }

  onSample(sample: Sample, now: MonotonicMs): void {
    if (this.#format === undefined) return;
    if (!this.#inRun) {
      if (!sample.key) return; // after a slow or failed disk: back in at the next key frame
      if (!this.#port.beginRun(sample.wallMs)) return;
      this.#inRun = true;
      this.#segmentStartMs = -1;
    } else if (this.#assembly.count > 0) {
      this.#lastDuration90k = Math.max(1, sample.decode90k - this.#lastDecode90k);
      this.#assembly.setLastDuration(this.#lastDuration90k);
      if (sample.key || sample.decode90k - this.#assembly.start90k >= FRAGMENT_90K) {
        if (!this.#flush(sample.wallMs)) return;
      }
    }
    if (sample.key && (this.#segmentStartMs < 0 || this.#formatChanged || isRotationDue(this.#segmentStartMs, sample.wallMs, this.#phaseMs))) {
      this.#segmentStartMs = sample.wallMs;
      this.#formatChanged = false;
      this.#sequence = 0;
      this.#lastWallMs = sample.wallMs;
      if (!this.#port.beginSegment(sample.wallMs, this.#format, this.#init)) {
        this.abort("disk-failed");
        return;
      }
    }
    if (this.#assembly.count === 0) this.#pendingSince = now;
    this.#assembly.append(sample.bytes, sample.length, sample.decode90k, sample.composition90k, sample.key, sample.wallMs);
    this.#lastDecode90k = sample.decode90k;
    this.#lastWallMs = sample.wallMs;
  }

  /** Writes what has waited too long, with the last duration as the guess for the last sample. */
  tick(now: MonotonicMs): void {
    if (this.#inRun && this.#assembly.count > 0 && now - this.#pendingSince >= MOST_WAIT_MS) this.#flushGuessing();
  }

  /** Ends the run, if there is one. What waits is written before. */
  end(cause: GapCause): void {
    if (!this.#inRun) return;
    if (this.#assembly.count > 0 && !this.#flushGuessing()) return;
    this.#inRun = false;
    this.#port.endRun(this.#lastWallMs + this.#lastDuration90k / 90, cause);
  }

  /** Ends the run where the disk failed: what waits is lost with it. */
  abort(cause: GapCause): void {
    if (!this.#inRun) return;
    this.#inRun = false;
    const endWallMs = this.#assembly.count > 0 ? this.#assembly.startWallMs : this.#lastWallMs;
    this.#assembly.clear();
    this.#port.endRun(endWallMs, cause);
  }

  #flushGuessing(): boolean {
    this.#assembly.setLastDuration(this.#lastDuration90k);
    return this.#flush(this.#lastWallMs + this.#lastDuration90k / 90);
  }

  #flush(endWallMs: WallMs): boolean {
    const { count, start90k, startWallMs, startsWithKey } = this.#assembly;
    const duration90k = this.#assembly.duration90k();
    this.#sequence++;
    const { header, data } = this.#assembly.take(this.#sequence);
    if (this.#port.writeFragment(header, data, { startWallMs, endWallMs, start90k, duration90k, frames: count, startsWithKey })) return true;
    this.#inRun = false;
    this.#port.endRun(startWallMs, "disk-slow");
    return false;
  }
}
