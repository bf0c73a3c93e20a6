// Exports of one recorder: what the centre ordered, whose download has begun, and how each ended ([EXP3] [EXP10] in video/SPEC.md). An order lives in memory only:
// whoever asked asks again after a restart. A token opens one download, once. Where MOST_AT_ONCE go already it waits for its turn. The end is told until the centre has kept it.
import { type KeyObject, createHash, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Writable } from "node:stream";
import { Transform } from "node:stream";
import type { z } from "zod";
import type { Clock } from "../../base/time.ts";
import { type Result, err, ok } from "../../base/result.ts";
import type { EXPORT_FAULTS, ExportEnd, ExportOrder } from "../../contract/evidence.ts";
import { type LinkFromRecorder, MOST_MANIFEST_PIECE } from "../../contract/recorder-link.ts";
import { formatPublicKeyPem, parseBase64 } from "../../evidence/ed25519.ts";
import { type ExportRange, planCamera } from "../../video/export/plan.ts";
import type { TimeRange } from "../../video/retention/free-windows.ts";
import type { IndexStore, SegmentRow } from "../recorder/index-store.ts";
import { TRACK_FILE_KINDS, type TrackFileKind } from "../recorder/track-file-kinds.ts";
import { type SoundRow, findTrackFile } from "../recorder/track-file-store.ts";
import { type PlannedCamera, SegmentGone, checkPackageBounds, createPackageStream, planBytes } from "./package-stream.ts";
import { type PlannedTrack, findUnfinished } from "./track-members.ts";

type Fault = (typeof EXPORT_FAULTS)[number];
/** What a camera's worker tells of what it is writing just now. */
interface RecordedCamera {
  knownUntil(now: number): number;
  readonly writer: { findOpenSegment(): SegmentRow | undefined };
}
export interface ExportDeskOptions {
  readonly root: string;
  readonly recorderId: number;
  readonly program: string;
  readonly index: Pick<IndexStore, "listSegments" | "listGaps" | "findKnownSince" | "findSegmentSha256" | "database">;
  /** Of the camera's own clock against ours, by its sender reports of that time; null where it sent none. */
  readonly findClockOffset: (cameraId: number, from: number, to: number) => number | null;
  readonly pool: { find(cameraId: number): RecordedCamera | undefined };
  readonly clock: Clock;
  /** The page that goes into packages. */
  readonly pagePath: string;
  readonly tell: (message: z.infer<typeof LinkFromRecorder>) => void;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}
export type DownloadRefusal = "unknown-export" | "token-invalid" | "already-begun";

export interface Download {
  readonly fileName: string;
  /** `onBegin` is called before the first byte. Answers what went wrong; where that was before `onBegin`, `to` was not touched. */
  send(to: Writable, onBegin: () => void): Promise<Fault | null>;
}

interface Order {
  readonly order: ExportOrder;
  began: boolean;
  bytes: number;
  ofBytes: number;
  /** When it last came further, by the monotonic clock. */
  movedAtMs: number;
  readonly abort: AbortController;
  takeSignature: ((signature: string | null) => void) | undefined;
}
/** Why a download stopped, as the reason of an abort. */
class Stopped extends Error {
  readonly outcome: "failed" | "cancelled";
  readonly fault: Fault | null;
  constructor(outcome: "failed" | "cancelled", fault: Fault | null) {
    super(fault ?? outcome);
    this.outcome = outcome;
    this.fault = fault;
  }
}

/** On a thread of Node's own pool. */
const verifyAside = promisify<null, Uint8Array, KeyObject, Uint8Array, boolean>(verify);
const MOST_ORDERS = 200;
const MOST_AT_ONCE = 4;
const PROGRESS_MS = 1_000;
const RETELL_MS = 10_000;
const SIGN_LIMIT_MS = 30_000;
/** An export that came no further for so long keeps nothing from deletion any more: a download that somebody let stand must not fill the disk. As long as a download may be begun. */
const KEEPS_MS = 600_000;
const ASK_AGAIN_MS = 5_000;
/** The disk is about a second behind the pictures: an export that reaches until now waits for it so long. */
const CATCH_UP_MS = 3_000;
const CATCH_UP_STEP_MS = 200;
/** Sound and metadata have their rows when their files are closed and synced, some time after their pictures: what ended longer ago and has none was not recorded. */
const UNFINISHED_MS = 120_000;

