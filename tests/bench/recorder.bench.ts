// `npm run bench -- recorder [--cameras 200] [--seconds 20] [--rounds 3] [--ffmpeg 15] [--gigabytes 15] [--alone] [--write] [--json]`: what recording costs, counted in processor time of the
// recorder's own process. In turn, round by round, from a sender each: the recorder, the floor (recorder/floor.c, where there is a C compiler), which reads the same bytes from sockets and
// writes them, ffmpeg -c copy, a process a camera, and MediaMTX, where they are on the PATH; then the recorder's parts with one left out or added. Machines are shared: figures are medians
// of the rounds, ratios those within a round. Nothing is lost only if as many pictures are recorded as the sender's kernel took.
// `--alone`: one long run of the recorder by itself, for its memory, with the floor of as many cameras after it. `--write` puts the tables into docs/reference/recorder-figures.md. Needs `--gigabytes` of disk, given back at the end.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { BareConfig } from "./recorder/bare-recorder.ts";
import { type RecorderOutcome, type Used, benchBare, benchFfmpeg, benchFloor, benchMediaMtx, benchRecorder, camerasPerCore, isOnPath } from "./recorder/contenders.ts";
import { canMeasure } from "./recorder/measure.ts";
import { type BenchFigure, describeMachine, findCommit, printReport, readNumberOption, tellProgress } from "./report.ts";

const ALONE = process.argv.includes("--alone");
const CAMERAS = readNumberOption("cameras", ALONE ? 400 : 200);
const SECONDS = readNumberOption("seconds", ALONE ? 600 : 20);
const ROUNDS = ALONE ? 1 : readNumberOption("rounds", 3);
const FFMPEG = readNumberOption("ffmpeg", 15);
const MOST_BYTES = readNumberOption("gigabytes", 15) * 1e9;
/** The floor does the same in each second: a long run tells no more of it. */
const MOST_FLOOR_SECONDS = 60;
const PAGE = join(import.meta.dirname, "..", "..", "docs", "reference", "recorder-figures.md");

const PARTS: readonly { readonly parts: BareConfig["parts"]; readonly what: string }[] = [
  { parts: "all", what: "the parts alone, without centre and media server" },
  { parts: "no-hash", what: "without the hash" },
  { parts: "no-index", what: "without the index" },
  { parts: "live", what: "with a live viewer of each camera, without its socket" },
];

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(process.env["CITYWATCH_BENCH_DIR"] ?? tmpdir(), "citywatch-bench-"));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
const count = (value: number): string => Math.round(value).toLocaleString("en");
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const times = (value: number): string => `${value.toFixed(2)} times`;
const perHour = (perCore: number): string => (3_600 / perCore).toFixed(2);

interface Round {
  readonly ours: RecorderOutcome;
  readonly perCore: number;
  /** The same with the programs that it starts: ffmpeg, which looks at pictures. */
  readonly perCoreWithLooks: number;
  /** Cameras per core, by name. */
  readonly peers: ReadonlyMap<string, number>;
  readonly peerBytes: ReadonlyMap<string, number>;
}

async function runRound(floor: string | undefined): Promise<Round> {
  const peers = new Map<string, number>();
  const peerBytes = new Map<string, number>();
  tellProgress(`recorder: ${CAMERAS} cameras for ${SECONDS} s ...`);
  const ours = await inFolder((dir) => benchRecorder(dir, CAMERAS, SECONDS, MOST_BYTES));
  const perCore = camerasPerCore(CAMERAS, ours.used);
  const perCoreWithLooks = camerasPerCore(CAMERAS, { ...ours.used, cpuSeconds: ours.used.cpuSeconds + ours.childSeconds });
  if (floor !== undefined) {
    for (const way of ["direct", "cached"] as const) {
      tellProgress(`floor, ${way} writes ...`);
      const used = await inFolder((dir) => benchFloor(dir, floor, way, CAMERAS, Math.min(SECONDS, MOST_FLOOR_SECONDS)));
      if (used !== undefined) peers.set(`floor-${way}`, camerasPerCore(CAMERAS, used));
    }
  }
  if (ALONE) return { ours, perCore, perCoreWithLooks, peers, peerBytes };
  for (const [name, there, bench, cameras] of [["ffmpeg", isOnPath("ffmpeg", "-version"), benchFfmpeg, FFMPEG], ["mediamtx", isOnPath("mediamtx", "--version"), benchMediaMtx, CAMERAS]] as const) {
    if (!there) continue;
    tellProgress(`${name}: ${cameras} cameras ...`);
    const { used, bytesPerCamera } = await inFolder((dir) => bench(dir, cameras, SECONDS));
    peers.set(name, camerasPerCore(cameras, used));
    peerBytes.set(name, bytesPerCamera);
  }
  return { ours, perCore, perCoreWithLooks, peers, peerBytes };
}

