// The top row of the picture as 48 tiles of 16 x 16 (24 in the small stream): two characters or four cells each. What a tile shows is a short key, so that two pictures are compared
// by keys, and the bytes of a tile are made once per key. The row is a function of the camera and the number of the picture and nothing else: any
// viewer of any camera gets the same bytes, and no stream keeps state.
import { CELL_PX, DARK_CELL_LUMA, INK_LUMA, LIGHT_CELL_LUMA, PAPER_LUMA, PICTURE_MS, ROW_MACROBLOCKS, STRIP_MACROBLOCKS, encodeStrip, markOf, refreshOf } from "./clock-strip.ts";
import { GLYPH_HEIGHT, GLYPH_WIDTH, canDraw, glyphInk } from "./glyphs.ts";

export const PCM_BYTES = 384; // 256 luma, 64 + 64 chroma

export interface RowLabel {
  readonly code: string;
  readonly name: string;
}

const SHORT_CHARACTERS = 40;

/** Minutes east of UTC at a wall time. */
export type UtcOffset = (wallMs: number) => number;

/** Keys of the tiles: two characters, or "#" and four bits. */
export function rowKeys(label: RowLabel, picture: number, utcOffset: UtcOffset, rowMacroblocks: number = ROW_MACROBLOCKS): string[] {
  const refresh = refreshOf(picture);
  const textMacroblocks = rowMacroblocks - STRIP_MACROBLOCKS;
  const text = rowText(label, refresh * PICTURE_MS, utcOffset, textMacroblocks * 2);
  const characters = [...text];
  const keys: string[] = [];
  for (let i = 0; i < textMacroblocks; i++) keys.push(characters[i * 2]! + characters[i * 2 + 1]!);
  const cells = encodeStrip(refresh, markOf(label.code));
  for (let i = 0; i < STRIP_MACROBLOCKS; i++) keys.push(`#${cells[i * 4]}${cells[i * 4 + 1]}${cells[i * 4 + 2]}${cells[i * 4 + 3]}`);
  return keys;
}

/** ` CODE  Name                     2026-11-22 14:03:27.4 `, 64 characters. In a short row the code, as far as there is room, and the time of day. */
export function rowText(label: RowLabel, wallMs: number, utcOffset: UtcOffset, characters = 64): string {
  const local = new Date(wallMs + utcOffset(wallMs) * 60_000).toISOString();
  if (characters < SHORT_CHARACTERS) {
    const clock = ` ${local.slice(11, 19)}`;
    return `${label.code.slice(0, characters - clock.length).padEnd(characters - clock.length)}${clock}`;
  }
  const clock = ` ${local.slice(0, 10)} ${local.slice(11, 21)} `;
  const room = characters - clock.length - 1;
  const drawable = (text: string): string[] => [...text.normalize("NFC")].map((c) => (canDraw(c) ? c : "?"));
  const code = drawable(`${label.code}  `).slice(0, room);
  const shown = [...code, ...fitName(drawable(label.name).join(""), room - code.length)];
  return ` ${shown.join("")}${" ".repeat(room - shown.length)}${clock}`;
}

/** The name as far as it goes: what comes after its last comma tells the cameras of one place apart and stays; the place loses whole words. */
export function fitName(name: string, most: number): string {
  if ([...name].length <= most) return name;
  const comma = name.lastIndexOf(", ");
  const end = comma < 0 ? "" : name.slice(comma);
  const place = wordsWithin(comma < 0 ? name : name.slice(0, comma), most - [...end].length);
  return place === "" && end !== "" ? wordsWithin(name, most) : `${place}${end}`;
}

/** Whole words and an ellipsis; a single word that is too long is cut, where there is room to speak of. Empty where there is none. */
function wordsWithin(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  if (most < LEAST_SHOWN) return "";
  const cut = characters.slice(0, most).join("");
  const word = cut.lastIndexOf(" ");
  const whole = (word > 0 ? cut.slice(0, word) : characters.slice(0, most - 1).join("")).replace(/(?: \p{Ll}{1,3})*[\s,.;:–-]*$/u, ""); // nor a "de" or "y" that leads nowhere
  return `${whole}…`;
}
const LEAST_SHOWN = 4;

const tiles = new Map<string, Uint8Array>();
const MOST_TILES = 20_000; // of 384 bytes

/** The samples of a tile as I_PCM has them: luma row by row, then the two chroma blocks. No byte is 0, so nothing in it needs escaping. */
export function tileSamples(key: string): Uint8Array {
  const known = tiles.get(key);
  if (known) return known;
  const out = new Uint8Array(PCM_BYTES).fill(128);
  if (key[0] === "#" && key.length === 5) {
    for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) out[y * 16 + x] = key[1 + (y >= CELL_PX ? 2 : 0) + (x >= CELL_PX ? 1 : 0)] === "1" ? LIGHT_CELL_LUMA : DARK_CELL_LUMA;
  } else {
    [...key].forEach((character, half) => {
      const ink = glyphInk(character);
      for (let y = 0; y < GLYPH_HEIGHT; y++) for (let x = 0; x < GLYPH_WIDTH; x++) out[y * 16 + half * 8 + x] = Math.round(PAPER_LUMA + (INK_LUMA - PAPER_LUMA) * ink[y * GLYPH_WIDTH + x]!);
    });
  }
  if (tiles.size >= MOST_TILES) tiles.clear();
  tiles.set(key, out);
  return out;
}
