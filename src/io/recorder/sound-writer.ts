// The sound of one camera: a file beside each segment of pictures, begun and closed with it, so that the pictures' files and their hot path stay as they are ([SND1], [SND2] in
// video/SPEC.md). A second of it goes out at a time, hashed on the way; its row is made when the file is whole and synced. Sound is never waited for: what fails costs the rest of that minute's
// sound, is told, and the pictures go on.
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import { encodeSoundFragment, encodeSoundInit, soundDuration, type SoundFormat } from "../../media/fmp4/sound.ts";
import type { AudioTrack } from "../../protocol/rtsp/media-tracks.ts";
import type { TrackSample } from "../../video/ingest/track-ingest.ts";
import type { IndexStore } from "./index-store.ts";
import { cameraFolder, soundPath, syncFolder } from "./segment-files.ts";
import { insertSound } from "./sound-store.ts";

export interface SoundWriterOptions {
  readonly root: string;
  readonly cameraId: number;
  readonly index: IndexStore;
  readonly onFailed: (error: Error) => void;
  /** Of the process. */
  readonly budget?: SoundBudget;
}

/** What the sound of all cameras may take of memory on its way to the disk. */
export class SoundBudget {
  readonly most: number;
  used = 0;

  constructor(most: number) {
    this.most = most;
  }
}

interface SoundFile {
  readonly segmentId: number;
  readonly format: SoundFormat;
  readonly hash: Hash;
  handle: FileHandle | undefined;
  sequence: number;
  bytes: number;
  startMs: WallMs;
  endMs: WallMs;
  failed: boolean;
}

const FRAGMENT_SECONDS = 1;
/** Bytes of one camera on their way to the disk; with more, its sound is dropped. */
const MOST_WAITING_BYTES = 1_000_000;

export class SoundWriter {
  readonly #options: SoundWriterOptions;
  #segmentId: number | undefined;
  #file: SoundFile | undefined;
  #units: Uint8Array[] = [];
  #unitsStart = 0;
  #unitsWallMs: WallMs = 0;
  /** Where the next unit begins if none is missing, in the track's clock. */
  #expected = -1;
  #waitingBytes = 0;
  readonly #budget: SoundBudget;
  #work: Promise<void> = Promise.resolve();

  constructor(options: SoundWriterOptions) {
    this.#options = options;
    this.#budget = options.budget ?? new SoundBudget(MOST_WAITING_BYTES);
  }

  /** The segment that the pictures go into from now on; undefined: none. */
  onSegment(segmentId: number | undefined): void {
    if (segmentId === this.#segmentId) return;
    this.#close();
    this.#segmentId = segmentId;
    if (segmentId === undefined) this.#expected = -1; // what comes next does not follow what came before
  }

  onSample({ track, bytes, start, end, media90k, wallMs }: TrackSample): void {
    if (track.kind !== "audio" || this.#segmentId === undefined || this.#waitingBytes > MOST_WAITING_BYTES || this.#budget.used > this.#budget.most) return;
    this.#file ??= this.#begin(this.#segmentId, formatOf(track), wallMs);
    const { format } = this.#file;
    const at = Math.round((media90k * format.clockHz) / 90_000);
    const duration = soundDuration(format, end - start);
    // Packets are told of in steps of 90 kHz and by a corrected clock: what is off by less than a unit follows the one before.
    const follows = this.#expected >= 0 && Math.abs(at - this.#expected) <= duration;
    if (!follows || (this.#units.length > 0 && this.#expected - this.#unitsStart >= format.clockHz * FRAGMENT_SECONDS)) this.#flush();
    if (this.#units.length === 0) {
      this.#unitsStart = follows ? this.#expected : Math.max(at, this.#expected);
      this.#unitsWallMs = wallMs;
      this.#expected = this.#unitsStart;
    }
    this.#units.push(bytes.slice(start, end));
    this.#hold(end - start);
    this.#expected += duration;
    this.#file.endMs = Math.max(this.#file.endMs, Math.round(wallMs + (duration * 1_000) / format.clockHz));
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#work;
  }

  #begin(segmentId: number, format: SoundFormat, wallMs: WallMs): SoundFile {
    const file: SoundFile = { segmentId, format, hash: createHash("sha256"), handle: undefined, sequence: 0, bytes: 0, startMs: Math.round(wallMs), endMs: Math.round(wallMs), failed: false };
    const { root, cameraId } = this.#options;
    this.#add(file, async () => {
      await mkdir(cameraFolder(root, cameraId), { recursive: true });
      file.handle = await open(soundPath(root, cameraId, segmentId), "wx", 0o600);
    });
    this.#write(file, encodeSoundInit(format));
    return file;
  }

  #flush(): void {
    const file = this.#file;
    if (file === undefined || this.#units.length === 0) return;
    file.sequence++;
    this.#write(file, encodeSoundFragment(file.format, file.sequence, this.#unitsWallMs, this.#unitsStart, this.#units));
    for (const unit of this.#units) this.#hold(-unit.length);
    this.#units = [];
  }

  #write(file: SoundFile, bytes: Uint8Array): void {
    this.#hold(bytes.length);
    this.#add(file, async () => {
      file.hash.update(bytes);
      const { bytesWritten } = await file.handle!.write(bytes, 0, bytes.length, file.bytes);
      if (bytesWritten !== bytes.length) throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes`);
      file.bytes += bytes.length;
    }, () => this.#hold(-bytes.length));
  }

  #hold(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#budget.used += bytes;
  }

  #close(): void {
    this.#flush();
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    const { root, cameraId, index } = this.#options;
    this.#add(file, async () => {
      await file.handle!.datasync();
      await file.handle!.close();
      file.handle = undefined;
      await syncFolder(cameraFolder(root, cameraId));
      insertSound(index, { segmentId: file.segmentId, cameraId, codec: file.format.codec, startMs: file.startMs, endMs: file.endMs, bytes: file.bytes, sha256: file.hash.digest() });
    });
  }

  /** One after the other; after a failure the file is not touched again, and the next start takes what is whole of it. */
  #add(file: SoundFile, work: () => Promise<void>, done: () => void = () => undefined): void {
    this.#work = this.#work.then(async () => {
      try {
        if (!file.failed) await work();
      } catch (error) {
        file.failed = true;
        await file.handle?.close().catch(() => undefined);
        this.#options.onFailed(error as Error);
      } finally {
        done();
      }
    });
  }
}

const formatOf = (track: AudioTrack): SoundFormat => track;
