// The API server, put together from what `app` gives it: gate first, then every route of the table, tiles, the links and the page. Nothing here knows a
// database or a file of the city; it speaks to ports. `listen` is the caller's.
import cookie from "@fastify/cookie";
import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { SESSION_LONGEST_MS } from "../accountability/session-policy.ts";
import type { Clock } from "../base/time.ts";
import type { ServiceRole } from "../contract/access.ts";
import { REPLAYED_SKILL } from "../contract/basics.ts";
import type { Campus } from "../contract/city.ts";
import type { RecorderTrouble } from "../contract/recorders.ts";
import { DEFAULT_POLICY } from "../dispatch/policy.ts";
import type { FigureProjector } from "../workflow/figure-projector.ts";
import type { DispatchService } from "../workflow/dispatch-service.ts";
import { createCameraProblems } from "./cameras/camera-problems.ts";
import type { CameraRegistry } from "./cameras/camera-registry.ts";
import { createIdentify } from "./gate/identify.ts";
import { createSessionEnds } from "./gate/session-ends.ts";
import { notFound } from "./gate/problem.ts";
import type { UserPrincipal } from "./gate/principal.ts";
import type { Handlers } from "./handler.ts";
import { createAccountHandlers } from "./handlers/accounts.ts";
import { createCameraEventHandlers } from "./handlers/camera-events.ts";
import { createCallDraftHandlers } from "./handlers/call-drafts.ts";
import { createCameraHandlers } from "./handlers/cameras.ts";
import { createCityHandlers } from "./handlers/city.ts";
import { createDutyHandlers } from "./handlers/duty.ts";
import type { PlatformBook } from "./duty/platform-book.ts";
import { createDispatchHandlers } from "./handlers/dispatch.ts";
import { createFieldHandlers, findJob, MOST_FIELD_CAMERAS, type PlaceOfJob } from "./handlers/field.ts";
import { createFieldWorkHandlers } from "./handlers/field-work.ts";
import { createHoldHandlers } from "./handlers/holds.ts";
import { createExportHandlers } from "./handlers/exports.ts";
import { createInspectHandlers } from "./handlers/inspect.ts";
import { createLookEnds } from "./handlers/look-ends.ts";
import { createSessionHandlers } from "./handlers/sessions.ts";
import { followMerges } from "./handlers/look-reason.ts";
import { createViewHandlers } from "./handlers/views.ts";
import { createFigureHandlers } from "./handlers/figures.ts";
import { createReplayHandlers } from "./handlers/replay.ts";
import { createWallHandlers } from "./handlers/walls.ts";
import { createContactWays } from "./interfaces/contact-ways.ts";
import { createReportIntake } from "./interfaces/report-intake.ts";
import { createCourier } from "./interfaces/webhook-courier.ts";
import { createWebhookHandlers, writeIncident } from "./interfaces/webhooks.ts";
import { createSharings } from "./interfaces/sharings.ts";
import { createRunCardHandlers } from "./handlers/run-cards.ts";
import type { RunCardShelf } from "../workflow/run-card-shelf.ts";
import { createWarnings } from "./interfaces/warnings.ts";
import { formatHex } from "../evidence/ed25519.ts";
import { createEidoDesk } from "./interfaces/eido.ts";
import { createMachineAccounts } from "./interfaces/machine-accounts.ts";
import { createPositionIntake } from "./interfaces/position-intake.ts";
import { createTrackers, type Trackers } from "./interfaces/trackers.ts";
import { registerErrors } from "./http/errors.ts";
import { FLOOD_LIMITS, registerFloodLimit, type FloodLimits } from "./http/flood-limit.ts";
import { registerGate } from "./http/gate-hook.ts";
import { createMetrics } from "./http/metrics.ts";
import { registerPage } from "./http/page.ts";
import { registerRoutes } from "./http/register-routes.ts";
import { registerServiceRoutes } from "./http/service-routes.ts";
import { wrapSocket } from "./http/socket.ts";
import { registerTiles } from "./http/tiles.ts";
import { createHoldRegistry } from "./holds/hold-registry.ts";
import { createLiveHub } from "./live/live-hub.ts";
import type {
  AccessRecordStorePort, AccountStorePort, AlarmPointStorePort, AuditStorePort, CallDraftStorePort, CameraEventStorePort, CameraStorePort, CityPort, DatabaseStatusPort, EvidenceSignerPort, ExportStorePort, FigureStorePort, HoldStorePort, LogPort, MachineAccountStorePort, SecretPort, SeeingPort, SessionStorePort, TimerPort, TrackerStorePort, ViewSignerPort, WallStorePort,
  PosterPort, RunCardStorePort, SharingStorePort, TargetPort, WarningStorePort, WebhookStorePort,
} from "./ports.ts";
import { createExportBook } from "./recorder/export-book.ts";
import { startAlarmRecording } from "./recorder/alarm-recording.ts";
import { createEventRecording } from "./recorder/event-recording.ts";
import { startIncidentRecording } from "./recorder/incident-recording.ts";
import { createRecorderLinks } from "./recorder/recorder-links.ts";

