// Ten thousand bent MP4 inputs, made of segments that the writer wrote: bytes changed, cut, doubled and moved anywhere, lengths and counts put to the values at which they turn over. No
// reader throws or walks for ever; what is held does not grow; and what the repair keeps of a bent file is a file that nobody finds fault with.
import assert from "node:assert/strict";
import type { FileHandle } from "node:fs/promises";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Random, createRandom } from "../../src/base/random.ts";
import { ChunkArena } from "../../src/io/recorder/chunk-arena.ts";
import { checkRecordings } from "../../src/io/recorder/check-recordings.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { RecordingWriter } from "../../src/io/recorder/recording-writer.ts";
import { repairRecordings } from "../../src/io/recorder/repair.ts";
import { cameraFolder, segmentPath, walkSegment } from "../../src/io/recorder/segment-files.ts";
import { parseInitSegment } from "../../src/media/fmp4/init-reading.ts";
import { BOX_HEADER_BYTES, findBoxHeader, findReferenceTime, listMoofSamples, parseMoof } from "../../src/media/fmp4/reading.ts";
import type { VideoFormat } from "../../src/media/video-format.ts";
import { Sample } from "../../src/video/ingest/video-ingest.ts";
import { readStoredSamples } from "../../src/video/live/recalled.ts";
import { decodeGops } from "../../src/video/playback/gop-index.ts";
import { StreamRecording } from "../../src/video/recording/stream-recording.ts";
import { mutate } from "../support/mutations.ts";

