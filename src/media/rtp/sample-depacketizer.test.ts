// Sound and metadata: packets to samples, every fault, and that nothing with a hole in it is handed on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { AacDepacketizer } from "./aac-depacketizer.ts";
import { G711Depacketizer } from "./g711-depacketizer.ts";
import { MetadataDepacketizer } from "./metadata-depacketizer.ts";
import { RtpPacket, encodeRtpHeader } from "./packet.ts";
import type { RtpSampleSink, SampleDepacketizer } from "./sample-depacketizer.ts";

class Bench {
  readonly samples: (readonly [timestamp: number, bytes: readonly number[], lossBefore: boolean])[] = [];
  readonly faults: string[] = [];
  readonly #packet = new RtpPacket();
  readonly #depacketizer: SampleDepacketizer;
  constructor(make: (sink: RtpSampleSink) => SampleDepacketizer) {
    this.#depacketizer = make({ onRtpSample: (sample) => this.samples.push([sample.timestamp, [...sample.bytes.subarray(sample.start, sample.end)], sample.lossBefore]) });
  }
  push(sequence: number, timestamp: number, marker: boolean, payload: readonly number[]): void {
    const bytes = new Uint8Array(12 + payload.length);
    encodeRtpHeader(bytes, 0, 97, marker, sequence & 0xffff, timestamp, 7);
    bytes.set(payload, 12);
    assert.equal(this.#packet.read(bytes, 0, bytes.length), undefined);
    const fault = this.#depacketizer.push(this.#packet, bytes);
    if (fault !== undefined) this.faults.push(fault);
  }
}
const aac = (): Bench => new Bench((sink) => new AacDepacketizer(sink, 1_024));
const metadata = (most = 100): Bench => new Bench((sink) => new MetadataDepacketizer(sink, most));
/** AU-headers-length and headers for units of these sizes. */
const headers = (...sizes: number[]): number[] => [(sizes.length * 16) >> 8, (sizes.length * 16) & 255, ...sizes.flatMap((size) => [size >> 5, (size << 3) & 255])];

describe("AAC", () => {
  test("one unit, several units, times that wrap", () => {
    const bench = aac();
    bench.push(65_535, 0, true, [...headers(2), 1, 2]);
    bench.push(0, 0xffffffff, true, [...headers(1, 2), 3, 4, 5]);
    assert.deepEqual(bench.samples, [[0, [1, 2], false], [0xffffffff, [3], false], [1_023, [4, 5], false]]);
    assert.deepEqual(bench.faults, []);
  });

  test("a unit over three packets", () => {
    const bench = aac();
    bench.push(1, 500, false, [...headers(5), 1, 2]);
    bench.push(2, 500, false, [...headers(5), 3]);
    bench.push(3, 500, true, [...headers(5), 4, 5]);
    assert.deepEqual(bench.samples, [[500, [1, 2, 3, 4, 5], false]]);
  });

  test("[ING2] a fragment with a hole is not handed on, and the next unit says so", () => {
    const bench = aac();
    bench.push(1, 500, false, [...headers(5), 1, 2]);
    bench.push(3, 500, true, [...headers(5), 4, 5]);
    bench.push(4, 1_524, true, [...headers(1), 9]);
    bench.push(5, 2_548, true, [...headers(1), 8]);
    assert.deepEqual(bench.samples, [[1_524, [9], true], [2_548, [8], false]]);
  });

  test("units there and back, split as a sender may", () => {
    const unit = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(fc.property(fc.array(fc.array(unit, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 100 }), (groups, most) => {
      const bench = aac();
      const expected: (readonly [number, readonly number[], boolean])[] = [];
      let sequence = 65_530;
      for (const [i, group] of groups.entries()) {
        const timestamp = i * 100_000;
        if (group.length > 1) {
          bench.push(sequence++, timestamp, true, [...headers(...group.map((each) => each.length)), ...group.flatMap((each) => [...each])]);
        } else {
          const [only] = group as [Uint8Array];
          for (let from = 0; from < only.length; from += most) bench.push(sequence++, timestamp, from + most >= only.length, [...headers(only.length), ...only.subarray(from, from + most)]);
        }
        for (const [j, each] of group.entries()) expected.push([timestamp + j * 1_024, [...each], false]);
      }
      assert.deepEqual(bench.faults, []);
      assert.deepEqual(bench.samples, expected);
    }));
  });

  const faults: readonly [string, string, (bench: Bench) => void][] = [
    ["truncated-headers", "headers beyond the packet", (bench) => bench.push(1, 1, true, [0, 64, 0, 8, 1])],
    ["truncated-headers", "no header at all", (bench) => bench.push(1, 1, true, [0, 0, 1, 2, 3])],
    ["truncated-headers", "headers of another mode", (bench) => bench.push(1, 1, true, [0, 8, 4, 1, 2])],
    ["truncated-unit", "a unit beyond the packet, and the marker", (bench) => bench.push(1, 1, true, [...headers(9), 1])],
    ["truncated-unit", "the second unit beyond the packet", (bench) => bench.push(1, 1, true, [...headers(1, 9), 1, 2])],
    ["truncated-unit", "an empty unit", (bench) => bench.push(1, 1, true, [...headers(0), 1])],
    ["interleaved-units", "an index", (bench) => bench.push(1, 1, true, [0, 16, 0, 9, 1])],
    ["fragment-left-open", "another time in mid-fragment", (bench) => { bench.push(1, 1, false, [...headers(9), 1]); bench.push(2, 2, true, [...headers(1), 1]); }],
    ["unit-too-large", "more than was told", (bench) => { bench.push(1, 1, false, [...headers(3), 1]); bench.push(2, 1, true, [...headers(3), 1, 2, 3]); }],
    ["empty-payload", "nothing", (bench) => bench.push(1, 1, true, [])],
    ["late-packet", "a duplicate", (bench) => { bench.push(1, 1, true, [...headers(1), 1]); bench.push(1, 1, true, [...headers(1), 1]); }],
  ];
  for (const [fault, name, act] of faults) {
    test(`${fault}: ${name}; the next unit is whole again`, () => {
      const bench = aac();
      act(bench);
      assert.deepEqual(bench.faults, [fault]);
      bench.push(3, 9_000, true, [...headers(2), 7, 8]);
      assert.deepEqual(bench.samples.at(-1)!.slice(0, 2), [9_000, [7, 8]]);
    });
  }
});

test("G.711: each payload is a sample; what is missing is said", () => {
  const bench = new Bench((sink) => new G711Depacketizer(sink, 1));
  bench.push(1, 160, false, [1, 2]);
  bench.push(3, 480, false, [3]);
  assert.deepEqual(bench.samples, [[160, [1, 2], false], [480, [3], true]]);
});

test("[SND1] G.711 of two channels: a packet that ends within a sampling instant is left out and told, and the next one is told to follow a hole", () => {
  const bench = new Bench((sink) => new G711Depacketizer(sink, 2));
  bench.push(1, 160, false, [1, 2]);
  bench.push(2, 161, false, [3, 4, 5]);
  bench.push(3, 163, false, [6, 7]);
  assert.deepEqual([bench.samples, bench.faults], [[[160, [1, 2], false], [163, [6, 7], true]], ["truncated-unit"]]);
});

describe("metadata", () => {
  test("gathered to the marker, or to the next time where no marker comes", () => {
    const bench = metadata();
    bench.push(1, 10, false, [1, 2]);
    bench.push(2, 10, true, [3]);
    bench.push(3, 20, false, [4]);
    bench.push(4, 30, true, [5]);
    assert.deepEqual(bench.samples, [[10, [1, 2, 3], false], [20, [4], false], [30, [5], false]]);
  });

  test("[ING2] a document with a hole is not handed on, nor is the rest of it", () => {
    const bench = metadata();
    bench.push(1, 10, false, [1]);
    bench.push(3, 10, false, [3]);
    bench.push(4, 10, true, [4]);
    bench.push(5, 20, true, [5]);
    assert.deepEqual(bench.samples, [[20, [5], true]]);
  });

  test("a hole between two documents costs the second one too: whether it is whole cannot be seen", () => {
    const bench = metadata();
    bench.push(1, 10, true, [1]);
    bench.push(3, 30, true, [3]);
    bench.push(4, 40, true, [4]);
    assert.deepEqual(bench.samples, [[10, [1], false], [40, [4], true]]);
  });

  test("a document beyond the limit is dropped", () => {
    const bench = metadata(4);
    bench.push(1, 10, false, [1, 2, 3]);
    bench.push(2, 10, false, [4, 5]);
    bench.push(3, 10, true, [6]);
    bench.push(4, 20, true, [7]);
    assert.deepEqual(bench.faults, ["unit-too-large"]);
    assert.deepEqual(bench.samples, [[20, [7], true]]);
  });
});

test("whatever comes, all three go on", () => {
  const packets = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })), { maxLength: 60 });
  for (const make of [aac, metadata, (): Bench => new Bench((sink) => new G711Depacketizer(sink, 2))]) {
    fc.assert(fc.property(packets, (list) => {
      const bench = make();
      for (const packet of list) bench.push(...packet);
      for (const [, bytes] of bench.samples) assert.ok(bytes.length > 0 && bytes.length <= 8_191);
    }), { numRuns: 300 });
  }
});
