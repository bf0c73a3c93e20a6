// A whole log of calls through the intake of a centre over real HTTP, on a PostgreSQL with fsync on: how fast they come in, and that none is lost. The centre is a process of
// its own; what feeds it is this one, as on a machine where somebody trains.
// Run: npm run bench -- replay [--log FILE] [--format montgomery|lancaster] [--every N] [--write]
import { fork } from "node:child_process";
import { once } from "node:events";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { lancaster } from "../../src/sim/replay/lancaster.ts";
import { montgomery } from "../../src/sim/replay/montgomery.ts";
import { readLog } from "../../src/sim/replay/read-log.ts";
import { LANCASTER, MONTGOMERY, absence } from "../replay/real-logs.ts";
import { everyNth, feed } from "../replay/replay-feed.ts";
import { startTestApi } from "../support/api.ts";
import { endWithStarter, nextMessage } from "./child.ts";
import { type BenchFigure, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

interface Ready { readonly origin: string; readonly sealKey: string }
interface Found { readonly incidents: number; readonly open: number; readonly ringing: number; readonly categories: Record<string, number>; readonly heapMb: number }

if (process.send) {
  endWithStarter();
  await beCentre();
} else await measure();

async function beCentre(): Promise<void> {
  const api = await startTestApi({ checkAnswers: false });
  process.on("message", (asked: "count" | "end") => {
    if (asked === "end") return void api.close().then(() => process.disconnect());
    const categories: Record<string, number> = {};
    const incidents = api.dispatch.listIncidents(null, 1_000_000);
    for (const { what } of incidents) categories[what.split(":")[0]!] = (categories[what.split(":")[0]!] ?? 0) + 1;
    const state = api.dispatch.state();
    process.send!({ incidents: incidents.length, open: state.incidents.length, ringing: state.contacts.length, categories, heapMb: Math.round(process.memoryUsage().heapUsed / 1e6) } satisfies Found);
  });
  process.send!({ origin: api.origin, sealKey: api.sealKey } satisfies Ready);
}

function textOption(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1]!;
}

/** What the log came to at the centre that it should not have: a call lost, left open, without an outcome, or in another category. */
function faultsOf({ calls, faults, leftOut, outcomes, incidents, open, ringing, categoriesSent, categoriesFound }: Counted, rows: number): string[] {
  const inOrder = (counts: Record<string, number>): string => JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const same = (what: string, found: number, wanted: number): string[] => (found === wanted ? [] : [`${what}: ${found}, not ${wanted}`]);
  return [
    ...same("calls, left out and not read", calls + leftOut + faults, rows), ...same("outcomes", outcomes, calls), ...same("incidents", incidents, calls), ...same("left open", open, 0), ...same("still ringing", ringing, 0),
    ...(Object.keys(categoriesFound).length === 0 || inOrder(categoriesSent) === inOrder(categoriesFound) ? [] : ["the categories found are not those sent"]),
  ];
}
interface Counted {
  readonly calls: number; readonly faults: number; readonly leftOut: number; readonly outcomes: number; readonly incidents: number; readonly open: number; readonly ringing: number;
  readonly categoriesSent: Record<string, number>; readonly categoriesFound: Record<string, number>;
}

async function measure(): Promise<void> {
  const formatName = textOption("format", "montgomery");
  const [format, file] = formatName === "lancaster" ? [lancaster, LANCASTER] : [montgomery, MONTGOMERY];
  const log = textOption("log", file);
  const gone = absence(log);
  if (gone !== false) throw new Error(`${gone}; name a log with --log FILE`);
  const rows = everyNth(readLog(log, format), readNumberOption("every", 1));
  const cluster = await startThrowawayCluster();
  process.env["CITYWATCH_TEST_DATABASE_URL"] = cluster.url;
  const child = fork(import.meta.filename, [], { execArgv: ["--disable-warning=ExperimentalWarning"], stdio: ["ignore", "ignore", "inherit", "ipc"] }); // the support of the tests says on its output that no test was run
  try {
    const ready = await nextMessage<Ready>(child, "the centre");
    const startedAt = performance.now();
    let told = 0;
    const tally = await feed(ready, formatName, rows, ({ received, commands }) => {
      const seconds = (performance.now() - startedAt) / 1_000;
      if (seconds - told < 10) return;
      told = seconds;
      tellProgress(`${received} calls, ${Math.round(received / seconds)} a second, ${Math.round(commands / seconds)} commands a second`);
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    child.send("count");
    const found = await nextMessage<Found>(child, "the centre");
    const outcomes = [...tally.outcomes.values()].reduce((sum, n) => sum + n, 0);
    const figures = {
      calls: tally.received, seconds: Number(seconds.toFixed(1)), callsPerSecond: Math.round(tally.received / seconds), commandsPerSecond: Math.round(tally.commands / seconds), faults: tally.faults, leftOut: [...tally.leftOut.values()].reduce((sum, n) => sum + n, 0),
      outcomes, incidents: found.incidents, open: found.open, ringing: found.ringing, refusals: Object.fromEntries(tally.refusals), categoriesSent: Object.fromEntries(tally.categories), categoriesFound: formatName === "montgomery" ? found.categories : {}, heapMb: found.heapMb,
    };
    const table: BenchFigure[] = [
      { what: "rows of the log", value: String(tally.rows) }, { what: "calls that came in", value: String(tally.received) }, { what: "with an outcome", value: String(outcomes), goal: String(tally.received) },
      { what: "incidents at the centre", value: String(found.incidents), goal: String(tally.received) }, { what: "left open or ringing", value: `${found.open}, ${found.ringing}`, goal: "0, 0" },
      { what: "by category, sent", value: JSON.stringify(figures.categoriesSent) }, { what: "by category, found", value: JSON.stringify(figures.categoriesFound) },
      { what: "rows not read, left out", value: `${figures.faults}, ${figures.leftOut}` }, { what: "refused", value: JSON.stringify(figures.refusals) },
      { what: "seconds", value: seconds.toFixed(1) }, { what: "calls a second", value: String(figures.callsPerSecond) }, { what: "commands a second", value: String(figures.commandsPerSecond) }, { what: "heap of the centre", value: `${found.heapMb} MB` },
    ];
    const lost = faultsOf(figures, tally.rows);
    if (lost.length > 0) table.push({ what: "wrong", value: lost.join("; "), goal: "nothing" });
    writeDispatchFigures("replay", table);
    printReport("replay", table, figures);
    if (lost.length > 0) process.exitCode = 1;
  } finally {
    if (child.connected) {
      child.send("end");
      await Promise.race([once(child, "exit"), new Promise((resolve) => setTimeout(resolve, 20_000).unref())]);
    }
    child.kill();
    await cluster.stop();
  }
}
