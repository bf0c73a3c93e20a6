// Key frames as a recorder answers them, many in one body: `application/octet-stream`, a row of records, integers and floats big endian.
//   bytes 0..3  length of what follows in this record
//   byte 4      kind: 1 format, 2 key frame
//   format:     byte 5 length n of the codec string, n bytes of it (RFC 6381), u16 width, u16 height, then the body of avcC or hvcC to the end
//   key frame:  f64 wall time of the picture in ms, f64 wall time up to which it is the newest key frame, then one access unit to the end:
//               NAL units, each behind its length in 4 bytes, as the camera sent them
// A format stands before the first key frame and again wherever it changes. It is what `VideoDecoder.configure` wants (codec, codedWidth, codedHeight,
// description), and a key frame's bytes are what an `EncodedVideoChunk` of type "key" wants. Times are doubles, since times are to a part of a millisecond.
import { type Err, type Ok, err, ok } from "../base/result.ts";

export interface KeyFrameFormat {
  readonly kind: "format";
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly description: Uint8Array;
}
export interface KeyFrame {
  readonly kind: "key-frame";
  readonly start: number;
  /** Up to here no other key frame came: the start of the next, or the end of what is recorded without a break. */
  readonly until: number;
  readonly bytes: Uint8Array;
}
export type KeyFrameRecord = KeyFrameFormat | KeyFrame;

const KINDS = { format: 1, keyFrame: 2 } as const;
const LENGTH_BYTES = 4;
const KEY_FRAME_HEAD_BYTES = 17;
const FORMAT_HEAD_BYTES = 6; // kind, codec length, width, height
/** A record of more is not a picture. */
export const MOST_KEY_FRAME_RECORD_BYTES = 16 * 1024 * 1024;

export function encodeKeyFrameFormat(format: Omit<KeyFrameFormat, "kind">): Uint8Array {
  const out = new Uint8Array(LENGTH_BYTES + FORMAT_HEAD_BYTES + format.codec.length + format.description.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, out.length - LENGTH_BYTES);
  out[4] = KINDS.format;
  out[5] = format.codec.length;
  for (let i = 0; i < format.codec.length; i++) out[6 + i] = format.codec.charCodeAt(i);
  const at = 6 + format.codec.length;
  view.setUint16(at, format.width);
  view.setUint16(at + 2, format.height);
  out.set(format.description, at + 4);
  return out;
}

/** What stands before a key frame's `byteLength` bytes, which may then be sent from where they are. */
export function encodeKeyFrameHead(start: number, until: number, byteLength: number): Uint8Array {
  const out = new Uint8Array(LENGTH_BYTES + KEY_FRAME_HEAD_BYTES);
  const view = new DataView(out.buffer);
  view.setUint32(0, KEY_FRAME_HEAD_BYTES + byteLength);
  out[4] = KINDS.keyFrame;
  view.setFloat64(5, start);
  view.setFloat64(13, until);
  return out;
}

/** Takes the body in pieces of any size and gives the records that are whole. After an error it takes nothing more. */
export class KeyFrameReader {
  #rest = new Uint8Array(0);
  #fault: string | undefined;

  push(piece: Uint8Array): Ok<KeyFrameRecord[]> | Err<string> {
    if (this.#fault !== undefined) return err(this.#fault);
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const records: KeyFrameRecord[] = [];
    let at = 0;
    while (at + LENGTH_BYTES <= bytes.length) {
      const length = view.getUint32(at);
      if (length < 1 || length > MOST_KEY_FRAME_RECORD_BYTES) return this.#fail(`a record of ${length} bytes, expected 1 to ${MOST_KEY_FRAME_RECORD_BYTES}`);
      const end = at + LENGTH_BYTES + length;
      if (end > bytes.length) break;
      const record = decodeRecord(bytes.subarray(at + LENGTH_BYTES, end));
      if (!record.ok) return this.#fail(record.error);
      records.push(record.value);
      at = end;
    }
    this.#rest = new Uint8Array(bytes.subarray(at));
    return ok(records);
  }

  /** Whether the body ended between two records. */
  get isWhole(): boolean {
    return this.#fault === undefined && this.#rest.length === 0;
  }

  #fail(message: string): Err<string> {
    this.#fault = message;
    this.#rest = new Uint8Array(0);
    return err(message);
  }
}

function decodeRecord(body: Uint8Array): Ok<KeyFrameRecord> | Err<string> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body[0] === KINDS.keyFrame) {
    if (body.length <= KEY_FRAME_HEAD_BYTES) return err("a key frame without a picture");
    return ok({ kind: "key-frame", start: view.getFloat64(1), until: view.getFloat64(9), bytes: new Uint8Array(body.subarray(KEY_FRAME_HEAD_BYTES)) });
  }
  if (body[0] !== KINDS.format) return err(`a record of kind ${body[0]}, expected ${KINDS.format} or ${KINDS.keyFrame}`);
  const codecBytes = body[1] ?? 0;
  if (body.length < FORMAT_HEAD_BYTES + codecBytes) return err("a format that is cut off");
  let codec = "";
  for (let i = 0; i < codecBytes; i++) codec += String.fromCharCode(body[2 + i]!);
  const at = 2 + codecBytes;
  return ok({ kind: "format", codec, width: view.getUint16(at), height: view.getUint16(at + 2), description: new Uint8Array(body.subarray(at + 4)) });
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
