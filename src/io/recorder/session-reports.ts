// The sender reports of one camera's session ([ING10]): what they say of its clock, and those that are to be kept in the index. They come before the first picture of a run, and of a camera that waits for an event there
// is no run: the first of them wait for it.
import type { WallMs } from "../../base/time.ts";
import type { HeardSenderReport } from "../../media/rtp/rtcp.ts";
import type { TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import { type KeptSenderReport, SenderReportLog } from "../../video/ingest/sender-reports.ts";

const MOST_UNWRITTEN = 8;

export class SessionReports {
  #log = new SenderReportLog();
  #unwritten: KeptSenderReport[] = [];

  /** By how much the camera's own clock is ahead of ours; undefined where it has not told in this run. */
  get clockOffsetMs(): number | undefined {
    return this.#log.clockOffsetMs("video");
  }

  beginRun(): void {
    this.endRun();
    this.#unwritten = [];
  }

  /** What is not written yet still may be. */
  endRun(): void {
    this.#log = new SenderReportLog();
  }

  note(kind: TrackKind, report: HeardSenderReport, arrival: WallMs): void {
    const kept = this.#log.note(kind, report, arrival);
    if (kept !== undefined && this.#unwritten.length < MOST_UNWRITTEN) this.#unwritten.push(kept);
  }

  /** Into the run that lasts, which is theirs. */
  write(to: { noteSenderReports(reports: readonly KeptSenderReport[]): void }): void {
    if (this.#unwritten.length === 0) return;
    to.noteSenderReports(this.#unwritten);
    this.#unwritten = [];
  }
}
