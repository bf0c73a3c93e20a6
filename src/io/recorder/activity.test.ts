// Movement on disk and over HTTP: stored with its segment, read in steps, gone with it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import Fastify, { type FastifyInstance } from "fastify";
import { err, ok } from "../../base/result.ts";
import type { RecordingActivity } from "../../contract/media.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { ActivityMeter } from "../../video/motion/activity-meter.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { addPlaybackRoutes } from "./playback-routes.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { ServedViews } from "./served-views.ts";
import { SegmentReading } from "./segment-reader.ts";
import { deleteOldRecordings } from "./retention-job.ts";
import { markAtOnce } from "./testing/mark-at-once.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const SECONDS = 150;
let root = "";
let index: IndexStore;
let app: FastifyInstance;
let writer: RecordingWriter;
let recording: StreamRecording;
let nowMs = T0;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-activity-"));
  index = new IndexStore(join(root, "index.sqlite"));
  new HoldList(index).replace([], 0);
  const activity = new ActivityMeter();
  writer = new RecordingWriter({
    root, cameraId: 1, index, counters: { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 }, onDiskFailed: (error) => assert.fail(error), readActivity: (from, to) => activity.read(from, to),
  });
  recording = new StreamRecording(1, writer, new ChunkArena(1e9));
  recording.onFormat(FORMAT);
  const sample = new Sample();
  for (let i = 0; i < SECONDS * 10; i++) {
    const second = Math.floor(i / 10);
    sample.key = i % 20 === 0;
    sample.bytes = new Uint8Array(sample.key ? 900 : second % 30 === 29 ? 300 : 100).fill(i);
    sample.start = 0;
    sample.length = sample.bytes.length;
    sample.decode90k = i * 9_000;
    sample.wallMs = T0 + i * 100;
    activity.note(sample.length, sample.key, sample.wallMs);
    recording.onSample(sample, sample.wallMs);
    if (i % 100 === 0) await writer.idle();
  }
  await writer.idle();
  nowMs = T0 + SECONDS * 1_000;
  app = Fastify();
  addPlaybackRoutes(app, {
    root, index, holds: new HoldList(index), reading: new SegmentReading(root), served: new ServedViews(), onDownloadOver: () => undefined, clock: { wallMs: () => nowMs, monotonicMs: () => nowMs }, pool: { find: () => ({ camera: { code: "C1" }, writer, activity, isRecording: recording.inRun, knownUntil: (now) => now }) },
    verifier: {
      endView: () => undefined,
      verify: async (token) => (token === "live" || token === "job" ? ok({ claims: { accountId: 1, viewId: 1, cameraId: 1, mode: "live", from: null, to: null, timeline: token === "live", sound: false }, expiresAt: T0 * 2 }) : err("token-missing")),
    },
  });
});
afterEach(async () => {
  await app.close();
  recording.end("recorder-stopped");
  await writer.idle();
  index.close();
  await rm(root, { recursive: true, force: true });
});

const ask = async (more = "", token = "live") => app.inject({ url: `/v1/cameras/1/activity?from=${T0}&to=${nowMs}${more}`, headers: { authorization: `Bearer ${token}` } });

test("[MOT3] [MOT4] closed segments and the one that is being written make one series, in which what moved stands out", async () => {
  assert.ok(index.listSegments(1, T0, nowMs).length >= 2, "some are closed");
  assert.ok(writer.findOpenSegment() !== undefined, "one is open");
  const answer = (await ask()).json<RecordingActivity>();
  assert.deepEqual([answer.stepMs, answer.values.length], [1_000, SECONDS]);
  answer.values.forEach((value, second) => {
    if (second > 30 && second < SECONDS - 2) assert.equal((value ?? -1) >= 100, second % 30 === 29, `second ${second}: ${value}`);
  });
  const coarse = (await ask("&stepMs=30000")).json<RecordingActivity>();
  assert.equal(coarse.values.length, Math.ceil((coarse.to - coarse.from) / 30_000));
  assert.ok(coarse.values.slice(1, 4).every((value) => value !== null && value >= 100));
});

test("[MOT4] no token, no values; steps that are none are refused with what was expected", async () => {
  assert.equal((await ask("", "other")).statusCode, 401);
  assert.equal((await ask("", "job")).statusCode, 403, "a crew's view reads no movement");
  for (const step of ["1500", "0", "-1000", "x", "999999999"]) assert.equal((await ask(`&stepMs=${step}`)).statusCode, 400, step);
  const tooMany = await app.inject({ url: `/v1/cameras/1/activity?from=${nowMs - 30_000_000}&to=${nowMs}&stepMs=1000`, headers: { authorization: "Bearer live" } });
  assert.match(tooMany.json<{ message: string }>().message, /at most 20000 steps/);
});

test("[MOT3] values go with their segment", async () => {
  recording.end("recorder-stopped");
  await writer.idle();
  nowMs = T0 + 10 * 86_400_000;
  await deleteOldRecordings({ root, index, clock: { wallMs: () => nowMs, monotonicMs: () => nowMs }, markDurably: markAtOnce, floorBytes: 0, mostBytes: Infinity, holds: new HoldList(index), fallback: { mostDays: 1, leastDays: 0, mostBytes: Infinity }, findKeeping: () => undefined, log: () => undefined });
  assert.deepEqual(index.listActivity(1, 0, nowMs), []);
});

test("[MOT4] a range of many days is read in parts and is one series", async () => {
  const answer = await app.inject({ url: `/v1/cameras/1/activity?from=${T0 - 3 * 86_400_000}&to=${nowMs}&stepMs=60000`, headers: { authorization: "Bearer live" } });
  const { values, from } = answer.json<RecordingActivity>();
  const first = values.findIndex((value) => value !== null);
  assert.ok(Math.abs(from + first * 60_000 - T0) <= 60_000, "nothing is known before the first picture");
  assert.ok(values.length >= 3 * 1_440 && values.slice(first, first + 2).every((value) => value !== null && value >= 100));
});
