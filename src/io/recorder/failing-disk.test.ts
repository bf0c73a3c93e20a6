// Disks that lag, fill up and fail, under the writer as it is: a disk of the test's own behind the port, and a real small one where this machine can have it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, statfs, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import type { Chunk } from "../../video/ports.ts";
import { RECORDING_CLASSES, type RecordingClass, recordingClassOf } from "../../video/recording/recording-class.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { buildTimeline } from "../../video/playback/timeline.ts";
import { checkRecordings } from "./check-recordings.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { type DiskPort, type FileWriting, POOLED_DISK } from "./disk-port.ts";
import { type FilePort, type NewFile, createFilePort, gapCauseOfDisk, isDiskFull } from "./file-port.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { listForCheck } from "./check-store.ts";
import { RecordingWriter, type WriterCounters } from "./recording-writer.ts";
import { repairRecordings } from "./repair.ts";
import { deleteOldRecordings } from "./retention-job.ts";
import { cameraFolder, segmentPath } from "./segment-files.ts";
import { findNextSegmentId } from "./segment-numbers.ts";
import { markAtOnce } from "./testing/mark-at-once.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const GOP = 25;
let root = "";
let index: IndexStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-disk-"));
  index = new IndexStore(join(root, "index.sqlite"));
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

/** The real disk, whose openings, writes and syncs wait for `gate` or fail as `fail` says. */
class BrokenDisk implements DiskPort, FilePort {
  gate: Promise<void> | undefined;
  fail: { readonly on: "create" | "write" | "sync"; readonly code: string } | undefined;
  readonly calls: string[] = [];
  /** Folders. */
  readonly synced: string[] = [];
  onStep: (() => void) | undefined;
  readonly #files = createFilePort();

  async create(path: string): Promise<NewFile> {
    await this.#step("create");
    const file = await this.#files.create(path);
    const sync = async (): Promise<void> => {
      await this.#step("sync");
      await file.sync();
    };
    return { fd: file.fd, sync, close: file.close };
  }

  begin(fd: number): FileWriting {
    const writing = POOLED_DISK.begin(fd);
    const write = async (...of: Parameters<FileWriting["write"]>): Promise<void> => {
      await this.#step("write");
      await writing.write(...of);
    };
    return { ...writing, write };
  }

  syncFolder(path: string): Promise<void> {
    this.synced.push(path);
    return this.#files.syncFolder(path);
  }

  async #step(on: "create" | "write" | "sync"): Promise<void> {
    this.calls.push(on);
    this.onStep?.();
    await this.gate;
    if (this.fail?.on === on) throw Object.assign(new Error(`${this.fail.code}: the test's disk`), { code: this.fail.code });
  }
}

