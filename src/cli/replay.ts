// `citywatch replay FILE`: the call log of another centre, fed into a running centre that trains or plays, through the same intake as a switch uses.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ToldError } from "../base/told-error.ts";
import { REPLAYED_SKILL } from "../contract/basics.ts";
import { deriveReplayToken } from "../io/crypto/tokens.ts";
import { mappedFormat, parseMapping } from "../sim/replay/csv-mapping.ts";
import { lancaster } from "../sim/replay/lancaster.ts";
import { isTimeZone } from "../sim/replay/log-time.ts";
import { montgomery } from "../sim/replay/montgomery.ts";
import { createReplayCentre } from "../sim/replay/centre.ts";
import { replayLog, type Tally } from "../sim/replay/player.ts";
import { readLog } from "../sim/replay/read-log.ts";
import type { LogFormat } from "../sim/replay/replay-call.ts";
import { count } from "./camera.ts";
import { findCentreOrigin } from "./centre-client.ts";
import { formatBar } from "./terminal.ts";

const FORMATS = ["montgomery", "lancaster", "csv-mapping"] as const;
const HELP = `Usage: citywatch replay FILE --format ${FORMATS.join("|")} [--speed N|max]

Feeds the calls of a log into a running centre that trains or plays the demo city; one that is real does not take it. FILE is
CSV, or a ZIP with one CSV in it. Sent again, it goes on where it was broken off, and changes nothing where it had come through.

  --format FORMAT    montgomery: one row a call, by place; lancaster: one row an incident, with its units' milestones;
                     csv-mapping: as --mapping tells
  --mapping FILE     which column holds what, as JSON (docs/reference/replay.md)
  --speed N|max      how much faster than the log's clock; max: as fast as the centre takes it [max]
  --answered-by WHO  replay: it answers its calls itself, sends the log's units and closes; people: the calls ring, and
                     whoever is at the consoles does the rest (needs a number as speed) [replay]
  --name NAME        of this replay; the same log under another name goes in anew [the format]
  --time-zone ZONE   of the log's clock, e.g. Europe/Lisbon [as the format says]
  --every N          only every Nth call, from the first [1]
  --centre URL       the running centre (CITYWATCH_CENTRE) [the one that runs on the data folder, else http://127.0.0.1:7300]
  --data FOLDER      its data folder, by which it lets the replay in (CITYWATCH_DATA) [data]`;

const TEXT = { type: "string" } as const;
const OPTIONS = { format: TEXT, mapping: TEXT, speed: TEXT, "answered-by": TEXT, name: TEXT, "time-zone": TEXT, every: TEXT, centre: TEXT, data: TEXT, help: { type: "boolean", short: "h" } } as const;
const DRAW_MS = { terminal: 250, file: 10_000 } as const;
const MOST_LISTED = 12;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [file, ...more] = positionals;
  if (values.help === true || file === undefined || more.length > 0) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const format = readFormat(values.format, values.mapping);
  const speed = readSpeed(values.speed ?? "max");
  const answeredBy = values["answered-by"] ?? "replay";
  if (answeredBy !== "replay" && answeredBy !== "people") throw new ToldError(`--answered-by: ${answeredBy}: expected replay or people`);
  if (answeredBy === "people" && speed === "max") throw new ToldError("--answered-by people needs a --speed N: all calls of a log at once would ring at once");
  const name = values.name ?? values.format!;
  if (!/^[\w.-]{1,24}$/.test(name)) throw new ToldError(`--name: ${name}: expected at most 24 letters, digits, dots, _ or -`);
  const zone = values["time-zone"] ?? format.timeZone;
  if (!isTimeZone(zone)) throw new ToldError(`--time-zone: ${zone}: expected a zone like Europe/Lisbon`);
  const every = Number(values.every ?? "1");
  if (!Number.isInteger(every) || every < 1) throw new ToldError(`--every: ${values.every}: expected a whole number of 1 or more`);

  const dataDir = resolve(values.data ?? process.env["CITYWATCH_DATA"] ?? "data");
  const origin = findCentreOrigin(values.centre, dataDir);
  const aborter = new AbortController();
  const onSignal = (): void => aborter.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const centre = await createReplayCentre({ origin, token: readReplayToken(dataDir), signal: aborter.signal, skill: REPLAYED_SKILL });
    const rows = everyNth(readLog(resolve(file), format, zone), every);
    const startedAt = performance.now();
    const bar = createBar(startedAt);
    const tally = await replayLog(rows, {
      centre, speed, answeredBy, name, middle: centre.middle, middleUncertaintyM: centre.middleUncertaintyM, signal: aborter.signal, onCall: bar.show,
      clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() }, pause: (ms) => sleep(ms, undefined, { signal: aborter.signal }).catch(() => undefined),
    });
    bar.end();
    console.log(formatTally(tally, (performance.now() - startedAt) / 1_000));
    if (tally.faults > 0) console.error(`${count(tally.faults, "row")} of ${tally.rows.toLocaleString("en")} could not be read and did not come in.`);
    if (aborter.signal.aborted) console.log("Broken off. The same command goes on from here.");
    return exitCodeOf(tally, aborter.signal.aborted);
  } finally {
    process.removeListener("SIGINT", onSignal).removeListener("SIGTERM", onSignal);
  }
}

