// The clock of the past as something tiles and the time bar can listen to. While a tile is still fetching, it holds the clock for a moment, so
// that play begins everywhere at once; the hold is bounded, since one dead camera must not stop the wall.
import { clockAt, movedTo, withSpeed, type PlaybackClock } from "./wall-clock.ts";

const LONGEST_HOLD_MS = 2_500;

export class WallClock {
  #clock: PlaybackClock;
  #holders = new Set<object>();
  #heldSinceMs: number | null = null;
  #mayHold = true; // one hold for each jump; then the clock runs whatever comes
  readonly #listeners = new Set<() => void>();
  readonly #nowMs: () => number;

  constructor(wallMs: number, speed: number, nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#clock = { anchorWallMs: wallMs, anchorAtMs: nowMs(), speed };
  }

  get speed(): number {
    return this.#clock.speed;
  }
  /** The wall time that all pictures should show now. */
  wallMs(): number {
    if (this.#heldSinceMs !== null && this.#nowMs() - this.#heldSinceMs > LONGEST_HOLD_MS) this.#letGo(this.#heldSinceMs + LONGEST_HOLD_MS);
    return clockAt(this.#clock, this.#heldSinceMs ?? this.#nowMs());
  }
  setSpeed(speed: number): void {
    const at = this.#heldSinceMs ?? this.#nowMs();
    this.#clock = withSpeed(this.#clock, speed, at);
    this.#tell();
  }
  moveTo(wallMs: number): void {
    this.#mayHold = true;
    const at = this.#nowMs();
    if (this.#heldSinceMs !== null) this.#heldSinceMs = at;
    this.#clock = movedTo(this.#clock, wallMs, at);
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
  #letGo(atMs: number): void {
    if (this.#heldSinceMs === null) return;
    this.#clock = { ...this.#clock, anchorWallMs: clockAt(this.#clock, this.#heldSinceMs), anchorAtMs: atMs };
    this.#heldSinceMs = null;
    this.#mayHold = false;
    this.#holders.clear();
  }
  /** Called on each change of speed and each jump; the running itself is read with `wallMs`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
