// Pairs of UDP ports for the packets of one camera: RTP on an even number and RTCP on the next, as RFC 3550 section 11 has it. Bound on the address that the RTSP connection goes
// out from, so that they can be reached from the camera's network only. The system picks the first; where it is odd or its neighbour is taken, another try.
import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import type { PortPair } from "../../protocol/rtsp/client-state.ts";

export interface MediaPortsSink {
  /** `pair` counts from 0 in the order of opening; `bytes` are this datagram's alone. */
  onDatagram(pair: number, isRtcp: boolean, bytes: Uint8Array, from: RemoteInfo): void;
}

const MOST_TRIES = 20;
/** A key frame of a fast camera is some hundred packets at once; what does not fit here is lost without a trace. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

export class MediaPorts {
  readonly #sockets: readonly (readonly [Socket, Socket])[];
  readonly pairs: readonly PortPair[];

  private constructor(sockets: readonly (readonly [Socket, Socket])[]) {
    this.#sockets = sockets;
    this.pairs = sockets.map(([rtp, rtcp]) => [rtp.address().port, rtcp.address().port]);
  }

  /** Rejects where the system has no ports to give. */
  static async open(count: number, address: string, sink: MediaPortsSink): Promise<MediaPorts> {
    const opened: (readonly [Socket, Socket])[] = [];
    try {
      for (let pair = 0; pair < count; pair++) opened.push(await openPair(address));
    } catch (error) {
      for (const [rtp, rtcp] of opened) {
        rtp.close();
        rtcp.close();
      }
      throw error;
    }
    for (const [pair, sockets] of opened.entries()) {
      for (const [i, socket] of sockets.entries()) {
        // A datagram that could not be delivered comes back as an error of the socket; the silence after it is noticed anyway.
        socket.on("error", () => undefined);
        socket.on("message", (bytes, from) => sink.onDatagram(pair, i === 1, bytes, from));
      }
    }
    return new MediaPorts(opened);
  }

  send(pair: number, isRtcp: boolean, bytes: Uint8Array, port: number, address: string): void {
    this.#sockets[pair]?.[isRtcp ? 1 : 0].send(bytes, port, address, () => undefined);
  }

  close(): void {
    for (const pair of this.#sockets) for (const socket of pair) socket.close();
  }
}

async function openPair(address: string): Promise<readonly [Socket, Socket]> {
  for (let attempt = 1; ; attempt++) {
    const rtp = await bind(address, 0);
    const { port } = rtp.address();
    if (port % 2 === 0 && port < 65_535) {
      try {
        return [rtp, await bind(address, port + 1)];
      } catch (error) {
        if (attempt === MOST_TRIES) {
          rtp.close();
          throw error;
        }
      }
    }
    rtp.close();
    if (attempt === MOST_TRIES) throw new Error(`no free pair of UDP ports on ${address}`);
  }
}

async function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: address.includes(":") ? "udp6" : "udp4", recvBufferSize: RECEIVE_BUFFER_BYTES });
  try {
    const bound = once(socket, "listening");
    socket.bind({ address, port, exclusive: true });
    await bound;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
