// An RTSP server for tests that says what it is told to: each request goes to a function, whose answer is sent. For what TestCamera's behaviours do not have: redirections, several
// tracks, UDP, TLS, captures played as they were taken.
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { formatResponse } from "../../src/protocol/rtsp/format.ts";
import { type RtspHeader, type RtspRequest, findHeader } from "../../src/protocol/rtsp/message.ts";
import { RtspStreamReader } from "../../src/protocol/rtsp/stream-reader.ts";

export interface ScriptedAnswer {
  readonly status: number;
  /** CSeq is added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** Undefined: no answer. */
export type Script = (request: RtspRequest, socket: Socket) => ScriptedAnswer | undefined;

export class ScriptedCamera {
  readonly requests: RtspRequest[] = [];
  /** All that came, whether RTSP or not. */
  receivedBytes = 0;
  port = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #tls: boolean;

  constructor(script: Script, tls?: { readonly key: string; readonly cert: string }) {
    this.#tls = tls !== undefined;
    const serve = (socket: Socket): void => this.#serve(socket, script);
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    this.#server.on("tlsClientError", () => undefined);
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    return this.address;
  }

  get address(): string {
    return `${this.#tls ? "rtsps" : "rtsp"}://127.0.0.1:${this.port}/live`;
  }

  /** Methods in the order in which they came. */
  get methods(): string[] {
    return this.requests.map((request) => request.method);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket, script: Script): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    const reader = new RtspStreamReader({ headerBytes: 8_192, bodyBytes: 8_192 }, {
      onMessage: (message) => {
        if (message.kind !== "request") return;
        this.requests.push(message);
        const answer = script(message, socket);
        if (answer === undefined) return;
        const headers: RtspHeader[] = [{ name: "CSeq", value: findHeader(message.headers, "CSeq") ?? "0" }, ...Object.entries(answer.headers ?? {}).map(([name, value]) => ({ name, value }))];
        socket.write(formatResponse(answer.status, headers, new TextEncoder().encode(answer.body ?? "")));
      },
      onInterleaved: () => undefined,
      onInvalid: () => socket.destroy(),
    });
    socket.on("data", (data) => {
      this.receivedBytes += data.length;
      reader.feed(data, 0, data.length);
    });
  }
}

export const SMALL_SDP = [
  "v=0", "s=x", "a=control:*", "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==", "a=control:track0",
  "m=audio 0 RTP/AVP 8", "a=control:track1", "",
].join("\r\n");

/** Answers as a plain camera would, over TCP: for scripts that differ in one thing. */
export function answerPlainly(request: RtspRequest): ScriptedAnswer {
  const session = { Session: "77;timeout=60" };
  switch (request.method) {
    case "OPTIONS":
      return { status: 200, headers: { Public: "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN" } };
    case "DESCRIBE":
      return { status: 200, headers: { "Content-Type": "application/sdp" }, body: SMALL_SDP };
    case "SETUP":
      return { status: 200, headers: { ...session, Transport: findHeader(request.headers, "Transport") ?? "" } };
    default:
      return { status: 200, headers: session };
  }
}
