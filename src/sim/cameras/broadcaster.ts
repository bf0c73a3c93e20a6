// All streams that somebody watches, driven by one timer that runs only while there is one. Each picture of a camera is made once however many watch it. The
// number of the picture follows from the wall clock alone, so streams cannot drift and all cameras stay in step.
import type { Clock } from "../../base/time.ts";
import { nextKey, pictureAt, type CameraStream } from "./camera-stream.ts";
import { PICTURE_MS } from "./clock-strip.ts";
import { GOP_PICTURES } from "./clip.ts";
import type { TrackPlayer } from "./player.ts";

export class Broadcaster {
  readonly #clock: Clock;
  readonly #onFault: (code: string, error: unknown) => void;
  readonly #streams = new Map<CameraStream, Set<TrackPlayer>>();
  #timer: NodeJS.Timeout | undefined;
  #lastPicture = 0;

  constructor(clock: Clock, onFault: (code: string, error: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Streams being sent. */
  get active(): number {
    return this.#streams.size;
  }

  /** The player is served from the next key picture on; its number is answered. */
  add(stream: CameraStream, player: TrackPlayer): number {
    const players = this.#streams.get(stream);
    if (players) players.add(player);
    else this.#streams.set(stream, new Set([player]));
    if (this.#timer === undefined) {
      this.#lastPicture = pictureAt(this.#clock.wallMs());
      this.#schedule();
    }
    return nextKey(this.#clock.wallMs());
  }

  remove(stream: CameraStream, player: TrackPlayer): void {
    const players = this.#streams.get(stream);
    players?.delete(player);
    if (players?.size === 0) this.#streams.delete(stream);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#streams.clear();
  }

  /** Sends what has become due. The timer calls it; tests with a clock of their own do too. */
  sendDue(): void {
    const now = pictureAt(this.#clock.wallMs());
    if (now < this.#lastPicture || now - this.#lastPicture > GOP_PICTURES) this.#skipTo(now);
    for (let picture = this.#lastPicture + 1; picture <= now; picture++) {
      for (const [stream, players] of this.#streams) {
        try {
          const unit = stream.accessUnit(picture);
          for (const player of players) player.send(unit, picture);
        } catch (error) {
          this.#streams.delete(stream); // one broken clip must not stop the rest
          this.#onFault(stream.camera.code, error);
        }
      }
    }
    this.#lastPicture = now;
  }

  // The clock was set back, or this process slept: what was missed is not sent after.
  #skipTo(now: number): void {
    this.#lastPicture = now - 1;
    for (const players of this.#streams.values()) for (const player of players) player.awaitKey();
  }

  #schedule(): void {
    const wait = PICTURE_MS - (this.#clock.wallMs() % PICTURE_MS);
    this.#timer = setTimeout(() => {
      this.sendDue();
      if (this.#streams.size > 0) this.#schedule();
      else this.#timer = undefined;
    }, Math.max(1, Math.ceil(wait)));
  }
}
