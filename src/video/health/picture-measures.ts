// What a small grey picture tells of its camera, and nothing of what it shows ([HLT8] in SPEC.md): how bright it is, how sharp, and whether it is the very same as before. Sharpness is the
// variance of the Laplacian, judged against the camera's own history: a wall is less sharp than a tree, and both may be well.
import type { WallMs } from "../../base/time.ts";

/** Of the picture that is measured; whatever shape the camera's has is squeezed into it. */
export const MEASURED_WIDTH = 480;
export const MEASURED_HEIGHT = 270;

export interface PictureMeasures {
  /** Mean grey, 0 to 255. */
  readonly luma: number;
  /** All but the brightest hundredth of the picture are at most so bright. */
  readonly brightest: number;
  /** Between the darkest and the brightest twentieth. */
  readonly contrast: number;
  /** Variance of the Laplacian. */
  readonly sharpness: number;
  /** Equal for pictures that are equal in each grey value. */
  readonly digest: string;
}
export type PictureState = "good" | "black" | "blurred" | "frozen";

/** What is known of one camera's looks; the caller keeps it. */
export interface PictureHistory {
  /** Sharpness of good looks, the newest last. */
  readonly sharpness: readonly number[];
  readonly last: { readonly at: WallMs; readonly digest: string; readonly sameSince: WallMs } | null;
  /** What the last look said; a state is believed once two looks in a row say it. */
  readonly suspected: PictureState;
  readonly state: PictureState;
  readonly stateSince: WallMs;
}
export const NO_PICTURE_HISTORY: PictureHistory = { sharpness: [], last: null, suspected: "good", state: "good", stateSince: 0 };

/** A lens cap or a dead sensor; at night lamps and noise are brighter. */
const BLACK_LUMA = 24;
const BLACK_BRIGHTEST = 40;
const BLUR_SHARE = 0.25;
/** A cloth or paint before the lens: evenly grey, though noise makes it look sharp. */
const COVERED_CONTRAST = 16;
/** Below this the usual picture itself has nothing sharp in it, and cannot be told from a blurred one. */
const LEAST_USUAL_SHARPNESS = 20;
const LEAST_LOOKS = 6;
const MOST_LOOKS = 144;
/** A blur that lasts so long is how the camera looks now: somebody has set it so, or knows. */
const ACCEPTED_MS = 7 * 86_400_000;

export function measurePicture(grey: Uint8Array, width: number, height: number): PictureMeasures {
  if (grey.length < width * height || width < 3 || height < 3) throw new RangeError(`expected ${width} x ${height} grey values, found ${grey.length}`);
  const counts = new Uint32Array(256);
  let [hashA, hashB] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < width * height; i++) {
    const value = grey[i]!;
    counts[value]!++;
    hashA = Math.imul(hashA ^ value, 0x01000193);
    hashB = Math.imul(hashB + value, 0x85ebca6b) ^ (hashB >>> 13);
  }
  let [sum, brightest, left] = [0, 255, Math.floor((width * height) / 100)];
  for (let value = 0; value < 256; value++) sum += value * counts[value]!;
  while (brightest > 0 && left >= counts[brightest]!) left -= counts[brightest--]!;
  const twentieth = (width * height) / 20;
  let [low, high, below, above] = [0, 255, counts[0]!, counts[255]!];
  while (low < 255 && below < twentieth) below += counts[++low]!;
  while (high > 0 && above < twentieth) above += counts[--high]!;
  let [total, squares] = [0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      const laplacian = 4 * grey[i]! - grey[i - 1]! - grey[i + 1]! - grey[i - width]! - grey[i + width]!;
      total += laplacian;
      squares += laplacian * laplacian;
    }
  const inner = (width - 2) * (height - 2);
  return { luma: sum / (width * height), brightest, contrast: Math.max(0, high - low), sharpness: squares / inner - (total / inner) ** 2, digest: `${(hashA >>> 0).toString(16)}-${(hashB >>> 0).toString(16)}` };
}

/** The middle one of the good looks; null while there are too few. */
export function usualSharpness({ sharpness }: PictureHistory): number | null {
  return sharpness.length < LEAST_LOOKS ? null : sharpness.toSorted((a, b) => a - b)[sharpness.length >> 1]!;
}

/** One look more. `stillMs`: how long nothing new has been in the stream; a scene that is quite still gives equal pictures too, but the sizes of a living one tell. */
export function judgePicture(history: PictureHistory, found: PictureMeasures, stillMs: number, now: WallMs): PictureHistory {
  const usual = usualSharpness(history);
  const before = history.last;
  const isSame = before !== null && before.digest === found.digest;
  const sameSince = isSame ? before.sameSince : now;
  const isBlack = found.luma < BLACK_LUMA && found.brightest < BLACK_BRIGHTEST;
  const isFrozen = isSame && stillMs >= now - before.at;
  const isBlurred = usual !== null && usual >= LEAST_USUAL_SHARPNESS && (found.sharpness < usual * BLUR_SHARE || found.contrast < COVERED_CONTRAST);
  const suspected: PictureState = isBlack ? "black" : isFrozen ? "frozen" : isBlurred ? "blurred" : "good";
  const state = suspected === "good" || suspected === history.suspected ? suspected : history.state === suspected ? suspected : "good";
  const stateSince = state === history.state ? history.stateSince : now;
  const teaches = suspected === "good" || (state === "blurred" && now - stateSince >= ACCEPTED_MS);
  return {
    sharpness: teaches ? [...history.sharpness, found.sharpness].slice(-MOST_LOOKS) : history.sharpness,
    last: { at: now, digest: found.digest, sameSince }, suspected, state, stateSince,
  };
}