async function runParts(): Promise<{ readonly what: string; readonly perCore: number }[]> {
  const used = new Map<string, Used[]>();
  for (let round = 0; round < Math.min(2, ROUNDS); round++) {
    for (const { parts, what } of PARTS) {
      tellProgress(`${what} ...`);
      used.set(what, [...(used.get(what) ?? []), await inFolder((dir) => benchBare(dir, CAMERAS, SECONDS, parts))]);
    }
  }
  return PARTS.map(({ what }) => ({ what, perCore: camerasPerCore(CAMERAS, used.get(what)!.reduce((sum, each) => ({ ...sum, cpuSeconds: sum.cpuSeconds + each.cpuSeconds, seconds: sum.seconds + each.seconds }))) }));
}

if (!canMeasure()) {
  tellProgress("this bench reads /proc and so runs on Linux only");
  process.exit(1);
}
const tools = mkdtempSync(join(tmpdir(), "citywatch-floor-"));
let floor: string | undefined;
const rounds: Round[] = [];
let parts: { readonly what: string; readonly perCore: number }[] = [];
try {
  if (isOnPath("cc", "--version")) {
    floor = join(tools, "floor");
    execFileSync("cc", ["-O2", "-o", floor, join(import.meta.dirname, "recorder", "floor.c")]);
  }
  for (let round = 0; round < ROUNDS; round++) rounds.push(await runRound(floor));
  if (!ALONE) parts = await runParts();
} finally {
  rmSync(tools, { recursive: true, force: true });
}

const perCore = median(rounds.map((round) => round.perCore));
const perCoreWithLooks = median(rounds.map((round) => round.perCoreWithLooks));
const lost = rounds.reduce((sum, { ours }) => sum + ours.lost, 0);
const bytesPerCamera = Math.round(median(rounds.map(({ ours }) => (Math.max(...ours.memory.map(({ bytes }) => bytes)) - ours.emptyBytes) / CAMERAS)));
const busy = rounds.map(({ ours }) => ours.used.machineBusy);
const names = [...new Set(rounds.flatMap(({ peers }) => [...peers.keys()]))];
const peers = Object.fromEntries(names.map((name) => [name, Math.round(median(rounds.flatMap((round) => round.peers.get(name) ?? [])))]));
const ratio = (of: (round: Round) => number | undefined): number | null => {
  const ratios = rounds.flatMap((round) => of(round) ?? []);
  return ratios.length === 0 ? null : median(ratios);
};
const toFfmpeg = (mine: number, { peers: theirs }: Round): number | undefined => (theirs.has("ffmpeg") ? mine / theirs.get("ffmpeg")! : undefined);
const toFloor = (mine: number, { peers: theirs }: Round): number | undefined => (theirs.has("floor-direct") ? Math.max(...["floor-direct", "floor-cached"].map((name) => (theirs.get(name) ?? 0) / mine)) : undefined);
const ratioToFfmpeg = ratio((round) => toFfmpeg(round.perCore, round));
const ratioToFloor = ratio((round) => toFloor(round.perCore, round));
const ratioToFfmpegWithLooks = ratio((round) => toFfmpeg(round.perCoreWithLooks, round));
const ratioToFloorWithLooks = ratio((round) => toFloor(round.perCoreWithLooks, round));

