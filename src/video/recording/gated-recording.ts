// What of a joined camera's samples goes into its recording ([CAM14], [CAM15]): all while the gate is open, none while it is closed. With a pre-roll the closed gate keeps the last
// seconds, and an open one closes at a key frame only, so that between the end of one recording and the pre-roll of the next no picture is missing. What was kept goes to the disk GOP by
// GOP, one for each picture that comes and none that runs ahead of what is written: an event of many cameras does not fill the memory for writing, of which live recording has its share.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";
import type { PreRoll } from "./pre-roll.ts";
import type { StreamRecording } from "./stream-recording.ts";

/** draining: a run has begun, and what was kept goes into it; what comes meanwhile is kept behind it. */
type Gate = "open" | "closed" | "opening" | "draining" | "closing";
/** What is beside the pictures, and kept as they are. */
export interface BesidePort {
  /** Pictures that were kept went into the recording, up to there. */
  give(untilMs: WallMs): void;
  /** None is kept any more, and none of those that were was recorded. */
  clear(): void;
}
const NOTHING_BESIDE: BesidePort = { give: () => undefined, clear: () => undefined };

/** What was kept may be so far ahead of what is on the disk. */
const MOST_AHEAD_MS = 4_000;

export class GatedRecording {
  readonly #recording: StreamRecording;
  readonly #preRoll: PreRoll;
  readonly #beside: BesidePort;
  #gate: Gate = "open";
  #cause: GapCause = "not-wanted";
  #fromMs: WallMs = 0;
  #format: VideoFormat | undefined;
  #keepMs = 0;
  readonly #writtenUntil: () => WallMs;
  /** Of the GOP that was given last. */
  #given: VideoFormat | undefined;
  /** What the pre-roll had to let go, when it was last looked at. */
  #lost = 0;
  /** The event is over, and not all that it wants is given yet. */
  #closesAfter = false;
  /** The last picture before the event was over: of the GOPs that begin later none is wanted. */
  #untilMs: WallMs = 0;
  #lastWallMs: WallMs = 0;
  #now: MonotonicMs = 0;
  /** The cause of the run's end that is to come, once all is given that the event wants of a camera that is lost. */
  #lostAs: GapCause | undefined;

  /** `writtenUntil`: up to when the pictures of this run are on the disk. */
  constructor(recording: StreamRecording, preRoll: PreRoll, writtenUntil: () => WallMs = () => Number.POSITIVE_INFINITY, beside = NOTHING_BESIDE) {
    this.#beside = beside;
    this.#recording = recording;
    this.#preRoll = preRoll;
    this.#writtenUntil = writtenUntil;
  }

  get isOpen(): boolean {
    return this.#gate === "open" || this.#gate === "closing";
  }

