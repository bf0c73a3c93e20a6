import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { joinControl, parseRtspUrl } from "./url.ts";

describe("addresses of cameras", () => {
  test("taken apart; credentials are cut off", () => {
    const cases: readonly [string, string, number, string, string | undefined, string | undefined][] = [
      ["rtsp://10.0.0.5/stream1", "10.0.0.5", 554, "rtsp://10.0.0.5/stream1", undefined, undefined],
      ["rtsp://cam-7.example:8554/a?channel=1&subtype=0", "cam-7.example", 8554, "rtsp://cam-7.example:8554/a?channel=1&subtype=0", undefined, undefined],
      ["rtsp://admin:p%40ss@10.0.0.5:554/x", "10.0.0.5", 554, "rtsp://10.0.0.5:554/x", "admin", "p@ss"],
      ["rtsp://admin@10.0.0.5", "10.0.0.5", 554, "rtsp://10.0.0.5", "admin", undefined],
      ["RTSP://[fe80::1]:554/x", "fe80::1", 554, "rtsp://[fe80::1]:554/x", undefined, undefined],
      ["rtsps://h/x", "h", 322, "rtsps://h/x", undefined, undefined],
    ];
    for (const [text, host, port, requestUri, userName, password] of cases) {
      const url = parseRtspUrl(text);
      assert.deepEqual(url, { ok: true, value: { tls: text.startsWith("rtsps"), host, port, requestUri, userName, password } }, text);
    }
  });

  test("refused with what was expected, and without the password in it", () => {
    for (const text of ["", "http://h/x", "rtsp://", "rtsp:///x", "rtsp://h:0/x", "rtsp://h:70000/x", "rtsp://h/x y", "rtsp://h/\r\nX: y", "rtsp://ü/x", "file:///etc/passwd", "rtsp://-h/x", "rtsp://h/x#f", `rtsp://h/${"x".repeat(500)}`]) {
      const url = parseRtspUrl(text);
      assert.equal(url.ok, false, text);
    }
    const secret = parseRtspUrl("rtsp://admin:topsecret@h:99999/x");
    assert.ok(!secret.ok && !JSON.stringify(secret.error).includes("topsecret"));
    fc.assert(fc.property(fc.string(), (text) => { parseRtspUrl(text); parseRtspUrl(`rtsp://${text}`); }));
  });

  test("controls are appended, absolute ones stand", () => {
    assert.equal(joinControl("rtsp://h/a", "*"), "rtsp://h/a");
    assert.equal(joinControl("rtsp://h/a", undefined), "rtsp://h/a");
    assert.equal(joinControl("rtsp://h/a", "trackID=1"), "rtsp://h/a/trackID=1");
    assert.equal(joinControl("rtsp://h/a/?x=y&proto=Onvif/", "trackID=0"), "rtsp://h/a/?x=y&proto=Onvif/trackID=0");
    assert.equal(joinControl("rtsp://h/a", "rtsp://other/b"), "rtsp://other/b");
  });
});