const figures: BenchFigure[] = [
  { what: "cameras recorded at once, 4 Mbit/s, 25 pictures a second", value: count(CAMERAS) },
  { what: `cameras per core (${rounds.map((round) => count(round.perCore)).join(", ")})`, value: count(perCore) },
  { what: "processor seconds per camera-hour", value: perHour(perCore) },
  { what: "beside it, of ffmpeg's looks at pictures, of which there are more after a start: seconds per camera-hour", value: (median(rounds.map(({ ours }) => ours.childSeconds / ours.used.seconds)) / CAMERAS * 3_600).toFixed(2) },
  { what: "cameras per core with these looks", value: count(perCoreWithLooks) },
  { what: "pictures recorded", value: count(rounds.reduce((sum, { ours }) => sum + ours.recorded, 0)) },
  { what: "pictures lost", value: count(lost), goal: "0" },
  { what: "pictures that the sender itself was late with", value: count(rounds.reduce((sum, { ours }) => sum + ours.late, 0)) },
  { what: "findings of a check of all that is left on the disk afterwards, bytes against index against hashes", value: count(rounds.reduce((sum, { ours }) => sum + ours.findings, 0)), goal: "0" },
  { what: "runs interrupted", value: count(rounds.reduce((sum, { ours }) => sum + ours.runsInterrupted, 0)), goal: "0" },
  { what: "memory a camera", value: megabytes(bytesPerCamera), goal: "under 1 MB" },
  { what: "writes a second", value: count(median(rounds.map(({ ours }) => ours.writesPerSecond))) },
  { what: "syncs a second", value: count(median(rounds.map(({ ours }) => ours.fsyncsPerSecond))) },
  { what: "most on the disk", value: `${(Math.max(...rounds.map(({ ours }) => ours.mostOnDiskBytes)) / 1e9).toFixed(1)} GB`, goal: `${MOST_BYTES / 1e9} GB and what comes in half a minute` },
  { what: "machine busy meanwhile", value: busy.map((share) => `${Math.round(share * 100)} %`).join(", ") },
];
if (ALONE) for (const { atS, bytes } of rounds[0]!.ours.memory) figures.push({ what: `memory of the process after ${(atS / 60).toFixed(1)} min`, value: `${Math.round(bytes / 1e6)} MB` });
for (const name of names) figures.push({ what: `${name}: cameras per core (processor seconds per camera-hour)`, value: `${count(peers[name]!)} (${perHour(peers[name]!)})` });
for (const name of ["ffmpeg", "mediamtx"]) {
  const bytes = rounds.flatMap((round) => round.peerBytes.get(name) ?? []);
  if (bytes.length > 0) figures.push({ what: `${name}: memory a camera`, value: megabytes(median(bytes)) });
  else if (!ALONE) figures.push({ what: name, value: "not on the PATH" });
}
if (ratioToFfmpeg !== null) figures.push({ what: "cameras per core against ffmpeg", value: times(ratioToFfmpeg), goal: "at least 10" });
if (ratioToFfmpegWithLooks !== null) figures.push({ what: "the same with its looks at pictures, which ffmpeg -c copy has none of", value: times(ratioToFfmpegWithLooks) });
if (ratioToFloor !== null) figures.push({ what: "processor time against the lowest floor", value: times(ratioToFloor), goal: "at most 2" });
if (ratioToFloorWithLooks !== null) figures.push({ what: "the same with its looks at pictures", value: times(ratioToFloorWithLooks) });
const whole = parts[0]?.perCore;
for (const { what, perCore: each } of parts) {
  const change = whole === undefined || each === whole ? "" : `, ${each > whole ? "saves" : "adds"} ${Math.abs(Math.round((whole / each - 1) * 100))} %`;
  figures.push({ what, value: `${perHour(each)} s per camera-hour${change}` });
}

if (process.argv.includes("--write")) {
  const key = ALONE ? "alone" : "rounds";
  const table = ["| figure | value | to reach |", "| --- | --- | --- |", ...figures.map(({ what, value, goal }) => `| ${what} | ${value} | ${goal ?? ""} |`)];
  const made = `Made on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- recorder${ALONE ? " --alone" : ""} --write\` at commit ${findCommit()}, on ${describeMachine()}; ${SECONDS} s each, load ${loadavg().map((load) => load.toFixed(1)).join(", ")} at the end.`;
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = [`<!-- bench recorder ${key}: begin -->`, `<!-- bench recorder ${key}: end -->`];
  if (!page.includes(begin) || !page.includes(end)) throw new Error(`no place for the table in ${PAGE}`);
  writeFileSync(PAGE, `${page.slice(0, page.indexOf(begin) + begin.length)}\n${made}\n\n${table.join("\n")}\n${page.slice(page.indexOf(end))}`);
}
printReport("recorder", figures, { cameras: CAMERAS, camerasPerCore: Math.round(perCore), peers, ratioToFfmpeg, ratioToFloor, bytesPerCamera, samplesLost: lost, camerasPerCoreWithLooks: Math.round(perCoreWithLooks), ratioToFfmpegWithLooks, ratioToFloorWithLooks, findings: rounds.reduce((sum, { ours }) => sum + ours.findings, 0) });
