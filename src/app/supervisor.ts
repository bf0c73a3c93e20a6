// Starts everything in order, keeps it alive, and stops it in reverse. It holds no state of the city: a supervisor that dies takes its children with it
// (they end when the channel closes) and the next start goes on from what is on disk.

import { randomInt } from "node:crypto";
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ToldError } from "../base/told-error.ts";
import type { RecorderTrouble } from "../contract/recorders.ts";
import { openDatabase } from "../io/postgres/database.ts";
import { checkServer, explainDatabaseError } from "../io/postgres/check-server.ts";
import { migrate } from "../io/postgres/migrate.ts";
import { LOOPBACK_NETWORKS } from "../video/camera/camera-networks.ts";
import { dropCentreAddress, keepCentreAddress } from "./centre-address.ts";
import type { Configuration } from "./configuration.ts";
import { EVIDENCE_PAGE, buildConsole } from "./console-build.ts";
import { openDataFolder, type DataFolder } from "./data-folder.ts";
import { findWantedFolder, listRecordingsFolders, openRecordingsFolder } from "./recordings-folder.ts";
import { findDemoSeed } from "./demo-seed.ts";
import { claimLog, trainingTokens } from "./training.ts";
import { createLogger, openLineFile } from "./log-file.ts";
import { claimPorts } from "./ports.ts";
import { DEMO_CAMERA_USER, type CentreConfig, type FromRole, type Logger, type RecorderConfig, type RoleConfig, type SimConfig } from "./roles.ts";
import { superviseDatabase } from "./supervised-database.ts";
import { isOnOneVolume } from "../io/recorder/disk-space.ts";
import { superviseRole, type RoleFailure, type SupervisedRole } from "./supervised-role.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..");
const ENTRY = join(import.meta.dirname, "main-role.ts");
const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 12_000;

export type Progress = (text: string, done: number, of: number | null) => void;

/** Who watches the start. `step` shows one line: its title, how far it is, its outcome, the time it took. */
export interface StartWatcher {
  step<T>(title: string, work: (progress: Progress) => Promise<T>, outcome: (value: T) => string): Promise<T>;
  note(message: string): void; // of the supervisor itself: a part died, a part lives again
  complain(message: string): void; // of a part, which may say the same for hours
}

export interface StartOptions {
  readonly configuration: Configuration;
  readonly version: string;
  readonly demo: boolean; // the demo city and its simulation
  readonly watcher: StartWatcher;
  readonly signal: AbortSignal; // aborted: whatever was started is stopped, and the start rejects
  readonly entry?: string; // the file forked for each role; a test gives its own
  readonly prepare?: readonly ("city" | "console")[]; // both unless told; a test leaves them out
}

export interface RunningSystem {
  readonly address: string;
  readonly mediaAddress: string; // of the first recorder
  readonly firstAccountToken: string | null;
  /** By the part's name: recorder, recorder-2, ... */
  readonly pids: () => Readonly<Record<string, number | undefined>>;
  stop(): Promise<void>; // in reverse order, bounded in time
  kill(): void; // at once
}

/** 20 characters that can be read over the phone, about 99 bits. */
function makeFirstAccountToken(): string {
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("")).join("-");
}

function runDemoImport(cityDir: string, progress: Progress, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const child = fork(join(import.meta.dirname, "main-demo.ts"), [cityDir], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    let failure = "the import of the demo city was interrupted";
    let ready = false;
    child.on("message", (message: FromRole) => {
      if (message.type === "progress") progress(message.step, message.done, message.of);
      else if (message.type === "failed") failure = message.message;
      else ready = true;
    });
    signal.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
    child.once("error", fail);
    child.once("exit", () => (ready ? done() : fail(new ToldError(`The demo city could not be prepared: ${failure}`))));
  });
}

interface PreparedDatabase {
  readonly ran: string[];
  readonly firstAccountToken: string | null; // null where there is an account
  readonly demoSeed: number | null; // of the demo city that is in it
}

/** Brings the database up to date and reads what the start depends on. `isConfigured`: somebody named it, and can mend what they named. */
export async function prepareDatabase(url: string, isConfigured: boolean, training: boolean = false): Promise<PreparedDatabase> {
  const database = openDatabase(url, { max: 2, applicationName: "citywatch start" });
  try {
    await checkServer(database);
    const ran = await migrate(database);
    await claimLog(database, training);
    const [row] = await database<{ present: boolean }[]>`select exists (select from account) as present`;
    return { ran, firstAccountToken: row?.present ? null : makeFirstAccountToken(), demoSeed: await findDemoSeed(database) };
  } catch (error) {
    const told = explainDatabaseError((error as Error).cause ?? error, url);
    throw told === undefined ? error : new ToldError(`${isConfigured ? "DATABASE_URL" : "The database in the data folder"}: ${told}`, { cause: error });
  } finally {
    await database.end({ timeout: 5 });
  }
}

