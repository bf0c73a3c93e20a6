// What is beside the pictures of one camera, sound and ONVIF metadata: which of them its register asks for, from packets to samples, and into files with the pictures' segments ([SND1], [MET1]). While pictures wait
// in memory for an event, so does what goes with them. A camera that asks for neither has nothing here but two writers that are never called.
import type { WallMs } from "../../base/time.ts";
import type { AudioTrack, MediaTrack, TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import { TrackAlignment, type TrackMoment } from "../../video/ingest/track-alignment.ts";
import { TrackIngest, type TrackSample } from "../../video/ingest/track-ingest.ts";
import { BesidePreRoll } from "../../video/recording/beside-pre-roll.ts";
import type { BesidePort } from "../../video/recording/gated-recording.ts";
import type { RunMoment } from "../../video/recording/run-moment.ts";
import type { StoredCamera } from "./camera-list.ts";
import { MetadataWriter } from "./metadata-writer.ts";
import { SoundWriter } from "./sound-writer.ts";
import type { TrackFileOptions } from "./track-file-writer.ts";
import type { WorkerContext } from "./worker-context.ts";

export const listWantedTracks = ({ sound, metadata }: StoredCamera): TrackKind[] => ["video", ...(sound ? ["audio" as const] : []), ...(metadata ? ["metadata" as const] : [])];

/** What the pictures do meanwhile. */
export interface PicturesPort {
  /** Since when pictures wait in memory; undefined: what comes now goes straight into the recording. */
  keptSince(): RunMoment | undefined;
  /** The run that lasts, and the one that is being recorded: of what waited, an earlier one. */
  run(): number;
  recordedRun(): number;
  /** The RTP time of the latest, and its wall time. */
  latest(): TrackMoment | undefined;
}

/** Somebody who hears the camera now. */
export interface SoundListener {
  /** Undefined: there is no sound just now. */
  onSoundFormat(track: AudioTrack | undefined): void;
  onSound(sample: TrackSample): void;
}

const BEGINNING: RunMoment = { run: 0, ms: 0 };

export class SecondTracks implements BesidePort {
  readonly #sound: SoundWriter;
  readonly #metadata: MetadataWriter;
  readonly #pictures: PicturesPort;
  readonly #kept: BesidePreRoll;
  #alignment: TrackAlignment | undefined;
  /** By joined track; the place of the pictures, and of what is not asked for, is empty. */
  #ingests: readonly (TrackIngest | undefined)[] = [];
  readonly #listeners = new Set<SoundListener>();
  #soundTrack: AudioTrack | undefined;
  #isInSegment = false;

  constructor(camera: StoredCamera, { root, index, log, room, trackFileBudget: budget, preRollBudget }: Pick<WorkerContext, "root" | "index" | "log" | "room" | "trackFileBudget" | "preRollBudget">, pictures: PicturesPort) {
    this.#pictures = pictures;
    this.#kept = new BesidePreRoll(preRollBudget, (sample) => this.#write(sample, true));
    const { cameraId, code } = camera;
    const optionsOf = (kind: string): TrackFileOptions => ({ root, index, cameraId, budget, ...(room === undefined ? {} : { room }), onFailed: (error) => log("error", { cameraId }, `${kind} of camera ${code} could not be written: ${error.message}`) });
    this.#sound = new SoundWriter(optionsOf("sound"));
    this.#metadata = new MetadataWriter(optionsOf("metadata"));
  }

  beginRun(tracks: readonly { readonly track: MediaTrack }[], camera: StoredCamera): void {
    this.#soundTrack = undefined;
    this.#alignment = undefined;
    this.#ingests = tracks.map(({ track }) => {
      if (track.kind === "audio" && camera.sound) {
        this.#soundTrack = track;
        this.#alignment = new TrackAlignment(track.clockHz);
        return new TrackIngest(track, { onTrackSample: (sample) => this.#onSound(sample) });
      }
      if (track.kind === "metadata" && camera.metadata) return new TrackIngest(track, { onTrackSample: (sample) => this.#keep(sample) });
      return undefined;
    });
    for (const listener of this.#listeners) listener.onSoundFormat(this.#soundTrack);
  }

  addListener(listener: SoundListener): void {
    this.#listeners.add(listener);
    if (this.#soundTrack !== undefined) listener.onSoundFormat(this.#soundTrack);
  }

  removeListener(listener: SoundListener): void {
    this.#listeners.delete(listener);
  }

  /** One of the run's sender reports. */
  onSenderReport(kind: TrackKind, report: TrackMoment): void {
    if (kind === "video") this.#alignment?.notePictureReport(report);
    else if (kind === "audio") this.#alignment?.noteSoundReport(report);
  }

  #onSound(sample: TrackSample): void {
    if (this.#alignment !== undefined) sample.wallMs = this.#alignment.align({ rtpTime: sample.rtpTime, ms: sample.wallMs }, this.#pictures.latest());
    this.#keep(sample);
    for (const listener of this.#listeners) listener.onSound(sample);
  }

  #keep(sample: TrackSample): void {
    const since = this.#pictures.keptSince();
    if (since === undefined && this.#kept.isEmpty) this.#write(sample, false);
    else this.#kept.add(sample, since ?? BEGINNING, this.#pictures.run());
  }

  #write(sample: TrackSample, waited: boolean): void {
    if (sample.track.kind === "audio") this.#sound.onSample(sample, waited);
    else this.#metadata.onSample(sample, waited);
  }

  /** The disk has not taken what it was given, and more waits. */
  get isBehind(): boolean {
    return !this.#kept.isEmpty && (this.#sound.isBehind || this.#metadata.isBehind);
  }

  /** Pictures that waited went into the recording, up to there. */
  give(until: RunMoment): void {
    this.#kept.giveBefore(until);
  }

  /** No picture waits any more, and none of those that did was recorded. */
  clear(): void {
    this.#kept.clear();
  }

  endSession(): void {
    this.#ingests = [];
    this.#soundTrack = undefined;
    for (const listener of this.#listeners) listener.onSoundFormat(undefined);
  }

  onRtp(at: number, bytes: Uint8Array, start: number, end: number, arrival: WallMs): void {
    this.#ingests[at]?.onRtp(bytes, start, end, arrival);
  }

  /** The segment that the pictures go into from `atMs` on; undefined: none. */
  onSegment(segmentId: number | undefined, atMs: WallMs): void {
    const at = { run: this.#pictures.recordedRun(), ms: atMs };
    if (this.#isInSegment) this.#kept.giveBefore(at);
    else this.#kept.dropBefore(at);
    this.#isInSegment = segmentId !== undefined;
    this.#sound.onSegment(segmentId);
    this.#metadata.onSegment(segmentId);
  }

  /** By joined track, of this run. */
  listFaults(): readonly (ReadonlyMap<string, number> | undefined)[] {
    return this.#ingests.map((ingest) => ingest?.faults);
  }

  /** What the disk was too slow for, since the start. */
  get dropped(): { readonly sound: number; readonly metadata: number } {
    return { sound: this.#sound.dropped, metadata: this.#metadata.dropped };
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await Promise.all([this.#sound.idle(), this.#metadata.idle()]);
  }
}
