// Bits of a raw byte sequence payload, most significant first, and its escaping into a NAL unit (ITU-T H.264 section 7.4.1). The reading side is media/bits.

export class BitWriter {
  #bytes = new Uint8Array(1024);
  #bits = 0;

  bit(value: number): void {
    const at = this.#bits >> 3;
    if (at >= this.#bytes.length) this.#grow(at + 1);
    if (value !== 0) this.#bytes[at]! |= 0x80 >> (this.#bits & 7);
    this.#bits++;
  }

  bits(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) this.bit(Math.floor(value / 2 ** i) % 2);
  }

  /** ue(v), section 9.1. */
  ue(value: number): void {
    const length = 32 - Math.clz32(value + 1);
    this.bits(0, length - 1);
    this.bits(value + 1, length);
  }

  se(value: number): void {
    this.ue(value > 0 ? value * 2 - 1 : -value * 2);
  }

  /** Zero bits up to a whole byte. */
  align(): void {
    while ((this.#bits & 7) !== 0) this.bit(0);
  }

  /** Whole bytes; the writer must stand at a byte. */
  bytes(source: Uint8Array): void {
    const at = this.#bits >> 3;
    this.#grow(at + source.length);
    this.#bytes.set(source, at);
    this.#bits += source.length * 8;
  }

  /** Bits [from, to) of a payload. */
  copyBits(source: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to && ((this.#bits & 7) !== 0 || to - at < 8)) {
      this.bit((source[at >> 3]! >> (7 - (at & 7))) & 1);
      at++;
    }
    const whole = (to - at) >> 3;
    if (whole > 0) {
      let out = this.#bits >> 3;
      this.#grow(out + whole);
      const shift = at & 7;
      let index = at >> 3;
      for (let i = 0; i < whole; i++, index++) this.#bytes[out++] = shift === 0 ? source[index]! : (source[index]! << shift) | (source[index + 1]! >> (8 - shift));
      this.#bits += whole * 8;
      at += whole * 8;
    }
    for (; at < to; at++) this.bit((source[at >> 3]! >> (7 - (at & 7))) & 1);
  }

  /** rbsp_trailing_bits, then the payload as it stands. */
  finish(): Uint8Array {
    this.bit(1);
    this.align();
    return this.#bytes.slice(0, this.#bits >> 3);
  }

  #grow(wanted: number): void {
    if (wanted <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** A NAL unit of a header byte and a payload, with emulation prevention bytes. */
export function escapeNal(header: number, payload: Uint8Array): Uint8Array {
  let extra = 0;
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      extra++;
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  const out = new Uint8Array(1 + payload.length + extra);
  out[0] = header;
  if (extra === 0) {
    out.set(payload, 1);
    return out;
  }
  let at = 1;
  zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      out[at++] = 3;
      zeros = 0;
    }
    out[at++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out;
}

/** The payload of a NAL unit: header byte and emulation prevention bytes removed. */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length - 1);
  let at = 0;
  let zeros = 0;
  for (let i = 1; i < nal.length; i++) {
    const byte = nal[i]!;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[at++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, at);
}
