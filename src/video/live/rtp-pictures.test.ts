import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joinLengthPrefixed, splitLengthPrefixed } from "../../media/annexb.ts";
import { encodeSampleFragment } from "../../media/fmp4/fragment.ts";
import type { AccessUnit } from "../../media/rtp/access-unit.ts";
import { H264Depacketizer } from "../../media/rtp/h264-depacketizer.ts";
import { RtpPacket } from "../../media/rtp/packet.ts";
import { ParameterSets, type VideoFormat } from "../../media/video-format.ts";
import { RtpPictures, findWebRtcObstacle } from "./rtp-pictures.ts";

const SPS = Uint8Array.from(atob("Z0LAHtkDxWhAAAADAEAAAAwDxYuS"), (char) => char.charCodeAt(0));
const PPS = Uint8Array.from(atob("aMuMsg=="), (char) => char.charCodeAt(0));
const FORMAT = ((): VideoFormat => {
  const sets = new ParameterSets("h264");
  sets.note(SPS, 0, SPS.length);
  sets.note(PPS, 0, PPS.length);
  const format = sets.describe();
  assert.ok(format.ok);
  return format.value;
})();
const slice = (key: boolean, size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i === 0 ? (key ? 0x65 : 0x41) : 1 + (i % 250)));

function fragment(nals: readonly Uint8Array[], key: boolean, decode90k = 0, composition90k = 0): Uint8Array {
  const bytes = joinLengthPrefixed(nals);
  return encodeSampleFragment(1, decode90k, 3_600, composition90k, key, bytes, 0, bytes.length);
}
function pictures(): RtpPictures {
  const made = new RtpPictures({ payloadType: 109, ssrc: 5, firstSequence: 65_530, mostPayloadBytes: 1_200 });
  made.setFormat(FORMAT);
  return made;
}
/** NAL units by picture, as a receiver puts them together. */
function receive(packets: readonly Uint8Array[]): { timestamp: number; nals: string[] }[] {
  const out: { timestamp: number; nals: string[] }[] = [];
  const receiver = new H264Depacketizer({ onAccessUnit: (unit: AccessUnit) => {
    out.push({ timestamp: unit.timestamp, nals: splitLengthPrefixed(unit.bytes.subarray(unit.start, unit.start + unit.length), unit.length)!.map(hex) });
  } }, 1_000_000);
  const read = new RtpPacket();
  for (const packet of packets) {
    assert.equal(read.read(packet, 0, packet.length), undefined);
    assert.equal(receiver.push(read, packet), undefined);
  }
  return out;
}
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

test("[LIV12] parameter sets stand before each key frame, once, and nothing else is changed", () => {
  const made = pictures();
  const bare = made.packetize(fragment([slice(true, 5_000)], true, 2 ** 32 + 900));
  const whole = made.packetize(fragment([SPS, PPS, slice(true, 5_000)], true, 2 ** 32 + 4_500));
  const delta = made.packetize(fragment([slice(false, 3_000)], false, 2 ** 32 + 8_100));
  assert.ok(typeof bare === "object" && typeof whole === "object" && typeof delta === "object");
  const key = [SPS, PPS, slice(true, 5_000)].map(hex);
  assert.deepEqual(receive([...bare, ...whole, ...delta]), [
    { timestamp: 900, nals: key }, { timestamp: 4_500, nals: key }, { timestamp: 8_100, nals: [hex(slice(false, 3_000))] },
  ]);
  assert.ok(bare.every((packet) => packet.length <= 1_212));
});

test("[LIV12] H.265 and reordered pictures cannot go, and it is said which", () => {
  assert.equal(findWebRtcObstacle(FORMAT), undefined);
  assert.equal(findWebRtcObstacle({ ...FORMAT, codec: "h265" }), "not-h264");
  assert.equal(findWebRtcObstacle({ ...FORMAT, reorderFrames: 2 }), "reordered");
  assert.equal(pictures().packetize(fragment([slice(false, 300)], false, 0, 3_600)), "reordered");
});

test("pictures of any size come out as they went in", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 2, max: 9_000 }), { minLength: 1, maxLength: 5 }), (sizes) => {
    const made = pictures();
    const nals = sizes.map((size) => slice(false, size));
    const packets = made.packetize(fragment(nals, false, 77));
    assert.ok(typeof packets === "object");
    assert.deepEqual(receive(packets), [{ timestamp: 77, nals: nals.map(hex) }]);
  }), { numRuns: 30 });
});
