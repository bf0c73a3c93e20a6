// A PostgreSQL of our own: the programs that came with npm, spawned by us, on a unix socket only. The npm wrapper around the same programs was
// rejected: it swallows errors and hangs on a standby. Two locks on the door: the socket's folder is 0700 of the cluster's user, and each
// connection still proves a random password (SCRAM), so a folder whose mode somebody loosens is not yet an open database. `trust` in the
// folder would be one lock; `peer` needs a passwd entry for our user id, which containers lack.

import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { findClusterBinaries, type ClusterBinaries } from "./cluster-binaries.ts";
import { clearLeftovers } from "./cluster-leftovers.ts";
import { guardAgainstOrphaning, type GuardOptions } from "../process/orphan-guard.ts";
import { canReach, chooseClusterOwner, giveTo, type ClusterOwner } from "./cluster-owner.ts";
import { explainServerLog, readTail } from "./cluster-log.ts";
import { formatSocketUrl, parseDatabaseUrl } from "./database.ts";
import { ToldError } from "../../base/told-error.ts";

export interface ClusterLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ClusterOptions {
  readonly dataDir: string; // the cluster's own folder; made where absent
  readonly log: ClusterLog;
  readonly settings?: Readonly<Record<string, string>>; // server settings over ours, e.g. for tests
  readonly readyWithinMs?: number; // recovery after a crash counts in
  readonly orphan?: Pick<GuardOptions, "afterSeconds" | "thenRemove">; // where this process dies and the server does not: it is shut down
}

export interface Cluster {
  readonly url: string; // for openDatabase
  readonly folder: string; // where its files are; not always in `dataDir`
  readonly pid: number;
  /** Fast shutdown: open transactions roll back, a checkpoint is written. Resolves when the process is gone; twice is harmless. */
  stop(): Promise<void>;
  /** Resolves when the server ends, asked or not. `reason` is the last error of its log, in words where we know them. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null; readonly reason: string }>;
}

const PORT = 5432; // names the socket's file only: nothing listens on the network
const SOCKET_PATH_LIMIT = 103; // sun_path holds 104 bytes on macOS and 108 on Linux, the ending zero included

// Durability is PostgreSQL's own default (fsync, synchronous_commit, full_page_writes on) and said aloud so that no system-wide file can change it.
// Commits that arrive together share one flush by themselves; commit_delay would only make the lonely one wait.
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "",
  port: String(PORT),
  unix_socket_permissions: "0700",
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  max_connections: "120",
  shared_buffers: "192MB",
  effective_cache_size: "1GB",
  wal_buffers: "16MB",
  max_wal_size: "1GB",
  min_wal_size: "80MB",
  checkpoint_timeout: "15min",
  random_page_cost: "1.1",
  jit: "off", // our queries are short: compiling them costs more than it saves
  max_parallel_workers_per_gather: "0", // a container's /dev/shm may be too small for parallel queries
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  log_line_prefix: "%m [%p] ",
  log_min_messages: "warning",
  log_min_duration_statement: "2000",
  log_parameter_max_length: "0", // values may be people's words: they stay out of the log
  log_parameter_max_length_on_error: "0",
};

interface Places {
  readonly base: string; // holds pgdata; the data folder, or a system folder where the owner cannot reach that
  readonly pgdata: string;
  readonly socketDir: string;
  readonly logFile: string;
  readonly passwordFile: string;
}

const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

function makeOwned(owner: ClusterOwner, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  giveTo(owner, dir);
  chmodSync(dir, 0o700);
}

/** A folder whose socket path fits; in a shared temporary folder it must be ours already or be made by us now. */
function prepareSocketDir(owner: ClusterOwner, base: string): string {
  const fits = (dir: string): boolean => Buffer.byteLength(join(dir, `.s.PGSQL.${PORT}`)) <= SOCKET_PATH_LIMIT;
  const own = join(base, "run");
  if (fits(own)) {
    makeOwned(owner, own);
    return own;
  }
  for (const root of [tmpdir(), "/tmp"]) {
    const dir = join(root, `citywatch-${owner.uid}-${shortHash(base)}`);
    if (!fits(dir) || !canReach(owner, root)) continue;
    if (!existsSync(dir)) makeOwned(owner, dir);
    const stat = lstatSync(dir);
    if (!stat.isDirectory() || stat.uid !== owner.uid || (stat.mode & 0o077) !== 0) {
      throw new ToldError(`${dir} should be a folder that only the user ${owner.name} may enter, and is not: remove it and start again`);
    }
    return dir;
  }
  throw new ToldError(`No folder short enough for PostgreSQL's socket (at most ${SOCKET_PATH_LIMIT} bytes): ${own} is too long, and so is TMPDIR`);
}

function preparePlaces(owner: ClusterOwner, dataDir: string, major: number): Places {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dataDir);
  if (owner.drop && (statSync(real).mode & 0o001) === 0) chmodSync(real, statSync(real).mode | 0o011); // search only: names stay unlisted
  const pointer = join(real, "location.txt");
  let base = real;
  if (owner.drop && !canSearch(owner, real)) {
    base = join("/var/lib/citywatch", shortHash(real));
    mkdirSync("/var/lib/citywatch", { recursive: true, mode: 0o755 });
    mkdirSync(base, { recursive: true, mode: 0o711 });
    writeFileSync(pointer, `${base}\n`);
    writeFileSync(join(base, "belongs-to.txt"), `${real}\n`);
  } else if (existsSync(pointer)) {
    throw new ToldError(`${pointer} says that the database of this folder is in ${readFileSync(pointer, "utf8").trim()}: move its content here and remove that file`);
  }
  return {
    base,
    pgdata: join(base, `pg${major}`),
    socketDir: prepareSocketDir(owner, base),
    logFile: join(real, "postgres.log"),
    passwordFile: join(real, "password"),
  };
}

