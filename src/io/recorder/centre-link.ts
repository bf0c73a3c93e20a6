// The recorder's link to the centre: a WebSocket that is made again with jitter whenever it breaks. What the centre says is applied and kept on disk by the
// callbacks; what the recorder has to tell (health that changed, views that ended) is sent while the link is up. The end of a view is told
// until the centre says that it is kept, over as many links as that takes; health is told anew as a whole.
import { WebSocket } from "ws";
import type { Clock } from "../../base/time.ts";
import type { Random } from "../../base/random.ts";
import type { CameraHealth, CameraProbeResult } from "../../contract/cameras.ts";
import { LinkFromCentre, type LinkFromRecorder, RECORDER_LINK_CLOSE, type RecorderCamera, type RecorderHold, type RecorderKeeping } from "../../contract/recorder-link.ts";
import type { RecorderDisk } from "../../contract/recorders.ts";
import type { ExportOrder } from "../../contract/evidence.ts";
import type { z } from "zod";
import type { ServedViews } from "./served-views.ts";
import type { EndedViews } from "./ended-views.ts";

type ProbeRequest = Extract<LinkFromCentre, { type: "probe" }>;

export interface CentreLinkOptions {
  readonly url: string; // ws://host:port
  readonly token: string;
  readonly recorderId: number;
  readonly mediaUrl: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly endedViews: EndedViews;
  readonly servedViews: ServedViews;
  readonly findRevision: () => number;
  readonly onWelcome: (publicKey: string, consoleOrigins: readonly string[], timeZone: string) => void;
  readonly onCameras: (cameras: readonly RecorderCamera[], revision: number) => void;
  readonly onCameraChanged: (camera: RecorderCamera, revision: number) => void;
  readonly onCameraRemoved: (cameraId: number, revision: number, keeping: RecorderKeeping | null) => void;
  /** All holds, one that was made, one that was released: written when these return, and heeded from then on. */
  readonly onHolds: (holds: readonly RecorderHold[], revision: number) => void;
  readonly onHoldChanged: (hold: RecorderHold, revision: number) => void;
  readonly onHoldReleased: (holdId: number, revision: number) => void;
  /** Resolves when all that was written until now is on the disk; false: the disk did not take it, which is told. Never rejects. */
  readonly bringToDisk: () => Promise<boolean>;
  /** How the disk was when it was last looked at. */
  readonly findDisk: () => RecorderDisk | undefined;
  /** A look is over by the centre's word. */
  readonly onViewWithdrawn: (viewId: number) => void;
  /** What the centre's clock shows. */
  readonly onTime: (at: number) => void;
  readonly onRecordingEvent: (cameraIds: readonly number[], at: number) => void;
  readonly probe: (request: ProbeRequest) => Promise<CameraProbeResult>;
  readonly exports: {
    accept(order: ExportOrder): void;
    cancel(exportId: number): void;
    takeSignature(exportId: number, signature: string | null): void;
    endKept(exportId: number): void;
  };
  readonly listHealth: () => Iterable<{ readonly cameraId: number; readonly health: CameraHealth }>;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}

const HEALTH_MS = 1_000;
/** Figures alone (frame rate, last frame, bytes) are told this often; a change of state within a second. */
const FIGURES_MS = 10_000;
const DISK_MS = 60_000;
const SILENCE_MS = 45_000;
const MOST_WAIT_MS = 15_000;
/** As many failures as make the longest wait before the next link. */
const LONG_WAIT_FAILURES = 12;
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
const MOST_PROBES = 8;
/** An end that the centre has not acknowledged for so long is told again: its database may have been away. */
const RETELL_MS = 10_000;

export class CentreLink {
  readonly #options: CentreLinkOptions;
  #socket: WebSocket | undefined;
  #connected = false;
  #stopped = false;
  #failures = 0;
  /** Something that came over this link could not be worked through: the next one waits long. */
  #unworked = false;
  #retry: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #pages: RecorderCamera[] = [];
  #holdPages: RecorderHold[] = [];
  #diskTold = { alarms: "", at: -Infinity };
  #probes = 0;
  #endsToldAt = 0;
  readonly #told = new Map<number, { key: string; at: number }>();
  /** The last change of holds that came over this link, until it is known to be on the disk. */
  #holdsWritten: number | undefined;
  #isBringingHolds = false;

  constructor(options: CentreLinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#connected;
  }

  start(): void {
    this.#heardAt = this.#options.clock.monotonicMs();
    this.#timer = setInterval(() => this.#tick(), HEALTH_MS);
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#tellServed("all");
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    this.#socket?.close(1000);
    const socket = this.#socket;
    setTimeout(() => socket?.terminate(), 500).unref();
  }