export interface ApiServerOptions {
  readonly version: string;
  readonly demo: boolean;
  readonly simulatedCalls?: boolean;
  readonly publicOrigin: string;
  readonly recorderOrigins: readonly string[];
  readonly consoleDir: string;
  readonly firstAccountToken: string | null;
  readonly serviceTokens: Readonly<Partial<Record<ServiceRole, string>>>;
  readonly clock: Clock;
  readonly timers: TimerPort;
  readonly log: LogPort;
  readonly secrets: SecretPort;
  readonly signer: ViewSignerPort;
  readonly database: DatabaseStatusPort;
  readonly accounts: AccountStorePort;
  readonly sessions: SessionStorePort;
  readonly audit: AuditStorePort;
  readonly records: AccessRecordStorePort;
  readonly drafts: CallDraftStorePort;
  readonly cameraEvents: CameraEventStorePort;
  readonly exports: ExportStorePort;
  readonly evidenceSigner: EvidenceSignerPort;
  readonly walls: WallStorePort;
  readonly machineAccounts: MachineAccountStorePort;
  readonly trackers: TrackerStorePort;
  readonly alarmPoints: AlarmPointStorePort;
  readonly webhooks: WebhookStorePort;
  readonly warnings: WarningStorePort;
  readonly sharings: SharingStorePort;
  readonly runCards: { readonly store: RunCardStorePort; readonly shelf: RunCardShelf };
  readonly webhookTargets: TargetPort;
  readonly poster: PosterPort;
  readonly cameraStore: CameraStorePort;
  readonly holdStore: HoldStorePort;
  readonly registry: CameraRegistry;
  readonly dispatch: DispatchService;
  readonly figures: { readonly store: FigureStorePort; readonly projector: FigureProjector };
  readonly city: CityPort;
  readonly platforms: PlatformBook;
  readonly campuses: readonly Campus[];
  readonly seeing: SeeingPort;
  /** Nothing in this centre has happened; it says so on every screen. */
  readonly training?: boolean;
  readonly checkAnswers?: boolean;
  readonly mostWaitingBytes?: number;
  readonly floodLimits?: FloodLimits;
}

export interface ApiServer {
  readonly app: FastifyInstance;
  /** For listeners that hear trackers by other ways than HTTP. */
  readonly trackers: Pick<Trackers, "take" | "noteFault">;
  /** A recorder that is started with the centre does not run, or does again (null). */
  noteRecorder(recorderId: number, trouble: RecorderTrouble | null): void;
  /** Closes links and connections, and waits for requests under way. */
  close(): Promise<void>;
}

const LINK_MESSAGE_BYTES = 16_000_000;
const REQUEST_LIMIT_MS = 300_000;
const SWEEP_EVERY_MS = 10 * 60_000;
/** A look goes on where a better camera has come, or where its own fails for a moment. */
const MOST_SEEING_STILL = 24;
const FEED_CACHE = "public, max-age=15";
const DELIVERED_KEPT_MS = 7 * 24 * 60 * 60_000;
const MOST_DELIVERIES = 50_000;
/** [CON14] What was typed for a call is there as long as the call can be taken up again. */
const DRAFT_KEPT_MS = DEFAULT_POLICY.reopenWithinMs;

