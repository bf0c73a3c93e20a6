// The checking tools as child processes: the compiler and the linter of the packages, run under the same Node, speaking to the same terminal.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { guardAgainstOrphaning, type GuardOptions } from "../io/process/orphan-guard.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..");

/** The script behind a package's command, so that no shell and no PATH decides which one runs. */
export function findTool(packageName: string, bin: string): string {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin: bins } = require(manifest) as { bin: string | Record<string, string> };
  const path = typeof bins === "string" ? bins : bins[bin];
  if (!path) throw new Error(`the package ${packageName} has no command ${bin}`);
  return join(dirname(manifest), path);
}

/** Runs a script of Node to its end, or to ours; the exit code, or 128 + n for an end by signal n. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = process.env, orphan: Pick<GuardOptions, "thenRemove"> = {}): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: "inherit" });
    guardAgainstOrphaning(child, { signal: "TERM", ...orphan });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on("SIGTERM", forward);
    process.on("SIGINT", forward);
    child.once("error", fail);
    child.once("exit", (code, signal) => {
      process.off("SIGTERM", forward);
      process.off("SIGINT", forward);
      done(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/** `tsc -b` over every project: types and the dependency rule. */
export const checkTypes = (): Promise<number> => runNode([findTool("typescript", "tsc"), "-b", "--pretty", String(process.stdout.isTTY === true)]);

export const lint = (): Promise<number> => runNode([findTool("oxlint", "oxlint"), "--quiet", "--deny-warnings"]);
