// Packets that came by UDP, put back into order: sequence numbers in, packets in order out, or a loss declared once so many later ones have come, or once the
// first of them has waited so long. A packet that comes in order passes through where it lies, with no copy and no object; only what comes early is copied into a
// ring of slots, whose place is the sequence number modulo their count. A sorted list was rejected: it allocates per packet exactly when the network is bad.
import type { MonotonicMs } from "../../base/time.ts";
import { sequenceDistance } from "./packet.ts";

export interface ReorderSink {
  /** One packet, borrowed; sequence numbers rise from call to call, except over a restart. */
  onOrdered(bytes: Uint8Array, start: number, end: number): void;
  /** So many packets will not come: they were expected between the last and the next one handed on. */
  onLoss(packets: number): void;
}
export interface ReorderOptions {
  /** How far a packet may be early: a power of two up to 1024, so that slots keep their places where numbers wrap. */
  readonly mostPackets: number;
  readonly mostWaitMs: number;
  /** Held at most, over all slots; beyond that the oldest hole is given up. */
  readonly mostBytes: number;
}

/** A step beyond this, in either direction, is a sender that began anew, once the packet after it confirms it (RFC 3550 appendix A.1). */
const MOST_STEP = 1_000;
/** A slot keeps its buffer up to this size; larger ones are rare and given back. */
const KEPT_SLOT_BYTES = 2_048;

export class ReorderBuffer {
  /** Declared lost. */
  lost = 0;
  /** Came after their place was given up, or twice. */
  late = 0;
  /** Came early and were held. */
  held = 0;
  /** The sender began anew with other numbers. */
  restarts = 0;

  readonly #sink: ReorderSink;
  readonly #options: ReorderOptions;
  readonly #slots: (Uint8Array | undefined)[];
  readonly #lengths: Int32Array; // -1: empty
  readonly #arrivals: Float64Array;
  #expected = -1;
  #waiting = 0;
  #waitingBytes = 0;
  #strange = -1;

  constructor(options: ReorderOptions, sink: ReorderSink) {
    const { mostPackets } = options;
    if (mostPackets < 1 || mostPackets > 1_024 || (mostPackets & (mostPackets - 1)) !== 0) throw new RangeError(`mostPackets: ${mostPackets}, expected a power of two up to 1024`);
    this.#options = options;
    this.#sink = sink;
    this.#slots = new Array<Uint8Array | undefined>(mostPackets).fill(undefined);
    this.#lengths = new Int32Array(mostPackets).fill(-1);
    this.#arrivals = new Float64Array(mostPackets);
  }

  /** Packets that wait for an earlier one. */
  get waiting(): number {
    return this.#waiting;
  }

  push(sequence: number, bytes: Uint8Array, start: number, end: number, now: MonotonicMs): void {
    if (this.#expected < 0) this.#expected = sequence;
    let distance = sequenceDistance(this.#expected, sequence);
    if (distance >= MOST_STEP || distance <= -MOST_STEP) {
      if (sequence !== this.#strange) {
        this.#strange = (sequence + 1) & 0xffff; // believed where the next number follows
        this.late++;
        return;
      }
      this.flush();
      this.restarts++;
      this.#expected = sequence;
      distance = 0;
    }
    this.#strange = -1;
    if (distance < 0) {
      this.late++;
      return;
    }
    if (distance >= this.#options.mostPackets) {
      this.#advanceTo((sequence - this.#options.mostPackets + 1) & 0xffff);
      distance = sequenceDistance(this.#expected, sequence);
    }
    if (distance > 0) this.#hold(sequence, bytes, start, end, now);
    else this.#pass(bytes, start, end);
    this.tick(now);
  }

  /** Gives up holes that were waited for long enough. To be called now and then, for when no packet comes. */
  tick(now: MonotonicMs): void {
    while (this.#waiting > 0) {
      const first = this.#firstHeld();
      if (now - this.#arrivals[first & this.#mask]! < this.#options.mostWaitMs && this.#waitingBytes <= this.#options.mostBytes) return;
      this.#advanceTo(first);
    }
  }

  /** Hands on all that is held, declaring what is missing in between. */
  flush(): void {
    while (this.#waiting > 0) this.#advanceTo(this.#firstHeld());
  }

  get #mask(): number {
    return this.#options.mostPackets - 1;
  }

  #firstHeld(): number {
    let sequence = this.#expected;
    while (this.#lengths[sequence & this.#mask] === -1) sequence = (sequence + 1) & 0xffff;
    return sequence;
  }

  #hold(sequence: number, bytes: Uint8Array, start: number, end: number, now: MonotonicMs): void {
    const at = sequence & this.#mask;
    if (this.#lengths[at] !== -1) {
      this.late++; // twice: no other number of the window has this place
      return;
    }
    const size = end - start;
    let slot = this.#slots[at];
    if (slot === undefined || slot.length < size) {
      slot = new Uint8Array(Math.max(size, KEPT_SLOT_BYTES));
      this.#slots[at] = slot;
    }
    slot.set(bytes.subarray(start, end));
    this.#lengths[at] = size;
    this.#arrivals[at] = now;
    this.#waiting++;
    this.#waitingBytes += size;
    this.held++;
  }

  #pass(bytes: Uint8Array, start: number, end: number): void {
    this.#expected = (this.#expected + 1) & 0xffff;
    this.#sink.onOrdered(bytes, start, end);
    this.#drain();
  }

  /** Hands on what is held from the expected number on, without a hole. */
  #drain(): void {
    while (this.#waiting > 0 && this.#lengths[this.#expected & this.#mask] !== -1) this.#release();
  }

  /** Hands on the held packet that is expected now. */
  #release(): void {
    const at = this.#expected & this.#mask;
    const size = this.#lengths[at]!;
    const slot = this.#slots[at]!;
    this.#lengths[at] = -1;
    this.#waiting--;
    this.#waitingBytes -= size;
    if (slot.length > KEPT_SLOT_BYTES) this.#slots[at] = undefined;
    this.#expected = (this.#expected + 1) & 0xffff;
    this.#sink.onOrdered(slot, 0, size);
  }

  /** Up to `sequence`, which is ahead: what is held goes out, what is missing is declared lost. Then on as far as there is no hole. */
  #advanceTo(sequence: number): void {
    let missing = 0;
    while (this.#expected !== sequence) {
      if (this.#lengths[this.#expected & this.#mask] === -1) {
        missing++;
        this.#expected = (this.#expected + 1) & 0xffff;
        continue;
      }
      if (missing > 0) this.#declare(missing);
      missing = 0;
      this.#release();
    }
    if (missing > 0) this.#declare(missing);
    this.#drain();
  }

  #declare(missing: number): void {
    this.lost += missing;
    this.#sink.onLoss(missing);
  }
}