/** Whether the owner can pass through every folder down to `dir`. */
function canSearch(owner: ClusterOwner, dir: string): boolean {
  for (let at = dir; ; at = dirname(at)) {
    const stat = statSync(at);
    const shift = stat.uid === owner.uid ? 6 : stat.gid === owner.gid ? 3 : 0;
    if (((stat.mode >> shift) & 0o1) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  if (process.env["LD_LIBRARY_PATH"]) env["LD_LIBRARY_PATH"] = process.env["LD_LIBRARY_PATH"];
  return env;
}

const asOwner = (owner: ClusterOwner): { uid?: number; gid?: number } => (owner.drop ? { uid: owner.uid, gid: owner.gid } : {});

/** Makes the cluster beside its place and moves it there whole, so that an interrupted start leaves nothing half made. */
async function initialise(owner: ClusterOwner, binaries: ClusterBinaries, places: Places): Promise<void> {
  const fresh = `${places.pgdata}.new`;
  const passwordCopy = join(places.socketDir, "first-password");
  rmSync(fresh, { recursive: true, force: true });
  makeOwned(owner, fresh);
  const password = randomBytes(24).toString("base64url");
  writeFileSync(places.passwordFile, password, { mode: 0o600 });
  rmSync(passwordCopy, { force: true });
  writeFileSync(passwordCopy, password, { mode: 0o600, flag: "wx" });
  giveTo(owner, passwordCopy);
  try {
    const args = ["--pgdata", fresh, "--username=citywatch", `--pwfile=${passwordCopy}`, "--auth=scram-sha-256", "--encoding=UTF8"];
    args.push("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions");
    const child = spawn(binaries.initdb, args, { ...asOwner(owner), env: environment(), cwd: fresh, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-8_000)));
    child.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-8_000)));
    const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    if (code !== 0) throw new ToldError(explainServerLog(said) ?? `initdb ended with code ${code}: ${said.trim()}`);
    writeFileSync(join(fresh, "pg_hba.conf"), "# Written by Citywatch: the socket is the only door, and it asks for the password.\nlocal all citywatch scram-sha-256\n");
    renameSync(fresh, places.pgdata);
  } finally {
    rmSync(passwordCopy, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Refuses a data folder of another major version, whichever way. */
export function checkMajor(found: string, major: number, pgdata: string): void {
  const version = Number.parseInt(found, 10);
  if (!Number.isInteger(version)) throw new ToldError(`${pgdata}/PG_VERSION should hold a version and holds ${JSON.stringify(found.slice(0, 40))}`);
  if (version > major) throw new ToldError(`The database in ${pgdata} was written by PostgreSQL ${version}, this program brings ${major}: update Citywatch, or start it on another data folder`);
  if (version < major) throw new ToldError(`The database in ${pgdata} was written by PostgreSQL ${version}, this program brings ${major}: start the Citywatch that wrote it and move the data by a backup`);
}

function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > 16 * 1024 * 1024) renameSync(file, `${file}.1`);
}

