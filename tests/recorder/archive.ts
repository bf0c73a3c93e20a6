// Recordings for tests and benches, made by the product's own writer from a clip's pictures as fast as the disk takes them: the clip repeats for as long as is asked.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MP4BoxBuffer, type Sample as Mp4Sample, createFile } from "mp4box";
import { ChunkArena } from "../../src/io/recorder/chunk-arena.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { SoundWriter } from "../../src/io/recorder/sound-writer.ts";
import { RecordingWriter } from "../../src/io/recorder/recording-writer.ts";
import { joinLengthPrefixed, splitAnnexB } from "../../src/media/annexb.ts";
import { ParameterSets, type VideoFormat } from "../../src/media/video-format.ts";
import type { AudioTrack } from "../../src/protocol/rtsp/media-tracks.ts";
import { TrackSample } from "../../src/video/ingest/track-ingest.ts";
import { Sample } from "../../src/video/ingest/video-ingest.ts";
import { StreamRecording } from "../../src/video/recording/stream-recording.ts";
import type { GapCause } from "../../src/video/ports.ts";

export interface ClipSample {
  readonly bytes: Uint8Array;
  readonly key: boolean;
  readonly duration90k: number;
  readonly composition90k: number;
}
export interface StoredClip {
  readonly format: VideoFormat;
  readonly samples: readonly ClipSample[];
}

/** The sound of a run: equal units, one after the other. */
export interface StoredSound {
  readonly track: AudioTrack;
  /** In the track's clock. */
  readonly unitDuration: number;
  /** Undefined: it was lost. */
  readonly unitAt: (i: number) => Uint8Array | undefined;
  /** When the first comes, after the first picture. */
  readonly delayMs?: number;
}

/** An H.264 file of the simulation: 25 pictures a second, a key frame each second, one slice a picture. */
export function readAnnexBClip(file: string | URL): StoredClip {
  const sets = new ParameterSets("h264");
  const samples: ClipSample[] = [];
  let waiting: Uint8Array[] = [];
  for (const nal of splitAnnexB(readFileSync(file))) {
    const type = nal[0]! & 0x1f;
    sets.note(nal, 0, nal.length);
    waiting.push(nal);
    if (type !== 1 && type !== 5) continue;
    samples.push({ bytes: joinLengthPrefixed(waiting), key: type === 5, duration90k: 3_600, composition90k: 0 });
    waiting = [];
  }
  const format = sets.describe();
  if (!format.ok) throw new Error(format.error);
  return { format: format.value, samples };
}

/** The pictures of an MP4 as ffmpeg writes it, with their decoding and composition times. */
export async function readMp4Clip(file: string): Promise<StoredClip> {
  const mp4 = createFile();
  const samples: Mp4Sample[] = [];
  let format: VideoFormat | undefined;
  mp4.onReady = (info) => {
    const track = info.videoTracks[0]!;
    const entry = mp4.getTrackById(track.id).mdia.minf.stbl.stsd.entries[0] as unknown as { avcC?: { start: number; size: number }; hvcC?: { start: number; size: number } };
    const box = (entry.avcC ?? entry.hvcC)!;
    const configuration = Uint8Array.from(readFileSync(file).subarray(box.start + 8, box.start + box.size));
    format = { codec: entry.avcC === undefined ? "h265" : "h264", codecString: track.codec, width: track.video!.width, height: track.video!.height, frameRate: 25, reorderFrames: undefined, configuration };
    mp4.setExtractionOptions(track.id, undefined, { nbSamples: 1 });
    mp4.start();
  };
  mp4.onSamples = (_id, _user, some) => samples.push(...some);
  mp4.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(readFileSync(file)).buffer, 0));
  mp4.flush();
  if (format === undefined) throw new Error(`${file} has no pictures`);
  const shift = samples[0]!.cts - samples[0]!.dts; // as a camera's: the first picture shows when it is decoded or later
  return { format, samples: samples.map((each) => ({ bytes: each.data!, key: each.is_sync, duration90k: Math.round((each.duration * 90_000) / each.timescale), composition90k: Math.round(((each.cts - each.dts - Math.min(0, shift)) * 90_000) / each.timescale) })) };
}

