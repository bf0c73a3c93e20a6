// Whose packets a UDP port takes. Anybody who can reach the port can send to it, so the address is checked where packets arrive, and here the source's number (SSRC): the
// first one counts, and another only once the first has fallen silent, as when a camera's encoder starts anew. What SETUP said may be wrong (H264DVR says 0),
// so by default it is not asked.
import type { MonotonicMs } from "../../base/time.ts";

const SILENT_MS = 2_000;

export class SourceLock {
  /** Packets of others that were passed over. */
  foreign = 0;
  readonly #required: number | undefined;
  #ssrc: number | undefined;
  #heardAt: MonotonicMs = 0;

  /** With `required`, no other source is ever taken. */
  constructor(required?: number) {
    this.#required = required;
    this.#ssrc = required;
  }

  accept(ssrc: number, now: MonotonicMs): boolean {
    if (ssrc !== this.#ssrc) {
      if (this.#required !== undefined || (this.#ssrc !== undefined && now - this.#heardAt < SILENT_MS)) {
        this.foreign++;
        return false;
      }
      this.#ssrc = ssrc;
    }
    this.#heardAt = now;
    return true;
  }
}
