// Parameter sets of real cameras (from their session descriptions). Sizes were compared with ffmpeg's trace_headers.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { joinAnnexB, joinLengthPrefixed, splitAnnexB, splitLengthPrefixed } from "./annexb.ts";
import { parseH264Sps } from "./h264/sps.ts";
import { findVpsFrameRate, parseH265Sps } from "./h265/parameter-sets.ts";
import { ParameterSets } from "./video-format.ts";

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

describe("H.264 sequence parameter sets", () => {
  const cases: readonly [string, string, string, number, number | undefined, number | undefined][] = [
    ["bunny", "Z0LAHtkDxWhAAAADAEAAAAwDxYuS", "240x160", 66, 24, undefined],
    ["Hikvision", "Z00AKZpkA8ARPyzUBAQFAAADA+gAAOpgBA==", "1920x1080", 77, 30, undefined],
    ["Geovision, cropped below", "Z01AMpWgCoAwfiZuAgICgAAB9AAAdTBC", "2688x1520", 77, 30, undefined],
    ["Foscam, no VUI", "Z00AH5WoFAFuQA==", "1280x720", 77, undefined, undefined],
    ["libavformat, high profile", "Z2QADazZQUGfnwEQAAADABAAAAMDwPFCmWA=", "320x180", 100, 30, 2],
    ["IPCAM, nal_ref_idc 1", "J00AII1qBQB5oQAAAwABAAADACiE", "1280x960", 77, 20, undefined],
  ];
  for (const [name, text, size, profile, rate, reorder] of cases) {
    test(name, () => {
      const sps = parseH264Sps(bytesOf(text));
      assert.ok(sps.ok, JSON.stringify(sps));
      assert.equal(`${sps.value.width}x${sps.value.height}`, size);
      assert.equal(sps.value.profile, profile);
      if (rate === undefined) assert.equal(sps.value.frameRate, undefined);
      else assert.ok(Math.abs(sps.value.frameRate! - rate) < 0.1, String(sps.value.frameRate));
      if (reorder !== undefined) assert.equal(sps.value.reorderFrames, reorder);
    });
  }
  test("cut short or bent: a reason, never an exception or an absurd size", () => {
    for (const [, text] of cases) {
      const whole = bytesOf(text);
      for (let end = 0; end < 8; end++) assert.equal(parseH264Sps(whole.slice(0, end)).ok, false);
      fc.assert(fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bent = whole.slice();
        bent[at] = value;
        const sps = parseH264Sps(bent);
        if (sps.ok) assert.ok(sps.value.width > 0 && sps.value.width <= 16_384 && sps.value.height > 0 && sps.value.height <= 16_384);
        else assert.ok(sps.error.length > 0);
      }));
    }
  });
});

describe("H.265 parameter sets", () => {
  const cases: readonly [string, string, string][] = [
    ["Dahua", "QgEBAWAAAAMAsAAAAwAAAwBaoAWCAeFja5JFL83BQYFBAAADAAEAAAMADKE=", "704x480"],
    ["TP-Link", "QgEBAWAAAAMAAAMAAAMAAAMAlqABQCAFof4qtO6JLuaAgA27oADN/mAE", "2560x1440"],
  ];
  for (const [name, text, size] of cases) {
    test(name, () => {
      const sps = parseH265Sps(bytesOf(text));
      assert.ok(sps.ok, JSON.stringify(sps));
      assert.equal(`${sps.value.width}x${sps.value.height}`, size);
      fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(40), (noise, keep) => {
        const bent = new Uint8Array([...bytesOf(text).slice(0, keep), ...noise]);
        parseH265Sps(bent);
        findVpsFrameRate(bent);
      }));
    });
  }
});

test("[ING8] parameter sets: the same again is no change, another is, and a format needs all kinds", () => {
  const sets = new ParameterSets("h264");
  const sps = bytesOf("Z00AH5WoFAFuQA==");
  const pps = bytesOf("aO48gA==");
  assert.equal(sets.describe().ok, false);
  assert.equal(sets.note(sps, 0, sps.length), true);
  assert.deepEqual(sets.describe(), { ok: false, error: "no picture parameter set yet" });
  assert.equal(sets.note(pps, 0, pps.length), true);
  assert.equal(sets.note(sps.slice(), 0, sps.length), false);
  assert.equal(sets.note(Uint8Array.from([0x65, 1, 2, 3]), 0, 4), false, "a slice is no parameter set");
  const other = bytesOf("Z00AKZpkA8ARPyzUBAQFAAADA+gAAOpgBA==");
  assert.equal(sets.note(other, 0, other.length), true);
  const format = sets.describe();
  assert.ok(format.ok && format.value.width === 1_920, "the last of an id counts");
  for (let i = 0; i < 1_000; i++) sets.note(Uint8Array.from([0x68, i & 255, i >> 8, 1]), 0, 4);
  assert.ok(sets.describe().ok, "a flood of sets is bounded");
});

test("NAL units between start codes and lengths, there and back", () => {
  const nal = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte === 0 ? 1 : byte)));
  fc.assert(fc.property(fc.array(nal, { maxLength: 6 }), (nals) => {
    assert.deepEqual(splitAnnexB(joinAnnexB(nals)).map((each) => [...each]), nals.map((each) => [...each]));
    const prefixed = joinLengthPrefixed(nals);
    assert.deepEqual(splitLengthPrefixed(prefixed, prefixed.length)!.map((each) => [...each]), nals.map((each) => [...each]));
  }));
  assert.deepEqual(splitAnnexB(Uint8Array.from([0, 0, 1, 9, 0, 0, 0, 1, 8])).map((each) => [...each]), [[9], [8]]);
  assert.equal(splitLengthPrefixed(Uint8Array.from([0, 0, 0, 9, 1]), 5), undefined);
});
