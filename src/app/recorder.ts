// The recorder role, wired: index, repair, cameras, media server, link to the centre. It starts from what it has on disk and works without the centre; the
// link brings changes. Stopping ends every run with its cause and waits until all is on disk.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "../base/random.ts";
import { DAY_MS, type WallMs } from "../base/time.ts";
import { probeCamera } from "../io/recorder/probe.ts";
import { systemClock } from "../io/clock/clock.ts";
import { CameraList, type StoredCamera } from "../io/recorder/camera-list.ts";
import { CameraPool } from "../io/recorder/camera-pool.ts";
import { ChunkArena } from "../io/recorder/chunk-arena.ts";
import { collectGarbage } from "../io/recorder/collect-garbage.ts";
import { ClockWords } from "../io/recorder/clock-words.ts";
import { CentreLink } from "../io/recorder/centre-link.ts";
import { type FindDiskSpace, findDiskSpace, isOnOneVolume } from "../io/recorder/disk-space.ts";
import { DiskMonitor } from "../io/recorder/disk-monitor.ts";
import { DiskThreads } from "../io/recorder/disk-thread.ts";
import { EndedViews } from "../io/recorder/ended-views.ts";
import { HoldList } from "../io/recorder/hold-list.ts";
import { IndexCheckpoints } from "../io/recorder/index-checkpoints.ts";
import { IndexStore } from "../io/recorder/index-store.ts";
import { MediaServer } from "../io/recorder/media-server.ts";
import { type CheckedCamera, PictureChecker } from "../io/recorder/picture-checker.ts";
import type { WriterCounters } from "../io/recorder/recording-writer.ts";
import { createRecorderMetrics } from "../io/recorder/recorder-metrics.ts";
import { type RepairReport, settleRecordings, takeInUnnamed } from "../io/recorder/repair.ts";
import { findNextSegmentId, skipForgottenSegmentIds } from "../io/recorder/segment-numbers.ts";
import { deleteOldSetAside } from "../io/recorder/set-aside.ts";
import { findLastWritten } from "../io/recorder/last-written.ts";
import { ServedViews } from "../io/recorder/served-views.ts";
import { TrackFileBudget } from "../io/recorder/track-file-writer.ts";
import { SegmentReading } from "../io/recorder/segment-reader.ts";
import { deleteOldRecordings } from "../io/recorder/retention-job.ts";
import { RoomKeeper } from "../io/recorder/room-keeper.ts";
import { forgetOldCauses } from "../io/recorder/forget-causes.ts";
import { OutsideStretches } from "../io/recorder/outside-stretches.ts";
import { createFilePort } from "../io/recorder/file-port.ts";
import { closeToOthers } from "../io/recorder/private-folder.ts";
import { VouchedClock } from "../io/recorder/vouched-clock.ts";
import { ViewVerifier } from "../io/recorder/view-tokens.ts";
import type { CameraSessionOptions } from "../io/tcp/camera-session.ts";
import { certificatePolicyOf } from "../video/camera/certificate.ts";
import { bytesPerDayOf } from "../video/retention/forecast.ts";
import type { CameraKeeping } from "../video/retention/plan.ts";
import type { TimeRange } from "../video/retention/free-windows.ts";
import { awaitsHolds } from "../video/retention/room.ts";
import { PreRollBudget } from "../video/recording/pre-roll.ts";
import { GopBudget } from "../video/live/live-stream.ts";
import { ExportDesk } from "../io/evidence/export-desk.ts";
import { addExportRoute } from "../io/evidence/export-route.ts";
import { listSenderReports } from "../io/recorder/sender-report-store.ts";
import { medianClockOffset } from "../video/export/clock-offset.ts";
import { readCameraNetworks } from "./camera-networks.ts";
import type { Logger, RecorderConfig, RunningRole } from "./roles.ts";

