// The one clock that all tiles of a wall follow in the past. It is a value, not a timer: an anchor and a speed, from which the time at any
// moment follows. Each tile compares its own picture with it and corrects itself; a tile that is slow never drags the others.

export interface PlaybackClock {
  readonly anchorWallMs: number; // time in the pictures
  readonly anchorAtMs: number; // our monotonic time when the pictures showed that
  readonly speed: number; // 0 paused, negative backwards
}
export const SPEEDS = [0.5, 1, 2, 4, 8] as const;

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
  return sign * Math.min(8, Math.abs(speed) * 2);
}

/** What a tile does to keep to the clock: `driftS` is picture minus clock, in seconds. */
export type SyncStep = { readonly do: "seek" } | { readonly do: "rate"; readonly rate: number };
export function decideSync(driftS: number, speed: number): SyncStep {
  if (speed <= 0) return Math.abs(driftS) > 0.02 ? { do: "seek" } : { do: "rate", rate: 0 };
  const tolerance = 0.75 * Math.max(1, speed);
  if (Math.abs(driftS) > tolerance) return { do: "seek" };
  if (Math.abs(driftS) < 0.06) return { do: "rate", rate: speed };
  return { do: "rate", rate: speed * (driftS > 0 ? 0.92 : 1.08) };
}
