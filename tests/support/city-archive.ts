// An archive for a city that is about to start: what cameras of the simulation showed at a time that has been, their clocks burned in, written by the product's
// own writer into the folder of recordings. An hour that nobody has to wait for.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ChunkArena } from "../../src/io/recorder/chunk-arena.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { RecordingWriter } from "../../src/io/recorder/recording-writer.ts";
import { joinLengthPrefixed } from "../../src/media/annexb.ts";
import { ParameterSets } from "../../src/media/video-format.ts";
import { ASSETS_DIR, openClipFolder } from "../../src/sim/cameras/clip-folder.ts";
import { PICTURE_MS } from "../../src/sim/cameras/clock-strip.ts";
import { CameraStream } from "../../src/sim/cameras/camera-stream.ts";
import { Sample } from "../../src/video/ingest/video-ingest.ts";
import { StreamRecording } from "../../src/video/recording/stream-recording.ts";

export interface PastCamera {
  readonly id: number;
  readonly code: string;
  /** When it was recorded; between two stretches the camera was not to be reached. */
  readonly stretches: readonly { readonly from: number; readonly to: number }[];
}
const PICTURE_90K = PICTURE_MS * 90;

export async function writePast(recordingsDir: string, cameras: readonly PastCamera[]): Promise<void> {
  mkdirSync(recordingsDir, { recursive: true });
  const index = new IndexStore(join(recordingsDir, "index.sqlite"));
  const clips = openClipFolder(ASSETS_DIR);
  const chunks = new ChunkArena(64 * 1024 * 1024);
  const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  for (const { id, code, stretches } of cameras) {
    const stream = new CameraStream({ code, name: `Past of ${code}`, hints: [] }, id, clips, () => 0);
    const writer = new RecordingWriter({ root: recordingsDir, cameraId: id, index, counters, onDiskFailed: (error) => { throw error; } });
    const recording = new StreamRecording(id, writer, chunks);
    for (const { from, to } of stretches) {
      const sets = new ParameterSets("h264");
      const sample = new Sample();
      let first = Math.ceil(from / PICTURE_MS);
      while (!stream.accessUnit(first).key) first++;
      for (let picture = first; picture * PICTURE_MS < to; picture++) {
        const { key, nals } = stream.accessUnit(picture);
        if (picture === first) {
          for (const nal of nals) sets.note(nal, 0, nal.length);
          const format = sets.describe();
          if (!format.ok) throw new Error(format.error);
          recording.onFormat(format.value);
        }
        sample.bytes = joinLengthPrefixed(nals);
        sample.start = 0;
        sample.length = sample.bytes.length;
        sample.key = key;
        sample.decode90k = (picture - first) * PICTURE_90K;
        sample.composition90k = 0;
        sample.wallMs = picture * PICTURE_MS;
        recording.onSample(sample, sample.wallMs);
        if (picture % 100 === 0) await writer.idle();
      }
      recording.end("camera-unreachable");
      await writer.idle();
    }
  }
  index.close();
}
