// Times without pictures within a file, made again from the file where the index does not know them: it was lost, forgot the file, or a crash came before it was told. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import type { KnownGap } from "../../video/playback/timeline.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { IndexStore } from "./index-store.ts";
import { rebuildIndex } from "./rebuild-index.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { repairRecordings } from "./repair.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const GOP = 25;
let root = "";
let index: IndexStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-gaps-"));
  index = new IndexStore(join(root, "index.sqlite"));
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

/** 25 pictures a second for the given stretches of time, in ms; the clock ticks each 100 ms, also where none comes. */
async function record(stretches: readonly (readonly [number, number])[], lossAt: readonly number[] = []): Promise<{ readonly writer: RecordingWriter; readonly recording: StreamRecording }> {
  const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  const writer = new RecordingWriter({ root, cameraId: 1, index, counters, onDiskFailed: (error) => assert.fail(error) });
  const recording = new StreamRecording(1, writer, new ChunkArena(1e8).portOf(() => "continuous"));
  recording.onFormat(FORMAT);
  let count = 0;
  for (let ms = 0; ms < stretches.at(-1)![1]; ms += 20) {
    if (ms % 100 === 0) recording.tick(ms);
    if (ms % 40 !== 0 || !stretches.some(([from, to]) => ms >= from && ms < to)) continue;
    const sample = new Sample();
    Object.assign(sample, { bytes: new Uint8Array(2_000).fill(ms), length: 2_000, key: count++ % GOP === 0, decode90k: ms * 90, wallMs: T0 + ms, lossBefore: lossAt.includes(ms) });
    recording.onSample(sample, ms);
    if (count % 500 === 0) await writer.idle();
  }
  return { writer, recording };
}
const listWithin = (): KnownGap[] => index.listGaps(1, T0, T0 + 3_600_000).filter(({ isWithinRun }) => isWithinRun === true);
const assertAlike = (actual: readonly KnownGap[], expected: readonly KnownGap[]): void => {
  assert.deepEqual(actual.map(({ end, cause }) => [end, cause]), expected.map(({ end, cause }) => [end, cause]));
  for (const [i, { start }] of actual.entries()) assert.ok(Math.abs(start - expected[i]!.start) <= 40, `${start}, not ${expected[i]!.start}`);
};

describe("gaps within a file", () => {
  // Silences that end in the same fragment, that are longer than a fragment waits, and that are none.
  const STRETCHES = [[0, 5_000], [6_600, 9_000], [9_800, 12_000], [21_000, 30_000]] as const;

  test("[RCD18] [CHK3] an index that is made again has those of before, as far as the times in the files tell them: where packets were missing stands in none", async () => {
    const { writer, recording } = await record(STRETCHES, [6_600]);
    recording.end("camera-closed");
    await writer.idle();
    const before = listWithin();
    assert.deepEqual(before.map(({ end, cause }) => [end - T0, cause]), [[6_600, "bad-data"], [21_000, "no-data"]]);
    index.close();
    ({ index } = await rebuildIndex(root, "1", (_fields, message) => assert.fail(message)));
    assertAlike(listWithin(), before.map((gap) => ({ ...gap, cause: "no-data" })));
  });

  test("[RCD18] [RCD11] so has a file that no row names", async () => {
    const { writer, recording } = await record(STRETCHES);
    recording.end("camera-closed");
    await writer.idle();
    const before = listWithin();
    index.database.exec("DELETE FROM segment; DELETE FROM gap");
    await repairRecordings(root, index, (_fields, message) => assert.fail(message));
    assertAlike(listWithin(), before);
    await repairRecordings(root, index, (_fields, message) => assert.fail(message));
    assert.equal(listWithin().length, 2, "once");
  });

  test("[RCD18] [RCD9] after a crash those that waited to be told are found in the file, and what was told stays as it was told", async () => {
    // A minute's end lies at 18 s: the file of before is whole by then, and with it what it had to tell.
    const many = Array.from({ length: 16 }, (_, i) => [i * 3_000, i * 3_000 + 1_000] as const);
    const { writer, recording } = await record([...many, [48_000, 50_000]], [3_000]);
    recording.flush();
    await writer.idle();
    const told = listWithin();
    assert.deepEqual(told.map(({ end, cause }) => [end - T0, cause]), [[3_000, "bad-data"], ...[6_000, 9_000, 12_000, 15_000, 18_000].map((end) => [end, "no-data"])]);
    index.close();
    index = new IndexStore(join(root, "index.sqlite"));
    await repairRecordings(root, index, (_fields, message) => assert.fail(message));
    const after = listWithin();
    assert.deepEqual(after.slice(0, 6), told);
    assert.deepEqual(after.slice(6).map(({ end, cause }) => [end - T0, cause]), [...[21_000, 24_000, 27_000, 30_000, 33_000].map((end) => [end, "no-data"]), [48_000, "no-data"]], "in the file that was being written, the sixth and those after it as one");
  });
});
