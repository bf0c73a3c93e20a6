// RTCP (RFC 3550 section 6): sender reports give the camera's own clock, BYE says that a stream ends on purpose, and receiver reports tell a sender over UDP
// how its packets come. A receiver over interleaved TCP need not report.
import { readUint32, writeUint32 } from "../bytes.ts";
import type { ReportBlock } from "./reception.ts";

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

/** As it came. */
export interface HeardSenderReport extends SenderReport {
  /** Middle 32 bits of its NTP time, which receiver reports give back. */
  readonly ntpMiddle: number;
}

export interface RtcpReading {
  readonly senderReport: HeardSenderReport | undefined;
  readonly bye: boolean;
  /** Why reading stopped before the end, if it did. What was read before stands. */
  readonly fault: "too-short" | "wrong-version" | undefined;
}

/** Reads a compound packet in `bytes[start, end)`. Unknown packet types are passed over. */
export function decodeRtcp(bytes: Uint8Array, start: number, end: number): RtcpReading {
  let senderReport: HeardSenderReport | undefined;
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
        ntpMiddle: ((seconds << 16) | (fraction >>> 16)) >>> 0,
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
  const out = new Uint8Array(28 + descriptionBytes(cname));
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
  writeDescription(out, 28, report.ssrc, cname);
  return out;
}

const BLOCK_BYTES = 24;

/** A receiver report of at most 31 blocks with its source description. */
export function encodeReceiverReport(ssrc: number, blocks: readonly ReportBlock[], cname: string): Uint8Array {
  const reportBytes = 8 + blocks.length * BLOCK_BYTES;
  const out = new Uint8Array(reportBytes + descriptionBytes(cname));
  out[0] = 0x80 | blocks.length;
  out[1] = RTCP_TYPES.receiverReport;
  out[3] = reportBytes / 4 - 1;
  writeUint32(out, 4, ssrc);
  for (const [i, block] of blocks.entries()) {
    const at = 8 + i * BLOCK_BYTES;
    writeUint32(out, at, block.ssrc);
    writeUint32(out, at + 4, block.cumulativeLost & 0xffffff);
    out[at + 4] = block.fractionLost;
    writeUint32(out, at + 8, block.highestSequence);
    writeUint32(out, at + 12, block.jitter);
    writeUint32(out, at + 16, block.lastSenderReport);
    writeUint32(out, at + 20, block.delaySinceSenderReport);
  }
  writeDescription(out, reportBytes, ssrc, cname);
  return out;
}

/** The blocks of a receiver report that stands first in a compound packet; none where something else does. */
export function decodeReportBlocks(bytes: Uint8Array, start: number, end: number): ReportBlock[] {
  if (end - start < 8 || bytes[start]! >> 6 !== 2 || bytes[start + 1] !== RTCP_TYPES.receiverReport) return [];
  const out: ReportBlock[] = [];
  for (let i = 0, at = start + 8; i < (bytes[start]! & 31) && at + BLOCK_BYTES <= end; i++, at += BLOCK_BYTES) {
    out.push({
      ssrc: readUint32(bytes, at), fractionLost: bytes[at + 4]!, cumulativeLost: (readUint32(bytes, at + 4) << 8) >> 8, highestSequence: readUint32(bytes, at + 8),
      jitter: readUint32(bytes, at + 12), lastSenderReport: readUint32(bytes, at + 16), delaySinceSenderReport: readUint32(bytes, at + 20),
    });
  }
  return out;
}

function descriptionBytes(cname: string): number {
  return 8 + Math.ceil((2 + nameBytes(cname).length + 1) / 4) * 4;
}

// One chunk with a CNAME (section 6.5), padded with zeros to whole words.
function writeDescription(out: Uint8Array, at: number, ssrc: number, cname: string): void {
  const name = nameBytes(cname);
  out[at] = 0x81;
  out[at + 1] = RTCP_TYPES.sourceDescription;
  out[at + 3] = descriptionBytes(cname) / 4 - 1;
  writeUint32(out, at + 4, ssrc);
  out[at + 8] = 1; // CNAME
  out[at + 9] = name.length;
  out.set(name, at + 10);
}

function nameBytes(cname: string): Uint8Array {
  return new TextEncoder().encode(cname).subarray(0, 255);
}

export function encodeBye(ssrc: number): Uint8Array {
  const out = new Uint8Array(8);
  out[0] = 0x81;
  out[1] = RTCP_TYPES.bye;
  out[3] = 1;
  writeUint32(out, 4, ssrc);
  return out;
}
