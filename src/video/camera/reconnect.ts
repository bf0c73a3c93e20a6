// When to try a camera again ([CAM3]): soon after a first failure, then doubling to a minute, with jitter of half, so that a switch that comes back
// does not meet a thousand cameras at once. A wrong password is tried rarely: cameras lock accounts after a few tries.
import type { Random } from "../../base/random.ts";

const FIRST_MS = 1_000;
const MOST_MS = 60_000;
const UNAUTHORIZED_FIRST_MS = 30_000;
const UNAUTHORIZED_MOST_MS = 300_000;

/** `failures` in a row, from 1. */
export function reconnectDelayMs(failures: number, unauthorized: boolean, random: Random): number {
  const first = unauthorized ? UNAUTHORIZED_FIRST_MS : FIRST_MS;
  const most = unauthorized ? UNAUTHORIZED_MOST_MS : MOST_MS;
  const full = Math.min(most, first * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return Math.round(full * (0.5 + random.next() * 0.5));
}
