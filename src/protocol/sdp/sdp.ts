// Session descriptions (RFC 8866), as far as a recorder needs them: the tracks, their payload formats and where to set them up. Read line by
// line without regard to order, as makes put `a=` lines before `c=`, leave out `o=`, or end with blanks. What cannot be read is a fault of
// its track, not of the whole.
import { type Err, type Ok, err, ok } from "../../base/result.ts";

export interface SdpMedia {
  readonly kind: string; // "video", "audio", "application"
  readonly protocol: string; // RTP/AVP
  readonly payloadTypes: readonly number[];
  /** From rtpmap of the first payload type: upper case, e.g. H264; undefined where a static type has none. */
  readonly encoding: string | undefined;
  readonly clockHz: number | undefined;
  /** From rtpmap, where it names a count: audio. */
  readonly channels: number | undefined;
  /** fmtp of the first payload type; names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  /** a=control of the media, verbatim; undefined where it is none that can be asked for. */
  readonly control: string | undefined;
  /** a=framerate, where it is a number above 0. */
  readonly frameRate: number | undefined;
}
export interface Sdp {
  readonly sessionName: string | undefined;
  readonly control: string | undefined;
  readonly media: readonly SdpMedia[];
}
export interface SdpFault {
  readonly line: number; // from 1
  readonly reason: string;
}

interface MediaDraft {
  kind: string;
  protocol: string;
  payloadTypes: number[];
  encoding: string | undefined;
  clockHz: number | undefined;
  channels: number | undefined;
  parameters: ReadonlyMap<string, string>;
  control: string | undefined;
  frameRate: number | undefined;
}

/** Encodings of static payload types (RFC 3551 section 6) that cameras use without an rtpmap. */
export const STATIC_ENCODINGS: Readonly<Record<number, string>> = { 0: "PCMU", 8: "PCMA", 14: "MPA", 26: "JPEG", 32: "MPV", 33: "MP2T" };
const MOST_MEDIA = 32;

export function parseSdp(text: string): Ok<Sdp> | Err<SdpFault> {
  const lines = text.split(/\r\n|\n|\r/);
  let sessionName: string | undefined;
  let sessionControl: string | undefined;
  const media: MediaDraft[] = [];
  let current: MediaDraft | undefined;
  let sawVersion = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.replace(/[\s\0]+$/, "");
    if (line === "") continue;
    if (!/^[a-z]=/.test(line)) return err({ line: i + 1, reason: `${JSON.stringify(line.slice(0, 40))}, expected a letter and "="` });
    const value = line.slice(2);
    if (!sawVersion) {
      if (line !== "v=0") return err({ line: i + 1, reason: `${JSON.stringify(line.slice(0, 40))}, expected v=0` });
      sawVersion = true;
    } else if (line[0] === "s") {
      sessionName = value;
    } else if (line[0] === "m") {
      if (media.length === MOST_MEDIA) return err({ line: i + 1, reason: `more than ${MOST_MEDIA} media` });
      current = parseMediaLine(value);
      if (current === undefined) return err({ line: i + 1, reason: `m=${value.slice(0, 40)}, expected: media port protocol formats` });
      media.push(current);
    } else if (line[0] === "a") {
      const colon = value.indexOf(":");
      const name = colon < 0 ? value : value.slice(0, colon);
      const rest = colon < 0 ? "" : value.slice(colon + 1).trim();
      if (current === undefined) {
        if (name === "control" && canBeRequested(rest)) sessionControl ??= rest;
      } else {
        readAttribute(current, name, rest);
      }
    }
  }
  if (!sawVersion) return err({ line: 1, reason: "empty, expected v=0" });
  return ok({ sessionName, control: sessionControl, media });
}

