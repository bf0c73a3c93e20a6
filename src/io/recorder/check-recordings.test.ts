// The check finds each kind of damage and nothing else; every damage here is a real one, done to files that the writer wrote.
import assert from "node:assert/strict";
import { appendFile, copyFile, mkdtemp, open, rm, truncate, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { type CheckReport, checkRecordings } from "./check-recordings.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { IndexStore } from "./index-store.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { segmentPath } from "./segment-files.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const CAMERAS = 8;
let root = "";
let index: IndexStore;

/** A segment of 60 pictures of each camera. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-check-"));
  index = new IndexStore(join(root, "index.sqlite"));
  const chunks = new ChunkArena(1e8);
  const counters = { bytesWritten: 0, writes: 0, fsyncs: 0, failures: 0 };
  for (let cameraId = 1; cameraId <= CAMERAS; cameraId++) {
    const writer = new RecordingWriter({ root, cameraId, index, counters, onDiskFailed: (error) => assert.fail(error) });
    const recording = new StreamRecording(cameraId, writer, chunks);
    recording.onFormat(FORMAT);
    for (let i = 0; i < 60; i++) {
      const sample = new Sample();
      sample.bytes = new Uint8Array(500).fill(i);
      sample.length = 500;
      sample.key = i % 25 === 0;
      sample.decode90k = i * 3_600;
      sample.wallMs = T0 + i * 40;
      recording.onSample(sample, sample.wallMs);
    }
    recording.end("camera-closed");
    await writer.idle();
  }
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

const check = (): Promise<CheckReport> => checkRecordings(root, index, () => undefined);
const pathOf = (cameraId: number): string => {
  const { segmentId } = index.listSegments(cameraId, 0, T0 * 2)[0]!;
  return segmentPath(root, cameraId, segmentId);
};

test("what was written is whole: every byte is hashed and every box walked", async () => {
  const steps: string[] = [];
  const report = await checkRecordings(root, index, (done, of) => steps.push(`${done}/${of}`));
  assert.deepEqual([report.segments, report.hashed, report.frames, report.findings.length], [CAMERAS, CAMERAS, CAMERAS * 60, 0]);
  assert.equal(steps.at(-1), `${CAMERAS}/${CAMERAS}`);
});

test("each damage is told for what it is, once for each segment, and the others are whole", async () => {
  await unlink(pathOf(1));
  await appendFile(pathOf(2), new Uint8Array(4_096));
  await truncate(pathOf(3), 20_000);
  const handle = await open(pathOf(4), "r+");
  await handle.write(Uint8Array.of(0x77), 0, 1, 4_096 + 5_000); // within a picture's bytes: only the hash can tell
  await handle.close();
  index.database.prepare("UPDATE segment SET frames = 59 WHERE camera_id = 5").run();
  index.database.prepare("UPDATE segment SET state = 'deleting' WHERE camera_id = 6").run();
  index.database.prepare("UPDATE segment SET state = 'suspect' WHERE camera_id = 7").run();
  await copyFile(pathOf(8), segmentPath(root, 8, 777));
  const report = await check();
  const kinds = (cameraId: number): string[] => report.findings.filter((finding) => finding.cameraId === cameraId).map((finding) => finding.kind);
  assert.deepEqual(Array.from({ length: CAMERAS }, (_, i) => kinds(i + 1)), [
    ["file-missing"], ["wrong-size", "wrong-hash", "torn"], ["wrong-size", "wrong-hash", "torn"], ["wrong-hash"], ["wrong-contents"], ["deletion-unfinished"], ["not-settled"], ["file-unknown"],
  ]);
});

test("a segment without a hash is walked, and is not counted among the hashed", async () => {
  index.database.prepare("UPDATE segment SET sha256 = NULL WHERE camera_id = 1").run();
  const report = await check();
  assert.deepEqual([report.hashed, report.findings.length], [CAMERAS - 1, 0]);
});