export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { clock, timers, log, secrets, sessions, records, registry, dispatch, publicOrigin, version } = options;
  const isTls = publicOrigin.startsWith("https:");
  // Cookies are shared by the ports of a host: a session of training is none of the real centre beside it.
  const cookieName = `${isTls ? "__Host-" : ""}citywatch${options.training === true ? "-training" : ""}`;
  const startedAt = clock.wallMs();
  const ends = createSessionEnds();
  const machines = await createMachineAccounts({ clock, log, secrets, store: options.machineAccounts });
  const identify = createIdentify({ clock, secrets, sessions, serviceTokens: options.serviceTokens, findMachine: machines.find });

  const exportBook = createExportBook({ clock, timers, log, store: options.exports, signer: options.evidenceSigner, findEverRegistered: options.cameraStore.findEverRegistered });
  const problems = createCameraProblems({ clock, timers, log, registry, store: options.cameraEvents });
  await problems.load();
  const holds = createHoldRegistry({ store: options.holdStore, clock });
  const recorders = createRecorderLinks({
    clock, log, timers, registry, store: options.cameraStore, records, holds, holdStore: options.holdStore, publicKeyPem: options.signer.publicKeyPem, consoleOrigins: [publicOrigin], timeZone: options.city.facts.timeZone,
    createId: secrets.createId, onHealth: problems.observe, exports: exportBook, expectedMediaUrls: options.recorderOrigins,
  });
  const status = () => ({ at: clock.wallMs(), logLag: dispatch.logLag(), recorders: recorders.status() });

  /** Also counts as a use of the session: whoever watches the live link works. */
  const isStillLoggedIn = async ({ session, account }: UserPrincipal): Promise<boolean> => {
    const stored = await sessions.find(session.tokenHash);
    if (stored === null || clock.wallMs() >= stored.createdAt + SESSION_LONGEST_MS) return false;
    await sessions.touch(session.tokenHash, clock.wallMs());
    return stored.account.id === account.id;
  };
  const live = createLiveHub({
    clock, timers, dispatch, health: registry.health, problems, ends, status, isStillLoggedIn,
    ...(options.mostWaitingBytes === undefined ? {} : { mostWaitingBytes: options.mostWaitingBytes }),
  });

  const events = createEventRecording({ seeing: options.seeing, findRecorder: registry.index.recorderOf, tell: recorders.tell, clock, log });
  recorders.onLinked(events.tellAgain);
  const endIncidentRecording = startIncidentRecording({ dispatch, record: events.record, clock });
  const recordAlarm = startAlarmRecording({ dispatch, record: events.record, clock });

  const intake = createPositionIntake({ clock, positions: dispatch.positions, bounds: options.city.facts.bounds });
  const reports = createReportIntake({ dispatch, hash: secrets.hashToken, clock });
  const contactWays = await createContactWays({ clock, store: options.alarmPoints, intake: reports, recordAlarm, findCamera: options.cameraStore.findPlaceByCode, cameraExists: (id) => registry.index.find(id) !== null });
  const trackers = await createTrackers({ clock, store: options.trackers, dispatch, intake });

  const agencyName = options.training === true ? `${options.city.facts.name} (training)` : options.city.facts.name; // what leaves under it cannot be taken for real [TRN5]
  const warnings = createWarnings({
    clock, store: options.warnings, reports, incidentExists: (id) => dispatch.findIncident(id) !== null, publicOrigin, shorten: (text) => formatHex(secrets.hashToken(text)).slice(0, 32),
    sender: { installation: formatHex(secrets.hashToken(options.signer.publicKeyPem)).slice(0, 8), id: `warnings@${new URL(publicOrigin).hostname}`, name: agencyName, training: options.training ?? false },
  });
  const sharings = createSharings({
    clock, store: options.sharings, incidentExists: (id) => dispatch.findIncident(id) !== null,
    listAgencies: async () => [
      ...machines.list("centres").map(({ id, name }) => ({ kind: "key" as const, id, name })),
      ...(await options.webhooks.list()).filter(({ topics, enabled }) => topics.includes("incident") && enabled).map(({ id, name }) => ({ kind: "webhook" as const, id, name })),
    ],
  });
  const eido = createEidoDesk({ dispatch, reports, sharings, domain: new URL(publicOrigin).hostname, name: agencyName, shorten: (text) => formatHex(secrets.hashToken(text)).slice(0, 32) });
  const courier = createCourier({
    clock, timers, log, store: options.webhooks, poster: options.poster, sign: secrets.signDelivery, chance: secrets.chance, userAgent: `Citywatch/${version}`,
    write: async (webhook, delivery) => {
      if (delivery.topic !== "warning") {
        const isShared = await sharings.mayTell(delivery.subjectId, webhook, delivery.id);
        if (webhook.format === "citywatch") return writeIncident(dispatch, delivery, isShared, clock.wallMs());
        return isShared ? eido.tell(delivery.subjectId) : null;
      }
      const cap = await warnings.findCap(delivery.subjectId);
      return cap === null ? null : { type: delivery.event, at: delivery.eventAt, sentAt: clock.wallMs(), capUrl: `${publicOrigin}/public/warnings/${delivery.subjectId}.xml`, cap };
    },
  });
  const endWaking = dispatch.subscribe(courier.wake);

  const metrics = createMetrics({
    consoles: () => live.consoles, consolesDropped: () => live.dropped, logSequence: () => dispatch.sequence(), logLag: () => dispatch.logLag(),
    cameras: registry.health.countStates, cameraProblems: problems.countKinds,
    recordersLinked: () => recorders.status().filter((recorder) => recorder.connected).length,
  });

  const listSeeing = async ({ point, uncertaintyM }: PlaceOfJob) => (await options.seeing({ ...point, uncertaintyM, limit: MOST_FIELD_CAMERAS })).cameras;
  const findOwnJob = async (unitId: number, look: "new" | "going-on", lookedForId: number | null) => {
    const job = findJob(dispatch, unitId);
    if (job === null) return null;
    const isMerged = look === "going-on" && lookedForId !== null && lookedForId !== job.incident.id && followMerges(dispatch.findIncident, lookedForId)?.id === job.incident.id;
    const incident = isMerged ? dispatch.findIncident(lookedForId)! : job.incident;
    const { point, uncertaintyM } = incident.place;
    const { cameras, notSeeing } = await options.seeing({ ...point, uncertaintyM, limit: look === "new" ? MOST_FIELD_CAMERAS : MOST_SEEING_STILL });
    const failing = look === "new" ? [] : notSeeing.filter(({ reason }) => reason.code === "not-healthy");
    return { incidentId: incident.id, cameraIds: [...cameras, ...failing].map(({ cameraId }) => cameraId) };
  };
  const withdraw = async ({ id, cameraId }: { readonly id: number; readonly cameraId: number }): Promise<boolean> => {
    const camera = registry.index.find(cameraId) ?? (await options.cameraStore.findEverRegistered(cameraId));
    return camera !== null && registry.recordersEverOf({ id: cameraId, recorderId: camera.recorderId }).map((recorderId) => recorders.endView(recorderId, id)).every(Boolean);
  };
  const lookEnds = createLookEnds({ clock, log, records, dispatch, findEverRegistered: options.cameraStore.findEverRegistered, withdraw });
  /** Pictures do not outlast the right to them, on a screen or on their way out. */
  const endLooks = async (accountId: number): Promise<void> => {
    for (const { exportId, recorderId } of exportBook.listOf(accountId)) recorders.tell(recorderId, { type: "export-cancel", exportId });
    await lookEnds.account(accountId);
  };
  /** Nor do sound and metadata outlast their purpose. */
  const endPurposeWatch = registry.subscribe(({ ids }) => {
    lookEnds.heardBeyondPurposes(ids).catch((error: unknown) => log.error({ error: (error as Error).message }, "looks that hear could not be ended: they end with their last tokens"));
    exportBook.listBeyondPurposes(ids).then(
      (exports) => exports.forEach(({ exportId, recorderId }) => recorders.tell(recorderId, { type: "export-cancel", exportId })),
      (error: unknown) => log.error({ error: (error as Error).message }, "exports could not be held against the purposes of sound and metadata: such a package is not signed"),
    );
  });
  const findAccountOf = async (tokenHash: Uint8Array) => (await sessions.find(tokenHash))?.account ?? null;
  const views = createViewHandlers({
    clock, registry, findEverRegistered: options.cameraStore.findEverRegistered, records, signer: options.signer, findIncident: dispatch.findIncident, findContact: dispatch.findContact, findOwnJob, findAccountOf, findRecorderUrl: recorders.findMediaUrl, withdraw,
    countViews: metrics.view,
  });
  const handlers: Handlers = {
    ...createSessionHandlers({
      clock, log, secrets, accounts: options.accounts, sessions, ends, endLooks, firstAccountToken: options.firstAccountToken, cityName: options.city.facts.name,
      attribution: options.city.facts.attribution, demo: options.demo, simulatedCalls: options.simulatedCalls ?? false, training: options.training ?? false, version, countLogIn: metrics.logIn,
    }),
    ...createAccountHandlers({ clock, secrets, accounts: options.accounts, sessions, ends, endLooks, unitExists: (unitId) => dispatch.findUnit(unitId) !== null }),
    ...createCityHandlers({ clock, city: options.city, platforms: options.platforms, campuses: options.campuses, countCameras: () => registry.index.size }),
    ...createCameraHandlers({ clock, timeZone: options.city.facts.timeZone, registry, store: options.cameraStore, recorders, seeing: options.seeing }),
    ...views,
    ...createHoldHandlers({
      clock, store: options.holdStore, holds, findEverRegistered: options.cameraStore.findEverRegistered, incidentExists: (id) => dispatch.findIncident(id) !== null, findKeptRevision: recorders.findKeptRevision, partsOf: registry.partsOf,
    }),
    listRecorders: async () => ({ recorders: recorders.status() }),
    ...createExportHandlers({
      clock, cityName: agencyName, timeZone: options.city.facts.timeZone, findEverRegistered: options.cameraStore.findEverRegistered, findIncident: dispatch.findIncident, findContact: dispatch.findContact, findAccountOf,
      audit: options.audit, store: options.exports, book: exportBook, signer: options.evidenceSigner, secrets, recorders, partsOf: registry.partsOf,
    }),
    ...createInspectHandlers({ clock, timeZone: options.city.facts.timeZone, records, audit: options.audit, findIncident: dispatch.findIncident, findContact: dispatch.findContact }),
    ...createDutyHandlers({ clock, timeZone: options.city.facts.timeZone, dispatch, platforms: options.platforms }),
    ...createDispatchHandlers({ clock, platforms: options.platforms, bounds: options.city.facts.bounds, findReach: options.city.findReach, dispatch, accounts: options.accounts, countCommand: metrics.command }),
    ...createFigureHandlers({ clock, log, store: options.figures.store, projector: options.figures.projector, sequence: dispatch.sequence }),
    ...createReplayHandlers({ city: options.city.facts, training: options.training ?? false }),
    ...machines.handlers,
    ...trackers.handlers,
    ...contactWays,
    ...warnings.handlers,
    ...eido.handlers,
    ...sharings.handlers,
    ...createWebhookHandlers({ clock, secrets, store: options.webhooks, targets: options.webhookTargets, dispatch }),
    ...createRunCardHandlers({ clock, ...options.runCards, accounts: options.accounts, listDistricts: options.city.listDistricts, listSkills: () => options.dispatch.listSkills().filter((skill) => skill !== REPLAYED_SKILL) }),
    ...createWallHandlers({ clock, walls: options.walls }),
    ...createCameraEventHandlers(problems),
    ...createCallDraftHandlers({ clock, drafts: options.drafts, findContact: dispatch.findContact }),
    ...createFieldHandlers({ clock, dispatch, listSeeing }),
    ...createFieldWorkHandlers({ clock, dispatch, sessions, intake }),
    getSystem: async () => ({ version, startedAt, status: status(), database: await options.database.status(), accessRecords: await records.count() }),
  };

  const app = fastify({
    logger: false, // requests are not logged by address: our log names routes, and only where something failed
    trustProxy: isTls ? "loopback" : false, // https means a proxy before us, on this machine
    forceCloseConnections: true,
    requestTimeout: REQUEST_LIMIT_MS,
    routerOptions: { maxParamLength: 200 },
  });
  registerErrors(app, log, options.database);
  app.addHook("onSend", async (request, reply) => {
    if (request.url.startsWith("/api/") && !reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  app.addHook("onResponse", async (request, reply) => {
    metrics.request(request.routeOptions.config?.routeName ?? request.routeOptions.url ?? "(none)", request.method, reply.statusCode, reply.elapsedTime / 1_000);
  });
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: LINK_MESSAGE_BYTES, perMessageDeflate: false } });
  const { identifyRequest } = registerGate(app, { identify, publicOrigin, cookieName, equalSecrets: secrets.equalSecrets, checkFlood: await registerFloodLimit(app, options.floodLimits ?? FLOOD_LIMITS), onLetIn: (principal, address) => {
    if (principal.kind === "service") machines.noteUse(principal, address);
  } });

  const setSessionToken = (reply: FastifyReply, token: string | null): void => {
    const attributes = { path: "/", httpOnly: true, sameSite: "strict", secure: isTls } as const;
    if (token === null) reply.clearCookie(cookieName, attributes);
    else reply.setCookie(cookieName, token, attributes);
  };
  registerRoutes(app, { handlers, setSessionToken, checkAnswers: options.checkAnswers ?? false });
  registerTiles(app, options.city, registry, clock);
  registerServiceRoutes(app, {
    version, metrics, identifyRequest,
    findObstacles: async () => ((await options.database.status().catch(() => ({ reachable: false }))).reachable ? [] : ["database"]),
  });
  app.get("/public/warnings.atom", { config: { permission: "open" } }, async (_request, reply) => reply.type("application/atom+xml; charset=utf-8").header("cache-control", FEED_CACHE).send(await warnings.writeAtom()));
  app.get<{ Params: { file: string } }>("/public/warnings/:file", { config: { permission: "open" } }, async (request, reply) => {
    const id = /^([1-9]\d{0,8})\.xml$/.exec(request.params.file)?.[1];
    const cap = id === undefined ? null : await warnings.findCap(Number(id));
    if (cap === null) throw notFound("warning");
    return reply.type("application/cap+xml; charset=utf-8").header("cache-control", FEED_CACHE).send(cap);
  });
  app.get("/api/v1/live", { websocket: true, config: { permission: "operate.read" } }, (socket, request) => {
    if (request.principal?.kind !== "user") socket.close(1008, "people only");
    else live.accept(wrapSocket(socket, timers), request.principal);
  });
  app.get("/api/v1/recorder-link", { websocket: true, config: { permission: "recorder.link" } }, (socket) => recorders.accept(wrapSocket(socket, timers)));
  await registerPage(app, options);

  const stopSweep = timers.every(SWEEP_EVERY_MS, () => {
    options.webhooks.sweep(clock.wallMs() - DELIVERED_KEPT_MS, MOST_DELIVERIES, clock.wallMs()).then((count) => {
      if (count > 0) log.warn({ deliveries: count, most: MOST_DELIVERIES }, "too many deliveries waited for a target: the oldest are dead letters");
    }).catch((error: unknown) => log.warn({ error: (error as Error).message }, "old deliveries could not be removed"));
    sessions.sweep(clock.wallMs()).catch((error: unknown) => log.warn({ error: (error as Error).message }, "old sessions could not be removed"));
    const open = dispatch.state().contacts.map((contact) => contact.id);
    options.drafts.sweep(clock.wallMs() - DRAFT_KEPT_MS, open).catch((error: unknown) => log.warn({ error: (error as Error).message }, "old drafts could not be removed"));
  });
  return {
    app,
    trackers,
    noteRecorder: recorders.noteTrouble,
    close: async () => {
      stopSweep();
      endWaking();
      endPurposeWatch();
      await courier.stop();
      lookEnds.close();
      live.close();
      endIncidentRecording();
      recorders.close();
      problems.close();
      await problems.flush();
      await app.close();
    },
  };
}
