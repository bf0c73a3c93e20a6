// From packets to pieces for the disk: whatever sizes pictures have, wherever a fragment ends, and while units are half done, the bytes on disk are those
// that were sent. The depacketiser, the recording and the buffer are the real ones.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findBoxHeader, parseMoof } from "../../media/fmp4/reading.ts";
import { RTP_HEADER_BYTES, encodeRtpHeader } from "../../media/rtp/packet.ts";
import { VideoIngest } from "../ingest/video-ingest.ts";
import type { Chunk, ChunkPort, FragmentFacts, RecordingPort } from "../ports.ts";
import { StreamRecording } from "./stream-recording.ts";

const SPS = Buffer.from("67640028acd100780227e5c05a808080a0000003002000000651e30632c0", "hex");
const PPS = Buffer.from("68ebe3cb22c0", "hex");
const BLOCK = 4_096;

/** One memory for all chunks, which are taken apart after use: bytes that somebody still points at are seen. */
class SharedChunks implements ChunkPort {
  readonly blockBytes = BLOCK;
  held = 0;
  refuses = false;
  readonly #memory = new Uint8Array(64 * 1024 * 1024);
  #next = 0;
  copied = 0;
  copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
    this.copied += end - start;
    to.set(from.subarray(start, end), at);
  }
  acquire(size: number): Chunk | undefined {
    if (this.refuses) return undefined;
    const bytes = Math.ceil(size / BLOCK) * BLOCK;
    if (this.#next + bytes > this.#memory.length) this.#next = 0;
    const start = this.#next;
    this.#next += bytes;
    this.held++;
    return {
      bytes: this.#memory, start, end: start + bytes,
      release: () => {
        this.held--;
        this.#memory.fill(0xdd, start, start + bytes);
      },
    };
  }
}

class Disk implements RecordingPort {
  readonly pieces: Uint8Array[] = [];
  readonly facts: FragmentFacts[] = [];
  readonly causes: string[] = [];
  beginRun(): boolean { return true; }
  beginSegment(_start: number, init: Uint8Array, initBytes: number): boolean {
    assert.ok(initBytes >= init.length && initBytes % BLOCK === 0);
    return true;
  }
  writeFragment(chunk: Chunk, start: number, end: number, facts: FragmentFacts): boolean {
    assert.ok(start >= chunk.start && end <= chunk.end && start % BLOCK === 0 && end % BLOCK === 0 && end > start, "whole blocks within the chunk");
    this.pieces.push(chunk.bytes.slice(start, end));
    this.facts.push(facts);
    chunk.release();
    return true;
  }
  noteGapWithin(): void { return; }
  endRun(_end: number, cause: string): void { this.causes.push(cause); }
}

interface Rig { readonly disk: Disk; readonly chunks: SharedChunks; readonly recording: StreamRecording; send(nal: Uint8Array, timestamp: number, packetBytes: number): void }
function rig(): Rig {
  const disk = new Disk();
  const chunks = new SharedChunks();
  const recording = new StreamRecording(1, disk, chunks);
  let arrival = 1_790_000_000_000;
  let sequence = 0;
  const ingest = new VideoIngest("h264", 96, [SPS, PPS], {
    onFormat: (format) => recording.onFormat(format),
    onSample: (sample) => {
      const before = sample.bytes.slice(sample.start, sample.start + sample.length);
      recording.onSample(sample, arrival);
      assert.deepEqual(sample.bytes.slice(sample.start, sample.start + sample.length), before, "who comes after the recording finds the same picture");
    },
    onTimeLost: () => assert.fail("time lost"),
  }, recording.memory);
  return {
    disk, chunks, recording,
    send(nal, timestamp, packetBytes) {
      arrival = 1_790_000_000_000 + Math.round(timestamp / 90);
      const payloads: Uint8Array[] = [];
      if (nal.length <= packetBytes) payloads.push(nal);
      else for (let at = 1; at < nal.length; at += packetBytes) {
        const end = Math.min(nal.length, at + packetBytes);
        payloads.push(Uint8Array.from([(nal[0]! & 0xe0) | 28, (at === 1 ? 0x80 : 0) | (end === nal.length ? 0x40 : 0) | (nal[0]! & 0x1f), ...nal.subarray(at, end)]));
      }
      for (const [i, payload] of payloads.entries()) {
        const packet = new Uint8Array(RTP_HEADER_BYTES + payload.length);
        packet.set(payload, encodeRtpHeader(packet, 0, 96, i === payloads.length - 1, sequence++, timestamp, 1));
        ingest.onRtp(packet, 0, packet.length, arrival);
        if (i === payloads.length >> 1) recording.tick(arrival + (timestamp % 7 === 0 ? 1_500 : 0)); // while a unit is half done
      }
    },
  };
}

