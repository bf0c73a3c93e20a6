// Plus codes (Open Location Code, the specification of github.com/google/open-location-code): a cell of the earth as digits of base 20, five pairs of
// latitude and longitude and then a grid of 4 x 5. A short code leaves out leading pairs and is completed by a place near by. Degrees are counted in whole
// cells of the finest pair, 1/8000 degree, so that the two ways are exact. Longer codes are read as their first 11 digits: 3 m is as fine as a crew can use.
import type { Point } from "./point.ts";

const DIGITS = "23456789CFGHJMPQRVWX";
const SEPARATOR_AT = 8;
const PAIRS_LENGTH = 10;
const ROWS = 5;
const COLUMNS = 4;
/** Degrees of a pair's cell, the coarsest first. */
const PAIR_DEGREES = [20, 1, 1 / 20, 1 / 400, 1 / 8_000] as const;
/** Finest pairs in one degree. */
const STEPS = 8_000;

export interface PlusCode {
  /** In capitals, as it is said: with its `+`. */
  readonly text: string;
  /** Leading digits that are left out: 0 in a full code. */
  readonly missing: number;
}
export interface PlusCell {
  readonly centre: Point;
  /** Of the cell, degrees. */
  readonly height: number;
  readonly width: number;
}

const WHOLE = /^([23456789CFGHJMPQRVWX]{2}(?:[23456789CFGHJMPQRVWX]{2}){0,3})(0{2}|0{4}|0{6})?\+([23456789CFGHJMPQRVWX]{2,7})?$/;

/** null: it is no plus code. One digit alone after the `+` is one that is still being typed. */
export function parsePlusCode(text: string): PlusCode | null {
  const said = text.trim().toUpperCase().replaceAll("＋", "+");
  const match = WHOLE.exec(said);
  if (match === null) return null;
  const [, before, padding, after] = match as unknown as [string, string, string | undefined, string | undefined];
  const length = before.length + (padding?.length ?? 0);
  if (padding !== undefined && (length !== SEPARATOR_AT || after !== undefined)) return null;
  if (length < SEPARATOR_AT && after === undefined) return null;
  if (length === SEPARATOR_AT && (DIGITS.indexOf(before[0]!) * 20 >= 180 || DIGITS.indexOf(before[1]!) * 20 >= 360)) return null; // beyond the pole, or once round the earth
  return { text: said, missing: SEPARATOR_AT - length };
}

/** The cell of a full code. */
export function decodePlusCode(code: PlusCode): PlusCell {
  const digits = code.text.replace("+", "").replace(/0+$/, "");
  let south = -90 * STEPS;
  let west = -180 * STEPS;
  let step = 0;
  for (let pair = 0; pair * 2 < Math.min(digits.length, PAIRS_LENGTH); pair++) {
    step = Math.round(PAIR_DEGREES[pair]! * STEPS);
    south += DIGITS.indexOf(digits[pair * 2]!) * step;
    west += DIGITS.indexOf(digits[pair * 2 + 1]!) * step;
  }
  let [height, width] = [step, step];
  const fine = digits[PAIRS_LENGTH];
  if (fine !== undefined) {
    height = 1 / ROWS;
    width = 1 / COLUMNS;
    south += Math.floor(DIGITS.indexOf(fine) / COLUMNS) * height;
    west += (DIGITS.indexOf(fine) % COLUMNS) * width;
  }
  return { centre: { lat: (south + height / 2) / STEPS, lon: (west + width / 2) / STEPS }, height: height / STEPS, width: width / STEPS };
}

/** The full code of ten digits of a point. */
export function formatPlusCode({ lon, lat }: Point): string {
  const most = 180 * STEPS - 1;
  let north = Math.min(most, Math.max(0, Math.floor((lat + 90) * STEPS + 1e-6)));
  let east = Math.floor((((((lon + 180) % 360) + 360) % 360) * STEPS) + 1e-6) % (360 * STEPS);
  let text = "";
  for (const degrees of PAIR_DEGREES) {
    const step = Math.round(degrees * STEPS);
    text += DIGITS[Math.floor(north / step)]! + DIGITS[Math.floor(east / step)]!;
    north %= step;
    east %= step;
  }
  return `${text.slice(0, SEPARATOR_AT)}+${text.slice(SEPARATOR_AT)}`;
}

/** The full codes that a short one may mean about `near`, nearest first: it names one cell in each of the areas that its missing digits tell apart. */
export function completePlusCode(code: PlusCode, near: Point): PlusCode[] {
  if (code.missing === 0) return [code];
  const apart = PAIR_DEGREES[code.missing / 2 - 1]!;
  const found = new Map<string, number>();
  for (const north of [-apart, 0, apart]) {
    for (const east of [-apart, 0, apart]) {
      const at = { lat: Math.min(90, Math.max(-90, near.lat + north)), lon: near.lon + east };
      const text = formatPlusCode(at).slice(0, code.missing) + code.text;
      const { centre } = decodePlusCode({ text, missing: 0 });
      found.set(text, Math.hypot(centre.lat - near.lat, centre.lon - near.lon));
    }
  }
  return [...found].sort((a, b) => a[1] - b[1]).map(([text]) => ({ text, missing: 0 }));
}
