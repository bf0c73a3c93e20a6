// The one clock that all tiles of a wall follow in the past. It is a value, not a timer: an anchor and a speed, from which the time at any
// moment follows. Each tile compares its own picture with it and corrects itself; a tile that is slow never drags the others.

export interface PlaybackClock {
  readonly anchorWallMs: number; // time in the pictures
  readonly anchorAtMs: number; // our monotonic time when the pictures showed that
  readonly speed: number; // 0 paused, negative backwards
}
/** Backwards there are key frames only, so nothing slower than 1. */
export const SPEEDS = [-16, -8, -4, -2, -1, 0.25, 0.5, 1, 2, 4, 8, 16] as const;
const FASTEST = 16;

export function clockAt(clock: PlaybackClock, atMs: number): number {
  return clock.anchorWallMs + (atMs - clock.anchorAtMs) * clock.speed;
}
export function withSpeed(clock: PlaybackClock, speed: number, atMs: number): PlaybackClock {
  return { anchorWallMs: clockAt(clock, atMs), anchorAtMs: atMs, speed };
}
export function movedTo(clock: PlaybackClock, wallMs: number, atMs: number): PlaybackClock {
  return { anchorWallMs: wallMs, anchorAtMs: atMs, speed: clock.speed };
}

/** J K L as editors have them: L forward, again faster; J back, again faster; K stop. */
export function shuttle(speed: number, key: "j" | "k" | "l"): number {
  if (key === "k") return 0;
  const sign = key === "l" ? 1 : -1;
  if (speed * sign <= 0) return sign;
  return sign * Math.min(FASTEST, Math.abs(speed) * 2);
}
/** The next of SPEEDS up or down; from a standstill to the slowest that goes that way. */
export function nextSpeed(speed: number, by: 1 | -1): number {
  if (speed === 0) return by === 1 ? 0.25 : -1;
  return (by === 1 ? SPEEDS.find((s) => s > speed) : SPEEDS.findLast((s) => s < speed)) ?? speed;
}

/** What a tile does to keep to the clock: `driftS` is picture minus clock, in seconds of the recording. */
export type SyncStep = { readonly do: "seek" } | { readonly do: "rate"; readonly rate: number };
/** A paused picture stands where the clock stands; less than this is the same picture. */
const STILL_S = 0.004;
/** Nearer than this nothing is corrected: a picture lasts 40 ms, and each change of rate costs the decoder something. */
const IN_STEP_S = 0.012;
const FAR_OFF_S = 0.75;
const DRAWN_BACK_WITHIN_S = 1.2;
const MOST_CORRECTION = 0.15;

/** `speed` is 0 or more: backwards no element plays. */
export function decideSync(driftS: number, speed: number): SyncStep {
  if (speed === 0) return Math.abs(driftS) > STILL_S ? { do: "seek" } : { do: "rate", rate: 0 };
  const pace = Math.max(1, speed);
  if (Math.abs(driftS) > FAR_OFF_S * pace) return { do: "seek" };
  if (Math.abs(driftS) < IN_STEP_S * pace) return { do: "rate", rate: speed };
  const most = MOST_CORRECTION * pace;
  const correction = Math.max(-most, Math.min(most, -driftS / DRAWN_BACK_WITHIN_S));
  return { do: "rate", rate: Math.round((speed + correction) * 200) / 200 };
}

/** Whether an element's decoder keeps up at a speed: it is told of each moment, and remembers how often it fell behind. */
export interface Strain {
  readonly speed: number;
  readonly behindAt: readonly number[];
}
export const NO_STRAIN: Strain = { speed: 0, behindAt: [] };
const STRAINED_WITHIN_MS = 4_000;
const STRAINED_TIMES = 4;
/** From here on key frames are a fair picture, where all pictures are too many. */
const FAST = 4;

/** `behind`: it had to seek, or had no picture, while the clock ran undisturbed. Another speed is another trial; a lower one is gentler. */
export function noteStrain(strain: Strain, speed: number, behind: boolean, atMs: number): Strain {
  const kept = speed >= strain.speed ? strain.behindAt : [];
  const behindAt = behind ? [...kept.filter((at) => atMs - at < STRAINED_WITHIN_MS || kept.length >= STRAINED_TIMES), atMs].slice(-STRAINED_TIMES) : kept;
  return { speed, behindAt };
}
export const isStrained = (strain: Strain, speed: number): boolean => speed >= FAST && speed >= strain.speed && strain.behindAt.length >= STRAINED_TIMES;
