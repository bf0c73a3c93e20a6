// The check finds each kind of damage and nothing else; every damage here is a real one, done to files that the writer wrote.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, unlinkSync } from "node:fs";
import { appendFile, copyFile, mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { type CheckReport, checkRecordings } from "./check-recordings.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { HashedBytes } from "./file-checks.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { finishDeleting } from "./deletion-store.ts";
import { INDEX_FILE, rebuildIndex } from "./rebuild-index.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { repairRecordings } from "./repair.ts";
import { segmentPath, soundPath, walkSegment } from "./segment-files.ts";
import { SET_ASIDE_DAYS, deleteOldSetAside, deleteSetAside } from "./set-aside.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const CAMERAS = 10;
const REPAIR = { repair: { takesMissingAsLost: false } };
let root = "";
let index: IndexStore;

interface Rig { readonly recording: StreamRecording; readonly writer: RecordingWriter; feed(first: number, count: number): void }
function recordingOf(cameraId: number): Rig {
  const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  const writer = new RecordingWriter({ root, cameraId, index, counters, onDiskFailed: (error) => assert.fail(error) });
  const recording = new StreamRecording(cameraId, writer, new ChunkArena(1e8));
  recording.onFormat(FORMAT);
  const feed = (first: number, count: number): void => {
    for (let i = first; i < first + count; i++) {
      const sample = new Sample();
      sample.bytes = new Uint8Array(500).fill(i);
      sample.length = 500;
      sample.key = (i - first) % 25 === 0;
      sample.decode90k = i * 3_600;
      sample.wallMs = T0 + i * 40;
      recording.onSample(sample, sample.wallMs);
    }
  };
  return { recording, writer, feed };
}

/** A segment of 60 pictures of each camera; their ids are those of the cameras. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-check-"));
  index = new IndexStore(join(root, INDEX_FILE));
  for (let cameraId = 1; cameraId <= CAMERAS; cameraId++) {
    const { recording, writer, feed } = recordingOf(cameraId);
    feed(0, 60);
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

const T1 = T0 + 60 * 40;

test("what was written is whole: every byte is hashed and every box walked", async () => {
  const steps: [number, number][] = [];
  const report = await checkRecordings(root, index, (done, of) => steps.push([done, of]));
  assert.deepEqual([report.segments, report.hashed, report.frames, report.findings.length], [CAMERAS, CAMERAS, CAMERAS * 60, 0]);
  assert.deepEqual(steps.at(-1), [report.bytes, report.bytes]);
});

async function overwrite(path: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "r+");
  await handle.write(bytes, 0, bytes.length, at);
  await handle.close();
}

/** One of each kind, by camera. */
async function plantDamage(): Promise<void> {
  await unlink(pathOf(1));
  await appendFile(pathOf(2), new Uint8Array(4_096));
  await truncate(pathOf(3), 20_000);
  await overwrite(pathOf(4), 4_096 + 5_000, Uint8Array.of(0x77)); // within a picture's bytes: only the hash can tell
  index.database.prepare("UPDATE segment SET frames = 59 WHERE camera_id = 5").run();
  index.database.prepare("UPDATE segment SET state = 'deleting' WHERE camera_id = 6").run();
  index.database.prepare("UPDATE segment SET state = 'suspect' WHERE camera_id = 7").run();
  await copyFile(pathOf(8), segmentPath(root, 8, 777));
  await overwrite(pathOf(8), 4_096 + 40, Uint8Array.of(0x77)); // within a fragment's boxes
  await truncate(pathOf(9), 100);
}

test("[CHK1] each damage is told for what it is, once for each segment, and the others are whole; nothing is changed", async () => {
  await plantDamage();
  const report = await check();
  const kinds = (cameraId: number): string[] => report.findings.filter((finding) => finding.cameraId === cameraId).map((finding) => finding.kind);
  assert.deepEqual(Array.from({ length: CAMERAS }, (_, i) => kinds(i + 1)), [
    ["file-missing"], ["wrong-size", "wrong-hash", "torn"], ["wrong-size", "wrong-hash", "torn"], ["wrong-hash"], ["wrong-contents"], ["deletion-unfinished"], ["not-settled"], ["wrong-hash", "torn", "file-unknown"],
    ["wrong-size", "wrong-hash", "torn"], [],
  ]);
  assert.ok(report.findings.every((finding) => finding.repaired === null));
  assert.deepEqual((await check()).findings, report.findings);
});

test("[CHK2] what can be put right is, and only that: no byte goes that may be a picture, and lost time is a gap", async () => {
  await plantDamage();
  const damaged = await Promise.all([4, 8].map((cameraId) => readFile(pathOf(cameraId))));
  const report = await checkRecordings(root, index, () => undefined, REPAIR);
  const isRepaired = (cameraId: number, kind: string): boolean => report.findings.find((finding) => finding.cameraId === cameraId && finding.kind === kind)!.repaired !== null;
  assert.deepEqual(report.findings.filter((finding) => finding.repaired === null).map((finding) => [finding.cameraId, finding.kind]), [[4, "wrong-hash"], [8, "wrong-hash"], [8, "torn"]]);
  assert.ok(isRepaired(1, "file-missing") && isRepaired(8, "file-unknown"));
  const after = await check();
  assert.deepEqual(after.findings.map((finding) => [finding.cameraId, finding.kind]), [[4, "wrong-hash"], [8, "wrong-hash"], [8, "torn"]], "what cannot be put right goes on being told");
  assert.deepEqual(await Promise.all([4, 8].map((cameraId) => readFile(segmentPath(root, cameraId, cameraId)))), damaged, "and is not touched");

  const framesOf = (cameraId: number): number[] => index.listSegments(cameraId, 0, T0 * 2).map((segment) => segment.frames);
  assert.deepEqual([1, 2, 5, 6, 7, 9].map(framesOf), [[], [60], [60], [], [60], []]);
  const [cut] = index.listSegments(3, 0, T0 * 2);
  assert.ok(cut!.frames > 10 && cut!.frames < 60, `${cut!.frames} pictures are left`);
  const gaps = (cameraId: number): unknown => index.listGaps(cameraId, T0, T1).filter((gap) => gap.start < T1);
  assert.deepEqual(gaps(1), [{ start: T0, end: T1, cause: "damaged" }]);
  assert.deepEqual(gaps(3), [{ start: cut!.endMs, end: T1, cause: "damaged" }]);
  assert.deepEqual(gaps(9), [{ start: T0, end: T1, cause: "damaged" }]);
  assert.deepEqual(gaps(6), [{ start: T0, end: T1, cause: "deleted" }]);
  assert.deepEqual((await readFile(pathOf(2))).length, index.listSegments(2, 0, T0 * 2)[0]!.bytes, "what was appended is cut off");
  assert.ok(after.hashed >= CAMERAS - 5);
});

test("[CHK2] a file with something appended and something changed stays as it is", async () => {
  await appendFile(pathOf(2), new Uint8Array(4_096));
  await overwrite(pathOf(2), 9_000, Uint8Array.of(0x77));
  const { size } = await stat(pathOf(2));
  const report = await checkRecordings(root, index, () => undefined, REPAIR);
  assert.ok(report.findings.length > 0 && report.findings.every((finding) => finding.repaired === null));
  assert.equal((await stat(pathOf(2))).size, size);
});

test("[CHK2] a file that lost its end keeps the piece of a picture that it ends in", async () => {
  await truncate(pathOf(3), 20_000);
  const left = await readFile(pathOf(3));
  const [finding] = (await checkRecordings(root, index, () => undefined, REPAIR)).findings;
  assert.match(finding!.repaired!, /of 60 pictures are left/);
  assert.deepEqual(await readFile(segmentPath(root, 3, 3)), left);
  const [row] = index.listSegments(3, 0, T0 * 2);
  assert.ok(row!.bytes < left.length, "and its row does not name that piece");
  assert.deepEqual((await checkRecordings(root, index, () => undefined, REPAIR)).findings, []);
});

test("[RCD11] [CHK3] files without a row, also those of an index that is made again: damage in them costs no byte", async () => {
  const ids = [1, 2, 3, 4];
  const bytesOf = async (): Promise<Map<number, Buffer>> => new Map(await Promise.all(ids.map(async (id): Promise<[number, Buffer]> => {
    const aside = join(root, "set-aside", String(id), `${id}.mp4`);
    return [id, await readFile(existsSync(aside) ? aside : segmentPath(root, id, id))];
  })));
  const at = async (id: number, type: string, nth: number): Promise<number> => {
    const bytes = await readFile(segmentPath(root, id, id));
    let found = -1;
    for (let i = 0; i < nth; i++) found = bytes.indexOf(type, found + 1);
    assert.ok(found > 0);
    return found;
  };
  await overwrite(segmentPath(root, 1, 1), await at(1, "moov", 1), Uint8Array.of(0x6c));
  await overwrite(segmentPath(root, 2, 2), await at(2, "moof", 2), Uint8Array.of(0x6c));
  await truncate(segmentPath(root, 3, 3), 20_000);
  await truncate(segmentPath(root, 4, 4), 5_000); // within its first fragment
  await writeFile(soundPath(root, 1, 1), "sound that cannot be read");
  const before = await bytesOf();
  index.close();
  const asides: (string | undefined)[] = [];
  const rebuilt = await rebuildIndex(root, "now", (fields, message) => asides.push((fields as { setAsideAs?: string }).setAsideAs ?? message));
  index = rebuilt.index;
  assert.deepEqual(await bytesOf(), before);
  assert.deepEqual(asides.toSorted(), ["set-aside/1/1.*", "set-aside/4/4.*"]);
  assert.equal(await readFile(join(root, "set-aside", "1", "1.sound.mp4"), "utf8"), "sound that cannot be read");
  assert.deepEqual([rebuilt.report.filesTakenIn, rebuilt.report.filesRemoved, rebuilt.report.filesSetAside], [CAMERAS - 2, 0, 2]);
  const framesOf = (id: number): number => index.listSegments(id, 0, T0 * 2)[0]!.frames;
  assert.ok(framesOf(2) > 0 && framesOf(2) < 60 && framesOf(3) > 0 && framesOf(3) < 60);
  assert.deepEqual((await checkRecordings(root, index, () => undefined, REPAIR)).findings.map((finding) => [finding.cameraId, finding.kind, finding.repaired]), [[2, "wrong-size", null], [2, "torn", null]], "what is behind the damage is told, and stays");
  assert.deepEqual(await bytesOf(), before);
});

test("[RCD11] [CHK1] pictures under a number that is another camera's are found, and taken in under a number of their own with what is beside them", async () => {
  const bytes = await readFile(pathOf(2));
  for (const each of [1, CAMERAS + 1]) await copyFile(pathOf(2), segmentPath(root, 2, each)); // the second is forgotten by the index, and gives its number to nobody
  await writeFile(soundPath(root, 2, 1), "sound that cannot be read");
  for (const beside of [false, true]) {
    const { findings } = await checkRecordings(root, index, () => undefined, { beside });
    assert.deepEqual(findings.map(({ kind, cameraId, segmentId }) => [kind, cameraId, segmentId]).toSorted(), [["file-unknown", 2, 1], ["file-unknown", 2, 1], ...(beside ? [] : [["file-unknown", 2, CAMERAS + 1]])], "its pictures and its sound");
  }
  const asides: (string | undefined)[] = [];
  const report = await repairRecordings(root, index, ({ setAsideAs }) => asides.push(setAsideAs));
  assert.equal(report.filesTakenIn, 2);
  const ids = index.listSegments(2, 0, T0 * 2).map(({ segmentId }) => segmentId).toSorted((a, b) => a - b);
  assert.deepEqual([ids.length, ids[0], ids[1]], [3, 2, CAMERAS + 1]);
  for (const id of ids) assert.ok((await readFile(segmentPath(root, 2, id))).equals(bytes));
  assert.equal(existsSync(segmentPath(root, 2, 1)), false);
  assert.deepEqual(asides, [`set-aside/2/${ids[2]}.*`]);
  assert.equal(await readFile(join(root, "set-aside", "2", `${ids[2]}.sound.mp4`), "utf8"), "sound that cannot be read");
  assert.deepEqual((await check()).findings, []);
  assert.deepEqual(index.listSegments(1, 0, T0 * 2).map(({ segmentId }) => segmentId), [1], "whose number it is keeps it");
  assert.equal((await repairRecordings(root, index, (_fields, message) => assert.fail(message))).filesTakenIn, 0);
});

test("[CHK2] where the volume is away nothing is repaired, unless somebody says that the files are lost", async () => {
  const rows = (): unknown => index.database.prepare("SELECT segment_id, state, sha256 FROM segment ORDER BY segment_id").all();
  const before = rows();
  await rename(join(root, "segments"), join(root, "away"));
  await assert.rejects(checkRecordings(root, index, () => undefined, REPAIR), { name: "ToldError", message: /10 of 10 files .* is the volume there\?/ });
  assert.equal((await check()).findings.filter(({ kind }) => kind === "file-missing").length, CAMERAS, "the check without repair tells them");
  await mkdir(join(root, "segments", "1"), { recursive: true }); // an empty mount point
  await assert.rejects(checkRecordings(root, index, () => undefined, REPAIR), { name: "ToldError" });
  assert.deepEqual(rows(), before);
  await rm(join(root, "segments"), { recursive: true });
  await rename(join(root, "away"), join(root, "segments"));
  assert.deepEqual((await checkRecordings(root, index, () => undefined, REPAIR)).findings, []);
  for (const cameraId of [1, 2, 3]) await unlink(segmentPath(root, cameraId, cameraId));
  await assert.rejects(checkRecordings(root, index, () => undefined, REPAIR), { name: "ToldError", message: /3 of 10/ });
  assert.deepEqual(rows(), before);
  const lost = await checkRecordings(root, index, () => undefined, { repair: { takesMissingAsLost: true } });
  assert.deepEqual(lost.findings.map((finding) => [finding.kind, finding.repaired]), Array.from({ length: 3 }, () => ["file-missing", "its time is a gap now"]));
});

test("[CHK5] beside a recorder the check only reads: what is open, or deleted meanwhile, is left out; what is damaged is told", async () => {
  const running = recordingOf(30);
  running.feed(0, 60);
  await running.writer.idle();
  index.database.exec("UPDATE segment SET state = 'deleting' WHERE camera_id = 6");
  await unlink(segmentPath(root, 6, 6));
  await writeFile(soundPath(root, 30, running.writer.findOpenSegment()!.segmentId), "being written");
  await overwrite(pathOf(4), 4_096 + 5_000, Uint8Array.of(0x77));
  const beside = new IndexStore(join(root, INDEX_FILE), "read");
  try {
    let steps = 0;
    const report = await checkRecordings(root, beside, () => {
      if (steps++ !== 6) return;
      // Retention takes the one whose row the check has just read; another one is begun.
      index.database.exec("UPDATE segment SET state = 'deleting' WHERE camera_id = 7");
      unlinkSync(segmentPath(root, 7, 7));
      index.transaction(() => finishDeleting(index, 7));
      index.insertSegment(9, 1, T1, 0, "key");
    }, { beside: true });
    assert.deepEqual(report.findings.map(({ cameraId, kind }) => [cameraId, kind]), [[4, "wrong-hash"]]);
    assert.deepEqual([report.segments, report.hashed], [CAMERAS - 2, CAMERAS - 2]);
    assert.throws(() => beside.saveSetting("x", "y"), /readonly/);
  } finally {
    beside.close();
  }
  running.recording.end("camera-closed");
  await running.writer.idle();
});

test("[CHK1] a file is read once, and hashed and walked in that reading", async () => {
  const path = pathOf(1);
  const bytes = await readFile(path);
  let read = 0;
  const handle = await open(path, "r");
  const counted = { read: async (...of: [Uint8Array, number, number, number]) => {
    const result = await handle.read(...of);
    read += result.bytesRead;
    return result;
  } };
  const hashed = new HashedBytes(counted as never);
  const walk = await walkSegment(hashed, bytes.length);
  assert.deepEqual(await hashed.finish(bytes.length), createHash("sha256").update(bytes).digest());
  assert.deepEqual(walk, await walkSegment(handle, bytes.length));
  assert.equal(read, bytes.length);
  await handle.close();
  // Larger than the chunks it is read by, boxes across their borders and a head that is read again.
  const large = Uint8Array.from({ length: 5_000_001 }, (_, i) => (i * 7) & 0xff);
  const from = new HashedBytes({ read: async (buffer: Uint8Array, at: number, length: number, position: number) => {
    const part = large.subarray(position, position + length);
    buffer.set(part, at);
    return { bytesRead: part.length, buffer };
  } } as never);
  // A walk asks for the header of each box: what it copies of the chunks is that, and not the chunks.
  const concat = mock.method(Buffer, "concat");
  for (const [position, length] of [[0, 20], [1_048_570, 20], [1_048_580, 20], [1_048_000, 1_048_576], [3_145_720, 20], [3_145_700, 20], [3_145_728, 8], [4_999_990, 20], [5_000_001, 8], [6_000_000, 8], [0, 20]] as const) {
    const into = new Uint8Array(length + 2);
    const { bytesRead } = await from.read(into, 2, length, position);
    assert.deepEqual(Buffer.from(into.subarray(2, 2 + bytesRead)), Buffer.from(large.subarray(position, position + length)));
  }
  assert.equal(concat.mock.callCount(), 0);
  concat.mock.restore();
  assert.deepEqual(await from.finish(large.length), createHash("sha256").update(large).digest());
});

test("[CHK4] what is set aside is listed, goes at its age or when somebody says so, and stays while anything of its camera is held or nobody knows", async () => {
  await writeFile(segmentPath(root, 1, 900), "no boxes");
  await writeFile(segmentPath(root, 2, 901), "nor here");
  await writeFile(join(root, `${INDEX_FILE}.damaged-20261101T0000`), "an index");
  const repaired = await checkRecordings(root, index, () => undefined, REPAIR);
  assert.deepEqual(repaired.setAside.map(({ cameraId, name, bytes }) => [cameraId, name, bytes]).toSorted(), [[null, `${INDEX_FILE}.damaged-20261101T0000`, 8], [1, "set-aside/1/900.mp4", 8], [2, "set-aside/2/901.mp4", 8]]);
  const listed = async (): Promise<string[]> => (await check()).setAside.map(({ name }) => name).toSorted();
  const day = 86_400_000;
  const holds = new HoldList(index);
  const told: string[] = [];
  const age = (days: number): Promise<void> => deleteOldSetAside(root, holds, Date.now() + days * day, (_fields, message) => told.push(message));
  await age(SET_ASIDE_DAYS - 1);
  assert.deepEqual([(await listed()).length, told], [3, []], "not before its age");
  await age(SET_ASIDE_DAYS + 1);
  assert.deepEqual(await listed(), ["set-aside/1/900.mp4", "set-aside/2/901.mp4"], "before the holds are known nothing of cameras");
  holds.replace([{ holdId: 1, cameraIds: [2], from: 0, to: 1 } as never], 1);
  await age(SET_ASIDE_DAYS + 1);
  assert.deepEqual([await listed(), told.length], [["set-aside/2/901.mp4"], 2]);
  assert.match(told[1]!, /set-aside\/1\/900\.mp4.*is deleted/);
  assert.deepEqual((await deleteSetAside(root, holds, Infinity)).kept.map(({ cameraId }) => cameraId), [2]);
  holds.replace([], 2);
  assert.deepEqual((await deleteSetAside(root, holds, Infinity)).deleted.map(({ cameraId }) => cameraId), [2]);
});

test("a segment without a hash is walked, and is not counted among the hashed", async () => {
  index.database.prepare("UPDATE segment SET sha256 = NULL WHERE camera_id = 1").run();
  const report = await check();
  assert.deepEqual([report.hashed, report.findings.length], [CAMERAS - 1, 0]);
});

test("[CHK3] a damaged index is made again from the files, with their runs; what it cannot know is said, and the old one is kept", async () => {
  // Camera 1: two segments of one run, then a break, then another.
  const long = recordingOf(20);
  long.feed(0, 60);
  long.recording.onFormat({ ...FORMAT, width: 320, configuration: FORMAT.configuration });
  long.feed(60, 50);
  long.recording.end("camera-closed");
  long.feed(500, 30);
  long.recording.end("camera-closed");
  await long.writer.idle();
  index.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const before = new Map(Array.from({ length: CAMERAS }, (_, i) => [i + 1, index.listSegments(i + 1, 0, T0 * 2)]));
  const segments = index.listSegments(20, 0, T0 * 2);
  const second = segments.findIndex((row) => row.runId !== segments[0]!.runId);
  assert.ok(second >= 2);
  index.close();
  const file = join(root, INDEX_FILE);
  await overwrite(file, 4_096, new Uint8Array(8_192).fill(0xa5));
  const damaged = await readFile(file);

  const data = join(root, "..", `${basename(root)}-data`);
  await mkdir(data);
  await symlink(root, join(data, "recordings"));
  const cli = (...args: string[]): Promise<{ code: number; out: string }> =>
    new Promise((resolve) => execFile(process.execPath, ["--disable-warning=ExperimentalWarning", fileURLToPath(new URL("../../cli/main.ts", import.meta.url)), "check", "--data", data, ...args], (error, out, told) => resolve({ code: error === null ? 0 : Number(error.code), out: out + told })));
  try {
    const told = await cli();
    assert.equal(told.code, 1, told.out);
    assert.match(told.out, /index itself is damaged/);
    assert.deepEqual((await readFile(file)).subarray(4_096), damaged.subarray(4_096), "without --repair nothing is changed");
    const mended = await cli("--repair");
    assert.equal(mended.code, 0, mended.out);
    assert.equal((await cli()).code, 0);
    assert.equal((await cli("--data", join(root, "nowhere"))).code, 2);
  } finally {
    await rm(data, { recursive: true });
  }
  const aside = (await readdir(root)).find((name) => name.startsWith(`${INDEX_FILE}.damaged-`) && !/-(wal|shm)$/.test(name));
  assert.ok(aside !== undefined && (await readFile(join(root, aside))).length > 0);

  index = new IndexStore(file);
  for (const [cameraId, rows] of before) assert.deepEqual(index.listSegments(cameraId, 0, T0 * 2).map(({ runId: _run, ...row }) => row), rows.map(({ runId: _run, ...row }) => row));
  const again = index.listSegments(20, 0, T0 * 2);
  assert.deepEqual(again.map((row) => [row.segmentId, row.frames, row.startMs, row.bytes]), segments.map((row) => [row.segmentId, row.frames, row.startMs, row.bytes]));
  assert.deepEqual(index.listGaps(20, T0, T0 * 2), [{ start: again[second - 1]!.endMs, end: again[second]!.startMs, cause: "index-lost" }]);
});

test("[CHK3] segments that followed each other are one run again", async () => {
  const long = recordingOf(21);
  for (let i = 0; i < 3; i++) long.feed(i * 1_600, 1_600); // over a minute each
  long.recording.end("camera-closed");
  await long.writer.idle();
  const segments = index.listSegments(21, 0, T0 * 2);
  assert.ok(segments.length >= 3);
  index.close();
  const rebuilt = await rebuildIndex(root, "now", (_fields, message) => assert.fail(message));
  index = rebuilt.index;
  const again = index.listSegments(21, 0, T0 * 2);
  assert.deepEqual([again.length, new Set(again.map((row) => row.runId)).size], [segments.length, 1]);
  assert.deepEqual(index.listGaps(21, 0, T0 * 2), []);
});
