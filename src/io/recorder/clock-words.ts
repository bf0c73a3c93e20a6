// What others say of the time ([RET13]): the centre's last word, carried on by the monotonic clock, and the cameras' clocks by the sender reports of the sessions that last.
import type { Clock, MonotonicMs, WallMs } from "../../base/time.ts";
import type { ClockWitnesses } from "../../video/retention/clock-witness.ts";

export class ClockWords {
  readonly #clock: Clock;
  readonly #listCameraOffsets: () => Iterable<number | undefined>;
  #centre: { readonly saidMs: WallMs; readonly heardAt: MonotonicMs } | undefined;

  /** By how much each camera's clock is ahead of ours; undefined: it does not tell. */
  constructor(clock: Clock, listCameraOffsets: () => Iterable<number | undefined>) {
    this.#clock = clock;
    this.#listCameraOffsets = listCameraOffsets;
  }

  noteCentre(saidMs: WallMs): void {
    this.#centre = { saidMs, heardAt: this.#clock.monotonicMs() };
  }

  list(): ClockWitnesses {
    const wallMs = this.#clock.wallMs();
    const camerasMs: WallMs[] = [];
    for (const offsetMs of this.#listCameraOffsets()) if (offsetMs !== undefined) camerasMs.push(wallMs + offsetMs);
    return { centreMs: this.#centre === undefined ? undefined : this.#centre.saidMs + this.#clock.monotonicMs() - this.#centre.heardAt, camerasMs };
  }
}
