// From the pieces that a socket gives to whole messages and interleaved frames. A frame that lies whole inside a piece is handed on where it lies,
// with no copy and no object; only what straddles two pieces goes through `#carry`. Concatenating pieces instead is what made ZLMediaKit
// need ten times the cores. Used by clients and by servers.
import { type RtspLimits, type RtspMessage, parseRtsp } from "./message.ts";

export interface RtspStreamSink {
  onMessage(message: RtspMessage): void;
  /** Payload of an interleaved frame, borrowed: valid until this returns. */
  onInterleaved(channel: number, bytes: Uint8Array, start: number, end: number): void;
  /** `offset` counts bytes since the connection began. Nothing more is read after it. */
  onInvalid(offset: number, reason: string): void;
}

const DOLLAR = 0x24;
const LINE_FEED = 0x0a;
/** The largest interleaved frame; what a message has needed beyond that is given back. */
const KEPT_CARRY_BYTES = 65_539;

export class RtspStreamReader {
  readonly #limits: RtspLimits;
  readonly #sink: RtspStreamSink;
  #carry: Uint8Array = new Uint8Array(2048);
  #carryLength = 0;
  #broken = false;
  /** Bytes of the stream before what is being looked at. */
  #passed = 0;
  /** How often what came was looked at: for whoever doubts that the work is bounded. */
  looks = 0;
  /** What the last look at text in vain said that it wanted, and how much it saw. */
  #wanted = 0;
  #seen = 0;

  constructor(limits: RtspLimits, sink: RtspStreamSink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** True after the sink was told of invalid bytes. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Stops handing on, also from within a call of the sink. */
  stop(): void {
    this.#broken = true;
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    if (this.#carryLength > 0) at = this.#feedCarry(bytes, at, end);
    while (!this.#broken && at < end) {
      if (bytes[at] === DOLLAR && end - at >= 4) {
        const next = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
        if (next > end) break;
        this.#sink.onInterleaved(bytes[at + 1]!, bytes, at + 4, next);
        this.#passed += next - at;
        at = next;
        continue;
      }
      const next = this.#parseOne(bytes, at, end);
      if (next < 0) break;
      at = next;
    }
    if (!this.#broken && at < end) this.#keep(bytes, at, end);
    else if (this.#carryLength === 0 && this.#carry.length > KEPT_CARRY_BYTES) this.#carry = new Uint8Array(2048);
  }

  /** Completes what is carried with as little of the new piece as will do; answers where the piece goes on. */
  #feedCarry(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (!this.#broken && this.#carryLength > 0 && at < end) {
      if (this.#carry[0] === DOLLAR) {
        at = this.#completeFrame(bytes, at, end);
        continue;
      }
      const before = this.#carryLength;
      this.#keep(bytes, at, end);
      if (!this.#isWorthALook(bytes, at, end)) return end;
      const next = this.#parseOne(this.#carry, 0, this.#carryLength);
      if (next < 0) return end;
      this.#carryLength = 0;
      // Text needs its last byte from the new piece, else it had been complete before; only empty lines end earlier.
      at += Math.max(0, next - before);
      if (next < before) this.#keep(this.#carry, next, before);
    }
    return at;
  }

  // A message that comes byte by byte is not read from its beginning at each byte: headers when a line has ended, the body when it is there. Twice as much without a
  // line is looked at too, so that what is no RTSP is told before the limit of headers is reached.
  #isWorthALook(bytes: Uint8Array, at: number, end: number): boolean {
    if (this.#wanted > 0) return this.#carryLength >= this.#wanted;
    if (this.#carryLength >= this.#seen * 2 || this.#carryLength >= this.#limits.headerBytes) return true;
    for (let i = at; i < end; i++) if (bytes[i] === LINE_FEED) return true;
    return false;
  }

  /** Adds to a carried frame what it still lacks, header first, and hands it on once it is whole; answers where the piece goes on. */
  #completeFrame(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (;;) {
      const wanted = this.#carryLength < 4 ? 4 : 4 + ((this.#carry[2]! << 8) | this.#carry[3]!);
      if (this.#carryLength === wanted) break;
      const take = Math.min(wanted - this.#carryLength, end - at);
      if (take === 0) return at;
      this.#keep(bytes, at, at + take);
      at += take;
      if (this.#carryLength < wanted) return at;
      if (wanted > 4) break;
    }
    const size = this.#carryLength;
    this.#carryLength = 0;
    this.#passed += size;
    this.#sink.onInterleaved(this.#carry[1]!, this.#carry, 4, size);
    return at;
  }

  /** Reads one message or frame; answers where the next begins, or -1 where more bytes are needed or nothing more is read. */
  #parseOne(bytes: Uint8Array, at: number, end: number): number {
    this.looks++;
    const found = parseRtsp(bytes, at, end, this.#limits);
    this.#wanted = 0;
    this.#seen = 0;
    switch (found.kind) {
      case "need-more":
        this.#wanted = found.wanted;
        this.#seen = end - at;
        return -1;
      case "invalid":
        this.#broken = true;
        this.#sink.onInvalid(this.#passed + found.offset - at, found.reason);
        return -1;
      case "interleaved":
        this.#passed += found.next - at;
        this.#sink.onInterleaved(found.channel, bytes, found.start, found.end);
        return found.next;
      case "message":
        this.#passed += found.next - at;
        this.#sink.onMessage(found.message);
        return found.next;
    }
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const wanted = this.#carryLength + end - start;
    if (wanted > this.#carry.length) {
      const grown = new Uint8Array(Math.max(wanted, this.#carry.length * 2));
      grown.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = grown;
    }
    this.#carry.set(bytes.subarray(start, end), this.#carryLength);
    this.#carryLength = wanted;
  }
}
