import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseSdp } from "./sdp.ts";

const mediaOf = (...lines: string[]): ReturnType<typeof parseSdp> => parseSdp(["v=0", ...lines, ""].join("\r\n"));

describe("session descriptions", () => {
  test("rtpmap with and without channels; a static type without any", () => {
    const sdp = mediaOf("m=audio 0 RTP/AVP 97", "a=rtpmap:97 MPEG4-GENERIC/48000/2", "m=audio 0 RTP/AVP 8", "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000");
    assert.ok(sdp.ok);
    assert.deepEqual(sdp.value.media.map(({ encoding, clockHz, channels }) => [encoding, clockHz, channels]), [["MPEG4-GENERIC", 48_000, 2], ["PCMA", undefined, undefined], ["H264", 90_000, undefined]]);
  });

  test("a control that would break the line of a request is none, of a track and of the whole", () => {
    for (const control of ["track 1", "track\u000b1", "spür", "track\u00001"]) {
      const sdp = mediaOf(`a=control:${control}`, "m=video 0 RTP/AVP 96", `a=control:${control}`);
      assert.ok(sdp.ok);
      assert.deepEqual([sdp.value.control, sdp.value.media[0]!.control], [undefined, undefined], control);
    }
  });

  test("what is no description is told with its line", () => {
    assert.deepEqual(parseSdp("v=0\nm=video\n"), { ok: false, error: { line: 2, reason: "m=video, expected: media port protocol formats" } });
    assert.deepEqual(parseSdp("v=1\n"), { ok: false, error: { line: 1, reason: '"v=1", expected v=0' } });
  });
});