async function waitUntilReady(url: string, child: ChildProcess, withinMs: number, why: () => string): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new ToldError(why());
    const probe = postgres({ ...parseDatabaseUrl(url), max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => undefined });
    try {
      await probe`select 1`;
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "28P01") throw new ToldError("PostgreSQL refuses the password in the data folder: the file password and the database do not belong together", { cause: error });
      if (performance.now() > until) throw new ToldError(`PostgreSQL was not ready within ${withinMs / 1000} s (${(error as Error).message}); see its log`, { cause: error });
      await sleep(30);
    } finally {
      await probe.end({ timeout: 1 }).catch(() => undefined);
    }
  }
}

/** Starts the cluster of `dataDir`, making it first where there is none. Throws an Error whose message tells a person what to do. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { log } = options;
  const owner = chooseClusterOwner();
  const binaries = findClusterBinaries(owner);
  const places = preparePlaces(owner, options.dataDir, binaries.major);
  const versionFile = join(places.pgdata, "PG_VERSION");
  if (existsSync(versionFile)) {
    checkMajor(readFileSync(versionFile, "utf8").trim(), binaries.major, places.pgdata);
    const ended = await clearLeftovers(places.pgdata);
    if (ended > 0) log.warn({ processes: ended }, "ended a PostgreSQL that an earlier run left behind");
  } else {
    await initialise(owner, binaries, places);
    log.info({ pgdata: places.pgdata, user: owner.name }, "made a new PostgreSQL cluster");
  }
  if (!existsSync(places.passwordFile)) throw new ToldError(`${places.passwordFile} is missing: without it nobody can log in to the database in ${places.pgdata}`);
  const password = readFileSync(places.passwordFile, "utf8").trim();
  for (const name of [`.s.PGSQL.${PORT}`, `.s.PGSQL.${PORT}.lock`]) rmSync(join(places.socketDir, name), { force: true });

  rotateLog(places.logFile);
  const logFd = openSync(places.logFile, "a", 0o600);
  const logStart = statSync(places.logFile).size;
  const settings = { ...SETTINGS, ...options.settings, unix_socket_directories: places.socketDir };
  const args = ["-D", places.pgdata, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  // A group of its own: Ctrl-C in the terminal must reach the supervisor alone, which stops the parts in order, the database last.
  const child = spawn(binaries.postgres, args, { ...asOwner(owner), env: environment(), cwd: places.pgdata, detached: true, stdio: ["ignore", logFd, logFd] });
  closeSync(logFd);
  guardAgainstOrphaning(child, { signal: "INT", ...options.orphan });
  const reason = (): string => {
    const tail = readTail(places.logFile, logStart);
    return explainServerLog(tail) ?? `PostgreSQL ended; its log ${places.logFile} says: ${tail.trim().split("\n").slice(-3).join(" | ") || "nothing"}`;
  };
  const exited = new Promise<{ code: number | null; signal: string | null; reason: string }>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, reason: error.message }));
    child.once("exit", (code, signal) => resolve({ code, signal, reason: reason() }));
  });
  const running = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const stop = async (): Promise<void> => {
    for (const [signal, withinMs] of [["SIGINT", 30_000], ["SIGQUIT", 5_000], ["SIGKILL", 5_000]] as const) {
      if (!running()) return;
      child.kill(signal);
      await Promise.race([exited, sleep(withinMs, undefined, { ref: false })]);
    }
  };
  const url = formatSocketUrl({ user: "citywatch", password, database: "postgres", socketDir: places.socketDir, port: PORT });
  try {
    await Promise.race([waitUntilReady(url, child, options.readyWithinMs ?? 600_000, reason), exited.then((e) => Promise.reject(new ToldError(e.reason)))]);
  } catch (error) {
    await stop();
    throw error;
  }
  log.info({ pid: child.pid, version: binaries.packageVersion }, "PostgreSQL is ready");
  return { url, folder: places.pgdata, pid: child.pid!, stop, exited };
}
