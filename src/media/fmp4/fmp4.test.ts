// What is written is read by a reader that we did not write (mp4box), and by our own.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MP4BoxBuffer, type Sample, createFile } from "mp4box";
import { ParameterSets, type VideoFormat } from "../video-format.ts";
import { FRAGMENT_HEAD_BYTES, FragmentTable, encodeSampleFragment, paddingTo, writeFree } from "./fragment.ts";
import { parseInitSegment } from "./init-reading.ts";
import { encodeInitSegment } from "./init-segment.ts";
import { encodeMovieHead } from "./movie-head.ts";
import { findBoxHeader, findReferenceTime, parseMoof } from "./reading.ts";

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
function formatOf(codec: "h264" | "h265", sets: readonly string[]): VideoFormat {
  const parameterSets = new ParameterSets(codec);
  for (const set of sets) assert.equal(parameterSets.note(bytesOf(set), 0, bytesOf(set).length), true);
  const format = parameterSets.describe();
  assert.ok(format.ok, JSON.stringify(format));
  return format.value;
}
const H264 = formatOf("h264", ["Z2QAM6zoAoALWQ==", "aO48MA=="]);
const H265 = formatOf("h265", ["QAEMAf//AWAAAAMAsAAAAwAAAwBarAwAAAMABAAAAwAyqA==", "QgEBAWAAAAMAsAAAAwAAAwBaoAWCAeFja5JFL83BQYFBAAADAAEAAAMADKE=", "RAHA8saNA7NA"]);

/** mp4box's view of the bytes. */
async function read(bytes: Uint8Array): Promise<{ codec: string; size: string; samples: Sample[] }> {
  const file = createFile();
  return new Promise((resolve, reject) => {
    const samples: Sample[] = [];
    let found: { codec: string; size: string } | undefined;
    file.onError = (_module: string, message: string) => reject(new Error(message));
    file.onReady = (info) => {
      const track = info.videoTracks[0]!;
      found = { codec: track.codec, size: `${track.video!.width}x${track.video!.height}` };
      file.setExtractionOptions(track.id, undefined, { nbSamples: 1 });
      file.start();
    };
    file.onSamples = (_id, _user, some) => samples.push(...some);
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
    file.flush();
    if (found === undefined) reject(new Error("no moov found"));
    else resolve({ ...found, samples });
  });
}

describe("initialisation", () => {
  test("H.264: codec string and size", async () => {
    assert.equal(H264.codecString, "avc1.640033");
    assert.deepEqual(await read(encodeInitSegment(H264)), { codec: "avc1.640033", size: "2560x1440", samples: [] });
  });
  test("H.265: codec string and size", async () => {
    assert.equal(H265.codecString, "hvc1.1.6.L90.B0");
    const { codec, size } = await read(encodeInitSegment(H265));
    assert.deepEqual([codec.toLowerCase(), size], ["hvc1.1.6.l90.b0", "704x480"]);
    assert.equal(H265.frameRate, 12);
  });
});

describe("an initialisation that is stored", () => {
  test("tells its format again, as it was made, H.264 and H.265", () => {
    for (const format of [H264, H265]) {
      const { codec, codecString, width, height, configuration } = format;
      const read = parseInitSegment(encodeInitSegment(format));
      assert.ok(read.ok, JSON.stringify(read));
      const { sampleEntry, ...rest } = read.value;
      assert.deepEqual(rest, { codec, codecString, width, height, configuration });
      assert.equal(findBoxHeader(sampleEntry, 0)?.size, sampleEntry.length);
    }
  });

  test("bent bytes are an error, not an exception", () => {
    const good = encodeInitSegment(H265);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }), fc.nat(good.length), (changes, length) => {
      const bytes = good.slice(0, length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      parseInitSegment(bytes);
    }), { numRuns: 5_000 });
    assert.equal(parseInitSegment(good.slice(0, good.length - 60)).ok, false);
  });

  test("goes into the head of a movie, with its index and its edit, as mp4box reads them", async () => {
    const stored = parseInitSegment(encodeInitSegment(H264));
    assert.ok(stored.ok);
    const head = encodeMovieHead({ format: stored.value, sound: undefined, references: [{ bytes: 1_000, duration90k: 180_000 }, { bytes: 2_000, duration90k: 90_000 }], start90k: 0, edit90k: 45_000 });
    assert.deepEqual(await read(head), { codec: "avc1.640033", size: "2560x1440", samples: [] });
    const file = createFile();
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(head).buffer, 0));
    file.flush();
    const sidx = file.boxes.find((box) => box.type === "sidx") as unknown as { timescale: number; first_offset: number; references: { referenced_size: number; subsegment_duration: number; starts_with_SAP: number }[] };
    assert.deepEqual([sidx.timescale, sidx.first_offset], [90_000, 32]);
    assert.deepEqual(sidx.references.map((each) => [each.referenced_size, each.subsegment_duration, each.starts_with_SAP]), [[1_000, 180_000, 1], [1_968, 90_000, 1]], "from moof to moof");
    assert.equal(file.moov.mvex!.mehd!.fragment_duration, 2_500);
    const long = createFile();
    const hole90k = 80 * 3_600 * 90_000;
    long.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(encodeMovieHead({ format: stored.value, sound: undefined, references: [{ bytes: 1_000, duration90k: hole90k }, { bytes: 2_000, duration90k: 90_000 }], start90k: 45, edit90k: 0 })).buffer, 0));
    long.flush();
    const ofHours = long.boxes.find((box) => box.type === "sidx") as unknown as typeof sidx;
    assert.deepEqual([ofHours.timescale, ofHours.references.map((each) => each.subsegment_duration)], [1_000, [80 * 3_600_000, 1_000]], "a picture that lasts for more than 13 hours is told in milliseconds");
    assert.throws(() => encodeMovieHead({ format: stored.value, sound: undefined, references: [{ bytes: 2 ** 31, duration90k: 1 }], start90k: 0, edit90k: 0 }), RangeError);
    assert.throws(() => encodeMovieHead({ format: stored.value, sound: undefined, references: Array.from({ length: 65_536 }, () => ({ bytes: 1, duration90k: 1 })), start90k: 0, edit90k: 0 }), RangeError);
  });
});

