// The sound of one camera: a file beside each segment of pictures, begun and closed with it, so that the pictures' files and their hot path stay as they are ([SND1], [SND2] in
// video/SPEC.md). A second of it goes out at a time. Sound is never waited for: what fails costs the rest of that minute's sound, is told, and the pictures go on.
import type { WallMs } from "../../base/time.ts";
import { copyBytes } from "../../media/bytes.ts";
import { MOST_SOUND_FILE_BYTES, encodeSoundFragment, encodeSoundInit, soundDuration, type SoundFormat } from "../../media/fmp4/sound.ts";
import type { AudioTrack } from "../../protocol/rtsp/media-tracks.ts";
import type { TrackSample } from "../../video/ingest/track-ingest.ts";
import { insertSound } from "./track-file-store.ts";
import { type TrackFile, type TrackFileOptions, TrackFileWriter } from "./track-file-writer.ts";

interface SoundFile {
  readonly file: TrackFile;
  readonly format: SoundFormat;
  sequence: number;
  startMs: WallMs;
  endMs: WallMs;
  /** Handed to the disk. */
  bytes: number;
  isFull: boolean;
}

const FRAGMENT_SECONDS = 1;
/** What a unit and a fragment take at most beside their bytes. */
const UNIT_HEAD_BYTES = 4;
const FRAGMENT_HEAD_BYTES = 256;

export class SoundWriter {
  readonly #options: TrackFileOptions;
  readonly #writer: TrackFileWriter;
  #segmentId: number | undefined;
  #file: SoundFile | undefined;
  #units: Uint8Array[] = [];
  #unitsBytes = 0;
  #unitsStart = 0;
  #unitsWallMs: WallMs = 0;
  /** Where the next unit begins if none is missing, in the track's clock. */
  #expected = -1;
  /** How far the units came before where they were expected, when their fragment began: a clock that runs slow, or was set back, costs no fragment for each. */
  #behind = 0;
  /** Units that the disk was too slow for, since the start. */
  dropped = 0;

  constructor(options: TrackFileOptions) {
    this.#options = options;
    this.#writer = new TrackFileWriter("sound", options);
  }

  get isBehind(): boolean {
    return this.#writer.isBehind;
  }

  /** The segment that the pictures go into from now on; undefined: none. */
  onSegment(segmentId: number | undefined): void {
    if (segmentId === this.#segmentId) return;
    this.#close();
    this.#segmentId = segmentId;
    if (segmentId === undefined) this.#expected = -1; // what comes next does not follow what came before
  }

  /** `waited`: it was kept for an event, and takes no memory that it had not taken before. */
  onSample({ track, bytes, start, end, media90k, wallMs }: TrackSample, waited = false): void {
    if (this.#writer.isCrowded) this.#flush();
    if (track.kind !== "audio" || this.#segmentId === undefined) return;
    if (this.#writer.isFull(waited)) {
      this.dropped++;
      return;
    }
    this.#file ??= this.#begin(this.#segmentId, formatOf(track), wallMs);
    const of = this.#file;
    const { format } = of;
    if (of.isFull) return;
    if (of.bytes + this.#unitsBytes + end - start + UNIT_HEAD_BYTES + 2 * FRAGMENT_HEAD_BYTES > MOST_SOUND_FILE_BYTES) {
      of.isFull = true;
      this.#flush();
      this.#options.onFailed(new RangeError(`more than ${MOST_SOUND_FILE_BYTES} bytes of sound in a segment; the rest of it is left out`));
      return;
    }
    const at = Math.round((media90k * format.clockHz) / 90_000);
    const duration = soundDuration(format, end - start);
    // Packets are told of in steps of 90 kHz and by a corrected clock: what is off by less than a unit follows the one before.
    const ahead = at - this.#expected;
    const follows = this.#expected >= 0 && (Math.abs(ahead) <= duration || (ahead < 0 && Math.abs(ahead + this.#behind) <= duration));
    if (!follows || (this.#units.length > 0 && this.#expected - this.#unitsStart >= format.clockHz * FRAGMENT_SECONDS)) this.#flush();
    if (this.#units.length === 0) {
      this.#unitsStart = follows ? this.#expected : Math.max(at, this.#expected);
      this.#unitsWallMs = wallMs;
      this.#expected = this.#unitsStart;
      this.#behind = Math.max(0, this.#unitsStart - at);
    }
    this.#units.push(copyBytes(bytes, start, end));
    this.#unitsBytes += end - start + UNIT_HEAD_BYTES;
    this.#writer.hold(end - start);
    this.#expected += duration;
    of.endMs = Math.max(of.endMs, Math.round(wallMs + (duration * 1_000) / format.clockHz));
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#writer.idle();
  }

  #begin(segmentId: number, format: SoundFormat, wallMs: WallMs): SoundFile {
    const file = this.#writer.begin(segmentId);
    const init = encodeSoundInit(format);
    this.#writer.write(file, init);
    return { file, format, sequence: 0, startMs: Math.round(wallMs), endMs: Math.round(wallMs), bytes: init.length, isFull: false };
  }

  #flush(): void {
    const of = this.#file;
    if (of === undefined || this.#units.length === 0) return;
    of.sequence++;
    const fragment = encodeSoundFragment(of.format, of.sequence, this.#unitsWallMs, this.#unitsStart, this.#units);
    this.#writer.write(of.file, fragment, of.endMs);
    of.bytes += fragment.length;
    for (const unit of this.#units) this.#writer.hold(-unit.length);
    this.#units = [];
    this.#unitsBytes = 0;
  }

  #close(): void {
    this.#flush();
    const of = this.#file;
    this.#file = undefined;
    if (of === undefined) return;
    const { index, cameraId } = this.#options;
    this.#writer.close(of.file, (bytes, sha256, endMs) => insertSound(index, { segmentId: of.file.segmentId, cameraId, codec: of.format.codec, startMs: of.startMs, endMs, bytes, sha256 }));
  }
}

const formatOf = (track: AudioTrack): SoundFormat => track;
