// The largest walls in a real Chromium on the whole product: twenty-five cameras live, then sixteen of a moment that has been, which stand on one picture. What each shows is read off its pixels.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { PICTURE_MS } from "../../src/sim/cameras/clock-strip.ts";
import { readClock } from "../../src/sim/cameras/read-clock.ts";
import { launchBrowser } from "../support/browser.ts";
import { writePast } from "../support/city-archive.ts";
import { type RunningCity, eventually, startRunningCity } from "../support/running-city.ts";
import { openWatch } from "../support/watch-page.ts";

const MINUTE_MS = 60_000;
const LIVE = Array.from({ length: 25 }, (_, i) => i + 1);
const BACK = LIVE.slice(0, 16);
const codeOf = (id: number): string => `C-${String(id).padStart(4, "0")}`;
const startedAt = Date.now();
const past = { from: startedAt - 31 * MINUTE_MS, to: startedAt - 30 * MINUTE_MS };

describe("large walls", { timeout: 1_800_000 }, () => {
  let city: RunningCity;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let zone: string;
  const press = (key: string): Promise<void> => page.locator("body").press(key);
  const states = (): Promise<(string | undefined)[]> => page.locator("[data-tile-camera]").evaluateAll((tiles) => tiles.map((tile) => (tile as HTMLElement).dataset["state"]));
  /** Wall time of the picture in each tile, by the code that the picture itself tells. */
  const readClocks = async (): Promise<Map<string, number>> => {
    const rows = await page.locator("[data-tile-camera] video").evaluateAll((videos) => (videos as HTMLVideoElement[]).map((video) => {
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = 16;
      if (canvas.width === 0) return { width: 0, luma: "" };
      const paint = canvas.getContext("2d", { willReadFrequently: true })!;
      paint.drawImage(video, 0, 0);
      const { data } = paint.getImageData(0, 0, canvas.width, 16);
      let luma = "";
      for (let i = 0; i < data.length; i += 4) luma += String.fromCharCode(Math.round(0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!));
      return { width: canvas.width, luma: btoa(luma) };
    }));
    return new Map(rows.flatMap(({ width, luma }) => {
      const reading = width === 0 ? undefined : readClock({ luma: Uint8Array.from(Buffer.from(luma, "base64")), width });
      return reading?.ok === true ? [[reading.code, reading.wallMs] as const] : [];
    }));
  };
  before(async () => {
    const prepare = (dataDir: string): Promise<void> => writePast(join(dataDir, "recordings"), BACK.map((id) => ({ id, code: codeOf(id), stretches: [past] })));
    [city, browser] = await Promise.all([startRunningCity({ prepare }), launchBrowser()]);
    zone = (await city.client.call("getCity")).timeZone;
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
  });

  it("shows twenty-five cameras live, each its own", async () => {
    const wall = JSON.stringify({ layout: 25, cells: LIVE }); // console/src/watch/wall.ts
    ({ page, complaints } = await openWatch(browser, city, "", (each) => each.addInitScript(([key, text]) => localStorage.getItem(key!) ?? localStorage.setItem(key!, text!), ["citywatch.watch", wall])));
    await page.locator(".watch-wall").waitFor();
    assert.equal(await page.locator(".watch-wall").getAttribute("data-cells"), "25");
    await eventually("twenty-five tiles that play", async () => (await states()).filter((state) => state === "playing").length === LIVE.length, 240_000);
    const seen = new Set<string>();
    await eventually("each tile's own picture", async () => {
      for (const [code, wallMs] of await readClocks()) if (Math.abs(Date.now() - wallMs) < 60_000) seen.add(code);
      return LIVE.every((id) => seen.has(codeOf(id)));
    }, 240_000);
  });

  it("shows sixteen of half an hour ago, which stand on one moment", async () => {
    await press("4");
    await page.locator(".watch-wall[data-cells='16']").waitFor();
    const at = past.from + 20_000;
    await press("k");
    await press("t");
    await page.locator(".moment-entry").fill(new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(at));
    await page.keyboard.press("Enter");
    let apart = "nothing to compare";
    // Together: a tile shows the key frame before its moment until that is decoded. The text in the picture is renewed twice in five pictures.
    await eventually("sixteen pictures of one moment", async () => {
      const clocks = await readClocks();
      const times = BACK.map((id) => clocks.get(codeOf(id)) ?? 0);
      apart = `${times.filter((time) => Math.abs(time - at) < 3_000).length} of that moment, ${Math.max(...times) - Math.min(...times)} ms apart`;
      return times.every((time) => Math.abs(time - at) < 3_000) && Math.max(...times) - Math.min(...times) <= 5 * PICTURE_MS;
    }, 240_000).catch((error: unknown) => assert.fail(`${(error as Error).message}: ${apart}`));
    await press("l");
    // Each at a time of its own: what was recorded is over before a busy machine has been seen to play sixteen in one instant.
    const goneOn = new Set<number>();
    await eventually("all of them to play on", async () => {
      const clocks = await readClocks();
      const playing = new Set(await page.locator("[data-tile-camera][data-state=playing]").evaluateAll((tiles) => tiles.map((tile) => Number((tile as HTMLElement).dataset["tileCamera"]))));
      for (const id of BACK) if (playing.has(id) && (clocks.get(codeOf(id)) ?? 0) > at + 3_000) goneOn.add(id);
      return goneOn.size === BACK.length;
    }, 240_000);
    assert.deepEqual(complaints, []);
  });
});
