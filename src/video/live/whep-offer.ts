// What a WHEP client offers to receive (an SDP offer of a browser): which of its payload types takes our H.264. Read line by line for this one question; the
// WebRTC library reads the rest.

export interface OfferedH264 {
  readonly payloadType: number;
  /** Six hexadecimal digits (RFC 6184 section 8.1), as offered. */
  readonly profileLevelId: string;
}

/** Baseline, constrained, level 1: what an offer means that names none. */
const DEFAULT_PROFILE_LEVEL = "42000a";
const MOST_LINES = 2_000;

/**
 * The payload type of H.264 in packetization mode 1 of the first picture section that is to be received: the one of our profile (profile_idc) where it is offered, else the
 * first, since browsers decode more than they name. Undefined where there is none.
 */
export function findOfferedH264(offer: string, profile: number | undefined): OfferedH264 | undefined {
  const lines = offer.split(/\r\n|\n/, MOST_LINES);
  const from = lines.findIndex((line) => line.startsWith("m=video "));
  if (from < 0) return undefined;
  const after = lines.findIndex((line, i) => i > from && line.startsWith("m="));
  const section = lines.slice(from, after < 0 ? lines.length : after);
  if (section.includes("a=sendonly") || section.includes("a=inactive") || section[0]!.startsWith("m=video 0 ")) return undefined;
  const found: OfferedH264[] = [];
  for (const line of section) {
    const map = /^a=rtpmap:(\d{1,3}) H264\/90000\s*$/i.exec(line);
    if (map === null) continue;
    const parameters = section.find((one) => one.startsWith(`a=fmtp:${map[1]} `)) ?? "";
    if (!/[ ;]packetization-mode=1(;|$|\s)/.test(parameters)) continue;
    found.push({ payloadType: Number(map[1]), profileLevelId: /[ ;]profile-level-id=([0-9a-f]{6})/i.exec(parameters)?.[1]?.toLowerCase() ?? DEFAULT_PROFILE_LEVEL });
  }
  return found.find((one) => Number.parseInt(one.profileLevelId.slice(0, 2), 16) === profile) ?? found[0];
}