interface PlannedRole {
  readonly name: string; // in notes, and of its log
  readonly config: RoleConfig;
  readonly prepare?: () => RoleConfig;
}
interface Plan {
  readonly roles: readonly PlannedRole[];
  readonly address: string;
  /** On this machine, whatever stands before it. */
  readonly inside: string;
  readonly mediaAddress: string;
}

interface PlanInput {
  readonly options: StartOptions;
  readonly folder: DataFolder;
  readonly ports: { readonly centre: number; readonly recorders: readonly number[]; readonly cameras: number };
  readonly cityDir: string;
  readonly consoleDir: string;
  readonly databaseUrl: string;
  readonly databaseDir?: string; // of a database of our own
  readonly firstAccountToken: string | null;
}

export const recorderName = (recorderId: number): string => (recorderId === 1 ? "recorder" : `recorder-${recorderId}`);

/** What each role is given, in the order of the start: the cameras live before the recorders call them, and the recorders are the first to stop. */
export function planRoles(input: PlanInput): Plan {
  const { options, folder, ports, cityDir, consoleDir, databaseUrl, databaseDir, firstAccountToken } = input;
  const { configuration, version, demo } = options;
  const { centre: port, cameras: cameraPort } = ports;
  const at = (scheme: string, host: string, to: number): string => `${scheme}://${host.includes(":") ? `[${host}]` : host}:${to}`;
  const inside = ["0.0.0.0", "::"].includes(configuration.host) ? "127.0.0.1" : configuration.host;
  const address = configuration.publicOrigin || at("http", inside, port);
  const origins = configuration.mediaOrigin === "" ? [] : configuration.mediaOrigin.split(",");
  const mediaAddresses = ports.recorders.map((recorderPort, i) => origins[i] ?? at("http", inside, recorderPort));
  const secrets = configuration.training ? { ...folder.secrets, serviceTokens: trainingTokens(folder.secrets.serviceTokens) } : folder.secrets;
  const cameraNetworks = demo ? `${configuration.cameraNetworks},${LOOPBACK_NETWORKS}` : configuration.cameraNetworks; // simulated cameras live on this machine
  const centre: CentreConfig = {
    role: "centre",
    version,
    databaseUrl,
    cityDir,
    consoleDir,
    host: configuration.host,
    port,
    publicOrigin: address,
    recorderOrigins: mediaAddresses,
    cameraNetworks,
    webhookNetworks: configuration.webhookNetworks,
    dispatchTimes: configuration.dispatchTimes,
    ...(configuration.trackerPort === 0 || configuration.training ? {} : { nmea: { host: configuration.trackerHost, port: configuration.trackerPort } }),
    demo,
    simulatedCalls: demo && configuration.callsPerHour > 0,
    training: configuration.training,
    ...(demo
      ? { demoCity: { seed: configuration.seed, cameraHost: "127.0.0.1", cameraPort, cameraUserName: DEMO_CAMERA_USER, cameraPassword: secrets.cameraPassword } }
      : {}),
    secrets: { viewSigningKeyPem: secrets.viewSigningKeyPem, evidenceSigningKeyPem: secrets.evidenceSigningKeyPem, sealKey: secrets.sealKey, serviceTokens: secrets.serviceTokens },
    firstAccountToken,
  };
  const recorders = ports.recorders.map((recorderPort, i): RecorderConfig => ({
    role: "recorder",
    version,
    recorderId: i + 1,
    centreUrl: at("ws", inside, port),
    token: secrets.serviceTokens.recorder,
    recordingsDir: findWantedFolder(folder.dir, configuration.recordingsDir[i] ?? "", i + 1),
    ...(databaseDir === undefined ? {} : { databaseDir }),
    host: configuration.host,
    port: recorderPort,
    mediaUrl: mediaAddresses[i]!,
    cameraNetworks,
    evidencePage: join(consoleDir, EVIDENCE_PAGE),
    mostRecordingBytes: configuration.recordingsGb === 0 ? null : (configuration.recordingsGb * 1e9) / configuration.recorders,
    recordersHere: configuration.recorders,
  }));
  const sim: SimConfig = {
    role: "sim",
    centreUrl: at("http", inside, port),
    cityDir,
    seed: configuration.seed,
    host: "127.0.0.1",
    cameraPort,
    tokens: { telephony: secrets.serviceTokens.telephony, fleet: secrets.serviceTokens.fleet },
    cameraPassword: secrets.cameraPassword,
    callsPerHour: configuration.callsPerHour,
  };
  const roles = [{ name: "centre", config: centre }, ...(demo ? [{ name: "sim", config: sim }] : []), ...recorders.map((config) => ({ name: recorderName(config.recorderId), config, prepare: () => prepareRecorder(config, input) }))];
  return { roles, address, inside: at("http", inside, port), mediaAddress: mediaAddresses[0]! };
}

