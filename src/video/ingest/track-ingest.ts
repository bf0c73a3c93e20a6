// From RTP packets of a track beside the pictures to its samples, with the time that the recording goes by. The same clock as for pictures ([ING3] to [ING6] in SPEC.md): the camera's
// pace, the moment of arrival, never the camera's own wall clock. Lives as long as one run. One sample object is reused, so its fields are valid until
// the sink returns.
import type { WallMs } from "../../base/time.ts";
import { AacDepacketizer } from "../../media/rtp/aac-depacketizer.ts";
import { G711Depacketizer } from "../../media/rtp/g711-depacketizer.ts";
import { MetadataDepacketizer } from "../../media/rtp/metadata-depacketizer.ts";
import { RtpPacket } from "../../media/rtp/packet.ts";
import type { RtpSample, RtpSampleSink, SampleDepacketizer } from "../../media/rtp/sample-depacketizer.ts";
import type { SecondTrack } from "../../protocol/rtsp/media-tracks.ts";
import { MediaClock } from "./media-clock.ts";

/** One sample of sound or metadata. `bytes[start, end)` is borrowed. */
export class TrackSample {
  readonly track: SecondTrack;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** RTP timestamp as sent, in the track's clock, 32 bits. */
  rtpTime = 0;
  /** 90 kHz since the run's first sample of this track. */
  media90k = 0;
  wallMs: WallMs = 0;
  lossBefore = false;

  constructor(track: SecondTrack) {
    this.track = track;
  }
}

export interface TrackSampleSink {
  onTrackSample(sample: TrackSample): void;
}

export const MOST_METADATA_BYTES = 512 * 1024;
const CLOCK_90K = 90_000;

export class TrackIngest implements RtpSampleSink {
  /** Faults by name, for health and metrics. */
  readonly faults = new Map<string, number>();
  readonly #sink: TrackSampleSink;
  readonly #packet = new RtpPacket();
  readonly #sample: TrackSample;
  readonly #depacketizer: SampleDepacketizer;
  #clock = new MediaClock(undefined);
  #arrival: WallMs = 0;
  #lastTime = -1;
  /** RTP time without its wraps, in the track's clock. */
  #time = 0;

  constructor(track: SecondTrack, sink: TrackSampleSink) {
    this.#sink = sink;
    this.#sample = new TrackSample(track);
    this.#depacketizer = createDepacketizer(track, this);
  }

  get track(): SecondTrack {
    return this.#sample.track;
  }

  /** One RTP packet in `bytes[start, end)`, as it arrived. */
  onRtp(bytes: Uint8Array, start: number, end: number, arrival: WallMs): void {
    this.#arrival = arrival;
    const wrong = this.#packet.read(bytes, start, end) ?? (this.#packet.payloadType === this.track.payloadType ? this.#depacketizer.push(this.#packet, bytes) : "other-payload-type");
    if (wrong !== undefined) this.faults.set(wrong, (this.faults.get(wrong) ?? 0) + 1);
  }

  onRtpSample(from: RtpSample): void {
    if (this.#lastTime >= 0) this.#time += (from.timestamp - this.#lastTime) | 0;
    this.#lastTime = from.timestamp;
    // The clock counts in 90 kHz and wraps at 32 bits: the track's time is scaled after its own wraps are taken out.
    const scaled = Math.round((this.#time * CLOCK_90K) / this.track.clockHz) >>> 0;
    if (!this.#clock.note(scaled, this.#arrival)) {
      // Time was lost. The pictures' clock decides about the run; a track that alone went astray begins its time anew.
      this.faults.set("time-lost", (this.faults.get("time-lost") ?? 0) + 1);
      this.#clock = new MediaClock(undefined);
      this.#clock.note(scaled, this.#arrival);
    }
    const sample = this.#sample;
    sample.bytes = from.bytes;
    sample.start = from.start;
    sample.end = from.end;
    sample.rtpTime = from.timestamp;
    sample.media90k = this.#clock.decode90k;
    sample.wallMs = this.#clock.wallMs;
    sample.lossBefore = from.lossBefore;
    this.#sink.onTrackSample(sample);
  }
}

function createDepacketizer(track: SecondTrack, sink: RtpSampleSink): SampleDepacketizer {
  if (track.kind === "metadata") return new MetadataDepacketizer(sink, MOST_METADATA_BYTES);
  return track.codec === "aac" ? new AacDepacketizer(sink, track.samplesPerFrame) : new G711Depacketizer(sink, track.channels);
}
