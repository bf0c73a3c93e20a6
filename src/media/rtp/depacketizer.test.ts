// Packets to access units: our own packetiser there and back, every fault, and two captures that we did not make. For these, digests of the expected
// streams are kept here: bunny's is what ffmpeg decodes to 245 pictures of 240 x 160, the H.265 capture came with the stream it holds.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { joinAnnexB, splitLengthPrefixed } from "../annexb.ts";
import type { AccessUnit } from "./access-unit.ts";
import type { Depacketizer } from "./depacketizer.ts";
import { H264Depacketizer } from "./h264-depacketizer.ts";
import { H264Packetizer } from "./h264-packetizer.ts";
import { H265Depacketizer } from "./h265-depacketizer.ts";
import { RtpPacket, encodeRtpHeader, sequenceDistance } from "./packet.ts";
import { decodeRtcp, encodeBye, encodeReceiverReport, encodeSenderReport } from "./rtcp.ts";

interface Unit { readonly nals: Uint8Array[]; readonly key: boolean; readonly lossBefore: boolean; readonly timestamp: number; readonly hasParameterSets: boolean }

class Bench {
  readonly units: Unit[] = [];
  readonly faults: string[] = [];
  readonly #packet = new RtpPacket();
  readonly #depacketizer: Depacketizer;
  constructor(codec: "h264" | "h265" = "h264", mostUnitBytes = 1_000_000) {
    const sink = { onAccessUnit: (unit: AccessUnit): void => {
      const nals = splitLengthPrefixed(unit.bytes, unit.length)!.map((nal) => nal.slice());
      this.units.push({ nals, key: unit.key, lossBefore: unit.lossBefore, timestamp: unit.timestamp, hasParameterSets: unit.hasParameterSets });
    } };
    this.#depacketizer = codec === "h264" ? new H264Depacketizer(sink, mostUnitBytes) : new H265Depacketizer(sink, mostUnitBytes);
  }
  /** One RTP packet. */
  push(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const fault = this.#packet.read(bytes, start, end) ?? this.#depacketizer.push(this.#packet, bytes);
    if (fault !== undefined) this.faults.push(fault);
  }
  payload(sequence: number, timestamp: number, marker: boolean, payload: readonly number[]): void {
    const bytes = new Uint8Array(12 + payload.length);
    encodeRtpHeader(bytes, 0, 96, marker, sequence, timestamp, 7);
    bytes.set(payload, 12);
    this.push(bytes);
  }
}

/** Packets of an interleaved piece. */
function splitInterleaved(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    assert.equal(bytes[at], 0x24);
    const size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    out.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return out;
}

describe("RTP header", () => {
  test("fields, contributing sources, extension and padding", () => {
    const packet = new RtpPacket();
    const bytes = Uint8Array.from([0xb1, 0xe0, 0x12, 0x34, 0xff, 0xff, 0xff, 0xfe, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 0x41, 0x42, 0, 2]);
    assert.equal(packet.read(bytes, 0, bytes.length), undefined);
    assert.deepEqual([packet.marker, packet.payloadType, packet.sequence, packet.timestamp, packet.ssrc, packet.payloadStart, packet.payloadEnd], [true, 96, 0x1234, 0xfffffffe, 0xdeadbeef, 24, 26]);
  });
  test("what is no RTP is told, whatever comes", () => {
    const packet = new RtpPacket();
    assert.equal(packet.read(new Uint8Array(11), 0, 11), "too-short");
    assert.equal(packet.read(new Uint8Array(12), 0, 12), "wrong-version");
    assert.equal(packet.read(Uint8Array.from([0x90, ...new Array<number>(11).fill(0)]), 0, 12), "bad-extension");
    assert.equal(packet.read(Uint8Array.from([0xa0, ...new Array<number>(11).fill(0)]), 0, 12), "bad-padding");
    assert.equal(packet.read(Uint8Array.from([0x8f, ...new Array<number>(11).fill(0)]), 0, 12), "too-short");
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      if (packet.read(bytes, 0, bytes.length) === undefined) assert.ok(packet.payloadStart <= packet.payloadEnd && packet.payloadEnd <= bytes.length);
    }));
  });
  test("sequence numbers wrap", () => {
    assert.deepEqual([sequenceDistance(65_535, 0), sequenceDistance(0, 65_535), sequenceDistance(5, 5)], [1, -1, 0]);
  });
});

