// The sound of one stream to one client: what was to be heard up to each picture goes out with that picture, as a camera sends its sound once it has it. It begins with the same key picture
// as the pictures do, in the same wall time; a client that reads too slowly loses sound, and never gets it late.
import { RTP_HEADER_BYTES, encodeRtpHeader } from "../../media/rtp/packet.ts";
import { encodeBye, encodeSenderReport } from "../../media/rtp/rtcp.ts";
import { encodeInterleaved } from "../../protocol/rtsp/format.ts";
import type { CameraSound } from "./camera-sound.ts";
import type { AccessUnit } from "./camera-stream.ts";
import { PICTURE_MS } from "./clock-strip.ts";
import { CNAME, KEYS_ONLY_BYTES, type PlayerOptions, type PlayerSink, REPORT_EVERY_MS, type TrackPlayer } from "./player.ts";

export class SoundPlayer implements TrackPlayer {
  readonly channel: number;
  readonly #sink: PlayerSink;
  readonly #sound: CameraSound;
  readonly #ssrc: number;
  readonly #timestampOffset: number;
  #sequence: number;
  /** Undefined before the first key picture. */
  #nextUnit: number | undefined;
  #nextReportMs = 0;
  #packets = 0;
  #octets = 0;

  constructor(sink: PlayerSink, sound: CameraSound, { channel, ssrc, firstSequence, timestampOffset }: PlayerOptions) {
    this.#sink = sink;
    this.#sound = sound;
    this.channel = channel;
    this.#ssrc = ssrc;
    this.#sequence = firstSequence & 0xffff;
    this.#timestampOffset = timestampOffset;
  }

  get nextSequence(): number {
    return this.#sequence;
  }

  timestampOf(picture: number): number {
    return this.#timestampAt(picture * PICTURE_MS);
  }

  awaitKey(): void {
    this.#nextUnit = undefined;
  }

  send({ key }: AccessUnit, picture: number): void {
    const { unitMs, payloadOf, payloadType } = this.#sound;
    const nowMs = picture * PICTURE_MS;
    if (this.#nextUnit === undefined) {
      if (key) this.#nextUnit = Math.ceil(nowMs / unitMs);
      return;
    }
    const over = Math.floor(nowMs / unitMs);
    if (this.#sink.queuedBytes() > KEYS_ONLY_BYTES) {
      this.#nextUnit = over;
      return;
    }
    for (; this.#nextUnit < over; this.#nextUnit++) {
      const wallMs = this.#nextUnit * unitMs;
      const timestamp = this.#timestampAt(wallMs);
      if (wallMs >= this.#nextReportMs) {
        this.#nextReportMs = wallMs + REPORT_EVERY_MS;
        this.#sink.write(encodeInterleaved(this.channel + 1, encodeSenderReport({ ssrc: this.#ssrc, wallMs, rtpTimestamp: timestamp, packets: this.#packets, octets: this.#octets }, CNAME)));
      }
      const payload = payloadOf(this.#nextUnit);
      const packet = new Uint8Array(RTP_HEADER_BYTES + payload.length);
      // The marker ends a unit of AAC (RFC 3640 section 3.1) and begins a talk spurt of G.711 (RFC 3551 section 4.1), of which there is one.
      encodeRtpHeader(packet, 0, payloadType, this.#sound.formatParameters !== undefined || this.#packets === 0, this.#sequence, timestamp, this.#ssrc);
      packet.set(payload, RTP_HEADER_BYTES);
      this.#sink.write(encodeInterleaved(this.channel, packet));
      this.#sequence = (this.#sequence + 1) & 0xffff;
      this.#packets++;
      this.#octets += payload.length;
    }
  }

  end(): void {
    this.#sink.write(encodeInterleaved(this.channel + 1, encodeBye(this.#ssrc)));
  }

  #timestampAt(wallMs: number): number {
    return (Math.round((wallMs * this.#sound.clockHz) / 1_000) + this.#timestampOffset) % 2 ** 32;
  }
}
