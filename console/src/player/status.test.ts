import assert from "node:assert/strict";
import { test } from "node:test";
import { LIVE_REFUSED_CODES, LIVE_WAITING_CODES } from "../../../src/contract/media.ts";
import { en as domainEn } from "../words/domain.en.ts";
import { zh as domainZh } from "../words/domain.zh.ts";
import { codecName } from "./status.ts";
import { en } from "./words.en.ts";
import { zh } from "./words.zh.ts";

test("codecs are named as people say them, from a MIME type, a codec string or a plain name", () => {
  assert.deepEqual(['video/mp4; codecs="avc1.64001f"', "avc3.42c01e", "h264", "H.264"].map(codecName), ["H.264", "H.264", "H.264", "H.264"]);
  assert.deepEqual(['video/mp4; codecs="hvc1.1.6.L93.B0"', "hev1.1.6.L93", "hevc", "H265"].map(codecName), ["H.265", "H.265", "H.265", "H.265"]);
  assert.equal(codecName("MJPEG"), "MJPEG");
});

test("[LIV7] [LIV9] whatever a recorder answers to an open channel is told in words, in each language", () => {
  for (const reasons of [{ ...domainEn.cameraProblems, ...en.reasons }, { ...domainZh.cameraProblems, ...zh.reasons }])
    assert.deepEqual([...LIVE_WAITING_CODES, ...LIVE_REFUSED_CODES].filter((code) => !Object.hasOwn(reasons, code)), []);
});
