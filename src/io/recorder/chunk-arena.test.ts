import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../base/random.ts";
import type { Chunk } from "../../video/ports.ts";
import { ChunkArena } from "./chunk-arena.ts";

const SLAB_BYTES = 32 * 1024 * 1024;

describe("the arena of chunks", () => {
  test("[RCD6] whatever is taken and given back: chunks lie on blocks, apart from each other, and never hold more than the budget", () => {
    const step = fc.record({ takes: fc.boolean(), trims: fc.integer({ max: 9, min: 0 }), size: fc.integer({ min: 1, max: 900_000 }), which: fc.nat() });
    fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const arena = new ChunkArena(20e6);
      const held: Chunk[] = [];
      for (const { takes, trims, size, which } of steps) {
        if (trims === 0) for (const gone of arena.trim()) assert.ok(held.every(({ bytes }) => bytes.buffer !== gone));
        const chunk = takes ? arena.acquire(size) : undefined;
        if (chunk !== undefined) {
          assert.ok(chunk.end - chunk.start >= size && chunk.start % arena.blockBytes === 0 && chunk.end % arena.blockBytes === 0);
          for (const other of held) assert.ok(other.bytes !== chunk.bytes || other.end <= chunk.start || chunk.end <= other.start);
          held.push(chunk);
        } else if (!takes && held.length > 0) {
          held.splice(which % held.length, 1)[0]!.release();
        }
        assert.ok(arena.used <= arena.most && arena.reserved <= SLAB_BYTES);
        assert.equal(arena.used, held.reduce((sum, { start, end }) => sum + end - start, 0));
      }
    }));
  });

  test("a larger chunk that is free serves where there is none of the size, so that sizes that vary do not keep memory each", () => {
    const arena = new ChunkArena(1e9);
    const sizes = [260_000, 300_000, 390_000, 500_000];
    for (let round = 0; round < 40; round++) {
      const held = Array.from({ length: 100 }, (_, i) => arena.acquire(sizes[(i + round) % sizes.length]!)!);
      for (const chunk of held) chunk.release();
    }
    assert.ok(arena.reserved <= 100 * 524_288 + 64 * 1024 * 1024, `${arena.reserved} bytes`);
  });

  test("[RCD6] sizes that grow and shrink over time never reserve more than the budget, in whole slabs, and all of it can be had again in any size", () => {
    const most = 4 * SLAB_BYTES;
    const arena = new ChunkArena(most);
    for (const size of [65_536, 16 * 1024 * 1024, 98_304, 1_000_000, 393_216, 12 * 1024 * 1024, 65_536]) {
      const held: Chunk[] = [];
      for (let chunk = arena.acquire(size); chunk !== undefined; chunk = arena.acquire(size)) held.push(chunk);
      const bytes = held.reduce((sum, { start, end }) => sum + end - start, 0);
      assert.ok(arena.reserved <= most, `${arena.reserved} bytes reserved`);
      assert.ok(bytes > most * 0.7, `of chunks of ${size}, ${bytes} bytes could be had`);
      const sorted = held.toSorted((a, b) => a.start - b.start);
      for (const slab of new Set(sorted.map((chunk) => chunk.bytes))) {
        const inSlab = sorted.filter((chunk) => chunk.bytes === slab);
        assert.ok(inSlab.every((chunk, i) => i === 0 || inSlab[i - 1]!.end <= chunk.start), "apart from each other");
      }
      for (const [i, chunk] of held.entries()) if (i % 2 === 0) chunk.release();
      for (const [i, chunk] of held.entries()) if (i % 2 === 1) chunk.release();
      assert.equal(arena.used, 0);
    }
  });

  test("[RCD6] memory that a burst took, and that nobody wanted since it was last asked for, is given back; what is held stays, and all can be had again", () => {
    const arena = new ChunkArena(8 * SLAB_BYTES);
    const burst = Array.from({ length: 7 * 32 }, () => arena.acquire(1024 * 1024)!);
    const staying = burst.splice(40, 1)[0]!;
    for (const chunk of burst) chunk.release();
    assert.deepEqual(arena.trim(), [], "all of it was wanted a moment ago");
    const again = arena.acquire(500_000)!;
    again.release();
    const gone = arena.trim();
    assert.equal(new Set(gone).size, 5);
    assert.ok(![staying, again].some((chunk) => gone.includes(chunk.bytes.buffer)));
    assert.equal(arena.reserved, 2 * SLAB_BYTES);
    assert.deepEqual(arena.trim(), [again.bytes.buffer], "wanted once, and not since");
    staying.release();
    assert.deepEqual([arena.trim().length, arena.reserved, arena.used], [1, 0, 0]);
    const all = Array.from({ length: 8 * 32 }, () => arena.acquire(1024 * 1024));
    assert.ok(all.every((chunk) => chunk !== undefined) && arena.acquire(1) === undefined && arena.reserved === 8 * SLAB_BYTES);
  });

  test("[RCD6] two hundred cameras whose sizes vary: once a disk that lagged for three seconds keeps up again, memory falls to what it was before", () => {
    const arena = new ChunkArena(4e9);
    const random = createRandom(11);
    const cameras = Array.from({ length: 200 }, () => ({ next: random.next() * 0.5, bytes: 150_000 + random.next() * 250_000 }));
    const held: { readonly until: number; readonly chunk: Chunk }[] = [];
    const reservedAt = new Map<number, number>();
    for (let centisecond = 0; centisecond <= 20_000; centisecond++) {
      const now = centisecond / 100;
      for (let i = held.length - 1; i >= 0; i--) if (held[i]!.until <= now) held.splice(i, 1)[0]!.chunk.release();
      const lag = now > 30 && now < 33 ? 33 - now : 0;
      for (const camera of cameras) {
        if (camera.next > now) continue;
        camera.next += 0.5;
        held.push({ until: now + 0.5 + random.next() * 0.05 + lag, chunk: arena.acquire(Math.round(camera.bytes * (0.6 + random.next() * 0.9)))! });
      }
      if (centisecond % 6_000 === 0) arena.trim();
      reservedAt.set(now, arena.reserved);
    }
    assert.ok(reservedAt.get(34)! > 2 * reservedAt.get(29)!, "the lag took memory");
    assert.ok(reservedAt.get(200)! <= reservedAt.get(29)! + SLAB_BYTES, `${reservedAt.get(29)} bytes before, ${reservedAt.get(200)} after`);
  });

  test("a chunk that is given back twice is told", () => {
    const chunk = new ChunkArena(1e9).acquire(1)!;
    chunk.release();
    assert.throws(() => chunk.release(), /twice/);
  });
});
