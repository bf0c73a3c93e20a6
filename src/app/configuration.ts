// Every option of `start` and `serve` in one table: its flag, environment variable, name in the configuration file, default and meaning. One value is
// taken from, in this order: flag, environment, file, default. A table rather than a schema library, because help text, sample file and
// reference page come from the same rows and a test holds them together.

import { readFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ToldError } from "../base/told-error.ts";
import { readDispatchTimes } from "../dispatch/policy.ts";
import { DEFAULT_CAMERA_NETWORKS, parseCameraNetworks } from "../video/camera/camera-networks.ts";

export interface Configuration {
  readonly dataDir: string;
  readonly cityDir: string; // "" : the demo city in the data folder
  readonly databaseUrl: string; // "" : PostgreSQL of our own in the data folder
  readonly host: string;
  readonly port: number;
  readonly recorderPort: number;
  readonly cameraPort: number;
  readonly cameraNetworks: string;
  readonly trackerHost: string;
  readonly trackerPort: number; // 0: none
  readonly webhookNetworks: string; // "": the internet only
  readonly dispatchTimes: string; // "": as installed
  readonly publicOrigin: string; // "" : http://HOST:PORT
  readonly mediaOrigin: string; // of each recorder, by commas; "" : http://HOST:RECORDER-PORT
  readonly training: boolean;
  readonly seed: number;
  readonly callsPerHour: number;
  readonly recorders: number;
  readonly recordingsDir: readonly string[]; // of each recorder; of those that have none here: in the data folder, or where they were
  readonly recordingsGb: number; // 0: no bound but the disk's
}

type Kind = "text" | "switch" | "folder" | "folders" | "port" | "number" | "host" | "origin" | "origins" | "database" | "networks" | "times";
type Value = Configuration[keyof Configuration];

interface Option<T> {
  readonly flag: string;
  readonly env: string;
  readonly kind: Kind;
  readonly fallback: T;
  readonly help: string;
}

export const OPTIONS: { readonly [K in keyof Configuration]: Option<Configuration[K]> } = {
  dataDir: { flag: "data", env: "CITYWATCH_DATA", kind: "folder", fallback: "data", help: "folder of everything that is kept" },
  cityDir: { flag: "city", env: "CITYWATCH_CITY", kind: "folder", fallback: "", help: "an imported city; empty: the demo city in the data folder" },
  databaseUrl: { flag: "database-url", env: "DATABASE_URL", kind: "database", fallback: "", help: "PostgreSQL 16 or newer; empty: one of our own in the data folder" },
  host: { flag: "host", env: "CITYWATCH_HOST", kind: "host", fallback: "127.0.0.1", help: "address to listen on; others can reach it when it is not a loopback address" },
  port: { flag: "port", env: "CITYWATCH_PORT", kind: "port", fallback: 7300, help: "console and API; 0 takes a free one" },
  recorderPort: { flag: "recorder-port", env: "CITYWATCH_RECORDER_PORT", kind: "port", fallback: 7310, help: "live and past pictures; each further recorder has the next one; 0 takes free ones" },
  cameraPort: { flag: "camera-port", env: "CITYWATCH_CAMERA_PORT", kind: "port", fallback: 7554, help: "RTSP of the simulated cameras; 0 takes a free one" },
  cameraNetworks: { flag: "camera-networks", env: "CITYWATCH_CAMERA_NETWORKS", kind: "networks", fallback: DEFAULT_CAMERA_NETWORKS, help: "where cameras may be; see below" },
  trackerHost: { flag: "tracker-host", env: "CITYWATCH_TRACKER_HOST", kind: "host", fallback: "127.0.0.1", help: "address on which trackers are heard; NMEA has no password, so only a closed network may reach it" },
  trackerPort: { flag: "tracker-port", env: "CITYWATCH_TRACKER_PORT", kind: "port", fallback: 0, help: "port, by TCP and UDP, on which trackers send NMEA sentences; 0: none" },
  webhookNetworks: { flag: "webhook-networks", env: "CITYWATCH_WEBHOOK_NETWORKS", kind: "networks", fallback: "", help: "private networks in which webhooks may have their targets, besides the internet; empty: none" },
  dispatchTimes: { flag: "dispatch-times", env: "CITYWATCH_DISPATCH_TIMES", kind: "times", fallback: "", help: "how soon dispatch is told of what waits, NAME=SECONDS by commas; see below" },
  publicOrigin: { flag: "public-origin", env: "CITYWATCH_PUBLIC_ORIGIN", kind: "origin", fallback: "", help: "what browsers call the console; empty: http://HOST:PORT" },
  mediaOrigin: { flag: "media-origin", env: "CITYWATCH_MEDIA_ORIGIN", kind: "origins", fallback: "", help: "what browsers call the recorder, of several recorders each by commas; empty: http://HOST:RECORDER-PORT" },
  training: { flag: "training", env: "CITYWATCH_TRAINING", kind: "switch", fallback: false, help: "for training: a log, ids and data folder of its own, and no way to a real unit" },
  seed: { flag: "seed", env: "CITYWATCH_SEED", kind: "number", fallback: 1, help: "of the simulated callers and units: the same seed, the same day" },
  callsPerHour: { flag: "calls-per-hour", env: "CITYWATCH_CALLS_PER_HOUR", kind: "number", fallback: 40, help: "simulated calls; 0 for none" },
  recorders: { flag: "recorders", env: "CITYWATCH_RECORDERS", kind: "number", fallback: 1, help: "recorders on this machine, a process each: best as many as it has cores or disks to spare" },
  recordingsDir: { flag: "recordings", env: "CITYWATCH_RECORDINGS", kind: "folders", fallback: [], help: "folder of the recordings, best on a volume of their own; it is remembered; once for each recorder, in their order; empty: where they were, at first recordings (recordings-2 of the second) in the data folder" },
  recordingsGb: { flag: "recordings-gb", env: "CITYWATCH_RECORDINGS_GB", kind: "number", fallback: 0, help: "GB (10^9 bytes) that all recordings may take; beyond it the oldest go, by what each camera is to keep; each recorder has an equal share; 0: as much as the disk has but for what is kept free" },
};

