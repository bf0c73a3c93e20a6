// What is wished of one camera just now, from what can change it: its particulars, who watches, its hours, its events.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import { Schedule } from "../../video/camera/schedule.ts";
import { decideWish, type Wish } from "../../video/camera/wanted.ts";
import type { StoredCamera } from "./camera-list.ts";

export class CameraWish {
  #camera: StoredCamera;
  #schedule: Schedule;
  /** Until then the last event lasts: by the clock that nobody puts right, so that none lasts longer or shorter than it should. */
  #eventUntil: MonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(camera: StoredCamera) {
    this.#camera = camera;
    this.#schedule = new Schedule(camera.schedule);
  }

  change(camera: StoredCamera): void {
    if (camera.schedule !== this.#camera.schedule) this.#schedule = new Schedule(camera.schedule);
    this.#camera = camera;
  }

  /** How much is to be kept of a camera that waits for an event. */
  get keepMs(): number {
    return this.#camera.recording === "on-event" ? this.#camera.preRollS * 1_000 : 0;
  }

  /** Answers until when it is recorded for its events now; undefined where it does not go by events. */
  noteEvent(now: MonotonicMs): MonotonicMs | undefined {
    if (this.#camera.recording !== "on-event") return undefined;
    this.#eventUntil = Math.max(this.#eventUntil, now + this.#camera.postRollS * 1_000);
    return this.#eventUntil;
  }

  decide(viewers: number, lastViewerLeftAt: MonotonicMs | undefined, now: MonotonicMs, wallNow: WallMs, timeZone: string): Wish {
    const { recording: mode } = this.#camera;
    return decideWish({
      mode, viewers, lastViewerLeftAt, now, isInHours: mode === "scheduled" && this.#schedule.isNow(wallNow, timeZone), isInEvent: mode === "on-event" && now < this.#eventUntil,
    });
  }
}
