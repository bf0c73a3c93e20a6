// The clock of the past as something tiles and the time bar can listen to. While a tile is still fetching, it holds the clock for a moment, so
// that play begins everywhere at once; the hold is bounded, since one dead camera must not stop the wall.
import { clockAt, movedTo, withSpeed, type PlaybackClock } from "./wall-clock.ts";

const LONGEST_HOLD_MS = 2_500;
/** A fast clock that comes so near to now goes on at the usual pace: what is newer is still on its way to the disk. */
const CAUGHT_UP_MS = 8_000;

/** The picture that a tile shows: from when, and for how long. */
export interface ShownPicture {
  readonly wallMs: number;
  readonly durationMs: number;
}

export class WallClock {
  #clock: PlaybackClock;
  #holders = new Set<object>();
  #heldSinceMs: number | null = null;
  #mayHold = true; // one hold for each jump; then the clock runs whatever comes
  #movedAtMs: number;
  #caughtUp = false;
  readonly #listeners = new Set<() => void>();
  readonly #pictures = new Map<number, () => ShownPicture | null>();
  readonly #presentMs: () => number;
  readonly #nowMs: () => number;

  /** `presentMs`: the wall time of the present, which no past goes beyond. */
  constructor(wallMs: number, speed: number, presentMs: () => number, nowMs: () => number = () => performance.now()) {
    this.#presentMs = presentMs;
    this.#nowMs = nowMs;
    this.#movedAtMs = nowMs();
    this.#clock = { anchorWallMs: wallMs, anchorAtMs: nowMs(), speed };
  }

  get speed(): number {
    return this.#clock.speed;
  }
  /** The speed at which pictures run just now: none while somebody still fetches. */
  get runningSpeed(): number {
    this.#endHold();
    return this.#heldSinceMs === null ? this.#clock.speed : 0;
  }
  /** Whether it ran fast until it had caught up with the present, and goes on at the usual pace since. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }
  /** How long ago somebody last chose a moment. */
  sinceMoveMs(): number {
    return this.#nowMs() - this.#movedAtMs;
  }
  /** The wall time that all pictures should show now. */
  wallMs(): number {
    this.#endHold();
    this.#slowNearPresent();
    return clockAt(this.#clock, this.#heldSinceMs ?? this.#nowMs());
  }
  setSpeed(speed: number): void {
    const at = this.#heldSinceMs ?? this.#nowMs();
    this.#clock = withSpeed(this.#clock, speed, at);
    this.#caughtUp = false;
    this.#tell();
  }
  moveTo(wallMs: number): void {
    this.#mayHold = true;
    const at = this.#nowMs();
    this.#movedAtMs = at;
    if (this.#heldSinceMs !== null) this.#heldSinceMs = at;
    this.#clock = movedTo(this.#clock, wallMs, at);
    this.#caughtUp = false;
    this.#tell();
  }
  hold(who: object): void {
    if (!this.#mayHold || this.#clock.speed === 0) return;
    this.#holders.add(who);
    this.#heldSinceMs ??= this.#nowMs();
  }
  release(who: object): void {
    if (this.#holders.delete(who) && this.#holders.size === 0) this.#letGo(this.#nowMs());
  }
  #endHold(): void {
    if (this.#heldSinceMs !== null && this.#nowMs() - this.#heldSinceMs > LONGEST_HOLD_MS) this.#letGo(this.#heldSinceMs + LONGEST_HOLD_MS);
  }
  #slowNearPresent(): void {
    if (this.#clock.speed <= 1 || this.#heldSinceMs !== null) return;
    const atMs = this.#nowMs();
    // Who chose a moment nearer than that keeps it.
    const newest = Math.max(this.#clock.anchorWallMs, this.#presentMs() - CAUGHT_UP_MS);
    if (clockAt(this.#clock, atMs) <= newest) return;
    this.#clock = { anchorWallMs: newest, anchorAtMs: atMs, speed: 1 };
    this.#caughtUp = true;
    this.#tell();
  }
  #letGo(atMs: number): void {
    if (this.#heldSinceMs === null) return;
    this.#clock = { ...this.#clock, anchorWallMs: clockAt(this.#clock, this.#heldSinceMs), anchorAtMs: atMs };
    this.#heldSinceMs = null;
    this.#mayHold = false;
    this.#holders.clear();
    this.#tell();
  }

  /** A tile says how its picture is found; the answer takes that back. */
  offerPicture(cameraId: number, find: () => ShownPicture | null): () => void {
    this.#pictures.set(cameraId, find);
    return () => {
      if (this.#pictures.get(cameraId) === find) this.#pictures.delete(cameraId);
    };
  }
  /** The middle of the picture after or before the one that the camera's tile shows; null where it shows none. */
  findStep(cameraId: number, by: 1 | -1): number | null {
    const shown = this.#pictures.get(cameraId)?.() ?? null;
    return shown === null ? null : shown.wallMs + shown.durationMs * (by === 1 ? 1.5 : -0.5);
  }

  /** Called on each change of speed, each jump and the end of a hold; the running itself is read with `wallMs`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
