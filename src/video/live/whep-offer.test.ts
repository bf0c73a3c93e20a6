import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findOfferedH264 } from "./whep-offer.ts";

const HEAD = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"];
const AUDIO = ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2", "a=recvonly"];
const VIDEO = [
  "m=video 9 UDP/TLS/RTP/SAVPF 96 103 107 109 112", "a=recvonly", "a=rtpmap:96 VP8/90000", "a=rtpmap:103 H264/90000", "a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f",
  "a=rtpmap:107 H264/90000", "a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42E01F", "a=rtpmap:109 H264/90000", "a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f",
  "a=rtpmap:112 H264/90000", "a=fmtp:112 packetization-mode=1",
];
const text = (...lines: string[]): string => `${lines.join("\r\n")}\r\n`;

test("[LIV12] our profile in mode 1 is chosen where it is offered, else the first in mode 1", () => {
  const offer = text(...HEAD, ...AUDIO, ...VIDEO);
  assert.deepEqual(findOfferedH264(offer, 0x64), { payloadType: 109, profileLevelId: "64001f" });
  assert.deepEqual(findOfferedH264(offer, 0x42), { payloadType: 107, profileLevelId: "42e01f" });
  assert.deepEqual(findOfferedH264(offer, 0x4d), { payloadType: 107, profileLevelId: "42e01f" });
  assert.deepEqual(findOfferedH264(text(...HEAD, ...VIDEO.slice(0, 3), ...VIDEO.slice(9)), undefined), { payloadType: 112, profileLevelId: "42000a" });
});

test("[LIV12] an offer without H.264 in mode 1, without pictures, or that wants to send, has none", () => {
  assert.equal(findOfferedH264(text(...HEAD, ...AUDIO), 0x42), undefined);
  assert.equal(findOfferedH264(text(...HEAD, ...VIDEO.slice(0, 5)), 0x42), undefined);
  assert.equal(findOfferedH264(text(...HEAD, ...VIDEO, "a=sendonly"), 0x42), undefined);
  assert.equal(findOfferedH264(text(...HEAD, ...VIDEO).replace("m=video 9", "m=video 0"), 0x42), undefined);
  assert.equal(findOfferedH264("", 0x42), undefined);
});

test("any text is answered, and what is chosen stands in it", () => {
  const line = fc.oneof(fc.constantFrom(...HEAD, ...AUDIO, ...VIDEO), fc.string());
  fc.assert(fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
    const found = findOfferedH264(text(...lines), 0x64);
    if (found !== undefined) assert.ok(lines.some((each) => /^a=rtpmap:\d+ H264/i.test(each) && Number(each.slice(9).split(" ")[0]) === found.payloadType));
  }));
});
