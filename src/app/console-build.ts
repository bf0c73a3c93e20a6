// Builds the console when what it is made of has changed, told by content and not by file times: a fresh clone, a switched branch and an edited file all
// come out right. Vite runs as a process of its own, so that its memory goes with it. It builds into a folder beside; the files are then moved over one by one,
// the page last, so that a centre which serves `console/dist` meanwhile has a whole console at every moment. Files of the build before stay until the next one:
// a console that is open still loads its rooms by their old names. Rejected: swapping the folders, which leaves an instant with none and takes those rooms away.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ToldError } from "../base/told-error.ts";
import { isAlive } from "../io/process/is-alive.ts";

const SOURCES = ["console", "src/base", "src/contract", "src/evidence", "src/geo", "src/media", "package-lock.json"];
const SKIP = new Set(["node_modules", ".tsbuild", "dist"]);
const PAGE = "index.html";
/** Of the page that lies in evidence packages, built into a folder of its own beside the console's files. */
const EVIDENCE_CONFIG = "vite.evidence.config.ts";
export const EVIDENCE_PAGE = join("evidence", PAGE);
/** What the build was made of and which files it has: JSON of BuildStamp. */
const STAMP = ".build.json";
const FRESH = /^dist\.new-(\d+)$/;

interface BuildStamp {
  readonly sources: string;
  readonly files: readonly string[];
}
const NO_BUILD: BuildStamp = { sources: "", files: [] };

/** A hash over the names and contents of everything the console is built from. */
export function hashConsoleSources(root: string): string {
  const hash = createHash("sha256");
  const add = (path: string): void => {
    const absolute = join(root, path);
    const entries = path.includes(".") ? undefined : readdirSync(absolute, { withFileTypes: true });
    if (!entries) {
      hash.update(`${path}\0`).update(readFileSync(absolute)).update("\0");
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() ? !SKIP.has(entry.name) && !FRESH.test(entry.name) : entry.isFile() && !entry.name.endsWith(".test.ts")) {
        if (entry.isDirectory()) add(`${path}/${entry.name}`);
        else hash.update(`${path}/${entry.name}\0`).update(readFileSync(join(absolute, entry.name))).update("\0");
      }
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}

/** In which order a new build's files go over the old one's, and which files nobody needs any more. */
export function planPublication(fresh: readonly string[], before: readonly string[], present: readonly string[]): { readonly move: readonly string[]; readonly remove: readonly string[] } {
  const kept = new Set([...fresh, ...before, STAMP]);
  const move = [...fresh.filter((file) => file !== PAGE).sort(), ...fresh.filter((file) => file === PAGE)];
  return { move, remove: present.filter((file) => !kept.has(file)).sort() };
}

function listFiles(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
}

function readStamp(dir: string): BuildStamp {
  const path = join(dir, STAMP);
  if (!existsSync(path)) return NO_BUILD;
  try {
    const { sources, files } = JSON.parse(readFileSync(path, "utf8")) as Partial<BuildStamp>;
    return typeof sources === "string" && Array.isArray(files) ? { sources, files } : NO_BUILD;
  } catch {
    return NO_BUILD; // cut short by a crash: build again
  }
}

function publish(fresh: string, dir: string, sources: string): void {
  const files = listFiles(fresh);
  const { move, remove } = planPublication(files, readStamp(dir).files, listFiles(dir));
  for (const file of move) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    renameSync(join(fresh, file), join(dir, file));
  }
  writeFileSync(join(dir, STAMP), JSON.stringify({ sources, files } satisfies BuildStamp));
  for (const file of remove) rmSync(join(dir, file), { force: true });
}

/** Folders of builds that were killed. */
function removeAbandoned(consoleRoot: string): void {
  for (const name of readdirSync(consoleRoot)) {
    const builder = FRESH.exec(name)?.[1];
    if (builder !== undefined && !isAlive(Number(builder))) rmSync(join(consoleRoot, name), { recursive: true, force: true });
  }
}

/** Builds into console/dist where needed. Returns the folder and whether it was built now. Throws a ToldError with the end of Vite's output; the old build then stays. */
export async function buildConsole(root: string): Promise<{ readonly dir: string; readonly built: boolean }> {
  const consoleRoot = join(root, "console");
  const dir = join(consoleRoot, "dist");
  const wanted = hashConsoleSources(root);
  if (readStamp(dir).sources === wanted) return { dir, built: false };
  removeAbandoned(consoleRoot);
  const fresh = `${dir}.new-${process.pid}`;
  try {
    await runVite(consoleRoot, fresh);
    if (existsSync(join(consoleRoot, EVIDENCE_CONFIG))) await buildEvidencePage(consoleRoot, dirname(join(fresh, EVIDENCE_PAGE)));
    publish(fresh, dir, wanted);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { dir, built: true };
}

/** The page alone, one file, into `outDir`. */
export const buildEvidencePage = (consoleRoot: string, outDir: string): Promise<void> => runVite(consoleRoot, outDir, ["--config", EVIDENCE_CONFIG]);

function runVite(consoleRoot: string, outDir: string, more: readonly string[] = []): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  return new Promise((resolve, reject) => {
    let said = "";
    const args = [vite, "build", "--logLevel", "warn", "--outDir", outDir, "--emptyOutDir", ...more];
    const child = spawn(process.execPath, args, { cwd: consoleRoot, env: { ...process.env, NODE_ENV: "production" }, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new ToldError(`The console could not be built:\n${said.trim()}`))));
  });
}