/** Of a folder that is not made yet what it will be made in. */
const existingPart = (folder: string): string => (existsSync(folder) || dirname(folder) === folder ? folder : existingPart(dirname(folder)));

/** Recorders, by their numbers, that share a volume with others; a list for each such volume. */
function listSharedVolumes(folders: readonly string[]): number[][] {
  const volumes: { readonly folder: string; readonly recorders: number[] }[] = [];
  for (const [i, wanted] of folders.entries()) {
    const folder = existingPart(wanted);
    const volume = volumes.find((one) => isOnOneVolume(one.folder, folder));
    if (volume === undefined) volumes.push({ folder, recorders: [i + 1] });
    else volume.recorders.push(i + 1);
  }
  return volumes.flatMap(({ recorders }) => (recorders.length > 1 ? [recorders] : []));
}

/** Opens the folder of a recorder, before each of its lives: one that could not be used may be there by now. Throws a FolderTrouble. */
function prepareRecorder(config: RecorderConfig, { options: { configuration, watcher }, folder }: PlanInput): RecorderConfig {
  const { dir, left } = openRecordingsFolder(folder.dir, configuration.recordingsDir[config.recorderId - 1] ?? "", config.recorderId);
  if (left !== null) watcher.note(`Recordings are in ${dir} from now on. Those of before stay in ${left} and are not shown.`);
  const all = Array.from({ length: configuration.recorders }, (_, i) => findWantedFolder(folder.dir, configuration.recordingsDir[i] ?? "", i + 1));
  return { ...config, recordingsDir: dir, recordersOnVolume: all.filter((other) => isOnOneVolume(existingPart(other), dir)).length };
}

