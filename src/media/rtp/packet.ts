// RTP header (RFC 3550 section 5.1), read in place. One `RtpPacket` is made per stream and filled again for each packet, so that
// nothing is allocated on the way from the socket to the access unit. The alternative, an object per packet, costs a third of the
// time of a recorder in garbage collection.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
// |                           timestamp                           |
// |           synchronization source (SSRC) identifier            |
// |            contributing source (CSRC) identifiers ...         |

import { readUint32, writeUint32 } from "../bytes.ts";

export const RTP_HEADER_BYTES = 12;
/** RTP clock of every video payload here (RFC 6184 section 8.2.1, RFC 7798 section 7.1). */
export const VIDEO_CLOCK_HZ = 90_000;

export const RTP_FAULTS = ["too-short", "wrong-version", "bad-extension", "bad-padding"] as const;
export type RtpFault = (typeof RTP_FAULTS)[number];

/** A view of one packet inside somebody else's bytes; valid until these change. */
export class RtpPacket {
  payloadType = 0;
  marker = false;
  sequence = 0;
  /** 32 bits, unsigned, wraps. */
  timestamp = 0;
  ssrc = 0;
  payloadStart = 0;
  payloadEnd = 0;

  /** Reads the packet in `bytes[start, end)`; answers undefined or why it is no RTP. Fields are meaningless after a fault. */
  read(bytes: Uint8Array, start: number, end: number): RtpFault | undefined {
    if (end - start < RTP_HEADER_BYTES) return "too-short";
    const first = bytes[start]!;
    if (first >> 6 !== 2) return "wrong-version";
    const second = bytes[start + 1]!;
    this.marker = (second & 0x80) !== 0;
    this.payloadType = second & 0x7f;
    this.sequence = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    this.timestamp = readUint32(bytes, start + 4);
    this.ssrc = readUint32(bytes, start + 8);
    let at = start + RTP_HEADER_BYTES + (first & 0x0f) * 4;
    if ((first & 0x10) !== 0) {
      if (at + 4 > end) return "bad-extension";
      at += 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!) * 4;
    }
    if (at > end) return (first & 0x10) !== 0 ? "bad-extension" : "too-short";
    let payloadEnd = end;
    if ((first & 0x20) !== 0) {
      const padding = bytes[end - 1]!;
      if (padding === 0 || at + padding > end) return "bad-padding";
      payloadEnd -= padding;
    }
    this.payloadStart = at;
    this.payloadEnd = payloadEnd;
    return undefined;
  }
}

/** Distance from sequence number `from` to `to` in [-32768, 32767], as numbers wrap at 16 bits. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Writes the 12 byte header; answers the offset behind it. */
export function encodeRtpHeader(
  out: Uint8Array, at: number, payloadType: number, marker: boolean, sequence: number, timestamp: number, ssrc: number,
): number {
  out[at] = 0x80;
  out[at + 1] = (marker ? 0x80 : 0) | payloadType;
  out[at + 2] = sequence >>> 8;
  out[at + 3] = sequence;
  writeUint32(out, at + 4, timestamp);
  writeUint32(out, at + 8, ssrc);
  return at + RTP_HEADER_BYTES;
}
