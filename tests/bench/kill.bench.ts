// `npm run bench -- kill [--kills 100] [--per-second 200]`: the centre is killed again and again under commands over HTTP; what was acknowledged must be there, exactly once, and it must answer again within seconds.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importDemoCity } from "../../src/io/city/import-city.ts";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { killCentre } from "../support/centre-kills.ts";
import { printReport, readNumberOption, tellProgress } from "./report.ts";

const KILLS = readNumberOption("kills", 100);
const PER_SECOND = readNumberOption("per-second", 200);
const SEED = readNumberOption("seed", 7);

const dir = await mkdtemp(join(tmpdir(), "citywatch-bench-kill-"));
const cluster = await startThrowawayCluster();
try {
  tellProgress("importing the demo city");
  await importDemoCity({ dir: join(dir, "city"), progress: () => undefined, now: 0 });
  const { acknowledged, lost, twice, foreign, gaps, events, backMs } = await killCentre({ kills: KILLS, perSecond: PER_SECOND, seed: SEED, databaseUrl: cluster.url, cityDir: join(dir, "city"), tell: tellProgress });
  const sorted = backMs.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  printReport("kill", [
    { what: "kills, seed", value: `${KILLS}, ${SEED}` },
    { what: "commands acknowledged, events in the log", value: `${acknowledged}, ${events}` },
    { what: "acknowledged and not there", value: String(lost), goal: "0" },
    { what: "there more than once", value: String(twice), goal: "0" },
    { what: "there and never sent; numbers left out", value: `${foreign}, ${gaps}`, goal: "0" },
    { what: "from the start of the process to the first answer: p50, slowest", value: `${at(0.5).toFixed(0)} ms, ${at(1).toFixed(0)} ms`, goal: "5 s" },
  ], { kills: KILLS, acknowledged, lost, twice, foreign, gaps, backP50Ms: at(0.5), backMostMs: at(1) });
  if (lost + twice + foreign + gaps > 0) process.exitCode = 1;
} finally {
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
}