const INPUTS = 10_000;
const REPAIRED = 400;
const MB = 1024 * 1024;
const T0 = 1_790_000_000_000;
const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
function heldBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Where boxes begin, at any depth that ours have. */
function listBoxes(bytes: Uint8Array, from = 0, to = bytes.length): { readonly at: number; readonly size: number }[] {
  const out: { at: number; size: number }[] = [];
  for (let at = from; at < to;) {
    const box = findBoxHeader(bytes, at);
    if (box === undefined || at + box.size > to) return out;
    out.push({ at, size: box.size });
    if (["moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "mvex"].includes(box.type)) out.push(...listBoxes(bytes, at + BOX_HEADER_BYTES, at + box.size));
    at += box.size;
  }
  return out;
}

/** Half of the inputs are bent where it matters: in the lengths, names, counts and tables of boxes, and by whole boxes that go, come twice or stand within each other. */
function bend(random: Random, seeds: readonly Uint8Array[], places: readonly (readonly { readonly at: number; readonly size: number }[])[]): Uint8Array {
  if (random.integer(2) === 0) return mutate(random, seeds);
  const which = random.integer(seeds.length);
  const bytes = seeds[which]!.slice();
  const view = new DataView(bytes.buffer);
  const edges = [0, 1, 7, 8, 9, 0x7fffffff, 0x80000000, 0xffffffff, bytes.length, bytes.length + 1];
  for (let times = 1 + random.integer(3); times > 0; times--) {
    const place = random.pick(places[which]!);
    const field = place.at + 4 * random.integer(Math.min(12, place.size >> 2));
    switch (random.integer(5)) {
      case 0: view.setUint32(place.at, random.pick(edges)); break;
      case 1: view.setUint32(field, random.pick(edges)); break;
      case 2: view.setUint32(field, (view.getUint32(field) + random.pick([1, -1, 8, -8, 4_096])) >>> 0); break;
      case 3: return Uint8Array.from(Buffer.concat([bytes.subarray(0, place.at), bytes.subarray(place.at + place.size)]));
      default: return Uint8Array.from(Buffer.concat([bytes.subarray(0, place.at), bytes.subarray(place.at, place.at + place.size), bytes.subarray(place.at)]));
    }
  }
  return bytes;
}

/** A file in memory that counts how often it is read. */
function fileOf(bytes: Uint8Array): { readonly handle: Pick<FileHandle, "read">; readonly reads: () => number } {
  let reads = 0;
  const read = async (buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number; buffer: Uint8Array }> => {
    reads++;
    const part = bytes.subarray(position, position + length);
    buffer.set(part, offset);
    return { bytesRead: part.length, buffer };
  };
  return { handle: { read } as unknown as FileHandle, reads: () => reads };
}

describe(`${INPUTS} bent segments`, () => {
  let root = "";
  let index: IndexStore;
  const seeds: Uint8Array[] = [];
  let places: { at: number; size: number }[][] = [];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "citywatch-bent-"));
    index = new IndexStore(join(root, "index.sqlite"));
    for (const [cameraId, frames] of [[1, 30], [2, 60], [3, 1]] as const) {
      const writer = new RecordingWriter({ root, cameraId, index, counters: { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 }, onDiskFailed: (error) => assert.fail(error) });
      const recording = new StreamRecording(cameraId, writer, new ChunkArena(1e8));
      recording.onFormat(FORMAT);
      for (let i = 0; i < frames; i++) {
        const sample = new Sample();
        sample.bytes = new Uint8Array(80).fill(i);
        sample.length = 80;
        sample.key = i % 10 === 0;
        sample.decode90k = i * 3_600;
        sample.wallMs = T0 + i * 40;
        recording.onSample(sample, sample.wallMs);
      }
      recording.end("camera-closed");
      await writer.idle();
      seeds.push(new Uint8Array(await readFile(segmentPath(root, cameraId, index.listSegments(cameraId, 0, T0 * 2)[0]!.segmentId))));
    }
    places = seeds.map((seed) => listBoxes(seed));
    assert.ok(places.every((found) => found.length > 15));
  });
  after(async () => {
    index.close();
    await rm(root, { recursive: true, force: true });
  });

  test("every reader answers, in a bounded number of steps, and nothing stays behind", async () => {
    const random = createRandom(20_261_123);
    const outcomes = { whole: 0, torn: 0, samples: 0, init: 0 };
    const held: number[] = [];
    for (let i = 0; i < INPUTS; i++) {
      if (i > 0 && i % (INPUTS / 5) === 0) held.push(heldBytes());
      const bytes = bend(random, seeds, places);
      try {
        const file = fileOf(bytes);
        const walk = await walkSegment(file.handle as FileHandle, bytes.length);
        assert.ok(file.reads() <= 2 * Math.ceil(bytes.length / BOX_HEADER_BYTES) + 2, "reads");
        assert.ok(walk.wholeBytes <= bytes.length && walk.initBytes <= Math.max(walk.wholeBytes, bytes.length));
        outcomes[walk.tornBy === undefined ? "whole" : "torn"]++;
        if (walk.frames > 0) {
          assert.ok(Number.isFinite(walk.startMs) && Number.isFinite(walk.endMs) && walk.gops.length > 0);
          // What is kept is whole, and says the same of itself.
          const kept = bytes.subarray(0, walk.wholeBytes);
          const again = await walkSegment(fileOf(kept).handle as FileHandle, kept.length);
          assert.deepEqual([again.tornBy, again.frames, again.wholeBytes, again.endMs, again.gops], [undefined, walk.frames, walk.wholeBytes, walk.endMs, walk.gops]);
        }
        for (let at = 0, boxes = 0; at < bytes.length; boxes++) {
          const box = findBoxHeader(bytes, at);
          if (box === undefined || at + box.size > bytes.length) break;
          const whole = bytes.subarray(at, at + box.size);
          if (parseMoof(whole).ok) assert.ok(listMoofSamples(whole).length <= box.size / 16);
          findReferenceTime(whole);
          at += box.size;
          assert.ok(boxes <= bytes.length / BOX_HEADER_BYTES);
        }
        const samples = readStoredSamples(bytes.subarray(Math.min(bytes.length, random.pick([0, 4_096, walk.initBytes]))));
        if (samples.ok) {
          outcomes.samples++;
          for (const sample of samples.value) assert.ok(sample.start >= 0 && sample.length >= 0 && sample.start + sample.length <= sample.bytes.length);
        }
        if (parseInitSegment(bytes).ok) outcomes.init++;
        decodeGops(bytes.subarray(0, 200));
      } catch (error) {
        throw new Error(`input ${i}: ${Buffer.from(bytes).toString("base64")}`, { cause: error });
      }
    }
    held.push(heldBytes());
    // What is left behind by inputs is so in each fifth of them; what grows once is the engine's own (compiled code, caches).
    const grown = held.slice(1).map((bytes, fifth) => bytes - held[fifth]!);
    assert.ok(Math.min(...grown) < MB / 2, `${grown.join(", ")} bytes more are held from fifth to fifth`);
    for (const [outcome, count] of Object.entries(outcomes)) assert.ok(count > INPUTS / 50, `only ${count} of ${outcome}`); // both ways out are tried
  });

  test(`[RCD11] ${REPAIRED} of them on disk: the repair takes in what is whole, cuts nothing, and the check tells only what stands behind it`, async () => {
    const random = createRandom(7);
    const folder = await mkdtemp(join(root, "repaired-"));
    const own = new IndexStore(join(folder, "index.sqlite"));
    try {
      await mkdir(cameraFolder(folder, 1), { recursive: true });
      const sizes: number[] = [];
      for (let i = 1; i <= REPAIRED; i++) {
        const bytes = bend(random, seeds, places);
        sizes.push(bytes.length);
        await writeFile(segmentPath(folder, 1, i), bytes);
      }
      const report = await repairRecordings(folder, own, ({ setAsideAs }, message) => assert.ok(setAsideAs !== undefined, message));
      assert.deepEqual([report.filesTakenIn + report.filesRemoved + report.filesSetAside, report.filesUnread], [REPAIRED, 0]);
      assert.ok(report.filesTakenIn > REPAIRED / 4, `${report.filesTakenIn} taken in`);
      const checked = await checkRecordings(folder, own, () => undefined);
      assert.deepEqual(checked.findings.filter(({ kind }) => kind !== "torn" && kind !== "wrong-size"), []);
      assert.equal(checked.segments, report.filesTakenIn);
      const again = await repairRecordings(folder, own, (_fields, message) => assert.fail(message));
      assert.deepEqual([again.filesTakenIn, again.filesRemoved, again.filesSetAside], [0, 0, 0]);
      for (const { segmentId } of own.listSpans(1, -1e15, 1e15)) assert.equal((await stat(segmentPath(folder, 1, segmentId))).size, sizes[segmentId - 1]);
    } finally {
      own.close();
    }
  });

  test("boxes nested as deep as they go in are refused, not followed", () => {
    const depth = 100_000;
    const moof = new Uint8Array(8 + depth * 8);
    const view = new DataView(moof.buffer);
    for (let i = 0; i <= depth; i++) {
      view.setUint32(i * 8, moof.length - i * 8);
      moof.set(new TextEncoder().encode(i === 0 ? "moof" : "traf"), i * 8 + 4);
    }
    assert.equal(parseMoof(moof).ok, false);
  });
});
