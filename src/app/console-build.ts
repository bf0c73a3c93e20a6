// Builds the console when what it is made of has changed, told by content and not by file times: a fresh clone, a switched branch and an edited file all
// come out right. Vite runs as a process of its own, so that its memory goes with it.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ToldError } from "../base/told-error.ts";

const SOURCES = ["console", "src/base", "src/contract", "src/geo", "package-lock.json"];
const SKIP = new Set(["node_modules", ".tsbuild", "dist"]);

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
      if (entry.isDirectory() ? !SKIP.has(entry.name) : entry.isFile() && !entry.name.endsWith(".test.ts")) {
        if (entry.isDirectory()) add(`${path}/${entry.name}`);
        else hash.update(`${path}/${entry.name}\0`).update(readFileSync(join(absolute, entry.name))).update("\0");
      }
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}

/** Builds into console/dist where needed. Returns the folder and whether it was built now. Throws a ToldError with the end of Vite's output. */
export async function buildConsole(root: string): Promise<{ readonly dir: string; readonly built: boolean }> {
  const dir = join(root, "console", "dist");
  const stamp = join(dir, ".sources");
  const wanted = hashConsoleSources(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return { dir, built: false };
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  await new Promise<void>((resolve, reject) => {
    let said = "";
    const child = spawn(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: join(root, "console"), env: { ...process.env, NODE_ENV: "production" }, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new ToldError(`The console could not be built:\n${said.trim()}`))));
  });
  writeFileSync(stamp, wanted);
  return { dir, built: true };
}
