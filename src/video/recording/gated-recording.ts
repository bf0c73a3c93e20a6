// What of a joined camera's samples goes into its recording ([CAM14], [CAM15]): all while the gate is open, none while it is closed. With a pre-roll the closed gate keeps the last
// seconds, and an open one closes at a key frame only, so that between the end of one recording and the pre-roll of the next no picture is missing.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";
import type { PreRoll } from "./pre-roll.ts";
import type { StreamRecording } from "./stream-recording.ts";

type Gate = "open" | "closed" | "opening" | "closing";

export class GatedRecording {
  readonly #recording: StreamRecording;
  readonly #preRoll: PreRoll;
  #gate: Gate = "open";
  #cause: GapCause = "not-wanted";
  #fromMs: WallMs = 0;
  #format: VideoFormat | undefined;
  #keepMs = 0;

  constructor(recording: StreamRecording, preRoll: PreRoll) {
    this.#recording = recording;
    this.#preRoll = preRoll;
  }

  get isOpen(): boolean {
    return this.#gate === "open" || this.#gate === "closing";
  }

  /** How much is kept while the gate is closed; 0: nothing. */
  keep(ms: number): void {
    this.#keepMs = ms;
    if (ms === 0) this.#preRoll.clear();
  }

  /** From `fromMs` on, as far as it is kept; the next sample brings it. */
  open(fromMs: WallMs): void {
    if (this.#gate === "closed") this.#gate = "opening";
    else if (this.#gate === "closing") this.#gate = "open";
    this.#fromMs = fromMs;
  }

  close(cause: GapCause): void {
    this.#cause = cause;
    if (this.#gate === "opening") this.#gate = "closed";
    if (this.#gate !== "open") return;
    if (this.#keepMs > 0 && this.#recording.inRun) this.#gate = "closing";
    else {
      this.#gate = "closed";
      this.#recording.end(cause);
    }
  }

  onFormat(format: VideoFormat): void {
    this.#format = format;
    if (this.isOpen) this.#recording.onFormat(format);
  }

  /** The sample's bytes may be moved; it says where they are afterwards. While the disk may not be tried, a gate that is to open waits, and what it will bring is kept. */
  onSample(sample: Sample, now: MonotonicMs, mayRecord = true): void {
    if (this.#gate === "closing" && sample.key) {
      this.#recording.endBefore(sample, this.#cause);
      this.#gate = "closed";
    }
    if (this.isOpen) {
      if (mayRecord) this.#recording.onSample(sample, now);
      return;
    }
    if (this.#keepMs > 0 && this.#format !== undefined) this.#preRoll.add(sample, this.#format, this.#reachMs(sample));
    if (this.#gate !== "opening" || !mayRecord) return;
    if (this.#keepMs > 0) {
      if (this.#bring(now)) this.#gate = "open";
    } else {
      this.#gate = "open";
      if (this.#format !== undefined) this.#recording.onFormat(this.#format);
      this.#recording.onSample(sample, now);
    }
  }

  /** The camera is lost, and its last seconds are wanted: they become a run of their own. */
  bringAfterLoss(now: MonotonicMs, cause: GapCause, mayRecord = true): void {
    if (this.#gate !== "opening" || !mayRecord || !this.#bring(now)) return;
    this.#recording.end(cause);
    this.#gate = "open";
  }

  /** The samples that follow do not continue those before. */
  beginRun(): void {
    this.#preRoll.clear();
    if (this.#gate === "closing") this.#gate = "closed";
  }

  /** The running GOP, where it is kept here and not in the recording. */
  listRunningGop(): readonly Sample[] | undefined {
    return this.isOpen ? undefined : this.#preRoll.listRunningGop();
  }

  /** How far back is kept: what waits for the disk grows, up to twice the pre-roll, so that other cameras have theirs. */
  #reachMs(sample: Sample): number {
    if (this.#gate !== "opening") return this.#keepMs;
    return Math.max(this.#keepMs, Math.min(sample.wallMs - this.#fromMs, this.#keepMs * 2));
  }

  /** False where no run could begin: all stays as it is. */
  #bring(now: MonotonicMs): boolean {
    let format: VideoFormat | undefined;
    for (const gop of this.#preRoll.reachBack(this.#fromMs)) {
      const isFirst = format === undefined;
      if (gop.format !== format) this.#recording.onFormat(gop.format);
      format = gop.format;
      for (const [i, sample] of gop.samples.entries()) {
        this.#recording.onSample(sample, now);
        if (isFirst && i === 0 && !this.#recording.inRun) return false;
      }
    }
    this.#preRoll.clear();
    if (this.#format !== undefined && this.#format !== format) this.#recording.onFormat(this.#format);
    return true;
  }
}
