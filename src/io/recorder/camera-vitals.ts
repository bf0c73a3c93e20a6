// How one camera is, as the centre is told ([CAM4], [HLT1]): its state and since when, why it fails, and what is measured of its stream and of what the disk left out beside its pictures.
import type { Clock, MonotonicMs, WallMs } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { MinuteCount } from "../../video/health/minute-count.ts";
import { StreamMeter } from "../../video/health/stream-meter.ts";
import type { WorkerFigures, WorkerHealth } from "./worker-context.ts";

/** What others know of it. */
export interface OtherFigures {
  readonly keyFrameIntervalS: number | null;
  readonly clockOffsetMs: number | undefined;
  readonly faults: ReadonlyMap<string, number> | undefined;
}

export class CameraVitals {
  readonly meter: StreamMeter;
  readonly #clock: Clock;
  #state: WorkerHealth["state"] = "idle";
  #since: WallMs;
  #problem: WorkerHealth["problem"] = null;
  #reconnects = 0;
  #lastFrameAt: WallMs | null = null;
  readonly #soundDropped = new MinuteCount();
  readonly #metadataDropped = new MinuteCount();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.wallMs();
    this.meter = new StreamMeter(clock.monotonicMs());
  }

  get state(): WorkerHealth["state"] {
    return this.#state;
  }

  get problem(): WorkerHealth["problem"] {
    return this.#problem;
  }

  set(state: WorkerHealth["state"], problem: WorkerHealth["problem"]): void {
    if (state !== this.#state) this.#since = this.#clock.wallMs();
    this.#state = state;
    this.#problem = problem;
  }

  noteFrame(bytes: number, key: boolean, decode90k: number, now: MonotonicMs, wallMs: WallMs): void {
    this.#lastFrameAt = wallMs;
    this.meter.noteFrame(bytes, key, decode90k, now);
  }

  /** A session is over that we did not end. */
  noteLost(now: MonotonicMs): void {
    this.#reconnects++;
    if (this.#state === "connected") this.meter.noteBreak(now);
  }

  /** What the disk left out, since the start. */
  noteDropped({ sound, metadata }: { readonly sound: number; readonly metadata: number }, now: MonotonicMs): void {
    this.#soundDropped.note(sound, now);
    this.#metadataDropped.note(metadata, now);
  }

  health(format: VideoFormat | null): WorkerHealth {
    return {
      state: this.#state, since: this.#since, problem: this.#problem, lastFrameAt: this.#lastFrameAt, format,
      bitsPerSecond: this.meter.bitsPerSecond, framesPerSecond: this.meter.framesPerSecond, reconnects: this.#reconnects,
    };
  }

  /** What is measured of the stream, beside its health. */
  figures({ keyFrameIntervalS, clockOffsetMs, faults }: OtherFigures): WorkerFigures {
    const breaks = this.meter.countBreaks(this.#clock.monotonicMs());
    return {
      keyIntervalMs: this.meter.keyIntervalMs, keyIntervalSetMs: keyFrameIntervalS === null ? null : keyFrameIntervalS * 1_000, clockOffsetMs: clockOffsetMs ?? null, lossShare: this.meter.lossShare,
      stillMs: this.#state === "connected" ? this.meter.stillMs : 0, reconnectsHour: breaks.hour, reconnectsDay: breaks.day, faults: Object.fromEntries(faults ?? []),
      dropped: { sound: this.#soundDropped.get(), metadata: this.#metadataDropped.get() },
    };
  }
}
