// The binary messages of a recorder's live socket, and the three numbers of ISO BMFF that a live picture needs: the time scale (mdhd), the
// decode time of a fragment (tfdt) and so the place of each fragment on a media timeline. mp4box could read them, but it builds a tree of every
// box of 400 fragments a second; this walks sizes and reads two integers. Everything here may be handed hostile bytes: it answers, never throws.
import { LIVE_FRAME_KINDS, LIVE_HEADER_BYTES } from "../../../src/contract/media.ts";

export type LiveFrameKind = keyof typeof LIVE_FRAME_KINDS;

/** `wallMs` is the wall time of the first sample, by the recorder's corrected clock. `bmff` is a view, not a copy; of sound it is the unit itself. */
export interface LiveFrame {
  readonly kind: LiveFrameKind;
  readonly channel: number;
  readonly wallMs: number;
  readonly bmff: Uint8Array<ArrayBuffer>;
}
export type FrameFault = "too-short" | "unknown-kind" | "bad-time" | "empty";

const KIND_OF_BYTE: readonly LiveFrameKind[] = (["init", "key", "delta", "sound"] as const).toSorted((a, b) => LIVE_FRAME_KINDS[a] - LIVE_FRAME_KINDS[b]);

export function decodeLiveFrame(message: ArrayBuffer): LiveFrame | { readonly fault: FrameFault } {
  if (message.byteLength < LIVE_HEADER_BYTES) return { fault: "too-short" };
  const view = new DataView(message);
  const kind = KIND_OF_BYTE[view.getUint8(0)];
  if (kind === undefined) return { fault: "unknown-kind" };
  const wallMs = view.getFloat64(3);
  if (!Number.isFinite(wallMs) || wallMs < 0) return { fault: "bad-time" };
  if (message.byteLength === LIVE_HEADER_BYTES) return { fault: "empty" };
  return { kind, channel: view.getUint16(1), wallMs, bmff: new Uint8Array(message, LIVE_HEADER_BYTES) };
}

const code = (name: string): number => ((name.charCodeAt(0) << 24) | (name.charCodeAt(1) << 16) | (name.charCodeAt(2) << 8) | name.charCodeAt(3)) >>> 0;

/** Payload of the first box at `path` (e.g. moof, traf, tfdt), or null where it is not there or a size is wrong (ISO/IEC 14496-12, 4.2). */
function findBox(bytes: Uint8Array, path: readonly string[]): DataView | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let end = bytes.byteLength;
  for (const [depth, name] of path.entries()) {
    const wanted = code(name);
    let found = false;
    while (at + 8 <= end) {
      const short = view.getUint32(at);
      const header = short === 1 ? 16 : 8;
      if (at + header > end) return null;
      const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? end - at : short;
      if (size < header || at + size > end) return null;
      if (view.getUint32(at + 4) === wanted) {
        end = at + size;
        at += header;
        found = true;
        break;
      }
      at += size;
    }
    if (!found) return null;
    if (depth === path.length - 1) return new DataView(view.buffer, view.byteOffset + at, end - at);
  }
  return null;
}

/** Ticks per second of the first track (mdhd, 8.4.2), or null. */
export function findTimescale(init: Uint8Array): number | null {
  const box = findBox(init, ["moov", "trak", "mdia", "mdhd"]);
  if (box === null || box.byteLength < 4) return null;
  const at = box.getUint8(0) === 1 ? 20 : 12;
  if (box.byteLength < at + 4) return null;
  const timescale = box.getUint32(at);
  return timescale > 0 ? timescale : null;
}

/** Base media decode time of the first track fragment in ticks (tfdt, 8.8.12), or null. */
export function findDecodeTime(fragment: Uint8Array): number | null {
  const box = findBox(fragment, ["moof", "traf", "tfdt"]);
  if (box === null || box.byteLength < 8) return null;
  if (box.getUint8(0) !== 1) return box.getUint32(4);
  return box.byteLength < 12 ? null : Number(box.getBigUint64(4));
}

/** The same fragment at another decode time, or null where it has none. */
export function atDecodeTime(fragment: Uint8Array<ArrayBuffer>, ticks: number): Uint8Array<ArrayBuffer> | null {
  const copy = fragment.slice();
  const box = findBox(copy, ["moof", "traf", "tfdt"]);
  if (box === null || box.byteLength < 8) return null;
  if (box.getUint8(0) !== 1) box.setUint32(4, ticks);
  else if (box.byteLength < 12) return null;
  else box.setBigUint64(4, BigInt(ticks));
  return copy;
}
