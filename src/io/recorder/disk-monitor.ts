// How the recorder's disk is, looked at now and then and kept for whoever asks: room, what is recorded and held, when it will be full, and what went wrong in the
// last hour. That there is room is room-keeper.ts's.
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../base/time.ts";
import { DAY_MS } from "../../base/time.ts";
import { DISK_ALARMS, type DiskAlarm, type RecorderDisk } from "../../contract/recorders.ts";
import { bytesPerDayOf, forecastDisk, type RecordedRate } from "../../video/retention/forecast.ts";
import type { CameraKeeping, DeletionReason } from "../../video/retention/plan.ts";
import type { HoldList } from "./hold-list.ts";
import type { IndexStore } from "./index-store.ts";
import type { RetentionOutcome } from "./retention-job.ts";
import type { RoomKeeper } from "./room-keeper.ts";
import type { WriterCounters } from "./recording-writer.ts";

export interface DiskMonitorOptions {
  readonly index: IndexStore;
  readonly holds: HoldList;
  readonly clock: Clock;
  readonly counters: Pick<WriterCounters, "failures">;
  readonly room: Pick<RoomKeeper, "look" | "levels" | "inflowBytesPerSecond" | "isShared" | "recorders">;
  /** False where the file system refused them. */
  readonly isDirect: () => boolean;
  readonly mostBytes: number;
  readonly findKeeping: (cameraId: number) => CameraKeeping | undefined;
  readonly fallback: CameraKeeping;
  /** Cameras that are recorded just now. */
  readonly listRecording: () => Iterable<number>;
  /** How far the wall clock is ahead of the time that is vouched for ([RET13]). */
  readonly findDoubtedMs: () => number;
  /** How far it is behind that. */
  readonly findBehindMs: () => number;
}

const ALARM_KEPT_MS = 3_600_000;
/** What is held is summed over its ranges: again after so long, and when a hold came or went. */
const HELD_FRESH_MS = 600_000;
/** That sum takes this part of the thread's time: cameras are read on it. */
const SUM_SHARE = 0.2;

export class DiskMonitor {
  /** As it was last looked at. */
  latest: RecorderDisk | undefined;
  /** Segments deleted since the start. */
  readonly deleted: Record<DeletionReason, number> = { age: 0, size: 0, space: 0, "below-least": 0 };
  readonly #options: DiskMonitorOptions;
  readonly #alarmedAt = new Map<DiskAlarm, number>();
  #failures = 0;
  #held = { revision: -1, at: -Infinity, bytes: 0 };
  #summing: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: DiskMonitorOptions) {
    this.#options = options;
  }

  /** A write was refused for want of room: pictures are lost until room is made. */
  noteRefused(): void {
    this.#alarm("ran-full");
  }

  noteRetention({ deletions, lacking }: RetentionOutcome): void {
    for (const { why } of deletions) this.deleted[why]++;
    if (deletions.some(({ why }) => why === "space")) this.#alarm("early");
    if (deletions.some(({ why }) => why === "below-least")) this.#alarm("below-least");
    if (lacking > 0) this.#alarm("full");
  }

  /** A sum that is being made ends before its next range. To be called before the index is closed, and what `refresh` gave be awaited. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Looks at the disk: `latest` is new at once, but for what is held, which this waits for. Throws where it cannot be looked at. */
  async refresh(): Promise<RecorderDisk> {
    const { index, clock, counters, room, mostBytes, findKeeping, fallback } = this.#options;
    const { totalBytes, freeBytes } = await room.look();
    const { reserveBytes, floorBytes } = room.levels;
    if (counters.failures > this.#failures) this.#alarm("failing");
    this.#failures = counters.failures;
    const now = clock.wallMs();
    const rates = new Map(index.listStoredSince(Math.floor(now / DAY_MS) - 1).map((camera) => [camera.cameraId, bytesPerDayOf(camera.bytes, camera.firstMs, now)]));
    const stored = index.listStored();
    const cameras = stored.map(({ cameraId, bytes }): RecordedRate => ({ cameraId, keeping: findKeeping(cameraId) ?? fallback, storedBytes: bytes, bytesPerDay: rates.get(cameraId) ?? 0 }));
    // One whose rule changed just now is recorded, and has no rate yet: without it the forecast would promise too much.
    const uncounted = Array.from(this.#options.listRecording()).filter((cameraId) => rates.get(cameraId) === undefined).length;
    const clockAheadMs = this.#options.findDoubtedMs();
    if (clockAheadMs > 0) this.#alarm("clock");
    else this.#alarmedAt.delete("clock"); // nothing was lost by it: it is over with its end
    const clockBehindMs = this.#options.findBehindMs();
    if (clockBehindMs > 0) this.#alarm("clock-behind");
    else this.#alarmedAt.delete("clock-behind");
    this.latest = {
      totalBytes, freeBytes, recordedBytes: stored.reduce((sum, { bytes }) => sum + bytes, 0), heldBytes: this.#held.bytes, writeFailures: counters.failures,
      reserveBytes, floorBytes, inflowBytesPerSecond: Math.round(room.inflowBytesPerSecond), isShared: room.isShared, isDirect: this.#options.isDirect(),
      forecast: forecastDisk({ cameras, freeBytes, floorBytes, mostBytes, recorders: room.recorders, now }), recordersOnVolume: room.recorders, uncounted, clockAheadMs, clockBehindMs, alarms: this.#listAlarms(),
    };
    await (this.#summing ??= this.#sumHeld().finally(() => {
      this.#summing = undefined;
    }));
    return (this.latest = { ...this.latest, heldBytes: this.#held.bytes });
  }

  async #sumHeld(): Promise<void> {
    const { holds, clock } = this.#options;
    const { revision } = holds;
    const at = clock.monotonicMs();
    if (this.#held.revision === revision && at - this.#held.at <= HELD_FRESH_MS) return;
    let begun = performance.now();
    const bytes = await holds.sumBytes(async () => {
      await wait((performance.now() - begun) * (1 / SUM_SHARE - 1));
      begun = performance.now();
      return !this.#isStopped;
    });
    if (bytes !== undefined) this.#held = { revision, at, bytes };
  }

  #alarm(kind: DiskAlarm): void {
    this.#alarmedAt.set(kind, this.#options.clock.monotonicMs());
  }

  #listAlarms(): DiskAlarm[] {
    const now = this.#options.clock.monotonicMs();
    return DISK_ALARMS.filter((kind) => {
      const at = this.#alarmedAt.get(kind);
      return at !== undefined && now - at < ALARM_KEPT_MS;
    });
  }
}
