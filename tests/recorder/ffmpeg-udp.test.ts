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

const PARAMETER_SETS = ["-c", "copy", "-bsf:v", "hevc_mp4toannexb,dump_extra=freq=keyframe"];
/** A system whose programs do not get their turn drops datagrams that nobody fetches; then the clip is sent again. */
const MOST_SENDINGS = 5;

interface Heard {
  readonly nals: readonly string[];
  readonly reports: number;
  readonly lost: number;
  readonly ends: readonly string[];
}
/** The clip sent once, and what came of it; `expected` units are waited for. */
async function hearOnce(expected: number): Promise<Heard> {
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
    sent = run("ffmpeg", ["-v", "error", "-readrate", "4", "-i", CLIP, "-map", "0:v", ...PARAMETER_SETS, "-payload_type", "96", "-f", "rtp", `rtp://127.0.0.1:${to}?rtcpport=${to + 1}`], { timeout: 300_000 });
    await sent;
    const lost = (): number => session.findUdpFigures(0)!.lost;
    await until("all pictures", () => {
      session.tick();
      return nals.length >= expected || ends.length > 0 || lost() > 0;
    }, 20_000).catch(() => undefined);
    return { nals, reports, lost: lost(), ends };
  } finally {
    session.close();
    await sent?.catch(() => undefined);
    await camera.stop();
  }
}

test("[UDP1] [UDP4] [ING10] a clip that ffmpeg sends by UDP comes whole, with its sender reports", { skip: findMissing() }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "citywatch-udp-"));
  try {
    await run("ffmpeg", ["-v", "error", "-i", CLIP, "-map", "0:v", ...PARAMETER_SETS, "-f", "hevc", join(folder, "v.h265")], { timeout: 300_000 });
    const expected = splitAnnexB(await readFile(join(folder, "v.h265"))).map(digestOf);
    let heard = await hearOnce(expected.length);
    for (let sendings = 1; heard.lost > 0 && sendings < MOST_SENDINGS; sendings++) {
      t.diagnostic(`sent again: ${heard.lost} packets were lost on this machine's own network`);
      heard = await hearOnce(expected.length);
    }
    assert.deepEqual(heard.ends, []);
    assert.deepEqual(heard.nals, expected);
    assert.equal(heard.lost, 0);
    assert.ok(heard.reports > 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
