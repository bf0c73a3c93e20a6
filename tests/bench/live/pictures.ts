// What a person waits for, in a real Chromium on the whole product: how old the picture on the screen is, and how long the first one takes after the click. The simulated cameras burn the
// number of the picture (wall time / 80 ms) into its top row; a frame callback reads it off the pixels of each frame as it is shown. The row is written anew
// at two of five pictures, so a frame counts where its number is another than the one before: it is then this picture's own.
import type { Browser, Page } from "playwright-core";
import { CELL_PX, PICTURE_MS, ROW_HEIGHT_PX, ROW_MACROBLOCKS, STRIP_CELLS, cellPlace, decodeStrip } from "../../../src/sim/cameras/clock-strip.ts";
import { launchBrowser } from "../../support/browser.ts";
import { logIn } from "../../support/log-in.ts";
import { type RunningCity, eventually, startRunningCity } from "../../support/running-city.ts";

export interface PictureFigures {
  /** Age of a picture when it was shown, ms, one a reading. */
  readonly agesMs: readonly number[];
  readonly whepAgesMs: readonly number[];
  /** From the click to the first picture, ms, one an opening. */
  readonly firstMs: readonly number[];
  /** From asking for the view to the first picture, ms. */
  readonly whepFirstMs: readonly number[];
}
interface Seen {
  readonly at: number; // wall time, ms
  readonly means: readonly number[];
}

export async function measurePictures(seconds: number, openings: number, tell: (text: string) => void): Promise<PictureFigures> {
  const [city, browser] = await Promise.all([startRunningCity(), launchBrowser(["--allow-loopback-in-peer-connection"])]);
  try {
    return await run(city, browser, seconds, openings, tell);
  } finally {
    await browser.close();
    await city.end();
  }
}

async function run(city: RunningCity, browser: Browser, seconds: number, openings: number, tell: (text: string) => void): Promise<PictureFigures> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1400 }, locale: "en-GB" });
  page.setDefaultTimeout(60_000);
  await page.addInitScript(watchFrames, { cells: Array.from({ length: STRIP_CELLS }, (_, i) => cellPlace(i, ROW_MACROBLOCKS)), cellPx: CELL_PX, rowPx: ROW_HEIGHT_PX });
  await page.goto(`${city.system.address}/watch`);
  await logIn(page);
  await page.locator(".watch-reason .input-button").click();
  await page.locator(".menu [role=option]").nth(1).click();
  await page.locator(".watch-reason .field:not(:has(.input-button)) input").fill("Bench of live pictures");
  await page.keyboard.press("Enter");
  await page.keyboard.press("1"); // one tile
  const rows = page.locator(".watch-list .watch-row");
  await eventually("enough connected cameras in the list", async () => (await rows.count()) > 20, 180_000);

  tell(`first picture: ${openings} openings ...`);
  const firstMs: number[] = [];
  const count = Math.min(await rows.count(), 24);
  for (let i = 0; i < openings; i++) {
    await rows.nth(i % count).click();
    firstMs.push(await eventually("a first picture", () => page.evaluate(() => (window as unknown as Probe).benchFirstMs ?? undefined)));
    await page.waitForTimeout(700 + (i % 5) * 130); // at other places of the camera's GOP
  }

  tell(`age of the picture: ${seconds} s ...`);
  await page.waitForTimeout(4_000);
  const agesMs = await readAges(page, seconds);

  tell(`the same by WebRTC ...`);
  await page.keyboard.press("Delete"); // the tile goes: one decoder at a time
  const { cameras } = await city.client.call("listCameras", { query: { limit: count, state: "connected" } });
  const whepFirstMs: number[] = [];
  let whepAgesMs: number[] = [];
  for (let i = 0; i < openings; i++) {
    const camera = cameras[i % cameras.length]!;
    const asked = performance.now();
    const { views } = await city.client.call("openViews", { body: { cameraIds: [camera.id], reason: { purpose: "patrol", words: "Bench of live pictures" }, mode: "live", from: null, to: null } });
    const askedMs = performance.now() - asked;
    const view = views[0]!;
    whepFirstMs.push(askedMs + await page.evaluate(openWhep, { url: `${view.recorderUrl}/v1/cameras/${camera.id}/whep`, bearer: view.token }));
    if (i === openings - 1) {
      await page.waitForTimeout(4_000);
      whepAgesMs = await readAges(page, seconds);
    } else await page.waitForTimeout(400 + (i % 5) * 130);
    await page.evaluate(() => (window as unknown as Probe).benchLeave?.());
  }
  return { agesMs, whepAgesMs, firstMs, whepFirstMs };
}

