// Sound and pictures on one clock ([ING11] in SPEC.md). Each track's wall time comes from the arrival of its own packets, so a camera that takes longer over one of the two puts them apart by as much. Where it
// sends sender reports of both (RFC 3550 section 6.4.1: the moment of an RTP time by a clock that all its tracks share), they tell how far, and the sound is moved to its pictures.
// What time it is still comes from arrival alone: only the difference of the two tracks is taken from the camera. A camera that corrects its clock between the reports of the two would put them apart by
// as much: a report that does not go on from its track's last one counts only once the other track has reported after it.
import type { WallMs } from "../../base/time.ts";

/** A moment of a track: its RTP time, and the camera's clock or our wall time then. */
export interface TrackMoment {
  readonly rtpTime: number;
  readonly ms: number;
}

const PICTURE_CLOCK_HZ = 90_000;
/** Of two tracks of one camera: more is a report that is wrong, or of two clocks. */
const MOST_APART_MS = 5_000;
/** A report that is further than this from where its track's last one would have it is of a clock that was set, or of RTP times that begin anew. */
const GOES_ON_MS = 100;
/** What ears forgive (ITU-R BT.1359 hears 45 ms): what was found stands until it is off by more. */
const FORGIVEN_MS = 20;

export class TrackAlignment {
  readonly #clockHz: number;
  #pictureReport: TrackMoment | undefined;
  #soundReport: TrackMoment | undefined;
  #isStale = false;
  /** Since the other track's report did not go on from its last there has been none of this one. */
  #awaitsPicture = false;
  #awaitsSound = false;
  /** By how much the wall time of sound, as its arrival has it, lies before its pictures. */
  #correctionMs = 0;
  /** Reports that cannot be of one clock. */
  implausible = 0;

  /** Of the sound. */
  constructor(clockHz: number) {
    this.#clockHz = clockHz;
  }

  notePictureReport(report: TrackMoment): void {
    this.#awaitsPicture = false;
    if (!goesOn(this.#pictureReport, report, PICTURE_CLOCK_HZ)) this.#awaitsSound = true;
    this.#pictureReport = report;
    this.#isStale = true;
  }

  noteSoundReport(report: TrackMoment): void {
    this.#awaitsSound = false;
    if (!goesOn(this.#soundReport, report, this.#clockHz)) this.#awaitsPicture = true;
    this.#soundReport = report;
    this.#isStale = true;
  }

  /** The wall time of a unit of sound; `picture`: the latest picture and its wall time. As it arrived, until both tracks have reported. */
  align(sound: TrackMoment, picture: TrackMoment | undefined): WallMs {
    if (this.#isStale && !this.#awaitsPicture && !this.#awaitsSound && picture !== undefined && this.#pictureReport !== undefined && this.#soundReport !== undefined) {
      this.#isStale = false;
      const aheadMs = picture.ms - cameraTimeOf(this.#pictureReport, picture.rtpTime, PICTURE_CLOCK_HZ);
      const found = cameraTimeOf(this.#soundReport, sound.rtpTime, this.#clockHz) + aheadMs - sound.ms;
      if (Math.abs(found) > MOST_APART_MS) this.implausible++;
      else if (Math.abs(found - this.#correctionMs) > FORGIVEN_MS) this.#correctionMs = Math.round(found);
    }
    return sound.ms + this.#correctionMs;
  }
}

const cameraTimeOf = (report: TrackMoment, rtpTime: number, clockHz: number): number => report.ms + (((rtpTime - report.rtpTime) | 0) * 1_000) / clockHz;

const goesOn = (last: TrackMoment | undefined, report: TrackMoment, clockHz: number): boolean => last === undefined || Math.abs(report.ms - cameraTimeOf(last, report.rtpTime, clockHz)) <= GOES_ON_MS;
