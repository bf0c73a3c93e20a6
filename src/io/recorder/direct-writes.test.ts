// File systems that take a file for writes past the page cache and refuse the writes: recording goes on through the cache, and that is told.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { checkRecordings } from "./check-recordings.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { type DiskPort, POOLED_DISK } from "./disk-port.ts";
import { DiskThreads } from "./disk-thread.ts";
import { type FilePort, createFilePort } from "./file-port.ts";
import { IndexStore } from "./index-store.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { segmentPath } from "./segment-files.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
let root = "";
let index: IndexStore;
let threads: DiskThreads;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-direct-"));
  index = new IndexStore(join(root, "index.sqlite"));
  threads = new DiskThreads();
});
afterEach(async () => {
  index.close();
  await threads.close();
  await rm(root, { recursive: true, force: true });
});

/** Opens files for direct writes (by a flag that each file system takes) and refuses such writes after so many of a file, of the first so many files. */
function refusing(disk: DiskPort, taken: number, most = Infinity) {
  const direct = new Set<number>();
  const counts = { told: 0, refused: 0 };
  const real = createFilePort(() => void counts.told++, constants.O_SYNC);
  const files: FilePort = {
    create: async (path) => {
      const file = await real.create(path);
      direct.delete(file.fd);
      if (file.reopenBuffered === undefined) return file;
      direct.add(file.fd);
      const reopenBuffered = async (): ReturnType<NonNullable<typeof file.reopenBuffered>> => {
        const again = await file.reopenBuffered!();
        direct.delete(file.fd);
        return again;
      };
      return { ...file, reopenBuffered };
    },
    syncFolder: (path) => real.syncFolder(path),
  };
  const port: DiskPort = {
    begin: (fd) => {
      const writing = disk.begin(fd);
      let written = 0;
      return { ...writing, write: async (...of) => {
        if (direct.has(fd) && written++ >= taken && counts.refused < most) {
          counts.refused++;
          throw Object.assign(new Error("EINVAL: invalid argument, write"), { code: "EINVAL" });
        }
        await writing.write(...of);
      } };
    },
  };
  return { files, disk: port, counts };
}

function record(port: { readonly files: FilePort; readonly disk: DiskPort }) {
  const errors: Error[] = [];
  const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  const writer = new RecordingWriter({ root, cameraId: 1, index, ...port, counters, onDiskFailed: (error) => {
    errors.push(error);
    recording.abort("disk-failed");
  } });
  const recording: StreamRecording = new StreamRecording(1, writer, new ChunkArena(1e8).portOf(() => "continuous"));
  recording.onFormat(FORMAT);
  const feed = async (first: number, count: number): Promise<void> => {
    for (let i = first; i < first + count; i++) {
      const sample = new Sample();
      Object.assign(sample, { bytes: new Uint8Array(9_000).fill(i), length: 9_000, key: i % 25 === 0, decode90k: i * 3_600, wallMs: T0 + i * 40 });
      recording.onSample(sample, sample.wallMs);
      if (i % 25 === 24) await writer.idle();
    }
  };
  const end = async (): Promise<void> => {
    recording.end("camera-closed");
    await writer.idle();
  };
  return { writer, feed, end, errors };
}

for (const name of ["the pool", "a thread"] as const)
  test(`[RCD14] direct writes that are refused at the first write go through the page cache at once, by ${name}: no picture is lost, the hash is that of the file, and it is told once`, async () => {
    const { files, disk, counts } = refusing(name === "the pool" ? POOLED_DISK : threads, 0);
    const { feed, end, errors, writer } = record({ files, disk });
    await feed(0, 100);
    await end();
    await feed(100, 100); // a second file
    await end();
    assert.deepEqual([errors, counts], [[], { told: 1, refused: 1 }]);
    assert.equal(writer.picturesWritten, 200);
    const rows = index.listSegments(1, 0, T0 * 2);
    assert.equal(rows.length, 2);
    for (const { segmentId } of rows) {
      const { sha256 } = index.database.prepare("SELECT sha256 FROM segment WHERE segment_id = ?").get(segmentId) as { sha256: Uint8Array };
      assert.deepEqual(Buffer.from(sha256), createHash("sha256").update(await readFile(segmentPath(root, 1, segmentId))).digest());
    }
    assert.deepEqual((await checkRecordings(root, index, () => undefined)).findings, []);
  });

test("[RCD10] [RCD14] one that is refused further on ends its file as a failure does, and says nothing of the file system: the next is written past the page cache as before", async () => {
  const { files, disk, counts } = refusing(POOLED_DISK, 2, 1);
  const { feed, end, errors } = record({ files, disk });
  await feed(0, 100);
  await end();
  await feed(200, 100);
  await end();
  assert.deepEqual([errors.length, counts], [1, { told: 0, refused: 1 }]);
  const path = join(root, "one more");
  const file = await files.create(path);
  assert.notEqual(file.reopenBuffered, undefined, "opened for direct writes");
  await file.close();
  await rm(path);
  assert.equal(index.listSegments(1, T0 + 200 * 40, T0 * 2).length, 1);
});

test("[RCD10] [RCD14] a file system that takes the first direct writes of each file and refuses the later ones is known as such after three files in a row", async () => {
  const { files, disk, counts } = refusing(POOLED_DISK, 2);
  const { feed, end, errors } = record({ files, disk });
  for (let i = 0; i < 5; i++) {
    await feed(i * 200, 100);
    await end();
  }
  assert.deepEqual([errors.length, counts], [3, { told: 1, refused: 3 }]);
  assert.equal(index.listSegments(1, T0 + 600 * 40, T0 * 2).filter(({ frames }) => frames === 100).length, 2, "from the fourth on all is there");
});

test("[RCD14] files that were refused in their midst now and then, with others between them that ended well, change nothing", async () => {
  const buffered: string[] = [];
  const files = createFilePort(() => buffered.push("told"), constants.O_SYNC);
  for (let i = 0; i < 12; i++) {
    const file = await files.create(join(root, `file ${i}`));
    if (i % 2 === 0) file.noteRefused!();
    else await file.sync();
    await file.close();
  }
  assert.deepEqual(buffered, []);
});
