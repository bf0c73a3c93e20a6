// [UDP1] Order out of disorder: chance reorder, loss, duplicates and wrapping numbers against what a simple model says must come out.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ReorderBuffer } from "./reorder-buffer.ts";

class Bench {
  /** A packet's number in the test, "-n" for a declared loss. */
  readonly out: (number | string)[] = [];
  readonly buffer: ReorderBuffer;
  readonly #first: number;
  constructor(mostPackets = 8, mostWaitMs = 100, first = 65_530, mostBytes = 1_000_000) {
    this.#first = first;
    this.buffer = new ReorderBuffer({ mostPackets, mostWaitMs, mostBytes }, {
      onOrdered: (bytes, start, end) => {
        assert.equal(end - start, 6, "the size of what was given");
        this.out.push(Buffer.from(bytes).readUInt32BE(start));
      },
      onLoss: (packets) => this.out.push(`-${packets}`),
    });
  }
  push(n: number, now = 0, sequence = (this.#first + n) & 0xffff): this {
    const bytes = Buffer.alloc(10, 0xee); // not at the beginning of its bytes, as in a socket's buffer
    bytes.writeUInt32BE(n, 3);
    this.buffer.push(sequence, bytes, 3, 9, now);
    bytes.fill(0);
    return this;
  }
}

describe("the reorder buffer", () => {
  test("[UDP1] in order: straight through, nothing held", () => {
    const bench = new Bench();
    for (let n = 0; n < 20; n++) bench.push(n);
    assert.deepEqual(bench.out, Array.from({ length: 20 }, (_, n) => n));
    assert.equal(bench.buffer.held, 0);
  });

  test("[UDP1] an early packet waits for the one before it", () => {
    assert.deepEqual(new Bench().push(0).push(2).push(3).push(1).push(4).out, [0, 1, 2, 3, 4]);
  });

  test("[UDP1] a hole is given up when packets beyond the window come", () => {
    const bench = new Bench(4).push(0).push(2).push(3).push(4);
    assert.deepEqual(bench.out, [0]);
    bench.push(5);
    assert.deepEqual(bench.out, [0, "-1", 2, 3, 4, 5]);
    assert.deepEqual(new Bench(4).push(0).push(3).push(9).push(10).out, [0, "-2", 3, "-2", "-1"], "9 and 10 wait for 7 and 8, whose time is not up");
  });

  test("[UDP1] a hole is given up when its time is up, with the next packet or by the tick", () => {
    const bench = new Bench().push(0, 0).push(2, 10).push(4, 60).push(5, 109);
    assert.deepEqual(bench.out, [0]);
    bench.push(6, 110);
    assert.deepEqual(bench.out, [0, "-1", 2], "4 came at 60, so 3 may still come");
    bench.buffer.tick(160);
    assert.deepEqual(bench.out, [0, "-1", 2, "-1", 4, 5, 6]);
    assert.equal(bench.buffer.waiting, 0);
  });

  test("[UDP1] late ones and duplicates go nowhere, held or not", () => {
    const bench = new Bench(4).push(0).push(0).push(2).push(2).push(5).push(1).push(3).push(4);
    assert.deepEqual(bench.out, [0, "-1", 2, 3, 4, 5]);
    assert.equal(bench.buffer.late, 3);
  });

  test("[UDP1] a sender that begins anew is followed once two numbers stand in a row; one wild packet changes nothing", () => {
    const bench = new Bench(8, 100, 10).push(0).push(1).push(77, 0, 30_000).push(2);
    assert.deepEqual(bench.out, [0, 1, 2]);
    bench.push(4).push(100, 0, 40_000).push(101, 0, 40_001).push(102, 0, 40_002);
    assert.deepEqual(bench.out, [0, 1, 2, "-1", 4, 101, 102]);
    assert.equal(bench.buffer.restarts, 1);
  });

  test("[UDP1] no more is held than the bytes that are allowed", () => {
    const bench = new Bench(64, 1e9, 0, 20).push(0).push(2).push(3).push(4);
    assert.deepEqual(bench.out, [0]);
    bench.push(5);
    assert.deepEqual(bench.out, [0, "-1", 2, 3, 4, 5]);
  });

  test("a window that is no power of two is a mistake in the code", () => {
    assert.throws(() => new Bench(12), /power of two/);
  });

  test("[UDP1] whatever the network does: numbers rise, none comes twice, and what is missing is declared, exactly", () => {
    // Each packet is sent at n ms, may be lost, may come twice, and takes 0 to 30 ms.
    const fate = fc.record({ lost: fc.boolean(), twice: fc.boolean(), delay: fc.integer({ min: 0, max: 30 }), again: fc.integer({ min: 0, max: 60 }) });
    fc.assert(fc.property(fc.array(fate, { minLength: 1, maxLength: 120 }), fc.integer({ min: 0, max: 65_535 }), fc.constantFrom(1, 2, 8, 32), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 3 }), (fates, first, mostPackets, mostWaitMs, rarely) => {
      const bench = new Bench(mostPackets, mostWaitMs, first);
      const arrivals: { n: number; at: number }[] = [];
      for (const [n, { lost, twice, delay, again }] of fates.entries()) {
        if (lost && n % rarely === 0) continue;
        arrivals.push({ n, at: n + delay });
        if (twice) arrivals.push({ n, at: n + again });
      }
      arrivals.sort((a, b) => a.at - b.at);
      for (const { n, at } of arrivals) {
        bench.push(n, at);
        assert.ok(bench.buffer.waiting < mostPackets);
      }
      bench.buffer.tick(1e6);
      assert.equal(bench.buffer.waiting, 0, "after its time nothing waits");
      // Fold the output: it must count on from the first, with no number that is neither handed on nor declared.
      if (arrivals.length === 0) return;
      let next = arrivals[0]!.n;
      const handed = new Set<number>();
      for (const item of bench.out) {
        if (typeof item === "string") {
          next += Number(item.slice(1));
        } else {
          assert.equal(item, next);
          handed.add(item);
          next++;
        }
      }
      assert.equal(next - 1, Math.max(...arrivals.map(({ n }) => n)), "up to the last that came");
      const given = bench.out.filter((item) => typeof item === "number").length;
      assert.equal(given + bench.buffer.late, arrivals.length, "each that came was handed on or counted as late");
    }), { numRuns: 1_000 });
  });

  test("[UDP1] where each packet is early or late by less than the window and the time, all come out, in order", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 200 }), fc.integer({ min: 0, max: 65_535 }), (delays, first) => {
      const order = delays.map((delay, n) => ({ n, at: n === 0 ? -1 : n + delay })).sort((a, b) => a.at - b.at || a.n - b.n);
      const bench = new Bench(8, 20, first);
      for (const { n, at } of order) bench.push(n, at);
      assert.deepEqual(bench.out, delays.map((_, n) => n));
      assert.equal(bench.buffer.lost, 0);
    }));
  });
});
