// A whole log of calls through the intake of a centre over real HTTP, on a PostgreSQL with fsync on: how fast they come in, that none is lost, and that what the centre says of them afterwards is what the log says.
// The centre is a process of its own; what feeds it is this one, as on a machine where somebody trains.
// Run: npm run bench -- replay [--log FILE] [--format montgomery|lancaster] [--every N] [--write]
import { fork } from "node:child_process";
import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { Incident } from "../../src/dispatch/entities.ts";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { lancaster } from "../../src/sim/replay/lancaster.ts";
import { montgomery } from "../../src/sim/replay/montgomery.ts";
import { readLog } from "../../src/sim/replay/read-log.ts";
import type { ReplayRow, ReplayUnit } from "../../src/sim/replay/replay-call.ts";
import type { SpanFigure } from "../../src/statistics/figures.ts";
import { JOB_SPANS, figureOf, isTidy, readTidyMedians } from "../replay/lancaster-figures.ts";
import { LANCASTER, LANCASTER_TIDY, MONTGOMERY, MONTGOMERY_COUNTS, absence } from "../replay/real-logs.ts";
import { everyNth, feed } from "../replay/replay-feed.ts";
import { judgeReplay, type CentreCounts } from "../replay/replay-verdict.ts";
import { startTestApi } from "../support/api.ts";
import { endWithStarter, nextMessage } from "./child.ts";
import { type BenchFigure, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

interface Ready { readonly origin: string; readonly sealKey: string }
interface Found extends CentreCounts {
  readonly heapMb: number;
  /** By the log's own clock. */
  readonly spans: readonly { readonly span: string; readonly all: SpanFigure }[];
}

/** By what the centre kept of each call: how it was named, or which of our types it became. */
const FORMATS = {
  montgomery: { format: montgomery, file: MONTGOMERY, categoryOf: ({ what }: Incident) => what.split(":")[0]! },
  lancaster: { format: lancaster, file: LANCASTER, categoryOf: ({ type }: Incident) => type },
} as const;
type FormatName = keyof typeof FORMATS;

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((total, n) => total + n, 0);
const seconds = (ms: number | null): string => (ms === null ? "too few" : `${ms / 1_000} s`);
const named = (counts: Readonly<Record<string, number>>): string => Object.entries(counts).map(([name, n]) => `${n} ${name}`).join(", ") || "none";

if (process.send) {
  endWithStarter();
  await beCentre(process.argv[2] as FormatName);
} else await measure();

async function beCentre(formatName: FormatName): Promise<void> {
  const api = await startTestApi({ checkAnswers: false });
  const countAll = async (): Promise<Found> => {
    const categories: Record<string, number> = {};
    const answered = new Set<number>();
    let closed = 0;
    const incidents = api.dispatch.listIncidents(null, 1_000_000);
    for (const incident of incidents) {
      const category = FORMATS[formatName].categoryOf(incident);
      categories[category] = (categories[category] ?? 0) + 1;
      if (incident.status === "closed" && incident.disposition !== null) closed++;
      for (const id of incident.contactIds) if (api.dispatch.findContact(id)?.disposition === "incident") answered.add(id);
    }
    const state = api.dispatch.state();
    const heapMb = Math.round(process.memoryUsage().heapUsed / 1e6);
    await api.figures.catchUp();
    const inspector = await api.person("ines", ["inspector"]);
    const { spans } = await inspector.call("getFigures", { query: { clock: "log" } });
    return { incidents: incidents.length, closed, answered: answered.size, open: state.incidents.length, ringing: state.contacts.length, categories, heapMb, spans: spans.map(({ span, all }) => ({ span, all })) };
  };
  process.on("message", (asked: "count" | "end") => {
    if (asked === "end") return void api.close().then(() => process.disconnect());
    countAll().then((found) => process.send!(found), (error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.send!({ origin: api.origin, sealKey: api.sealKey } satisfies Ready);
}

function textOption(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Passes the rows on and keeps the units that they tell of. */
async function* keepUnits(rows: AsyncIterable<ReplayRow>, units: ReplayUnit[]): AsyncGenerator<ReplayRow> {
  for await (const row of rows) {
    if (row.kind === "call") units.push(...row.call.units);
    yield row;
  }
}

/** The spans that the centre finds beside those of the core, and the medians beside the tidy file's. */
async function compareSpans(units: readonly ReplayUnit[], found: Found["spans"], isWhole: boolean): Promise<{ readonly table: BenchFigure[]; readonly faults: string[] }> {
  const table: BenchFigure[] = [];
  const faults: string[] = [];
  for (const span of JOB_SPANS) {
    const wanted = figureOf(units, span);
    const is = found.find((one) => one.span === span)?.all;
    const what = `${span} of ${units.length} units at the centre: p50, p90, p95; n, missing, left out`;
    table.push({ what, value: is === undefined ? "not told" : `${seconds(is.p50Ms)}, ${seconds(is.p90Ms)}, ${seconds(is.p95Ms)}; ${is.n}, ${is.missing}, ${is.excluded}`, goal: `${seconds(wanted.p50Ms)}, ${seconds(wanted.p90Ms)}, ${seconds(wanted.p95Ms)}; ${wanted.n}, ${wanted.missing}, ${wanted.excluded}` });
    if (is !== undefined) table.push({ what: `${span}: missing and suspicious, by name`, value: `missing ${named(is.missingBy)}; suspicious ${named(is.doubtful)}` });
    if (!isDeepStrictEqual(is, wanted)) faults.push(`${span} at the centre is not what the log's milestones give`);
  }
  if (!isWhole) return { table, faults };
  const tidy = await readTidyMedians();
  const those = units.filter(isTidy);
  const compare = (what: string, ours: number | null, theirs: number): void => {
    table.push({ what: `${what}, median over the tidy file's units`, value: seconds(ours), goal: seconds(1_000 * theirs) });
    if (ours !== 1_000 * theirs) faults.push(`${what}: the median is not the tidy file's`);
  };
  if (those.length !== tidy.units) faults.push(`${those.length} units were sent, left and arrived; the tidy file has ${tidy.units}`);
  compare("sent to arrived", figureOf(those, "unit-response").p50Ms, tidy.responseSeconds);
  compare("sent to left", figureOf(those, "turnout").p50Ms, tidy.turnoutSeconds);
  return { table, faults };
}

async function measure(): Promise<void> {
  const formatName = (textOption("format") ?? "montgomery") as FormatName;
  if (!Object.hasOwn(FORMATS, formatName)) throw new Error(`--format ${formatName}: expected ${Object.keys(FORMATS).join(" or ")}`);
  const { format, file } = FORMATS[formatName];
  const log = textOption("log") ?? file;
  const every = readNumberOption("every", 1);
  const isWhole = log === file && every === 1;
  const gone = absence(log, ...(formatName === "lancaster" && isWhole ? [LANCASTER_TIDY] : []));
  if (gone !== false) throw new Error(`${gone}; name a log with --log FILE`);
  const units: ReplayUnit[] = [];
  const rows = keepUnits(everyNth(readLog(log, format), every), units);
  const cluster = await startThrowawayCluster();
  process.env["CITYWATCH_TEST_DATABASE_URL"] = cluster.url;
  const child = fork(import.meta.filename, [formatName], { execArgv: ["--disable-warning=ExperimentalWarning"], stdio: ["ignore", "ignore", "inherit", "ipc"] }); // the support of the tests says on its output that no test was run
  try {
    const ready = await nextMessage<Ready>(child, "the centre");
    const startedAt = performance.now();
    let told = 0;
    const tally = await feed(ready, formatName, rows, ({ received, commands }) => {
      const passed = (performance.now() - startedAt) / 1_000;
      if (passed - told < 10) return;
      told = passed;
      tellProgress(`${received} calls, ${Math.round(received / passed)} a second, ${Math.round(commands / passed)} commands a second`);
    });
    const took = (performance.now() - startedAt) / 1_000;
    child.send("count");
    const found = await nextMessage<Found>(child, "the centre");
    const [outcomes, leftOut] = [sum(tally.outcomes), sum(tally.leftOut)];
    const categoriesSent = Object.fromEntries([...tally.categories].sort());
    const categoriesFound = Object.fromEntries(Object.entries(found.categories).sort());
    const spans = formatName === "lancaster" ? await compareSpans(units, found.spans, isWhole) : { table: [], faults: [] };
    const wrong = [
      ...judgeReplay({ rows: tally.rows, calls: tally.received, faults: tally.faults, leftOut, categories: categoriesSent, ...(isWhole && formatName === "montgomery" ? { known: MONTGOMERY_COUNTS } : {}) }, found),
      ...(outcomes === tally.received ? [] : [`outcomes: ${outcomes}, not ${tally.received}`]), ...(tally.refusals.size === 0 ? [] : [`refused: ${named(Object.fromEntries(tally.refusals))}`]), ...spans.faults,
    ];
    const figures = {
      format: formatName, every, calls: tally.received, seconds: Number(took.toFixed(1)), callsPerSecond: Math.round(tally.received / took), commandsPerSecond: Math.round(tally.commands / took), faults: tally.faults, leftOut,
      outcomes, incidents: found.incidents, closed: found.closed, open: found.open, ringing: found.ringing, refusals: Object.fromEntries(tally.refusals), categoriesSent, categoriesFound, heapMb: found.heapMb, wrong,
    };
    const goal = String(tally.received);
    const table: BenchFigure[] = [
      { what: "rows of the log", value: String(tally.rows) }, { what: "calls that came in", value: goal, ...(isWhole && formatName === "montgomery" ? { goal: String(MONTGOMERY_COUNTS.calls) } : {}) }, { what: "with an outcome", value: String(outcomes), goal },
      { what: "incidents at the centre; closed with a disposition; whose call is dispositioned", value: `${found.incidents}; ${found.closed}; ${found.answered}`, goal: `${goal}; ${goal}; ${goal}` }, { what: "left open, still ringing", value: `${found.open}, ${found.ringing}`, goal: "0, 0" },
      { what: "by category, at the centre", value: named(categoriesFound), goal: named(categoriesSent) },
      { what: "rows not read, left out", value: `${figures.faults}, ${figures.leftOut}` }, { what: "refused", value: named(figures.refusals), goal: "none" },
      ...spans.table,
      { what: "seconds", value: took.toFixed(1) }, { what: "calls a second; commands a second", value: `${figures.callsPerSecond}; ${figures.commandsPerSecond}` }, { what: "heap of the centre", value: `${found.heapMb} MB` },
      { what: "wrong", value: wrong.join("; ") || "nothing", goal: "nothing" },
    ];
    writeDispatchFigures("replay", table, formatName === "montgomery" ? "replay" : `replay ${formatName}`);
    printReport("replay", table, figures);
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    if (child.connected) {
      child.send("end");
      await Promise.race([once(child, "exit"), new Promise((resolve) => setTimeout(resolve, 20_000).unref())]);
    }
    child.kill();
    await cluster.stop();
  }
}
