// The sender reports of one run, kept with when they came ([ING10]): what the camera's clock said, against ours, for each track. They prove later what the
// camera believed, put sound and pictures in step ([ING11]; nothing else is corrected by them), and tell how wrong a camera's clock is. Bounded: the first of a track and its latest, at most one
// each so many seconds in between.
import type { WallMs } from "../../base/time.ts";
import type { SenderReport } from "../../media/rtp/rtcp.ts";
import type { TrackKind } from "../../protocol/rtsp/media-tracks.ts";

export interface KeptSenderReport {
  readonly track: TrackKind;
  readonly ssrc: number;
  /** The camera's clock. */
  readonly cameraMs: number;
  /** The RTP time of the track at that moment. */
  readonly rtpTime: number;
  readonly arrivalMs: WallMs;
  readonly packets: number;
  readonly octets: number;
}

const KEPT_EACH_MS = 60_000;
/** A camera whose sessions last for months must not fill the memory: the oldest but the first go. */
const MOST_KEPT = 256;

export class SenderReportLog {
  readonly #kept: KeptSenderReport[] = [];
  readonly #latest = new Map<TrackKind, KeptSenderReport>();
  readonly #keptAt = new Map<TrackKind, WallMs>();

  /** Answers what was kept, for whoever writes it down; undefined where the last one is too near. */
  note(track: TrackKind, report: SenderReport, arrivalMs: WallMs): KeptSenderReport | undefined {
    const heard: KeptSenderReport = { track, ssrc: report.ssrc, cameraMs: report.wallMs, rtpTime: report.rtpTimestamp, arrivalMs, packets: report.packets, octets: report.octets };
    this.#latest.set(track, heard);
    const before = this.#keptAt.get(track);
    if (before !== undefined && arrivalMs - before < KEPT_EACH_MS) return undefined;
    this.#keptAt.set(track, arrivalMs);
    if (this.#kept.length === MOST_KEPT) this.#kept.splice(1, 1);
    this.#kept.push(heard);
    return heard;
  }

  list(): readonly KeptSenderReport[] {
    return this.#kept;
  }

  /** By how much the camera's clock is ahead of ours, less the way of the packet; undefined before the first report. */
  clockOffsetMs(track: TrackKind): number | undefined {
    const latest = this.#latest.get(track);
    return latest === undefined ? undefined : latest.cameraMs - latest.arrivalMs;
  }
}
