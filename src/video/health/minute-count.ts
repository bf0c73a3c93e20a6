// How often something happened within the last minute, from a count that only grows. Told each second or so, kept in steps of 5 s.
import type { MonotonicMs } from "../../base/time.ts";

const MINUTE_MS = 60_000;
const STEP_MS = 5_000;

export class MinuteCount {
  /** The count at the end of each step, the oldest first. */
  #steps: { readonly at: MonotonicMs; readonly total: number }[] = [];
  #total = 0;

  note(total: number, now: MonotonicMs): void {
    this.#total = total;
    if (now - (this.#steps.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= STEP_MS) this.#steps.push({ at: now, total });
    while (this.#steps.length > 1 && this.#steps[1]!.at <= now - MINUTE_MS) this.#steps.shift();
  }

  get(): number {
    return this.#total - (this.#steps[0]?.total ?? 0);
  }
}
