// The links of the recorders: each is told what to join, tells how it goes, and tries addresses for us. One link per recorder: a new one takes the place of
// the old, which may be a dead connection that nobody noticed. A list is sent in pages, each after the one before has left; changes that happen
// meanwhile wait, and those that the list already held are not sent twice.
import type { Clock } from "../../base/time.ts";
import { RECORDER_LINK_CLOSE, LinkFromRecorder, type LinkFromCentre, type RecorderCamera, type RecorderHold, type RecorderKeeping } from "../../contract/recorder-link.ts";
import type { CameraProbeResult } from "../../contract/cameras.ts";
import type { z } from "zod";
import type { CameraProblems } from "../cameras/camera-problems.ts";
import type { CameraRegistry, RegisterChange } from "../cameras/camera-registry.ts";
import { ApiError } from "../gate/problem.ts";
import type { Recorder, RecorderTrouble } from "../../contract/recorders.ts";
import type { CameraToJoin, HoldForRecorders } from "../../contract/register.ts";
import type { HoldChange, HoldRegistry } from "../holds/hold-registry.ts";
import type { AccessRecordStorePort, CameraStorePort, HoldStorePort, LogPort, TimerPort } from "../ports.ts";
import type { ExportBook } from "./export-book.ts";
import type { Socket } from "../http/socket.ts";

type ProbeResult = z.infer<typeof CameraProbeResult>;
export type ProbeRequest = Readonly<Omit<Extract<LinkFromCentre, { type: "probe" }>, "type" | "requestId">>;

export interface RecorderLinks {
  accept(socket: Socket): void;
  /** Throws ApiError 503 where no recorder is there to try. */
  probe(request: ProbeRequest): Promise<ProbeResult>;
  /** Asks the recorder to serve a look no more and to tell its end. False where it is not linked: the look then ends with its token. */
  endView(recorderId: number, viewId: number): boolean;
  findMediaUrl(recorderId: number): string | null;
  /** With what each has told of its disk. */
  status(): Recorder[];
  /** Why one that is started with the centre does not run; null: it does. */
  noteTrouble(recorderId: number, trouble: RecorderTrouble | null): void;
  /** The revision of the evidence holds that a recorder has on its disk; 0 where it has not said since it linked. */
  findKeptRevision(recorderId: number): number;
  isLinked(recorderId: number): boolean;
  /** The listener hears of each link that has begun, once its recorder was welcomed. */
  onLinked(listener: (recorderId: number) => void): void;
  /** False where it is not linked. */
  tell(recorderId: number, message: LinkFromCentre): boolean;
  close(): void;
}

export interface RecorderLinksOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly timers: TimerPort;
  readonly registry: CameraRegistry;
  readonly store: CameraStorePort;
  readonly records: AccessRecordStorePort;
  readonly holds: HoldRegistry;
  readonly holdStore: HoldStorePort;
  readonly publicKeyPem: string;
  readonly consoleOrigins: readonly string[];
  /** IANA name. */
  readonly timeZone: string;
  readonly createId: () => string;
  readonly exports: Pick<ExportBook, "take">;
  readonly onHealth: CameraProblems["observe"];
  /** Where browsers reach a recorder that has not said it yet: of those that are started with the centre, by their number from 1 on. */
  readonly expectedMediaUrls: readonly string[];
}

const PAGE = 500;
const MANY_CHANGES = 1_000; // more than so many at once: the whole list is shorter to say
/** What is to be kept of cameras of before is told again so often. */
const FORMER_EVERY_MS = 3_600_000;
const PROBE_LIMIT_MS = 20_000;
const HELLO_LIMIT_MS = 10_000;
const PROBES_AT_ONCE = 20;
/** Few looks outlive five minutes without their recorder; this is for a recorder that never comes back. */
const MOST_OWED_ENDS = 10_000;

interface Link {
  readonly socket: Socket;
  recorderId: number | null;
  mediaUrl: string;
  /** The highest that it was told. */
  revision: number;
  keptHolds: number;
  /** Changes that wait for the list to be sent; null: they go out at once. */
  waiting: RegisterChange[] | null;
  sending: Promise<void>;
}

const toRecorderCamera = (camera: CameraToJoin): RecorderCamera => ({
  cameraId: camera.id, code: camera.code, name: camera.name, address: camera.address, subAddress: camera.subAddress, userName: camera.userName, password: camera.password,
  transport: camera.transport, certificateSha256: camera.certificateSha256, sound: camera.soundPurpose !== null, metadata: camera.metadataPurpose !== null, recording: camera.recording, schedule: camera.schedule,
  preRollS: camera.preRollS, postRollS: camera.postRollS, keyFrameIntervalS: camera.keyFrameIntervalS, retentionDays: camera.retentionDays, leastDays: camera.leastDays,
  mostGigabytes: camera.mostGigabytes,
});

