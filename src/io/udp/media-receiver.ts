// What comes to a camera's UDP ports, on its way to the depacketisers: only from the camera's address and one source, put in order, and answered with receiver reports
// (RFC 3550 section 6). Strangers' datagrams are counted and go nowhere. Nothing is encrypted: SRTP is not spoken here, which is why TLS connections never use UDP.
import type { RemoteInfo } from "node:dgram";
import type { Clock, MonotonicMs } from "../../base/time.ts";
import { RtpPacket } from "../../media/rtp/packet.ts";
import { Reception } from "../../media/rtp/reception.ts";
import { ReorderBuffer, type ReorderOptions } from "../../media/rtp/reorder-buffer.ts";
import { decodeRtcp, encodeReceiverReport } from "../../media/rtp/rtcp.ts";
import { SourceLock } from "../../media/rtp/source-lock.ts";
import { type JoinedTrack } from "../../protocol/rtsp/client-state.ts";
import { type MediaPortsSink, MediaPorts } from "./media-ports.ts";

export interface MediaReceiverEvents {
  /** In order; bytes are borrowed. `at`: which of the joined tracks. */
  onTrackRtp(at: number, bytes: Uint8Array, start: number, end: number): void;
  onTrackRtcp(at: number, bytes: Uint8Array, start: number, end: number): void;
  /** Something threw in working through a datagram. */
  onBroken(error: Error): void;
}
export interface MediaReceiverOptions {
  readonly cname: string;
  /** Our own source number in reports. */
  readonly ssrc: number;
  readonly clock: Clock;
  readonly reorder: ReorderOptions;
}

/** 64 packets at 1.4 KB are 90 KB: 150 ms of 5 Mbit/s. */
export const DEFAULT_REORDER: ReorderOptions = { mostPackets: 64, mostWaitMs: 100, mostBytes: 262_144 };
/** The least interval between reports (RFC 3550 section 6.2). */
const REPORT_MS = 5_000;

interface Track {
  readonly pair: number;
  readonly joined: JoinedTrack;
  readonly lock: SourceLock;
  readonly reception: Reception;
  readonly reorder: ReorderBuffer;
}

export interface UdpFigures {
  readonly lost: number;
  readonly late: number;
  readonly foreign: number;
  readonly jitterMs: number;
}

export class MediaReceiver implements MediaPortsSink {
  /** Datagrams from other addresses or ports. */
  foreign = 0;
  readonly #options: MediaReceiverOptions;
  readonly #events: MediaReceiverEvents;
  readonly #packet = new RtpPacket();
  #ports: MediaPorts | undefined;
  #tracks: readonly Track[] = [];
  #camera = "";
  #reportAt: MonotonicMs = 0;
  #closed = false;

  constructor(options: MediaReceiverOptions, events: MediaReceiverEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Answers the ports to ask the camera for, one pair for each track. */
  async open(count: number, localAddress: string): Promise<MediaPorts["pairs"]> {
    const ports = await MediaPorts.open(count, localAddress, this);
    if (this.#closed) {
      ports.close();
      return [];
    }
    this.#ports = ports;
    return ports.pairs;
  }

  /** From now on packets of these tracks are taken, from this address only; the camera is told that we are here. */
  play(joined: readonly JoinedTrack[], camera: string): void {
    this.#camera = camera;
    this.#tracks = joined.map((each, at) => ({
      pair: this.#ports?.pairs.findIndex((pair) => each.path.kind === "udp" && pair[0] === each.path.clientPort[0]) ?? -1,
      joined: each,
      lock: new SourceLock(each.ssrc),
      reception: new Reception(each.track.kind === "video" ? 90_000 : each.track.clockHz),
      reorder: new ReorderBuffer(this.#options.reorder, { onOrdered: (bytes, start, end) => this.#events.onTrackRtp(at, bytes, start, end), onLoss: () => undefined }),
    }));
    // A first report at once: firewalls between let in what answers something that went out.
    this.#report(this.#options.clock.monotonicMs());
  }

  /** About once a second: packets that wait for lost ones go on, and reports are sent. */
  tick(): void {
    const now = this.#options.clock.monotonicMs();
    for (const track of this.#tracks) track.reorder.tick(now);
    if (now - this.#reportAt >= REPORT_MS) this.#report(now);
  }

  close(): void {
    this.#closed = true;
    this.#tracks = [];
    this.#ports?.close();
    this.#ports = undefined;
  }

  figures(at: number): UdpFigures | undefined {
    const track = this.#tracks[at];
    return track === undefined ? undefined : { lost: track.reorder.lost, late: track.reorder.late, foreign: this.foreign + track.lock.foreign, jitterMs: track.reception.jitterMs };
  }

  onDatagram(pair: number, isRtcp: boolean, bytes: Uint8Array, from: RemoteInfo): void {
    const at = this.#tracks.findIndex((track) => track.pair === pair);
    const track = this.#tracks[at];
    if (track === undefined) return; // before PLAY was answered
    const { path } = track.joined;
    const told = path.kind === "udp" ? path.serverPort?.[isRtcp ? 1 : 0] : undefined;
    if (from.address !== this.#camera || (told !== undefined && from.port !== told)) {
      this.foreign++;
      return;
    }
    try {
      if (isRtcp) this.#takeRtcp(at, track, bytes);
      else this.#takeRtp(track, bytes);
    } catch (error) {
      this.#events.onBroken(error as Error);
    }
  }

  #takeRtp(track: Track, bytes: Uint8Array): void {
    const now = this.#options.clock.monotonicMs();
    const packet = this.#packet;
    if (packet.read(bytes, 0, bytes.length) !== undefined || packet.payloadType !== track.joined.track.payloadType || !track.lock.accept(packet.ssrc, now)) return;
    track.reception.note(packet.ssrc, packet.sequence, packet.timestamp, now);
    track.reorder.push(packet.sequence, bytes, 0, bytes.length, now);
  }

  #takeRtcp(at: number, track: Track, bytes: Uint8Array): void {
    const { senderReport } = decodeRtcp(bytes, 0, bytes.length);
    if (senderReport !== undefined) track.reception.noteSenderReport(senderReport.ntpMiddle, this.#options.clock.monotonicMs());
    this.#events.onTrackRtcp(at, bytes, 0, bytes.length);
  }

  #report(now: MonotonicMs): void {
    this.#reportAt = now;
    for (const track of this.#tracks) {
      const { path } = track.joined;
      if (path.kind !== "udp" || path.serverPort === undefined) continue;
      const block = track.reception.report(now);
      this.#ports?.send(track.pair, true, encodeReceiverReport(this.#options.ssrc, block === undefined ? [] : [block], this.#options.cname), path.serverPort[1], this.#camera);
    }
  }
}
