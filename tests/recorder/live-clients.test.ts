// Live pictures as others' software sees them: Chromium by WebRTC and by hls.js, ffmpeg by HLS. The camera is the simulator's, whose pictures decode and carry their time, so that
// what is seen can be told to be of this camera and of now.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startRecorder } from "../../src/app/recorder.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { CAMERA_USER, type CameraServer, startCameraServer } from "../../src/sim/cameras/server.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { launchBrowser } from "../support/browser.ts";
import { readShownPicture } from "../support/shown-picture.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "./test-centre.ts";

const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PASSWORD = "only-for-this-test";
const CODE = "MVD-0042";
const run = promisify(execFile);
const hasFfmpeg = ((): boolean => {
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("live pictures for others", { timeout: 1_200_000 }, () => {
  const centre = new TestCentre();
  // Of a server of its own: a browser judges by a page's address whether it may ask this machine's other ports.
  const pages = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<!doctype html><video muted autoplay></video>"));
  let origin = "";
  let sim: CameraServer;
  let folder = "";
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  let browser: Browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-live-clients-"));
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    centre.consoleOrigins = [origin];
    await centre.start();
    sim = await startCameraServer({ host: "127.0.0.1", port: 0, password: PASSWORD, cameras: [{ code: CODE, name: "18 de Julio y Río Negro", hints: ["signal"] }], clock: systemClock, log: silentLog });
    const address = `rtsp://127.0.0.1:${sim.port}/cameras/${CODE}`;
    centre.cameras = [camera(1, address, { userName: CAMERA_USER, password: PASSWORD }), camera(2, address, { userName: CAMERA_USER, password: PASSWORD, recording: "on-demand" })];
    [recorder, browser] = await Promise.all([
      startRecorder({
        role: "recorder", version: "test", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: folder, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:0", cameraNetworks: LOOPBACK_NETWORKS,
        mostRecordingBytes: null, evidencePage: "",
      }, silentLog),
      launchBrowser(["--allow-loopback-in-peer-connection"]),
    ]);
    await until("camera 1", () => centre.health.get(1)?.state === "connected");
  });
  after(async () => {
    await browser?.close();
    pages.close();
    await recorder?.stop();
    await sim?.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A blank page of the console's origin. */
  async function openPage(): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(origin);
    return page;
  }

  async function moves(page: Page, mostBehindMs: number): Promise<void> {
    const first = await until(`a picture of the last ${mostBehindMs / 1_000} s`, async () => {
      const now = await readShownPicture(page);
      return now !== undefined && Math.abs(now.behindMs) < mostBehindMs && now;
    });
    assert.equal(first.code, CODE);
    const later = await until("pictures to move on", async () => {
      const now = await readShownPicture(page);
      return now !== undefined && now.frames > first.frames + 20 && now;
    });
    assert.ok(later.wallMs > first.wallMs);
  }

  for (const [cameraId, what] of [[1, "one that is recorded"], [2, "one that is joined for it"]] as const) {
    test(`[LIV12] Chromium decodes a camera by WebRTC, ${what}, and the view ends with its DELETE`, async () => {
      const page = await openPage();
      const viewId = 400 + cameraId;
      const token = await centre.sign({ cameraId, viewId });
      const status = await page.evaluate(async ({ url, bearer }) => {
        const peer = new RTCPeerConnection();
        peer.addTransceiver("video", { direction: "recvonly" });
        peer.addTransceiver("audio", { direction: "recvonly" });
        peer.ontrack = ({ track }) => {
          if (track.kind === "video") document.querySelector("video")!.srcObject = new MediaStream([track]);
        };
        await peer.setLocalDescription(await peer.createOffer());
        const answer = await fetch(url, { method: "POST", body: peer.localDescription!.sdp, headers: { "content-type": "application/sdp", authorization: `Bearer ${bearer}` } });
        if (!answer.ok) return `${answer.status} ${await answer.text()}`;
        await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
        const location = new URL(answer.headers.get("location")!, url).href;
        Object.assign(window, { leave: () => fetch(location, { method: "DELETE", headers: { authorization: `Bearer ${bearer}` } }).then((left) => left.status) });
        return "ok";
      }, { url: `http://127.0.0.1:${recorder.port}/v1/cameras/${cameraId}/whep`, bearer: token });
      assert.equal(status, "ok");
      await moves(page, 10_000);
      assert.equal(await page.evaluate(() => (window as unknown as { leave: () => Promise<number> }).leave()), 200);
      await until("the centre to hear the end", () => centre.endedViews.includes(viewId));
      await page.close();
    });
  }

  test("[LIV13] hls.js in Chromium plays the live playlist; a player that stops asking has left", async () => {
    const page = await openPage();
    await page.addScriptTag({ path: join(import.meta.dirname, "..", "..", "node_modules", "hls.js", "dist", "hls.min.js") });
    const token = await centre.sign({ cameraId: 1, viewId: 500 }, 300_000);
    await page.evaluate(({ url, bearer }) => {
      const { Hls } = window as unknown as { Hls: new (config: object) => { loadSource(url: string): void; attachMedia(video: HTMLVideoElement): void } };
      const hls = new Hls({ xhrSetup: (xhr: XMLHttpRequest) => xhr.setRequestHeader("authorization", `Bearer ${bearer}`) });
      hls.loadSource(url);
      hls.attachMedia(document.querySelector("video")!);
    }, { url: `http://127.0.0.1:${recorder.port}/v1/cameras/1/live.m3u8`, bearer: token });
    await moves(page, 30_000);
    await page.close();
    await until("the centre to hear the end", () => centre.endedViews.includes(500));
  });

  test("[LIV13] ffmpeg reads five seconds of the live playlist with the token in a header, and decodes every picture", { skip: hasFfmpeg ? false : "ffmpeg is not on the PATH" }, async () => {
    const token = await centre.sign({ cameraId: 1, viewId: 501 }, 300_000);
    const { stdout } = await run("ffprobe", [
      "-v", "error", "-headers", `Authorization: Bearer ${token}\r\n`, "-read_intervals", "%+5", "-select_streams", "v", "-count_frames", "-show_entries", "stream=codec_name,width,nb_read_frames", "-of", "json",
      `http://127.0.0.1:${recorder.port}/v1/cameras/1/live.m3u8`,
    ], { timeout: 300_000 });
    const { streams: [stream] } = JSON.parse(stdout) as { streams: { codec_name: string; width: number; nb_read_frames: string }[] };
    assert.equal(stream?.codec_name, "h264");
    assert.equal(stream.width, 768);
    assert.ok(Number(stream.nb_read_frames) >= 50, stream.nb_read_frames);
  });

  test("[LIV7] [LIV13] without a live token for this camera there is no playlist and no part; a part that never was is none", async () => {
    const get = async (path: string, token: string): Promise<[number, string]> => {
      const answer = await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/${path}`, { headers: { authorization: `Bearer ${token}` } });
      return [answer.status, answer.status === 200 ? "" : ((await answer.json()) as { rule: string }).rule];
    };
    const token = await centre.sign({ cameraId: 1 });
    assert.deepEqual(await get("1/live.m3u8", ""), [401, "token-missing"]);
    assert.deepEqual(await get("2/live.m3u8", token), [403, "other-camera"]);
    assert.deepEqual(await get("1/live.m3u8", await centre.sign({ mode: "playback" })), [403, "other-mode"]);
    assert.deepEqual(await get("9/live.m3u8", await centre.sign({ cameraId: 9 })), [404, "camera-unknown"]);
    assert.deepEqual(await get("1/live.m3u8", token), [200, ""]);
    assert.deepEqual(await get("1/live/init-1.mp4", token), [200, ""]);
    assert.deepEqual(await get("1/live/init-1.mp4", await centre.sign({ cameraId: 2 })), [403, "other-camera"]);
    assert.deepEqual(await get("1/live/1.m4s", token), [404, "unknown-part"]);
    assert.deepEqual(await get("1/live/..%2Fsegments%2F1.mp4", token), [404, "unknown-part"]);
  });
});
