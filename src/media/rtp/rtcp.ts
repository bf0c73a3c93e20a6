// RTCP (RFC 3550 section 6): sender reports give the camera's own clock, BYE says that a stream ends on purpose. A receiver over
// interleaved TCP need not report; some cameras hang up on a client that never does, so an empty receiver report can be made.
import { readUint32, writeUint32 } from "../bytes.ts";

/** Seconds from 1900 (NTP) to 1970. */
const NTP_EPOCH_SECONDS = 2_208_988_800;

export const RTCP_TYPES = { senderReport: 200, receiverReport: 201, sourceDescription: 202, bye: 203 } as const;

export interface SenderReport {
  readonly ssrc: number;
  /** The sender's clock, milliseconds since 1970, with fraction. Not corrected: many cameras are wrong. */
  readonly wallMs: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

export interface RtcpReading {
  readonly senderReport: SenderReport | undefined;
  readonly bye: boolean;
  /** Why reading stopped before the end, if it did. What was read before stands. */
  readonly fault: "too-short" | "wrong-version" | undefined;
}

/** Reads a compound packet in `bytes[start, end)`. Unknown packet types are passed over. */
export function decodeRtcp(bytes: Uint8Array, start: number, end: number): RtcpReading {
  let senderReport: SenderReport | undefined;
  let bye = false;
  let at = start;
  while (at < end) {
    if (end - at < 4) return { senderReport, bye, fault: "too-short" };
    if (bytes[at]! >> 6 !== 2) return { senderReport, bye, fault: "wrong-version" };
    const length = (((bytes[at + 2]! << 8) | bytes[at + 3]!) + 1) * 4;
    if (at + length > end) return { senderReport, bye, fault: "too-short" };
    const type = bytes[at + 1]!;
    if (type === RTCP_TYPES.senderReport && length >= 28) {
      const seconds = readUint32(bytes, at + 8);
      const fraction = readUint32(bytes, at + 12);
      senderReport = {
        ssrc: readUint32(bytes, at + 4),
        wallMs: (seconds - NTP_EPOCH_SECONDS) * 1000 + (fraction * 1000) / 4294967296,
        rtpTimestamp: readUint32(bytes, at + 16),
        packets: readUint32(bytes, at + 20),
        octets: readUint32(bytes, at + 24),
      };
    } else if (type === RTCP_TYPES.bye) {
      bye = true;
    }
    at += length;
  }
  return { senderReport, bye, fault: undefined };
}

/** A sender report followed by the source description that RFC 3550 section 6.1 demands with it. `cname` is cut at 255 bytes. */
export function encodeSenderReport(report: SenderReport, cname: string): Uint8Array {
  const name = new TextEncoder().encode(cname).subarray(0, 255);
  const descriptionBytes = 8 + Math.ceil((2 + name.length + 1) / 4) * 4;
  const out = new Uint8Array(28 + descriptionBytes);
  out[0] = 0x80;
  out[1] = RTCP_TYPES.senderReport;
  out[3] = 6;
  writeUint32(out, 4, report.ssrc);
  const seconds = Math.floor(report.wallMs / 1000);
  writeUint32(out, 8, seconds + NTP_EPOCH_SECONDS);
  writeUint32(out, 12, Math.min(4294967295, Math.round(((report.wallMs - seconds * 1000) / 1000) * 4294967296)));
  writeUint32(out, 16, report.rtpTimestamp);
  writeUint32(out, 20, report.packets);
  writeUint32(out, 24, report.octets);
  out[28] = 0x81;
  out[29] = RTCP_TYPES.sourceDescription;
  out[31] = descriptionBytes / 4 - 1;
  writeUint32(out, 32, report.ssrc);
  out[36] = 1; // CNAME
  out[37] = name.length;
  out.set(name, 38);
  return out;
}

export function encodeReceiverReport(ssrc: number): Uint8Array {
  const out = new Uint8Array(8);
  out[0] = 0x80;
  out[1] = RTCP_TYPES.receiverReport;
  out[3] = 1;
  writeUint32(out, 4, ssrc);
  return out;
}

export function encodeBye(ssrc: number): Uint8Array {
  const out = new Uint8Array(8);
  out[0] = 0x81;
  out[1] = RTCP_TYPES.bye;
  out[3] = 1;
  writeUint32(out, 4, ssrc);
  return out;
}
