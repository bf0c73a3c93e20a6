// Everything that is recorded is a file that others accept: a table of what cameras do on bad days, each sent to a whole recorder at its true pace. What is on disk is, picture by picture, byte by
// byte and time by time, what was sent; ffprobe and ffmpeg (where they are), mp4box and Chromium's MSE say the same of each file.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { createFile, MP4BoxBuffer } from "mp4box";
import { startRecorder } from "../../src/app/recorder.ts";
import { checkRecordings } from "../../src/io/recorder/check-recordings.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { segmentPath } from "../../src/io/recorder/segment-files.ts";
import { joinLengthPrefixed } from "../../src/media/annexb.ts";
import { encodeSenderReport } from "../../src/media/rtp/rtcp.ts";
import { encodeInterleaved } from "../../src/protocol/rtsp/format.ts";
import type { Sample } from "../../src/video/ingest/video-ingest.ts";
import { readStoredSamples } from "../../src/video/live/recalled.ts";
import { launchBrowser } from "../support/browser.ts";
import { configOf, silentLog } from "./live-browser.ts";
import type { ScriptedCamera } from "./scripted-camera.ts";
import { FRAME_90K, type Picture, type StreamFile, packetize, readStream, streamCamera } from "./stream-files.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

const FRAME_MS = 40;
const run = promisify(execFile);

/** A picture as it goes out: its RTP time, and which of its packets do. */
interface Sent {
  readonly picture: Picture;
  readonly timestamp: number;
  /** A jump: how far it is from the one before is told by arrival, not by the camera. */
  readonly jumps?: boolean;
  /** One of its packets is lost on the way. */
  readonly loses?: boolean;
}
interface Case {
  readonly name: string;
  readonly rules: string;
  readonly file: StreamFile;
  /** What follows it in the same session, from the next key frame on. */
  readonly next?: StreamFile;
  /** Of the n-th picture, from its own time. */
  readonly timestamp?: (shown90k: number, n: number) => number;
  readonly jumpsAt?: number;
  readonly losesAt?: number;
  readonly firstSequence?: number;
  /** The camera closes after so many pictures, and begins anew when it is joined again. */
  readonly closesAfter?: number;
  /** Sender reports whose clock stands anywhere. */
  readonly reports?: (second: number) => number;
  readonly segments: number;
  readonly runs: number;
}

const HOUR_90K = 3_600 * 90_000;
const CASES: readonly Case[] = [
  { name: "plain H.264", rules: "[ING1] [RCD1]", file: "plain.h264", segments: 1, runs: 1 },
  { name: "plain H.265", rules: "[ING1] [RCD1]", file: "plain.h265", segments: 1, runs: 1 },
  { name: "B pictures", rules: "[ING7]", file: "reordered.h264", segments: 1, runs: 1 },
  { name: "B pictures of H.265", rules: "[ING7]", file: "reordered.h265", segments: 1, runs: 1 },
  { name: "the camera hangs up and is joined again", rules: "[RCD7]", file: "plain.h264", closesAfter: 60, segments: 2, runs: 2 },
  { name: "the camera's RTP clock jumps an hour ahead", rules: "[ING5]", file: "plain.h264", timestamp: (shown, n) => shown + (n >= 40 ? HOUR_90K : 0), jumpsAt: 40, segments: 1, runs: 1 },
  { name: "the camera's RTP clock jumps back to nothing", rules: "[ING5]", file: "plain.h264", timestamp: (shown, n) => (n >= 40 ? (n - 40) * FRAME_90K : HOUR_90K + shown), jumpsAt: 40, segments: 1, runs: 1 },
  { name: "the clock in the sender reports jumps", rules: "[ING10]", file: "plain.h264", reports: (second) => (second % 2 === 0 ? 1_790_000_000_000 : 1_600_000_000_000), segments: 1, runs: 1 },
  { name: "RTP time and sequence numbers wrap", rules: "[ING4]", file: "plain.h264", timestamp: (shown) => 2 ** 32 - 50 * FRAME_90K + shown, firstSequence: 65_500, segments: 1, runs: 1 },
  { name: "RTP time wraps between B pictures", rules: "[ING7]", file: "reordered.h264", timestamp: (shown) => 2 ** 32 - 31 * FRAME_90K + shown, segments: 1, runs: 1 },
  { name: "another picture size in mid-stream", rules: "[ING8] [RCD4]", file: "plain.h264", next: "larger.h264", segments: 2, runs: 1 },
  { name: "a packet is lost", rules: "[ING2]", file: "plain.h264", losesAt: 30, segments: 1, runs: 1 },
  { name: "a packet of a key frame of H.265 is lost", rules: "[ING2]", file: "plain.h265", losesAt: 50, segments: 1, runs: 1 },
];

