// A camera that we did not write, in the whole product: GStreamer's RTSP server with digest authentication is added as people add cameras (the command
// line, and the calls that the console's form makes), is seen live and is scrubbed back to in a real Chromium, and what lies on the disk afterwards has the
// pictures that GStreamer sent: GStreamer counts what it hands to its payloader, our index counts what it wrote, ffprobe decodes and counts the files.
// A play ends with an RTCP BYE after a known number of pictures, so that the counts can be equal instead of nearly so.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import type { Camera } from "../../src/contract/cameras.ts";
import type { RecordingTimeline } from "../../src/contract/media.ts";
import { launchBrowser } from "../support/browser.ts";
import { CAMERA_PASSWORD, CAMERA_USER, GStreamerCamera, countPictures, findMissing } from "../support/gstreamer-camera.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";
import { getTimeline } from "../support/timeline.ts";

/** Of one play: 500 last 40 s. CITYWATCH_TEST_PICTURES=3000 makes it four minutes. */
const PICTURES = Number(process.env["CITYWATCH_TEST_PICTURES"] ?? 500);
const PLAY_WITHIN_MS = 120_000 + PICTURES * 80;
const POSE = { point: { lon: -56.1847, lat: -34.9058 }, mountHeightM: 6, bearingDeg: 90, tiltDeg: 15, horizontalFovDeg: 90, verticalFovDeg: 55, rangeM: 80 };

let city: RunningCity;
let browser: Browser;
let page: Page;
const gstreamer = new GStreamerCamera();
const complaints: string[] = [];

/** `citywatch ...` as a person on the server's own machine types it; the camera's password comes from the environment. */
function citywatch(...args: string[]): Promise<{ stdout: string }> {
  const where = ["--centre", city.system.address, "--data", city.dataDir];
  return promisify(execFile)(process.execPath, [fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url)), ...args, ...where], { env: { ...process.env, CITYWATCH_CAMERA_PASSWORD: CAMERA_PASSWORD } });
}

async function readTimeline(cameraId: number, from: number): Promise<RecordingTimeline> {
  const to = Date.now();
  const { views } = await city.client.call("openViews", { body: { cameraIds: [cameraId], reason: { purpose: "camera-maintenance", words: "count of pictures" }, mode: "playback", from, to } });
  const view = views[0]!;
  return getTimeline({ ...view, cameraId, from, to });
}

/** Recorded pictures of the first play, by our index and by ffprobe, after GStreamer ended it. */
async function countFirstPlay(cameraId: number, from: number): Promise<{ index: number; files: number; spanMs: number }> {
  const { end, segments } = await eventually("the end of the first play, and its files to be closed", async () => {
    const timeline = await readTimeline(cameraId, from);
    const end = timeline.gaps.find((gap) => gap.cause === "camera-closed")?.start;
    const segments = timeline.segments.filter((segment) => end !== undefined && segment.start < end);
    return end !== undefined && segments.length > 0 && segments.every((segment) => !segment.open) && { end, segments };
  });
  const counts = await Promise.all(segments.map((segment) => countPictures(join(city.dataDir, "recordings", "segments", String(cameraId), `${segment.id}.mp4`))));
  const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
  return { index: sum(segments.map((segment) => segment.frames)), files: sum(counts), spanMs: end - segments[0]!.start };
}

