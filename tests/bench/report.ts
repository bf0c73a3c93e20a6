// How every bench tells what it measured: a table for people, one object for programs (`--json`), both with the machine, the version and the commit.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

export interface BenchFigure {
  readonly what: string;
  readonly value: string;
  /** What was to be reached, where something was. */
  readonly goal?: string;
}

export const isJsonAsked = (args: readonly string[] = process.argv): boolean => args.includes("--json");

/** Progress goes to the error stream, so that `--json` stays one object. */
export function tellProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function describeMachine(): string {
  return `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.version}`;
}

export function findCommit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}

export function printReport(name: string, figures: readonly BenchFigure[], json: Readonly<Record<string, unknown>>): void {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const machine = describeMachine();
  const commit = findCommit();
  if (isJsonAsked()) {
    console.log(JSON.stringify({ name, machine, version, commit, figures: json }));
    return;
  }
  console.log(`\n${name} · Citywatch ${version} (${commit}) · ${machine}\n`);
  const width = Math.max(...figures.map(({ what }) => what.length));
  const valueWidth = Math.max(...figures.map(({ value }) => value.length));
  for (const { what, value, goal } of figures) console.log(`  ${what.padEnd(width)}  ${value.padStart(valueWidth)}${goal === undefined ? "" : `   to reach: ${goal}`}`);
}

const DISPATCH_PAGE = join(ROOT, "docs", "reference", "dispatch-figures.md");

/** Where `--write` is asked for, puts the figures into the page of dispatch, between the marks of the bench; a bench that measures several things has a section for each. */
export function writeDispatchFigures(name: string, figures: readonly BenchFigure[], section: string = name): void {
  if (!process.argv.includes("--write")) return;
  const page = readFileSync(DISPATCH_PAGE, "utf8");
  const [begin, end] = [`<!-- bench ${section}: begin -->`, `<!-- bench ${section}: end -->`];
  if (!page.includes(begin) || !page.includes(end)) throw new Error(`no place for the table in ${DISPATCH_PAGE}: expected ${begin} and ${end}`);
  const asked = process.argv.slice(2).filter((one) => one !== "--json" && !one.includes("/"));
  const made = `Made on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- ${[name, ...asked].join(" ")}\` at commit ${findCommit()}, on ${describeMachine()}; load ${loadavg().map((load) => load.toFixed(1)).join(", ")} at the end.`;
  const table = ["| figure | value | to reach |", "| --- | --- | --- |", ...figures.map(({ what, value, goal }) => `| ${what} | ${value} | ${goal ?? ""} |`)].join("\n");
  writeFileSync(DISPATCH_PAGE, `${page.slice(0, page.indexOf(begin) + begin.length)}\n${made}\n\n${table}\n${page.slice(page.indexOf(end))}`);
  tellProgress(`written: ${DISPATCH_PAGE}`);
}

/** The value of `--name VALUE` as a positive number. */
export function readNumberOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return fallback;
  const value = Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} ${process.argv[at + 1] ?? ""}: expected a number above 0`);
  return value;
}

/** The value below which so great a share of them lies. */
export function at(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}
