// Deliveries to outside systems: when one is tried again, when it is given up, and what its signature covers (standardwebhooks.com, whose libraries verify it).
import type { WallMs } from "../base/time.ts";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 3_600_000;
export const MOST_TRIES = 16;
/** Gone: the target says that it wants no more. */
const GONE = 410;

export type Attempt = { readonly status: number } | { readonly error: string };
export type AfterAttempt =
  | { readonly state: "delivered" }
  | { readonly state: "waiting"; readonly nextAt: WallMs; readonly error: string }
  | { readonly state: "dead"; readonly error: string };

/** `tries` counts this one; `chance` is in [0, 1). */
export function judgeAttempt(attempt: Attempt, tries: number, now: WallMs, chance: number): AfterAttempt {
  if ("status" in attempt && attempt.status >= 200 && attempt.status < 300) return { state: "delivered" };
  const error = "status" in attempt ? `HTTP ${attempt.status}` : attempt.error.slice(0, 200);
  if (tries >= MOST_TRIES || ("status" in attempt && attempt.status === GONE)) return { state: "dead", error };
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
  return { state: "waiting", nextAt: now + Math.round(waitMs / 2 + (waitMs / 2) * chance), error };
}

/** What is signed: id, time in whole seconds, body. */
export const signedText = (id: string, atSeconds: number, body: string): string => `${id}.${atSeconds}.${body}`;