describe("H.264", () => {
  test("access units come back as they were packetised, whatever their sizes", () => {
    const nal = fc.tuple(fc.constantFrom(0x65, 0x41, 0x67, 0x68, 0x06), fc.uint8Array({ minLength: 1, maxLength: 400 })).map(([header, rest]) => Uint8Array.from([header, ...rest]));
    fc.assert(fc.property(fc.array(fc.array(nal, { maxLength: 4 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 3, max: 200 }), fc.integer({ min: 0, max: 65_535 }), (pictures, mostPayloadBytes, firstSequence) => {
      const bench = new Bench();
      const packetizer = new H264Packetizer({ payloadType: 96, ssrc: 1, firstSequence, channel: 0, mostPayloadBytes });
      const units = pictures.map((nals) => [...nals, Uint8Array.from([0x41, 7])]);
      for (const [i, nals] of units.entries()) for (const packet of splitInterleaved(packetizer.packetize(nals, i * 3_600))) bench.push(packet);
      assert.deepEqual(bench.faults, []);
      assert.deepEqual(bench.units.map((unit) => unit.nals), units);
      assert.deepEqual(bench.units.map((unit) => unit.key), units.map((nals) => nals.some((each) => each[0] === 0x65)));
    }));
  });

  test("STAP-A; a marker on parameter sets alone is no end; a picture without marker ends at the next timestamp", () => {
    const bench = new Bench();
    bench.payload(1, 100, true, [24, 0, 2, 0x67, 1, 0, 2, 0x68, 2]);
    bench.payload(2, 100, false, [0x65, 9]);
    bench.payload(3, 200, true, [0x41, 8]);
    assert.deepEqual(bench.units.map((unit) => [unit.timestamp, unit.nals.map((nal) => [...nal]), unit.key, unit.hasParameterSets]), [
      [100, [[0x67, 1], [0x68, 2], [0x65, 9]], true, true], [200, [[0x41, 8]], false, false],
    ]);
  });

  test("[ING2] a unit with a hole is not handed on; the next one says so", () => {
    const bench = new Bench();
    bench.payload(1, 100, true, [0x65, 1]);
    bench.payload(3, 200, true, [0x41, 2]); // 2 is missing
    bench.payload(4, 300, true, [0x41, 3]);
    assert.deepEqual(bench.units.map((unit) => [unit.timestamp, unit.lossBefore]), [[100, false], [300, true]]);
  });

  test("[ING2] packets missing between two units may be of either: the second goes on only where it is seen to be whole", () => {
    const bench = new Bench();
    bench.payload(1, 100, true, [0x65, 0x88]);
    bench.payload(2, 200, false, [0x41, 0x9a]);
    // 3, the last packet of 200, and 4, the first slice of 300, are missing.
    bench.payload(5, 300, true, [0x41, 0x01]);
    bench.payload(6, 400, true, [0x41, 0x9a]);
    bench.payload(7, 500, false, [0x41, 0x9a]);
    // 8 is missing: the last packet of 500.
    bench.payload(9, 600, false, [0x67, 1]);
    bench.payload(10, 600, true, [0x65, 0x88]);
    bench.payload(12, 700, false, [24, 0, 2, 9, 0x10, 0, 2, 0x67, 1]); // 11 is missing: a whole unit; this one begins with a delimiter
    bench.payload(13, 700, true, [0x65, 0x88]);
    assert.deepEqual(bench.units.map((unit) => [unit.timestamp, unit.nals.length, unit.lossBefore]), [[100, 1, false], [400, 1, true], [600, 2, true], [700, 3, true]]);
    const h265 = new Bench("h265");
    h265.payload(1, 100, false, [0x26, 1, 0x80]);
    h265.payload(3, 200, true, [0x02, 1, 0x10]);
    h265.payload(4, 300, false, [0x02, 1, 0x80]);
    h265.payload(6, 400, false, [0x40, 1, 1]);
    h265.payload(7, 400, true, [0x26, 1, 0x80]);
    assert.deepEqual(h265.units.map((unit) => [unit.timestamp, unit.lossBefore]), [[400, true]]);
  });

  const faults: readonly [string, string, (bench: Bench) => void][] = [
    ["fragment-without-start", "a continuation first", (bench) => bench.payload(1, 1, false, [28 | 0x60, 5, 1, 2])],
    ["fragment-left-open", "a whole unit in mid-fragment", (bench) => { bench.payload(1, 1, false, [28, 0x85, 1]); bench.payload(2, 1, true, [0x41, 1]); }],
    ["fragment-left-open", "a new time in mid-fragment", (bench) => { bench.payload(1, 1, false, [28, 0x85, 1]); bench.payload(2, 2, true, [0x41, 1]); }],
    ["fragment-left-open", "the marker in mid-fragment", (bench) => bench.payload(1, 1, true, [28, 0x85, 1])],
    ["truncated-aggregation", "a size beyond the packet", (bench) => bench.payload(1, 1, true, [24, 0, 9, 1])],
    ["truncated-aggregation", "an empty unit in an aggregation", (bench) => bench.payload(1, 1, true, [24, 0, 0, 1])],
    ["unsupported-packet-type", "FU-B", (bench) => bench.payload(1, 1, true, [29, 0x85, 0, 0, 1])],
    ["forbidden-bit", "the forbidden bit", (bench) => bench.payload(1, 1, true, [0xe5, 1])],
    ["empty-payload", "nothing", (bench) => bench.payload(1, 1, false, [])],
    ["late-packet", "a duplicate", (bench) => { bench.payload(1, 1, true, [0x41, 1]); bench.payload(1, 1, true, [0x41, 1]); }],
  ];
  for (const [fault, name, act] of faults) {
    test(`${fault}: ${name}; the next picture is whole again`, () => {
      const bench = new Bench();
      act(bench);
      assert.ok(bench.faults.includes(fault), bench.faults.join());
      bench.payload(50, 9_000, true, [0x41, 1]);
      bench.payload(51, 9_100, true, [0x65, 1]);
      assert.equal(bench.units.at(-1)!.timestamp, 9_100);
    });
  }

  test("a unit beyond the limit is dropped, and memory with it", () => {
    const bench = new Bench("h264", 100);
    for (let i = 0; i < 50; i++) bench.payload(i, 1, i === 49, [28, i === 0 ? 0x85 : i === 49 ? 0x45 : 5, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(bench.units.length, 0);
    assert.equal(bench.faults[0], "unit-too-large");
  });
});

test("whatever comes, both depacketisers go on and their units are whole", () => {
  for (const codec of ["h264", "h265"] as const) {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })), { maxLength: 60 }), (packets) => {
      const bench = new Bench(codec, 500);
      for (const [sequence, timestamp, marker, payload] of packets) bench.payload(sequence, timestamp, marker, payload);
      for (const unit of bench.units) assert.ok(unit.nals.length > 0 && unit.nals.every((nal) => nal.length > 0));
    }), { numRuns: 500 });
  }
});

