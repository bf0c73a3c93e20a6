// RTSP/1.0 messages (RFC 2326 section 4 and 6) and interleaved frames (section 10.12) as they come down one connection. `parseRtsp` looks at bytes
// and gives one of the answers: a message, an interleaved frame, need more, or invalid at an offset with the reason. It keeps nothing and throws
// nothing; how much it may look at is an argument. Lines may end in LF alone, and empty lines before a message are passed over, as
// RFC 2326 section 4.1 asks of a robust receiver.

export interface RtspHeader {
  readonly name: string;
  readonly value: string;
}
export interface RtspRequest {
  readonly kind: "request";
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly RtspHeader[];
  readonly body: Uint8Array;
}
export interface RtspResponse {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly RtspHeader[];
  readonly body: Uint8Array;
}
export type RtspMessage = RtspRequest | RtspResponse;

export interface RtspLimits {
  /** Start line and headers together. */
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/** `next` is the offset behind what was read; offsets are into the same array that was given. */
export type RtspParse =
  | { readonly kind: "message"; readonly message: RtspMessage; readonly next: number }
  | { readonly kind: "interleaved"; readonly channel: number; readonly start: number; readonly end: number; readonly next: number }
  /** `wanted`: so many bytes from the start must be there before another look can tell more; 0: another end of line must come. */
  | { readonly kind: "need-more"; readonly wanted: number }
  | { readonly kind: "invalid"; readonly offset: number; readonly reason: string };

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const NEED_LINE: RtspParse = { kind: "need-more", wanted: 0 };
/** Cameras send some ten. */
const MOST_HEADERS = 128;
const METHOD = /^[A-Z_]{1,32}$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const utf8 = new TextDecoder("utf-8");

export function parseRtsp(bytes: Uint8Array, start: number, end: number, limits: RtspLimits): RtspParse {
  let at = start;
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
  if (at - start > 64) return invalid(start, "more than 64 bytes of empty lines");
  if (at === end) return needMore(at + 1 - start);
  if (bytes[at] === DOLLAR) {
    if (end - at < 4) return needMore(at + 4 - start);
    const size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (end - at < 4 + size) return needMore(at + 4 + size - start);
    return { kind: "interleaved", channel: bytes[at + 1]!, start: at + 4, end: at + 4 + size, next: at + 4 + size };
  }
  return parseMessage(bytes, start, at, end, limits);
}

/** `begin`: before the empty lines. */
function parseMessage(bytes: Uint8Array, begin: number, start: number, end: number, limits: RtspLimits): RtspParse {
  const headerLimit = Math.min(end, start + limits.headerBytes);
  const headers: RtspHeader[] = [];
  let first: { build: (body: Uint8Array) => RtspMessage } | undefined;
  let at = start;
  for (;;) {
    const lineFeed = indexOfLineFeed(bytes, at, headerLimit);
    if (lineFeed < 0) {
      if (end - start >= limits.headerBytes) return invalid(start, `headers longer than ${limits.headerBytes} bytes`);
      const odd = findUnprintable(bytes, at, end);
      return odd >= 0 ? invalid(odd, "a control character in the headers") : NEED_LINE;
    }
    const lineEnd = lineFeed > at && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
    const odd = findUnprintable(bytes, at, lineEnd);
    if (odd >= 0) return invalid(odd, "a control character in the headers");
    if (lineEnd === at) {
      at = lineFeed + 1;
      break;
    }
    const line = utf8.decode(bytes.subarray(at, lineEnd));
    if (first === undefined) {
      first = parseStartLine(line, headers);
      if (first === undefined) return invalid(at, "neither a request line nor a status line of RTSP/1.0");
    } else {
      const colon = line.indexOf(":");
      const name = colon < 0 ? "" : line.slice(0, colon).trimEnd();
      if (!TOKEN.test(name)) return invalid(at, "a header line without a name");
      if (headers.length === MOST_HEADERS) return invalid(at, `more than ${MOST_HEADERS} headers`);
      headers.push({ name, value: line.slice(colon + 1).trim() });
    }
    at = lineFeed + 1;
  }
  if (first === undefined) return invalid(start, "no start line");
  const length = findHeader(headers, "Content-Length");
  let bodyBytes = 0;
  if (length !== undefined) {
    if (!/^\d{1,10}$/.test(length)) return invalid(start, `Content-Length ${JSON.stringify(length.slice(0, 40))}, expected digits`);
    bodyBytes = Number(length);
    if (bodyBytes > limits.bodyBytes) return invalid(start, `a body of ${bodyBytes} bytes, at most ${limits.bodyBytes} are taken`);
  }
  if (at + bodyBytes > end) return needMore(at + bodyBytes - begin);
  return { kind: "message", message: first.build(bytes.slice(at, at + bodyBytes)), next: at + bodyBytes };
}

function parseStartLine(line: string, headers: readonly RtspHeader[]): { build: (body: Uint8Array) => RtspMessage } | undefined {
  const status = /^RTSP\/1\.\d (\d{3})(?: (.*))?$/.exec(line);
  if (status !== null) {
    const code = Number(status[1]);
    const reason = status[2] ?? "";
    return { build: (body) => ({ kind: "response", status: code, reason, headers, body }) };
  }
  const parts = line.split(" ");
  const [method, uri, version] = parts;
  if (parts.length !== 3 || !METHOD.test(method!) || uri === "" || !/^RTSP\/1\.\d$/.test(version!)) return undefined;
  return { build: (body) => ({ kind: "request", method: method!, uri: uri!, headers, body }) };
}

/** The first header of that name, without regard to case (several makes write `Cseq`). */
export function findHeader(headers: readonly RtspHeader[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const header of headers) if (header.name.toLowerCase() === wanted) return header.value;
  return undefined;
}

export function listHeaders(headers: readonly RtspHeader[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter((header) => header.name.toLowerCase() === wanted).map((header) => header.value);
}

/** CSeq as a number; undefined where absent or no number. Trailing blanks are borne (Longse sends "1 "). */
export function findCSeq(message: RtspMessage): number | undefined {
  const value = findHeader(message.headers, "CSeq");
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}

function indexOfLineFeed(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === LF) return i;
  return -1;
}

// HTAB and everything from space up may stand in a header line; CR may stand at the end of what has come so far.
function findUnprintable(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if ((byte < 0x20 && byte !== 0x09 && !(byte === CR && i === to - 1)) || byte === 0x7f) return i;
  }
  return -1;
}

function needMore(wanted: number): RtspParse {
  return { kind: "need-more", wanted };
}

function invalid(offset: number, reason: string): RtspParse {
  return { kind: "invalid", offset, reason };
}
