// Files and index: what the writer leaves, what start-up mends, what retention removes. Faults are real: torn files, folders that cannot be written, a second
// recorder.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, mkdtemp, open, readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import Fastify from "fastify";
import { ok } from "../../base/result.ts";
import { type Clock, DAY_MS } from "../../base/time.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { ActivityMeter } from "../../video/motion/activity-meter.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { CameraList, type StoredCamera } from "./camera-list.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { markDeleting, listDeleting } from "./deletion-store.ts";
import { planCamera } from "../../video/export/plan.ts";
import { buildTimeline } from "../../video/playback/timeline.ts";
import { addPlaybackRoutes } from "./playback-routes.ts";
import { IndexCheckpoints } from "./index-checkpoints.ts";
import { RecordingWriter, type WriterCounters } from "./recording-writer.ts";
import { repairRecordings, settleRecordings, takeInUnnamed } from "./repair.ts";
import { type RetentionOptions, deleteOldRecordings } from "./retention-job.ts";
import { ServedViews } from "./served-views.ts";
import { SegmentReading } from "./segment-reader.ts";
import { segmentPath, walkSegment } from "./segment-files.ts";
import { refuseMarks } from "./testing/refused-marks.ts";
import { markAtOnce } from "./testing/mark-at-once.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
let root = "";
let index: IndexStore;
let fillers = 0;

interface Rig { readonly recording: StreamRecording; readonly writer: RecordingWriter; readonly errors: Error[]; readonly counters: WriterCounters }
function rig(cameraId = 1, folder = root, mostWaiting = 1e9): Rig {
  const errors: Error[] = [];
  const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  const writer = new RecordingWriter({ root: folder, cameraId, index, counters, onDiskFailed: (error) => { errors.push(error); recording.abort("disk-failed"); } });
  const recording: StreamRecording = new StreamRecording(cameraId, writer, new ChunkArena(mostWaiting));
  recording.onFormat(FORMAT);
  return { recording, writer, errors, counters };
}
function feed(to: Rig, frames: number, startMs = T0, first = 0): void {
  const sample = new Sample();
  for (let i = first; i < first + frames; i++) {
    sample.bytes = new Uint8Array(200).fill(i);
    sample.start = 0;
    sample.length = 200;
    sample.key = (i - first) % 25 === 0;
    sample.decode90k = i * 3_600;
    sample.wallMs = startMs + (i - first) * 40;
    to.recording.onSample(sample, sample.wallMs);
  }
}

const keepingADay = (clock: Clock): RetentionOptions => ({ root, index, holds: new HoldList(index), clock, markDurably: markAtOnce, floorBytes: 0, mostBytes: Infinity, findKeeping: () => ({ mostDays: 1, leastDays: 0, mostBytes: Infinity }), fallback: { mostDays: 1, leastDays: 0, mostBytes: Infinity }, log: () => undefined });
const untold = (_fields: object, message: string): void => assert.fail(message);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-recordings-"));
  index = new IndexStore(join(root, "index.sqlite"));
  new HoldList(index).replace([], 0);
});
async function reopen(): Promise<void> {
  index.close();
  index = new IndexStore(join(root, "index.sqlite"));
}
async function finish(): Promise<void> {
  index.close();
  await rm(root, { recursive: true, force: true });
}