/** Starts the whole system. Rejects with a ToldError where the person at the terminal can mend it; then nothing is left running. */
export async function startSystem(options: StartOptions): Promise<RunningSystem> {
  const { configuration, version, demo, watcher, signal } = options;
  const prepare = options.prepare ?? ["city", "console"];
  if (!demo && !configuration.cityDir) throw new ToldError("serve needs a city: --city FOLDER, made by citywatch city import FILE.osm.pbf");
  const stops: { stop(): Promise<void> | void; kill(): void }[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      for (const part of stops.toReversed()) await part.stop();
    })();
    return stopped;
  };
  const kill = (): void => {
    for (const part of stops.toReversed()) part.kill();
  };
  const note = (message: string): void => {
    if (!stopped) watcher.note(message); // parts that miss each other while they stop are no news
  };
  const complain = (message: string): void => {
    if (!stopped) watcher.complain(message);
  };
  const check = (): void => {
    if (signal.aborted) throw new ToldError("The start was interrupted.");
  };

  try {
    const numbers = Array.from({ length: configuration.recorders }, (_, i) => i + 1);
    const folder = openDataFolder(configuration.dataDir, version, configuration.training);
    stops.push({ stop: folder.release, kill: () => undefined }, { stop: () => dropCentreAddress(configuration.dataDir), kill: () => undefined });
    dropCentreAddress(configuration.dataDir); // of a start that was killed
    const log: Logger = createLogger("supervisor", openLineFile(join(folder.logsDir, "supervisor.log")), note);
    const claimed = await claimPorts(configuration.host, [
      { what: "the console and the API", flag: "--port", port: configuration.port },
      ...numbers.map((id) => ({
        what: id === 1 ? "live and past pictures" : `live and past pictures of recorder ${id}`, flag: "--recorder-port", port: configuration.recorderPort === 0 ? 0 : configuration.recorderPort + id - 1,
      })),
      ...(demo ? [{ what: "the simulated cameras", flag: "--camera-port", port: configuration.cameraPort }] : []),
    ]);
    const ports = { centre: claimed[0]!, recorders: claimed.slice(1, 1 + numbers.length), cameras: claimed[1 + numbers.length] ?? 0 };

    for (const { recorderId, dir } of listRecordingsFolders(configuration.dataDir)) {
      if (recorderId > configuration.recorders) note(`In ${dir} are recordings of recorder ${recorderId}, which is not started: they are not shown, and its cameras are not recorded. --recorders ${recorderId} starts it; its cameras can be moved to another.`);
    }

    let databaseUrl = configuration.databaseUrl;
    let databaseDir: string | undefined;
    let databasePid = (): number | undefined => undefined;
    if (databaseUrl === "") {
      databaseUrl = await watcher.step("PostgreSQL", async () => {
        const database = await superviseDatabase(folder.postgresDir, log, note);
        stops.push(database);
        databasePid = database.pid;
        databaseDir = database.folder;
        return database.url;
      }, () => "ready");
    }
    check();
    const { firstAccountToken, demoSeed } = await watcher.step("database", () => prepareDatabase(databaseUrl, configuration.databaseUrl !== "", configuration.training), ({ ran }) => (ran.length > 0 ? `${ran.length} migrations ran` : "up to date"));
    check();
    const cityDir = configuration.cityDir || folder.cityDir;
    if (demo && prepare.includes("city")) await watcher.step("demo city", (progress) => runDemoImport(cityDir, progress, signal), () => "ready");
    check();
    const consoleDir = join(ROOT, "console", "dist");
    if (prepare.includes("console")) await watcher.step("console", () => buildConsole(ROOT), ({ built }) => (built ? "built" : "up to date"));
    check();

    const seed = demoSeed ?? configuration.seed;
    if (demo && seed !== configuration.seed) note(`The demo city in this data folder was made with seed ${seed} and stays so; for one with seed ${configuration.seed} use another folder: --data FOLDER.`);
    const plan = planRoles({ options: { ...options, configuration: { ...configuration, seed } }, folder, ports, cityDir, consoleDir, databaseUrl, ...(databaseDir === undefined ? {} : { databaseDir }), firstAccountToken });
    if (databaseDir !== undefined && plan.roles.some(({ config }) => config.role === "recorder" && isOnOneVolume(databaseDir!, config.recordingsDir))) note("Recordings and the database are on one volume: room is kept free on it for the database. --recordings FOLDER puts recordings on another.");
    for (const sharing of listSharedVolumes(plan.roles.flatMap(({ config }) => (config.role === "recorder" ? [config.recordingsDir] : [])))) note(`Recorders ${sharing.join(", ")} have their recordings on one volume: each counts on an equal part of what is free on it. A volume for each is better: --recordings FOLDER, once for each; --recordings-gb says what all may take.`);
    const roles = new Map<string, SupervisedRole>();
    const troubles = new Map<number, RecorderTrouble>();
    const tellCentre = (recorderId: number): void => roles.get("centre")?.tell({ type: "recorder", recorderId, trouble: troubles.get(recorderId) ?? null });
    const noteCame = (name: string, config: RoleConfig, failure: RoleFailure | null): void => {
      if (config.role === "centre" && failure === null) for (const recorderId of troubles.keys()) tellCentre(recorderId); // one that came again has forgotten
      if (config.role !== "recorder") return;
      const { recorderId } = config;
      const { code, folder: where } = failure?.trouble ?? { code: "failed" as const, folder: null };
      const before = troubles.get(recorderId);
      if (failure === null ? before === undefined : before?.code === code && before.folder === where) return;
      if (failure === null) troubles.delete(recorderId);
      else troubles.set(recorderId, { code, folder: where });
      if (failure === null) log.info({ recorder: recorderId }, `${name} runs`);
      else log.error({ recorder: recorderId, code }, `${name} does not record: ${failure.message}`);
      tellCentre(recorderId);
    };
    for (const { name, config, prepare: prepareRole } of plan.roles) {
      await watcher.step(name, (progress) => {
        const role = superviseRole(
          {
            name,
            entry: options.entry ?? ENTRY,
            config,
            ...(prepareRole === undefined ? {} : { prepare: prepareRole }),
            mayBeMissed: config.role === "recorder", // calls are taken without it
            logPath: join(folder.logsDir, `${name}.log`),
            codeCacheDir: join(folder.dir, "code-cache"),
            output: openLineFile(join(folder.logsDir, `${name}.out`)),
            readyWithinMs: READY_WITHIN_MS,
            stopWithinMs: STOP_WITHIN_MS,
          },
          { note, complain, progress, came: (failure) => noteCame(name, config, failure) },
        );
        stops.push(role);
        roles.set(name, role);
        signal.addEventListener("abort", () => void role.stop(), { once: true });
        return role.ready;
      }, (failure) => (failure === null ? "ready" : "does not record, and is tried again"));
      check();
    }
    keepCentreAddress(configuration.dataDir, plan.inside);
    log.info({ address: plan.address }, "everything is started");
    const pids = (): Record<string, number | undefined> => ({ database: databasePid(), ...Object.fromEntries([...roles].map(([name, role]) => [name, role.pid()])) });
    return { address: plan.address, mediaAddress: plan.mediaAddress, firstAccountToken, pids, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}