const GIGABYTE = 1e9;
/** Of what a camera recorded elsewhere before: its own rules; what its present recorder has is newer, and comes out of its most gigabytes first. */
const toFormerKeeping = ({ retentionDays, leastDays, mostGigabytes }: RecorderKeeping, presentBytes: number): RecorderKeeping => ({ retentionDays, leastDays, mostGigabytes: mostGigabytes === null ? null : Math.max(0, mostGigabytes - presentBytes / GIGABYTE) });

const toRecorderHold = ({ id, cameraIds, from, to }: HoldForRecorders): RecorderHold => ({ holdId: id, cameraIds: [...cameraIds], from, to });

export function createRecorderLinks(options: RecorderLinksOptions): RecorderLinks {
  const { clock, log, timers, registry, store, records } = options;
  const disks = new Map<number, Pick<Recorder, "disk" | "at">>();
  const troubles = new Map<number, RecorderTrouble>();
  const links = new Map<number, Link>();
  const knownUrls = new Map<number, string>();
  /** Looks to be ended at a recorder that was away: told as soon as it is there. */
  const owedEnds = new Map<number, Set<number>>();
  const probes = new Map<string, (result: ProbeResult) => void>();
  const linkedListeners: ((recorderId: number) => void)[] = [];

  const send = (link: Link, message: LinkFromCentre): Promise<void> => link.socket.send(JSON.stringify(message));

  /** How long a recorder keeps what it recorded of a camera that it has no more; null: it never had it. */
  const findFormerKeeping = async (recorderId: number, cameraId: number): Promise<RecorderKeeping | null> => {
    const isOf = registry.index.recorderOf(cameraId) === recorderId || registry.staysOf(cameraId).some((stay) => stay.recorderId === recorderId);
    const camera = isOf ? await store.findEverRegistered(cameraId) : null;
    if (camera === null) return null;
    return toFormerKeeping(camera, camera.recorderId === recorderId ? 0 : (registry.health.find(cameraId).recorded?.bytes ?? 0));
  };
  const sendRemoved = async (link: Link, recorderId: number, cameraId: number): Promise<void> =>
    send(link, { type: "camera-removed", revision: link.revision, cameraId, keeping: await findFormerKeeping(recorderId, cameraId) });
  /** It may have been away while their rules changed; and what the present recorder has of them grows. */
  const sendFormer = async (link: Link, recorderId: number): Promise<void> => {
    for (const cameraId of registry.formerOf(recorderId)) await sendRemoved(link, recorderId, cameraId);
  };

  /** Sends the whole list; what changes meanwhile waits in `link.waiting`. */
  const sendList = async (link: Link, recorderId: number): Promise<void> => {
    link.waiting = [];
    let page: RecorderCamera[] = [];
    await store.readForRecorder(recorderId, PAGE, async (cameras) => {
      if (page.length > 0) await send(link, { type: "cameras", revision: link.revision, cameras: page, more: true });
      page = cameras.map(toRecorderCamera);
      for (const camera of cameras) link.revision = Math.max(link.revision, camera.revision);
    });
    await send(link, { type: "cameras", revision: link.revision, cameras: page, more: false });
    await sendFormer(link, recorderId);
    const waited: RegisterChange[] = link.waiting;
    link.waiting = null;
    for (const change of waited) await sendChange(link, recorderId, change);
  };

  const sendChange = async (link: Link, recorderId: number, change: RegisterChange): Promise<void> => {
    if (change.ids.length > MANY_CHANGES) return sendList(link, recorderId);
    for (const cameraId of change.ids) {
      const camera = change.kind === "removed" ? null : await store.findForRecorder(cameraId);
      if (camera !== null) link.revision = Math.max(link.revision, camera.revision);
      if (camera !== null && camera.recorderId === recorderId) await send(link, { type: "camera-changed", revision: link.revision, camera: toRecorderCamera(camera) });
      else await sendRemoved(link, recorderId, cameraId);
    }
  };

  /** All of them to every recorder: there are few, and one of another recorder's cameras does no harm. */
  const sendHolds = async (link: Link): Promise<void> => {
    const all: RecorderHold[] = [];
    const revision = await options.holdStore.readForRecorders((holds) => all.push(...holds.map(toRecorderHold)));
    for (let at = 0; at === 0 || at < all.length; at += PAGE) {
      await send(link, { type: "holds", revision, holds: all.slice(at, at + PAGE), more: at + PAGE < all.length });
    }
  };

  const formatHoldChange = ({ kind, hold }: HoldChange): LinkFromCentre =>
    kind === "released"
      ? { type: "hold-released", revision: hold.revision, holdId: hold.id }
      : { type: "hold-changed", revision: hold.revision, hold: { holdId: hold.id, cameraIds: hold.cameras.map((camera) => camera.id), from: hold.from, to: hold.to } };

  /** In order, one after the other; a failure ends the link, and the recorder comes back for the whole list. */
  const queue = (link: Link, work: () => Promise<void>): void => {
    link.sending = link.sending.then(work).catch((error: unknown) => {
      if (!link.socket.isOpen()) return;
      log.warn({ recorder: link.recorderId, error: (error as Error).message }, "a recorder could not be told its cameras and holds");
      link.socket.close(RECORDER_LINK_CLOSE.again, "try again");
    });
  };

  const stopTellingFormer = timers.every(FORMER_EVERY_MS, () => {
    for (const [recorderId, link] of links) if (link.waiting === null) queue(link, () => (link.socket.isOpen() ? sendFormer(link, recorderId) : Promise.resolve()));
  });

  const unsubscribe = registry.subscribe((change) => {
    for (const [recorderId, link] of links) {
      if (link.waiting !== null) link.waiting.push(change);
      else queue(link, () => (link.socket.isOpen() ? sendChange(link, recorderId, change) : Promise.resolve()));
    }
  });

  const unsubscribeHolds = options.holds.subscribe((change) => {
    for (const link of links.values()) queue(link, () => (link.socket.isOpen() ? send(link, formatHoldChange(change)) : Promise.resolve()));
  });

  const oweEnd = (recorderId: number, viewId: number): void => {
    const owed = owedEnds.get(recorderId) ?? new Set();
    owedEnds.set(recorderId, owed.add(viewId));
    if (owed.size > MOST_OWED_ENDS) owed.delete(owed.values().next().value!);
  };
  const sendOwedEnds = async (link: Link, recorderId: number): Promise<void> => {
    for (const viewId of owedEnds.get(recorderId) ?? []) {
      await send(link, { type: "end-view", viewId });
      owedEnds.get(recorderId)?.delete(viewId);
    }
  };

  const greet = (link: Link, hello: Extract<LinkFromRecorder, { type: "hello" }>): void => {
    const { recorderId } = hello;
    links.get(recorderId)?.socket.close(RECORDER_LINK_CLOSE.replaced, "another link of this recorder");
    link.recorderId = recorderId;
    link.mediaUrl = hello.mediaUrl;
    link.waiting = [];
    links.set(recorderId, link);
    knownUrls.set(recorderId, hello.mediaUrl);
    registry.health.setLinked(recorderId, true);
    log.info({ recorder: recorderId }, "recorder linked");
    queue(link, async () => {
      await send(link, { type: "welcome", recorderId, publicKey: options.publicKeyPem, consoleOrigins: [...options.consoleOrigins], timeZone: options.timeZone, at: Math.round(clock.wallMs()) });
      for (const listener of linkedListeners) listener(recorderId);
      await sendOwedEnds(link, recorderId);
      await sendHolds(link); // first: nothing is deleted that is held
      await sendList(link, recorderId);
    });
  };

  const take = (link: Link, message: LinkFromRecorder): void => {
    if (message.type === "hello") return greet(link, message);
    if (link.recorderId === null) return link.socket.close(RECORDER_LINK_CLOSE.badMessage, "hello first");
    switch (message.type) {
      case "health":
        registry.health.report(link.recorderId, message.cameras);
        options.onHealth(link.recorderId, message.cameras);
        return;
      case "view-ended":
        records.end(message.viewId, message.at).then(
          (taken) => {
            // Told again after an acknowledgement that was lost: nothing to do, and to be acknowledged all the same.
            if (!taken) log.info({ recorder: link.recorderId, view: message.viewId }, "the end of an unknown or ended view");
            send(link, { type: "view-end-kept", viewId: message.viewId }).catch(() => undefined); // the link is lost; it will be told again
          },
          (error: unknown) => log.error({ view: message.viewId, error: (error as Error).message }, "the end of a view could not be recorded"),
        );
        return;
      case "view-served":
        records.noteServed(message.viewId, message.served, clock.wallMs()).then(
          (taken) => {
            if (!taken) log.info({ recorder: link.recorderId, view: message.viewId }, "pictures served to an unknown view");
            send(link, { type: "view-served-kept", viewId: message.viewId, served: message.served }).catch(() => undefined);
          },
          (error: unknown) => log.error({ view: message.viewId, error: (error as Error).message }, "what a view was served could not be recorded"),
        );
        return;
      case "holds-kept":
        link.keptHolds = Math.max(link.keptHolds, message.revision);
        return;
      case "disk":
        disks.set(link.recorderId, { disk: message.disk, at: message.at });
        send(link, { type: "time", at: Math.round(clock.wallMs()) }).catch(() => undefined); // the link is lost; the next one begins with it
        return;
      case "export-accepted":
      case "export-progress":
      case "export-sign":
      case "export-ended":
        // The link may be lost meanwhile: the recorder asks, or tells, again.
        options.exports.take(link.recorderId, message, (answer) => void send(link, answer).catch(() => undefined));
        return;
      case "probed":
        probes.get(message.requestId)?.(message.result);
        return;
    }
  };

  /** One that is linked runs, whatever was told before. */
  const findTrouble = (id: number): RecorderTrouble | null => {
    if (links.has(id)) return null;
    const isStarted = id === 1 || id <= options.expectedMediaUrls.length || knownUrls.has(id);
    return isStarted ? (troubles.get(id) ?? null) : { code: "not-started", folder: null };
  };
  const status = (): Recorder[] => {
    const ids = [...new Set([1, ...options.expectedMediaUrls.map((_, i) => i + 1), ...knownUrls.keys(), ...registry.index.streamsOf.keys()])].sort((a, b) => a - b);
    return ids.map((id) => {
      const { connected, wanted } = registry.health.counts(id);
      return { id, connected: links.has(id), camerasConnected: connected, camerasWanted: wanted, disk: null, at: null, ...disks.get(id), trouble: findTrouble(id) };
    });
  };

  return {
    accept: (socket) => {
      const link: Link = { socket, recorderId: null, mediaUrl: "", revision: 0, keptHolds: 0, waiting: null, sending: Promise.resolve() };
      const giveUp = timers.after(HELLO_LIMIT_MS, () => socket.close(RECORDER_LINK_CLOSE.badMessage, "no hello"));
      socket.onText((text) => {
        const read = readMessage(text);
        if (read === null) {
          log.warn({ recorder: link.recorderId, bytes: text.length }, "a message of a recorder could not be read");
          socket.close(RECORDER_LINK_CLOSE.badMessage, "not a message of this link");
          return;
        }
        giveUp();
        take(link, read);
      });
      socket.onClose(() => {
        giveUp();
        if (link.recorderId === null || links.get(link.recorderId) !== link) return;
        links.delete(link.recorderId);
        registry.health.setLinked(link.recorderId, false);
        log.warn({ recorder: link.recorderId }, "recorder link lost");
      });
    },

    probe: async (request) => {
      const link = links.values().next().value;
      if (link === undefined) throw new ApiError(503, "no-recorder", "No recorder is linked that could try the address", { retryAfterMs: 5_000 });
      if (probes.size >= PROBES_AT_ONCE) throw new ApiError(429, "too-many-probes", "Too many addresses are being tried", { retryAfterMs: 5_000 });
      const requestId = options.createId();
      const startedAt = clock.monotonicMs();
      return new Promise<ProbeResult>((resolve) => {
        const end = (result: ProbeResult): void => {
          cancel();
          probes.delete(requestId);
          resolve(result);
        };
        const cancel = timers.after(PROBE_LIMIT_MS, () => end({ ok: false, problem: "timeout", message: `No answer in ${Math.round((clock.monotonicMs() - startedAt) / 1_000)} s`, fault: null, certificateSha256: null }));
        probes.set(requestId, end);
        send(link, { type: "probe", requestId, ...request }).catch(() => end({ ok: false, problem: "closed", message: "The recorder's link was lost", fault: null, certificateSha256: null }));
      });
    },

    endView: (recorderId, viewId) => {
      const link = links.get(recorderId);
      if (link === undefined) oweEnd(recorderId, viewId);
      else send(link, { type: "end-view", viewId }).catch(() => oweEnd(recorderId, viewId));
      return link !== undefined;
    },
    isLinked: (recorderId) => links.has(recorderId),
    onLinked: (listener) => void linkedListeners.push(listener),
    tell: (recorderId, message) => {
      const link = links.get(recorderId);
      if (link === undefined) return false;
      send(link, message).catch(() => undefined); // the link is lost
      return true;
    },
    findMediaUrl: (recorderId) => links.get(recorderId)?.mediaUrl ?? knownUrls.get(recorderId) ?? options.expectedMediaUrls[recorderId - 1] ?? null,
    status,
    noteTrouble: (recorderId, trouble) => void (trouble === null ? troubles.delete(recorderId) : troubles.set(recorderId, trouble)),
    findKeptRevision: (recorderId) => links.get(recorderId)?.keptHolds ?? 0,
    close: () => {
      stopTellingFormer();
      unsubscribe();
      unsubscribeHolds();
      for (const link of links.values()) link.socket.close(1001, "the centre stops");
    },
  };
}

function readMessage(text: string): LinkFromRecorder | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = LinkFromRecorder.safeParse(json);
  return read.success ? read.data : null;
}
