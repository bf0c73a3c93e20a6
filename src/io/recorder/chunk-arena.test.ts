import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Chunk } from "../../video/ports.ts";
import { ChunkArena } from "./chunk-arena.ts";

describe("the arena of chunks", () => {
  test("[RCD6] whatever is taken and given back: chunks lie on blocks, apart from each other, and never hold more than the budget", () => {
    const step = fc.record({ takes: fc.boolean(), size: fc.integer({ min: 1, max: 900_000 }), which: fc.nat() });
    fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const arena = new ChunkArena(20e6);
      const held: Chunk[] = [];
      for (const { takes, size, which } of steps) {
        const chunk = takes ? arena.acquire(size) : undefined;
        if (chunk !== undefined) {
          assert.ok(chunk.end - chunk.start >= size && chunk.start % arena.blockBytes === 0 && chunk.end % arena.blockBytes === 0);
          for (const other of held) assert.ok(other.bytes !== chunk.bytes || other.end <= chunk.start || chunk.end <= other.start);
          held.push(chunk);
        } else if (!takes && held.length > 0) {
          held.splice(which % held.length, 1)[0]!.release();
        }
        assert.ok(arena.used <= arena.most);
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

  test("a chunk that is given back twice is told", () => {
    const chunk = new ChunkArena(1e9).acquire(1)!;
    chunk.release();
    assert.throws(() => chunk.release(), /twice/);
  });
});