describe("the writer", () => {
  test("[RCD8] [RCD11] [PLY6] a closed segment's row is what a walk over its file finds", async () => {
    const r = rig();
    feed(r, 130);
    r.recording.end("camera-closed");
    await r.writer.idle();
    const [row] = index.listSegments(1, T0, T0 + 60_000);
    const handle = await open(segmentPath(root, 1, row!.segmentId), "r");
    const walk = await walkSegment(handle, (await handle.stat()).size);
    await handle.close();
    assert.deepEqual([row!.frames, row!.bytes, row!.initBytes, row!.startMs, row!.endMs], [130, walk.wholeBytes, walk.initBytes, walk.startMs, walk.endMs]);
    assert.deepEqual(row!.gops, walk.gops);
    assert.equal(row!.gops.length, 6);
    assert.equal(walk.tornBy, undefined);
    const stored = index.database.prepare("SELECT sha256 FROM segment").get() as { sha256: Uint8Array };
    assert.deepEqual(Buffer.from(stored.sha256), createHash("sha256").update(await readFile(segmentPath(root, 1, row!.segmentId))).digest(), "[RCD14] as it was written");
    assert.equal(index.findLastingGap(1)?.cause, "camera-closed");
    assert.equal(index.listOpenRuns().length, 0);
    assert.equal(r.errors.length, 0);
    await finish();
  });

  test("[RCD18] [PLY2] [EXP2] ten seconds in which a camera sent nothing, and went on: a gap in what is told and exported, within the file", async () => {
    const r = rig();
    feed(r, 50);
    feed(r, 50, T0 + 12_000, 300);
    r.recording.end("camera-closed");
    await r.writer.idle();
    await reopen();
    const [from, to] = [T0, T0 + 14_000];
    const gaps = index.listGaps(1, from, to);
    const segments = index.listSegments(1, from, to);
    assert.equal(segments.length, 1);
    const timeline = buildTimeline(from, to, index.listSpans(1, from, to).map(({ segmentId: id, startMs: start, endMs: end, bytes, frames }) => ({ id, start, end, bytes, frames, open: false })), gaps, T0);
    const silent = { start: T0 + 2_000, end: T0 + 12_000, cause: "no-data" } as const;
    assert.deepEqual([timeline.coverage, timeline.gaps], [[{ start: T0, end: T0 + 2_000 }, { start: T0 + 12_000, end: to }], [silent]]);
    const plan = planCamera({ from, to, knownUntil: to }, segments, gaps, T0);
    assert.deepEqual([plan.files.length, plan.gaps, plan.gapsWithin], [1, [], [silent]]);
    await finish();
  });

  test("what is open can be played as far as it is written", async () => {
    const r = rig();
    feed(r, 60);
    await r.writer.idle();
    const shown = r.writer.findOpenSegment()!;
    assert.equal(shown.bytes, (await stat(segmentPath(root, 1, shown.segmentId))).size);
    assert.ok(shown.frames >= 45 && shown.frames < 60);
    assert.equal(r.counters.bytesOpen, shown.bytes);
    r.recording.end("recorder-stopped");
    await r.writer.idle();
    assert.equal(r.writer.findOpenSegment(), undefined);
    assert.equal(r.counters.bytesOpen, 0, "its row tells of them now");
    await finish();
  });

  test("[PLY8] a playlist that reaches beyond now goes on over rotations, says nothing else of what it once listed, and ends with the run", async () => {
    const r = rig();
    const app = Fastify();
    let nowMs = T0;
    addPlaybackRoutes(app, {
      root, index, holds: new HoldList(index), reading: new SegmentReading(root), served: new ServedViews(), onDownloadOver: () => undefined, clock: { wallMs: () => nowMs, monotonicMs: () => nowMs }, pool: { find: () => ({ camera: { code: "C1" }, writer: r.writer, isRecording: r.recording.inRun, knownUntil: (now) => now, activity: new ActivityMeter() }) },
      verifier: { endView: () => undefined, verify: async () => ok({ claims: { accountId: 1, viewId: 1, cameraId: 1, mode: "playback", from: null, to: null, timeline: true, sound: false }, expiresAt: T0 * 2 }) },
    });
    const ask = async (): Promise<string> => (await app.inject({ url: `/v1/cameras/1/hls.m3u8?from=${T0}&to=${T0 + 3_600_000}` })).body;
    let listed = "";
    let withoutOpen = 0;
    for (let i = 0; i < 130 * 5; i++) {
      feed(r, 5, T0 + i * 200, i * 5); // key frames 0.2 s apart
      nowMs = T0 + (i + 1) * 200;
      for (const settled of [false, true]) {
        if (settled) await r.writer.idle();
        if (r.writer.findOpenSegment() === undefined) withoutOpen++;
        const text = await ask();
        assert.ok(!text.includes("ENDLIST"), `${i * 200} ms: the playlist ended while the run lasts`);
        assert.ok(text.startsWith(listed), `${i * 200} ms: what was listed has changed`);
        listed = text;
      }
    }
    assert.ok(withoutOpen >= 2, "the moment without an open segment was seen");
    assert.ok(index.listSegments(1, T0, nowMs).length >= 2);
    r.recording.end("camera-closed");
    await r.writer.idle();
    const last = await ask();
    assert.ok(last.endsWith("#EXT-X-ENDLIST\n") && last.includes("TYPE:VOD"));
    assert.ok(last.slice(last.indexOf("#EXT-X-MAP")).startsWith(listed.slice(listed.indexOf("#EXT-X-MAP"))));
    await app.close();
    await finish();
  });

  test("[RCD10] a disk that refuses: the run ends as disk-failed, nothing throws, no row claims bytes", async () => {
    await writeFile(join(root, "segments"), "a file where the folder should be");
    const r = rig();
    feed(r, 60);
    await r.writer.idle();
    feed(r, 60, T0 + 10_000, 60);
    await r.writer.idle();
    assert.ok(r.errors.length >= 1);
    assert.equal(index.listSegments(1, 0, T0 * 2).length, 0);
    assert.equal(index.listUnsettledSegments().length, 0);
    assert.equal(index.findLastingGap(1)?.cause, "disk-failed");
    await finish();
  });

  test("[CAM5] [RCD10] an index on a full disk: nothing throws, and when there is room again it is told all that happened", async () => {
    const r = rig();
    feed(r, 30);
    await r.writer.idle();
    const pages = (index.database.prepare("PRAGMA page_count").get() as { page_count: number }).page_count;
    index.database.exec(`PRAGMA max_page_count = ${pages}`);
    // Every page is filled to the last row, in the tables that the writer writes to.
    for (const fill of [() => index.insertRun(99, 0), () => index.saveSetting(`filler ${Math.trunc(performance.now() * 1e6)}`, "x".repeat(40)), () => index.insertSegment(99, 1, 0, 1, "x".repeat(9)), () => index.noteGap(1_000 + ++fillers, 0, "not-wanted")]) {
      assert.throws(() => { for (;;) fill(); }, /full/);
    }
    r.recording.end("camera-unreachable");
    await r.writer.idle();
    for (let round = 0; round < 3; round++) feed(r, 30, T0 + 10_000 * (round + 1), 100 * (round + 1));
    await r.writer.idle();
    assert.ok(r.errors.some((error) => /full/.test(error.message)));
    assert.equal(r.recording.inRun, false);
    index.database.exec(`PRAGMA max_page_count = ${pages * 10}; DELETE FROM run WHERE camera_id = 99; DELETE FROM segment WHERE camera_id = 99`);
    feed(r, 30, T0 + 60_000, 1_000);
    r.recording.end("camera-closed");
    await r.writer.idle();
    assert.deepEqual(index.listSegments(1, 0, T0 * 2).map((row) => [row.startMs, row.frames]), [[T0, 30], [T0 + 60_000, 30]]);
    assert.deepEqual(index.listGaps(1, 0, T0 * 2).map((gap) => [gap.start, gap.cause]), [[T0 + 1_200, "camera-unreachable"], [T0 + 61_200, "camera-closed"]]);
    assert.equal(index.listOpenRuns().length, 0);
    await finish();
  });

  test("[RCD6] a budget that is used up ends the run as disk-slow; it goes on when there is room", async () => {
    const r = rig(1, root, 3 * 65_536);
    feed(r, 200); // without a moment for the disk
    await r.writer.idle();
    assert.equal(index.findLastingGap(1)?.cause, "disk-slow");
    feed(r, 10, T0 + 60_000, 200);
    r.recording.end("camera-closed");
    await r.writer.idle();
    assert.deepEqual(index.listGaps(1, 0, T0 * 2).map((gap) => gap.cause), ["disk-slow", "camera-closed"]);
    await finish();
  });
});