/** What the tile of a camera shows: pictures decoded so far, the variety of brightness in the present one, and the times that stand above it. */
const readTile = (cameraId: number) => page.evaluate((id) => {
  const video = document.querySelector<HTMLVideoElement>(`video[data-camera-id="${id}"]`);
  if (video === null || video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  canvas.width = 96;
  canvas.height = 54;
  const paint = canvas.getContext("2d", { willReadFrequently: true })!;
  paint.drawImage(video, 0, 0, 96, 54);
  const { data } = paint.getImageData(0, 0, 96, 54);
  const greens = Array.from({ length: data.length / 4 }, (_, i) => data[i * 4 + 1]!);
  const tile = video.closest("[data-tile-camera]");
  return {
    state: tile?.getAttribute("data-state"), time: tile?.querySelector(".tile-time")?.textContent ?? null, frames: video.getVideoPlaybackQuality().totalVideoFrames,
    width: video.videoWidth, height: video.videoHeight, contrast: Math.max(...greens) - Math.min(...greens), greens,
  };
}, cameraId);
type Tile = NonNullable<Awaited<ReturnType<typeof readTile>>>;

/** Reads twice, some pictures apart: both are pictures of a street rather than one colour, and they differ. */
async function assertMoves(cameraId: number, isWanted: (tile: Tile) => boolean): Promise<Tile> {
  const first = await eventually("a picture", async () => { const tile = await readTile(cameraId); return tile?.state === "playing" && tile.contrast > 60 && isWanted(tile) && tile; });
  const second = await eventually("the pictures to move on to another one", async () => {
    const tile = await readTile(cameraId);
    const differs = tile?.greens.some((green, i) => Math.abs(green - first.greens[i]!) > 8) ?? false;
    return tile?.state === "playing" && tile.frames >= first.frames + 15 && tile.contrast > 60 && differs && isWanted(tile) && tile;
  });
  assert.deepEqual([second.width, second.height], [768, 432], "it is the camera's own size");
  return second;
}

describe("a real camera, from its address to a counted recording", { skip: findMissing(), timeout: 1_500_000 + 2 * PLAY_WITHIN_MS }, () => {
  const addedAt = Date.now() - 1_000;
  let byCommand: Camera;
  let byForm: Camera;

  before(async () => {
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser(), gstreamer.start(PICTURES)]);
    page = await openPage(browser, { complaints });
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
    gstreamer.stop();
  });

  it("is added on the command line, which joins it first and says what is there", async () => {
    const place = ["--lat", String(POSE.point.lat), "--lon", String(POSE.point.lon), "--bearing", "90"];
    const { stdout } = await eventually("the recorder to be linked", () => citywatch("camera", "add", gstreamer.address, "--user", CAMERA_USER, "--name", "Real one", "--purpose", "Acceptance", ...place));
    assert.match(stdout, /^Joined in \d+ ms: avc1\.[0-9a-f]{6} 768 x 432, tracks video H264/m);
    assert.match(stdout, /^Added C-\d+: Real one, \S/m);
    const { cameras } = await city.client.call("listCameras", { query: { q: "Real one" } });
    assert.equal(cameras.length, 1);
    byCommand = cameras[0]!;
    assert.equal(byCommand.address, gstreamer.address, "the address holds no name and no password");
  });

  it("is tried and added by the calls of the console's form, name and password in the address", async () => {
    const address = gstreamer.address.replace("//", `//${CAMERA_USER}:${encodeURIComponent(CAMERA_PASSWORD)}@`);
    const found = await city.client.call("probeCamera", { body: { address } });
    assert.ok(found.ok, JSON.stringify(found));
    assert.deepEqual([found.width, found.height], [768, 432]);
    assert.match(found.server ?? "", /GStreamer/);
    byForm = await city.client.call("createCamera", { body: { name: "Real two", purpose: "Acceptance", pose: POSE, address } });
    assert.equal(byForm.address, gstreamer.address, "name and password were split off");
    await eventually("the register to show it connected", async () => {
      const { health } = await city.client.call("getCamera", { params: { id: byForm.id } });
      return health.state === "connected" && health.width === 768 && health.recorded !== null;
    });
  });

  it("is seen live in Chromium", async () => {
    await page.goto(`${city.system.address}/watch?camera=${byCommand.id}`);
    await logIn(page);
    await page.locator(".watch-reason .input-button").click();
    await page.getByRole("option", { name: "Camera maintenance" }).click();
    await page.getByLabel("In your words").fill("Trial of a new camera");
    await page.keyboard.press("Enter");
    const tile = await assertMoves(byCommand.id, () => true);
    assert.equal(tile.time, "Live", "and the tile says that it is now");
  });

  it("is recorded: what lies on the disk has every picture that was sent, by three counts", async () => {
    await eventually("both plays to end", async () => gstreamer.ended.length >= 2, PLAY_WITHIN_MS);
    for (const { id, name } of [byCommand, byForm]) {
      const { index, files, spanMs } = await countFirstPlay(id, addedAt);
      assert.ok(gstreamer.ended.length > 0 && gstreamer.ended.every((pushed) => pushed === PICTURES), `GStreamer sent ${gstreamer.ended.join(", ")}`);
      assert.equal(index, PICTURES, `${name}: pictures in our index`);
      assert.equal(files, PICTURES, `${name}: pictures that ffprobe reads`);
      assert.ok(Math.abs(spanMs - PICTURES * 80) < 2_000, `${name}: ${PICTURES} pictures of 80 ms lie over ${spanMs} ms`);
    }
  });

  it("is played back in Chromium from the place on the time bar that was clicked", async () => {
    const timeline = await readTimeline(byCommand.id, addedAt);
    const wanted = timeline.segments[0]!.start + PICTURES * 40; // the middle of the first play
    const track = page.locator(".bar-track");
    const [from, to] = (await Promise.all(["aria-valuemin", "aria-valuemax"].map((name) => track.getAttribute(name)))).map(Number) as [number, number];
    const box = (await track.boundingBox())!;
    const clickedAt = Date.now();
    await track.click({ position: { x: ((wanted - from) / (to - from)) * box.width, y: 18 } });
    const tile = await assertMoves(byCommand.id, (now) => now.time !== "Live");
    const perPixel = (to - from) / box.width;
    const head = Number(await track.getAttribute("aria-valuenow"));
    assert.ok(head > wanted - 2 * perPixel && head < Date.now() - 5_000, `the playhead stands in the past: ${new Date(head).toISOString()}`);
    const shown = new Intl.DateTimeFormat("en-GB", { timeZone: (await city.client.call("getCity")).timeZone, timeStyle: "medium" });
    // It plays on from there, while a busy machine takes its time to show two pictures.
    const possible = Array.from({ length: 15 + Math.ceil((Date.now() - clickedAt) / 1_000) }, (_, i) => shown.format(wanted + (i - 5) * 1_000));
    assert.ok(possible.includes(tile.time ?? ""), `the tile says ${tile.time}; asked for ${shown.format(wanted)}`);
  });

  it("left its trace: each look by whom, at which camera, why; and no error in the page", async () => {
    const { records } = await city.client.call("listAccessRecords", { query: { cameraId: byCommand.id } });
    const looks = records.filter((record) => record.words === "Trial of a new camera");
    assert.deepEqual(new Set(looks.map((record) => `${record.accountName} ${record.mode}`)), new Set(["First Person live", "First Person playback"]));
    assert.deepEqual(complaints, []);
  });
});
