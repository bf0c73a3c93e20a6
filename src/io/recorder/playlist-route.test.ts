// How far playlists reach, and that a long one is the same as one made at once. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import Fastify, { type FastifyInstance } from "fastify";
import { ok } from "../../base/result.ts";
import { DAY_MS } from "../../base/time.ts";
import { ActivityMeter } from "../../video/motion/activity-meter.ts";
import { formatPlaylist } from "../../video/playback/hls.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { addPlaybackRoutes } from "./playback-routes.ts";
import { insertSenderReports } from "./sender-report-store.ts";
import { SegmentReading } from "./segment-reader.ts";
import { ServedViews } from "./served-views.ts";

const T0 = 20_000 * DAY_MS;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
let root = "";
let index: IndexStore;
let app: FastifyInstance;
let nowMs = T0 + 30 * HOUR_MS;
let runId = 0;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-playlist-"));
  index = new IndexStore(join(root, "index.sqlite"));
  runId = index.insertRun(1, T0);
  // A run of 25 hours whose segments lie over the hours' borders, but for one that ends on such a border.
  index.transaction(() => {
    for (let startMs = T0; startMs < T0 + 25 * HOUR_MS;) {
      const endMs = startMs < T0 + 3 * HOUR_MS && startMs + 57_000 > T0 + 3 * HOUR_MS ? T0 + 3 * HOUR_MS : startMs + 57_000;
      const segmentId = index.insertSegment(1, runId, startMs, 800, "k");
      const gops = Array.from({ length: Math.ceil((endMs - startMs) / 3_000) }, (_, i) => ({ offset: 800 + i * 1_000, startMs: i * 3_000, duration90k: Math.min(3_000, endMs - startMs - i * 3_000) * 90, frames: 75 }));
      index.closeSegment(segmentId, { endMs, bytes: 800 + gops.length * 1_000, frames: gops.length * 75, gops, sha256: null }, "closed");
      startMs = endMs;
    }
  });
  index.endRun(runId, T0 + 25 * HOUR_MS, "camera-closed");
  app = Fastify();
  addPlaybackRoutes(app, {
    root, index, holds: new HoldList(index), reading: new SegmentReading(root), served: new ServedViews(), onDownloadOver: () => undefined, clock: { wallMs: () => nowMs, monotonicMs: () => nowMs },
    pool: { find: () => ({ camera: { code: "C1" }, writer: { findOpenSegment: () => undefined }, isRecording: false, knownUntil: (now) => now, activity: new ActivityMeter() }) },
    verifier: { endView: () => undefined, verify: async () => ok({ claims: { accountId: 1, viewId: 1, cameraId: 1, mode: "playback", from: null, to: null, timeline: true, sound: false }, expiresAt: T0 * 2 }) },
  });
});
after(async () => {
  await app.close();
  index.close();
  await rm(root, { recursive: true, force: true });
});
const ask = (path: string, from: number, to: number) => app.inject({ url: `/v1/cameras/1/${path}?from=${from}&to=${to}` });

describe("playlists", () => {
  test("[PLY3] a day is one playlist, each part once and in order, as if made at once; more than a day is refused with what was expected", async () => {
    const [from, to] = [T0 + 1_234, T0 + 1_234 + DAY_MS];
    const answer = await ask("hls.m3u8", from, to);
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.body, formatPlaylist(index.listSegments(1, from, to), from, to, (id) => `segments/${id}.mp4`));
    assert.ok(answer.body.split("\n").filter((line) => line.startsWith("#EXTINF")).length > 24 * 60 * 15);
    const refused = await ask("hls.m3u8", from, to + 1);
    assert.deepEqual([refused.statusCode, refused.json<{ rule: string }>().rule], [400, "bad-range"]);
    assert.match(refused.json<{ message: string }>().message, /at most 86400000 ms apart/);
  });

  test("[PLY3] one that reaches beyond now, which players read anew all the time, has at most six hours", async () => {
    nowMs = T0 + 20 * HOUR_MS;
    const statusOf = async (from: number): Promise<number> => (await ask("hls.m3u8", from, nowMs + HOUR_MS)).statusCode;
    assert.deepEqual([await statusOf(nowMs - 6 * HOUR_MS), await statusOf(nowMs - 6 * HOUR_MS - 1)], [200, 400]);
    nowMs = T0 + 30 * HOUR_MS;
  });
});

test("[PLY17] a timeline says when the camera's clock was wrong; one of months does not read for it", async () => {
  const report = (minute: number, offsetMs: number) => ({ track: "video" as const, ssrc: 1, cameraMs: T0 + minute * MINUTE_MS + offsetMs, rtpTime: 0, arrivalMs: T0 + minute * MINUTE_MS, packets: 0, octets: 0 });
  insertSenderReports(index, 1, runId, [report(8, -40), report(9, -3_000), report(10, -3_010), report(11, -3_020), report(12, 20)]);
  const clockOff = async (from: number, to: number): Promise<unknown> => (await ask("timeline", from, to)).json<{ clockOff: unknown }>().clockOff;
  assert.deepEqual(await clockOff(T0 + 10 * MINUTE_MS, T0 + HOUR_MS), [{ start: T0 + 10 * MINUTE_MS, end: T0 + 12.25 * MINUTE_MS, offsetMs: -3_010 }]);
  assert.deepEqual(await clockOff(T0 + 20 * MINUTE_MS, T0 + HOUR_MS), []);
  assert.deepEqual(await clockOff(T0 - 3 * DAY_MS, T0 + HOUR_MS), []);
});
