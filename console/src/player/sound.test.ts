// Hearing: G.711 as the tables of ITU-T G.711 have it, where a piece of sound goes on the speaker's clock, and the records in which the past comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeG711 } from "../../../src/base/g711.ts";
import { decodeSoundRecords, encodeSoundFormat, encodeSoundUnit } from "../../../src/contract/sound-records.ts";
import { aacCodecOf, createSoundDecoding, decodeG711Unit } from "./sound-decoding.ts";
import { placeSound } from "./sound-schedule.ts";

test("G.711 decodes to the values of ITU-T G.711, both laws, both signs", () => {
  for (const [octet, value] of [[0x00, -32_124], [0x80, 32_124], [0x7f, 0], [0xff, 0], [0xfe, 8], [0x7e, -8], [0xf0, 120], [0x8f, 16_764], [0x0f, -16_764]] as const) assert.equal(decodeG711("pcmu", octet) + 0, value + 0, `mu-law ${octet}`);
  for (const [octet, value] of [[0xd5, 8], [0x55, -8], [0xd4, 24], [0xaa, 32_256], [0x2a, -32_256], [0xc5, 264], [0x80, 5_504]] as const) assert.equal(decodeG711("pcma", octet), value, `A-law ${octet}`);
  for (const codec of ["pcma", "pcmu"] as const) {
    const values = Array.from({ length: 128 }, (_, i) => decodeG711(codec, codec === "pcmu" ? 0xff - i : (0x80 | i) ^ 0x55));
    assert.ok(values.every((value, i) => i === 0 || value > values[i - 1]!), `${codec} rises with its code`);
  }
  const [left, right] = decodeG711Unit("pcmu", 2, Uint8Array.of(0xff, 0x80, 0xff, 0x00));
  assert.deepEqual([[...left!], [...right!].map((value) => Math.round(value * 32_768))], [[0, 0], [32_124, -32_124]]);
  assert.equal(aacCodecOf(Uint8Array.of(0x14, 0x08)), "mp4a.40.2");
});

test("a piece of sound is heard as much later as it is later than the picture; pieces in a row are put end to end; what is past is left out", () => {
  assert.deepEqual(placeSound(1_200, 0.02, 1_000, 50, null), { do: "play", atS: 50.2, fromS: 0 });
  assert.deepEqual(placeSound(1_220, 0.02, 1_000, 50, 50.21), { do: "play", atS: 50.21, fromS: 0 }, "a step of 10 ms would click");
  assert.deepEqual(placeSound(1_220, 0.02, 1_000, 50, 50.3), { do: "play", atS: 50.22, fromS: 0 }, "80 ms off: it steps to its place");
  assert.deepEqual(placeSound(900, 0.05, 1_000, 50, null), { do: "drop" });
  const late = placeSound(900, 1, 1_000, 50, null);
  assert.ok(late.do === "play" && Math.abs(late.fromS - 0.11) < 1e-9 && Math.abs(late.atS - 50.01) < 1e-9);
  fc.assert(fc.property(fc.double({ min: -2_000, max: 2_000, noNaN: true }), fc.double({ min: 0.001, max: 2, noNaN: true }), fc.option(fc.double({ min: 49, max: 53, noNaN: true })), (aheadMs, durationS, endS) => {
    const step = placeSound(10_000 + aheadMs, durationS, 10_000, 50, endS);
    if (step.do === "drop") return;
    assert.ok(step.atS > 50 && step.fromS >= 0 && step.fromS < durationS);
    assert.ok(Math.abs(step.atS - step.fromS - 50 - aheadMs / 1_000) <= 0.04 + 1e-9, "never more than 40 ms from the picture");
  }));
});

test("[SND5] [SND6] frames that follow one another go to one decoder, however long a frame of their format lasts; behind a hole another one begins", async () => {
  let made = 0;
  const chunks: number[] = [];
  class Decoder {
    static isConfigSupported = async (): Promise<{ supported: boolean }> => ({ supported: true });
    state = "unconfigured";
    constructor() { made++; }
    configure(): void { this.state = "configured"; }
    decode({ timestamp }: { timestamp: number }): void { chunks.push(timestamp); }
    async flush(): Promise<void> {}
    close(): void { this.state = "closed"; }
  }
  class Chunk {
    readonly timestamp: number;
    constructor({ timestamp }: { readonly timestamp: number }) { this.timestamp = timestamp; }
  }
  const global = globalThis as unknown as Record<string, unknown>;
  Object.assign(global, { AudioDecoder: Decoder, EncodedAudioChunk: Chunk });
  try {
    for (const [clockHz, samplesPerFrame] of [[16_000, 1_024], [24_000, 2_048], [16_000, 2_048], [48_000, 960]] as const) { // of HE-AAC a frame gives twice as many
      made = 0;
      chunks.length = 0;
      const decoding = await createSoundDecoding({ codec: "aac", clockHz, channels: 1, config: "FAg=", samplesPerFrame }, () => undefined);
      const push = (fromMs: number): void => {
        for (let i = 0; i < 50; i++) decoding!.push(fromMs + (i * samplesPerFrame * 1_000) / clockHz, Uint8Array.of(1));
      };
      push(1_790_000_000_000);
      assert.equal(made, 1, `${samplesPerFrame} at ${clockHz} Hz`);
      push(1_790_000_060_000);
      assert.deepEqual([made, chunks.length], [2, 100]);
      decoding!.close();
    }
  } finally {
    delete global["AudioDecoder"];
    delete global["EncodedAudioChunk"];
  }
});

test("[SND6] the records of sound come back as they were written; a body that is cut off or bent is told", () => {
  const format = { codec: "aac", clockHz: 16_000, channels: 1, config: "FAg=", samplesPerFrame: 1_024 } as const;
  const body = Buffer.concat([encodeSoundFormat(format), encodeSoundUnit(1_790_000_000_000.5, Uint8Array.of(1, 2, 3)), encodeSoundUnit(1_790_000_000_064.5, Uint8Array.of(4))]);
  const read = decodeSoundRecords(new Uint8Array(body));
  assert.deepEqual(read.ok && read.value, [{ kind: "format", format }, { kind: "unit", wallMs: 1_790_000_000_000.5, bytes: Uint8Array.of(1, 2, 3) }, { kind: "unit", wallMs: 1_790_000_000_064.5, bytes: Uint8Array.of(4) }]);
  assert.equal(decodeSoundRecords(new Uint8Array(body.subarray(0, body.length - 1))).ok, false);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeSoundRecords(bytes)), { numRuns: 10_000 });
});
