// The centre, wired: database, dispatch, city, register, API. It holds no media. It is ready when it listens; until then nobody is told anything that may
// not hold. After a crash everybody waits for it: the database is brought up and asked for the log while the city is read, and what nobody needs for a call is made afterwards (start-parts.ts tells where the time went). Stopping goes the other way: links first, then requests under way, then the log of dispatch, then the database.
import { createHash, randomUUID } from "node:crypto";
import { createCameraRegistry } from "../api/cameras/camera-registry.ts";
import { createPlatformBook } from "../api/duty/platform-book.ts";
import { createApiServer, type ApiServer, type ApiServerOptions } from "../api/server.ts";
import type { SecretPort } from "../api/ports.ts";
import { ToldError } from "../base/told-error.ts";
import type { Clock } from "../base/time.ts";
import { isReplay } from "../contract/basics.ts";
import { startNmeaListener, type NmeaListener } from "../io/avl/nmea-listener.ts";
import { loadCity, type LoadedCity } from "../io/city/city-folder.ts";
import { systemClock } from "../io/clock/clock.ts";
import { systemTimers } from "../io/clock/timers.ts";
import { hashPassword, verifyPassword } from "../io/crypto/passwords.ts";
import { createThreadedSigner } from "../io/evidence/manifest-thread.ts";
import { createSealer } from "../io/crypto/seal.ts";
import { createToken, deriveCsrf, deriveOperatorToken, deriveReplayToken, equalSecrets, hashToken, signDelivery } from "../io/crypto/tokens.ts";
import { createViewTokenSigner } from "../io/crypto/view-tokens.ts";
import { createAccessRecordStore } from "../io/postgres/access-record-store.ts";
import { createAccountStore } from "../io/postgres/account-store.ts";
import { createAuditStore } from "../io/postgres/audit-store.ts";
import { createCallDraftStore } from "../io/postgres/call-draft-store.ts";
import { createCameraEventStore } from "../io/postgres/camera-event-store.ts";
import { createCameraStore } from "../io/postgres/camera-store.ts";
import { openCheckpointStore } from "../io/postgres/checkpoint-store.ts";
import { createDatabaseStatus } from "../io/postgres/database-status.ts";
import { openDatabase, openInspection, type Database } from "../io/postgres/database.ts";
import { openRenewedDatabase } from "../io/postgres/renewed-database.ts";
import { openEventStore } from "../io/postgres/event-store.ts";
import { createExportStore } from "../io/postgres/export-store.ts";
import { createFigureStore } from "../io/postgres/figure-store.ts";
import { migrate } from "../io/postgres/migrate.ts";
import { createPlaceStore } from "../io/postgres/place-store.ts";
import { createHoldStore } from "../io/postgres/hold-store.ts";
import { createMachineAccountStore } from "../io/postgres/machine-account-store.ts";
import { createTrackerStore } from "../io/postgres/tracker-store.ts";
import { createAlarmPointStore } from "../io/postgres/alarm-point-store.ts";
import { createSharingStore } from "../io/postgres/sharing-store.ts";
import { createRunCardStore } from "../io/postgres/run-card-store.ts";
import { createRunCardShelf, type RunCardShelf } from "../workflow/run-card-shelf.ts";
import { createWarningStore } from "../io/postgres/warning-store.ts";
import { createWebhookStore } from "../io/postgres/webhook-store.ts";
import { createPoster } from "../io/webhook/post.ts";
import { createTargetPolicy } from "../io/webhook/target-policy.ts";
import { createSessionStore } from "../io/postgres/session-store.ts";
import { createSettingStore } from "../io/postgres/setting-store.ts";
import { createWallStore } from "../io/postgres/wall-store.ts";
import type { CoverPost } from "../dispatch/entities.ts";
import { type DispatchPolicy, readDispatchTimes } from "../dispatch/policy.ts";
import { TRAINING_ID_BASE } from "../base/training-ids.ts";
import type { CheckpointStorePort } from "../workflow/checkpoint.ts";
import { createDispatchService, type DispatchService } from "../workflow/dispatch-service.ts";
import type { ReplayPort } from "../workflow/replay-decision.ts";
import { areaAt } from "../geo/town.ts";
import { createFigureProjector } from "../workflow/figure-projector.ts";
import { placeOn, roadTimesOf } from "../workflow/ranking.ts";
import { noPoster } from "./training.ts";
import { readFoldVersion } from "./fold-version.ts";
import { readCameraNetworks } from "./camera-networks.ts";
import { createCityPort, PLATFORM_REACH_M, createNamePlace, createNameSpot, createRoadClosing, createRoadside, createSeeing, keepPlacesFindable, prepareCity } from "./centre-city.ts";
import { createReplayThread } from "./replay-thread.ts";
import { LISTENS, createStartParts } from "./start-parts.ts";
import { loadMappedCameras } from "./load-mapped-cameras.ts";
import type { CentreConfig, Logger, RunningRole } from "./roles.ts";