  /** When the oldest picture begins that is kept, behind all times where none is; undefined: what comes goes straight into the recording. */
  get keptSinceMs(): WallMs | undefined {
    return this.isOpen ? undefined : (this.#preRoll.findOldest()?.samples[0]?.wallMs ?? Number.POSITIVE_INFINITY);
  }

  /** How much is kept while the gate is closed; 0: nothing. */
  keep(ms: number): void {
    if (ms === 0) {
      this.finish(this.#now, this.#recording.inRun);
      this.#clear();
      this.#dropEnded();
    }
    this.#keepMs = ms;
  }

  /** From `fromMs` on, as far as it is kept; the next sample brings it. */
  open(fromMs: WallMs): void {
    if (this.#gate === "closed") this.#gate = "opening";
    else if (this.#gate === "closing") this.#gate = "open";
    // Of an event before, which is over, not all is given yet: it stays wanted.
    if (this.#closesAfter) this.#fromMs = Math.min(this.#fromMs, fromMs);
    else if (this.#gate !== "draining") this.#fromMs = fromMs;
    this.#closesAfter = false;
  }

  close(cause: GapCause): void {
    this.#cause = cause;
    if (this.waits) {
      this.#closesAfter = true;
      this.#untilMs = this.#lastWallMs;
      if (this.#gate === "opening" && this.#preRoll.findOldest() === undefined) this.#dropEnded();
    }
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
    this.#now = now;
    this.#lastWallMs = sample.wallMs;
    if (this.#gate === "closing" && sample.key) {
      this.#recording.endBefore(sample, this.#cause);
      this.#gate = "closed";
    }
    if (this.isOpen) {
      if (mayRecord) this.#recording.onSample(sample, now);
      return;
    }
    const kept = this.#keepMs > 0 && this.#format !== undefined ? this.#preRoll.add(sample, this.#format, this.#reachMs(sample)) : undefined;
    if (!this.waits || !mayRecord) return;
    if (this.#keepMs > 0 && kept !== undefined) {
      // What was kept goes through the memory in which this one lies: from here on it is where it was copied to.
      sample.bytes = kept.bytes;
      sample.start = kept.start;
      this.#drainOne(now, true);
    } else if (this.#keepMs > 0) {
      // No memory to keep it in, and nothing that was kept is left: the run ends, and begins anew with this one where it is a key frame.
      this.#recording.endBeside(sample, "disk-slow");
      this.#opened();
      if (this.isOpen) this.#recording.onSample(sample, now);
    } else {
      this.#gate = "open";
      if (this.#format !== undefined) this.#recording.onFormat(this.#format);
      this.#recording.onSample(sample, now);
    }
  }

  /** The camera is lost: what its event still wants is given, no faster than the disk takes it, since a switch that falls has a hundred of them; then the run ends. To be called again each second until a session begins. */
  bringAfterLoss(now: MonotonicMs, cause: GapCause, mayRecord = true): void {
    this.#lostAs ??= cause;
    this.#give(now, mayRecord, true);
    if (!this.waits) this.#endLost();
  }

  /** What was kept, is wanted and is not given yet is given at once, where the disk may be tried: the run is about to end. That of a lost camera ends with it. */
  finish(now: MonotonicMs, mayRecord = true): void {
    this.#give(now, mayRecord, false);
    this.#endLost();
  }

  #give(now: MonotonicMs, mayRecord: boolean, paced: boolean): void {
    if (!this.waits || !mayRecord) return;
    const last = this.#preRoll.listRunningGop().at(-1);
    if (last !== undefined && last.wallMs < this.#fromMs) this.#clear(); // all of it is older than the event wants
    while (this.waits && this.#drainOne(now, paced));
  }

  /** As it was lost, whatever became of it meanwhile. */
  #endLost(): void {
    if (this.#lostAs === undefined) return;
    this.#recording.end(this.#lostAs);
    this.#lostAs = undefined;
    if (this.#gate === "closing") this.#gate = "closed";
  }

  /** The samples that follow do not continue those before. */
  beginRun(): void {
    this.#clear();
    if (this.#gate === "draining") this.#opened();
    if (this.#gate === "closing") this.#gate = "closed";
    this.#dropEnded();
  }

  /** The running GOP, where it is kept here and not in the recording. */
  listRunningGop(): readonly Sample[] | undefined {
    return this.isOpen ? undefined : this.#preRoll.listRunningGop();
  }

  /** How far back is kept: what waits for the disk grows, up to twice the pre-roll, so that other cameras have theirs. */
  #reachMs(sample: Sample): number {
    if (!this.waits) return this.#keepMs;
    return Math.max(this.#keepMs, Math.min(sample.wallMs - this.#fromMs, this.#keepMs * 2));
  }

  /** What is kept is wanted, and is not all given yet. */
  get waits(): boolean {
    return this.#gate === "opening" || this.#gate === "draining";
  }

  /** Nothing is left of what an event wants that is over. */
  #dropEnded(): void {
    if (!this.waits || !this.#closesAfter) return;
    this.#gate = "closed";
    this.#closesAfter = false;
    this.#given = undefined;
  }

  /** The oldest GOP that is kept. False where it stays: no run could begin, or, with `paced`, the disk is behind. After the last one the gate is open, or closed where the event is over. */
  #drainOne(now: MonotonicMs, paced: boolean): boolean {
    if (this.#gate === "opening") {
      this.#preRoll.dropBefore(this.#fromMs);
      this.#lost = this.#preRoll.lost;
    }
    // A hole: what waited for the disk had to go. What is left is a run of its own.
    if (this.#lost !== this.#preRoll.lost) this.#recording.end("disk-slow");
    this.#lost = this.#preRoll.lost;
    const gop = this.#preRoll.findOldest();
    const [first] = gop?.samples ?? [];
    if (this.#closesAfter && first !== undefined && first.wallMs > this.#untilMs) {
      this.#recording.endBefore(first, this.#cause);
      this.#dropEnded();
      return true;
    }
    if (gop !== undefined && first !== undefined) {
      if (paced && this.#recording.inRun && first.wallMs - this.#writtenUntil() > MOST_AHEAD_MS) return false;
      if (gop.format !== this.#given || !this.#recording.inRun) this.#recording.onFormat(gop.format);
      this.#given = gop.format;
      for (const [i, sample] of gop.samples.entries()) {
        this.#recording.onSample(sample, now);
        if (i === 0 && !this.#recording.inRun) return false;
      }
      this.#preRoll.dropOldest();
      this.#gate = "draining";
      this.#beside.give(this.#preRoll.findOldest()?.samples[0]?.wallMs ?? gop.samples.at(-1)!.wallMs);
    }
    if (this.#preRoll.findOldest() === undefined) this.#opened();
    return true;
  }

  #clear(): void {
    this.#preRoll.clear();
    this.#beside.clear();
  }

  #opened(): void {
    this.#gate = "open";
    this.#beside.give(Number.POSITIVE_INFINITY);
    if (this.#format !== undefined && this.#format !== this.#given) this.#recording.onFormat(this.#format);
    this.#given = undefined;
    if (!this.#closesAfter) return;
    this.#closesAfter = false;
    this.close(this.#cause);
  }
}