/** What one session sends. */
function listSent(each: Case): Sent[] {
  const first = readStream(each.file).pictures;
  const later = each.next === undefined ? [] : readStream(each.next).pictures;
  const pictures = each.next === undefined ? first : [...first.slice(0, 50), ...later.slice(50)];
  return pictures.slice(0, each.closesAfter ?? pictures.length).map((picture, n) => ({
    picture, timestamp: (each.timestamp?.(picture.shown90k, n) ?? picture.shown90k) % 2 ** 32, ...(n === each.jumpsAt ? { jumps: true } : {}), ...(n === each.losesAt ? { loses: true } : {}),
  }));
}

/** Sends at the true pace; resolves when all is out. */
async function send(each: Case, socket: Socket, sent: readonly Sent[]): Promise<void> {
  const { codec } = readStream(each.file);
  let sequence = each.firstSequence ?? 1;
  const startedAt = performance.now();
  for (const [n, { picture, timestamp, loses }] of sent.entries()) {
    while (performance.now() - startedAt < n * FRAME_MS) await new Promise((resolve) => setTimeout(resolve, 5));
    if (each.reports !== undefined && n % 25 === 0) socket.write(encodeInterleaved(1, encodeSenderReport({ ssrc: 7, wallMs: each.reports(n / 25), rtpTimestamp: timestamp, packets: n, octets: n }, "camera")));
    const packets = packetize(codec, picture.nals, timestamp, sequence & 0xffff);
    sequence += packets.length;
    const lost = loses === true ? packets.length - 1 : -1;
    if (loses === true) assert.ok(packets.length > 1, "a picture of several packets");
    socket.write(Buffer.concat(packets.filter((_packet, i) => i !== lost)));
  }
}

interface RecordedSegment {
  readonly path: string;
  readonly runId: number;
  readonly durationMs: number;
  readonly samples: readonly Sample[];
}