  /** Since it was last heard; 0 while it is linked. */
  get awayMs(): number {
    return this.#connected ? 0 : this.#options.clock.monotonicMs() - this.#heardAt;
  }

  tellViewEnded(viewId: number, at = this.#options.clock.wallMs()): void {
    this.#options.endedViews.add(viewId, at);
    this.#send({ type: "view-ended", viewId, at: Math.round(at) });
  }

  tell(message: z.infer<typeof LinkFromRecorder>): void {
    this.#send(message);
  }

  #connect(): void {
    const { url, token } = this.#options;
    const socket = new WebSocket(`${url.replace(/\/$/, "")}/api/v1/recorder-link`, {
      headers: { authorization: `Bearer ${token}` }, maxPayload: MOST_MESSAGE_BYTES, handshakeTimeout: 10_000, perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on("open", () => {
      this.#connected = true;
      this.#failures = 0;
      this.#heardAt = this.#options.clock.monotonicMs();
      this.#told.clear();
      this.#pages = [];
      this.#holdPages = [];
      this.#holdsWritten = undefined;
      this.#diskTold = { alarms: "", at: -Infinity };
      this.#options.log("info", { centre: url }, "linked to the centre");
      this.#guard(() => this.#send({ type: "hello", recorderId: this.#options.recorderId, mediaUrl: this.#options.mediaUrl, revision: this.#options.findRevision() }));
      this.#tellEndedViews();
    });
    socket.on("message", (data, binary) => {
      this.#heardAt = this.#options.clock.monotonicMs();
      if (!binary && !this.#stopped) this.#guard(() => this.#take(String(data)));
    });
    socket.on("pong", () => {
      this.#heardAt = this.#options.clock.monotonicMs();
    });
    socket.on("ping", () => {
      this.#heardAt = this.#options.clock.monotonicMs();
    });
    let why = "";
    socket.on("error", (error) => {
      why = error.message;
    });
    socket.on("close", (code) => {
      if (this.#connected || this.#failures % 20 === 0) this.#options.log("warn", { centre: url, code, why }, "no link to the centre; recording goes on");
      this.#connected = false;
      this.#socket = undefined;
      if (this.#stopped) return;
      this.#failures = this.#unworked ? LONG_WAIT_FAILURES : this.#failures + 1;
      this.#unworked = false;
      // Two recorders with one id would push each other out for ever: the one that was replaced stays away a while.
      if (code === RECORDER_LINK_CLOSE.replaced) {
        this.#options.log("error", { recorderId: this.#options.recorderId }, "another recorder linked to the centre with this id");
        this.#failures = LONG_WAIT_FAILURES;
      }
      const full = Math.min(MOST_WAIT_MS, 500 * 2 ** Math.min(10, this.#failures - 1));
      this.#retry = setTimeout(() => this.#connect(), full * (0.5 + this.#options.random.next() * 0.5));
    });
  }

  /** What the disk could not take of the centre's word is asked for again over a new link; the process goes on. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.log("error", {}, `a message of the link could not be worked through: ${(error as Error).message}`);
      this.#unworked = true;
      this.#socket?.close(1011);
    }
  }

  #take(text: string): void {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      this.#options.log("error", { bytes: text.length }, "the centre sent no JSON");
      return;
    }
    const parsed = LinkFromCentre.safeParse(json);
    if (!parsed.success) {
      // Never the message itself: it may hold passwords.
      this.#options.log("error", { fields: parsed.error.issues.map((issue) => issue.path.join(".")) }, "the centre sent a message that is not understood");
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case "welcome":
        this.#options.onWelcome(message.publicKey, message.consoleOrigins, message.timeZone);
        this.#options.onTime(message.at);
        return;
      case "time":
        this.#options.onTime(message.at);
        return;
      case "cameras":
        this.#pages.push(...message.cameras);
        if (message.more) return;
        this.#options.onCameras(this.#pages, message.revision);
        this.#pages = [];
        return;
      case "camera-changed":
        this.#options.onCameraChanged(message.camera, message.revision);
        return;
      case "camera-removed":
        this.#told.delete(message.cameraId);
        this.#options.onCameraRemoved(message.cameraId, message.revision, message.keeping);
        return;
      case "holds":
        this.#holdPages.push(...message.holds);
        if (message.more) return;
        this.#options.onHolds(this.#holdPages, message.revision);
        this.#holdPages = [];
        this.#keepHolds(message.revision);
        return;
      case "hold-changed":
        this.#options.onHoldChanged(message.hold, message.revision);
        this.#keepHolds(message.revision);
        return;
      case "hold-released":
        this.#options.onHoldReleased(message.holdId, message.revision);
        this.#keepHolds(message.revision);
        return;
      case "view-end-kept":
        this.#options.endedViews.drop(message.viewId);
        return;
      case "view-served-kept":
        this.#options.servedViews.keep(message.viewId, message.served);
        return;
      case "end-view":
        this.#options.onViewWithdrawn(message.viewId);
        return;
      case "recording-event":
        this.#options.onRecordingEvent(message.cameraIds, message.at);
        return;
      case "export-order":
        this.#options.exports.accept(message.order);
        this.#send({ type: "export-accepted", exportId: message.order.exportId });
        return;
      case "export-signed":
        this.#options.exports.takeSignature(message.exportId, message.signature);
        return;
      case "export-cancel":
        this.#options.exports.cancel(message.exportId);
        return;
      case "export-end-kept":
        this.#options.exports.endKept(message.exportId);
        return;
      case "probe":
        void this.#probe(message);
        return;
    }
  }

  #keepHolds(revision: number): void {
    this.#holdsWritten = revision;
    void this.#bringHolds();
  }

  /** A power cut takes what was only written, and whoever made a hold relies on this word [HLD3]. What the disk refused is tried again with what else is told again. */
  async #bringHolds(): Promise<void> {
    if (this.#isBringingHolds) return;
    this.#isBringingHolds = true;
    for (let revision = this.#holdsWritten; revision !== undefined; revision = this.#holdsWritten) {
      if (!(await this.#options.bringToDisk())) break;
      if (this.#holdsWritten !== revision) continue; // more came meanwhile, or another link
      this.#holdsWritten = undefined;
      this.#send({ type: "holds-kept", revision });
    }
    this.#isBringingHolds = false;
  }

  async #probe(request: ProbeRequest): Promise<void> {
    const { requestId } = request;
    if (this.#probes >= MOST_PROBES) {
      this.#send({ type: "probed", requestId, result: { ok: false, problem: "refused", message: `the recorder is making ${MOST_PROBES} trials already; try again in a moment`, fault: null, certificateSha256: null } });
      return;
    }
    this.#probes++;
    try {
      this.#send({ type: "probed", requestId, result: await this.#options.probe(request) });
    } finally {
      this.#probes--;
    }
  }

  #tick(): void {
    if (!this.#connected) return;
    const now = this.#options.clock.monotonicMs();
    if (now - this.#heardAt > SILENCE_MS) {
      this.#socket?.terminate();
      return;
    }
    if (now - this.#heardAt > SILENCE_MS / 3) this.#socket?.ping();
    if (now - this.#endsToldAt >= RETELL_MS) {
      this.#tellEndedViews();
      this.#tellServed("due");
      void this.#bringHolds();
    }
    this.#tellDisk(now);
    const cameras: { cameraId: number; health: CameraHealth }[] = [];
    for (const { cameraId, health } of this.#options.listHealth()) {
      const key = `${health.state} ${health.problem?.code ?? ""} ${health.codec ?? ""} ${health.width ?? ""}`;
      const told = this.#told.get(cameraId);
      if (told !== undefined && told.key === key && now - told.at < FIGURES_MS) continue;
      this.#told.set(cameraId, { key, at: now });
      cameras.push({ cameraId, health });
    }
    if (cameras.length > 0) this.#send({ type: "health", at: Math.round(this.#options.clock.wallMs()), cameras });
  }

  /** Now and then, and at once where there is another alarm than before. */
  #tellDisk(now: number): void {
    const disk = this.#options.findDisk();
    if (disk === undefined) return;
    const alarms = disk.alarms.join(" ");
    if (alarms === this.#diskTold.alarms && now - this.#diskTold.at < DISK_MS) return;
    this.#diskTold = { alarms, at: now };
    this.#send({ type: "disk", at: Math.round(this.#options.clock.wallMs()), disk });
  }

  #tellServed(which: "due" | "all"): void {
    for (const { viewId, served } of this.#options.servedViews.listUntold(this.#options.clock.monotonicMs(), which)) this.#send({ type: "view-served", viewId, served: [...served] });
  }

  #tellEndedViews(): void {
    this.#endsToldAt = this.#options.clock.monotonicMs();
    for (const { viewId, at } of this.#options.endedViews.list()) this.#send({ type: "view-ended", viewId, at });
  }

  #send(message: z.infer<typeof LinkFromRecorder>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
