// The streams of testdata/streams as access units with the time at which each is shown, and a camera that sends what it is told, packet by packet, when it is told to.
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { splitAnnexB } from "../../src/media/annexb.ts";
import { H264Packetizer } from "../../src/media/rtp/h264-packetizer.ts";
import { RTP_HEADER_BYTES, encodeRtpHeader } from "../../src/media/rtp/packet.ts";
import { encodeBase64 } from "../../src/protocol/rtsp/challenge.ts";
import { type Script, ScriptedCamera, answerPlainly } from "./scripted-camera.ts";

export const FILES = ["plain.h264", "reordered.h264", "larger.h264", "plain.h265", "reordered.h265"] as const;
export type StreamFile = (typeof FILES)[number];

/** In decoding order, by when each is shown; the pattern begins anew with each key frame. */
const PRESENTED: Partial<Record<StreamFile, readonly number[]>> = {
  "reordered.h264": [0, 4, 2, 1, 3, 8, 6, 5, 7, 12, 10, 9, 11, 16, 14, 13, 15, 20, 18, 17, 19, 24, 22, 21, 23],
  "reordered.h265": [0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11, 15, 13, 14, 18, 16, 17, 21, 19, 20, 24, 22, 23],
};
export const GOP = 25;
export const FRAME_90K = 3_600;

export interface Picture {
  readonly nals: readonly Uint8Array[];
  readonly key: boolean;
  /** When it is shown, 90 kHz after the first. */
  readonly shown90k: number;
}
export interface StreamText {
  readonly codec: "h264" | "h265";
  readonly pictures: readonly Picture[];
  readonly sdp: string;
}

const typeOf = (codec: "h264" | "h265", nal: Uint8Array): number => (codec === "h264" ? nal[0]! & 0x1f : (nal[0]! >> 1) & 0x3f);

export function readStream(file: StreamFile): StreamText {
  const codec = file.endsWith("h264") ? "h264" : "h265";
  const units: Uint8Array[][] = [];
  const sets = new Map<number, Uint8Array>();
  for (const nal of splitAnnexB(readFileSync(new URL(`../../testdata/streams/${file}`, import.meta.url)))) {
    const type = typeOf(codec, nal);
    if (type === (codec === "h264" ? 9 : 35)) units.push([]);
    units.at(-1)!.push(nal);
    if (codec === "h264" ? type === 7 || type === 8 : type >= 32 && type <= 34) sets.set(type, nal);
  }
  const pictures = units.map((nals, i): Picture => {
    const order = PRESENTED[file]?.[i % GOP] ?? i % GOP;
    return { nals, key: i % GOP === 0, shown90k: (i - (i % GOP) + order) * FRAME_90K };
  });
  const set = (type: number): string => encodeBase64(sets.get(type)!);
  const parameters = codec === "h264" ? `packetization-mode=1;sprop-parameter-sets=${set(7)},${set(8)}` : `sprop-vps=${set(32)};sprop-sps=${set(33)};sprop-pps=${set(34)}`;
  const sdp = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=x", "t=0 0", "a=control:*", "m=video 0 RTP/AVP 96", `a=rtpmap:96 ${codec === "h264" ? "H264" : "H265"}/90000`, `a=fmtp:96 ${parameters}`, "a=control:track0", ""].join("\r\n");
  return { codec, pictures, sdp };
}

/** H.265 to RTP (RFC 7798), as much as tests need: single NAL units and fragmentation units, each framed for interleaved TCP. */
function packetizeH265(nals: readonly Uint8Array[], timestamp: number, firstSequence: number, most: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  const add = (payload: Uint8Array, marker: boolean): void => {
    const packet = new Uint8Array(4 + RTP_HEADER_BYTES + payload.length);
    packet.set([0x24, 0, (RTP_HEADER_BYTES + payload.length) >>> 8, (RTP_HEADER_BYTES + payload.length) & 0xff]);
    encodeRtpHeader(packet, 4, 96, marker, (firstSequence + out.length) & 0xffff, timestamp >>> 0, 7);
    packet.set(payload, 4 + RTP_HEADER_BYTES);
    out.push(packet);
  };
  for (const [i, nal] of nals.entries()) {
    const isLast = i === nals.length - 1;
    if (nal.length <= most) {
      add(nal, isLast);
      continue;
    }
    for (let from = 2; from < nal.length; from += most - 3) {
      const to = Math.min(nal.length, from + most - 3);
      const head = [(nal[0]! & 0x81) | (49 << 1), nal[1]!, (from === 2 ? 0x80 : 0) | (to === nal.length ? 0x40 : 0) | ((nal[0]! >> 1) & 0x3f)];
      add(Uint8Array.from([...head, ...nal.subarray(from, to)]), isLast && to === nal.length);
    }
  }
  return out;
}

/** One picture's packets, each framed for interleaved TCP. */
export function packetize(codec: "h264" | "h265", nals: readonly Uint8Array[], timestamp: number, firstSequence: number): Uint8Array[] {
  if (codec === "h265") return packetizeH265(nals, timestamp, firstSequence, 400);
  const bytes = new H264Packetizer({ payloadType: 96, ssrc: 7, firstSequence, channel: 0, mostPayloadBytes: 400 }).packetize(nals, timestamp);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    out.push(bytes.subarray(at, end));
    at = end;
  }
  return out;
}

/** Says the stream's description, and hands its socket over at each PLAY. */
export function streamCamera(sdp: string, play: (socket: Socket) => void): ScriptedCamera {
  const script: Script = (request, socket) => {
    if (request.method === "DESCRIBE") return { status: 200, headers: { "Content-Type": "application/sdp" }, body: sdp };
    if (request.method === "PLAY") setImmediate(() => play(socket));
    return answerPlainly(request);
  };
  return new ScriptedCamera(script);
}