describe("start-up after a crash", () => {
  test("[RCD9] wherever the file is torn, its whole fragments stay and nothing else", async () => {
    const r = rig();
    feed(r, 60);
    await r.writer.idle();
    const open1 = r.writer.findOpenSegment()!;
    const file = segmentPath(root, 1, open1.segmentId);
    const whole = await readFile(file);
    const handle = await open(file, "r");
    const walk = await walkSegment(handle, whole.length);
    await handle.close();
    // The state at the moment of the crash is set aside; then the writer may end in peace.
    const indexFile = join(root, "index.sqlite");
    index.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    await copyFile(indexFile, join(root, "before.sqlite"));
    r.recording.end("recorder-stopped");
    await r.writer.idle();
    index.close();
    let mended = 0;
    for (const length of [whole.length, whole.length - 1, whole.length - 300, walk.gops[1]!.offset + 5, walk.gops[1]!.offset + 40, walk.gops[1]!.offset, walk.initBytes + 3]) {
      for (const name of ["index.sqlite-wal", "index.sqlite-shm"]) await rm(join(root, name), { force: true });
      await copyFile(join(root, "before.sqlite"), indexFile);
      await mkdir(join(root, "segments", "1"), { recursive: true });
      await writeFile(file, whole);
      await truncate(file, length);
      index = new IndexStore(indexFile);
      const report = await repairRecordings(root, index, untold);
      assert.equal(report.runsEnded, 1);
      const [row] = index.listSegments(1, 0, T0 * 2);
      if (length < walk.gops[0]!.offset + 100) {
        assert.equal(row, undefined);
        assert.deepEqual(await readdir(join(root, "segments", "1")), []);
      } else {
        assert.equal(row!.bytes, (await stat(file)).size);
        assert.ok(row!.bytes <= length && length - row!.bytes < 13 * 250);
        assert.ok((await readFile(file)).equals(whole.subarray(0, row!.bytes)), "not a byte of what stays is changed");
        mended++;
      }
      assert.equal(index.findLastingGap(1)?.cause, "recorder-crashed");
      index.close();
    }
    assert.equal(mended, 6);
    index = new IndexStore(indexFile);
    await finish();
  });

  test("[RCD11] files that no row names are taken in if they hold pictures, removed if not; other files are left alone", async () => {
    const r = rig();
    feed(r, 60);
    r.recording.end("camera-closed");
    await r.writer.idle();
    const [row] = index.listSegments(1, 0, T0 * 2);
    await mkdir(join(root, "segments", "7"));
    await copyFile(segmentPath(root, 1, row!.segmentId), segmentPath(root, 7, 500));
    await appendFile(segmentPath(root, 7, 500), "torn");
    await writeFile(segmentPath(root, 7, 501), encodeInitSegment(FORMAT));
    await writeFile(join(root, "segments", "7", "notes.txt"), "somebody's");
    await reopen();
    const report = await repairRecordings(root, index, untold);
    assert.deepEqual([report.filesTakenIn, report.filesRemoved], [1, 1]);
    assert.deepEqual((await readdir(join(root, "segments", "7"))).sort(), ["500.mp4", "notes.txt"]);
    assert.deepEqual(index.listSegments(7, 0, T0 * 2).map((each) => [each.segmentId, each.frames, each.bytes]), [[500, 60, row!.bytes]]);
    assert.equal(index.insertSegment(1, row!.runId, T0, 1, "x"), 501, "ids go on behind the highest");
    assert.deepEqual(Object.values(await repairRecordings(root, index, untold)).slice(3), [0, 0, 0, 0, 0, 0, 0], "a second repair finds nothing but the row made here");
    await finish();
  });

  test("[RCD17] before recording only what was open is settled; what no row names is taken in beside it, in slices, and nothing of this process's own is touched", async () => {
    const r = rig();
    feed(r, 60);
    r.recording.end("camera-closed");
    feed(r, 60, T0 + 60_000, 100);
    await r.writer.idle();
    const open = r.writer.findOpenSegment()!.segmentId;
    const closed = segmentPath(root, 1, open - 1);
    await mkdir(join(root, "segments", "7"));
    for (let id = 500; id < 2_600; id++) await writeFile(segmentPath(root, 7, id), "");
    for (const id of [700, 2_700, 9_000]) await copyFile(closed, segmentPath(root, 7, id));
    await reopen();
    const settled = await settleRecordings(root, index, untold);
    assert.deepEqual([settled.segmentsMended, settled.runsEnded, settled.filesTakenIn, settled.filesRemoved], [1, 1, 0, 0]);
    assert.deepEqual([index.listSegments(1, 0, T0 * 2).length, index.listSegments(7, 0, T0 * 2)], [2, []]);
    let pauses = 0;
    const some = await takeInUnnamed(root, index, untold, { before: 9_000, pause: async () => ++pauses < 2 });
    assert.ok(pauses === 2 && some.filesRemoved + some.filesTakenIn < 2_101, "it can be ended between two slices");
    const rest = await takeInUnnamed(root, index, untold, { before: 9_000, pause: async () => true });
    assert.deepEqual([some.filesRemoved + rest.filesRemoved, some.filesTakenIn + rest.filesTakenIn], [2_099, 2]);
    assert.deepEqual(index.listSegments(7, 0, T0 * 2).map(({ segmentId }) => segmentId), [700, 2_700]);
    assert.deepEqual((await readdir(join(root, "segments", "7"))).sort(), ["2700.mp4", "700.mp4", "9000.mp4"]);
    await finish();
  });

  test("[RCD9] [RCD10] one file that cannot be read: it is told, the others are mended, and the next start tries it again", async () => {
    const good = rig(1);
    feed(good, 60);
    const bad = rig(2);
    feed(bad, 60);
    await Promise.all([good.writer.idle(), bad.writer.idle()]);
    const badFile = segmentPath(root, 2, bad.writer.findOpenSegment()!.segmentId);
    const [goodId, badId] = [good.writer.findOpenSegment()!.segmentId, bad.writer.findOpenSegment()!.segmentId];
    const setAside = await readFile(badFile);
    await rm(badFile);
    await mkdir(badFile); // EISDIR, as a broken block gives EIO
    await mkdir(join(root, "segments", "3", "700.mp4"), { recursive: true }); // likewise, and no row names it
    const told: object[] = [];
    const first = await repairRecordings(root, index, (fields) => told.push(fields));
    assert.deepEqual(told, [{ cameraId: 2, segmentId: badId }, { cameraId: 3, segmentId: 700 }]);
    assert.deepEqual([first.segmentsMended, first.filesUnread, first.runsEnded], [1, 2, 2]);
    assert.deepEqual(index.listSegments(1, 0, T0 * 2).map((row) => row.segmentId), [goodId]);
    assert.deepEqual(index.listSegments(2, 0, T0 * 2), []);
    await rm(badFile, { recursive: true });
    await writeFile(badFile, setAside);
    await rm(join(root, "segments", "3"), { recursive: true });
    assert.equal((await repairRecordings(root, index, untold)).segmentsMended, 1);
    assert.deepEqual(index.listSegments(2, 0, T0 * 2).map((row) => row.segmentId), [badId]);
    for (const each of [good, bad]) {
      each.recording.end("recorder-stopped");
      await each.writer.idle();
    }
    await finish();
  });

  test("[RCD10] what a failed write left suspect is cut and closed at the next start", async () => {
    const r = rig();
    feed(r, 60);
    await r.writer.idle();
    const { segmentId, bytes, frames, gops, endMs } = r.writer.findOpenSegment()!;
    index.closeSegment(segmentId, { endMs, bytes, frames, gops, sha256: null }, "suspect"); // as after a write that failed half way
    await appendFile(segmentPath(root, 1, segmentId), new Uint8Array(777));
    assert.deepEqual(index.listUnsettledSegments().map((row) => row.segmentId), [segmentId]);
    const report = await repairRecordings(root, index, untold);
    assert.deepEqual([report.segmentsMended, report.bytesCut], [1, 777]);
    assert.equal((await stat(segmentPath(root, 1, segmentId))).size, bytes);
    assert.deepEqual(index.listUnsettledSegments(), []);
    assert.equal(index.listSegments(1, 0, T0 * 2)[0]!.frames, frames);
    r.recording.end("recorder-stopped");
    await r.writer.idle();
    await finish();
  });

  test("[RET4] deletions that were begun are finished", async () => {
    const r = rig();
    feed(r, 30);
    r.recording.end("camera-closed");
    await r.writer.idle();
    const [row] = index.listSegments(1, 0, T0 * 2);
    markDeleting(index, row!.segmentId, "deleted");
    await reopen();
    assert.equal((await repairRecordings(root, index, untold)).deletionsFinished, 1);
    assert.deepEqual(await readdir(join(root, "segments", "1")), []);
    assert.equal(index.listGaps(1, 0, T0 * 2)[0]!.cause, "deleted");
    await finish();
  });

  test("a second recorder on the same folder is told so; a newer index too", async () => {
    assert.throws(() => new IndexStore(join(root, "index.sqlite")), /another recorder is using/);
    index.database.exec("PRAGMA user_version = 99");
    index.close();
    assert.throws(() => new IndexStore(join(root, "index.sqlite")), /newer Citywatch/);
    await rm(root, { recursive: true, force: true });
  });
});

