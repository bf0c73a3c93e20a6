// The whole product as `npm start` runs it, on free ports and a data folder of its own, for tests that need all of it: real processes, real
// PostgreSQL, real sockets. The callers are silent unless asked for, so that a test's own calls are the only ones.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultConfiguration } from "../../src/app/configuration.ts";
import { readOperatorToken } from "../../src/cli/centre-client.ts";
import { startSystem, type RunningSystem } from "../../src/app/supervisor.ts";
import { CityClient } from "./city-client.ts";

export const LOGIN = "first.person";
export const PASSWORD = "a-long-enough-password-7";

export interface RunningCity {
  readonly system: RunningSystem;
  readonly dataDir: string;
  readonly client: CityClient; // logged in as the first account
  readonly notes: string[]; // what the terminal would have shown
  /** A client as the command line is one on the server's own machine. */
  readonly operator: CityClient;
  token(service: "telephony" | "fleet" | "recorder"): string;
  /** Stops everything and removes the data folder. */
  end(): Promise<void>;
}

export async function startRunningCity(options: { callsPerHour?: number; console?: boolean; recorders?: number; cityDir?: string; training?: boolean; dispatchTimes?: string; prepare?: (dataDir: string) => Promise<void> } = {}): Promise<RunningCity> {
  const dataDir = mkdtempSync(join(tmpdir(), "citywatch-e2e-"));
  await options.prepare?.(dataDir); // before anything is started
  const notes: string[] = [];
  const configuration = { ...defaultConfiguration(), dataDir, port: 0, recorderPort: 0, cameraPort: 0, callsPerHour: options.callsPerHour ?? 0, training: options.training ?? false, recorders: options.recorders ?? 1, dispatchTimes: options.dispatchTimes ?? "", databaseUrl: "", cityDir: options.cityDir ?? "" };
  const system = await startSystem({
    configuration,
    version: "0.0.0-test",
    demo: options.cityDir === undefined, // a city of its own has no simulation
    signal: new AbortController().signal,
    watcher: { step: async (_title, work) => work(() => undefined), note: (message) => void notes.push(message), complain: (message) => void notes.push(message) },
    prepare: options.console === false ? ["city"] : ["city", "console"],
  });
  const client = new CityClient(system.address);
  await client.createFirstAccount(system.firstAccountToken ?? "", LOGIN, PASSWORD);
  return {
    system,
    dataDir,
    client,
    notes,
    operator: new CityClient(system.address, readOperatorToken(dataDir)),
    token: (service) => readFileSync(join(dataDir, "secrets", `service-${service}`), "utf8"),
    end: async () => {
      await system.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer is there; a passing failure (a part that is restarting) is asked again too. Throws after `withinMs`, naming what was awaited. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false | null>, withinMs = 120_000): Promise<T> {
  const until = performance.now() + withinMs;
  let last: unknown;
  while (performance.now() < until) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false && answer !== null) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(200);
  }
  throw new Error(`waited ${withinMs} ms for ${what}`, { cause: last });
}
