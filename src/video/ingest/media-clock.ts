// Wall time and decoding time of samples ([ING3] to [ING6] in SPEC.md). The camera's own clock is not trusted for wall time: half of them are wrong.
// What is trusted is the pace of its RTP clock, and the moment of arrival. Wall time = media time + offset, where the offset is the lowest that
// arrivals allow (the least delayed packet is the nearest to the truth), follows downwards at once and upwards by 500 ppm. A
// least-squares fit was rejected: one burst after a stall bends it for minutes.
import type { WallMs } from "../../base/time.ts";

const HZ = 90_000;
const MOST_SLEW = 500e-6;
/** A step of RTP time beyond this, against arrival, is a new clock, not a late packet. */
const MOST_LEAD_MS = 10_000;
const MOST_BACK_90K = HZ;
/** How far, and for how long, arrivals may lag behind media time before it is believed that time was lost. */
const MOST_LAG_MS = 10_000;
const MOST_LAG_FOR_MS = 10_000;
const MOST_REORDER = 4;

export class MediaClock {
  /** Results of the last `note`. Times in 90 kHz since the run began. */
  decode90k = 0;
  composition90k = 0;
  wallMs = 0;

  #started = false;
  #lastTimestamp = 0;
  #presentation90k = 0;
  #lastDecode90k = -1;
  #lastArrival = 0;
  #offsetMs = 0;
  #lagSince = -1;
  #reorder: number;
  #highest90k = 0;
  /** The largest presentation times seen, ascending; one more than the pictures that are reordered. */
  #recent: number[] = [];

  constructor(reorderFrames: number | undefined) {
    this.#reorder = Math.min(MOST_REORDER, reorderFrames ?? 0);
  }

  /** Takes the RTP timestamp of the next sample in decoding order and when it arrived. Answers false where time was lost and the run must end. */
  note(timestamp: number, arrival: WallMs): boolean {
    if (!this.#started) {
      this.#started = true;
      this.#lastTimestamp = timestamp;
      this.#lastArrival = arrival;
      this.#offsetMs = arrival;
      this.wallMs = arrival;
      this.#presentation90k = 0;
      this.#recent = [0];
      this.decode90k = 0;
      this.#lastDecode90k = 0;
      this.composition90k = 0;
      return true;
    }
    let step = (timestamp - this.#lastTimestamp) | 0; // wraps at 32 bits
    const passedMs = Math.max(0, arrival - this.#lastArrival);
    // A jump is carried on by arrival.
    if (step < -MOST_BACK_90K || step > (passedMs + MOST_LEAD_MS) * (HZ / 1000)) step = Math.max(1, Math.round(passedMs * (HZ / 1000)));
    this.#presentation90k += step;
    this.#lastTimestamp = timestamp;
    this.#lastArrival = arrival;
    this.#order();
    return this.#slew(arrival, passedMs);
  }

  // Decoding time: the n-th picture decodes at the n-th smallest presentation time, put back by the pictures that are reordered. Where the
  // stream does not say how many, it is learnt at the first picture that steps back, which then gets a negative composition offset.
  #order(): void {
    const time = this.#presentation90k;
    if (time < this.#highest90k && this.#reorder < MOST_REORDER && this.#recent.length > this.#reorder && time < this.#recent[0]!) this.#reorder++;
    if (time > this.#highest90k) this.#highest90k = time;
    const recent = this.#recent;
    let at = recent.length;
    recent.push(time);
    while (at > 0 && recent[at - 1]! > time) {
      recent[at] = recent[at - 1]!;
      at--;
    }
    recent[at] = time;
    while (recent.length > this.#reorder + 1) recent.shift();
    const decode = this.#reorder === 0 ? time : recent[0]!;
    this.decode90k = Math.max(this.#lastDecode90k + 1, decode);
    this.#lastDecode90k = this.decode90k;
    this.composition90k = time - this.decode90k;
  }

  #slew(arrival: WallMs, passedMs: number): boolean {
    const mediaMs = this.#presentation90k / (HZ / 1000);
    const seen = arrival - mediaMs;
    this.#offsetMs = Math.min(seen, this.#offsetMs + passedMs * MOST_SLEW);
    this.wallMs = Math.max(this.wallMs, Math.round(mediaMs + this.#offsetMs));
    if (seen - this.#offsetMs < MOST_LAG_MS) {
      this.#lagSince = -1;
      return true;
    }
    if (this.#lagSince < 0) this.#lagSince = arrival;
    return arrival - this.#lagSince < MOST_LAG_FOR_MS;
  }
}
