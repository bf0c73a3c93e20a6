// The recorder's figures for Prometheus, gathered when they are asked for.
import { Gauge, Registry } from "prom-client";
import type { Clock } from "../../base/time.ts";
import type { CameraPool } from "./camera-pool.ts";
import type { ChunkArena } from "./chunk-arena.ts";
import type { DiskMonitor } from "./disk-monitor.ts";
import type { WriterCounters } from "./recording-writer.ts";

/** What a person would notice between two pictures of one moment. */
const WRONG_CLOCK_MS = 2_000;

export interface MetricsSources {
  readonly pool: CameraPool;
  readonly counters: WriterCounters;
  readonly chunks: ChunkArena;
  readonly disk: DiskMonitor;
  readonly clock: Clock;
  readonly countLiveChannels: () => number;
  readonly isCentreLinked: () => boolean;
}

export function createRecorderMetrics(sources: MetricsSources): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    registry.registerMetric(new Gauge({ name: `citywatch_recorder_${name}`, help, registers: [], async collect() { this.set(await read()); } }));
  };
  registry.registerMetric(new Gauge({
    name: "citywatch_recorder_cameras", help: "Cameras by state", labelNames: ["state"], registers: [],
    collect() {
      const counts: Record<string, number> = { connected: 0, connecting: 0, failing: 0, idle: 0 };
      for (const worker of sources.pool.list()) counts[worker.health().state]!++;
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  }));
  registry.registerMetric(new Gauge({
    name: "citywatch_recorder_stream_faults", help: "Faults in the packets of the sessions that last, by kind", labelNames: ["kind"], registers: [],
    collect() {
      this.reset();
      for (const worker of sources.pool.list()) for (const [kind, count] of worker.faults ?? []) this.inc({ kind }, count);
    },
  }));
  gauge("cameras_with_wrong_clock", `Connected cameras whose own clock is more than ${WRONG_CLOCK_MS / 1000} s from ours, by their sender reports`, () => {
    let count = 0;
    for (const worker of sources.pool.list()) if (Math.abs(worker.clockOffsetMs ?? 0) > WRONG_CLOCK_MS) count++;
    return count;
  });
  gauge("pictures_written", "Pictures recorded since the start, of the cameras that are kept", () => {
    let count = 0;
    for (const worker of sources.pool.list()) count += worker.writer.picturesWritten;
    return count;
  });
  gauge("bytes_written", "Bytes of recordings written since the start", () => sources.counters.bytesWritten);
  gauge("bytes_open", "Bytes of the segments that are being written", () => sources.counters.bytesOpen);
  gauge("writes", "Writes of recordings since the start", () => sources.counters.writes);
  gauge("fsyncs", "Syncs of recordings since the start", () => sources.counters.fsyncs);
  gauge("disk_failures", "Writes or syncs that failed since the start, but for want of room", () => sources.counters.failures);
  gauge("chunk_bytes", "Memory of pictures that are put together or wait for the disk", () => sources.chunks.used);
  gauge("disk_total_bytes", "Size of the file system where the recordings are", () => sources.disk.latest?.totalBytes ?? 0);
  gauge("disk_free_bytes", "Free space there", () => sources.disk.latest?.freeBytes ?? 0);
  gauge("disk_reserve_bytes", "Of the free space what recordings never touch", () => sources.disk.latest?.reserveBytes ?? 0);
  gauge("disk_floor_bytes", "Free space below which recordings go before their time", () => sources.disk.latest?.floorBytes ?? 0);
  gauge("disk_inflow_bytes_per_second", "Recordings, over the last minutes", () => sources.disk.latest?.inflowBytesPerSecond ?? 0);
  gauge("disk_shared", "1 where the database is on the same volume", () => (sources.disk.latest?.isShared === true ? 1 : 0));
  gauge("disk_direct", "0 where the file system refuses writes past the page cache", () => (sources.disk.latest?.isDirect === false ? 0 : 1));
  gauge("recorded_bytes", "What the recordings take", () => sources.disk.latest?.recordedBytes ?? 0);
  gauge("held_bytes", "What evidence holds keep of them", () => sources.disk.latest?.heldBytes ?? 0);
  gauge("disk_full_in_seconds", "Until the disk is full, as things go; +Inf: it will not be; NaN: too little was recorded to say", () => {
    const forecast = sources.disk.latest?.forecast;
    if (forecast?.kind === "full") return Math.max(0, (forecast.at - sources.clock.wallMs()) / 1_000);
    return forecast?.kind === "steady" ? Infinity : Number.NaN;
  });
  gauge("clock_ahead_seconds", "How far the clock is ahead of the time that is vouched for; 0: it is believed", () => (sources.disk.latest?.clockAheadMs ?? 0) / 1_000);
  registry.registerMetric(new Gauge({
    name: "citywatch_recorder_segments_deleted", help: "Segments deleted since the start, by reason: past their time, beyond their camera's bytes, for want of room, and that for want of room although they had to be kept",
    labelNames: ["reason"], registers: [],
    collect() {
      for (const [reason, count] of Object.entries(sources.disk.deleted)) this.set({ reason }, count);
    },
  }));
  gauge("live_channels", "Live pictures being watched", () => sources.countLiveChannels());
  gauge("centre_linked", "1 while the link to the centre is up", () => (sources.isCentreLinked() ? 1 : 0));
  gauge("resident_bytes", "Memory of the process", () => process.memoryUsage.rss());
  return registry;
}