describe("retention", () => {
  test("[RET1] [RET3] [RET4] what is past its age goes from disk and index, joined to one gap; what is open stays", async () => {
    const r = rig();
    for (let minute = 0; minute < 4; minute++) {
      feed(r, 25, T0 + minute * 60_000, minute * 1_500);
    }
    r.recording.end("camera-closed");
    await r.writer.idle();
    const second = rig(2);
    feed(second, 30);
    await second.writer.idle();
    const clock = { wallMs: () => T0 + DAY_MS + 130_000, monotonicMs: () => 0 };
    const before = index.listSegments(1, 0, T0 * 2);
    assert.equal(before.length, 4);
    const deleted = await deleteOldRecordings(keepingADay(clock));
    assert.deepEqual(deleted.deletions.map((each) => each.segment.segmentId), before.slice(0, 2).map((each) => each.segmentId));
    assert.equal((await readdir(join(root, "segments", "1"))).length, 2);
    const gaps = index.listGaps(1, 0, T0 * 2).filter((gap) => gap.cause === "deleted");
    assert.deepEqual(gaps, [{ start: T0, end: before[1]!.endMs, cause: "deleted" }]);
    assert.equal(second.writer.findOpenSegment() !== undefined, true);
    second.recording.end("recorder-stopped");
    await second.writer.idle();
    await finish();
  });
});

