// Sound of the past as a recorder answers it: `GET /v1/cameras/{id}/sound?from&to`, at most MOST_SOUND_MS apart, with a token that was given for sound. `application/octet-stream`, a row of records,
// integers and floats big endian:
//   bytes 0..3  length of what follows in this record
//   byte 4      kind: 1 format, 2 unit, 3 until
//   format:     JSON (LiveSoundFormat of media.ts), before the first unit and again where it changes
//   unit:       f64 wall time in ms, then a frame of AAC, or up to a second of G.711
//   until:      f64 wall time in ms, the last record: all sound up to there is in this answer. Before the asked end where sound is still being written, behind it where the last unit reaches over
// So live and past are decoded by the same piece of a page. A hole between two units is time without sound.
import { type Err, type Ok, err, ok } from "../base/result.ts";
import { LiveSoundFormat } from "./media.ts";

export type SoundRecord = { readonly kind: "format"; readonly format: LiveSoundFormat } | { readonly kind: "unit"; readonly wallMs: number; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly kind: "until"; readonly wallMs: number };

/** The furthest that one request reaches. */
export const MOST_SOUND_MS = 120_000;
const KINDS = { format: 1, unit: 2, until: 3 } as const;
const LENGTH_BYTES = 4;
const UNIT_HEAD_BYTES = 9;
const MOST_RECORD_BYTES = 1_048_576;

export function encodeSoundFormat(format: LiveSoundFormat): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(format));
  const out = new Uint8Array(LENGTH_BYTES + 1 + text.length);
  new DataView(out.buffer).setUint32(0, 1 + text.length);
  out[LENGTH_BYTES] = KINDS.format;
  out.set(text, LENGTH_BYTES + 1);
  return out;
}

export function encodeSoundUnit(wallMs: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(LENGTH_BYTES + UNIT_HEAD_BYTES + bytes.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, UNIT_HEAD_BYTES + bytes.length);
  out[LENGTH_BYTES] = KINDS.unit;
  view.setFloat64(LENGTH_BYTES + 1, wallMs);
  out.set(bytes, LENGTH_BYTES + UNIT_HEAD_BYTES);
  return out;
}

export function encodeSoundUntil(wallMs: number): Uint8Array {
  const out = new Uint8Array(LENGTH_BYTES + UNIT_HEAD_BYTES);
  const view = new DataView(out.buffer);
  view.setUint32(0, UNIT_HEAD_BYTES);
  out[LENGTH_BYTES] = KINDS.until;
  view.setFloat64(LENGTH_BYTES + 1, wallMs);
  return out;
}

/** Of a whole body. */
export function decodeSoundRecords(body: Uint8Array): Ok<SoundRecord[]> | Err<string> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const records: SoundRecord[] = [];
  for (let at = 0; at < body.length;) {
    const length = at + LENGTH_BYTES < body.length ? view.getUint32(at) : 0;
    const end = at + LENGTH_BYTES + length;
    if (length < 1 || length > MOST_RECORD_BYTES || end > body.length) return err(`no whole record at byte ${at}`);
    const kind = body[at + LENGTH_BYTES];
    if (kind === KINDS.unit && length > UNIT_HEAD_BYTES) records.push({ kind: "unit", wallMs: view.getFloat64(at + LENGTH_BYTES + 1), bytes: new Uint8Array(body.subarray(at + LENGTH_BYTES + UNIT_HEAD_BYTES, end)) });
    else if (kind === KINDS.until && length === UNIT_HEAD_BYTES) records.push({ kind: "until", wallMs: view.getFloat64(at + LENGTH_BYTES + 1) });
    else if (kind === KINDS.format) {
      const format = parseFormat(body.subarray(at + LENGTH_BYTES + 1, end));
      if (format === undefined) return err(`a format at byte ${at} that is none`);
      records.push({ kind: "format", format });
    } else return err(`a record at byte ${at} of no kind that is known`);
    at = end;
  }
  return ok(records);
}

function parseFormat(bytes: Uint8Array): LiveSoundFormat | undefined {
  try {
    const read = LiveSoundFormat.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
