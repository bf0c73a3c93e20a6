// The centre's API as it is wired in the product, on a drawn city and a database of its own, over real HTTP. Answers are checked by their schemas. The
// clock can be moved, and what is logged is kept, so that a test can look for what must not be there.
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { createCameraRegistry, type CameraRegistry } from "../../src/api/cameras/camera-registry.ts";
import type { AccessRecordStorePort, EvidenceSignerPort, PosterPort, TimerPort, ViewSignerPort } from "../../src/api/ports.ts";
import { createPlatformBook } from "../../src/api/duty/platform-book.ts";
import { createApiServer, type ApiServer } from "../../src/api/server.ts";
import { readCameraNetworks } from "../../src/app/camera-networks.ts";
import { PLATFORM_REACH_M, createCityPort, createNamePlace, createRoadClosing, createRoadside, createSeeing } from "../../src/app/centre-city.ts";
import type { Clock } from "../../src/base/time.ts";
import type { Role } from "../../src/contract/access.ts";
import { isReplay } from "../../src/contract/basics.ts";
import { cityOfFeatures, pointAt, street } from "../../src/geo/testing/features.ts";
import type { LoadedCity } from "../../src/io/city/city-folder.ts";
import { systemTimers } from "../../src/io/clock/timers.ts";
import { hashPassword, verifyPassword } from "../../src/io/crypto/passwords.ts";
import { createThreadedSigner } from "../../src/io/evidence/manifest-thread.ts";
import { createSealer } from "../../src/io/crypto/seal.ts";
import { createToken, deriveCsrf, deriveOperatorToken, deriveReplayToken, equalSecrets, hashToken, signDelivery } from "../../src/io/crypto/tokens.ts";
import { createViewTokenSigner } from "../../src/io/crypto/view-tokens.ts";
import { createAccessRecordStore } from "../../src/io/postgres/access-record-store.ts";
import { createAccountStore } from "../../src/io/postgres/account-store.ts";
import { createAuditStore } from "../../src/io/postgres/audit-store.ts";
import { createCallDraftStore } from "../../src/io/postgres/call-draft-store.ts";
import { createCameraEventStore } from "../../src/io/postgres/camera-event-store.ts";
import { createCameraStore } from "../../src/io/postgres/camera-store.ts";
import { createDatabaseStatus } from "../../src/io/postgres/database-status.ts";
import { openDatabase, openInspection, type Database } from "../../src/io/postgres/database.ts";
import { openEventStore } from "../../src/io/postgres/event-store.ts";
import { createPlaceStore } from "../../src/io/postgres/place-store.ts";
import { createHoldStore } from "../../src/io/postgres/hold-store.ts";
import { createExportStore } from "../../src/io/postgres/export-store.ts";
import { createFigureStore } from "../../src/io/postgres/figure-store.ts";
import { createMachineAccountStore } from "../../src/io/postgres/machine-account-store.ts";
import { createTrackerStore } from "../../src/io/postgres/tracker-store.ts";
import { createAlarmPointStore } from "../../src/io/postgres/alarm-point-store.ts";
import { createSharingStore } from "../../src/io/postgres/sharing-store.ts";
import { createRunCardStore } from "../../src/io/postgres/run-card-store.ts";
import { createWarningStore } from "../../src/io/postgres/warning-store.ts";
import { createWebhookStore } from "../../src/io/postgres/webhook-store.ts";
import { createPoster } from "../../src/io/webhook/post.ts";
import { createTargetPolicy } from "../../src/io/webhook/target-policy.ts";
import { createSessionStore } from "../../src/io/postgres/session-store.ts";
import { createWallStore } from "../../src/io/postgres/wall-store.ts";
import { DEFAULT_CAMERA_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { TRAINING_ID_BASE } from "../../src/base/training-ids.ts";
import { createDispatchService, type DispatchService } from "../../src/workflow/dispatch-service.ts";
import { createRunCardShelf } from "../../src/workflow/run-card-shelf.ts";
import { areaAt } from "../../src/geo/town.ts";
import { createFigureProjector, type FigureProjector } from "../../src/workflow/figure-projector.ts";
import { roadTimesOf } from "../../src/workflow/ranking.ts";
import { CityClient } from "./city-client.ts";
import { freePort } from "./free-port.ts";
import { createTestDatabase } from "./database.ts";

export const FIRST_TOKEN = "ABCDE-FGHJK-LMNPQ-RSTUV";
export const PASSWORD = "a-long-enough-password-7";
export const SERVICE_TOKENS = { recorder: `recorder-${"r".repeat(34)}`, telephony: `telephony-${"t".repeat(33)}`, fleet: `fleet-${"f".repeat(37)}` } as const;

const ONE_RECORDER = ["http://127.0.0.1:7310"];

export interface TestApiOptions {
  readonly recorderOrigins?: readonly string[]; // of each recorder; default: of one
  readonly demo?: boolean;
  readonly training?: boolean;
  readonly publicOrigin?: string; // where other than the server's own address
  readonly mostWaitingBytes?: number;
  readonly checkAnswers?: boolean; // by their schemas; default: yes. Benches measure the centre as it runs
  readonly districts?: readonly string[]; // of the map, which has none itself
  readonly floodLimits?: { readonly perSession: number; readonly perStranger: number; readonly perMachine: number };
  readonly inspectionTimeoutMs?: number;
  readonly poster?: PosterPort; // what is sent to other systems, in place of the network
  readonly timers?: TimerPort; // of the API alone; default: the system's
  readonly records?: (real: AccessRecordStorePort) => AccessRecordStorePort;
  readonly signer?: (real: ViewSignerPort) => ViewSignerPort;
}

export interface TestApi {
  readonly origin: string;
  readonly port: number;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly dispatch: DispatchService;
  readonly figures: FigureProjector;
  readonly registry: CameraRegistry;
  readonly publicKeyPem: string;
  readonly evidenceSigner: EvidenceSignerPort;
  readonly sealKey: string;
  /** Every line that was logged, as JSON. */
  readonly logged: string[];
  readonly city: LoadedCity;
  /** Moves wall and monotonic time ahead. */
  advance(ms: number): void;
  /** A client of a machine account, or of nobody. */
  client(service?: keyof typeof SERVICE_TOKENS | "operator" | "replay"): CityClient;
  /** The first account, with every role of the demo. */
  first(): Promise<CityClient>;
  /** A new account with these roles, logged in. */
  person(login: string, roles: readonly Role[], unitId?: number | null): Promise<CityClient>;
  /** Opens a WebSocket; rejects with the HTTP status where it is refused. */
  connect(path: string, headers?: Record<string, string>): Promise<TestSocket>;
  close(): Promise<void>;
}

/** Three units at their places of the drawn city: ids 1 to 3. */
export const UNITS = [
  { callSign: "M1", kind: "patrol", x: 100, y: 0 }, { callSign: "M2", kind: "patrol", x: 700, y: 0 }, { callSign: "A1", kind: "ambulance", x: 0, y: 400 },
] as const;

function drawCity(): LoadedCity {
  const model = cityOfFeatures([street("Rivera", [[0, 0], [400, 0], [800, 0]]), street("Soca", [[0, 0], [0, 400], [0, 800]])]);
  const tile = Buffer.from("1f8b080000000000000303000000000000000000", "hex"); // an empty tile, packed
  return {
    ...model,
    manifest: {
      format: "citywatch-city", version: 1, name: model.name, demo: true, timeZone: model.timeZone, cornerWord: "y", bounds: model.bounds, attribution: "nobody", notes: ["Drawn."],
      source: "test", importedAt: "2026-01-01T00:00:00Z",
      counts: { roads: 2, roadMetres: 1_600, nodes: 5, edges: 4, bannedTurns: 0, bannedPaths: 0, streets: 2, addresses: 0, features: 0, buildings: 0, tiles: 1 }, tiles: { minZoom: 9, maxZoom: 15 }, files: {},
    },
    findTile: (z, x, y) => (z === 12 && x === 1408 && y === 2474 ? tile : null),
    close: () => undefined,
  };
}

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase(testDatabase.url, { max: 6 });
  const inspection = openInspection(testDatabase.url, options.inspectionTimeoutMs);
  const logged: string[] = [];
  const write = (level: string) => (fields: object, message: string) => void logged.push(JSON.stringify({ level, message, ...fields }));
  const log = { info: write("info"), warn: write("warn"), error: write("error") };
  let ahead = 0;
  const clock: Clock = { wallMs: () => Date.now() + ahead, monotonicMs: () => performance.now() + ahead };

  const city = drawCity();
  const shelf = createRunCardShelf("UTC");
  const platforms = await createPlatformBook({ clock, timeZone: city.timeZone, store: createPlaceStore(database), bounds: city.bounds, roadside: createRoadside(city), reachM: PLATFORM_REACH_M });
  const dispatch = await createDispatchService({
    store: await openEventStore(testDatabase.url), clock, hash: (text) => createHash("sha256").update(text).digest("hex"), roadTimes: roadTimesOf(city.roads), roads: createRoadClosing(city, log),
    listPosts: () => (platforms.list().length === 0 ? [{ platformId: 1, label: "Platform Rivera", point: pointAt(100, 0) }] : platforms.list().map(({ id, name, point }) => ({ platformId: id, label: name, point }))),
    runCards: shelf.current, every: systemTimers.every, timeZone: "UTC", idBase: options.training === true ? TRAINING_ID_BASE : 0, onFatal: (error) => logged.push(`fatal ${error.message}`),
  });
  await dispatch.sendSystem({
    type: "units.register",
    units: UNITS.map((unit) => ({ callSign: unit.callSign, kind: unit.kind, platformId: null, campusId: null, skills: [], crew: [], phone: null, shiftEndsAt: null, home: pointAt(unit.x, unit.y) })),
  });

  const sealKey = randomBytes(32).toString("base64");
  const cameraStore = createCameraStore(database, createSealer(sealKey));
  const registry = createCameraRegistry({ store: cameraStore, clock, namePlace: createNamePlace(city), addressPolicy: readCameraNetworks(DEFAULT_CAMERA_NETWORKS), bounds: city.bounds, recorderIds: (options.recorderOrigins ?? ONE_RECORDER).map((_, i) => i + 1) });
  const webhookTargets = createTargetPolicy("127.0.0.0/8");
  const realSigner = createViewTokenSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  const evidenceSigner = createThreadedSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  const realRecords = createAccessRecordStore(database, inspection);
  const consoleDir = mkdtempSync(join(tmpdir(), "citywatch-console-"));
  mkdirSync(join(consoleDir, "assets"));
  writeFileSync(join(consoleDir, "index.html"), "<!doctype html><title>Citywatch</title>");
  writeFileSync(join(consoleDir, "assets", "index-AbCd1234.js"), "export {};");
  writeFileSync(`${consoleDir}-secret.txt`, "not for browsers");

  const figures = createFigureStore(database, inspection);
  const projector = createFigureProjector(figures.model, dispatch, isReplay, (point) => areaAt(city.graph, city.bounds, point));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const demo = options.demo ?? true;
  const server: ApiServer = await createApiServer({
    version: "0.0.0-test", demo, training: options.training ?? false, publicOrigin: options.publicOrigin ?? origin, recorderOrigins: options.recorderOrigins ?? ONE_RECORDER, consoleDir, firstAccountToken: FIRST_TOKEN,
    serviceTokens: {
      "service-recorder": SERVICE_TOKENS.recorder, "service-telephony": SERVICE_TOKENS.telephony, "service-fleet": SERVICE_TOKENS.fleet,
      "service-operator": deriveOperatorToken(sealKey), ...(demo || options.training === true ? { "service-replay": deriveReplayToken(sealKey) } : {}),
    },
    clock, timers: options.timers ?? systemTimers, log, secrets: { hashPassword, verifyPassword, createToken, hashToken, deriveCsrf, equalSecrets, createId: randomUUID, signDelivery, chance: Math.random },
    signer: options.signer?.(realSigner) ?? realSigner, database: createDatabaseStatus(database), accounts: createAccountStore(database), sessions: createSessionStore(database),
    audit: createAuditStore(database, inspection), records: options.records?.(realRecords) ?? realRecords, drafts: createCallDraftStore(database), cameraEvents: createCameraEventStore(database), exports: createExportStore(database), evidenceSigner, walls: createWallStore(database), cameraStore, holdStore: createHoldStore(database), registry, dispatch, city: { ...createCityPort(city, demo), listDistricts: () => options.districts ?? [] }, platforms,
    figures: { store: figures, projector }, runCards: { store: createRunCardStore(database), shelf },
    machineAccounts: createMachineAccountStore(database), trackers: createTrackerStore(database), alarmPoints: createAlarmPointStore(database), webhooks: createWebhookStore(database, createSealer(sealKey)), warnings: createWarningStore(database), sharings: createSharingStore(database), webhookTargets, poster: options.poster ?? createPoster(webhookTargets),
    campuses: [], seeing: createSeeing(city, registry, clock), checkAnswers: options.checkAnswers ?? true, ...(options.mostWaitingBytes === undefined ? {} : { mostWaitingBytes: options.mostWaitingBytes }),
    ...(options.floodLimits === undefined ? {} : { floodLimits: options.floodLimits }),
  });
  await server.app.listen({ host: "127.0.0.1", port });

  let first: Promise<CityClient> | undefined;
  const api: TestApi = {
    origin, port, database, databaseUrl: testDatabase.url, dispatch, figures: projector, registry, publicKeyPem: realSigner.publicKeyPem, evidenceSigner, sealKey, logged, city,
    advance: (ms) => void (ahead += ms),
    client: (service) => new CityClient(origin, service === undefined ? null : service === "operator" ? deriveOperatorToken(sealKey) : service === "replay" ? deriveReplayToken(sealKey) : SERVICE_TOKENS[service]),
    first: () =>
      (first ??= (async () => {
        const client = new CityClient(origin);
        await client.createFirstAccount(FIRST_TOKEN, "first.person", PASSWORD);
        return client;
      })()),
    person: async (login, roles, unitId = null) => {
      await (await api.first()).call("createAccount", { body: { name: login, login, password: PASSWORD, roles, unitId } });
      const client = new CityClient(origin);
      await client.logIn(login, PASSWORD);
      return client;
    },
    connect: (path, headers = {}) => openSocket(`ws://127.0.0.1:${port}${path}`, headers),
    close: async () => {
      await server.close();
      await dispatch.stop();
      await Promise.all([database.end({ timeout: 5 }), inspection.end({ timeout: 5 })]);
      await testDatabase.drop();
      rmSync(consoleDir, { recursive: true, force: true });
      rmSync(`${consoleDir}-secret.txt`, { force: true });
    },
  };
  return api;
}

