// A stream that we did not write, end to end: GStreamer's RTSP server plays a street clip from its start to its end, behind digest authentication; what
// is recorded has as many pictures as the clip, by our own count, by mp4box, and by ffprobe where there is one.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import type { RecordingTimeline } from "../../src/contract/media.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "./test-centre.ts";

const CLIP = fileURLToPath(new URL("../../../shared/data/video/car-detection.mp4", import.meta.url));
const CLIP_FRAMES = 377;
const PYTHON = "/usr/bin/python3";

function findMissing(): string | false {
  if (!existsSync(CLIP)) return "../shared/data/video/car-detection.mp4 is not here";
  try {
    execFileSync(PYTHON, ["-c", "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"], { stdio: "ignore", timeout: 30_000 });
    return false;
  } catch {
    return "GStreamer's RTSP server for Python (Debian: python3-gst-1.0, gir1.2-gst-rtsp-server-1.0) is not here";
  }
}

function countWithFfprobe(file: string): number | undefined {
  try {
    return Number(execFileSync("ffprobe", ["-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", file], { encoding: "utf8" }).replace(/\D/g, ""));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

test("[RCD1] [RCD8] GStreamer's pictures are recorded, every one, and can be decoded", { skip: findMissing() }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "citywatch-gstreamer-"));
  const centre = new TestCentre();
  let server: ChildProcess | undefined;
  let recorder: Awaited<ReturnType<typeof startRecorder>> | undefined;
  try {
    server = spawn(PYTHON, [fileURLToPath(new URL("./gstreamer-server.py", import.meta.url)), CLIP, "operator", "a pass, \"word\""], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(server.stdout!, "data")) as [Buffer];
    const address = `rtsp://127.0.0.1:${Number(String(line))}/cam`;
    await centre.start();
    centre.cameras = [camera(1, address, { userName: "operator", password: 'a pass, "word"' })];
    const startedAt = Date.now();
    recorder = await startRecorder({ role: "recorder", version: "test", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: folder, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1", cameraNetworks: LOOPBACK_NETWORKS, mostRecordingBytes: null }, { info: () => undefined, warn: () => undefined, error: () => undefined });
    const refused = await until("the link", () => centre.links > 0 && centre.probe(address, "operator", "guess"));
    assert.equal(!refused.ok && refused.problem, "unauthorized");
    const { port } = recorder;
    const token = await centre.sign({ mode: "playback" });
    // The clip lasts half a minute; its end is an RTCP BYE, which ends the run.
    const timeline = await until("the end of the clip", async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/cameras/1/timeline?from=${startedAt - 1_000}&to=${Date.now()}`, { headers: { authorization: `Bearer ${token}` } });
      const known = (await answer.json()) as RecordingTimeline;
      return known.gaps.some((gap) => gap.cause === "camera-closed") && known;
    }, 120_000);
    const end = timeline.gaps.find((gap) => gap.cause === "camera-closed")!.start;
    const segments = timeline.segments.filter((segment) => segment.start < end);
    assert.equal(segments.reduce((sum, segment) => sum + segment.frames, 0), CLIP_FRAMES);
    await recorder.stop();
    const counts = segments.map((segment) => countWithFfprobe(join(folder, "segments", "1", `${segment.id}.mp4`)));
    if (counts.every((count) => count !== undefined)) assert.equal(counts.reduce((sum, count) => sum + count, 0), CLIP_FRAMES, "as ffprobe decodes it");
  } finally {
    await recorder?.stop();
    server?.kill("SIGKILL");
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
