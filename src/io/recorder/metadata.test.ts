// ONVIF metadata beside the pictures: documents as they came, at their times, rows that go with their segment, bounds, and what a crash leaves. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { MP4BoxBuffer, createFile } from "mp4box";
import { createRandom } from "../../base/random.ts";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import type { MetadataTrack } from "../../protocol/rtsp/media-tracks.ts";
import type { TrackSample } from "../../video/ingest/track-ingest.ts";
import { mutate } from "../../../tests/support/mutations.ts";
import { type Finding, checkRecordings } from "./check-recordings.ts";
import type { IndexStore } from "./index-store.ts";
import { type TrackFileWorld, createTrackFileWorld, createTrackSample } from "./testing/track-file-world.ts";
import { T0 } from "./testing/worker-world.ts";
import { TrackFileBudget } from "./track-file-writer.ts";
import { MOST_METADATA_FILE_BYTES, MetadataWriter } from "./metadata-writer.ts";
import { repairRecordings } from "./repair.ts";
import { removeFile, segmentPath, trackFilePath } from "./segment-files.ts";
import { findTrackFile, listTrackFiles } from "./track-file-store.ts";

const TRACK: MetadataTrack = { kind: "metadata", payloadType: 107, clockHz: 90_000, control: undefined };
const metadataPath = trackFilePath("metadata");

let world: TrackFileWorld;
let root = "";
let index: IndexStore;
let segmentId = 0;
let failures: Error[] = [];
const createWriter = (cameraId = 1, budget?: TrackFileBudget): MetadataWriter => new MetadataWriter(world.optionsOf(cameraId, budget));

beforeEach(async () => {
  world = await createTrackFileWorld();
  ({ root, index, segmentId, failures } = world);
});
afterEach(() => world.close());

const textOf = (i: number): string => `<tt:MetadataStream><tt:Event n="${i}">${"x".repeat(i % 50)}</tt:Event></tt:MetadataStream>`;
/** A document, `atMs` after the run's first. */
const sampleOf = (atMs: number, bytes: Uint8Array): TrackSample => createTrackSample(TRACK, atMs * 90, T0 + atMs, bytes);
/** A document each 400 ms, of which the last ones come much later; then the segment is over. */
async function writeDocuments(writer: MetadataWriter, count = 20): Promise<number[]> {
  const times = Array.from({ length: count }, (_, i) => i * 400 + (i >= count - 3 ? 20_000 : 0));
  writer.onSegment(segmentId);
  for (const [i, atMs] of times.entries()) writer.onSample(sampleOf(atMs, Buffer.from(textOf(i))));
  writer.onSegment(undefined);
  await writer.idle();
  return times;
}

test("[SND4] [MET1] what only waits for its second to be full is never dropped on a disk that keeps up, however many cameras share the budget", async () => {
  const budget = new TrackFileBudget(160_000);
  const cameras = Array.from({ length: 40 }, (_, i) => i + 1);
  const writers = cameras.map((cameraId) => createWriter(cameraId, budget));
  const segments = cameras.map((cameraId) => index.insertSegment(cameraId, index.insertRun(cameraId, T0), T0, 0, "key"));
  for (const [i, writer] of writers.entries()) writer.onSegment(segments[i]!);
  for (let round = 0; round < 15; round++) { // 200 KB a second
    for (const writer of writers) writer.onSample(sampleOf(round * 200, new Uint8Array(1_000)));
    await Promise.all(writers.map((writer) => writer.idle()));
  }
  for (const writer of writers) writer.onSegment(undefined);
  await Promise.all(writers.map((writer) => writer.idle()));
  for (const [i, cameraId] of cameras.entries()) {
    const { bytes } = findTrackFile(index, "metadata", segments[i]!)!;
    assert.ok(bytes > 15_000, `camera ${cameraId}: ${bytes} bytes kept of 15,000 and what holds them`);
  }
  assert.deepEqual([budget.used, budget.gathered, failures], [0, 0, []]);
});

