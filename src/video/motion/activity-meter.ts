// How much moves before one camera, by the sizes of its compressed pictures alone ([MOT1] to [MOT3] in SPEC.md): an encoder spends its bits on what changes.
// A picture between key frames is judged against what is usual at its place behind the key frame (encoders give the first ones less, and layered ones every
// second or fourth more); a second has the mean of these, in octaves; the camera's own quietest tenth of the last half hour is what is still. So nothing is tuned per
// camera, and night, snow or another bit rate move the still level with them. Rejected: the size of key frames beside it, which tells of texture and lags a GOP;
// decoding, which costs more than recording. It tells that something moves, never who or what. Constant work a picture, no allocation.
import type { WallMs } from "../../base/time.ts";

/** A second whose value is not known. */
export const UNKNOWN_ACTIVITY = 255;
export const MOST_ACTIVITY = 254;
/** The value from which on a second counts as movement. */
export const MOVING_ACTIVITY = 100;

const SECOND_MS = 1_000;
/** Seconds kept here, for the segment that is being written and the one that is being closed; a power of two. */
const KEPT_SECONDS = 1_024;
/** Seconds to have seen before a value is given. */
const LEARNING_SECONDS = 5;

const FINE_PLACES = 24; // places behind a key frame that have a usual size of their own; later ones share, four an octave
const PLACES = 40;
const PLACES_PER_OCTAVE = 4;
const LEAST_BYTES = 16;

// The histogram of seconds: sixths of an octave from 2^4 bytes on.
const BINS = 96;
const BINS_PER_OCTAVE = 6;
const FIRST_OCTAVE = 4;
const GROWTH_PER_SECOND = 2 ** (1 / 1_800); // each second weighs more than the one before: half of the weight is of the last half hour
const MOST_WEIGHT = 1e6;

const STILL_QUANTILE = 0.1;
const CALM_QUANTILE = 0.35;
/** Octaves above the still level from which on something moves: at least this, and this many times the unrest of calm seconds. Found by `bench motion`. */
const LEAST_STEP_OCTAVES = 0.4;
const UNREST_TIMES = 1.3;

export class ActivityMeter {
  readonly #placeMean = new Float32Array(PLACES);
  readonly #placeCount = new Uint32Array(PLACES);
  #mean = 0;
  #count = 0;
  readonly #bins = new Float64Array(BINS);
  #binTotal = 0;
  #weight = 1;
  #learned = 0;
  /** Of the key frame that came last; -1 before the first. */
  #place = -1;
  #second = -1;
  #sum = 0;
  #inSecond = 0;
  readonly #kept = new Uint8Array(KEPT_SECONDS).fill(UNKNOWN_ACTIVITY);

  /** One picture, in the order of decoding. */
  note(bytes: number, key: boolean, wallMs: WallMs): void {
    const second = Math.floor(wallMs / SECOND_MS);
    if (second !== this.#second) this.#begin(second);
    if (key) {
      this.#place = 0;
      return;
    }
    if (this.#place < 0) return;
    const at = placeOf(++this.#place);
    const octaves = Math.log2(Math.max(LEAST_BYTES, bytes));
    const seen = this.#placeCount[at]!;
    // A place that was seldom seen is believed little.
    this.#sum += seen < 2 ? octaves : octaves - (this.#placeMean[at]! - this.#mean) * Math.min(1, seen / 10);
    this.#inSecond++;
    this.#placeMean[at]! += (octaves - this.#placeMean[at]!) * Math.max(0.01, 1 / (seen + 1));
    this.#placeCount[at] = seen + 1;
    this.#mean += (octaves - this.#mean) * Math.max(0.0005, 1 / (this.#count + 1));
    this.#count++;
  }

  /** A new session: what was learned stays, the place behind a key frame is not known. */
  interrupt(): void {
    this.#place = -1;
  }

  /** Another encoding: what was learned of the former does not hold. */
  forget(): void {
    this.#placeMean.fill(0);
    this.#placeCount.fill(0);
    this.#bins.fill(0);
    this.#mean = 0;
    this.#count = 0;
    this.#binTotal = 0;
    this.#weight = 1;
    this.#learned = 0;
    this.#sum = 0;
    this.#inSecond = 0;
    this.#place = -1;
  }

  /** A byte for each whole or begun second of `[fromMs, toMs)`; unknown where it is too long ago or to come. */
  read(fromMs: WallMs, toMs: WallMs): Uint8Array {
    const from = Math.floor(fromMs / SECOND_MS);
    const out = new Uint8Array(Math.max(0, Math.ceil(toMs / SECOND_MS) - from)).fill(UNKNOWN_ACTIVITY);
    const first = Math.max(from, this.#second - KEPT_SECONDS + 1);
    for (let second = first; second < from + out.length && second <= this.#second; second++) out[second - from] = second === this.#second ? this.#value() : this.#kept[second % KEPT_SECONDS]!;
    return out;
  }

  #begin(second: number): void {
    const before = this.#second;
    if (before >= 0) {
      this.#kept[before % KEPT_SECONDS] = this.#value();
      this.#learn();
    }
    this.#sum = 0;
    this.#inSecond = 0;
    this.#second = second;
    // A clock that was put back, or a pause longer than what is kept.
    if (before < 0 || second < before || second - before >= KEPT_SECONDS) this.#kept.fill(UNKNOWN_ACTIVITY);
    else for (let skipped = before + 1; skipped < second; skipped++) this.#kept[skipped % KEPT_SECONDS] = UNKNOWN_ACTIVITY;
  }

  #value(): number {
    if (this.#inSecond === 0 || this.#learned < LEARNING_SECONDS) return UNKNOWN_ACTIVITY;
    const still = this.#quantile(STILL_QUANTILE);
    const step = Math.max(LEAST_STEP_OCTAVES, UNREST_TIMES * (this.#quantile(CALM_QUANTILE) - still));
    const value = Math.round((MOVING_ACTIVITY * (this.#sum / this.#inSecond - still)) / step);
    return Math.min(MOST_ACTIVITY, Math.max(0, value));
  }

  #learn(): void {
    if (this.#inSecond === 0) return;
    const bin = Math.floor((this.#sum / this.#inSecond - FIRST_OCTAVE) * BINS_PER_OCTAVE);
    this.#bins[Math.min(BINS - 1, Math.max(0, bin))]! += this.#weight;
    this.#binTotal += this.#weight;
    this.#learned++;
    this.#weight *= GROWTH_PER_SECOND;
    if (this.#weight < MOST_WEIGHT) return;
    for (let i = 0; i < BINS; i++) this.#bins[i]! /= this.#weight;
    this.#binTotal /= this.#weight;
    this.#weight = 1;
  }

  #quantile(share: number): number {
    let left = this.#binTotal * share;
    for (let i = 0; i < BINS; i++) {
      const inBin = this.#bins[i]!;
      if (left <= inBin && inBin > 0) return FIRST_OCTAVE + (i + left / inBin) / BINS_PER_OCTAVE;
      left -= inBin;
    }
    return FIRST_OCTAVE + BINS / BINS_PER_OCTAVE;
  }
}

function placeOf(behindKey: number): number {
  return behindKey < FINE_PLACES ? behindKey : Math.min(PLACES - 1, FINE_PLACES + Math.floor(Math.log2(behindKey / FINE_PLACES) * PLACES_PER_OCTAVE));
}