test("[RET4] a power cut after files were removed brings no row of them back as pictures: the marks are on the disk before", async () => {
  const r = rig();
  feed(r, 30);
  r.recording.end("camera-closed");
  await r.writer.idle();
  const [row] = index.listSegments(1, 0, T0 * 2);
  const checkpoints = new IndexCheckpoints({ index, onFailed: (error) => assert.fail(error) });
  try {
    await checkpoints.sync();
    const clock = { wallMs: () => T0 + 5 * DAY_MS, monotonicMs: () => 0 };
    await deleteOldRecordings({ ...keepingADay(clock), markDurably: async (mark) => {
      mark();
      await checkpoints.sync();
      return true;
    } });
    assert.equal(existsSync(segmentPath(root, 1, row!.segmentId)), false);
    // The power goes: of the log nothing is left.
    await copyFile(index.file, join(root, "cut.sqlite"));
    const cut = new IndexStore(join(root, "cut.sqlite"));
    await settleRecordings(root, cut, untold);
    assert.deepEqual([cut.listSegments(1, 0, T0 * 2), listDeleting(cut), cut.listGaps(1, 0, T0 * 2).filter(({ cause }) => cause === "deleted")], [[], [], [{ start: row!.startMs, end: row!.endMs, cause: "deleted" }]]);
    cut.close();
  } finally {
    await checkpoints.stop(); // its thread
  }
  await finish();
});

