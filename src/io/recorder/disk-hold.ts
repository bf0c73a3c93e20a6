// Whether a camera may try the disk: not for a while after it failed, and while it is full not before there is room.
import type { MonotonicMs } from "../../base/time.ts";
import { gapCauseOfDisk } from "./file-port.ts";

const HOLD_MS = 5_000;
type DiskCause = "disk-full" | "disk-failed";

export interface RoomPort {
  /** False while the disk is full and nothing on it may go: no camera tries it meanwhile. */
  readonly hasRoom: () => boolean;
  /** A write was refused for want of room. */
  readonly onDiskFull: () => void;
}

export class DiskHold {
  readonly #room: RoomPort;
  #until: MonotonicMs = -1;
  #cause: DiskCause = "disk-failed";

  constructor(room: RoomPort) {
    this.#room = room;
  }

  /** Takes note of a failure; answers the cause of the gap that follows. */
  begin(error: Error, now: MonotonicMs): DiskCause {
    this.#until = now + HOLD_MS;
    this.#cause = gapCauseOfDisk(error);
    if (this.#cause === "disk-full") this.#room.onDiskFull();
    return this.#cause;
  }

  /** Why it may not be tried now; undefined: it may. */
  findCause(now: MonotonicMs): DiskCause | undefined {
    return this.mayRecord(now) ? undefined : this.#cause;
  }

  mayRecord(now: MonotonicMs): boolean {
    if (this.#until < 0) return true;
    if (now < this.#until) return false;
    this.#until = this.#room.hasRoom() ? -1 : now + HOLD_MS;
    return this.#until < 0;
  }
}