interface Rig { readonly writer: RecordingWriter; readonly recording: StreamRecording; readonly errors: Error[]; readonly counters: WriterCounters; feed(first: number, count: number, bytes?: number): void }
function rig(cameraId: number, arena: ChunkArena, of: RecordingClass, disk: { readonly files: FilePort; readonly disk?: DiskPort }, folder = root, at = index): Rig {
  const errors: Error[] = [];
  const counters: WriterCounters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  const writer = new RecordingWriter({
    root: folder, cameraId, index: at, ...disk, counters,
    onDiskFailed: (error) => {
      errors.push(error);
      const cause = gapCauseOfDisk(error);
      recording.abort(cause);
      writer.noteGap(T0 + 1e6, cause);
    },
  });
  const recording: StreamRecording = new StreamRecording(cameraId, writer, arena.portOf(() => of));
  recording.onFormat(FORMAT);
  const feed = (first: number, count: number, bytes = 20_000): void => {
    for (let i = first; i < first + count; i++) {
      const sample = new Sample();
      sample.bytes = new Uint8Array(bytes).fill(i);
      sample.length = bytes;
      sample.key = i % GOP === 0;
      sample.decode90k = i * 3_600;
      sample.wallMs = T0 + i * 40;
      recording.onSample(sample, sample.wallMs);
    }
  };
  return { writer, recording, errors, counters, feed };
}
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("a disk that lags", () => {
  test("[RCD6] the lowest class loses its pictures first, whole GOPs of them, and the gap says from when to when", async () => {
    const disk = new BrokenDisk();
    let open = (): void => undefined;
    disk.gate = new Promise((resolve) => { open = resolve; });
    const arena = new ChunkArena(16 * 1024 * 1024);
    const rigs = RECORDING_CLASSES.map((of, i) => rig(i + 1, arena, of, { files: disk, disk }));
    const lostAt = new Map<RecordingClass, number>();
    for (let i = 0; i < 12 * GOP; i++) {
      for (const [at, each] of rigs.entries()) {
        each.feed(i, 1);
        if (i > 0 && !each.recording.inRun && !lostAt.has(RECORDING_CLASSES[at]!)) lostAt.set(RECORDING_CLASSES[at]!, i);
      }
      if (i % 5 === 0) await turn();
      assert.ok(arena.used <= arena.most);
    }
    const order = [...lostAt.keys()];
    assert.deepEqual(order, RECORDING_CLASSES, "in the order of their classes");
    const at = order.map((of) => lostAt.get(of)!);
    assert.ok(at.every((frame, i) => i === 0 || frame > at[i - 1]!), `${at}`);
    open();
    disk.gate = undefined;
    for (const each of rigs) await each.writer.idle();
    for (let i = 12 * GOP; i < 14 * GOP; i++) for (const each of rigs) each.feed(i, 1);
    for (const each of rigs) {
      each.recording.end("camera-closed");
      await each.writer.idle();
    }
    for (const [i, each] of rigs.entries()) {
      assert.deepEqual(each.errors, []);
      const segments = index.listSegments(i + 1, 0, T0 * 2);
      const gaps = index.listGaps(i + 1, T0, T0 + 14 * GOP * 40).filter((gap) => gap.cause === "disk-slow");
      assert.equal(gaps.length, 1, RECORDING_CLASSES[i]);
      const [gap] = gaps;
      const before = segments.filter((segment) => segment.startMs < gap!.start);
      const after = segments.slice(before.length);
      assert.deepEqual([gap!.start, gap!.end], [before.at(-1)!.endMs, after[0]!.startMs], "the gap is what is between what was kept");
      assert.equal((gap!.end - T0) % (GOP * 40), 0, "it goes on with a key frame");
      assert.equal(segments.reduce((sum, segment) => sum + segment.frames, 0), (gap!.start - T0) / 40 + (T0 + 14 * GOP * 40 - gap!.end) / 40, "no picture is missing beside those of the gap");
    }
    assert.deepEqual((await checkRecordings(root, index, () => undefined)).findings, []);
  });

  test("[RCD6] whatever is asked for and given back: within the bound, and no class gets what a higher one is refused", () => {
    const step = fc.record({ of: fc.constantFrom(...RECORDING_CLASSES), size: fc.integer({ min: 1, max: 3_000_000 }), giveBack: fc.boolean() });
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const arena = new ChunkArena(16 * 1024 * 1024);
      const held: Chunk[] = [];
      for (const { of, size, giveBack } of steps) {
        if (giveBack) {
          held.shift()?.release();
          continue;
        }
        const fresh = RECORDING_CLASSES.map((each) => arena.portOf(() => each)); // ports that nothing was refused to yet
        const given = fresh.map((port) => {
          const chunk = port.acquire(size);
          chunk?.release();
          return chunk !== undefined;
        });
        assert.deepEqual(given, [...given].sort(), "who stands higher is given what who stands lower is");
        const chunk = fresh[RECORDING_CLASSES.indexOf(of)]!.acquire(size);
        if (chunk !== undefined) held.push(chunk);
        assert.ok(arena.used <= arena.most);
      }
    }));
    assert.deepEqual([recordingClassOf("on-demand", false), recordingClassOf("scheduled", false), recordingClassOf("on-event", false), recordingClassOf("continuous", false), recordingClassOf("on-demand", true)], ["on-demand", "sometimes", "sometimes", "continuous", "held"]);
  });
});