async function readAges(page: Page, seconds: number): Promise<number[]> {
  await page.evaluate(() => void ((window as unknown as Probe).benchSeen.length = 0));
  await page.waitForTimeout(seconds * 1_000);
  const seen = await page.evaluate(() => (window as unknown as Probe).benchSeen);
  const ages: number[] = [];
  let before: number | undefined;
  for (const { at, means } of seen) {
    const middle = (Math.min(...means) + Math.max(...means)) / 2;
    const strip = decodeStrip(means.map((mean) => (mean > middle ? 1 : 0)));
    if (strip === undefined) continue;
    if (before !== undefined && strip.picture !== before) ages.push(at - strip.picture * PICTURE_MS);
    before = strip.picture;
  }
  return ages;
}

interface Probe {
  benchSeen: Seen[];
  /** Since the last click; null before the first picture. */
  benchFirstMs: number | null;
  benchLeave?: () => Promise<void>;
  benchFollow: (video: HTMLVideoElement, onFirst: () => void) => void;
}

/** In the page: notes each click, and of each frame of the newest video element when it was shown and how light the cells of its strip are. */
function watchFrames({ cells, cellPx, rowPx }: { cells: readonly { x: number; y: number }[]; cellPx: number; rowPx: number }): void {
  const probe = window as unknown as Probe;
  probe.benchSeen = [];
  probe.benchFirstMs = null;
  const canvas = document.createElement("canvas");
  canvas.width = 768;
  canvas.height = rowPx;
  const paint = canvas.getContext("2d", { willReadFrequently: true })!;
  probe.benchFollow = (video, onFirst) => {
    let first = true;
    const onFrame = (now: number): void => {
      if (first) onFirst();
      first = false;
      if (!video.isConnected) return;
      if (video.videoWidth !== canvas.width) return void video.requestVideoFrameCallback(onFrame);
      paint.drawImage(video, 0, 0);
      const { data } = paint.getImageData(0, 0, canvas.width, rowPx);
      const means = cells.map(({ x, y }) => {
        let sum = 0;
        for (let row = 2; row < cellPx - 2; row++) for (let column = 2; column < cellPx - 2; column++) sum += data[((y + row) * canvas.width + x + column) * 4 + 1]!;
        return sum;
      });
      probe.benchSeen.push({ at: performance.timeOrigin + now, means });
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  };
  let clickedAt = 0;
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest(".watch-row")) return;
    clickedAt = performance.now();
    probe.benchFirstMs = null;
  }, true);
  const known = new WeakSet<Element>();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll<HTMLVideoElement>("video[data-camera-id]")) {
      if (known.has(video)) continue;
      known.add(video);
      probe.benchFollow(video, () => {
        probe.benchFirstMs = performance.now() - clickedAt;
      });
    }
  }).observe(document, { childList: true, subtree: true });
}

/** In the page: milliseconds to the first picture by WebRTC. */
async function openWhep({ url, bearer }: { url: string; bearer: string }): Promise<number> {
  const probe = window as unknown as Probe;
  const from = performance.now();
  const video = document.createElement("video");
  video.muted = true;
  video.autoplay = true;
  video.style.cssText = "position:fixed;inset:0;width:768px;z-index:99";
  document.body.append(video);
  const peer = new RTCPeerConnection();
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
  };
  const shown = new Promise<void>((resolve) => probe.benchFollow(video, resolve));
  await peer.setLocalDescription(await peer.createOffer());
  const headers = { "content-type": "application/sdp", authorization: `Bearer ${bearer}` };
  const answer = await fetch(url, { method: "POST", body: peer.localDescription!.sdp, headers });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  await shown;
  const took = performance.now() - from;
  probe.benchLeave = async () => {
    await fetch(new URL(answer.headers.get("location")!, url), { method: "DELETE", headers });
    peer.close();
    video.remove();
  };
  return took;
}
