// Hearing a camera in a real Chromium on the whole product: nothing before the loudspeaker is pressed, then live and past what the camera sent, at its time; a look of its own in the register. The speaker is listened to
// where the page hands it sound.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { splitAnnexB } from "../../src/media/annexb.ts";
import { TestCamera } from "../recorder/test-camera.ts";
import { launchBrowser } from "../support/browser.ts";
import { LOGIN, PASSWORD, type RunningCity, eventually, startRunningCity } from "../support/running-city.ts";

interface Heard {
  readonly pieces: { atS: number; nowS: number; seconds: number; peak: number }[];
  stopped: number;
}
/** Keeps what is given to the speaker. */
const LISTEN = `
  window.heard = { pieces: [], stopped: 0 };
  const start = AudioBufferSourceNode.prototype.start, stop = AudioBufferSourceNode.prototype.stop;
  AudioBufferSourceNode.prototype.start = function (atS, fromS) {
    const plane = this.buffer.getChannelData(0);
    window.heard.pieces.push({ atS, nowS: this.context.currentTime, seconds: this.buffer.duration - fromS, peak: plane.reduce((most, value) => Math.max(most, Math.abs(value)), 0) });
    return start.call(this, atS, fromS);
  };
  AudioBufferSourceNode.prototype.stop = function (...of) { window.heard.stopped++; return stop.apply(this, of); };
`;

/** Each picture of a clip of the simulation, from its first key frame on. */
function readPictures(): Uint8Array[][] {
  const pictures: Uint8Array[][] = [];
  let waiting: Uint8Array[] = [];
  for (const nal of splitAnnexB(readFileSync(new URL("../../src/sim/assets/square-normal.h264", import.meta.url)))) {
    waiting.push(nal);
    const type = nal[0]! & 0x1f;
    if (type !== 1 && type !== 5) continue;
    pictures.push(waiting);
    waiting = [];
  }
  return pictures;
}

describe("hearing a camera", { timeout: 600_000 }, () => {
  const camera = new TestCamera({ behaviour: "plays", sound: true, pictures: readPictures() });
  let city: RunningCity;
  let browser: Browser;
  let page: Page;
  let cameraId = 0;
  const complaints: string[] = [];
  const heard = (): Promise<Heard> => page.evaluate(() => (window as unknown as { heard: Heard }).heard);
  const button = () => page.locator(`.tile[data-tile-camera="${cameraId}"] .tile-sound`);
  const stateIs = (state: string) => eventually(`the loudspeaker says ${state}`, async () => (await button().getAttribute("data-sound")) === state, 60_000);

  before(async () => {
    const address = await camera.start();
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    const [first] = (await city.client.call("listCameras", { query: { limit: 1 } })).cameras;
    const { id: _id, code: _code, health: _health, ...like } = first as unknown as Record<string, unknown> & typeof first;
    const { name, kind, place, pose, purpose, owner } = like as typeof first & object;
    const added = await city.client.call("createCamera", { body: { name: `${name} (heard)`, kind, place, pose, purpose, owner, address, soundPurpose: "Calls for help at the gate", code: "HEARD", transport: "tcp" } as never });
    cameraId = added.id;
    await eventually("the camera is connected", async () => (await city.client.call("getCamera", { params: { id: cameraId } })).health.state === "connected");
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.addInitScript(LISTEN);
    await page.goto(`${city.system.address}/watch?camera=${cameraId}`);
    await page.locator("input[autocomplete=username]").fill(LOGIN);
    await page.locator("input[type=password]").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".watch-reason .input-button").click();
    await page.locator(".menu [role=option]").nth(1).click();
    await page.locator(".watch-reason .field:not(:has(.input-button)) input").fill("Evening round");
    await page.keyboard.press("Enter");
  }, { timeout: 300_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
    await camera.stop();
  });

  it("[VIEW14] [SND5] live: off until pressed, a look of its own, sound end to end and not late, and off again", async () => {
    await button().waitFor();
    await page.locator(`.tile[data-tile-camera="${cameraId}"][data-state=playing]`).waitFor();
    assert.equal(await button().getAttribute("data-sound"), "off");
    assert.equal((await heard()).pieces.length, 0);
    await button().click();
    await stateIs("heard");
    await eventually("two seconds of sound", async () => (await heard()).pieces.reduce((sum, { seconds }) => sum + seconds, 0) > 2);
    const { pieces } = await heard();
    assert.ok(pieces.filter(({ peak }) => peak > 0.01).length > pieces.length / 2, "the camera's own sound, no silence");
    assert.ok(pieces.every(({ atS, nowS }) => atS > nowS && atS < nowS + 2), "soon");
    const { records } = await city.client.call("listAccessRecords", { query: { cameraId } });
    assert.deepEqual(records.map(({ mode, sound }) => [mode, sound]).toSorted(), [["live", false], ["live", true]]);
    await page.keyboard.press("m");
    await stateIs("off");
    await eventually("the look is over", async () => (await city.client.call("listAccessRecords", { query: { cameraId } })).records.find(({ sound }) => sound)?.endedAt !== null);
    const before = (await heard()).pieces.length;
    await page.waitForTimeout(1_000);
    assert.equal((await heard()).pieces.length, before);
  });

  it("[VIEW14] [SND6] the past: at the usual pace, silent at any other, and said so", async () => {
    await new Promise((resolve) => setTimeout(resolve, 150_000)); // until two minutes ago is written, sound and all
    for (let i = 0; i < 2; i++) await page.keyboard.press("Shift+ArrowLeft"); // two minutes back; the clock runs
    const before = (await heard()).pieces.length;
    await page.keyboard.press("m");
    await stateIs("heard");
    const { pieces } = await heard();
    assert.ok(pieces.length > before && pieces.slice(before).some(({ peak }) => peak > 0.01));
    await page.keyboard.press("l");
    await stateIs("only-usual-pace");
    assert.ok((await heard()).stopped > 0);
    const { records } = await city.client.call("listAccessRecords", { query: { cameraId } });
    assert.ok(records.some(({ mode, sound }) => mode === "playback" && sound));
    assert.deepEqual(complaints, []);
  });
});
