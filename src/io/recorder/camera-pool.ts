// All cameras of one recorder process: the list from the centre turned into workers, one tick for all, and their health for the centre. Ticks are dealt out
// over the second, so that four hundred cameras never act in the same millisecond.
import type { CameraHealth } from "../../contract/cameras.ts";
import type { GapCause } from "../../video/ports.ts";
import type { StoredCamera } from "./camera-list.ts";
import { CameraWorker } from "./camera-worker.ts";
import type { WorkerContext } from "./worker-context.ts";

const SLICES = 10;
const TICK_MS = 1_000;
/**
 * Cameras that nobody watches are read from so often: a twentieth of the reads, and of the wakings for them, that their packets would cause. No multiple of the time between
 * pictures, so that now and then one is read as it comes: the wall time goes by the least delayed.
 */
const READ_EVERY_MS = 150;
const READ_SLICES = 5;
/** Sums over a camera's recordings are not cheap; they are refreshed this often. */
const RECORDED_FRESH_MS = 300_000;

export class CameraPool {
  readonly #context: WorkerContext;
  readonly #workers = new Map<number, CameraWorker>();
  readonly #recorded = new Map<number, { readonly at: number; readonly since: number | null; readonly bytes: number }>();
  /** By camera, until all of the worker that leaves is on disk. */
  readonly #leaving = new Map<number, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #readTimer: NodeJS.Timeout | undefined;
  #readSliceAt = 0;
  #slice = 0;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tickSlice(), TICK_MS / SLICES);
    this.#readTimer = setInterval(() => this.#readSlice(), READ_EVERY_MS / READ_SLICES);
  }

  get size(): number {
    return this.#workers.size;
  }

  find(cameraId: number): CameraWorker | undefined {
    return this.#workers.get(cameraId);
  }

  list(): IterableIterator<CameraWorker> {
    return this.#workers.values();
  }

  /** The whole list: cameras that are not in it are left. */
  replace(cameras: readonly StoredCamera[]): void {
    const wanted = new Set(cameras.map((camera) => camera.cameraId));
    for (const cameraId of this.#workers.keys()) if (!wanted.has(cameraId)) this.remove(cameraId);
    for (const camera of cameras) this.put(camera);
  }

  put(camera: StoredCamera): void {
    const worker = this.#workers.get(camera.cameraId);
    if (worker === undefined) this.#workers.set(camera.cameraId, new CameraWorker(camera, this.#context, this.#leaving.get(camera.cameraId)));
    else worker.change(camera);
  }

  remove(cameraId: number): void {
    const worker = this.#workers.get(cameraId);
    if (worker === undefined) return;
    this.#workers.delete(cameraId);
    this.#recorded.delete(cameraId);
    const before = this.#leaving.get(cameraId);
    const leaving = Promise.all([before, worker.stop("not-wanted")]).then(() => undefined).finally(() => {
      if (this.#leaving.get(cameraId) === leaving) this.#leaving.delete(cameraId);
    });
    this.#leaving.set(cameraId, leaving);
    for (const viewer of worker.listViewers()) viewer.onGone();
  }

  /** Ends all sessions and runs; resolves when all is on disk. */
  async stop(cause: GapCause): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#readTimer);
    await Promise.all([...[...this.#workers.values()].map((worker) => worker.stop(cause)), ...this.#leaving.values()]);
    this.#workers.clear();
  }

  health(cameraId: number): CameraHealth | undefined {
    const worker = this.#workers.get(cameraId);
    if (worker === undefined) return undefined;
    const health = worker.health();
    return {
      state: health.state, since: Math.round(health.since), problem: health.problem === null ? null : { code: health.problem.code, params: { ...health.problem.params } },
      lastFrameAt: health.lastFrameAt, codec: health.format?.codecString ?? null, width: health.format?.width ?? null, height: health.format?.height ?? null,
      bitsPerSecond: health.bitsPerSecond, framesPerSecond: health.framesPerSecond, reconnects: health.reconnects, recorded: this.#tryFindRecorded(worker), figures: { ...worker.figures(), picture: this.#context.pictures?.find(cameraId) ?? null, pictureChecks: this.#context.pictures?.isMissing === false ? "on" : "no-ffmpeg" },
    };
  }

  /** Null also where the index cannot be read: health is told all the same. */
  #tryFindRecorded(worker: CameraWorker): { since: number; bytes: number } | null {
    try {
      return this.#findRecorded(worker);
    } catch {
      return null;
    }
  }

  #findRecorded(worker: CameraWorker): { since: number; bytes: number } | null {
    const { cameraId } = worker.camera;
    const now = this.#context.clock.monotonicMs();
    const { bytesClosed } = worker.writer;
    let known = this.#recorded.get(cameraId);
    if (known === undefined || now - known.at > RECORDED_FRESH_MS || (known.since === null && bytesClosed > 0)) {
      const found = this.#context.index.findRecorded(cameraId);
      known = { at: now, since: found?.since ?? null, bytes: (found?.bytes ?? 0) - bytesClosed };
      this.#recorded.set(cameraId, known);
    }
    const open = worker.writer.findOpenSegment();
    const since = known.since ?? open?.startMs;
    return since === undefined ? null : { since, bytes: known.bytes + bytesClosed + (open?.bytes ?? 0) };
  }

  #readSlice(): void {
    this.#readSliceAt = (this.#readSliceAt + 1) % READ_SLICES;
    for (const worker of this.#workers.values()) if (worker.camera.cameraId % READ_SLICES === this.#readSliceAt) worker.readMore();
  }

  #tickSlice(): void {
    this.#slice = (this.#slice + 1) % SLICES;
    for (const worker of this.#workers.values()) {
      if (worker.camera.cameraId % SLICES !== this.#slice) continue;
      try {
        worker.tick();
      } catch (error) {
        this.#context.log("error", { cameraId: worker.camera.cameraId }, `a camera's tick failed: ${(error as Error).message}`);
      }
    }
  }
}
