// A stream that we did not write, end to end: GStreamer's RTSP server plays a street clip from its start to its end, behind digest authentication; what
// is recorded has as many pictures as the clip, by our own count, by mp4box, and by ffprobe where there is one.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { CAMERA_PASSWORD, CAMERA_USER, CLIP_PICTURES, GStreamerCamera, countPictures, findMissing } from "../support/gstreamer-camera.ts";
import { getTimeline } from "../support/timeline.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "./test-centre.ts";

test("[RCD1] [RCD8] GStreamer's pictures are recorded, every one, and can be decoded", { skip: findMissing() }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "citywatch-gstreamer-"));
  const centre = new TestCentre();
  const gstreamer = new GStreamerCamera();
  let recorder: Awaited<ReturnType<typeof startRecorder>> | undefined;
  try {
    await gstreamer.start(CLIP_PICTURES);
    const { address } = gstreamer;
    await centre.start();
    centre.cameras = [camera(1, address, { userName: CAMERA_USER, password: CAMERA_PASSWORD })];
    const startedAt = Date.now();
    recorder = await startRecorder({ role: "recorder", version: "test", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: folder, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1", cameraNetworks: LOOPBACK_NETWORKS, evidencePage: "", mostRecordingBytes: null }, { info: () => undefined, warn: () => undefined, error: () => undefined });
    const refused = await until("the link", () => centre.links > 0 && centre.probe(address, CAMERA_USER, "guess"));
    assert.equal(!refused.ok && refused.problem, "unauthorized");
    const { port } = recorder;
    const token = await centre.sign({ mode: "playback" });
    // The clip lasts half a minute; its end is an RTCP BYE, which ends the run. The gap is told at once, the last pictures when the disk has them.
    const findSegments = async (): Promise<Awaited<ReturnType<typeof getTimeline>>["segments"]> => {
      const { gaps, segments } = await getTimeline({ recorderUrl: `http://127.0.0.1:${port}`, token, cameraId: 1, from: startedAt - 1_000 });
      const end = gaps.find((gap) => gap.cause === "camera-closed")?.start ?? 0;
      return segments.filter((segment) => segment.start < end);
    };
    await until("the end of the clip", async () => (await findSegments()).length > 0, 240_000);
    const counted = async (): Promise<number> => (await findSegments()).reduce((sum, segment) => sum + segment.frames, 0);
    await until("its last pictures", async () => (await counted()) >= CLIP_PICTURES).catch(() => undefined);
    assert.equal(await counted(), CLIP_PICTURES);
    const segments = await findSegments();
    await recorder.stop();
    const counts = await Promise.all(segments.map((segment) => countPictures(join(folder, "segments", "1", `${segment.id}.mp4`))));
    assert.equal(counts.reduce((sum, count) => sum + count, 0), CLIP_PICTURES, "as ffprobe decodes it");
  } finally {
    await recorder?.stop();
    gstreamer.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