/** Where training keeps its data unless told: never beside those of a real city. */
export const TRAINING_DATA = "data-training";

export const MOST_RECORDERS = 64;

export const OPTION_NAMES = Object.keys(OPTIONS) as (keyof Configuration)[];

export function defaultConfiguration(): Configuration {
  return Object.fromEntries(OPTION_NAMES.map((name) => [name, OPTIONS[name].fallback])) as unknown as Configuration;
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text;
}

/** One value from outside, checked. `from` names where it came from, for the message. */
function parseValue(name: keyof Configuration, given: unknown, from: string): Value {
  const { kind } = OPTIONS[name];
  if (kind === "switch") {
    if (given === true || given === "true" || given === "1") return true;
    if (given === false || given === "false" || given === "0") return false;
    throw new ToldError(`${from}: ${JSON.stringify(given)}: expected true or false`);
  }
  const wrong = (expected: string): never => {
    const shown = kind === "database" ? "(not shown: it may hold a password)" : JSON.stringify(given);
    throw new ToldError(`${from}: ${shown}: expected ${expected}`);
  };
  if (kind === "port" || kind === "number") {
    const text = typeof given === "number" ? String(given) : given;
    if (typeof text !== "string" || !/^\d{1,15}(\.\d+)?$/.test(text)) return wrong(kind === "port" ? "a port from 0 to 65535" : "a number of 0 or more");
    const value = Number(text);
    if (kind === "port" && (!Number.isInteger(value) || value > 65535)) return wrong("a port from 0 to 65535");
    if (name === "recorders" && (!Number.isInteger(value) || value < 1 || value > MOST_RECORDERS)) return wrong(`a whole number from 1 to ${MOST_RECORDERS}`);
    if (name === "seed" && (!Number.isInteger(value) || value > 0xffff_ffff)) return wrong("a whole number from 0 to 4294967295");
    return value;
  }
  if (kind === "folders") {
    const folders = typeof given === "string" ? given.split(delimiter) : given;
    if (!Array.isArray(folders) || folders.some((folder) => typeof folder !== "string")) return wrong("a folder, or a list of them");
    return (folders as string[]).filter((folder) => folder !== "");
  }
  if (typeof given !== "string") return wrong("text");
  if (given === "") return given;
  if (kind === "host" && !/^[0-9A-Za-z.:-]+$/.test(given)) return wrong("a host name or an IP address");
  if (kind === "networks") {
    const parsed = parseCameraNetworks(given);
    if (!parsed.ok) throw new ToldError(`${from}: ${JSON.stringify(parsed.error.value)}: expected ${parsed.error.expected}`);
  }
  if (kind === "times") {
    const read = readDispatchTimes(given);
    if (!read.ok) throw new ToldError(`${from}: ${JSON.stringify(read.error.value)}: expected ${read.error.expected}`);
  }
  if (kind === "database" && !/^postgres(ql)?:\/\//.test(given)) return wrong("postgres://user:password@host:port/database");
  if (kind === "origin" && !isOrigin(given)) return wrong("an origin like https://citywatch.example.org, without a path");
  if (kind === "origins" && !given.split(",").every(isOrigin)) return wrong("origins like https://citywatch.example.org, without a path, separated by commas");
  return given;
}

function readConfigurationFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ToldError(`--config ${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ToldError(`--config ${path}: is not JSON (${(error as Error).message})`, { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new ToldError(`--config ${path}: expected an object`);
  const unknown = Object.keys(parsed).filter((key) => !Object.hasOwn(OPTIONS, key));
  if (unknown.length > 0) throw new ToldError(`--config ${path}: there is no option ${unknown.join(", ")}; there are ${OPTION_NAMES.join(", ")}`);
  return parsed as Record<string, unknown>;
}

/** Reads the options of `start` and `serve`. Throws a ToldError naming the option, its value and what was expected. Folders come out absolute. */
export function readConfiguration(args: readonly string[], env: Readonly<Record<string, string | undefined>>, cwd: string): Configuration {
  const options = Object.fromEntries([...OPTION_NAMES.map((name) => [OPTIONS[name].flag, { type: OPTIONS[name].kind === "switch" ? ("boolean" as const) : ("string" as const), multiple: OPTIONS[name].kind === "folders" }]), ["config", { type: "string" as const }]]);
  const { values } = parseArgs({ args: [...args], options, allowPositionals: false }) as unknown as { values: Record<string, string | string[] | undefined> & { readonly config?: string } };
  const file = values.config === undefined ? {} : readConfigurationFile(resolve(cwd, values.config));
  let isTraining = false; // decides where training's data lie, so that it is read first
  const read = (name: keyof Configuration): Value => {
    const { flag, env: variable, kind, fallback } = OPTIONS[name];
    const inEnv = env[variable];
    let value: Value = fallback;
    if (name === "dataDir" && isTraining) value = TRAINING_DATA;
    if (values[flag] !== undefined) value = parseValue(name, values[flag], `--${flag}`);
    else if (inEnv !== undefined && inEnv !== "") value = parseValue(name, inEnv, variable);
    else if (Object.hasOwn(file, name)) value = parseValue(name, file[name], `${values.config}: ${name}`);
    if (typeof value === "object") return value.map((folder) => resolve(cwd, folder));
    return kind === "folder" && value !== "" ? resolve(cwd, String(value)) : value;
  };
  isTraining = read("training") === true;
  const configuration = Object.fromEntries(OPTION_NAMES.map((name) => [name, read(name)])) as unknown as Configuration;
  const { recorders, recordingsDir, mediaOrigin } = configuration;
  if (recordingsDir.length > recorders) throw new ToldError(`--recordings: ${recordingsDir.length} folders for ${recorders} ${recorders === 1 ? "recorder" : "recorders"}: expected one for each at most (--recorders N)`);
  if (new Set(recordingsDir).size < recordingsDir.length) throw new ToldError("--recordings: the same folder twice: expected one of its own for each recorder");
  if (mediaOrigin !== "" && mediaOrigin.split(",").length !== recorders) throw new ToldError(`--media-origin: ${JSON.stringify(mediaOrigin)}: expected one origin for each of ${recorders} recorders, separated by commas`);
  return configuration;
}

export function formatOptions(): string {
  const left = OPTION_NAMES.map((name) => `--${OPTIONS[name].flag}${OPTIONS[name].kind === "switch" ? "" : ` ${OPTIONS[name].kind.toUpperCase()}`}`);
  const width = Math.max(...left.map((text) => text.length));
  const rows = OPTION_NAMES.map((name, i) => {
    const { env, help, fallback } = OPTIONS[name];
    return `  ${left[i]!.padEnd(width)}  ${help}${fallback === "" || fallback === false || typeof fallback === "object" ? "" : ` [${fallback}]`} (${env})`;
  });
  return [`  ${"--config FILE".padEnd(width)}  the same options as JSON, by their long names`, ...rows].join("\n");
}
