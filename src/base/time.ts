// Time comes in as an argument. These are the words for it; only `io/clock` reads a real clock.

/** Corrected wall time in whole milliseconds since 1970-01-01T00:00:00Z. */
export type WallMs = number & { readonly __wallMs?: never };

/** Milliseconds of a clock that never goes back; only differences mean anything. */
export type MonotonicMs = number & { readonly __monotonicMs?: never };

export interface Clock {
  wallMs(): WallMs;
  monotonicMs(): MonotonicMs;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
