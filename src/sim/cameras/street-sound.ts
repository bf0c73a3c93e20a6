// What a street sounds like, made of nothing but arithmetic: traffic as filtered noise, three cars that pass, the tick of a pedestrian signal on each second, and a bell every
// 16 s. No voices, nothing recorded. It repeats without a seam, since noise is filtered round the loop and all else counts by distance in it; second 0 of the loop is a wall time that 16 s
// divide, so that the tick falls on the seconds of the clock in the picture, and whoever listens can hear whether sound and picture are in step.
import { createRandom } from "../../base/random.ts";

export const STREET_SECONDS = 16;
const SEED = 1_607;
const CARS = [{ atS: 3.1, widthS: 0.9 }, { atS: 8.4, widthS: 1.3 }, { atS: 12.7, widthS: 0.7 }] as const;
const MOST = 0.9;

/** One loop of 16-bit samples, one channel. */
export function synthesiseStreet(hz: number): Int16Array {
  const length = hz * STREET_SECONDS;
  const random = createRandom(SEED);
  const white = Float32Array.from({ length }, () => random.next() * 2 - 1);
  const rumble = lowPass(lowPass(white, 250, hz), 250, hz);
  const hiss = lowPass(white, 1_400, hz);
  const out = new Int16Array(length);
  for (let i = 0; i < length; i++) {
    const t = i / hz;
    let value = rumble[i]! * 0.4 * (0.7 + 0.3 * Math.sin((2 * Math.PI * t) / STREET_SECONDS)) + hiss[i]! * 0.015;
    for (const { atS, widthS } of CARS) value += passingCar(around(t - atS), widthS, hiss[i]!);
    value += tick(t % 1) + bell(t);
    out[i] = Math.round(Math.max(-MOST, Math.min(MOST, value)) * 32_767);
  }
  return out;
}

/** Seconds from a moment of the loop, the shorter way round. */
const around = (s: number): number => s - STREET_SECONDS * Math.round(s / STREET_SECONDS);

/** Tyres, and an engine whose tone falls as it passes. */
function passingCar(s: number, widthS: number, hiss: number): number {
  const loud = Math.exp(-((s / widthS) ** 2));
  if (loud < 1e-4) return 0;
  const turns = 88 * s - 8 * 0.4 * Math.log(Math.cosh(s / 0.4));
  const engine = Math.sin(2 * Math.PI * turns) + 0.5 * Math.sin(4 * Math.PI * turns) + 0.3 * Math.sin(6 * Math.PI * turns);
  return loud * (0.22 * hiss + 0.07 * engine);
}

const tick = (s: number): number => (s < 0.1 ? 0.28 * Math.exp(-s / 0.014) * Math.sin(2 * Math.PI * 1_000 * s) : 0);
const bell = (s: number): number => (s < 4 ? 0.12 * Math.exp(-s / 0.7) * (Math.sin(2 * Math.PI * 660 * s) + 0.5 * Math.sin(2 * Math.PI * 1_485 * s)) : 0);

/** Of one pole, led round the loop twice, so that its end runs into its beginning. */
function lowPass(samples: Float32Array, cornerHz: number, hz: number): Float32Array {
  const share = 1 - Math.exp((-2 * Math.PI * cornerHz) / hz);
  const out = new Float32Array(samples.length);
  let held = 0;
  for (let round = 0; round < 2; round++) for (let i = 0; i < samples.length; i++) out[i] = held += share * (samples[i]! - held);
  return out;
}
