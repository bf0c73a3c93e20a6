import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type RtspEndpoint, decideRedirect } from "./redirect.ts";

const FROM: RtspEndpoint = { tls: false, host: "cam-1", port: 554, requestUri: "rtsp://cam-1/live" };
const SECURE: RtspEndpoint = { tls: true, host: "cam-1", port: 322, requestUri: "rtsps://cam-1/live" };

test("[CAM10] to another path of the same host and port the password goes along, to any other it does not", () => {
  const keeps = (from: RtspEndpoint, location: string): boolean | string => {
    const to = decideRedirect(from, 302, location, 0);
    return to.ok ? to.value.keepsCredentials : to.error;
  };
  assert.equal(keeps(FROM, "rtsp://CAM-1:554/other"), true);
  for (const location of ["rtsp://cam-1:555/live", "rtsp://cam-2/live", "rtsp://10.0.0.7/live", "rtsps://cam-1:554/live", "rtsp://cam-1.evil.example/live"]) assert.equal(keeps(FROM, location), false, location);
  assert.equal(keeps(SECURE, "rtsps://cam-1/other"), true);
});

test("[CAM10] where it leads; a proxy is asked for what was wanted before", () => {
  assert.deepEqual(decideRedirect(FROM, 301, "rtsp://user:secret@cam-2:8554/a?b", 0), { ok: true, value: { endpoint: { tls: false, host: "cam-2", port: 8_554, requestUri: "rtsp://cam-2:8554/a?b" }, keepsCredentials: false } });
  assert.deepEqual(decideRedirect(FROM, 305, "rtsp://proxy:8554/", 2), { ok: true, value: { endpoint: { tls: false, host: "proxy", port: 8_554, requestUri: "rtsp://cam-1/live" }, keepsCredentials: false } });
});

test("[CAM10] refused with the reason", () => {
  const reason = (...args: Parameters<typeof decideRedirect>): string => {
    const to = decideRedirect(...args);
    return to.ok ? "" : to.error;
  };
  assert.match(reason(FROM, 302, undefined, 0), /302 without a Location/);
  assert.match(reason(FROM, 302, "rtsp://cam-2/", 3), /more than 3/);
  assert.match(reason(SECURE, 302, "rtsp://cam-1/live", 0), /from TLS to a plain/);
  for (const location of ["/other", "http://cam-1/", "rtsp://", "rtsp://h/\r\nX: y", ""]) assert.match(reason(FROM, 302, location, 0), /expected/, location);
  fc.assert(fc.property(fc.string(), fc.integer({ min: 0, max: 5 }), (location, done) => { decideRedirect(FROM, 302, location, done); decideRedirect(FROM, 305, `rtsp://${location}`, done); }));
});
