// What `start` and `serve` share: read the options, start, print the address, wait for the signal to stop. The first Ctrl-C stops in order; the second, at
// least a second later, ends everything at once. One key press may arrive more than once (the terminal, npm and citywatch.mjs each pass it on).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatOptions, readConfiguration } from "../app/configuration.ts";
import { ROOT, startSystem, type RunningSystem } from "../app/supervisor.ts";
import { createTerminalWatcher } from "./terminal.ts";

const SAME_KEY_MS = 1_000;

function formatWelcome(system: RunningSystem, training: boolean): string {
  const lines = ["", `  Citywatch runs: ${system.address}`, ...(training ? ["  TRAINING: nothing in it has happened, and nothing in it reaches a real unit."] : [])];
  if (system.firstAccountToken) lines.push(`  First log-in, once: open the address, choose a name and a password, and give this token: ${system.firstAccountToken}`);
  lines.push("  Ctrl-C stops it.", "");
  return lines.join("\n");
}

export async function runSystem(args: readonly string[], demo: boolean): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(`Usage: citywatch ${demo ? "start" : "serve"} [OPTIONS]\n\n${formatOptions()}`);
    return 0;
  }
  const configuration = readConfiguration(args, process.env, process.cwd());
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const watcher = createTerminalWatcher(process.stderr);
  const abort = new AbortController();
  let system: RunningSystem | undefined;
  let asked: number | undefined;
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const onSignal = (name: NodeJS.Signals): void => {
    if (asked === undefined) {
      asked = performance.now();
      process.stderr.write(`\n  stopping (${name}); again to end at once\n`);
      abort.abort();
      leave();
    } else if (performance.now() - asked > SAME_KEY_MS) {
      system?.kill();
      process.exit(130);
    }
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, onSignal);
  try {
    system = await startSystem({ configuration, version, demo, watcher, signal: abort.signal });
  } catch (error) {
    if (abort.signal.aborted) return 0;
    throw error;
  }
  console.log(formatWelcome(system, configuration.training));
  await left;
  const since = performance.now();
  await system.stop();
  process.stderr.write(`  stopped in ${((performance.now() - since) / 1000).toFixed(1)} s\n`);
  return 0;
}
