// What of a joined camera's samples goes into its recording ([CAM14], [CAM15]): all while the gate is open, none while it is closed. With a pre-roll the closed gate keeps the last
// seconds, and an open one closes at a key frame only, so that between the end of one recording and the pre-roll of the next no picture is missing. What was kept goes to the disk GOP by
// GOP, one for each picture that comes and none that runs ahead of what is written: an event of many cameras does not fill the memory for writing, of which live recording has its share.
// What waits for the disk outlasts its session: a camera that is lost is back within a second, a disk that failed takes longer. What comes then waits behind it, and is a run of its own.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";
import { type PreRoll, startOf } from "./pre-roll.ts";
import { NEVER, isBefore, laterOf, type RunMoment } from "./run-moment.ts";
import type { StreamRecording } from "./stream-recording.ts";

/** draining: a run has begun, and what was kept goes into it; what comes meanwhile is kept behind it. */
type Gate = "open" | "closed" | "opening" | "draining" | "closing";
/** Where runs are recorded. */
export type RunPort = Pick<StreamRecording, "inRun" | "onFormat" | "onSample" | "flush" | "end" | "endBefore" | "endBeside">;
/** What is beside the pictures, and kept as they are. */
export interface BesidePort {
  /** The disk has more of it than it should: what is kept had better wait. */
  readonly isBehind: boolean;
  /** Pictures that were kept went into the recording, up to there. */
  give(until: RunMoment): void;
  /** None is kept any more, and none of those that were was recorded. */
  clear(): void;
}
const NOTHING_BESIDE: BesidePort = { isBehind: false, give: () => undefined, clear: () => undefined };

/** What was kept may be so far ahead of what is on the disk, */
const MOST_AHEAD_MS = 4_000;
/** and so far where it is the last of its run. */
const MOST_AHEAD_OF_NEXT_RUN_MS = 1_000;
/** Pictures wait so long for what is beside them, and no longer. */
const MOST_BESIDE_WAIT_MS = 2_000;

export class GatedRecording {
  /** The number of the run that lasts, or of the last one. */
  run = 0;
  readonly #recording: RunPort;
  readonly #preRoll: PreRoll;
  readonly #beside: BesidePort;
  #gate: Gate = "open";
  #cause: GapCause = "not-wanted";
  #from: RunMoment = { run: 0, ms: 0 };
  #format: VideoFormat | undefined;
  #keepMs = 0;
  /** As asked; while something waits for the disk, less does not count yet. */
  #keepNextMs = 0;
  readonly #writtenUntil: () => WallMs;
  /** Of the GOP that was given last. */
  #given: { readonly run: number; readonly format: VideoFormat; readonly lastMs: WallMs } | undefined;
  /** What the pre-roll had to let go, when it was last looked at. */
  #lost = 0;
  /** The event is over, and not all that it wants is given yet. */
  #closesAfter = false;
  /** The last picture before the event was over: of the GOPs that begin later none is wanted. */
  #until: RunMoment = { run: 0, ms: 0 };
  /** The latest picture. */
  #lastRun = 0;
  #lastMs: WallMs = 0;
  /** Why the run is over that what waits belongs to; told once all of it is given, or with the first picture of the next run. */
  #brokenAs: GapCause | undefined;
  /** Since when what an event wants had to go, before a run could begin. */
  #missedSince: RunMoment | undefined;
  readonly #onMissed: (from: WallMs, to: WallMs) => void;
  /** Since when pictures wait for what is beside them; `gave-up`: they do not until it has caught up. */
  #besideSince: MonotonicMs | "gave-up" | undefined;

  /** `writtenUntil`: up to when the pictures of this run are on the disk. `onMissed`: what an event wanted then had to go before a run could begin. */
  constructor(recording: RunPort, preRoll: PreRoll, writtenUntil: () => WallMs = () => Number.POSITIVE_INFINITY, beside = NOTHING_BESIDE, onMissed: (from: WallMs, to: WallMs) => void = () => undefined) {
    this.#onMissed = onMissed;
    this.#beside = beside;
    this.#recording = recording;
    this.#preRoll = preRoll;
    this.#writtenUntil = writtenUntil;
  }

  get isOpen(): boolean {
    return this.#gate === "open" || this.#gate === "closing";
  }