test("[RET5] where the index cannot take even the mark, the file goes first and makes room", async () => {
  const r = rig();
  feed(r, 30);
  r.recording.end("camera-closed");
  await r.writer.idle();
  const [row] = index.listSegments(1, 0, T0 * 2);
  refuseMarks(root, index);
  const clock = { wallMs: () => T0 + 5 * DAY_MS, monotonicMs: () => 0 };
  const deleted = await deleteOldRecordings(keepingADay(clock));
  assert.deepEqual(deleted.deletions.map((each) => each.segment.segmentId), [row!.segmentId]);
  assert.deepEqual([index.listSegments(1, 0, T0 * 2), listDeleting(index)], [[], []]);
  await finish();
});

describe("the camera list", () => {
  test("[SEC1] [RCD12] passwords come back with the same token, not with another, and are not on the disk in clear", async () => {
    const stored: StoredCamera = {
      cameraId: 5, code: "C5", name: "n", address: "rtsps://h/x", subAddress: "rtsps://h/small", userName: "u", password: "hunter2-hunter2", transport: "tcp", certificateSha256: "ab".repeat(32), sound: true, metadata: true,
      recording: "scheduled", schedule: "daily 07:00-19:00", preRollS: 5, postRollS: 30, keyFrameIntervalS: 2, retentionDays: 3, leastDays: 1, mostGigabytes: 20.5,
    };
    const list = new CameraList(index, "token one");
    list.replace([stored, { ...stored, cameraId: 6, password: null }], 12);
    assert.deepEqual(list.list(), [stored, { ...stored, cameraId: 6, password: null }]);
    assert.equal(list.revision, 12);
    assert.equal(new CameraList(index, "token two").list()[0]!.password, null);
    list.remove(6, 13, null);
    assert.deepEqual(list.list(), [stored]);
    index.database.exec("UPDATE camera SET camera_id = 9");
    assert.equal(list.list()[0]!.password, null, "a sealed password cannot be moved to another camera");
    index.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    for (const text of ["hunter2", "token one"]) assert.equal((await readFile(join(root, "index.sqlite"))).includes(text), false, text);
    await finish();
  });
});

test("ids never become paths unparsed", () => {
  for (const id of [0, -1, 1.5, Number.NaN, "../../etc" as unknown as number]) {
    assert.throws(() => segmentPath("/r", id, 1), RangeError);
    assert.throws(() => segmentPath("/r", 1, id), RangeError);
  }
});

