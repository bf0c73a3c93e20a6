// Reads back what the simulator burns into the top row: which camera, and when. Pure, so that a test in a browser can use it on the pixels of a canvas. The
// strip of cells carries the time with a checksum; the code is read off the letters and must agree with the mark in the strip. Brightness is judged
// against the darkest and lightest cell, as a canvas gives full range where the stream has limited range.
import { CELL_PX, PICTURE_MS, ROW_HEIGHT_PX, ROW_MACROBLOCKS, STRIP_CELLS, STRIP_MACROBLOCKS, SUB_ROW_MACROBLOCKS, cellPlace, decodeStrip, markOf } from "./clock-strip.ts";
import { GLYPH_HEIGHT, GLYPH_WIDTH, PLAIN_CHARACTERS, glyphInk } from "./glyphs.ts";

export interface LumaRows {
  /** One byte a pixel, row after row; at least the 16 uppermost rows of the picture. */
  readonly luma: Uint8Array | Uint8ClampedArray;
  readonly width: number;
}

export type ClockReading =
  | { readonly ok: true; readonly code: string; readonly wallMs: number }
  | { readonly ok: false; readonly reason: "too-small" | "no-contrast" | "checksum" | "code-unreadable" };

const LEAST_CONTRAST = 40;

/** The pixels must be 1:1 (768 wide, 384 of the small stream). `wallMs` is the time the text was written for: at most 160 ms before the picture's own. */
export function readClock({ luma, width }: LumaRows): ClockReading {
  const macroblocks = width / 16;
  if ((macroblocks !== ROW_MACROBLOCKS && macroblocks !== SUB_ROW_MACROBLOCKS) || luma.length < width * ROW_HEIGHT_PX) return { ok: false, reason: "too-small" };
  const means = Array.from({ length: STRIP_CELLS }, (_, i) => meanOf(luma, width, cellPlace(i, macroblocks)));
  const low = Math.min(...means);
  const high = Math.max(...means);
  if (high - low < LEAST_CONTRAST) return { ok: false, reason: "no-contrast" };
  const strip = decodeStrip(means.map((mean) => (mean > (low + high) / 2 ? 1 : 0)));
  if (!strip) return { ok: false, reason: "checksum" };
  const code = readText(luma, width).trimStart().split(" ")[0] ?? "";
  if (markOf(code) !== strip.mark) return { ok: false, reason: "code-unreadable" };
  return { ok: true, code, wallMs: strip.picture * PICTURE_MS };
}

/** Luma (full range) of RGBA pixels, as `getImageData` gives them; ITU-R BT.709 weights. */
export function lumaOfRgba(rgba: Uint8Array | Uint8ClampedArray): Uint8Array {
  const out = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < out.length; i++) out[i] = Math.round(0.2126 * rgba[i * 4]! + 0.7152 * rgba[i * 4 + 1]! + 0.0722 * rgba[i * 4 + 2]!);
  return out;
}

// The inner 6 x 6 pixels: the outermost may have bled.
function meanOf(luma: LumaRows["luma"], width: number, { x, y }: { readonly x: number; readonly y: number }): number {
  let sum = 0;
  for (let row = 1; row < CELL_PX - 1; row++) for (let column = 1; column < CELL_PX - 1; column++) sum += luma[(y + row) * width + x + column]!;
  return sum / (CELL_PX - 2) ** 2;
}

/** The characters of the row; letters with accents come out as whichever plain one is nearest. */
export function readText(luma: LumaRows["luma"], width: number): string {
  const characters = (width / 16 - STRIP_MACROBLOCKS) * 2;
  let low = 255;
  let high = 0;
  for (let y = 0; y < ROW_HEIGHT_PX; y++) {
    for (let x = 0; x < characters * GLYPH_WIDTH; x++) {
      const value = luma[y * width + x]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const range = Math.max(1, high - low);
  let text = "";
  for (let cell = 0; cell < characters; cell++) {
    let best = Infinity;
    let found = " ";
    for (const character of PLAIN_CHARACTERS) {
      const ink = glyphInk(character);
      let off = 0;
      for (let y = 0; y < GLYPH_HEIGHT && off < best; y++) {
        for (let x = 0; x < GLYPH_WIDTH; x++) {
          const d = (luma[y * width + cell * GLYPH_WIDTH + x]! - low) / range - ink[y * GLYPH_WIDTH + x]!;
          off += d * d;
        }
      }
      if (off < best) [best, found] = [off, character];
    }
    text += found;
  }
  return text;
}
