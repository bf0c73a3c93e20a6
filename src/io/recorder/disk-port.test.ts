// One suite for both ways of writing segment files, and what only a thread of its own can do wrong.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { ChunkArena } from "./chunk-arena.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { type DiskPort, POOLED_DISK } from "./disk-port.ts";
import { DiskThreads, RING_JOBS } from "./disk-thread.ts";

const threads = new DiskThreads();
/** One alone, to fill its ring. */
const thread = new DiskThreads(undefined, 1);
const arena = new ChunkArena(1e9);
let dir = "";
let files = 0;
before(async () => { dir = await mkdtemp(join(tmpdir(), "citywatch-disk-")); });
after(async () => {
  await threads.close();
  await thread.close();
  await rm(dir, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
/** Writes each piece out of a chunk that is overwritten afterwards; answers the file and its hash. */
async function record(disk: DiskPort, pieces: readonly Uint8Array[]): Promise<{ readonly bytes: Buffer; readonly hash: Uint8Array }> {
  const path = join(dir, String(files++));
  const handle = await open(path, "wx");
  const writing = disk.begin(handle.fd);
  for (const piece of pieces) {
    const chunk = arena.acquire(piece.length)!;
    chunk.bytes.set(piece, chunk.start);
    await writing.write(chunk.bytes, chunk.start, piece.length);
    chunk.bytes.fill(0xee, chunk.start, chunk.end);
    chunk.release();
  }
  const hash = await writing.finish();
  await handle.close();
  return { bytes: await readFile(path), hash };
}

for (const [name, disk] of [["Node's thread pool", POOLED_DISK], ["the disk threads", threads]] as const) {
  describe(`[RCD14] written and hashed by ${name}`, () => {
    test("what was given stands in the file, in order, and the hash is that of all of it", async () => {
      await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), { maxLength: 6 }), async (pieces) => {
        const { bytes, hash } = await record(disk, pieces);
        assert.deepEqual(bytes, Buffer.concat(pieces));
        assert.deepEqual(Buffer.from(hash), sha256(Buffer.concat(pieces)));
      }), { numRuns: 30 });
    });

    test("many files at once stay apart", async () => {
      const pieces = (seed: number): Uint8Array[] => [1, 2, 3].map((n) => new Uint8Array(70_000 * n).fill(seed * 3 + n));
      const recorded = await Promise.all(Array.from({ length: 40 }, (_, i) => record(disk, pieces(i))));
      for (const [i, { bytes, hash }] of recorded.entries()) {
        assert.ok(bytes.equals(Buffer.concat(pieces(i))), `file ${i}`);
        assert.deepEqual(Buffer.from(hash), sha256(bytes));
      }
    });

    test("[RCD10] a write that fails tells the system's reason, and the other files go on", async () => {
      const handle = await open(join(dir, String(files++)), "wx");
      await handle.close();
      const readOnly = await open(join(dir, String(files - 1)), "r");
      const chunk = arena.acquire(10)!;
      const failing = disk.begin(readOnly.fd);
      await assert.rejects(failing.write(chunk.bytes, chunk.start, 10), (error: NodeJS.ErrnoException) => error.code === "EBADF" && error.syscall === "write" && error.message.startsWith("EBADF: "));
      failing.drop();
      await readOnly.close();
      chunk.release();
      assert.deepEqual((await record(disk, [Buffer.from("still here")])).bytes.toString(), "still here");
    });
  });
}

describe("a disk thread", () => {
  test("more writes than its ring holds are all made", async () => {
    const handle = await open(join(dir, String(files++)), "wx+");
    const chunk = arena.acquire(8)!;
    const count = RING_JOBS + 500;
    for (let i = 0; i < 8; i++) chunk.bytes[chunk.start + i] = i;
    await Promise.all(Array.from({ length: count }, () => thread.begin(handle.fd).write(chunk.bytes, chunk.start, 8)));
    assert.deepEqual([...(await handle.readFile())], [0, 1, 2, 3, 4, 5, 6, 7]);
    await handle.close();
    chunk.release();
  });

  test("memory that the arena gave back is no longer held by the threads, and goes back to the system", async () => {
    const burst = new ChunkArena(12 * 32 * 1024 * 1024);
    const mine = new DiskThreads();
    const handle = await open(join(dir, String(files++)), "wx");
    try {
      const chunks = Array.from({ length: 12 * 32 }, () => burst.acquire(1024 * 1024)!);
      await Promise.all(chunks.map(async (chunk) => mine.begin(handle.fd).write(chunk.bytes.fill(1, chunk.start, chunk.end), chunk.start, chunk.end - chunk.start)));
      for (const chunk of chunks) chunk.release();
      const most = process.memoryUsage.rss();
      chunks.length = 0;
      burst.trim();
      for (const memory of burst.trim()) mine.forget(memory);
      for (let looks = 0; looks < 600 && process.memoryUsage.rss() > most - 300e6; looks++) {
        collectGarbage();
        await setTimeout(50);
      }
      assert.ok(process.memoryUsage.rss() <= most - 300e6, `${process.memoryUsage.rss()} bytes after ${most}`);
    } finally {
      await mine.close();
      await handle.close();
    }
  });

  test("bytes that it does not share are refused, not written wrongly", async () => {
    await assert.rejects(thread.begin(1).write(new Uint8Array(8), 0, 8), /memory that it does not share/);
  });

  test("[RCD10] where the thread ends, what is under way fails with the reason, and the next file has a new one", async () => {
    const dying = new DiskThreads(new URL("data:text/javascript,import { workerData } from 'node:worker_threads'; Atomics.wait(new Int32Array(workerData.counters), 0, 0); throw new Error('out of order')"), 1);
    const chunk = arena.acquire(8)!;
    try {
      const first = dying.begin(1);
      await assert.rejects(first.write(chunk.bytes, chunk.start, 8), /out of order/);
      await assert.rejects(first.finish(), /out of order/, "a file does not change threads");
      await assert.rejects(dying.begin(1).write(chunk.bytes, chunk.start, 8), /out of order/, "of the new one");
    } finally {
      await dying.close();
      chunk.release();
    }
  });
});
