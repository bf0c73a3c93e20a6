import assert from "node:assert/strict";
import { test } from "node:test";
import { codecName } from "./status.ts";

test("codecs are named as people say them, from a MIME type, a codec string or a plain name", () => {
  assert.deepEqual(['video/mp4; codecs="avc1.64001f"', "avc3.42c01e", "h264", "H.264"].map(codecName), ["H.264", "H.264", "H.264", "H.264"]);
  assert.deepEqual(['video/mp4; codecs="hvc1.1.6.L93.B0"', "hev1.1.6.L93", "hevc", "H265"].map(codecName), ["H.265", "H.265", "H.265", "H.265"]);
  assert.equal(codecName("MJPEG"), "MJPEG");
});
