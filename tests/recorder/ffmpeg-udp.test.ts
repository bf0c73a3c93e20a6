// Packets by UDP that we did not make: ffmpeg sends a clip to the ports that our session opened, with its own sender reports. Every NAL unit of the file comes, and nothing else.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { promisify } from "node:util";
import { readCameraNetworks } from "../../src/app/camera-networks.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { CameraSession } from "../../src/io/tcp/camera-session.ts";
import { splitAnnexB, splitLengthPrefixed } from "../../src/media/annexb.ts";
import { parseTransport } from "../../src/protocol/rtsp/headers.ts";
import { findHeader } from "../../src/protocol/rtsp/message.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { VideoIngest } from "../../src/video/ingest/video-ingest.ts";
import { type Script, ScriptedCamera, answerPlainly } from "./scripted-camera.ts";
import { until } from "./test-centre.ts";

const CLIP = fileURLToPath(new URL("../../../shared/data/video/onvif-test_h265.mp4", import.meta.url));
const SDP = "v=0\r\ns=x\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=control:track0\r\n";
const run = promisify(execFile);

function findMissing(): string | false {
  if (!existsSync(CLIP)) return "../shared/data/video/onvif-test_h265.mp4 is not here";
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
    return false;
  } catch {
    return "ffmpeg is not here";
  }
}

/** Without zeros at its end, which this encoder writes, the sender keeps, and a stream with start codes cannot tell from what is between two units. */
function digestOf(nal: Uint8Array): string {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end--;
  return createHash("sha256").update(nal.subarray(0, end)).digest("base64").slice(0, 12);
}

test("[UDP1] [UDP4] [ING10] a clip that ffmpeg sends by UDP comes whole, with its sender reports", { skip: findMissing() }, async () => {
  let sent: Promise<unknown> | undefined;
  let to = 0;
  const script: Script = (request) => {
    if (request.method === "DESCRIBE") return { status: 200, headers: { "Content-Type": "application/sdp" }, body: SDP };
    if (request.method === "SETUP") {
      to = parseTransport(findHeader(request.headers, "Transport")!)!.clientPort![0];
      return { status: 200, headers: { Session: "5", Transport: `RTP/AVP;unicast;client_port=${to}-${to + 1}` } };
    }
    return answerPlainly(request);
  };
  const camera = new ScriptedCamera(script);
  const folder = await mkdtemp(join(tmpdir(), "citywatch-udp-"));
  const nals: string[] = [];
  let reports = 0;
  let video: VideoIngest | undefined;
  const ends: string[] = [];
  const session = new CameraSession({ address: await camera.start(), userName: null, password: null, transport: "udp" }, { userAgent: "test", connectTimeoutMs: 30_000, requestTimeoutMs: 30_000, addressPolicy: readCameraNetworks(LOOPBACK_NETWORKS), clock: systemClock }, {
    onDescribed: () => undefined,
    onPlaying: ({ track }) => {
      video = new VideoIngest(track.codec, track.payloadType, track.parameterSets, {
        onFormat: () => undefined, onTimeLost: () => undefined,
        onSample: (sample) => {
          for (const nal of splitLengthPrefixed(sample.bytes, sample.length)!) nals.push(digestOf(nal));
        },
      });
    },
    onRtp: (bytes, start, end) => video?.onRtp(bytes, start, end, systemClock.wallMs()),
    onRtcp: () => undefined,
    onSenderReport: (at, report) => {
      assert.equal(at, 0);
      assert.ok(Math.abs(report.wallMs - systemClock.wallMs()) < 60_000, `${report.wallMs}`);
      reports++;
    },
    onEnded: (problem, message) => ends.push(`${problem}: ${message}`),
  });
  try {
    await until("playing", () => video !== undefined || ends.length > 0);
    const parameterSets = ["-c", "copy", "-bsf:v", "hevc_mp4toannexb,dump_extra=freq=keyframe"];
    sent = run("ffmpeg", ["-v", "error", "-readrate", "4", "-i", CLIP, "-map", "0:v", ...parameterSets, "-payload_type", "96", "-f", "rtp", `rtp://127.0.0.1:${to}?rtcpport=${to + 1}`], { timeout: 120_000 });
    await run("ffmpeg", ["-v", "error", "-i", CLIP, "-map", "0:v", ...parameterSets, "-f", "hevc", join(folder, "v.h265")], { timeout: 60_000 });
    const expected = splitAnnexB(await readFile(join(folder, "v.h265"))).map(digestOf);
    await sent;
    session.tick();
    await until("all pictures", () => nals.length >= expected.length || ends.length > 0, 10_000).catch(() => undefined);
    assert.deepEqual(ends, []);
    assert.deepEqual(nals, expected);
    assert.equal(session.findUdpFigures(0)!.lost, 0);
    assert.ok(reports > 0);
  } finally {
    session.close();
    await sent?.catch(() => undefined);
    await camera.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
