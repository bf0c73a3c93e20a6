// Who else knows what time it is, where the wall clock is ahead of it ([RET13]): the centre, whose messages tell it, and the cameras, whose sender reports do. The centre's word is heard always, and makes a doubt
// where there was none: a recorder whose index is new has nothing else to go by. That of the cameras only keeps a doubt alive, since those that woke up without a battery agree with each other: it takes most of at
// least three, and their word has to be just the time that is vouched for. A wall clock that nobody contradicts is believed: the centre often runs on the same machine, and cameras often ask the recorder's for the time.
import type { WallMs } from "../../base/time.ts";
import { BELIEVED_MS } from "./clock-trust.ts";

const LEAST_CAMERAS = 3;

/** What time it is now, by each. */
export interface ClockWitnesses {
  /** Undefined: it was not heard since the start. */
  readonly centreMs: WallMs | undefined;
  readonly camerasMs: readonly WallMs[];
}

export interface ClockContradiction {
  readonly by: "centre" | "cameras";
  /** How far the wall clock is ahead by their word. */
  readonly aheadMs: number;
}

/** Who says that the wall clock is ahead; undefined: nobody. */
export function findContradiction({ wallMs, vouchedMs }: { readonly wallMs: WallMs; readonly vouchedMs: WallMs }, { centreMs, camerasMs }: ClockWitnesses): ClockContradiction | undefined {
  if (centreMs !== undefined && wallMs - centreMs > BELIEVED_MS) return { by: "centre", aheadMs: wallMs - centreMs };
  if (wallMs - vouchedMs <= BELIEVED_MS) return undefined;
  const contradicting = camerasMs.filter((ms) => Math.abs(ms - vouchedMs) <= BELIEVED_MS).length;
  return camerasMs.length >= LEAST_CAMERAS && contradicting * 2 > camerasMs.length ? { by: "cameras", aheadMs: wallMs - vouchedMs } : undefined;
}
