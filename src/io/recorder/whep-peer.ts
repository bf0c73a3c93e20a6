// One viewer's WebRTC connection, by werift (TypeScript, no native parts). We answer as ICE lite with one candidate: the address at which the client reached us over HTTP, so
// nothing is opened that was not open, and no other server is asked. werift is loaded with the first viewer: it is large, and most recorders
// never have one. Packets wait in a queue and go out in small groups, as a key frame in one burst would overflow the receiver's buffer.
import { isIPv4 } from "node:net";
import type { RTCPeerConnection, RTCRtpSender } from "werift";
import type { OfferedH264 } from "../../video/live/whep-offer.ts";

const SEND_EVERY_MS = 4;
/** 40 Mbit/s: a key frame of 100 KB is out within some 20 ms. */
const SEND_BYTES = 20_000;

export interface WhepPeerEvents {
  onConnected(): void;
  /** A report of the client's came: it is still there. As ICE lite we ask for nothing ourselves. */
  onHeard(): void;
  /** Once: the client left, never came, or broke off. Not after `close`. */
  onEnded(): void;
}

export class WhepPeer {
  /** Of packets that have not gone out yet. */
  waitingBytes = 0;
  readonly #connection: RTCPeerConnection;
  readonly #sender: RTCRtpSender;
  #queue: Uint8Array[] = [];
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  private constructor(connection: RTCPeerConnection, sender: RTCRtpSender, events: WhepPeerEvents) {
    this.#connection = connection;
    this.#sender = sender;
    sender.onRtcp.subscribe(() => events.onHeard());
    connection.connectionStateChange.subscribe((state) => {
      if (this.#over) return;
      if (state === "connected") events.onConnected();
      else if (state === "failed" || state === "closed" || state === "disconnected") {
        this.close();
        events.onEnded();
      }
    });
  }

  /** Answers an offer. Rejects where the offer cannot be understood. `address`: our end of the connection by which it came. */
  static async create(offer: string, codec: OfferedH264, address: string, events: WhepPeerEvents): Promise<{ peer: WhepPeer; answer: string }> {
    const { RTCPeerConnection, RTCRtpCodecParameters } = await import("werift");
    const connection = new RTCPeerConnection({
      iceLite: true, iceServers: [], iceUseIpv4: false, iceUseIpv6: false, iceAdditionalHostAddresses: [address],
      iceInterfaceAddresses: isIPv4(address) ? { udp4: address } : { udp6: address },
      bundlePolicy: "max-bundle",
      codecs: {
        audio: [],
        video: [new RTCRtpCodecParameters({
          mimeType: "video/H264", clockRate: 90_000, payloadType: codec.payloadType, rtcpFeedback: [{ type: "nack" }, { type: "nack", parameter: "pli" }],
          parameters: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${codec.profileLevelId}`,
        })],
      },
    });
    try {
      const { sender } = connection.addTransceiver("video", { direction: "sendonly" });
      await connection.setRemoteDescription({ type: "offer", sdp: offer });
      await connection.setLocalDescription(await connection.createAnswer());
      const answer = connection.localDescription?.sdp;
      if (answer === undefined || !/^m=video [1-9]/m.test(answer)) throw new Error("no picture section could be agreed on");
      return { peer: new WhepPeer(connection, sender, events), answer };
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  /** RTP packets of one picture. */
  send(packets: readonly Uint8Array[]): void {
    if (this.#over) return;
    for (const packet of packets) {
      this.#queue.push(packet);
      this.waitingBytes += packet.length;
    }
    if (this.#timer === undefined) this.#sendSome();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#queue = [];
    this.waitingBytes = 0;
    this.#connection.close().catch(() => undefined);
  }

  #sendSome(): void {
    this.#timer = undefined;
    let sent = 0;
    let at = 0;
    while (at < this.#queue.length && sent < SEND_BYTES) {
      const packet = this.#queue[at++]!;
      sent += packet.length;
      this.#sender.sendRtp(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength)).catch(() => undefined); // what became of the connection its state tells
    }
    this.#queue.splice(0, at);
    this.waitingBytes -= sent;
    if (this.#queue.length > 0) this.#timer = setTimeout(() => this.#sendSome(), SEND_EVERY_MS);
  }
}
