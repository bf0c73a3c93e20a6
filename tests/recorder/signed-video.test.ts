// Signed video (ONVIF Media Signing) survives: the signatures stand in SEI NAL units over all that is before them, so not one byte of any NAL unit may be added, left out or changed, from packets to the stored file.
// Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { readUint32 } from "../../src/media/bytes.ts";
import { segmentPath } from "../../src/io/recorder/segment-files.ts";
import { type Sample, VideoIngest } from "../../src/video/ingest/video-ingest.ts";
import { readStoredSamples } from "../../src/video/live/recalled.ts";
import { TestArchive, readMp4Clip } from "./archive.ts";
import { packetize } from "./stream-files.ts";

const CLIPS = fileURLToPath(new URL("../../../shared/data/video/", import.meta.url));
const T0 = 1_790_000_000_000;
const PAYLOAD_TYPE = 96;
/** Of an SEI that holds a signature; its first two bytes may have an emulation prevention byte between them. */
const SIGNING_UUID = Buffer.from("5bc93f2d715e95ada4796f90877a6f", "hex");

/** The NAL units of an access unit with lengths before each. */
function splitLengthPrefixed(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 4 + readUint32(bytes, at)) out.push(bytes.subarray(at + 4, at + 4 + readUint32(bytes, at)));
  return out;
}
const isSlice = (codec: "h264" | "h265", nal: Uint8Array): boolean => (codec === "h264" ? (nal[0]! & 0x1f) <= 5 : ((nal[0]! >> 1) & 0x3f) < 32);
/** Parameter sets of an avcC or hvcC. */
function listParameterSets(codec: "h264" | "h265", configuration: Uint8Array): Uint8Array[] {
  const sets: Uint8Array[] = [];
  let at = codec === "h264" ? 5 : 22;
  const take = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const size = (configuration[at]! << 8) | configuration[at + 1]!;
      sets.push(configuration.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
  };
  if (codec === "h264") {
    take(configuration[at++]! & 0x1f);
    take(configuration[at++]!);
  } else {
    for (let arrays = configuration[at++]!; arrays > 0; arrays--) {
      const count = (configuration[at + 1]! << 8) | configuration[at + 2]!;
      at += 3;
      take(count);
    }
  }
  return sets;
}

for (const codec of ["h264", "h265"] as const) {
  const file = `${CLIPS}onvif-test_signed_${codec}.mp4`;
  test(`[ING1] [RCD14] signed ${codec}: every byte that the camera sent is in the file, signatures and all`, { skip: existsSync(file) ? false : "../shared/data/video is not here" }, async () => {
    const all = await readMp4Clip(file);
    // The last signature stands in a unit without a picture; in a stream that goes on it comes with the next one.
    const clip = { ...all, samples: all.samples.filter(({ bytes }) => splitLengthPrefixed(bytes).some((nal) => isSlice(codec, nal))) };
    assert.equal(clip.samples.length, all.samples.length - 1);
    assert.ok(clip.samples.some(({ bytes }) => Buffer.from(bytes).includes(SIGNING_UUID)), "the clip has signatures");
    const received: Uint8Array[] = [];
    const ingest = new VideoIngest(codec, PAYLOAD_TYPE, listParameterSets(codec, clip.format.configuration), {
      onFormat: () => undefined,
      onSample: ({ bytes, start, length }: Sample) => received.push(bytes.slice(start, start + length)),
      onTimeLost: () => assert.fail("time was lost"),
    });
    let sequence = 1;
    let at90k = 0;
    for (const { bytes, composition90k, duration90k } of clip.samples) {
      for (const packet of packetize(codec, splitLengthPrefixed(bytes), at90k + composition90k, sequence & 0xffff)) {
        ingest.onRtp(packet, 4, packet.length, T0 + at90k / 90);
        sequence++;
      }
      at90k += duration90k;
    }
    const same = (found: readonly Uint8Array[], what: string): void => {
      assert.equal(found.length, clip.samples.length, what);
      for (const [i, { bytes }] of clip.samples.entries()) assert.ok(Buffer.from(found[i]!).equals(bytes), `${what}: picture ${i}`);
    };
    same(received, "received");
    const archive = await TestArchive.create();
    try {
      await archive.record(1, clip, T0, clip.samples.length);
      const stored: Uint8Array[] = [];
      for (const { segmentId, initBytes } of archive.index.listSegments(1, T0, T0 + at90k / 90)) {
        const read = readStoredSamples((await readFile(segmentPath(archive.root, 1, segmentId))).subarray(initBytes));
        assert.ok(read.ok, JSON.stringify(read));
        stored.push(...read.value.map(({ bytes, start, length }) => bytes.slice(start, start + length)));
      }
      same(stored, "stored");
    } finally {
      await archive.remove();
    }
  });
}