describe("a disk that fails", () => {
  for (const on of ["create", "write", "sync"] as const) {
    test(`[RCD10] ${on} fails: the writer stops there, touches the file no more, begins anew, and the repair brings back what was whole`, async () => {
      const disk = new BrokenDisk();
      const { writer, recording, errors, feed, counters } = rig(1, new ChunkArena(1e8), "continuous", { files: disk, disk });
      feed(0, 10);
      if (on !== "create") {
        feed(10, 2 * GOP);
        await writer.idle();
      }
      disk.fail = { on, code: "EIO" };
      feed(on === "create" ? 10 : 10 + 2 * GOP, GOP * 2);
      recording.flush();
      if (on === "sync") recording.end("camera-closed");
      await writer.idle();
      assert.deepEqual(errors.map((error) => (error as NodeJS.ErrnoException).code), ["EIO"], "told once");
      const after = disk.calls.length;
      assert.equal(disk.calls.at(-1), on, "nothing more was done to it");
      assert.equal(recording.inRun, false);
      assert.equal(index.findLastingGap(1)?.cause, "disk-failed");
      assert.equal(counters.bytesOpen, 0, "nothing is being written");
      disk.fail = undefined;
      feed(10 * GOP, GOP);
      recording.end("camera-closed");
      await writer.idle();
      assert.ok(disk.calls.length > after);
      const states = listForCheck(index, 1).map((row) => row.state);
      assert.deepEqual(states, on === "create" ? ["closed"] : ["suspect", "closed"]);
      await repairRecordings(root, index, (_fields, message) => assert.fail(message));
      assert.deepEqual((await checkRecordings(root, index, () => undefined)).findings, []);
      if (on === "create") return;
      const [suspect] = index.listSegments(1, 0, T0 * 2);
      assert.ok(suspect!.frames >= 2 * GOP, `${suspect!.frames} pictures came back`);
    });
  }

  test("[RCD11] [RCD17] a number that has a file already, of pictures that the index forgot, is left to them: they are not removed, the next segment's number is far from theirs, and they are taken in", async () => {
    const { writer, recording, errors, feed } = rig(1, new ChunkArena(1e8), "continuous", { files: createFilePort() });
    feed(0, 2 * GOP);
    recording.end("camera-closed");
    await writer.idle();
    const [first] = index.listSegments(1, 0, T0 * 2);
    const forgotten = findNextSegmentId(index);
    await copyFile(segmentPath(root, 1, first!.segmentId), segmentPath(root, 1, forgotten));
    const bytes = await readFile(segmentPath(root, 1, forgotten));
    feed(4 * GOP, GOP);
    await writer.idle();
    assert.deepEqual(errors.map((error) => (error as NodeJS.ErrnoException).code), ["EEXIST"], "told once");
    assert.ok((await readFile(segmentPath(root, 1, forgotten))).equals(bytes));
    feed(8 * GOP, 2 * GOP);
    recording.end("camera-closed");
    await writer.idle();
    assert.ok(findNextSegmentId(index) > forgotten + 1_000 && findNextSegmentId(index) < forgotten + 100_000, "and within what a start leaves out, where this is lost with the power");
    await repairRecordings(root, index, (_fields, message) => assert.fail(message));
    assert.ok(index.hasSegment(forgotten));
    assert.deepEqual([(await checkRecordings(root, index, () => undefined)).findings, errors.length], [[], 1]);
  });

  const DISK_LATE = [
    { name: "at once", lags: false, endsFirst: false, rotates: false },
    { name: "after it lagged", lags: true, endsFirst: false, rotates: false },
    { name: "after it lagged and the camera was lost meanwhile", lags: true, endsFirst: true, rotates: false },
    { name: "after it lagged and the next segment was begun", lags: true, endsFirst: false, rotates: true },
  ];
  for (const { name, lags, endsFirst, rotates } of DISK_LATE) {
    test(`[RCD6] [RCD7] [RCD10] a write fails ${name}: all that the disk did not take is a gap of that failure, and nothing is said not to have been wanted`, async () => {
      const disk = new BrokenDisk();
      const { writer, recording, errors, feed, counters } = rig(1, new ChunkArena(1e8), "continuous", { files: disk, disk });
      let open = (): void => undefined;
      feed(0, 4 * GOP);
      await writer.idle();
      const taken = writer.knownUntilMs;
      assert.ok(taken > T0);
      disk.fail = { on: "write", code: "EIO" };
      if (lags) disk.gate = new Promise((resolve) => { open = resolve; });
      feed(4 * GOP, 4 * GOP);
      if (rotates) recording.onFormat(FORMAT);
      feed(8 * GOP, 4 * GOP);
      if (endsFirst) recording.end("no-data");
      open();
      disk.gate = undefined;
      await writer.idle();
      assert.ok(errors.length > 0 && counters.failures > 0);
      disk.fail = undefined;
      const lostUntil = T0 + 20 * GOP * 40;
      feed(20 * GOP, 2 * GOP);
      recording.end("camera-closed");
      await writer.idle();
      const to = T0 + 22 * GOP * 40;
      const spans = index.listSpans(1, T0, to).map((span) => ({ id: span.segmentId, start: span.startMs, end: span.endMs, bytes: span.bytes, frames: span.frames, open: false }));
      const { coverage, gaps } = buildTimeline(T0, to, spans, index.listGaps(1, T0, to), index.findKnownSince(1)!);
      assert.deepEqual(coverage.map(({ start, end }) => [start, end]), [[T0, taken], [lostUntil, to]]);
      assert.equal(gaps[0]!.start, taken, "from the last picture that the disk took");
      assert.ok(gaps.every(({ cause }) => cause === "disk-failed" || (endsFirst && cause === "no-data")), JSON.stringify(gaps));
      assert.equal(gaps[0]!.cause, "disk-failed");
      const run = index.database.prepare("SELECT end_ms FROM run ORDER BY run_id LIMIT 1").get() as { end_ms: number };
      if (!rotates) assert.equal(run.end_ms, taken, "the run ends with the pictures that are kept");
    });
  }

  test("[RCD10] [RCD15] a disk that refuses every first fragment: no file is left that no row names, and none that holds nothing", async () => {
    const disk = new BrokenDisk();
    const { writer, feed, errors, counters } = rig(1, new ChunkArena(1e8), "continuous", { files: disk, disk });
    disk.fail = { on: "write", code: "ENOSPC" };
    for (let gop = 0; gop < 4; gop++) {
      feed(gop * GOP, GOP);
      await writer.idle();
    }
    assert.ok(errors.length > 2);
    assert.equal(counters.failures, 0, "a full disk is no disk that fails");
    assert.deepEqual(await readdir(cameraFolder(root, 1)), []);
    assert.deepEqual(listForCheck(index, 1), []);
  });

  test("[RCD11] before a row of a new camera's folder is closed, the folder's own entry is synced, and that of the folder above where it is new", async () => {
    const disk = new BrokenDisk();
    const arena = new ChunkArena(16 * 1024 * 1024);
    const wanted = [[root, join(root, "segments"), cameraFolder(root, 1)], [join(root, "segments"), cameraFolder(root, 2)]];
    for (const [i, folders] of wanted.entries()) {
      const { writer, recording, feed } = rig(i + 1, arena, "continuous", { files: disk, disk });
      disk.synced.length = 0;
      feed(0, GOP);
      recording.end("camera-closed");
      await writer.idle();
      assert.deepEqual(disk.synced.toSorted(), folders.toSorted());
    }
  });

  test("[RCD10] what is handed over in the moment in which the last job ends is written, too", async () => {
    const disk = new BrokenDisk();
    const { writer } = rig(1, new ChunkArena(1e8), "continuous", { files: disk, disk });
    const facts = { startWallMs: T0, endWallMs: T0 + 500, start90k: 0, duration90k: 45_000, frames: 12, startsWithKey: true, initBytes: 0 };
    const bytes = new ChunkArena(1e8).acquire(65_536)!.bytes;
    const chunk = (release: () => void): Chunk => ({ bytes, start: 0, end: 65_536, release });
    writer.beginRun(T0);
    writer.beginSegment(T0, new Uint8Array(100), 4_096);
    let late = false;
    writer.writeFragment(chunk(() => queueMicrotask(() => writer.writeFragment(chunk(() => { late = true; }), 0, 4_096, facts))), 0, 4_096, facts);
    await turn();
    await writer.idle();
    await turn();
    await writer.idle();
    assert.equal(late, true);
    assert.equal(writer.picturesWritten, 24);
    writer.endRun(T0 + 500, "camera-closed");
    await writer.idle();
  });

  test("[LIV4] the running GOP is read while pictures keep coming: what was handed over before it was asked for, and no more", async () => {
    const disk = new BrokenDisk();
    const { writer, recording, feed } = rig(1, new ChunkArena(1e8), "continuous", { files: disk, disk });
    feed(0, GOP + 10);
    recording.flush();
    const asked = writer.readRunningGop();
    let answered = false;
    void asked.then(() => { answered = true; });
    let frame = GOP + 10;
    const waiting = (): void => {
      feed(frame++, 1);
      recording.flush();
    };
    disk.onStep = waiting; // each write brings the next: the writer is never idle
    for (let turns = 0; turns < 2_000 && !answered; turns++) await turn();
    disk.onStep = undefined;
    assert.equal(answered, true, "it waits for what is before it only");
    const samples = await asked;
    assert.deepEqual(samples?.map(({ key }) => key), Array.from({ length: 10 }, (_, i) => i === 0));
    recording.end("camera-closed");
    await writer.idle();
  });

  test("[RCD15] no room: the cause is disk-full, and the index's own want of room is one too", async () => {
    const disk = new BrokenDisk();
    const { writer, feed, errors } = rig(1, new ChunkArena(1e8), "continuous", { files: disk, disk });
    disk.fail = { on: "write", code: "ENOSPC" };
    feed(0, 3 * GOP);
    await writer.idle();
    assert.equal(errors.length, 1);
    assert.equal(index.findLastingGap(1)?.cause, "disk-full");
    index.database.exec("PRAGMA max_page_count = 1");
    assert.throws(() => index.database.exec(`CREATE TABLE large AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i, randomblob(100) FROM n`), (error: Error) => isDiskFull(error));
    assert.equal(isDiskFull(Object.assign(new Error("x"), { code: "EIO" })), false);
  });
});

