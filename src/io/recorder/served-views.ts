// What of the past was served to whom, by look, for the access records: the record says before what may be seen, this afterwards what was. Kept in memory and told to the
// centre when a look has been quiet for half a minute, and every 5 min where it goes on: each telling is a row for good. All that is still known of it is told each time, until the centre has
// committed it; the register unites what was told. Where too many looks are untold, further ones are refused their pictures rather than left out. A recorder that is killed loses the last minutes of it, never the record of the look itself.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import { type ServedRange, addServed } from "../../video/playback/served-ranges.ts";

interface Look {
  ranges: readonly ServedRange[];
  changedAt: MonotonicMs;
  /** What came after the last telling came from then on. */
  untoldSince: MonotonicMs;
  /** The centre has committed these. */
  kept: readonly ServedRange[] | undefined;
}

const QUIET_MS = 30_000;
const MOST_UNTOLD_MS = 300_000;
/** No token of a look is good for longer after its last use; it is over or renewed, and then served again. */
const FORGOTTEN_MS = 600_000;
/** Of looks whose telling is owed or that may go on. */
const MOST_LOOKS = 10_000;

export class ServedViews {
  readonly #looks = new Map<number, Look>();

  /** Whether what goes out to this look can be kept for the telling. Asked before pictures are served. */
  hasRoom(viewId: number, now: MonotonicMs): boolean {
    if (this.#looks.size < MOST_LOOKS || this.#looks.has(viewId)) return true;
    this.#forget(now);
    return this.#looks.size < MOST_LOOKS;
  }

  /** What was recorded in `[from, to)`, pictures or sound, goes out. Never left out: what was let in beside others when room was asked for has its place too. */
  note(viewId: number, from: WallMs, to: WallMs, now: MonotonicMs): void {
    const look = this.#looks.get(viewId);
    if (look === undefined) {
      this.#looks.set(viewId, { ranges: addServed([], Math.round(from), Math.round(to)), changedAt: now, untoldSince: now, kept: undefined });
      return;
    }
    look.ranges = addServed(look.ranges, Math.round(from), Math.round(to));
    if (isSame(look.kept, look.ranges)) return;
    if (look.untoldSince < 0) look.untoldSince = now;
    look.changedAt = now;
  }

  /** What the centre has not committed yet and is due, or all of it. */
  listUntold(now: MonotonicMs, which: "due" | "all"): { readonly viewId: number; readonly served: readonly ServedRange[] }[] {
    this.#forget(now);
    const out: { viewId: number; served: readonly ServedRange[] }[] = [];
    for (const [viewId, look] of this.#looks) {
      const isDue = which === "all" || now - look.changedAt >= QUIET_MS || now - look.untoldSince >= MOST_UNTOLD_MS;
      if (look.untoldSince >= 0 && isDue) out.push({ viewId, served: look.ranges });
    }
    return out;
  }

  keep(viewId: number, served: readonly ServedRange[]): void {
    const look = this.#looks.get(viewId);
    if (look === undefined) return;
    look.kept = served;
    look.untoldSince = isSame(served, look.ranges) ? -1 : look.changedAt;
  }

  /** What has been told and is not looked at any more. */
  #forget(now: MonotonicMs): void {
    for (const [viewId, look] of this.#looks) if (now - look.changedAt > FORGOTTEN_MS && isSame(look.kept, look.ranges)) this.#looks.delete(viewId);
  }
}

function isSame(a: readonly ServedRange[] | undefined, b: readonly ServedRange[]): boolean {
  return a !== undefined && a.length === b.length && a.every((range, i) => range.from === b[i]!.from && range.to === b[i]!.to);
}
