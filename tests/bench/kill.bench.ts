// `npm run bench -- kill [--kills 103] [--per-second 200] [--events N] [--write]`: the centre is killed again and again under commands over HTTP; what was acknowledged must be there, exactly once, and it must answer
// again within seconds. `--events`: on a log that is so long before the first kill, with its checkpoints, as a centre that has run for days has it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importDemoCity } from "../../src/io/city/import-city.ts";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { killCentre } from "../support/centre-kills.ts";
import { readFoldVersion } from "../../src/app/fold-version.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { canMeasure, readCpuSeconds } from "./recorder/measure.ts";
import { MOST_AT_ONCE } from "../../src/app/restart-policy.ts";
import { fillLog } from "./dispatch-load.ts";
import { type BenchFigure, at, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

const KILLS = readNumberOption("kills", MOST_AT_ONCE + 3); // the last of them meet the wait that grows
const PER_SECOND = readNumberOption("per-second", 200);
const SEED = readNumberOption("seed", 7);
const EVENTS = readNumberOption("events", 1);
const BACK_WITHIN_MS = 5_000;

/** How much a start reads before it folds anything. */
async function measureCheckpoint(url: string): Promise<{ bytes: number; after: number }> {
  const database = openDatabase(url, { max: 1 });
  try {
    const [row] = await database<{ bytes: number; after: number }[]>`
      select coalesce((select sum(length(bytes)) from dispatch_checkpoint_block b where until is null), 0)::bigint as bytes, coalesce((select max(sequence) from dispatch_checkpoint), 0) as after`;
    return row!;
  } finally {
    await database.end();
  }
}

const dir = await mkdtemp(join(tmpdir(), "citywatch-bench-kill-"));
const cluster = await startThrowawayCluster();
try {
  tellProgress("importing the demo city");
  await importDemoCity({ dir: join(dir, "city"), progress: () => undefined, now: 0 });
  if (EVENTS > 1) tellProgress(`a log of ${EVENTS} events`);
  const eventsBefore = EVENTS > 1 ? await fillLog(cluster.url, EVENTS, await readFoldVersion()) : 0;
  const { acknowledged, lost, twice, foreign, gaps, events, backMs, backCpuSeconds, parts } = await killCentre({ kills: KILLS, perSecond: PER_SECOND, seed: SEED, databaseUrl: cluster.url, cityDir: join(dir, "city"), tell: tellProgress, eventsBefore, ...(canMeasure() ? { readCpuSeconds } : {}) });
  const checkpoint = await measureCheckpoint(cluster.url);
  // The first start and those that the supervisor makes at once; after so many deaths in a row it waits longer each time, on purpose.
  const atOnceMs = backMs.slice(0, MOST_AT_ONCE + 1);
  const heldBackMs = backMs.slice(MOST_AT_ONCE + 1);
  const figures: BenchFigure[] = [
    { what: "kills, seed", value: `${KILLS}, ${SEED}` },
    { what: "commands acknowledged, events in the log", value: `${acknowledged}, ${events}` },
    { what: "acknowledged and not there", value: String(lost), goal: "0" },
    { what: "there more than once", value: String(twice), goal: "0" },
    { what: "there and never sent; numbers left out", value: `${foreign}, ${gaps}`, goal: "0" },
    { what: `from the kill to the first answer of the next process, ${atOnceMs.length - 1} kills and the first start: p50, slowest`, value: `${at(atOnceMs, 0.5).toFixed(0)} ms, ${at(atOnceMs, 1).toFixed(0)} ms`, goal: `${BACK_WITHIN_MS / 1_000} s` },
    ...(heldBackMs.length === 0 ? [] : [{ what: `the same of the ${heldBackMs.length} kills after that, before which the supervisor waits ever longer`, value: heldBackMs.map((ms) => `${ms.toFixed(0)} ms`).join(", ") }]),
    ...(backCpuSeconds.length === 0 ? [] : [{ what: "processor time of the centre by then: p50, most", value: `${at(backCpuSeconds, 0.5).toFixed(2)} s, ${at(backCpuSeconds, 1).toFixed(2)} s` }]),
    ...Object.keys(parts[0]!).map((part) => ({ what: `of it, ${part}: p50, most; processor time p50`, value: `${at(parts.map((one) => one[part]!.ms), 0.5)} ms, ${at(parts.map((one) => one[part]!.ms), 1)} ms; ${at(parts.map((one) => one[part]!.cpuMs), 0.5)} ms` })),
    { what: "the newest checkpoint: after how many events, and its size", value: `${checkpoint.after}, ${(checkpoint.bytes / 1e6).toFixed(1)} MB` },
  ];
  writeDispatchFigures("kill", figures);
  printReport("kill", figures, { kills: KILLS, acknowledged, events, lost, twice, foreign, gaps, backP50Ms: at(atOnceMs, 0.5), backMostMs: at(atOnceMs, 1) });
  if (lost + twice + foreign + gaps > 0 || at(atOnceMs, 1) > BACK_WITHIN_MS) process.exitCode = 1;
} finally {
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
}
