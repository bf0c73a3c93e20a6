// The writing side of the grammar: requests, responses, interleaved frames. Header values come from our own code and from configuration (a camera's
// address, a user's name), so a line break in one is a bug or an attack: it throws, and never reaches the wire.
import type { RtspHeader } from "./message.ts";

export const RTSP_REASONS: Readonly<Record<number, string>> = {
  200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 413: "Request Entity Too Large",
  454: "Session Not Found", 455: "Method Not Valid in This State", 459: "Aggregate Operation Not Allowed", 461: "Unsupported Transport", 500: "Internal Server Error",
  501: "Not Implemented", 503: "Service Unavailable", 505: "RTSP Version Not Supported",
};

const encoder = new TextEncoder();

/** Content-Length is added where there is a body. Throws RangeError on a line break within a name or value. */
export function formatRequest(method: string, uri: string, headers: readonly RtspHeader[], body: Uint8Array = new Uint8Array(0)): Uint8Array {
  return join(`${method} ${uri} RTSP/1.0`, headers, body);
}

/** `reason` is looked up by the status. Throws RangeError on a line break within a name or value. */
export function formatResponse(status: number, headers: readonly RtspHeader[], body: Uint8Array = new Uint8Array(0)): Uint8Array {
  return join(`RTSP/1.0 ${status} ${RTSP_REASONS[status] ?? "Unknown"}`, headers, body);
}

/** `$`, channel, length, payload (RFC 2326 section 10.12). Throws RangeError above 65535 bytes. */
export function encodeInterleaved(channel: number, payload: Uint8Array): Uint8Array {
  if (payload.length > 65_535) throw new RangeError(`interleaved payload of ${payload.length} bytes, at most 65535`);
  const out = new Uint8Array(4 + payload.length);
  out[0] = 0x24;
  out[1] = channel;
  out[2] = payload.length >>> 8;
  out[3] = payload.length;
  out.set(payload, 4);
  return out;
}

function join(first: string, headers: readonly RtspHeader[], body: Uint8Array): Uint8Array {
  let text = `${checkLine(first)}\r\n`;
  for (const header of headers) text += `${checkLine(header.name)}: ${checkLine(header.value)}\r\n`;
  if (body.length > 0) text += `Content-Length: ${body.length}\r\n`;
  const head = encoder.encode(`${text}\r\n`);
  const out = new Uint8Array(head.length + body.length);
  out.set(head);
  out.set(body, head.length);
  return out;
}

function checkLine(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) throw new RangeError("a control character in an RTSP line");
  }
  return text;
}
