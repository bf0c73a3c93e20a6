// Boxes of the ISO base media file format (ISO/IEC 14496-12 section 4.2), written front to back into one growing buffer; sizes are patched at the end of
// each box. For initialisation segments, which are small and made once; fragments have their own writer, as theirs is the hot path.

export class BoxWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  box(type: string, write: () => void): void {
    const start = this.#length;
    this.u32(0);
    this.text(type);
    write();
    this.#view.setUint32(start, this.#length - start);
  }

  fullBox(type: string, version: number, flags: number, write: () => void): void {
    this.box(type, () => {
      this.u32(version * 0x1000000 + flags);
      write();
    });
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }
  u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value);
    this.#length += 2;
  }
  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }
  /** `value` up to 2^53. */
  u64(value: number): void {
    this.u32(Math.floor(value / 4294967296));
    this.u32(value % 4294967296);
  }
  zeros(count: number): void {
    this.#reserve(count);
    this.#length += count;
  }
  /** Latin letters, one byte each. */
  text(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#length + more, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
