// Who else knows what time it is, where the wall clock is ahead of the time that is vouched for ([RET13]): the centre, whose messages tell it, and the cameras, whose sender reports do. They only ever keep a doubt alive.
// A wall clock that nobody contradicts is believed as before: the centre often runs on the same machine, and cameras often ask the recorder's for the time. A single camera proves nothing, nor do those that woke
// up in 1970: it takes most of at least three, and their word has to be just the time that is vouched for.
import type { WallMs } from "../../base/time.ts";
import { BELIEVED_MS } from "./clock-trust.ts";

const LEAST_CAMERAS = 3;

/** What time it is now, by each. */
export interface ClockWitnesses {
  /** Undefined: it was not heard since the start. */
  readonly centreMs: WallMs | undefined;
  readonly camerasMs: readonly WallMs[];
}

export type ClockContradiction = "centre" | "cameras";

/** Who says that the wall clock is ahead; undefined: nobody. */
export function findContradiction({ wallMs, vouchedMs }: { readonly wallMs: WallMs; readonly vouchedMs: WallMs }, { centreMs, camerasMs }: ClockWitnesses): ClockContradiction | undefined {
  if (wallMs - vouchedMs <= BELIEVED_MS) return undefined;
  if (centreMs !== undefined && wallMs - centreMs > BELIEVED_MS) return "centre";
  const contradicting = camerasMs.filter((ms) => Math.abs(ms - vouchedMs) <= BELIEVED_MS).length;
  return camerasMs.length >= LEAST_CAMERAS && contradicting * 2 > camerasMs.length ? "cameras" : undefined;
}
