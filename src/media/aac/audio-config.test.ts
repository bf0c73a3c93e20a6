import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodeAacConfig, decodeHex } from "./audio-config.ts";

describe("AudioSpecificConfig", () => {
  const cases: readonly [string, string, number, number, number, number][] = [
    ["Wowza", "1490", 2, 12_000, 2, 1024],
    ["Dahua, Ubiquiti", "1188", 2, 48_000, 1, 1024],
    ["Reolink", "1408", 2, 16_000, 1, 1024],
    ["libavformat, with a backward compatible extension", "119056E500", 2, 48_000, 2, 1024],
    ["SBR told first", "2B920800", 5, 22_050, 2, 1024],
    ["a rate of its own (12345 Hz), 960 samples", "1780181C94", 2, 12_345, 2, 960],
  ];
  for (const [name, hex, objectType, samplingHz, channels, samplesPerFrame] of cases) {
    test(name, () => assert.deepEqual(decodeAacConfig(decodeHex(hex)!), { ok: true, value: { objectType, samplingHz, channels, samplesPerFrame } }));
  }
  test("what is no AAC is refused with its reason, whatever comes", () => {
    const reason = (hex: string): string => {
      const config = decodeAacConfig(decodeHex(hex)!);
      return config.ok ? "ok" : config.error;
    };
    assert.match(reason("14"), /of 1 bytes, expected 2/);
    assert.match(reason("1690"), /reserved/);
    assert.match(reason("14F8"), /channel configuration 15/);
    assert.match(reason("4490"), /object type 8/);
    assert.match(reason("1780"), /reserved|too early/);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const config = decodeAacConfig(bytes);
      if (config.ok) assert.ok(config.value.samplingHz > 0 && config.value.samplingHz < 2 ** 24);
    }));
    for (const text of ["1", "xy", "12 4"]) assert.equal(decodeHex(text), undefined);
  });
});