export class ExportDesk {
  readonly #options: ExportDeskOptions;
  readonly #orders = new Map<number, Order>();
  readonly #ends = new Map<number, { at: number; end: ExportEnd }>();
  readonly #timers: NodeJS.Timeout[];
  readonly #running = new Set<Order>();
  /** By their coming. */
  readonly #waiting = new Map<Order, () => void>();

  constructor(options: ExportDeskOptions) {
    this.#options = options;
    this.#timers = [setInterval(() => this.#tellProgress(), PROGRESS_MS).unref(), setInterval(() => this.#tellEnds(), RETELL_MS).unref()];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { abort } of this.#orders.values()) abort.abort(new Stopped("failed", "recorder-stopped"));
  }

  accept(order: ExportOrder): void {
    const now = this.#options.clock.wallMs();
    for (const [id, { began, order: { expiresAt } }] of this.#orders) if (!began && (expiresAt < now || this.#orders.size >= MOST_ORDERS)) this.#orders.delete(id);
    this.#orders.set(order.exportId, { order, began: false, bytes: 0, ofBytes: 0, movedAtMs: this.#options.clock.monotonicMs(), abort: new AbortController(), takeSignature: undefined });
  }

  cancel(exportId: number): void {
    const order = this.#orders.get(exportId);
    if (order === undefined) return;
    if (order.began) order.abort.abort(new Stopped("cancelled", null));
    else this.#end(exportId, { outcome: "cancelled", fault: null, bytes: 0, sha256: null });
  }

  takeSignature(exportId: number, signature: string | null): void {
    this.#orders.get(exportId)?.takeSignature?.(signature);
  }

  /** What exports that wait for their download, for their turn or are under way take of a camera, by start: none of it may be deleted before they have it. */
  listInUse(cameraId: number): TimeRange[] {
    const isMoving = ({ movedAtMs }: Order): boolean => this.#options.clock.monotonicMs() - movedAtMs <= KEEPS_MS;
    const turnsCome = [...this.#running].some(isMoving);
    const inUse = [...this.#orders.values()].filter((each) => each.order.cameras.some(({ id }) => id === cameraId) && (isMoving(each) || (turnsCome && this.#waiting.has(each))));
    return inUse.map(({ order: { asked } }) => asked).toSorted((a, b) => a.from - b.from);
  }

  endKept(exportId: number): void {
    this.#ends.delete(exportId);
  }

  /** Judges the token; ok: the download has begun, and `send` must be called. */
  begin(exportId: number, token: string): Result<Download, DownloadRefusal> {
    const order = this.#orders.get(exportId);
    if (order === undefined) return err("unknown-export");
    const shown = createHash("sha256").update(token).digest();
    const wanted = Buffer.from(order.order.tokenSha256, "hex");
    if (shown.length !== wanted.length || !timingSafeEqual(shown, wanted) || order.order.expiresAt < this.#options.clock.wallMs()) return err("token-invalid");
    if (order.began) return err("already-begun");
    order.began = true;
    order.movedAtMs = this.#options.clock.monotonicMs();
    const at = new Date(order.order.asked.from).toISOString().slice(0, 16).replace(/[:T-]/g, "");
    return ok({ fileName: `evidence-${exportId}-${at}.zip`, send: (to, onBegin) => this.#send(order, to, onBegin) });
  }

  async #send(order: Order, to: Writable, onBegin: () => void): Promise<Fault | null> {
    const { exportId } = order.order;
    const { log } = this.#options;
    const hash = createHash("sha256");
    let bytes = 0;
    const tap = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    let end: ExportEnd;
    let began = false;
    const leave = (): void => order.abort.abort(new Stopped("failed", "browser-left"));
    try {
      if (to.closed) leave();
      to.once("close", leave);
      await this.#takeTurn(order);
      order.movedAtMs = this.#options.clock.monotonicMs();
      const stream = await this.#create(order);
      to.off("close", leave); // from here on the pipeline sees it, and does not take the close at the end for a leaving
      order.abort.signal.throwIfAborted();
      began = true;
      onBegin();
      await pipeline(stream, tap, to, { signal: order.abort.signal });
      end = { outcome: "complete", fault: null, bytes, sha256: hash.digest("hex") };
      log("info", { export: exportId, bytes }, "evidence package handed over");
    } catch (error) {
      const stopped = order.abort.signal.aborted ? (order.abort.signal.reason as Stopped) : findStop(error as NodeJS.ErrnoException);
      end = { outcome: stopped.outcome, fault: stopped.fault, bytes, sha256: null };
      log("warn", { export: exportId, bytes, why: (error as Error).message }, "an export did not come to its end");
      if (began) to.destroy();
    } finally {
      to.off("close", leave);
      this.#giveTurn(order);
    }
    this.#end(exportId, end);
    return end.fault;
  }

  /** Resolves when it is one of the MOST_AT_ONCE that read the disk, in the order in which the browsers came; a browser that left, or a cancellation, waits no longer. */
  async #takeTurn(order: Order): Promise<void> {
    const { signal } = order.abort;
    signal.throwIfAborted();
    if (this.#running.size < MOST_AT_ONCE) return void this.#running.add(order);
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(order, resolve);
      signal.addEventListener("abort", () => reject(signal.reason as Stopped), { once: true });
    });
  }

  #giveTurn(order: Order): void {
    this.#waiting.delete(order);
    if (!this.#running.delete(order)) return;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next[0]);
    this.#running.add(next[0]);
    next[1]();
  }

  async #create(order: Order): Promise<Readable> {
    const { root, recorderId, program, clock, pool, pagePath } = this.#options;
    const { asked } = order.order;
    const page = await readFile(pagePath).catch(() => {
      throw new Stopped("failed", "page-missing");
    });
    await this.#catchUp(order);
    const now = Math.floor(clock.wallMs());
    const to = Math.max(asked.from, Math.min(asked.to, now));
    const cameras: PlannedCamera[] = [];
    for (const { id, sound, metadata } of order.order.cameras) cameras.push(await this.#plan(id, { sound, metadata }, { from: asked.from, to, knownUntil: Math.floor(pool.find(id)?.knownUntil(now) ?? now) }, now));
    order.ofBytes = planBytes(cameras);
    if (order.ofBytes === 0) throw new Stopped("failed", "nothing-recorded");
    this.#tellProgress();
    const input = {
      order: order.order, recorderId, program, root, madeAt: Math.round(clock.wallMs()), range: { from: asked.from, to }, cameras, page,
      onBytes: (bytes: number) => {
        order.bytes += bytes;
        order.movedAtMs = clock.monotonicMs();
      },
      sign: (manifest: string) => this.#sign(order, manifest),
    };
    await checkPackageBounds(input);
    return createPackageStream(input);
  }

  /** Until what was asked for is on disk, as far as cameras that record just now are concerned. */
  async #catchUp({ order: { asked, cameras }, abort }: Order): Promise<void> {
    const { pool, clock } = this.#options;
    for (let waited = 0; waited < CATCH_UP_MS && !abort.signal.aborted; waited += CATCH_UP_STEP_MS) {
      if (cameras.every(({ id }) => (pool.find(id)?.knownUntil(clock.wallMs()) ?? asked.to) >= asked.to)) return;
      await new Promise((resolve) => setTimeout(resolve, CATCH_UP_STEP_MS));
    }
  }

  async #plan(cameraId: number, may: Readonly<Record<TrackFileKind, boolean>>, range: ExportRange, now: number): Promise<PlannedCamera> {
    const { from, to } = range;
    const { root, index, pool } = this.#options;
    const closed = index.listSegments(cameraId, from, to);
    const open = pool.find(cameraId)?.writer.findOpenSegment();
    const touches = open !== undefined && open.startMs <= to && open.endMs >= from;
    const hashes = new Map(closed.map(({ segmentId }) => [segmentId, index.findSegmentSha256(segmentId)]));
    const segments = touches && !hashes.has(open.segmentId) ? [...closed, open] : closed;
    const plan = planCamera(range, segments, index.listGaps(cameraId, from, to), index.findKnownSince(cameraId) ?? to);
    const unfinished = segments.filter(({ endMs }) => endMs >= now - UNFINISHED_MS);
    const beside: PlannedTrack[][] = [];
    for (const { parts, start, end } of plan.files) {
      const tracks: PlannedTrack[] = [];
      for (const kind of TRACK_FILE_KINDS.filter((each) => may[each])) {
        const rows: SoundRow[] = [];
        for (const { segmentId } of parts) {
          const stored = findTrackFile(index, kind, segmentId);
          const segment = stored === undefined ? unfinished.find((each) => each.segmentId === segmentId) : undefined;
          const row = segment === undefined ? stored : await findUnfinished(root, kind, segment);
          if (row !== undefined && (segment !== undefined || (row.startMs < end && row.endMs >= start))) rows.push(row);
        }
        if (rows.length > 0) tracks.push({ kind, rows });
      }
      beside.push(tracks);
    }
    return { cameraId, clockOffsetMs: this.#options.findClockOffset(cameraId, from, to), hashes, ...plan, beside };
  }

  /** The centre may be away for a moment: it is asked again. */
  async #sign(order: Order, manifest: string): Promise<Uint8Array> {
    const { exportId } = order.order;
    let isAsking = false;
    const ask = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      for (let at = 0; at < manifest.length; at += MOST_MANIFEST_PIECE) {
        this.#options.tell({ type: "export-sign", exportId, at, piece: manifest.slice(at, at + MOST_MANIFEST_PIECE), last: at + MOST_MANIFEST_PIECE >= manifest.length });
        await nextTurn(); // cameras go on
      }
      isAsking = false;
    };
    const timers: NodeJS.Timeout[] = [];
    const answer = await new Promise<string | null>((resolve) => {
      order.takeSignature = resolve;
      order.abort.signal.addEventListener("abort", () => resolve(null), { once: true });
      timers.push(setTimeout(() => resolve(null), SIGN_LIMIT_MS), setInterval(() => void ask(), ASK_AGAIN_MS));
      void ask();
    });
    for (const timer of timers) clearTimeout(timer);
    order.takeSignature = undefined;
    const signature = answer === null ? undefined : parseBase64(answer);
    const key = createPublicKey(formatPublicKeyPem(parseBase64(order.order.publicKey)!));
    if (signature === undefined || !(await verifyAside(null, Buffer.from(manifest), key, signature))) throw new Stopped("failed", "not-signed");
    return signature;
  }

  #tellProgress(): void {
    for (const [exportId, { began, bytes, ofBytes }] of this.#orders) if (began) this.#options.tell({ type: "export-progress", exportId, bytes, ofBytes });
  }

  #end(exportId: number, end: ExportEnd): void {
    this.#orders.delete(exportId);
    this.#ends.set(exportId, { at: Math.round(this.#options.clock.wallMs()), end });
    this.#tellEnds();
  }

  #tellEnds(): void {
    for (const [exportId, { at, end }] of this.#ends) this.#options.tell({ type: "export-ended", exportId, at, end });
  }
}

/** What a pipeline into a browser's connection fails with; the last three where it closed before the first byte. */
const LEFT_CODES: readonly string[] = ["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE", "ERR_STREAM_UNABLE_TO_PIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"];

function findStop(error: NodeJS.ErrnoException): Stopped {
  if (error instanceof Stopped) return error;
  if (error instanceof SegmentGone) return new Stopped("failed", "segment-gone");
  if (error instanceof RangeError) return new Stopped("failed", "too-large");
  if (error.code !== undefined && LEFT_CODES.includes(error.code)) return new Stopped("failed", "browser-left");
  return new Stopped("failed", "disk-failed");
}