describe("captures", () => {
  const bunny = new URL("../../../../shared/data/retina-rtsp/bunny.rtsp", import.meta.url);
  const pcap = new URL("../../../../shared/data/rtp-pcap/wilson-h265.pcap", import.meta.url);
  const digest = (units: readonly Unit[]): string => createHash("sha256").update(Buffer.concat(units.map((unit) => joinAnnexB(unit.nals)))).digest("hex");

  test("bunny.rtsp: 245 pictures, as ffmpeg reads them", { skip: existsSync(bunny) ? false : "../shared/data/retina-rtsp is not here" }, () => {
    const bytes = readFileSync(bunny);
    const bench = new Bench();
    for (let at = 0; at + 4 <= bytes.length;) {
      const end = at + 4 + bytes.readUInt16BE(at + 2);
      if (bytes[at + 1] === 2) bench.push(bytes, at + 4, end);
      at = end;
    }
    assert.deepEqual(bench.faults, []);
    assert.equal(bench.units.length, 245);
    assert.equal(digest(bench.units), "6b33b0a58e291763206c17c570af9ba8a3efb0bf6a09fc2791ec5d64a2646236");
  });

  test("wilson-h265.pcap: exactly expected.h265", { skip: existsSync(pcap) ? false : "../shared/data/rtp-pcap is not here" }, () => {
    const bytes = readFileSync(pcap);
    const bench = new Bench("h265");
    for (let at = 24; at < bytes.length;) {
      const end = at + 16 + bytes.readUInt32LE(at + 8);
      bench.push(bytes, at + 16 + 42, end); // behind Ethernet, IPv4 and UDP
      at = end;
    }
    assert.deepEqual(bench.faults, []);
    assert.equal(bench.units.length, 276);
    const stream = Buffer.concat(bench.units.map((unit) => joinAnnexB(unit.nals)));
    assert.ok(stream.equals(readFileSync(new URL("./expected.h265", pcap))));
  });
});

describe("RTCP", () => {
  test("reports there and back; BYE; whatever comes", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 0xffffffff }), fc.string(), (wallMs, rtpTimestamp, cname) => {
      const report = { ssrc: 7, wallMs, rtpTimestamp, packets: 3, octets: 4 };
      const bytes = encodeSenderReport(report, cname);
      const read = decodeRtcp(bytes, 0, bytes.length);
      assert.equal(read.fault, undefined);
      // NTP seconds have 32 bits: times after 2036 need the next era, which RTCP does not tell.
      if (wallMs < 2_085_978_495_000) assert.ok(Math.abs(read.senderReport!.wallMs - wallMs) < 0.001);
      const { ntpMiddle, ...heard } = read.senderReport!;
      assert.deepEqual({ ...heard, wallMs: 0 }, { ...report, wallMs: 0 });
      assert.equal(ntpMiddle, new DataView(bytes.buffer).getUint32(10));
    }));
    const both = new Uint8Array([...encodeReceiverReport(1, [], "r"), ...encodeBye(1)]);
    assert.deepEqual(decodeRtcp(both, 0, both.length), { senderReport: undefined, bye: true, fault: undefined });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => { decodeRtcp(bytes, 0, bytes.length); }));
  });
});
