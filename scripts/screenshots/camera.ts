// Takes the pictures: decides which looks of a screen are wanted, waits until the screen is at rest, writes the file, says so.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { changeLook, FIRST_LOOK, formatLook, LOOKS, type Look } from "./looks.ts";

/** The pictures that the documents show; the others are for whoever works on the console. */
export const COMMITTED: Readonly<Record<string, readonly Look[]>> = {
  "welcome": [FIRST_LOOK],
  "call": [FIRST_LOOK],
  "operate": [FIRST_LOOK, { language: "zh", theme: "light" }],
  "watch": [FIRST_LOOK],
  "field": [{ language: "en", theme: "light" }],
  "cameras": [FIRST_LOOK],
  "people": [FIRST_LOOK],
  "inspect": [{ language: "en", theme: "light" }],
};

export interface Taker {
  /** Takes the screen in each wanted look. `arrange` runs after each change of look, for what such a change would close. */
  take(name: string, page: Page, arrange?: () => Promise<unknown>): Promise<void>;
  readonly taken: readonly string[];
}

const REST_MS = 1_500;

/** Pictures in the page that have not come yet: tiles that wait, videos without a frame. */
async function waitForRest(page: Page): Promise<void> {
  await page.waitForFunction(() => [...document.querySelectorAll("video")].every((video) => video.readyState >= 2), undefined, { timeout: 30_000 }).catch(() => undefined);
  await page.evaluate(() => document.fonts.ready.then(() => true));
  await page.waitForTimeout(REST_MS);
}

export function createTaker(into: string, all: boolean, say: (line: string) => void): Taker {
  mkdirSync(into, { recursive: true });
  const taken: string[] = [];
  return {
    taken,
    async take(name, page, arrange) {
      for (const look of all ? LOOKS : (COMMITTED[name] ?? [])) {
        const since = performance.now();
        await changeLook(page, look);
        await arrange?.();
        await waitForRest(page);
        const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
        const file = `${name}${formatLook(look)}.png`;
        writeFileSync(join(into, file), picture);
        taken.push(file);
        say(`  ok  ${file.padEnd(28)} ${Math.round(picture.length / 1024)} KB, ${((performance.now() - since) / 1000).toFixed(1)} s`);
      }
      await changeLook(page, FIRST_LOOK);
    },
  };
}
