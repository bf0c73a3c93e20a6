// A capture of another's server (H.264 and AAC, interleaved) played from a socket as it was taken: what our session and ingest make of it is, byte for byte, what ffmpeg makes of the
// same bytes from the same server.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { readCameraNetworks } from "../../src/app/camera-networks.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { CameraSession } from "../../src/io/tcp/camera-session.ts";
import { splitAnnexB, splitLengthPrefixed } from "../../src/media/annexb.ts";
import { TrackIngest } from "../../src/video/ingest/track-ingest.ts";
import { VideoIngest } from "../../src/video/ingest/video-ingest.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { type Script, ScriptedCamera } from "./scripted-camera.ts";

const FOLDER = new URL("../../../shared/data/retina-rtsp/", import.meta.url);
const CAPTURE = new URL("bunny.rtsp", FOLDER);

function findMissing(): string | false {
  if (!existsSync(CAPTURE)) return "../shared/data/retina-rtsp is not here";
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
    return false;
  } catch {
    return "ffmpeg is not here";
  }
}

/** The server that the capture was taken from: audio is track 1 on channels 0-1, the pictures track 2 on 2-3. */
const script: Script = (request, socket) => {
  const session = { Session: "1642021126;timeout=60" };
  switch (request.method) {
    case "DESCRIBE": {
      const text = readFileSync(new URL("src/client/testdata/bunny_describe.txt", FOLDER), "utf8");
      return { status: 200, headers: { "Content-Type": "application/sdp", "Content-Base": `${request.uri}/` }, body: text.slice(text.indexOf("v=0")) };
    }
    case "SETUP":
      return { status: 200, headers: { ...session, Transport: `RTP/AVP/TCP;unicast;interleaved=${request.uri.endsWith("trackID=2") ? "2-3" : "0-1"}` } };
    case "PLAY":
      setImmediate(() => socket.end(readFileSync(CAPTURE)));
      return { status: 200, headers: session };
    default:
      return { status: 200 };
  }
};

function splitAdts(bytes: Uint8Array): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at + 7 <= bytes.length;) {
    const size = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
    out.push(Buffer.from(bytes.subarray(at + 7, at + size)));
    at += size;
  }
  return out;
}

test("[CAM12] [ING1] bunny.rtsp: pictures and sound as ffmpeg takes them, byte for byte", { skip: findMissing() }, async () => {
  const camera = new ScriptedCamera(script);
  const folder = await mkdtemp(join(tmpdir(), "citywatch-bunny-"));
  try {
    const address = await camera.start();
    const nals: Buffer[] = [];
    const sounds: Buffer[] = [];
    let pictures = 0;
    const ingests: TrackIngest[] = [];
    let video: VideoIngest | undefined;
    await new Promise<void>((resolve) => {
      new CameraSession({ address, userName: null, password: null }, { userAgent: "test", connectTimeoutMs: 30_000, requestTimeoutMs: 30_000, addressPolicy: readCameraNetworks(LOOPBACK_NETWORKS), clock: systemClock, tracks: ["audio"] }, {
        onDescribed: () => undefined,
        onPlaying: ({ track, tracks }) => {
          video = new VideoIngest(track.codec, track.payloadType, track.parameterSets, {
            onFormat: () => undefined, onTimeLost: () => undefined,
            onSample: (sample) => {
              pictures++;
              for (const nal of splitLengthPrefixed(sample.bytes, sample.length)!) nals.push(Buffer.from(nal));
            },
          });
          for (const { track: each } of tracks) if (each.kind !== "video") ingests.push(new TrackIngest(each, { onTrackSample: ({ bytes, start, end }) => sounds.push(Buffer.from(bytes.subarray(start, end))) }));
        },
        onRtp: (bytes, start, end) => video?.onRtp(bytes, start, end, systemClock.wallMs()),
        onTrackRtp: (at, bytes, start, end) => ingests[at - 1]?.onRtp(bytes, start, end, systemClock.wallMs()),
        onRtcp: () => undefined,
        onEnded: () => resolve(),
      });
    });
    await promisify(execFile)("ffmpeg", ["-v", "error", "-rtsp_transport", "tcp", "-i", address, "-map", "0:v", "-c", "copy", "-f", "h264", join(folder, "v.h264"), "-map", "0:a", "-c", "copy", "-f", "adts", join(folder, "a.aac")], { timeout: 300_000 });
    assert.equal(pictures, 245);
    const theirs = splitAnnexB(await readFile(join(folder, "v.h264"))).map((nal) => Buffer.from(nal).toString("base64"));
    assert.deepEqual(nals.map((nal) => nal.toString("base64")), theirs);
    const theirSounds = splitAdts(await readFile(join(folder, "a.aac")));
    assert.equal(sounds.length, 120, "in 102 packets, some with two units");
    assert.deepEqual(sounds.map((sound) => sound.toString("base64")), theirSounds.map((sound) => sound.toString("base64")));
    assert.deepEqual([...video!.faults, ...ingests[0]!.faults], []);
  } finally {
    await camera.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
