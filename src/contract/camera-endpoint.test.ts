import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointOf, leadsElsewhere } from "./camera-endpoint.ts";

test("the endpoint of an address is its scheme, host and port, without name, password, path and query", () => {
  assert.equal(endpointOf("RTSP://admin:pw%40x@Cam-7.city.example/ch1?x=1"), "rtsp://cam-7.city.example:554");
  assert.equal(endpointOf("rtsp://10.0.0.1:08554"), "rtsp://10.0.0.1:8554");
  assert.equal(endpointOf("rtsps://[fe01::1]/x"), "rtsps://[fe01::1]:322");
  for (const text of [null, "", "http://a/b", "rtsp://", "rtsp://:554/x", "rtsp://h:x/"]) assert.equal(endpointOf(text), null, String(text));
});

const CASES: readonly [string | null, string, boolean][] = [
  ["rtsp://10.0.0.1/a", "rtsp://10.0.0.1:554/b?c=1", false],
  ["rtsp://cam/a", "rtsp://CAM/a", false],
  ["rtsp://10.0.0.1/a", "rtsp://10.0.0.2/a", true],
  ["rtsp://10.0.0.1/a", "rtsp://10.0.0.1:8554/a", true],
  ["rtsps://10.0.0.1:554/a", "rtsp://10.0.0.1:554/a", true], // out of TLS
  ["rtsp://10.0.0.1/a", "rtsp://10.0.0.1@evil.example/a", true],
  [null, "rtsp://10.0.0.1/a", true],
  ["rtsp://10.0.0.1/a", "not an address", true],
];
for (const [before, after, elsewhere] of CASES) test(`${before} -> ${after}: ${elsewhere ? "elsewhere" : "the same box"}`, () => assert.equal(leadsElsewhere(before, after), elsewhere));