const secrets: SecretPort = { hashPassword, verifyPassword, createToken, hashToken, deriveCsrf, equalSecrets, createId: randomUUID, signDelivery, chance: Math.random };
const DATABASE_CONNECTIONS = 12;
const FIGURES_EVERY_MS = 2_000;

export interface CentreExtras {
  readonly progress?: (step: string, done: number, of: number | null) => void;
  /** Tests: answers are checked by their schemas. */
  readonly checkAnswers?: boolean;
  readonly clock?: Clock;
}

export interface RunningCentre extends RunningRole {
  readonly port: number;
}

/** A running centre. Throws with a plain message where the city, the database or the port cannot be had. */
export async function startCentre(config: CentreConfig, log: Logger, extras: CentreExtras = {}): Promise<RunningCentre> {
  const clock = extras.clock ?? systemClock;
  const progress = extras.progress ?? (() => undefined);
  const parts = createStartParts();
  parts.mark("program");
  const closing: (() => unknown)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= (async () => {
    for (const close of closing.reverse()) {
      try {
        await close();
      } catch (error) {
        log.warn({ error: (error as Error).message }, "a part of the centre did not close cleanly");
      }
    }
  })());

  try {
    const database = openRenewedDatabase(() => openDatabase(config.databaseUrl, { max: DATABASE_CONNECTIONS, applicationName: "citywatch centre" }));
    closing.push(() => database.end({ timeout: 5 }));
    const inspection = openInspection(config.databaseUrl);
    closing.push(() => inspection.end({ timeout: 5 }));
    const opening = openLog(config, database, log);
    opening.catch(() => undefined); // told below, when the city is read
    closing.push(() => opening.then(closeLog, () => undefined));
    const city = await loadCity(config.cityDir);
    closing.push(() => city.close());
    parts.mark("city");
    const stores = await opening;
    parts.mark("database");
    const posts: CoverPost[] = [];
    const runCardStore = createRunCardStore(database);
    const shelf = createRunCardShelf(city.timeZone);
    const cards = await runCardStore.findInForce();
    if (cards !== null) shelf.put({ version: cards.version!, rows: cards.rows });
    const replays = createReplayThread({ databaseUrl: config.databaseUrl, cityDir: config.cityDir, foldVersion: stores.foldVersion });
    closing.push(() => replays.close());
    const dispatch = await createDispatch(config, stores, { city, clock, log, posts, shelf, replay: replays.replay });
    closing.push(() => dispatch.stop());
    parts.mark("log");
    const server = await createServer({ config, log, extras, clock, progress, city, database, inspection, dispatch, posts, closing, runCards: { store: runCardStore, shelf } });
    closing.push(() => server.close());
    parts.mark("register and API");
    const port = await listen(server, config);
    closing.push(prepareCity(city, systemTimers));
    if (config.nmea !== undefined) closing.push((await listenForTrackers(server, config.nmea, clock)).stop);
    parts.mark("listening");
    log.info({ port, units: dispatch.liveWork().units.length, start: parts.list() }, LISTENS);
    return { port, stop, noteRecorder: server.noteRecorder };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the start has read already; a text that is none stops the centre, and does not go on by other times than were asked for. */
function policyOf({ dispatchTimes = "" }: CentreConfig): DispatchPolicy {
  const read = readDispatchTimes(dispatchTimes);
  if (!read.ok) throw new Error(`dispatch times: ${read.error.value}: expected ${read.error.expected}`);
  return read.value;
}

interface LogStores {
  readonly store: Awaited<ReturnType<typeof openEventStore>>;
  readonly checkpoints: CheckpointStorePort;
  readonly foldVersion: string;
}
/** Brings the database up to date and takes the right to write. */
async function openLog(config: CentreConfig, database: Database, log: Logger): Promise<LogStores> {
  const migrations = await migrate(database);
  if (migrations.length > 0) log.info({ migrations }, "the database was brought up to date");
  const [foldVersion, store] = await Promise.all([readFoldVersion(), openEventStore(config.databaseUrl)]);
  return { store, foldVersion, checkpoints: openCheckpointStore(config.databaseUrl, foldVersion, { epoch: store.epoch }) };
}

async function closeLog({ store, checkpoints }: LogStores): Promise<void> {
  await checkpoints.close();
  await store.close();
}

interface DispatchParts {
  readonly city: LoadedCity;
  readonly clock: Clock;
  readonly log: Logger;
  readonly posts: readonly CoverPost[];
  readonly shelf: RunCardShelf;
  readonly replay: ReplayPort;
}
function createDispatch(config: CentreConfig, { store, checkpoints }: LogStores, { city, clock, log, posts, shelf, replay }: DispatchParts): Promise<DispatchService> {
  return createDispatchService({
    store, checkpoints, clock, replay, hash: (text) => createHash("sha256").update(text).digest("hex"), roadTimes: roadTimesOf(city.roads), placeOnRoads: placeOn(city.roads), namePlace: createNameSpot(city), roads: createRoadClosing(city, log, true), listPosts: () => posts, runCards: shelf.current, every: systemTimers.every, timeZone: city.timeZone, policy: policyOf(config), idBase: config.training ? TRAINING_ID_BASE : 0,
    // Another centre has taken the log: this process must not go on. The supervisor sees it fall and starts it anew.
    onFatal: (error) => queueMicrotask(() => { throw error; }),
    onWarning: (fields, message) => log.warn(fields, message),
  });
}

interface Parts {
  readonly config: CentreConfig;
  readonly log: Logger;
  readonly extras: CentreExtras;
  readonly clock: Clock;
  readonly progress: NonNullable<CentreExtras["progress"]>;
  readonly city: LoadedCity;
  readonly database: Database;
  readonly inspection: Database;
  readonly dispatch: DispatchService;
  /** Filled once the platforms are known, and with each change of them. */
  readonly posts: CoverPost[];
  readonly closing: (() => unknown)[];
  readonly runCards: ApiServerOptions["runCards"];
}

async function createServer({ config, log, extras, clock, progress, city, database, inspection, dispatch, posts, closing, runCards }: Parts): Promise<ApiServer> {
  const unreadable = new Set<number>();
  const cameras = createCameraStore(database, createSealer(config.secrets.sealKey), (cameraId) => {
    if (!unreadable.has(cameraId)) log.error({ camera: cameraId }, "the password of a camera was sealed with another key: enter it again");
    unreadable.add(cameraId);
  });
  const places = createPlaceStore(database);
  const registry = createCameraRegistry({ store: cameras, clock, namePlace: createNamePlace(city), addressPolicy: readCameraNetworks(config.cameraNetworks), bounds: city.bounds, recorderIds: config.recorderOrigins.map((_, i) => i + 1) });
  await registry.load();
  const settings = createSettingStore(database);
  if (config.demoCity === undefined) await loadMappedCameras({ city, registry, settings, log });
  else
    await (await import("./load-demo.ts")).loadDemo({ config: config.demoCity, city, registry, cameras, places, settings, dispatch, log, now: clock.wallMs(), progress });
  const platforms = await createPlatformBook({ clock, timeZone: city.timeZone, store: places, bounds: city.bounds, roadside: createRoadside(city), reachM: PLATFORM_REACH_M });
  const campuses = await places.listCampuses();
  platforms.subscribe((standing) => posts.splice(0, posts.length, ...standing.map(({ id, name, point }) => ({ platformId: id, label: name, point }))));
  closing.push(keepPlacesFindable(city, registry, platforms, campuses, systemTimers, log));

  const figures = createFigureStore(database, inspection);
  const projector = createFigureProjector(figures.model, dispatch, isReplay, (point) => areaAt(city.graph, city.bounds, point));
  closing.push(systemTimers.every(FIGURES_EVERY_MS, () => void projector.catchUp().catch((error: unknown) => log.warn({ error: (error as Error).message }, "the figures could not be kept up"))));
  const webhookTargets = createTargetPolicy(config.webhookNetworks);
  const { recorder, telephony, fleet } = config.secrets.serviceTokens;
  return createApiServer({
    version: config.version, demo: config.demo, simulatedCalls: config.simulatedCalls ?? false, training: config.training, publicOrigin: config.publicOrigin, recorderOrigins: config.recorderOrigins, consoleDir: config.consoleDir,
    firstAccountToken: config.firstAccountToken,
    serviceTokens: {
      "service-recorder": recorder, "service-telephony": telephony, "service-fleet": fleet, "service-operator": deriveOperatorToken(config.secrets.sealKey),
      ...(config.demo || config.training ? { "service-replay": deriveReplayToken(config.secrets.sealKey) } : {}), // nothing replayed ever enters the log of a city that is real
    },
    clock, timers: systemTimers, log, secrets, signer: createViewTokenSigner(config.secrets.viewSigningKeyPem), database: createDatabaseStatus(database),
    accounts: createAccountStore(database), sessions: createSessionStore(database), audit: createAuditStore(database, inspection), records: createAccessRecordStore(database, inspection), drafts: createCallDraftStore(database), cameraEvents: createCameraEventStore(database), exports: createExportStore(database), evidenceSigner: createThreadedSigner(config.secrets.evidenceSigningKeyPem), walls: createWallStore(database),
    machineAccounts: createMachineAccountStore(database), trackers: createTrackerStore(database), alarmPoints: createAlarmPointStore(database), webhooks: createWebhookStore(database, createSealer(config.secrets.sealKey)), warnings: createWarningStore(database), sharings: createSharingStore(database), webhookTargets, poster: config.training ? noPoster : createPoster(webhookTargets),
    cameraStore: cameras, holdStore: createHoldStore(database), registry, dispatch, city: createCityPort(city, config.demo), platforms, campuses, seeing: createSeeing(city, registry, clock),
    figures: { store: figures, projector }, runCards,
    checkAnswers: extras.checkAnswers ?? false,
  });
}

async function listenForTrackers({ trackers }: ApiServer, { host, port }: NonNullable<CentreConfig["nmea"]>, clock: Clock): Promise<NmeaListener> {
  try {
    return await startNmeaListener({ host, port, now: clock.wallMs, onFix: trackers.take, onFault: trackers.noteFault });
  } catch (error) {
    throw new ToldError(`Port ${port} on ${host}, for trackers, cannot be had (${(error as NodeJS.ErrnoException).code}). Choose another: --tracker-port PORT, --tracker-host HOST.`, { cause: error });
  }
}

async function listen({ app }: ApiServer, { host, port }: CentreConfig): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new ToldError(`Port ${port}, for the console and the API, is taken. Choose another: --port PORT.`, { cause: error });
    throw error;
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