test("[MET1] documents come back byte for byte at their times, for mp4box and ffprobe; the hash is that of the file", async () => {
  const writer = createWriter();
  writer.onSample(sampleOf(0, Buffer.from("<before/>"))); // no segment of pictures yet
  const times = await writeDocuments(writer);
  const bytes = await readFile(metadataPath(root, 1, segmentId));
  const file = createFile();
  const read: (readonly [number, string])[] = [];
  let entry = "";
  file.onReady = ({ tracks }) => {
    entry = tracks[0]!.codec;
    file.setExtractionOptions(tracks[0]!.id, undefined, { nbSamples: 1 });
    file.start();
  };
  file.onSamples = (_id, _user, some) => read.push(...some.map(({ dts, data }) => [dts / 90, Buffer.from(data!).toString()] as const));
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  assert.equal(entry, "metx");
  assert.deepEqual(read, times.map((atMs, i) => [atMs, textOf(i)]));
  assert.deepEqual(listTrackFiles(index, "metadata", 1, T0, T0 + 1).map(({ startMs, endMs, bytes: length, sha256 }) => [startMs - T0, endMs - T0, length, Buffer.from(sha256!).toString("hex")]), [[0, times.at(-1), bytes.length, createHash("sha256").update(bytes).digest("hex")]]);
  assert.deepEqual(walkTrackFile(bytes).fragments.map(({ wallMs }) => Math.round(wallMs - T0)), [0, 1_200, 2_400, 3_600, 4_800, 6_000, 26_800], "each fragment tells its wall time");
  assert.deepEqual(failures, []);
  if (spawnSync("ffprobe", ["-version"]).status !== 0) return;
  const { stdout, stderr } = spawnSync("ffprobe", ["-v", "error", "-show_entries", "stream=codec_type:packet=size", "-of", "csv=p=0", metadataPath(root, 1, segmentId)], { encoding: "utf8" });
  assert.deepEqual([stderr, stdout.trim().split("\n").map((line) => line.replaceAll(",", ""))], ["", [...times.map((_, i) => String(textOf(i).length)), "data"]]);
});

test("[MET1] a camera that sends without measure is cut short for the segment, which is told once, and goes on in the next; what does not follow in time is put behind what came", async () => {
  const writer = createWriter();
  const second = index.insertSegment(1, index.insertRun(1, T0 + 4_000), T0 + 4_000, 0, "key");
  writer.onSegment(segmentId);
  const large = new Uint8Array(500_000).fill(0x20);
  for (let i = 0; i < 40; i++) {
    writer.onSample(sampleOf(i * 100, large));
    await writer.idle();
  }
  writer.onSegment(second);
  writer.onSample(sampleOf(3_000, Buffer.from("<later/>")));
  writer.onSample(sampleOf(2_000, Buffer.from("<goes-back/>")));
  writer.onSegment(undefined);
  await writer.idle();
  assert.equal(failures.length, 1);
  const { bytes } = findTrackFile(index, "metadata", segmentId)!;
  assert.ok(bytes > MOST_METADATA_FILE_BYTES - large.length - 10_000 && bytes <= MOST_METADATA_FILE_BYTES + 10_000, String(bytes));
  const next = await readFile(metadataPath(root, 1, second));
  assert.ok(next.includes("<later/><goes-back/>"));
});

test("[MET1] a million documents of one byte keep to the bound too: what a document takes beside its bytes counts", async () => {
  const writer = createWriter();
  writer.onSegment(segmentId);
  for (let i = 0; i < 2_200_000 && failures.length === 0; i++) {
    writer.onSample(sampleOf(i, Uint8Array.of(0x20)));
    if (i % 5_000 === 0) await writer.idle();
  }
  writer.onSegment(undefined);
  await writer.idle();
  assert.equal(failures.length, 1);
  assert.ok(findTrackFile(index, "metadata", segmentId)!.bytes <= MOST_METADATA_FILE_BYTES);
});

