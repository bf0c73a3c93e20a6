// Big-endian integers in byte arrays, by index: a DataView costs an object for each buffer, and pictures come in many.

export function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Exact up to 2^53. */
export function readUint64(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at) * 4294967296 + readUint32(bytes, at + 4);
}

export function writeUint32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}

/** `value` up to 2^53. */
export function writeUint64(out: Uint8Array, at: number, value: number): void {
  writeUint32(out, at, Math.floor(value / 4294967296));
  writeUint32(out, at + 4, value % 4294967296);
}

/** Bytes of one's own. Not `slice`: of a Buffer, which is what sockets read into, that is the same memory. */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}
