// Hearing a camera in a real Chromium on the whole product: nothing before the loudspeaker is pressed, then live and past what the camera sent, at its time, G.711 and AAC; a look of its own in the register. The speaker is
// listened to where the page hands it sound.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { splitAnnexB } from "../../src/media/annexb.ts";
import { findSilentFrame } from "../../src/media/fmp4/sound.ts";
import { TestCamera } from "../recorder/test-camera.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningCity, eventually, startRunningCity } from "../support/running-city.ts";
import { type WatchPage, openWatch } from "../support/watch-page.ts";

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

/** A second and more of a tone; without ffmpeg, silence. */
function makeAacFrames(): { readonly frames: readonly Uint8Array[]; readonly isTone: boolean } {
  const { status, stdout } = spawnSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=2", "-filter:a", "volume=8", "-c:a", "aac", "-f", "adts", "-"], { maxBuffer: 1e8 });
  const frames: Uint8Array[] = [];
  for (let at = 0; status === 0 && at < stdout.length; ) {
    const size = ((stdout[at + 3]! & 3) << 11) | (stdout[at + 4]! << 3) | (stdout[at + 5]! >> 5);
    frames.push(new Uint8Array(stdout.subarray(at + 7, at + size)));
    at += size;
  }
  return frames.length > 0 ? { frames, isTone: true } : { frames: [findSilentFrame(1)!], isTone: false };
}

describe("hearing a camera", { timeout: 1_800_000 }, () => {
  const { frames, isTone } = makeAacFrames();
  const cameras = {
    g711: new TestCamera({ behaviour: "plays", sound: true, pictures: readPictures() }),
    aac: new TestCamera({ behaviour: "plays", sound: { aac: frames }, pictures: readPictures() }),
  } as const;
  type Codec = keyof typeof cameras;
  const ids = { g711: 0, aac: 0 };
  let city: RunningCity;
  let browser: Browser;
  const opened = new Map<Codec, WatchPage>();
  const heard = (page: Page): Promise<Heard> => page.evaluate(() => (window as unknown as { heard: Heard }).heard);
  const button = (page: Page, codec: Codec) => page.locator(`.tile[data-tile-camera="${ids[codec]}"] .tile-sound`);
  const stateIs = (page: Page, codec: Codec, state: string) => eventually(`the loudspeaker says ${state}`, async () => (await button(page, codec).getAttribute("data-sound")) === state);
  const look = async (codec: Codec, prepare?: (page: Page) => Promise<unknown>): Promise<WatchPage> => {
    const made = await openWatch(browser, city, `?camera=${ids[codec]}`, async (page) => {
      await page.addInitScript(LISTEN);
      await prepare?.(page);
    });
    await made.page.locator(`.tile[data-tile-camera="${ids[codec]}"][data-state=playing]`).waitFor();
    return made;
  };

  before(async () => {
    const addresses = { g711: await cameras.g711.start(), aac: await cameras.aac.start() };
    [city, browser] = await Promise.all([startRunningCity(), launchBrowser()]);
    const [first] = (await city.client.call("listCameras", { query: { limit: 1 } })).cameras;
    const { name, kind, place, pose, purpose, owner } = first!;
    for (const codec of ["g711", "aac"] as const) {
      const body = { name: `${name} (${codec})`, kind, place, pose, purpose, owner, address: addresses[codec], soundPurpose: "Calls for help at the gate", code: `HEARD-${codec.toUpperCase()}`, transport: "tcp" };
      ids[codec] = (await city.client.call("createCamera", { body: body as never })).id;
    }
    for (const codec of ["g711", "aac"] as const) await eventually(`the camera with ${codec} is connected`, async () => (await city.client.call("getCamera", { params: { id: ids[codec] } })).health.state === "connected");
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
    await Promise.all([cameras.g711.stop(), cameras.aac.stop()]);
  });

  for (const codec of ["g711", "aac"] as const) {
    it(`[VIEW14] [SND5] live, ${codec}: off until pressed, a look of its own, sound end to end and not late, and off again`, async () => {
      const made = await look(codec);
      opened.set(codec, made);
      const { page } = made;
      assert.equal(await button(page, codec).getAttribute("data-sound"), "off");
      assert.equal((await heard(page)).pieces.length, 0);
      await button(page, codec).click();
      await stateIs(page, codec, "heard");
      await eventually("two seconds of sound", async () => (await heard(page)).pieces.reduce((sum, { seconds }) => sum + seconds, 0) > 2);
      const { pieces } = await heard(page);
      if (codec === "g711" || isTone) assert.ok(pieces.filter(({ peak }) => peak > 0.01).length > pieces.length / 2, "the camera's own sound, no silence");
      assert.ok(pieces.every(({ atS, nowS }) => atS > nowS && atS < nowS + 2), "soon");
      const recordsOf = async () => (await city.client.call("listAccessRecords", { query: { cameraId: ids[codec] } })).records;
      assert.deepEqual((await recordsOf()).map(({ mode, sound }) => [mode, sound]).toSorted(), [["live", false], ["live", true]]);
      await page.keyboard.press("m");
      await stateIs(page, codec, "off");
      await eventually("the look is over", async () => (await recordsOf()).find(({ sound }) => sound)?.endedAt !== null);
    });

    it(`[VIEW14] [SND6] the past, ${codec}: half a minute behind now, of the minute that is being written; at the usual pace, silent at any other, and said so`, async () => {
      const { page, complaints } = opened.get(codec)!;
      const { from, to } = await eventually("forty seconds are recorded", async () => {
        const records = (await city.client.call("listAccessRecords", { query: { cameraId: ids[codec] } })).records;
        const began = records.at(-1)!.at;
        return Date.now() - began > 40_000 && { from: began, to: Date.now() };
      }, 120_000);
      assert.ok(to > from);
      for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowLeft"); // half a minute back; the clock runs
      const before = (await heard(page)).pieces.length;
      await page.keyboard.press("m");
      await stateIs(page, codec, "heard");
      const late = await eventually("some seconds of sound", async () => {
        const pieces = (await heard(page)).pieces.slice(before);
        return pieces.reduce((sum, { seconds }) => sum + seconds, 0) > 5 && pieces;
      });
      if (codec === "g711" || isTone) assert.ok(late.some(({ peak }) => peak > 0.01));
      await page.keyboard.press("l");
      await stateIs(page, codec, "only-usual-pace");
      assert.ok((await heard(page)).stopped > 0);
      const { records } = await city.client.call("listAccessRecords", { query: { cameraId: ids[codec] } });
      assert.ok(records.some(({ mode, sound }) => mode === "playback" && sound));
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }

  it("[SND5] [SND6] a browser that decodes no AAC says so on the tile, live and past, and goes on saying it", async () => {
    const { page } = await look("aac", (each) => each.addInitScript("delete globalThis.AudioDecoder;"));
    await button(page, "aac").click();
    await stateIs(page, "aac", "not-decoded");
    await page.locator(`.tile[data-tile-camera="${ids.aac}"] .tile-sound-why`).waitFor();
    for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowLeft");
    await stateIs(page, "aac", "not-decoded");
    assert.equal((await heard(page)).pieces.length, 0);
    await page.close();
  });
});
