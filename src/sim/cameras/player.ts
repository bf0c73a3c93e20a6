// The pictures of one stream to one client. It begins at a key picture and sends every picture from there. A client that does not read fast enough falls to key pictures,
// and one that reads nothing at all is let go: pictures are never queued without end on behalf of a slow reader.
import { H264Packetizer } from "../../media/rtp/h264-packetizer.ts";
import { encodeBye, encodeSenderReport } from "../../media/rtp/rtcp.ts";
import { encodeInterleaved } from "../../protocol/rtsp/format.ts";
import type { AccessUnit } from "./camera-stream.ts";
import { PICTURE_MS } from "./clock-strip.ts";

/** What a player needs of a socket. */
export interface PlayerSink {
  write(bytes: Uint8Array): void;
  /** Bytes that were written and not yet taken by the system. */
  queuedBytes(): number;
  /** Ends the connection at once. */
  drop(reason: string): void;
}

/** One track of a stream to one client. */
export interface TrackPlayer {
  /** Interleaved channel of its RTP packets; its RTCP has the next. */
  readonly channel: number;
  readonly nextSequence: number;
  /** RTP time of the moment of a picture. */
  timestampOf(picture: number): number;
  /** Called for each picture in turn. */
  send(unit: AccessUnit, picture: number): void;
  /** After a gap in the pictures the client must start from a key picture again. */
  awaitKey(): void;
  /** Says goodbye (RFC 3550 section 6.6). */
  end(): void;
}
export interface PlayerOptions {
  readonly channel: number;
  readonly ssrc: number;
  readonly firstSequence: number;
  readonly timestampOffset: number;
}

export const PAYLOAD_TYPE = 96;
/** The same for all tracks of a camera: receivers keep what has one name in step (RFC 3550 section 6.5.1). */
export const CNAME = "citywatch-simulator";
const TICKS_PER_PICTURE = (90_000 * PICTURE_MS) / 1000;
export const REPORT_EVERY_MS = 5_000;
const REPORT_EVERY_PICTURES = Math.round(REPORT_EVERY_MS / PICTURE_MS);
const MOST_PAYLOAD_BYTES = 8_192; // interleaved in TCP there is no packet to fit
export const KEYS_ONLY_BYTES = 384 * 1024;
const NOTHING_BYTES = 1024 * 1024;
const STALLED_PICTURES = Math.round(20_000 / PICTURE_MS);

export class Player implements TrackPlayer {
  /** Pictures that were left out because the client was slow. */
  skipped = 0;
  readonly #sink: PlayerSink;
  readonly channel: number;
  readonly #ssrc: number;
  readonly #timestampOffset: number;
  readonly #packetizer: H264Packetizer;
  #waitingForKey = true;
  #nextReport = 0;
  #stalledSince: number | undefined;

  constructor(sink: PlayerSink, options: PlayerOptions) {
    this.#sink = sink;
    this.channel = options.channel;
    this.#ssrc = options.ssrc;
    this.#timestampOffset = options.timestampOffset;
    this.#packetizer = new H264Packetizer({ payloadType: PAYLOAD_TYPE, ssrc: options.ssrc, firstSequence: options.firstSequence, channel: options.channel, mostPayloadBytes: MOST_PAYLOAD_BYTES });
  }

  get nextSequence(): number {
    return this.#packetizer.nextSequence;
  }

  timestampOf(picture: number): number {
    return (picture * TICKS_PER_PICTURE + this.#timestampOffset) % 2 ** 32;
  }

  awaitKey(): void {
    this.#waitingForKey = true;
  }

  send(unit: AccessUnit, picture: number): void {
    const queued = this.#sink.queuedBytes();
    if (queued > (unit.key ? NOTHING_BYTES : KEYS_ONLY_BYTES)) {
      this.#waitingForKey = true;
      this.skipped++;
      this.#stalledSince ??= picture;
      if (picture - this.#stalledSince > STALLED_PICTURES) this.#sink.drop("the client does not read");
      return;
    }
    if (this.#waitingForKey && !unit.key) {
      if (this.#stalledSince !== undefined) this.skipped++;
      return;
    }
    this.#waitingForKey = false;
    if (queued === 0) this.#stalledSince = undefined;
    const timestamp = this.timestampOf(picture);
    if (picture >= this.#nextReport) {
      this.#nextReport = picture + REPORT_EVERY_PICTURES;
      const report = encodeSenderReport({ ssrc: this.#ssrc, wallMs: picture * PICTURE_MS, rtpTimestamp: timestamp, packets: this.#packetizer.packets, octets: this.#packetizer.octets }, CNAME);
      this.#sink.write(encodeInterleaved(this.channel + 1, report));
    }
    this.#sink.write(this.#packetizer.packetize(unit.nals, timestamp));
  }

  end(): void {
    this.#sink.write(encodeInterleaved(this.channel + 1, encodeBye(this.#ssrc)));
  }
}
