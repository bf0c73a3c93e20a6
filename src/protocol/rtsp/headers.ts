// The headers whose values have a grammar of their own: Transport (RFC 2326 section 12.39), Session (12.37), RTP-Info (12.33), Public (12.28). Read
// leniently, as makes differ (blanks, quotes, missing `unicast`, ssrc with too few digits); written strictly.

/** `RTP/AVP/TCP;unicast;interleaved=0-1`. Channels and ports are undefined where the header does not name them. */
export interface Transport {
  readonly tcp: boolean;
  readonly multicast: boolean;
  readonly interleaved: readonly [number, number] | undefined;
  readonly clientPort: readonly [number, number] | undefined;
  readonly serverPort: readonly [number, number] | undefined;
  readonly ssrc: number | undefined;
}

/** A server may offer a list separated by commas: the first that can be read counts. Undefined where none can. */
export function parseTransport(value: string): Transport | undefined {
  for (const offer of value.split(",")) {
    const parts = offer.split(";").map((part) => part.trim());
    const protocol = /^RTP\/S?AVPF?(?:\/(TCP|UDP))?$/i.exec(parts[0]!);
    if (protocol === null) continue;
    let interleaved: readonly [number, number] | undefined;
    let clientPort: readonly [number, number] | undefined;
    let serverPort: readonly [number, number] | undefined;
    let multicast = false;
    let ssrc: number | undefined;
    let wrong = false;
    for (const part of parts.slice(1)) {
      const equals = part.indexOf("=");
      if (equals < 0) {
        multicast ||= part.toLowerCase() === "multicast";
        continue;
      }
      const name = part.slice(0, equals).trim().toLowerCase();
      const text = part.slice(equals + 1).trim();
      if (name === "interleaved") {
        interleaved = parsePair(text, 255);
        wrong ||= interleaved === undefined;
      } else if (name === "client_port") {
        clientPort = parsePair(text, 65_535);
        wrong ||= clientPort === undefined;
      } else if (name === "server_port") {
        serverPort = parsePair(text, 65_535);
        wrong ||= serverPort === undefined;
      } else if (name === "ssrc" && /^[0-9a-f]{1,8}$/i.test(text)) {
        ssrc = Number.parseInt(text, 16);
      }
    }
    if (!wrong) return { tcp: protocol[1]?.toUpperCase() === "TCP", multicast, interleaved, clientPort, serverPort, ssrc };
  }
  return undefined;
}

export function formatTransport(interleaved: readonly [number, number], ssrc?: number): string {
  const base = `RTP/AVP/TCP;unicast;interleaved=${interleaved[0]}-${interleaved[1]}`;
  return ssrc === undefined ? base : `${base};ssrc=${ssrc.toString(16).toUpperCase().padStart(8, "0")}`;
}

/** What a client asks for where packets come by UDP: RTP to the first port, RTCP to the second. */
export function formatUdpTransport(clientPort: readonly [number, number]): string {
  return `RTP/AVP;unicast;client_port=${clientPort[0]}-${clientPort[1]}`;
}

function parsePair(text: string, most: number): readonly [number, number] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const low = Number(match[1]);
  const high = match[2] === undefined ? low + 1 : Number(match[2]);
  return low <= most && high <= most + 1 ? [low, high] : undefined;
}

/** 60 s unless told otherwise (RFC 2326 section 12.37). */
export const DEFAULT_SESSION_TIMEOUT_S = 60;
export interface SessionHeader {
  readonly id: string;
  readonly timeoutS: number;
}

export function parseSession(value: string): SessionHeader | undefined {
  const parts = value.split(";").map((part) => part.trim());
  const id = parts[0]!;
  if (id === "" || id.length > 128) return undefined;
  let timeoutS = DEFAULT_SESSION_TIMEOUT_S;
  for (const part of parts.slice(1)) {
    const match = /^timeout\s*=\s*(\d{1,6})$/i.exec(part);
    if (match !== null && Number(match[1]) > 0) timeoutS = Number(match[1]);
  }
  return { id, timeoutS };
}

export interface RtpInfo {
  readonly url: string;
  readonly sequence: number | undefined;
  /** Undefined where absent or out of range (a server was seen to send -1). */
  readonly rtpTime: number | undefined;
}

export function parseRtpInfo(value: string): RtpInfo[] {
  const out: RtpInfo[] = [];
  for (const entry of value.split(",")) {
    let url: string | undefined;
    let sequence: number | undefined;
    let rtpTime: number | undefined;
    // A URL may hold ';' only in its path; every entry seen so far begins with url=.
    for (const part of entry.split(";")) {
      const equals = part.indexOf("=");
      if (equals < 0) continue;
      const name = part.slice(0, equals).trim().toLowerCase();
      const text = part.slice(equals + 1).trim();
      if (name === "url") url = text;
      else if (name === "seq" && /^\d{1,5}$/.test(text) && Number(text) <= 65_535) sequence = Number(text);
      else if (name === "rtptime" && /^\d{1,10}$/.test(text) && Number(text) <= 4_294_967_295) rtpTime = Number(text);
    }
    if (url !== undefined) out.push({ url, sequence, rtpTime });
  }
  return out;
}

/** Methods named by Public, upper case. */
export function parsePublic(value: string): ReadonlySet<string> {
  return new Set(value.split(",").map((method) => method.trim().toUpperCase()).filter((method) => method !== ""));
}