// oxlint-disable-next-line no-explicit-any -- what came over the wire, looked at field by field
type Message = any;

export interface TestSocket {
  readonly socket: WebSocket;
  readonly messages: Message[];
  /** The next message of a type that was not asked for yet. */
  next(type: string): Promise<Message>;
  send(message: object): void;
  readonly closed: Promise<number>;
  close(): void;
}

function openSocket(url: string, headers: Record<string, string>): Promise<TestSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    const messages: Message[] = [];
    const taken = new Set<number>();
    const wakes = new Set<() => void>();
    const closed = new Promise<number>((done) => socket.once("close", done));
    socket.on("message", (data) => {
      messages.push(JSON.parse(String(data)));
      for (const wake of wakes) wake();
    });
    socket.once("unexpected-response", (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode}`));
      response.destroy();
    });
    socket.once("error", reject);
    socket.once("open", () =>
      resolve({
        socket, messages, closed, close: () => socket.close(), send: (message) => socket.send(JSON.stringify(message)),
        next: (type) =>
          new Promise((found, lost) => {
            const look = (): void => {
              const at = messages.findIndex((message, i) => !taken.has(i) && message.type === type);
              if (at < 0) return;
              taken.add(at);
              wakes.delete(look);
              clearTimeout(limit);
              found(messages[at]);
            };
            const limit = setTimeout(() => lost(new Error(`no ${type} within 120 s`)), 120_000);
            wakes.add(look);
            look();
          }),
      }),
    );
  });
}

/** A camera as an engineer would enter it. */
export const cameraBody = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: "Corner", pose: { point: pointAt(50, 0), mountHeightM: 6, bearingDeg: 90, tiltDeg: 10, horizontalFovDeg: 90, verticalFovDeg: 60, rangeM: 100 }, purpose: "Traffic safety",
  address: "rtsp://10.0.0.1/stream", ...more,
});

/** A contact rings, is taken, and becomes an incident; its id. */
export async function createIncident(api: TestApi, dispatcher: CityClient, externalId: string = randomUUID()): Promise<number> {
  return makeIncident(dispatcher, await ring(api, externalId));
}

/** A call that rings; its contact's id. */
export async function ring(api: TestApi, externalId: string = randomUUID()): Promise<number> {
  const rung = await api.client("telephony").send({ type: "contact.receive", source: "telephone", externalId, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: null });
  if (rung.outcome !== "accepted") throw new Error(rung.message);
  return rung.contactId!;
}

/** Takes the call and makes an incident of it; its id. */
export async function makeIncident(dispatcher: CityClient, contactId: number): Promise<number> {
  await dispatcher.send({ type: "contact.claim", contactId });
  const made = await dispatcher.send({
    type: "incident.create", contactId, incidentType: "theft", what: "a bag", who: "",
    place: { words: "Rivera", label: "Rivera", kind: "street", district: null, point: pointAt(300, 0), uncertaintyM: 50 },
  });
  if (made.outcome !== "accepted") throw new Error(made.message);
  return made.incidentId!;
}