/** As found on the PATH. */
const FFMPEG = "ffmpeg";
/** Share of the machine's memory that pictures on their way to the disk may take. */
const ARENA_SHARE = 0.25;
/** Share of it for the last seconds of cameras that record on events. */
const PRE_ROLL_SHARE = 0.125;
const GOP_BYTES = 64 * 1024 * 1024;
/** Of the sound and metadata of all cameras on their way to the disk. */
const TRACK_FILE_BYTES = 32 * 1024 * 1024;
/** For the recordings of cameras of which nobody knows how long they are to be kept: an index made again from its files has them. */
const FALLBACK: CameraKeeping = { mostDays: 30, leastDays: 0, mostBytes: Infinity };
const GIGABYTE = 1_000_000_000;
const DISK_MS = 10_000;
/** Memory that nobody wanted for so long goes back to the system. */
const GIVE_BACK_MS = 60_000;
const FORGETTING_MS = 3_600_000;
/** That recordings go before their time lasts for weeks, a pass each few seconds: the log has it once in so long, the metrics count them all. */
const DELETIONS_TOLD_MS = 3_600_000;
/** So long after the start the centre may say what was put on hold meanwhile, before anything goes by age; then it goes by what was held before. */
const HOLDS_WAIT_MS = 3_600_000;
/** What an event may take from the centre to here. */
const CLOCKS_APART_MS = 2_000;
/** Sender reports are kept once a minute: the one before a range tells of its beginning. */
const REPORT_BEFORE_MS = 90_000;
const ALIVE_MS = 5_000;
/** The setting that says that the last recorder here wrote all that it had to. */
const CLEAN_STOP = "stopped-cleanly";
/** Looking whether all files have their rows takes this part of the time. */
const LOOK_SHARE = 0.05;
const LEAST_PAUSE_MS = 20;

/** What a trial shortens, so that a session of seconds sees what takes minutes in earnest. */
export interface RecorderPace {
  readonly segmentMs?: number;
  readonly retentionMs?: number;
  /** Of a volume that is smaller than it is. */
  readonly findSpace?: FindDiskSpace;
}