describe("recorded files", { timeout: 1_200_000 }, () => {
  const centre = new TestCentre();
  const recorded = new Map<string, RecordedSegment[]>();
  const sentBy = new Map<string, Sent[][]>();
  let folder = "";

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-files-"));
    await centre.start();
    const cameras: ScriptedCamera[] = [];
    const done = new Set<string>();
    for (const each of CASES) {
      const sessions: Sent[][] = [];
      sentBy.set(each.name, sessions);
      const sessionsWanted = each.runs;
      const source = streamCamera(readStream(each.file).sdp, (socket) => {
        if (sessions.length === sessionsWanted) return;
        const sent = listSent(each);
        sessions.push(sent);
        void send(each, socket, sent).then(() => {
          if (sessions.length === sessionsWanted) done.add(each.name);
          socket.end();
        });
      });
      await source.start();
      cameras.push(source);
    }
    centre.cameras = cameras.map((source, i) => camera(i + 1, source.address));
    const recorder = await startRecorder(configOf(centre, folder), silentLog);
    try {
      await until("all pictures to be sent", () => done.size === CASES.length, 240_000);
      // Whoever sees the end of a connection has read all that came before.
      await until("the recorder to see that all cameras left", () => CASES.every((each, i) => {
        const health = centre.health.get(i + 1);
        return health !== undefined && health.reconnects >= each.runs && health.state !== "connected";
      }));
    } finally {
      await recorder.stop();
      for (const source of cameras) await source.stop();
      await centre.stop();
    }
    const index = new IndexStore(join(folder, "index.sqlite"));
    try {
      assert.deepEqual((await checkRecordings(folder, index, () => undefined)).findings, []);
      for (const [i, each] of CASES.entries()) {
        const segments: RecordedSegment[] = [];
        for (const row of index.listSegments(i + 1, 0, Number.MAX_SAFE_INTEGER)) {
          const path = segmentPath(folder, i + 1, row.segmentId);
          const samples = readStoredSamples((await readFile(path)).subarray(row.initBytes));
          if (!samples.ok) assert.fail(samples.error);
          segments.push({ path, runId: row.runId, durationMs: row.gops.reduce((sum, gop) => sum + gop.duration90k, 0) / 90, samples: samples.value });
        }
        recorded.set(each.name, segments);
      }
    } finally {
      index.close();
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const each of CASES) {
    test(`${each.rules} ${each.name}: every picture that came whole, with its bytes and its time`, () => {
      const segments = recorded.get(each.name)!;
      assert.equal(new Set(segments.map((segment) => segment.runId)).size, each.runs);
      assert.ok(segments.length === each.segments || segments.length === each.segments + 1, `${segments.length} files`); // one more where its minute ends meanwhile
      const runs = Map.groupBy(segments, (segment) => segment.runId);
      for (const [nth, ofRun] of [...runs.values()].entries()) {
        const sent = sentBy.get(each.name)![nth]!.filter((one) => one.loses !== true);
        const samples = ofRun.flatMap((segment) => segment.samples);
        assert.equal(samples.length, sent.length, "pictures");
        for (const segment of ofRun) assert.equal(segment.samples[0]!.key, true, "each file begins with a key frame");
        for (const [i, sample] of samples.entries()) {
          const { picture, timestamp } = sent[i]!;
          assert.ok(Buffer.from(sample.bytes.subarray(sample.start, sample.start + sample.length)).equals(joinLengthPrefixed(picture.nals)), `picture ${i}: its bytes`);
          assert.equal(sample.key, picture.key, `picture ${i}: key`);
          if (i === 0) continue;
          const before = samples[i - 1]!;
          assert.ok(sample.decode90k > before.decode90k, `picture ${i}: decoding times rise`);
          const shown = sample.decode90k + sample.composition90k - before.decode90k - before.composition90k;
          if (sent[i]!.jumps === true) assert.ok(shown > 0 && shown < 90_000 * 30, `picture ${i}: ${shown / 90} ms after the jump`);
          else assert.equal(shown, (timestamp - sent[i - 1]!.timestamp) | 0, `picture ${i}: its time`);
        }
      }
    });
  }

  const everyFile = (): { readonly name: string; readonly codec: "h264" | "h265"; readonly segment: RecordedSegment }[] =>
    CASES.flatMap((each) => recorded.get(each.name)!.map((segment) => ({ name: each.name, codec: readStream(each.file).codec, segment })));

  test("mp4box reads every file: the same pictures, sizes, times and key frames", async () => {
    assert.ok(everyFile().length >= CASES.length);
    for (const { name, codec, segment } of everyFile()) {
      const found = await readWithMp4box(await readFile(segment.path));
      assert.ok(found.codec.startsWith(codec === "h264" ? "avc1." : "hvc1."), name);
      assert.deepEqual(found.samples, segment.samples.map((sample) => ({ size: sample.length, dts: sample.decode90k, cts: sample.decode90k + sample.composition90k, key: sample.key })), name);
    }
  });

  test("ffprobe reads every file: the same; and ffmpeg decodes every picture, without a word where nothing was lost", async (t) => {
    if (!(await isThere("ffprobe")) || !(await isThere("ffmpeg"))) return t.skip("ffmpeg is not here");
    for (const { name, segment } of everyFile()) {
      const probed = JSON.parse((await run("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts,dts,size,flags", "-of", "json", segment.path])).stdout) as { packets: { pts: number; dts: number; size: string; flags: string }[] };
      const first = segment.samples[0]!.decode90k - probed.packets[0]!.dts; // a player may begin at 0
      assert.deepEqual(probed.packets.map((packet) => [packet.dts + first, packet.pts + first, Number(packet.size), packet.flags.startsWith("K")]),
        segment.samples.map((sample) => [sample.decode90k, sample.decode90k + sample.composition90k, sample.length, sample.key]), name);
      const decoded = await run("ffmpeg", ["-v", "error", "-i", segment.path, "-f", "framemd5", "-fps_mode", "passthrough", "-"]);
      assert.equal(decoded.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length, segment.samples.length, `${name}: pictures decoded`);
      if (!name.includes("lost")) assert.equal(decoded.stderr, "", name);
    }
  });

  test("Chromium's MSE takes every file, and shows what it has a decoder for", async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.route("http://127.0.0.1/files", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>files</title><body></body>" }));
      await page.goto("http://127.0.0.1/files");
      const tried: string[] = [];
      const sizes = new Set<string>();
      for (const { name, segment } of everyFile()) {
        const bytes = await readFile(segment.path);
        const { codec } = await readWithMp4box(bytes);
        const result = await page.evaluate(tryInMse, { base64: bytes.toString("base64"), type: `video/mp4; codecs="${codec}"` });
        if (result === "unsupported") {
          assert.ok(codec.startsWith("hvc1"), `${name}: ${codec} should play`);
          continue;
        }
        tried.push(name);
        assert.equal(result.fault, null, `${name}: ${result.fault}`);
        // A picture that was lost leaves no hole: the one before lasts so much longer.
        assert.equal(result.ranges, 1, `${name}: buffered in ${result.ranges} pieces`);
        const first = segment.samples[0]!;
        assert.ok(Math.abs(result.seconds - segment.durationMs / 1_000) < 0.13, `${name}: ${result.seconds} s buffered of ${segment.durationMs / 1_000}`);
        assert.ok(Math.abs(result.start - (first.decode90k + first.composition90k) / 90_000) < 0.13, `${name}: begins at ${result.start}`);
        sizes.add(`${name}: ${result.size}`);
      }
      assert.ok(tried.length >= 9);
      const resized = CASES.filter((each) => each.next !== undefined).map((each) => `${each.name}: 320x240`);
      assert.deepEqual([...sizes].sort(), [...new Set(tried.map((name) => `${name}: 160x120`)), ...resized].sort());
    } finally {
      await browser.close();
    }
  });
});