function readFormat(format: string | undefined, mapping: string | undefined): LogFormat {
  if (format === "montgomery") return montgomery;
  if (format === "lancaster") return lancaster;
  if (format !== "csv-mapping") throw new ToldError(`--format: ${format ?? "missing"}: expected ${FORMATS.join(", ")}`);
  if (mapping === undefined) throw new ToldError("--format csv-mapping needs --mapping FILE");
  try {
    return mappedFormat(parseMapping(JSON.parse(readFileSync(resolve(mapping), "utf8"))));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues.map((issue) => `${issue.path.join(".") || "the mapping"}: ${issue.message}`).join("; ") : (error as Error).message;
    throw new ToldError(`--mapping ${mapping}: ${why}`, { cause: error });
  }
}

function readSpeed(text: string): number | "max" {
  if (text === "max") return "max";
  const speed = Number(text);
  if (!(speed > 0 && speed <= 1_000_000)) throw new ToldError(`--speed: ${text}: expected max, or a number above 0`);
  return speed;
}

function readReplayToken(dataDir: string): string {
  try {
    return deriveReplayToken(readFileSync(join(dataDir, "secrets", "seal-key"), "utf8").trim());
  } catch (error) {
    throw new ToldError(`${dataDir} is no data folder that this user may read (${(error as NodeJS.ErrnoException).code}). Name the one that the centre runs on: --data FOLDER.`, { cause: error });
  }
}

export async function* everyNth<T>(rows: AsyncIterable<T>, n: number): AsyncGenerator<T> {
  let index = 0;
  for await (const row of rows) if (index++ % n === 0) yield row;
}

/** How far it is: a line that is drawn anew on a terminal, and a line now and then elsewhere. */
function createBar(startedAt: number): { readonly show: (tally: Tally) => void; readonly end: () => void } {
  const { stderr } = process;
  let drawnAt = 0;
  return {
    show: (tally) => {
      const now = performance.now();
      if (now - drawnAt < (stderr.isTTY ? DRAW_MS.terminal : DRAW_MS.file)) return;
      drawnAt = now;
      const done = tally.received + tally.known;
      const seconds = (now - startedAt) / 1_000;
      const line = `  ${formatBar(done + tally.skipped, Math.max(tally.rows, 1))} ${done + tally.skipped} calls of ${tally.rows} rows read, ${Math.round(done / seconds)} a second, ${Math.round(tally.commands / seconds)} commands a second`;
      stderr.write(stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end: () => void (stderr.isTTY && stderr.write("\r\x1b[K")),
  };
}

/** 0 only where everything came in. */
export const exitCodeOf = ({ refusals, faults }: Pick<Tally, "refusals" | "faults">, brokenOff: boolean): number => (brokenOff ? 130 : refusals.size > 0 || faults > 0 ? 1 : 0);

export function formatTally(tally: Tally, seconds: number): string {
  const figure = (n: number): string => n.toLocaleString("en");
  const list = (title: string, counts: ReadonlyMap<string, number>, note = ""): string[] => {
    if (counts.size === 0) return [];
    const rows = [...counts].sort((a, b) => b[1] - a[1]);
    const rest = rows.slice(MOST_LISTED);
    const shown = [...rows.slice(0, MOST_LISTED).map(([what, n]) => `${what} ${figure(n)}`), ...(rest.length === 0 ? [] : [`${rest.length} more ${figure(rest.reduce((sum, [, n]) => sum + n, 0))}`])];
    return [`  ${title.padEnd(12)} ${shown.join(", ")}${note}`];
  };
  const calls = tally.received + tally.known;
  return [
    `${figure(tally.rows)} rows: ${figure(tally.received)} calls came in, ${figure(tally.known)} were there already, ${figure(tally.skipped)} had ended in an earlier run, ${figure(tally.faults)} could not be read`,
    `  in ${seconds.toFixed(1)} s: ${Math.round(calls / seconds)} calls a second, ${Math.round(tally.commands / seconds)} commands a second`,
    ...list("ended as", tally.outcomes), ...list("category", tally.categories), ...list("our types", tally.types), ...list("as said", tally.unknownTypes, " (none of our types; they went in as other, with the log's words)"),
    ...list("left out", tally.leftOut), ...list("doubtful", tally.doubts), ...list("refused", tally.refusals),
    ...tally.firstFaults.map(({ line, field, value, expected }) => `  line ${line}: ${field}: ${value}: expected ${expected}`),
    ...(tally.faults > tally.firstFaults.length ? [`  and ${figure(tally.faults - tally.firstFaults.length)} rows more`] : []),
  ].join("\n");
}