/** A running recorder; `port` is the one that the media server got. Throws with a plain message where the folder or the port cannot be had. */
export async function startRecorder(config: RecorderConfig, log: Logger, pace: RecorderPace = {}): Promise<RunningRole & { readonly port: number }> {
  const write = (level: "info" | "warn" | "error", fields: object, message: string): void => log[level](fields, message);
  const root = config.recordingsDir;
  mkdirSync(root, { recursive: true, mode: 0o700 });
  if (closeToOthers(root)) log.warn({ recordings: root }, "other users of this machine could enter the recordings' folder; it is its owner's alone now");
  const index = new IndexStore(join(root, "index.sqlite"));
  const clock = systemClock;
  const cameras = new CameraList(index, config.token);
  const holds = new HoldList(index);
  const counters: WriterCounters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
  const mostBytes = config.mostRecordingBytes ?? Infinity;
  let findListed = (cameraId: number): StoredCamera | undefined => kept.find((camera) => camera.cameraId === cameraId);
  let listClockOffsets = (): Iterable<number | undefined> => [];
  let listRecording = (): Iterable<number> => [];
  let listInUse = (_cameraId: number): readonly TimeRange[] => [];
  const clockWords = new ClockWords(clock, () => listClockOffsets());
  const vouched = new VouchedClock({ index, clock, listWitnesses: () => clockWords.list(), log: write });
  const keeping = { root, index, holds: holds.besides((cameraId) => listInUse(cameraId)), clock: vouched, listBehind: () => vouched.listBehind(), outside: new OutsideStretches(clock), mostBytes, findOpenBytes: () => counters.bytesOpen, findKeeping: (cameraId: number) => keepingOf(findListed(cameraId) ?? cameras.findFormerKeeping(cameraId)), fallback: FALLBACK };
  let isDirect = true;
  let areHoldsTold = false;
  const wasClean = index.findSetting(CLEAN_STOP) === "yes";
  const deletionsTold = new Map<string, number>();
  const mayTell = (why: string): boolean => {
    const now = clock.monotonicMs();
    if (now - (deletionsTold.get(why) ?? -Infinity) < DELETIONS_TOLD_MS) return false;
    deletionsTold.set(why, now);
    return true;
  };
  const room: RoomKeeper = new RoomKeeper({
    clock, findSpace: pace.findSpace ?? (() => findDiskSpace(root)), isShared: config.databaseDir !== undefined && isOnOneVolume(config.databaseDir, root), recorders: config.recordersOnVolume ?? 1, inflow: findRecordedInflow(index, clock.wallMs()), log: write, ...(pace.retentionMs === undefined ? {} : { passMs: pace.retentionMs }),
    runPass: async ({ onlyForRoom, levels, findSpace, isUrgent, isEnding }) => {
      const sinceStartMs = clock.monotonicMs() - startedAt;
      if (!areHoldsTold && awaitsHolds({ wasClean, sinceStartMs, levels, freeBytes: (await findSpace()).freeBytes })) return { deleted: 0, lacking: 0, isScarce: false };
      const waitsForHolds = !areHoldsTold && sinceStartMs < HOLDS_WAIT_MS;
      const outcome = await deleteOldRecordings({ ...keeping, ...levels, findSpace, isUrgent, isEnding, markDurably: (mark) => markDurably(mark), onlyForRoom: onlyForRoom || waitsForHolds || vouched.isSought, mayTell, log: write });
      disk.noteRetention(outcome);
      return { deleted: outcome.deletions.length, lacking: outcome.lacking, isScarce: outcome.isScarce };
    },
  });
  const disk = new DiskMonitor({ ...keeping, holds, room, isDirect: () => isDirect, clock, counters, listRecording: () => listRecording(), findDoubtedMs: () => vouched.doubtedMs, findBehindMs: () => vouched.behindMs });
  const startedAt = clock.monotonicMs();
  // Until a thread brings the index to the disk: no camera waits for this one either.
  let markDurably = async (mark: () => void): Promise<boolean> => {
    index.synced(mark);
    return true;
  };
  const tellFile = (fields: object, message: string): void => log.error(fields, message);
  const tellRepaired = (report: RepairReport, message: string): void => {
    if (Object.values(report).some((count) => count > 0)) log.warn(report, message);
  };
  let kept: readonly StoredCamera[] = [];
  try {
    kept = cameras.list();
    // First of all: after a disk ran full, what follows needs room.
    await room.look().catch((error: Error) => log.error({}, `the disk could not be looked at: ${error.message}`));
    await room.retain();
    tellRepaired(await settleRecordings(root, index, tellFile), "the last stop was not clean; the recordings were put right");
    // Files that the index forgot with the power are found beside recording: until then none of them may have the number of a new one.
    // Synced before a camera is joined: were it lost with the power, the next start would give the numbers of this one's files again.
    index.synced(() => {
      if (!wasClean) skipForgottenSegmentIds(index);
      index.saveSetting(CLEAN_STOP, "no");
    });
  } catch (error) {
    index.close();
    throw error;
  }

  const firstSegmentId = findNextSegmentId(index);
  const random = createRandom(createHash("sha256").update(`${process.pid} ${clock.wallMs()} ${config.recorderId}`).digest().readUInt32BE());
  const session: CameraSessionOptions = {
    userAgent: `Citywatch/${config.version}`, connectTimeoutMs: 5_000, requestTimeoutMs: 5_000, addressPolicy: readCameraNetworks(config.cameraNetworks), clock,
  };
  const memory = totalmem() / (config.recordersHere ?? 1);
  const chunks = new ChunkArena(memory * ARENA_SHARE);
  const diskThreads = new DiskThreads();
  let timeZone = index.findSetting("time-zone") ?? "UTC";
  const pictures = new PictureChecker({ root, clock, ffmpeg: FFMPEG, listCameras: () => listChecked(pool), log: write });
  const pool: CameraPool = new CameraPool({
    root, index, clock, random, chunks, ...(pace.segmentMs === undefined ? {} : { segmentMs: pace.segmentMs }),
    disk: diskThreads, files: createFilePort(() => {
      isDirect = false;
      log.warn({ recordings: root }, "the file system takes no direct writes: recordings go through the page cache, which costs about three times as much");
    }),
    isHeldNow: (cameraId) => holds.isHeld(cameraId, clock.wallMs(), clock.wallMs()), room, hasRoom: room.hasRoom,
    onDiskFull: () => {
      disk.noteRefused();
      room.onDiskFull(); // what may go goes now
    },
    gopBudget: new GopBudget(GOP_BYTES), trackFileBudget: new TrackFileBudget(TRACK_FILE_BYTES), preRollBudget: new PreRollBudget(memory * PRE_ROLL_SHARE), timeZone: () => timeZone, counters, session, log: write, pictures,
  });
  findListed = (cameraId) => pool.find(cameraId)?.camera;
  listClockOffsets = () => Array.from(pool.list(), ({ clockOffsetMs }) => clockOffsetMs);
  listRecording = () => Array.from(pool.list()).flatMap(({ isRecording, camera }) => (isRecording ? [camera.cameraId] : []));
  const verifier = new ViewVerifier(clock);
  let consoleOrigins: ReadonlySet<string> = new Set(JSON.parse(index.findSetting("console-origins") ?? "[]") as string[]);
  const publicKey = index.findSetting("public-key");
  if (publicKey !== undefined) verifier.setPublicKey(publicKey);

  const servedViews = new ServedViews();
  const endedViews = new EndedViews(index, (message) => log.error({}, message));
  for (const { viewId } of endedViews.list()) verifier.endView(viewId); // over before this start, and still

  const exports = new ExportDesk({
    root, recorderId: config.recorderId, program: `Citywatch ${config.version}`, index, findClockOffset: (cameraId, from, to) => medianClockOffset(listSenderReports(index, cameraId, from - REPORT_BEFORE_MS, to)), pool, clock, pagePath: config.evidencePage, tell: (message) => link.tell(message), log: write,
  });
  listInUse = (cameraId) => exports.listInUse(cameraId);
  const link: CentreLink = new CentreLink({
    url: config.centreUrl, token: config.token, recorderId: config.recorderId, mediaUrl: config.mediaUrl, clock, random, endedViews, servedViews, exports, log: write,
    findRevision: () => cameras.revision,
    onWelcome: (key, origins, zone) => {
      verifier.setPublicKey(key);
      consoleOrigins = new Set(origins);
      index.saveSetting("public-key", key);
      index.saveSetting("console-origins", JSON.stringify(origins));
      timeZone = zone;
      index.saveSetting("time-zone", zone);
    },
    onCameras: (list, revision) => {
      // Joined even where the disk cannot keep the list: the error goes to the link, which asks for it again.
      try {
        cameras.replace(list, revision);
      } finally {
        pool.replace(list);
      }
      log.info({ cameras: list.length, revision }, "camera list taken");
    },
    onCameraChanged: (camera, revision) => {
      try {
        cameras.save(camera, revision);
      } finally {
        pool.put(camera);
      }
    },
    onCameraRemoved: (cameraId, revision, keeping) => {
      try {
        cameras.remove(cameraId, revision, keeping);
      } finally {
        pool.remove(cameraId);
      }
    },
    onHolds: (list, revision) => {
      holds.replace(list, revision);
      if (areHoldsTold) return;
      areHoldsTold = true;
      void room.retain(); // what waited for it
    },
    onHoldChanged: (hold, revision) => holds.save(hold, revision),
    onHoldReleased: (holdId, revision) => holds.release(holdId, revision),
    bringToDisk: () => markDurably(() => undefined),
    findDisk: () => disk.latest,
    onViewWithdrawn: (viewId) => {
      if (server.endView(viewId) || verifier.isEnded(viewId)) return;
      verifier.endView(viewId);
      link.tellViewEnded(viewId);
    },
    probe: ({ address, userName, password, transport, certificateSha256 }) => probeCamera({ address, userName, password, transport, certificate: certificatePolicyOf(certificateSha256) }, session),
    onTime: (at) => clockWords.noteCentre(at),
    onRecordingEvent: (cameraIds, at) => {
      // It lasts from when it was heard: `at` is of the centre's clock, and which of the two is wrong is not known here.
      for (const cameraId of cameraIds) pool.find(cameraId)?.onEvent();
      const apartMs = Math.round(clock.wallMs() - at);
      if (Math.abs(apartMs) > CLOCKS_APART_MS) log.warn({ cameras: cameraIds, apartMs }, "an event's time is not ours: the centre's clock and this one differ, or the link was slow; it is recorded as of now");
    },
    listHealth: function* () {
      for (const worker of pool.list()) {
        const health = pool.health(worker.camera.cameraId);
        if (health !== undefined) yield { cameraId: worker.camera.cameraId, health };
      }
    },
  });

  const metrics = createRecorderMetrics({ pool, counters, chunks, disk, clock, countLiveChannels: () => server.liveChannels, isCentreLinked: () => link.connected });
  const server: MediaServer = new MediaServer({
    host: config.host, port: config.port, clock, consoleOrigins: () => consoleOrigins,
    live: { pool, verifier, clock, onViewEnded: (viewId) => link.tellViewEnded(viewId) },
    playback: { root, index, holds, pool, verifier, clock, reading: new SegmentReading(root), served: servedViews, onDownloadOver: (viewId, at) => link.tellViewEnded(viewId, at) },
    centreAwayMs: () => link.awayMs,
    addRoutes: (app) => addExportRoute(app, exports),
    renderMetrics: async () => ({ type: metrics.contentType, text: await metrics.metrics() }),
    findUnreadiness: () => (index.findSetting("public-key") === undefined ? "no word from the centre yet: views cannot be verified" : undefined),
  });
  let port: number;
  try {
    port = await server.start();
  } catch (error) {
    index.close();
    const code = (error as NodeJS.ErrnoException).code;
    throw code === "EADDRINUSE" ? new Error(`port ${config.port} on ${config.host} is taken; the recorder needs it for browsers`, { cause: error }) : error;
  }

  const checkpoints = new IndexCheckpoints({ index, onFailed: (error) => log.error({}, `the index's log could not be brought into its file; it is tried again: ${error.message}`) });
  markDurably = async (mark) => {
    mark();
    return checkpoints.sync().then(() => true, () => false); // which is told
  };
  const note = (save: () => void): void => {
    try {
      save();
    } catch (error) {
      log.error({}, `the index cannot be written: ${(error as Error).message}`);
    }
  };
  const noteAlive = (): void => note(() => {
    vouched.keep(); // before what it would go by where it is not known when recordings were last written
    index.saveSetting("alive-at", String(clock.wallMs()));
  });
  noteAlive();
  pool.replace(kept);
  pool.start();
  pictures.start();
  link.start();
  const alive = setInterval(noteAlive, ALIVE_MS);
  room.start();
  const ending = new AbortController();
  let sliceBegun = clock.monotonicMs();
  const pauseLook = async (): Promise<boolean> => {
    await wait(Math.max(LEAST_PAUSE_MS, (clock.monotonicMs() - sliceBegun) / LOOK_SHARE), undefined, { signal: ending.signal }).catch(() => undefined);
    sliceBegun = clock.monotonicMs();
    return !ending.signal.aborted;
  };
  const seekLastWritten = async (): Promise<void> => {
    if (!vouched.isSought) return;
    const lastMs = await findLastWritten(root, { before: firstSegmentId, pause: pauseLook }).catch(() => undefined);
    if (lastMs === "ended") return;
    note(() => vouched.noteLastWritten(lastMs));
    void room.retain(); // what waited for it
  };
  const seeking = seekLastWritten();
  let forgetting: Promise<unknown> = seeking;
  const forget = setInterval(() => {
    forgetting = forgetting.then(() => forgetOldCauses({ ...keeping, isEnding: () => ending.signal.aborted })).catch((error: Error) => log.error({}, `old causes of gaps could not be forgotten: ${error.message}`))
      .then(() => deleteOldSetAside(root, holds, vouched.wallMs(), write.bind(undefined, "warn"))).catch((error: Error) => log.error({}, `what was set aside could not be deleted: ${error.message}`));
  }, FORGETTING_MS);
  const lookingThrough = seeking.then(() => takeInUnnamed(root, index, tellFile, { before: firstSegmentId, pause: pauseLook }))
    .then((report) => tellRepaired(report, "files of the recordings had no row; they were put right"), (error: Error) => log.error({}, `the recordings could not be looked through: ${error.message}`));
  const lookAtDisk = (): void => {
    looking = disk.refresh().catch((error: Error) => log.error({}, `the disk could not be looked at: ${error.message}`));
  };
  /** After a burst of what waited for the disk. */
  const giveMemoryBack = (): void => {
    const gone = chunks.trim();
    for (const memory of gone) diskThreads.forget(memory);
    if (gone.length > 0) collectGarbage();
  };
  let looking: Promise<unknown> = Promise.resolve();
  lookAtDisk();
  const diskTimer = setInterval(lookAtDisk, DISK_MS);
  const memoryTimer = setInterval(giveMemoryBack, GIVE_BACK_MS);
  log.info({ port, cameras: pool.size, recordings: root }, "recorder started");
  if (room.isShared) log.info({ recordings: root, database: config.databaseDir, ...room.levels }, "recordings and the database are on one volume: what recordings leave free of it is kept for the database");

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    ending.abort();
    clearInterval(alive);
    clearInterval(forget);
    clearInterval(diskTimer);
    clearInterval(memoryTimer);
    disk.stop();
    exports.stop();
    await server.stop(); // first, so that the centre still hears which views end by it
    link.stop();
    await pictures.stop();
    await pool.stop("recorder-stopped");
    await diskThreads.close();
    await Promise.all([room.stop(), looking, forgetting, lookingThrough]);
    noteAlive();
    note(() => index.saveSetting(CLEAN_STOP, "yes"));
    await checkpoints.stop();
    index.close();
  };
  return { port, stop: () => (stopping ??= stop()) };
}

const keepingOf = (camera: Pick<StoredCamera, "retentionDays" | "leastDays" | "mostGigabytes"> | undefined): CameraKeeping | undefined =>
  camera === undefined ? undefined : { mostDays: camera.retentionDays, leastDays: camera.leastDays ?? 0, mostBytes: camera.mostGigabytes === null ? Infinity : camera.mostGigabytes * GIGABYTE };

function* listChecked(pool: CameraPool): Generator<CheckedCamera> {
  for (const worker of pool.list()) {
    yield { cameraId: worker.camera.cameraId, findSegment: () => worker.writer.findOpenSegment(), get stillMs() { return worker.figures().stillMs; } };
  }
}

/** What came in the last day, bytes a second: so much is expected before anything is measured. */
function findRecordedInflow(index: IndexStore, now: WallMs): number {
  const perDay = index.listStoredSince(Math.floor(now / DAY_MS) - 1).reduce((sum, { bytes, firstMs }) => sum + (bytesPerDayOf(bytes, firstMs, now) ?? 0), 0);
  return (perDay * 1_000) / DAY_MS;
}
