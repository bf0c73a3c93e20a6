// What a machine reads in the top row of the picture, and how the row is laid out. 32 macroblocks of text (64 characters; 8 and 16 in the small stream), then 16 of strip: 64 cells of
// 8 x 8 pixels, light for 1, four to a macroblock.
//
//   cells  0..35  number of the picture since 1970 (wall time / 80 ms), least significant bit first
//   cells 36..51  mark of the camera: 16 bits of a hash of its code
//   cells 52..63  CRC-12 (polynomial 0x80f) of the 52 bits before
//
// The bits that change often come first and share macroblocks, since each changed macroblock costs 384 bytes. Cells of 8 pixels survive compression and
// a tile that is drawn at half size; a QR code would need a library and more room.

export const PICTURE_MS = 80;
export const ROW_HEIGHT_PX = 16;
export const ROW_MACROBLOCKS = 48;
/** Of the small stream. */
export const SUB_ROW_MACROBLOCKS = 24;
export const STRIP_MACROBLOCKS = 16;
export const STRIP_CELLS = 64;
export const CELL_PX = 8;
/** Luma of the row: paper, ink, and the two kinds of cell. */
export const PAPER_LUMA = 22;
export const INK_LUMA = 222;
export const DARK_CELL_LUMA = 36;
export const LIGHT_CELL_LUMA = 172;

const PICTURE_BITS = 36;
const MARK_BITS = 16;
const CRC_BITS = 12;

/** 16 bits of FNV-1a over the code. */
export function markOf(code: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < code.length; i++) hash = Math.imul(hash ^ code.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}

/** The 64 cells, 1 is light. `picture` is a whole number in [0, 2^36). */
export function encodeStrip(picture: number, mark: number): Uint8Array {
  const cells = new Uint8Array(STRIP_CELLS);
  let rest = picture;
  for (let i = 0; i < PICTURE_BITS; i++) {
    cells[i] = rest % 2;
    rest = Math.floor(rest / 2);
  }
  for (let i = 0; i < MARK_BITS; i++) cells[PICTURE_BITS + i] = (mark >> i) & 1;
  const crc = crc12(cells, PICTURE_BITS + MARK_BITS);
  for (let i = 0; i < CRC_BITS; i++) cells[PICTURE_BITS + MARK_BITS + i] = (crc >> i) & 1;
  return cells;
}

/** Undefined where the checksum does not hold. */
export function decodeStrip(cells: ArrayLike<number>): { readonly picture: number; readonly mark: number } | undefined {
  let crc = 0;
  for (let i = 0; i < CRC_BITS; i++) crc |= cells[PICTURE_BITS + MARK_BITS + i]! << i;
  if (crc !== crc12(cells, PICTURE_BITS + MARK_BITS)) return undefined;
  let picture = 0;
  for (let i = PICTURE_BITS - 1; i >= 0; i--) picture = picture * 2 + cells[i]!;
  let mark = 0;
  for (let i = 0; i < MARK_BITS; i++) mark |= cells[PICTURE_BITS + i]! << i;
  return { picture, mark };
}

// Starts from all ones, so that a strip that is all dark or all light does not hold.
function crc12(bits: ArrayLike<number>, count: number): number {
  let crc = 0xfff;
  for (let i = 0; i < count; i++) {
    const out = ((crc >> 11) & 1) ^ bits[i]!;
    crc = ((crc << 1) & 0xfff) ^ (out === 1 ? 0x80f : 0);
  }
  return crc;
}

/** Left upper pixel of a cell within a row of so many macroblocks. */
export function cellPlace(cell: number, rowMacroblocks: number): { readonly x: number; readonly y: number } {
  const macroblock = rowMacroblocks - STRIP_MACROBLOCKS + (cell >> 2);
  return { x: macroblock * 16 + (cell & 1) * CELL_PX, y: ((cell >> 1) & 1) * CELL_PX };
}

/** The text is written anew five times a second, at the first and third of each five pictures; key pictures fall on the first. */
export function refreshOf(picture: number): number {
  const within = picture % 5;
  return picture - within + (within >= 2 ? 2 : 0);
}
