// The sender reports of one camera's session ([ING10]): what they say of its clock, and those that are to be kept in the index. They come before the first picture of a run, and of a camera that waits for an event there
// is no run: the first of them wait for it, also where the camera is lost and back meanwhile.
import type { WallMs } from "../../base/time.ts";
import type { HeardSenderReport } from "../../media/rtp/rtcp.ts";
import type { TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import { type KeptSenderReport, SenderReportLog } from "../../video/ingest/sender-reports.ts";

/** Of a run. */
const MOST_UNWRITTEN = 8;
/** A camera that comes and goes while the disk is away. */
const MOST_RUNS = 16;

export class SessionReports {
  #log = new SenderReportLog();
  /** By run, the one that lasts last. */
  #runs: readonly { readonly run: number; readonly unwritten: KeptSenderReport[] }[] = [];

  /** By how much the camera's own clock is ahead of ours; undefined where it has not told in this run. */
  get clockOffsetMs(): number | undefined {
    return this.#log.clockOffsetMs("video");
  }

  /** Runs are numbered as they come. */
  beginRun(run: number): void {
    this.endRun();
    this.#runs = [...this.#runs, { run, unwritten: [] }].slice(-MOST_RUNS);
  }

  /** What is not written yet still may be. */
  endRun(): void {
    this.#log = new SenderReportLog();
  }

  note(kind: TrackKind, report: HeardSenderReport, arrival: WallMs): void {
    const kept = this.#log.note(kind, report, arrival);
    const last = this.#runs.at(-1);
    if (kept !== undefined && last !== undefined && last.unwritten.length < MOST_UNWRITTEN) last.unwritten.push(kept);
  }

  /** Those of the run that is being recorded. What came before it is not recorded any more. */
  write(to: { noteSenderReports(reports: readonly KeptSenderReport[]): void }, recordedRun: number): void {
    this.#runs = this.#runs.filter(({ run }) => run >= recordedRun);
    const [first] = this.#runs;
    if (first?.run === recordedRun && first.unwritten.length > 0) to.noteSenderReports(first.unwritten.splice(0));
  }
}