type MseResult = "unsupported" | { readonly fault: string | null; readonly ranges: number; readonly start: number; readonly seconds: number; readonly size: string };
/** Runs in the page. What does not come within half a minute is a fault. */
async function tryInMse({ base64, type }: { base64: string; type: string }): Promise<MseResult> {
  if (!MediaSource.isTypeSupported(type)) return "unsupported";
  document.querySelector("video")?.remove();
  const video = document.body.appendChild(document.createElement("video"));
  video.muted = true;
  const happens = (target: EventTarget, event: string): Promise<string | null> =>
    new Promise((resolve) => {
      target.addEventListener(event, () => resolve(null), { once: true });
      video.addEventListener("error", () => resolve(video.error?.message ?? "an error without words"), { once: true });
      setTimeout(() => resolve(`no ${event} within 120 s`), 120_000);
    });
  const source = new MediaSource();
  const opened = happens(source, "sourceopen");
  video.src = URL.createObjectURL(source);
  let fault = await opened;
  const result = { ranges: 0, start: 0, seconds: 0, size: "" };
  if (fault !== null) return { fault, ...result };
  const buffer = source.addSourceBuffer(type);
  const appended = happens(buffer, "updateend");
  buffer.appendBuffer(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  fault = await appended;
  if (fault !== null || buffer.buffered.length === 0) return { fault: fault ?? "nothing is buffered", ...result };
  source.endOfStream();
  const start = buffer.buffered.start(0);
  const end = buffer.buffered.end(buffer.buffered.length - 1);
  for (const at of [(start + end) / 2, end - 0.06, start + 0.001]) {
    const sought = happens(video, "seeked");
    video.currentTime = at;
    fault ??= await sought;
    if (fault === null && video.readyState < 2) fault = `no picture at ${at}`;
  }
  return { fault, ranges: buffer.buffered.length, start, seconds: end - start, size: `${video.videoWidth}x${video.videoHeight}` };
}

async function isThere(program: string): Promise<boolean> {
  return run(program, ["-version"]).then(() => true, () => false);
}

async function readWithMp4box(bytes: Uint8Array): Promise<{ readonly codec: string; readonly samples: readonly { size: number; dts: number; cts: number; key: boolean }[] }> {
  const file = createFile();
  const ready = new Promise<number>((resolve, reject) => {
    file.onError = (_module: string, message: string) => reject(new Error(message));
    file.onReady = (info) => resolve(info.videoTracks[0]!.id);
  });
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  const track = await ready;
  return {
    codec: file.getInfo().videoTracks[0]!.codec, samples: file.getTrackSamplesInfo(track).map((sample) => ({ size: sample.size, dts: sample.dts, cts: sample.cts, key: sample.is_sync })),
  };
}