function parseMediaLine(value: string): MediaDraft | undefined {
  const parts = value.trim().split(/\s+/);
  if (parts.length < 4 || !/^\d+(\/\d+)?$/.test(parts[1]!)) return undefined;
  const payloadTypes = parts.slice(3).filter((format) => /^\d{1,3}$/.test(format)).map(Number).filter((type) => type < 128);
  return {
    kind: parts[0]!.toLowerCase(), protocol: parts[2]!.toUpperCase(), payloadTypes, encoding: payloadTypes.length > 0 ? STATIC_ENCODINGS[payloadTypes[0]!] : undefined,
    clockHz: undefined, channels: undefined, parameters: new Map(), control: undefined, frameRate: undefined,
  };
}

/** A control stands in the line of a request: blanks, control characters and what is no ASCII would break it, so such a one is no control. */
function canBeRequested(control: string): boolean {
  return /^[\x21-\x7e]*$/.test(control);
}

function readAttribute(media: MediaDraft, name: string, rest: string): void {
  if (name === "control") {
    if (canBeRequested(rest)) media.control ??= rest;
  } else if (name === "framerate") {
    const rate = /^\d+(\.\d+)?$/.test(rest) ? Number(rest) : 0; // "0S" was seen
    if (rate > 0) media.frameRate = rate;
  } else if (name === "rtpmap") {
    const match = /^(\d{1,3})\s+([^/\s]+)\/(\d{1,9})(?:\/(\d{1,3}))?/.exec(rest);
    if (match !== null && Number(match[1]) === media.payloadTypes[0]) {
      media.encoding = match[2]!.toUpperCase();
      media.clockHz = Number(match[3]);
      media.channels = match[4] === undefined ? undefined : Number(match[4]);
    }
  } else if (name === "fmtp") {
    const match = /^(\d{1,3})(?:\s+(.*))?$/.exec(rest);
    if (match !== null && Number(match[1]) === media.payloadTypes[0]) media.parameters = parseFormatParameters(match[2] ?? "");
  }
}

function parseFormatParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text.split(";")) {
    const equals = part.indexOf("=");
    if (equals > 0) parameters.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  return parameters;
}

export interface SdpSoundOffer {
  readonly payloadType: number;
  /** As rtpmap has it: PCMA/8000. */
  readonly encoding: string;
  readonly formatParameters: string | undefined;
  readonly control: string;
}
export interface SdpVideoOffer {
  readonly sessionId: number;
  readonly sessionName: string;
  readonly address: string; // of the server
  readonly payloadType: number;
  readonly encoding: "H264" | "H265" | "JPEG";
  /** e.g. packetization-mode=1;sprop-parameter-sets=...; undefined: no fmtp line. */
  readonly formatParameters: string | undefined;
  readonly frameRate: number | undefined;
  readonly control: string; // e.g. trackID=0
  readonly sound?: SdpSoundOffer | undefined;
}

/** One video track and perhaps one of sound, as a camera answers DESCRIBE. Lines end in CR LF. */
export function formatSdp(offer: SdpVideoOffer): string {
  const lines = [
    "v=0", `o=- ${offer.sessionId} 1 IN IP4 ${offer.address}`, `s=${offer.sessionName}`, "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*", "a=range:npt=now-",
    `m=video 0 RTP/AVP ${offer.payloadType}`, `a=rtpmap:${offer.payloadType} ${offer.encoding}/90000`,
  ];
  if (offer.formatParameters !== undefined) lines.push(`a=fmtp:${offer.payloadType} ${offer.formatParameters}`);
  if (offer.frameRate !== undefined) lines.push(`a=framerate:${offer.frameRate}`);
  lines.push("a=recvonly", `a=control:${offer.control}`);
  if (offer.sound !== undefined) {
    const { payloadType, encoding, formatParameters, control } = offer.sound;
    lines.push(`m=audio 0 RTP/AVP ${payloadType}`, `a=rtpmap:${payloadType} ${encoding}`, ...(formatParameters === undefined ? [] : [`a=fmtp:${payloadType} ${formatParameters}`]), "a=recvonly", `a=control:${control}`);
  }
  return `${lines.join("\r\n")}\r\n`;
}