  /** When the oldest picture begins that is kept, behind all times where none is; undefined: what comes goes straight into the recording. */
  get keptSince(): RunMoment | undefined {
    if (this.isOpen) return undefined;
    const oldest = this.#preRoll.findOldest();
    return oldest === undefined ? NEVER : startOf(oldest);
  }

  /** What an event wants and no run has of it yet, by the clock of its run; undefined: nothing. */
  get wanted(): { readonly from: WallMs; readonly to: WallMs } | undefined {
    if (this.#gate !== "opening") return undefined;
    const oldest = this.#preRoll.findOldest();
    const from = oldest === undefined ? { run: this.#lastRun, ms: this.#lastMs } : startOf(oldest);
    return { from: laterOf(this.#from, from).ms, to: this.#closesAfter ? this.#overAt.ms : Number.POSITIVE_INFINITY };
  }

  /** Of what is being recorded. */
  get recordedRun(): number {
    return this.#given?.run ?? this.run;
  }

  /** How much is kept while the gate is closed; 0: nothing. */
  keep(ms: number): void {
    this.#keepNextMs = ms;
    if (ms >= this.#keepMs || !this.waits) this.#keepAsAsked();
  }

  /** From `fromMs` on, as far as it is kept; the next sample brings it. */
  open(fromMs: WallMs): void {
    this.#waitAnew();
    if (this.#gate === "closed") this.#gate = "opening";
    else if (this.#gate === "closing") this.#gate = "open";
    // Of an event before, which is over, not all is given yet: what is left of it stays wanted.
    const from = { run: this.run, ms: fromMs };
    this.#tellMissed(this.#overAt);
    const oldest = this.#preRoll.findOldest();
    const isLeft = this.#closesAfter && (this.#gate === "draining" || (oldest !== undefined && !isBefore(this.#until, startOf(oldest))));
    if (isLeft) this.#from = isBefore(this.#from, from) ? this.#from : from;
    else if (this.#gate !== "draining") this.#from = from;
    this.#closesAfter = false;
  }

  close(cause: GapCause): void {
    this.#cause = cause;
    if (this.waits) {
      this.#closesAfter = true;
      this.#until = { run: this.#lastRun, ms: this.#lastMs };
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

  /** The sample's bytes may be moved; it says where they are afterwards. While the disk may not be tried, what an event wants is kept, and a gate that was to close has nothing to wait for. */
  onSample(sample: Sample, now: MonotonicMs, mayRecord = true): void {
    this.#lastRun = this.run;
    this.#lastMs = sample.wallMs;
    this.#waitAnew();
    const { inRun } = this.#recording;
    if (this.#gate === "closing" && (sample.key || !inRun)) {
      this.#recording.endBefore(sample, this.#cause);
      this.#gate = "closed";
    }
    // No run lasts (the disk failed or was too slow, the camera is back): what the event wants waits from this picture on until one can begin, as its pre-roll did.
    if (this.#gate === "open" && this.#keepMs > 0 && sample.key && !inRun) {
      this.#gate = "opening";
      this.#from = { run: this.run, ms: sample.wallMs };
    }
    if (this.isOpen) {
      if (mayRecord) this.#recording.onSample(sample, now);
      return;
    }
    const kept = this.#add(sample);
    if (!this.waits || !mayRecord) return;
    if (kept === undefined && this.#preRoll.findOldest() !== undefined) return; // of no use without its key frame
    if (this.#keepMs > 0 && kept !== undefined) {
      // What was kept goes through the memory in which this one lies: from here on it is where it was copied to.
      sample.bytes = kept.bytes;
      sample.start = kept.start;
      const isSingle = this.#preRoll.findOldest()!.samples.length === 1;
      const isGiven = this.#drainOne(now, true);
      if (isSingle && isGiven && this.waits) this.#drainOne(now, true); // one for one would never catch up
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

  /**
   * The camera is lost, or its clock was put right: no sample continues those before. What an event still wants of these is given, no faster than the disk takes it, since a switch that falls has a hundred
   * cameras; then the run ends. To be called again each second until the next session has a picture. Not `paced`: all at once, where a stop has no other way.
   */
  breakOff(now: MonotonicMs, cause: GapCause, mayRecord = true, paced = true): void {
    if (this.waits) {
      this.#brokenAs ??= cause;
      if (mayRecord) this.#giveKept(now, paced);
    }
    if (!this.waits) this.#endBroken(this.#brokenAs ?? cause);
  }

  /** Samples of another run follow. What waits for the disk stays; what no event wants goes. */
  beginRun(): void {
    this.run++;
    if (this.waits) {
      this.#clearIfUnwanted();
      if (this.#closesAfter && this.#preRoll.dropAfter(this.#until)) this.#brokenAs = this.#cause; // it was over first
      if (this.#preRoll.findOldest() !== undefined) {
        this.#brokenAs ??= "no-data";
        return;
      }
    }
    this.#clear();
    if (this.#gate === "draining") this.#opened();
    if (this.#gate === "closing") this.#gate = "closed";
    this.#dropEnded();
  }

  /** Nothing is kept any more, and what still waits is given up. */
  stop(): void {
    this.#closesAfter = this.waits;
    this.#keepNextMs = 0;
    this.#keepAsAsked();
  }

  /** The running GOP, where it is kept here and not in the recording. */
  listRunningGop(): readonly Sample[] | undefined {
    if (this.isOpen) return undefined;
    const gop = this.#preRoll.findNewest();
    return gop?.run === this.run ? [...gop.samples] : [];
  }

  /** The run is over that what was kept went into: the rest of it waits for another, as all of it did. */
  #waitAnew(): void {
    if (this.#gate !== "draining" || this.#recording.inRun) return;
    const oldest = this.#preRoll.findOldest();
    this.#from = oldest === undefined ? { run: this.#lastRun, ms: this.#lastMs } : startOf(oldest);
    this.#given = undefined;
    this.#gate = "opening";
  }

  /** Where it is kept; undefined: it is not. */
  #add(sample: Sample): Pick<Sample, "bytes" | "start"> | undefined {
    if (this.#keepMs === 0 || this.#format === undefined) return undefined;
    const oldest = this.#preRoll.findOldest();
    const { lost } = this.#preRoll;
    const kept = this.#preRoll.add(sample, this.#format, this.#reachMs, this.run, this.#brokenAs);
    if (kept !== undefined) this.#brokenAs = undefined;
    const here = { run: this.run, ms: sample.wallMs };
    const next = this.#preRoll.findOldest();
    if (lost !== this.#preRoll.lost) this.#noteMissed(startOf(oldest!), next === undefined ? here : startOf(next));
    else if (kept === undefined && sample.key) this.#noteMissed(here, NEVER);
    return kept;
  }

  #noteMissed(from: RunMoment, to: RunMoment): void {
    if (this.#gate === "opening" && isBefore(this.#from, to)) this.#missedSince ??= laterOf(this.#from, from);
  }

  /** The last picture that is wanted is wanted, too. */
  get #overAt(): RunMoment {
    return { run: this.#until.run, ms: this.#until.ms + 1 };
  }

  /** What comes `until` then had to go, as far as the event wanted it. */
  #tellMissed(until: RunMoment): void {
    const since = this.#missedSince;
    this.#missedSince = undefined;
    const to = this.#closesAfter && isBefore(this.#overAt, until) ? this.#overAt : until;
    if (since !== undefined && isBefore(since, to)) this.#onMissed(since.ms, to.ms);
  }

  /** How far back is kept: what waits for the disk grows, up to twice the pre-roll, so that other cameras have theirs. */
  get #reachMs(): number {
    return this.waits ? this.#keepMs * 2 : this.#keepMs;
  }

  /** What is kept is wanted, and is not all given yet. */
  get waits(): boolean {
    return this.#gate === "opening" || this.#gate === "draining";
  }

  /** And no picture of the session that it waits in has come yet. */
  get waitsSinceBreak(): boolean {
    return this.waits && this.#brokenAs !== undefined;
  }

  #keepAsAsked(): void {
    this.#keepMs = this.#keepNextMs;
    if (this.#keepMs > 0) return;
    this.#clear();
    this.#dropEnded();
  }

  #giveKept(now: MonotonicMs, paced: boolean): void {
    this.#clearIfUnwanted();
    while (this.waits && this.#drainOne(now, paced));
  }

  /** Where all of it is older than the event wants. */
  #clearIfUnwanted(): void {
    const newest = this.#preRoll.findNewest();
    if (newest !== undefined && isBefore({ run: newest.run, ms: newest.samples.at(-1)!.wallMs }, this.#from)) this.#clear();
  }

  /** As it was broken off, whatever became of it meanwhile. */
  #endBroken(cause: GapCause): void {
    this.#brokenAs = undefined;
    this.#recording.end(cause);
    if (this.#gate === "closing") this.#gate = "closed";
  }

  /** Nothing is left of what an event wants that is over. */
  #dropEnded(): void {
    if (!this.waits || !this.#closesAfter) return;
    this.#tellMissed(this.#overAt);
    this.#gate = "closed";
    this.#closesAfter = false;
    this.#given = undefined;
    this.#keepAsAsked();
  }

  /** The oldest GOP that is kept. False where it stays: no run could begin, or, with `paced`, the disk is behind. After the last one the gate is open, or closed where the event is over. */
  #drainOne(now: MonotonicMs, paced: boolean): boolean {
    if (this.#gate === "opening") {
      this.#preRoll.dropBefore(this.#from);
      this.#lost = this.#preRoll.lost;
      const oldest = this.#preRoll.findOldest();
      if (oldest !== undefined) this.#tellMissed(startOf(oldest));
    }
    // A hole: what waited for the disk had to go. What is left is a run of its own.
    if (this.#lost !== this.#preRoll.lost) this.#recording.end("disk-slow");
    this.#lost = this.#preRoll.lost;
    const gop = this.#preRoll.findOldest();
    const [first] = gop?.samples ?? [];
    if (gop === undefined || first === undefined) {
      this.#opened();
      return true;
    }
    const begins = this.#gate === "draining" && gop.run !== this.#given?.run;
    if (paced && this.#recording.inRun && this.#isAhead(begins ? MOST_AHEAD_OF_NEXT_RUN_MS : MOST_AHEAD_MS, now)) return false;
    if (this.#closesAfter && isBefore(this.#until, startOf(gop))) {
      if (begins) this.#recording.end(gop.brokenAs ?? "no-data");
      else this.#recording.endBefore(first, this.#cause);
      this.#dropEnded();
      return true;
    }
    if (begins) this.#recording.end(gop.brokenAs ?? "no-data");
    if (gop.format !== this.#given?.format || !this.#recording.inRun) this.#recording.onFormat(gop.format);
    this.#given = { run: gop.run, format: gop.format, lastMs: gop.samples.at(-1)!.wallMs };
    for (const [i, sample] of gop.samples.entries()) {
      this.#recording.onSample(sample, now);
      if (i === 0 && !this.#recording.inRun) return false;
    }
    this.#preRoll.dropOldest();
    this.#gate = "draining";
    const next = this.#preRoll.findOldest();
    this.#beside.give(next === undefined ? { run: gop.run, ms: gop.samples.at(-1)!.wallMs } : startOf(next));
    if (next === undefined) this.#opened();
    return true;
  }

  /** Whether the disk is further than that behind what it was given, or has what is beside it still before it. Never measured by what is to be given next: between that and what was may lie a time without pictures. */
  #isAhead(mostMs: number, now: MonotonicMs): boolean {
    if (!this.#beside.isBehind) this.#besideSince = undefined;
    else if (this.#besideSince !== "gave-up") {
      this.#besideSince ??= now;
      if (now - this.#besideSince < MOST_BESIDE_WAIT_MS) return true;
      this.#besideSince = "gave-up";
    }
    const isAhead = this.#given!.lastMs - this.#writtenUntil() > mostMs;
    if (isAhead) this.#recording.flush(); // what waits for its successor is not on the disk either
    return isAhead;
  }

  #clear(): void {
    this.#preRoll.clear();
    this.#beside.clear();
  }

  #opened(): void {
    this.#gate = "open";
    const given = this.#given;
    this.#beside.give(this.#brokenAs === undefined ? NEVER : { run: this.recordedRun, ms: Number.POSITIVE_INFINITY });
    if (this.#brokenAs !== undefined) this.#endBroken(this.#brokenAs);
    this.#given = undefined;
    if (this.#format !== undefined && this.#format !== given?.format) this.#recording.onFormat(this.#format);
    if (this.#closesAfter) {
      this.#closesAfter = false;
      this.close(this.#cause);
    }
    this.#keepAsAsked();
  }
}
