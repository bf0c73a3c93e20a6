// Bits of a raw byte sequence payload (ITU-T H.264 section 7.2, H.265 section 7.2), most significant first. Emulation prevention bytes are passed over while
// reading rather than removed into a copy. Reading past the end gives zeros and sets `overrun`, so a parser checks once at its
// end instead of catching.

export class BitReader {
  overrun = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #bit = 0;
  #zeros = 0;

  /** Reads `bytes[start, end)`. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#skipEmulation();
  }

  bit(): number {
    if (this.#at >= this.#end) {
      this.overrun = true;
      return 0;
    }
    const value = (this.#bytes[this.#at]! >> (7 - this.#bit)) & 1;
    if (++this.#bit === 8) {
      this.#bit = 0;
      this.#zeros = this.#bytes[this.#at] === 0 ? this.#zeros + 1 : 0;
      this.#at++;
      this.#skipEmulation();
    }
    return value;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** `count` up to 32; unsigned. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.bit();
  }

  /** ue(v): unsigned Exp-Golomb (H.264 section 9.1). Codes of more than 32 bits count as overrun. */
  ue(): number {
    let zeros = 0;
    while (!this.overrun && this.bit() === 0) {
      if (++zeros > 32) {
        this.overrun = true;
        return 0;
      }
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v): signed Exp-Golomb. */
  se(): number {
    const code = this.ue();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }

  #skipEmulation(): void {
    if (this.#zeros >= 2 && this.#at < this.#end && this.#bytes[this.#at] === 3) {
      this.#at++;
      this.#zeros = 0;
    }
  }
}
