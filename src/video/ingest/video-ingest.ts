// From RTP packets of one joined camera to samples: decodable from the first, with decoding time, wall time and the format they need ([ING1] to [ING8] in
// SPEC.md). Lives as long as one run; a new session gets a new one. One sample object is reused, so its fields are valid until the
// sink returns.
import type { WallMs } from "../../base/time.ts";
import { readUint32 } from "../../media/bytes.ts";
import { type AccessUnit, type AccessUnitSink, HeapUnitMemory, type UnitMemory } from "../../media/rtp/access-unit.ts";
import type { Depacketizer } from "../../media/rtp/depacketizer.ts";
import { H264Depacketizer } from "../../media/rtp/h264-depacketizer.ts";
import { H265Depacketizer } from "../../media/rtp/h265-depacketizer.ts";
import { RtpPacket } from "../../media/rtp/packet.ts";
import { ParameterSets, type VideoCodec, type VideoFormat } from "../../media/video-format.ts";
import { MediaClock } from "./media-clock.ts";
import type { TrackMoment } from "./track-alignment.ts";

/** One access unit with its times. `bytes[start, start + length)` is borrowed. */
export class Sample {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  length = 0;
  key = false;
  /** 90 kHz since the run began. */
  decode90k = 0;
  composition90k = 0;
  wallMs = 0;
  /** Packets are missing between it and the one before. */
  lossBefore = false;
}

export interface SampleSink {
  /** A format comes before the first sample and before each key frame that changes it. */
  onFormat(format: VideoFormat): void;
  onSample(sample: Sample): void;
  /** The camera's clock and ours fell apart: this run must end. */
  onTimeLost(): void;
}

export const MOST_ACCESS_UNIT_BYTES = 8 * 1024 * 1024;

export class VideoIngest implements AccessUnitSink {
  /** Faults by name, for health and metrics. */
  readonly faults = new Map<string, number>();
  /** Why there are no samples although packets come; undefined once there are. */
  waitingFor: string | undefined = "a packet";
  /** The RTP time of the latest picture, and its wall time. */
  latest: TrackMoment | undefined;

  readonly #payloadType: number;
  readonly #sink: SampleSink;
  readonly #packet = new RtpPacket();
  readonly #depacketizer: Depacketizer;
  readonly #sets: ParameterSets;
  readonly #sample = new Sample();
  readonly #moment = { rtpTime: 0, ms: 0 };
  #clock: MediaClock | undefined;
  #format: VideoFormat | undefined;
  #formatStale = true;
  #arrival: WallMs = 0;
  #ended = false;

  /** `parameterSets` are those of the session description, bare NAL units. Access units are assembled in `memory`. */
  constructor(codec: VideoCodec, payloadType: number, parameterSets: readonly Uint8Array[], sink: SampleSink, memory: UnitMemory = new HeapUnitMemory()) {
    this.#payloadType = payloadType;
    this.#sink = sink;
    this.#sets = new ParameterSets(codec);
    for (const set of parameterSets) this.#sets.note(set, 0, set.length);
    this.#depacketizer = codec === "h264" ? new H264Depacketizer(this, MOST_ACCESS_UNIT_BYTES, memory) : new H265Depacketizer(this, MOST_ACCESS_UNIT_BYTES, memory);
  }

  get format(): VideoFormat | undefined {
    return this.#format;
  }

  /** The format as far as it is known before the first picture: from the session description. */
  findToldFormat(): VideoFormat | undefined {
    if (this.#format !== undefined) return this.#format;
    const described = this.#sets.describe();
    return described.ok ? described.value : undefined;
  }

  /** Packets that never came, and the number of the next, from which follows how many should have. */
  get lostPackets(): number {
    return this.#depacketizer.lostPackets;
  }

  get nextSequence(): number {
    return this.#depacketizer.nextSequence;
  }

  /** One RTP packet in `bytes[start, end)`, as it arrived. */
  onRtp(bytes: Uint8Array, start: number, end: number, arrival: WallMs): void {
    if (this.#ended) return;
    this.#arrival = arrival;
    const wrong = this.#packet.read(bytes, start, end);
    if (wrong !== undefined) {
      this.#count(wrong);
      return;
    }
    if (this.#packet.payloadType !== this.#payloadType) {
      this.#count("other-payload-type");
      return;
    }
    const fault = this.#depacketizer.push(this.#packet, bytes);
    if (fault !== undefined) this.#count(fault);
  }

  onAccessUnit(unit: AccessUnit): void {
    if (this.#ended) return;
    if (unit.lossBefore) this.#count("picture-lost");
    if (unit.hasParameterSets) this.#noteParameterSets(unit);
    if (this.#clock === undefined && !unit.key) {
      this.waitingFor = "a key frame";
      return;
    }
    if (unit.key && this.#formatStale) this.#describe();
    if (this.#format === undefined) return;
    this.#clock ??= new MediaClock(this.#format.reorderFrames);
    if (!this.#clock.note(unit.timestamp, this.#arrival)) {
      this.#ended = true;
      this.#sink.onTimeLost();
      return;
    }
    this.waitingFor = undefined;
    const sample = this.#sample;
    sample.bytes = unit.bytes;
    sample.start = unit.start;
    sample.length = unit.length;
    sample.key = unit.key;
    sample.decode90k = this.#clock.decode90k;
    sample.composition90k = this.#clock.composition90k;
    sample.wallMs = this.#clock.wallMs;
    sample.lossBefore = unit.lossBefore;
    this.#moment.rtpTime = unit.timestamp;
    this.#moment.ms = sample.wallMs;
    this.latest = this.#moment;
    this.#sink.onSample(sample);
  }

  #describe(): void {
    const described = this.#sets.describe();
    if (!described.ok) {
      if (this.#format === undefined) this.waitingFor = described.error;
      this.#count("undescribed-key-frame");
      return;
    }
    this.#formatStale = false;
    this.#format = described.value;
    this.#sink.onFormat(described.value);
  }

  #noteParameterSets(unit: AccessUnit): void {
    let at = unit.start;
    const unitEnd = unit.start + unit.length;
    while (at + 4 <= unitEnd) {
      const end = at + 4 + readUint32(unit.bytes, at);
      if (end > unitEnd) return;
      if (this.#sets.note(unit.bytes, at + 4, end)) this.#formatStale = true;
      at = end;
    }
  }

  #count(name: string): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
  }
}