const makePicture = (size: number, key: boolean, seed: number): Uint8Array => {
  const nal = new Uint8Array(size);
  for (let i = 1; i < size; i++) nal[i] = 1 + ((seed * 31 + i * 7) % 255);
  nal[0] = key ? 0x65 : 0x41;
  return nal;
};
/** Bare pictures of all pieces, in order; every box is walked. */
function readPictures(pieces: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (const piece of pieces) {
    let at = 0;
    for (let box = findBoxHeader(piece, at); box !== undefined; box = findBoxHeader(piece, at)) {
      if (box.type === "moof") assert.ok(parseMoof(piece.slice(at, at + box.size)).ok);
      if (box.type === "mdat") {
        let unit = at + 8;
        while (unit < at + box.size) {
          const length = Buffer.from(piece.buffer, piece.byteOffset).readUInt32BE(unit);
          out.push(piece.slice(unit + 4, unit + 4 + length));
          unit += 4 + length;
        }
        assert.equal(unit, at + box.size);
      }
      at += box.size;
    }
    assert.equal(at, piece.length, "nothing but boxes");
  }
  return out;
}

describe("one copy from the socket to the disk", () => {
  test("[RCD5] [RCD14] [ING1] whatever the sizes, the bytes on disk are those that were sent, in order, each once", () => {
    const picture = fc.record({ size: fc.oneof(fc.integer({ min: 2, max: 3_000 }), fc.integer({ min: 3_000, max: 90_000 }), fc.integer({ min: 150_000, max: 400_000 })), key: fc.boolean(), stepMs: fc.integer({ min: 1, max: 400 }) });
    fc.assert(fc.property(fc.array(picture, { minLength: 1, maxLength: 40 }), fc.integer({ min: 500, max: 20_000 }), (pictures, packetBytes) => {
      const r = rig();
      let timestamp = 0;
      const sent = pictures.map(({ size, key, stepMs }, i) => {
        const nal = makePicture(size, i === 0 || key, i);
        r.send(nal, timestamp, packetBytes);
        timestamp += stepMs * 90;
        return nal;
      });
      r.recording.end("camera-closed");
      r.recording.memory.release();
      const recorded = readPictures(r.disk.pieces);
      assert.equal(recorded.length, sent.length);
      for (const [i, nal] of sent.entries()) assert.equal(Buffer.compare(recorded[i]!, nal), 0, `picture ${i}`);
      assert.equal(r.disk.facts.reduce((sum, facts) => sum + facts.frames, 0), sent.length);
      assert.ok(r.disk.facts[0]!.initBytes > 0 && r.disk.facts.slice(1).every((facts) => facts.initBytes === 0));
      assert.equal(r.chunks.held, 0, "every chunk was given back once");
    }), { numRuns: 150 });
  });

  test("once sizes are known, a key frame is copied once: it moves away from the pictures before it while it is short", () => {
    const r = rig();
    let sent = 0;
    for (let i = 0; i < 72; i++) {
      if (i === 36) {
        sent = 0;
        r.chunks.copied = 0;
      }
      const nal = makePicture(i % 12 === 0 ? 200_000 : 2_000, i % 12 === 0, i); // a key frame each 480 ms: fragments end at key frames alone
      sent += nal.length;
      if (i % 12 === 0) r.send(PPS, i * 3_600, 1_400);
      r.send(nal, i * 3_600, 1_400);
    }
    r.recording.end("camera-closed");
    r.recording.memory.release();
    assert.ok(r.chunks.copied < sent * 1.02, `${r.chunks.copied} bytes copied for ${sent}`);
  });

  test("[RCD6] where there are no chunks the run ends as disk-slow, pictures go on to the viewers, and recording is back at the next key frame", () => {
    const r = rig();
    let timestamp = 0;
    const send = (key: boolean): void => r.send(makePicture(20_000, key, timestamp), timestamp += 3_600, 1_400);
    for (let i = 0; i < 30; i++) send(i === 0);
    r.chunks.refuses = true;
    for (let i = 0; i < 30; i++) send(i === 20);
    assert.ok(r.disk.causes.includes("disk-slow"));
    assert.equal(r.recording.inRun, false);
    r.chunks.refuses = false;
    const before = r.disk.pieces.length;
    for (let i = 0; i < 30; i++) send(i === 10);
    r.recording.end("camera-closed");
    assert.ok(r.recording.inRun === false && readPictures(r.disk.pieces.slice(before)).length === 20);
    r.recording.memory.release();
    assert.equal(r.chunks.held, 0);
  });
});