describe("a real small disk", () => {
  test("[RCD15] [RET2] recording on 24 MB of memory file system: full, emptied by retention, and on again; all that is left is whole", async (t) => {
    const mount = join(root, "small");
    await mkdir(mount);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", mount], { stdio: "ignore" });
    } catch {
      return t.skip("this user may not mount a tmpfs");
    }
    let small: IndexStore | undefined;
    try {
      small = new IndexStore(join(mount, "index.sqlite"));
      const holds = new HoldList(small);
      holds.replace([], 0);
      const buffered: string[] = [];
      const each = rig(1, new ChunkArena(1e8), "continuous", { files: createFilePort(() => buffered.push("told")) }, mount, small);
      const ballast = join(mount, "ballast");
      await writeFile(ballast, new Uint8Array(6 * 1024 * 1024));
      let first = 0;
      for (; each.errors.length === 0 && first < 60_000; first += GOP) {
        each.feed(first, GOP);
        await each.writer.idle();
        if (first % 100 === 0) each.recording.end("camera-closed"); // segments to delete
      }
      assert.ok(each.errors.length > 0, "it ran full");
      assert.ok(each.errors.every(isDiskFull), String(each.errors[0]));
      each.recording.end("disk-full");
      await each.writer.idle();
      await unlink(ballast); // so that the index can take the marks: [RET5] has a test of its own for where it cannot
      const before = small.listSegments(1, 0, T0 * 2).length;
      const { deletions } = await deleteOldRecordings({
        root: mount, index: small, holds, clock: { wallMs: () => T0 + first * 40, monotonicMs: () => 0 }, markDurably: markAtOnce, floorBytes: 16 * 1024 * 1024, mostBytes: Infinity, findKeeping: () => ({ mostDays: 30, leastDays: 0, mostBytes: Infinity }),
        fallback: { mostDays: 30, leastDays: 0, mostBytes: Infinity }, log: () => undefined,
      });
      assert.ok(deletions.length > 0 && deletions.length < before && deletions.every((one) => one.why === "space"), `${deletions.length} of ${before}`);
      const { bavail, bsize } = await statfs(mount);
      assert.ok(bavail * bsize >= 16 * 1024 * 1024);
      const errors = each.errors.length;
      each.feed(first + GOP, 4 * GOP);
      each.recording.end("camera-closed");
      await each.writer.idle();
      assert.equal(each.errors.length, errors, "there is room again");
      await repairRecordings(mount, small, (_fields, message) => assert.fail(message));
      assert.deepEqual((await checkRecordings(mount, small, () => undefined)).findings, []);
      assert.ok(buffered.length <= 1, "that direct writes are refused is told once");
    } finally {
      small?.close();
      execFileSync("umount", [mount], { stdio: "ignore" });
    }
  });
});