/** A stored fragment of samples that stand one after the other, with the free box to the next block behind it. */
function store(table: FragmentTable, samples: readonly Uint8Array[], sequence: number): Uint8Array {
  const data = Buffer.concat(samples);
  const size = FRAGMENT_HEAD_BYTES + data.length;
  const out = new Uint8Array(size + paddingTo(512, size)).fill(0xee);
  out.set(data, FRAGMENT_HEAD_BYTES);
  table.writeHead(out, FRAGMENT_HEAD_BYTES, sequence);
  writeFree(out, size, out.length - size);
  return out;
}

describe("fragments", () => {
  test("samples come back with their bytes, times and flags, from both makers", async () => {
    const data = Array.from({ length: 5 }, (_, i) => Uint8Array.from([0, 0, 0, 2, 0x65, i]));
    const decode = [900_000, 903_600, 907_201, 910_803, 914_406];
    const table = new FragmentTable();
    for (const [i, bytes] of data.entries()) {
      table.add(bytes.length, decode[i]!, i === 2 ? -10 : 20, i === 0, 1_790_000_000_123 + i * 40);
      table.setLastDuration(3_600 + i);
    }
    assert.equal(table.duration90k(), 18_010);
    const stored = store(table, data, 9);
    const live = data.map((bytes, i) => encodeSampleFragment(i + 1, decode[i]!, 3_600 + i, i === 2 ? -10 : 20, i === 0, bytes, 0, bytes.length));
    for (const whole of [Buffer.concat([encodeInitSegment(H264), stored]), Buffer.concat([encodeInitSegment(H264), ...live])]) {
      const { samples } = await read(whole);
      assert.deepEqual(samples.map((sample) => [...sample.data!]), data.map((bytes) => [...bytes]));
      assert.deepEqual(samples.map((sample) => sample.dts), decode);
      assert.deepEqual(samples.map((sample) => sample.cts - sample.dts), [20, 20, -10, 20, 20]);
      assert.deepEqual(samples.map((sample) => sample.duration), [3_600, 3_601, 3_602, 3_603, 3_604]);
      assert.deepEqual(samples.map((sample) => sample.is_sync), [true, false, false, false, false]);
    }
    assert.ok(Math.abs(findReferenceTime(stored)! - 1_790_000_000_123) < 0.001);
    const moofBytes = findBoxHeader(stored, 32)!.size;
    assert.deepEqual(parseMoof(stored.slice(32, 32 + moofBytes)), { ok: true, value: { sequence: 9, start90k: 900_000, duration90k: 18_010, frames: 5, dataBytes: 30, startsWithKey: true } });
  });

  test("whatever the number of samples, boxes and padding fill the room, and nothing is kept of the fragment before", () => {
    const table = new FragmentTable();
    fc.assert(fc.property(fc.array(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 64 }), { minLength: 1, maxLength: 4 }), (fragments) => {
      for (const [n, samples] of fragments.entries()) {
        table.clear();
        for (const [i, bytes] of samples.entries()) table.add(bytes.length, n * 1_000_000 + i, 0, i === 0, 0);
        const out = store(table, samples, n);
        const boxes: string[] = [];
        let at = 0;
        for (let box = findBoxHeader(out, at); box !== undefined; box = findBoxHeader(out, at)) {
          boxes.push(box.type);
          if (box.type === "mdat") assert.deepEqual(Buffer.from(out.slice(at + 8, at + box.size)), Buffer.concat(samples));
          at += box.size;
        }
        assert.equal(at, out.length);
        assert.deepEqual(boxes.filter((type) => type !== "free"), ["prft", "moof", "mdat"]);
        const moof = parseMoof(out.slice(32, 32 + findBoxHeader(out, 32)!.size));
        assert.ok(moof.ok && moof.value.frames === samples.length && moof.value.start90k === n * 1_000_000);
      }
    }), { numRuns: 100 });
  });

  test("times beyond 32 bits", async () => {
    const start90k = 90_000 * 86_400 * 365;
    const { samples } = await read(Buffer.concat([encodeInitSegment(H264), encodeSampleFragment(1, start90k, 1, 0, true, new Uint8Array(4), 0, 4)]));
    assert.equal(samples[0]!.dts, start90k);
  });

  test("wall times go on over the end of NTP's era in February 2036", () => {
    for (const wallMs of [0, 1_790_000_000_123, 2_085_978_495_999, 2_085_978_496_000, 2_085_978_497_250, 4_102_444_800_000]) {
      const table = new FragmentTable();
      table.add(4, 0, 0, true, wallMs);
      table.setLastDuration(3_600);
      const read = findReferenceTime(store(table, [new Uint8Array(4)], 1))!;
      assert.ok(Math.abs(read - wallMs) < 0.001, `${wallMs} came back as ${read}`);
    }
  });

  test("reading bent bytes is an error, not an exception", () => {
    const good = encodeSampleFragment(1, 5, 3_600, 0, true, new Uint8Array(10), 0, 10).slice(0, 104);
    assert.equal(parseMoof(good).ok, true);
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(103), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }), fc.nat(104), (changes, length) => {
      const bytes = good.slice(0, length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      parseMoof(bytes);
      findReferenceTime(bytes);
    }), { numRuns: 2_000 });
  });
});
