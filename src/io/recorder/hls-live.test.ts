import assert from "node:assert/strict";
import { test } from "node:test";
import fastify from "fastify";
import { ok } from "../../base/result.ts";
import { encodeSampleFragment } from "../../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { LiveViewerPort } from "../../video/live/live-stream.ts";
import { HlsLive } from "./hls-live.ts";
import { LiveLooks } from "./live-looks.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 2, 3]) };

test("[LIV13] numbers of parts never run back while the recorder runs, whatever its clock does and however often players leave", async () => {
  let wallMs = 1_790_000_000_000;
  let viewId = 1;
  const addViewer = (viewer: LiveViewerPort): void => {
    viewer.onInit(FORMAT, encodeInitSegment(FORMAT), wallMs);
    for (let frame = 0; frame <= 150; frame++) viewer.onFragment(encodeSampleFragment(frame, frame * 3_600, 3_600, 0, frame % 50 === 0, new Uint8Array(50), 0, 50), frame % 50 === 0, wallMs + frame * 40);
  };
  const worker = { health: () => assert.fail("there are pictures"), addViewer, removeViewer: () => undefined };
  const hls = new HlsLive({
    pool: { find: () => worker }, clock: { wallMs: () => wallMs, monotonicMs: () => 0 }, looks: new LiveLooks({ verifier: { endView: () => undefined }, onViewEnded: () => undefined }),
    verifier: { verify: async () => ok({ claims: { accountId: 1, cameraId: 1, viewId, mode: "live", from: null, to: null, timeline: true, sound: false }, expiresAt: 1e15 }) },
  });
  const app = fastify();
  hls.addRoutes(app);
  const look = async (): Promise<number[]> => {
    const { body } = await app.inject("/v1/cameras/1/live.m3u8");
    hls.endView(viewId++);
    return [...body.matchAll(/^live\/(\d+)\.m4s$/gm)].map(([, number]) => Number(number));
  };
  const numbers = await look();
  wallMs -= 3_600_000; // set back by an hour
  numbers.push(...(await look()), ...(await look()));
  assert.equal(numbers.length, 9);
  numbers.forEach((number, i) => assert.ok(i === 0 || number > numbers[i - 1]!, `${number} after ${numbers[i - 1]}`));
  await app.close();
});
