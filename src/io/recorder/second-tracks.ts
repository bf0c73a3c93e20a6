// What is beside the pictures of one camera, sound and ONVIF metadata: which of them its register asks for, from packets to samples, and into files with the pictures' segments ([SND1], [MET1]). A
// camera that asks for neither has nothing here but two writers that are never called.
import type { WallMs } from "../../base/time.ts";
import type { AudioTrack, MediaTrack, TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import { TrackIngest, type TrackSample } from "../../video/ingest/track-ingest.ts";
import type { StoredCamera } from "./camera-list.ts";
import { MetadataWriter } from "./metadata-writer.ts";
import { SoundWriter } from "./sound-writer.ts";
import type { TrackFileOptions } from "./track-file-writer.ts";
import type { WorkerContext } from "./worker-context.ts";

export const listWantedTracks = ({ sound, metadata }: StoredCamera): TrackKind[] => ["video", ...(sound ? ["audio" as const] : []), ...(metadata ? ["metadata" as const] : [])];

/** Somebody who hears the camera now. */
export interface SoundListener {
  /** Undefined: there is no sound just now. */
  onSoundFormat(track: AudioTrack | undefined): void;
  onSound(sample: TrackSample): void;
}

export class SecondTracks {
  readonly #sound: SoundWriter;
  readonly #metadata: MetadataWriter;
  /** By joined track; the place of the pictures, and of what is not asked for, is empty. */
  #ingests: readonly (TrackIngest | undefined)[] = [];
  readonly #listeners = new Set<SoundListener>();
  #soundTrack: AudioTrack | undefined;

  constructor(camera: StoredCamera, { root, index, log, trackFileBudget: budget }: Pick<WorkerContext, "root" | "index" | "log" | "trackFileBudget">) {
    const { cameraId, code } = camera;
    const optionsOf = (kind: string): TrackFileOptions => ({ root, index, cameraId, budget, onFailed: (error) => log("error", { cameraId }, `${kind} of camera ${code} could not be written: ${error.message}`) });
    this.#sound = new SoundWriter(optionsOf("sound"));
    this.#metadata = new MetadataWriter(optionsOf("metadata"));
  }

  beginRun(tracks: readonly { readonly track: MediaTrack }[], camera: StoredCamera): void {
    this.#soundTrack = undefined;
    this.#ingests = tracks.map(({ track }) => {
      if (track.kind === "audio" && camera.sound) {
        this.#soundTrack = track;
        return new TrackIngest(track, { onTrackSample: (sample) => this.#onSound(sample) });
      }
      if (track.kind === "metadata" && camera.metadata) return new TrackIngest(track, { onTrackSample: (sample) => this.#metadata.onSample(sample) });
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

  #onSound(sample: TrackSample): void {
    this.#sound.onSample(sample);
    for (const listener of this.#listeners) listener.onSound(sample);
  }

  endSession(): void {
    this.#ingests = [];
    this.#soundTrack = undefined;
    for (const listener of this.#listeners) listener.onSoundFormat(undefined);
  }

  onRtp(at: number, bytes: Uint8Array, start: number, end: number, arrival: WallMs): void {
    this.#ingests[at]?.onRtp(bytes, start, end, arrival);
  }

  /** The segment that the pictures go into from now on; undefined: none. */
  onSegment(segmentId: number | undefined): void {
    this.#sound.onSegment(segmentId);
    this.#metadata.onSegment(segmentId);
  }

  /** By joined track, of this run. */
  listFaults(): readonly (ReadonlyMap<string, number> | undefined)[] {
    return this.#ingests.map((ingest) => ingest?.faults);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await Promise.all([this.#sound.idle(), this.#metadata.idle()]);
  }
}