interface ArchivedCamera {
  readonly writer: RecordingWriter;
  readonly soundWriter: SoundWriter;
  readonly recording: StreamRecording;
}

export class TestArchive {
  readonly root: string;
  readonly index: IndexStore;
  readonly #chunks = new ChunkArena(256 * 1024 * 1024);
  readonly #writers = new Map<number, ArchivedCamera>();

  private constructor(root: string) {
    this.root = root;
    this.index = new IndexStore(join(root, "index.sqlite"));
  }

  static async create(folder = tmpdir()): Promise<TestArchive> {
    return new TestArchive(await mkdtemp(join(folder, "citywatch-archive-")));
  }

  writerOf(cameraId: number): RecordingWriter {
    return this.#cameraOf(cameraId).writer;
  }

  /** One run of `pictures` pictures from `startMs`; it ends with `cause`, or stays open for null. Answers when the last one ends. */
  async record(cameraId: number, clip: StoredClip, startMs: number, pictures: number, cause: GapCause | null = "camera-closed", sound?: StoredSound): Promise<number> {
    const { writer, recording, soundWriter } = this.#cameraOf(cameraId);
    recording.onFormat(clip.format);
    let unit = 0;
    const hearUntil = (wallMs: number): void => {
      if (sound === undefined) return;
      for (; ; unit++) {
        const at = unit * sound.unitDuration;
        const heardMs = startMs + (sound.delayMs ?? 0) + (at * 1_000) / sound.track.clockHz;
        if (heardMs >= wallMs) return;
        const bytes = sound.unitAt(unit);
        if (bytes === undefined) continue;
        soundWriter.onSample(Object.assign(new TrackSample(sound.track), { bytes, start: 0, end: bytes.length, media90k: Math.round((at * 90_000) / sound.track.clockHz), wallMs: heardMs }));
      }
    };
    const sample = new Sample();
    let at90k = 0;
    for (let i = 0; i < pictures; i++) {
      const picture = clip.samples[i % clip.samples.length]!;
      sample.bytes = picture.bytes;
      sample.start = 0;
      sample.length = picture.bytes.length;
      sample.key = picture.key;
      sample.decode90k = at90k;
      sample.composition90k = picture.composition90k;
      sample.wallMs = startMs + at90k / 90;
      recording.onSample(sample, sample.wallMs);
      at90k += picture.duration90k;
      hearUntil(startMs + at90k / 90);
      if (i % 250 === 249) await Promise.all([writer.idle(), soundWriter.idle()]);
    }
    if (cause === null) recording.flush();
    else {
      recording.end(cause);
      soundWriter.onSegment(undefined);
    }
    await writer.idle();
    await soundWriter.idle();
    return startMs + at90k / 90;
  }

  async close(): Promise<void> {
    for (const { writer, recording, soundWriter } of this.#writers.values()) {
      recording.end("recorder-stopped");
      soundWriter.onSegment(undefined);
      await Promise.all([writer.idle(), soundWriter.idle()]);
    }
    this.index.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.root, { recursive: true, force: true });
  }

  #cameraOf(cameraId: number): ArchivedCamera {
    const known = this.#writers.get(cameraId);
    if (known !== undefined) return known;
    const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
    const soundWriter = new SoundWriter({ root: this.root, cameraId, index: this.index, onFailed: (error) => { throw error; } });
    const writer = new RecordingWriter({ root: this.root, cameraId, index: this.index, counters, onDiskFailed: (error) => { throw error; }, onSegment: (segmentId) => soundWriter.onSegment(segmentId) });
    const made = { writer, soundWriter, recording: new StreamRecording(cameraId, writer, this.#chunks) };
    this.#writers.set(cameraId, made);
    return made;
  }
}
