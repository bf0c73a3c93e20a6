// What a page's video shows just now: the simulated cameras burn their code and the time into the top row, and it is read off the pixels.
import type { Page } from "playwright-core";
import { lumaOfRgba, readClock } from "../../src/sim/cameras/read-clock.ts";

export interface ShownPicture {
  readonly width: number;
  /** Decoded so far. */
  readonly frames: number;
  readonly code: string;
  readonly wallMs: number;
  /** How old it was by the page's clock, at the moment it was read. */
  readonly behindMs: number;
}

/** Undefined where there is no picture yet, or where its row cannot be read (the codec smears it now and then). */
export async function readShownPicture(page: Page, selector = "video"): Promise<ShownPicture | undefined> {
  const seen = await page.evaluate((of) => {
    const video = document.querySelector<HTMLVideoElement>(of);
    if (!video || video.videoWidth === 0) return null;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = 16;
    const paint = canvas.getContext("2d", { willReadFrequently: true })!;
    paint.drawImage(video, 0, 0);
    return { width: canvas.width, rgba: [...paint.getImageData(0, 0, canvas.width, 16).data], frames: video.getVideoPlaybackQuality().totalVideoFrames, now: Date.now() };
  }, selector);
  if (seen === null) return undefined;
  const reading = readClock({ luma: lumaOfRgba(Uint8Array.from(seen.rgba)), width: seen.width });
  return reading.ok ? { width: seen.width, frames: seen.frames, code: reading.code, wallMs: reading.wallMs, behindMs: seen.now - reading.wallMs } : undefined;
}

/** In a console, by its camera. */
export const readTilePicture = (page: Page, cameraId: string): Promise<ShownPicture | undefined> => readShownPicture(page, `video[data-camera-id="${cameraId}"]`);