test("[MET2] metadata goes with its segment: the file with the pictures' file, the row with the pictures' row, and its bytes count", async () => {
  await writeDocuments(createWriter());
  const { bytes } = findTrackFile(index, "metadata", segmentId)!;
  assert.equal(index.sumBytes(), bytes);
  await removeFile(root, 1, segmentId);
  index.deleteSegmentRow(segmentId);
  assert.deepEqual([existsSync(metadataPath(root, 1, segmentId)), listTrackFiles(index, "metadata", 1, 0, T0 * 2), index.sumBytes()], [false, [], 0]);
});

test("[MET3] [CHK1] after a crash the whole fragments are kept; what cannot be read is set aside without the pictures beside it; the check finds what differs", async () => {
  await writeDocuments(createWriter());
  const path = metadataPath(root, 1, segmentId);
  const whole = await readFile(path);
  index.database.exec("DELETE FROM metadata");
  await truncate(path, whole.length - 30);
  const other = index.insertSegment(1, index.insertRun(1, T0 + 60_000), T0 + 60_000, 0, "key");
  for (const id of [segmentId, other]) index.closeSegment(id, { endMs: T0 + 70_000, bytes: 8, frames: 0, gops: [], sha256: null }, "closed");
  await writeFile(segmentPath(root, 1, other), "pictures");
  await writeFile(metadataPath(root, 1, other), "no boxes at all");
  const asides: (string | undefined)[] = [];
  const report = await repairRecordings(root, index, ({ setAsideAs }) => asides.push(setAsideAs));
  assert.deepEqual([asides, report.trackFilesMended], [[`set-aside/1/${other}.*`], 1]);
  assert.equal(await readFile(segmentPath(root, 1, other), "utf8"), "pictures", "pictures that the index names stay where they are");
  assert.ok(existsSync(join(root, "set-aside", "1", `${other}.metadata.mp4`)));
  const row = findTrackFile(index, "metadata", segmentId)!;
  assert.deepEqual([row.bytes, row.sha256], [walkTrackFile(whole).fragments.at(-2)!.end, null], "the last second is lost");
  const findings = async (): Promise<Finding[]> => (await checkRecordings(root, index, () => undefined)).findings.filter(({ detail }) => detail.startsWith("metadata"));
  assert.deepEqual(await findings(), []);
  await writeFile(metadataPath(root, 1, 998), whole);
  assert.deepEqual((await findings()).map(({ kind, segmentId: id }) => [kind, id]), [["file-unknown", 998]]);
  await unlink(metadataPath(root, 1, 998));
  await truncate(path, 10);
  assert.deepEqual((await findings()).map(({ kind }) => kind), ["wrong-size"]);
});

test("[MET2] an index of before keeps what it has and takes metadata", async () => {
  index.database.exec("ALTER TABLE gap DROP COLUMN within_run; DROP TABLE metadata; ALTER TABLE camera DROP COLUMN metadata; PRAGMA user_version = 11");
  index = world.reopenIndex();
  assert.ok(index.hasSegment(segmentId));
  await writeDocuments(createWriter());
  assert.equal(index.sumBytes(), findTrackFile(index, "metadata", segmentId)!.bytes);
});

test("[MET3] ten thousand bent files: the walk ends, and what it calls whole lies within the file", async () => {
  await writeDocuments(createWriter());
  const random = createRandom(56);
  const seeds = [new Uint8Array(await readFile(metadataPath(root, 1, segmentId)))];
  for (let i = 0; i < 10_000; i++) {
    const bytes = mutate(random, seeds);
    const { wholeBytes, fragments, initBytes } = walkTrackFile(bytes);
    assert.ok(wholeBytes <= bytes.length && initBytes <= bytes.length && fragments.every(({ start, end }) => start < end && end <= wholeBytes), `input ${i}`);
  }
});
