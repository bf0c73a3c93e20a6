// Ten thousand races of two dispatchers for one unit, over real HTTP, into a PostgreSQL with fsync on: one winner each time, the loser told who and when.
// Run: npm run bench -- races [--races N] [--write]
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { type BenchFigure, at, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

const RACES = readNumberOption("races", 10_000);
const TELL_EVERY = 1_000;

const cluster = await startThrowawayCluster();
process.env["CITYWATCH_TEST_DATABASE_URL"] = cluster.url;
// Loaded only now: without a cluster that is named the support of the tests would start and end one as a test does.
const { startTestApi } = await import("../support/api.ts");
const { RACE_LIMITS, raceForUnits } = await import("../support/unit-races.ts");
const api = await startTestApi({ checkAnswers: false, floodLimits: RACE_LIMITS });
try {
  const startedAt = performance.now();
  const { races, won, faults, faultyRaces, raceMs } = await raceForUnits(api, RACES, (done) => {
    if (done % TELL_EVERY === 0) tellProgress(`${done} races`);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const [p50, p99] = [at(raceMs, 0.5), at(raceMs, 0.99)];
  const figures: BenchFigure[] = [
    { what: "races, each of two dispatchers for one unit, eight units at once", value: String(races), goal: String(RACES) },
    { what: "with one winner, the loser told who and when", value: String(won.ana + won.ben - faultyRaces), goal: String(RACES) },
    { what: "won by the one, by the other", value: `${won.ana}, ${won.ben}` },
    { what: "from the two commands to both outcomes: p50, p99", value: `${p50.toFixed(1)} ms, ${p99.toFixed(1)} ms` },
    { what: "seconds", value: seconds.toFixed(1) },
    ...(faults.length === 0 ? [] : [{ what: "wrong", value: faults.join("; "), goal: "nothing" }]),
  ];
  writeDispatchFigures("races", figures);
  printReport("races", figures, { races, wonByFirst: won.ana, wonBySecond: won.ben, faults: faultyRaces, p50Ms: Number(p50.toFixed(1)), p99Ms: Number(p99.toFixed(1)), seconds: Number(seconds.toFixed(1)) });
  if (races !== RACES || faultyRaces > 0) process.exitCode = 1;
} finally {
  await api.close();
  await cluster.stop();
}
