// Live HLS over HTTP ([LIV13]): `live.m3u8` and the parts it lists, each request with a live token. A player of HLS holds no connection, so its look lasts as long as it keeps asking, and is over
// when it has not for a while or its token ran out. All players of a camera share one window of parts, which is a viewer of the camera's stream.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Clock } from "../../base/time.ts";
import { Id } from "../../contract/basics.ts";
import { HlsWindow } from "../../video/live/hls-window.ts";
import { formatWallTime } from "../../video/playback/hls.ts";
import type { CameraWorker } from "./camera-worker.ts";
import type { LiveLooks } from "./live-looks.ts";
import { refuse } from "./playback-access.ts";
import { type VerifiedView, type ViewVerifier, bearerToken } from "./view-tokens.ts";

type WatchedCamera = Pick<CameraWorker, "health" | "addViewer" | "removeViewer">;

export interface HlsLiveContext {
  readonly pool: { find(cameraId: number): WatchedCamera | undefined };
  readonly verifier: Pick<ViewVerifier, "verify">;
  readonly clock: Clock;
  readonly looks: LiveLooks;
}

const CameraParams = z.object({ id: z.coerce.number().pipe(Id) });
const PartParams = CameraParams.extend({ file: z.string().regex(/^(init-\d{1,9}\.mp4|\d{1,12}\.m4s)$/) });
/** Each holds some parts in memory: at most 9 of 16 MB, mostly of 1. */
export const MOST_HLS_CAMERAS = 16;
const MOST_VIEWS = 200;
/** A player comes back after a target duration at the latest, and long key-frame intervals make that long. */
const SILENCE_MS = 30_000;
const FIRST_PART_MS = 10_000;

interface Watched {
  readonly worker: WatchedCamera;
  readonly window: HlsWindow;
}
interface View {
  readonly cameraId: number;
  expiresAt: number;
  askedAt: number;
}

export class HlsLive {
  readonly #context: HlsLiveContext;
  readonly #watched = new Map<number, Watched>();
  readonly #views = new Map<number, View>();
  /** By camera that was left, what its next part is to be called. */
  readonly #nextNumbers = new Map<number, number>();

  constructor(context: HlsLiveContext) {
    this.#context = context;
  }

  /** Looks that last. */
  get size(): number {
    return this.#views.size;
  }

  addRoutes(app: FastifyInstance): void {
    app.get("/v1/cameras/:id/live.m3u8", async (request, reply) => {
      const watched = await this.#take(request, reply);
      if (watched === undefined) return reply;
      const patience = new AbortController();
      if (watched.window.partCount === 0) {
        const timer = setTimeout(() => patience.abort(), FIRST_PART_MS);
        await Promise.race([watched.window.nextPart(), new Promise((resolve) => patience.signal.addEventListener("abort", resolve)), new Promise((resolve) => request.raw.once("close", resolve))]);
        clearTimeout(timer);
      }
      const playlist = watched.window.formatPlaylist();
      if (playlist !== undefined) return reply.header("cache-control", "no-store").type("application/vnd.apple.mpegurl").send(playlist);
      const { state, problem } = watched.worker.health();
      return refuse(reply.header("retry-after", "5"), 503, problem?.code ?? (state === "connected" ? "starting" : "connecting"), "there is no picture of this camera yet");
    });

    app.get("/v1/cameras/:id/live/:file", async (request, reply) => {
      const params = PartParams.safeParse(request.params);
      if (!params.success) return refuse(reply, 404, "unknown-part", "there is no such part");
      const watched = await this.#take(request, reply);
      if (watched === undefined) return reply;
      const number = Number(/\d+/.exec(params.data.file)![0]);
      const bytes = params.data.file.endsWith(".m4s") ? watched.window.findPart(number) : watched.window.findInit(number);
      if (bytes === undefined) return refuse(reply, 404, "unknown-part", "this part is not kept any more");
      return reply.header("cache-control", "private, no-store").type("video/mp4").send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    });
  }

  /** The look is over by the centre's word. Returns whether it was served here; its end is then told. */
  endView(viewId: number): boolean {
    const view = this.#views.get(viewId);
    if (view === undefined) return false;
    this.#views.delete(viewId);
    if (![...this.#views.values()].some((other) => other.cameraId === view.cameraId)) this.#leave(view.cameraId);
    this.#context.looks.leave(viewId);
    return true;
  }

  /** Every second: ends looks whose token ran out and those of players that stopped asking. */
  tick(): void {
    const wall = this.#context.clock.wallMs();
    const now = this.#context.clock.monotonicMs();
    for (const [viewId, view] of this.#views) if (wall > view.expiresAt || now - view.askedAt > SILENCE_MS) this.endView(viewId);
  }

  stop(): void {
    for (const viewId of this.#views.keys()) this.endView(viewId);
  }

  /** The camera as this request may see it; undefined where it was refused, and answered so. */
  async #take(request: FastifyRequest, reply: FastifyReply): Promise<Watched | undefined> {
    const { pool, verifier, clock } = this.#context;
    const params = CameraParams.safeParse(request.params);
    if (!params.success) {
      refuse(reply, 404, "camera-unknown", "expected the id of a camera");
      return undefined;
    }
    const cameraId = params.data.id;
    const verified = await verifier.verify(bearerToken(request.headers.authorization), cameraId, ["live"], clock.wallMs());
    if (!verified.ok) {
      const forbidden = verified.error === "other-camera" || verified.error === "other-mode";
      refuse(reply, verified.error === "no-key-yet" ? 503 : forbidden ? 403 : 401, verified.error, "a live view of this camera is needed");
      return undefined;
    }
    const worker = pool.find(cameraId);
    if (worker === undefined) {
      refuse(reply, 404, "camera-unknown", "this recorder does not have the camera");
      return undefined;
    }
    const isNew = !this.#views.has(verified.value.claims.viewId);
    if ((isNew && this.#views.size >= MOST_VIEWS) || (!this.#watched.has(cameraId) && this.#watched.size >= MOST_HLS_CAMERAS)) {
      refuse(reply, 503, "too-many-views", "as many views by HLS as this recorder bears are open");
      return undefined;
    }
    this.#note(cameraId, verified.value);
    return this.#join(cameraId, worker);
  }

  #note(cameraId: number, { claims, expiresAt }: VerifiedView): void {
    const askedAt = this.#context.clock.monotonicMs();
    const view = this.#views.get(claims.viewId);
    if (view === undefined) {
      this.#views.set(claims.viewId, { cameraId, expiresAt, askedAt });
      this.#context.looks.begin(claims.viewId);
    } else {
      view.expiresAt = Math.max(view.expiresAt, expiresAt);
      view.askedAt = askedAt;
    }
  }

  #join(cameraId: number, worker: WatchedCamera): Watched {
    const present = this.#watched.get(cameraId);
    if (present !== undefined) return present;
    // Parts are two seconds and more, so numbers that begin with the second of the day's count are above those of any earlier run.
    // A clock that is set back while the process runs changes nothing: then they go on from the last one.
    const firstNumber = Math.max(Math.floor(this.#context.clock.wallMs() / 1_000), this.#nextNumbers.get(cameraId) ?? 0);
    const window = new HlsWindow(firstNumber, formatWallTime, () => this.#endAll(cameraId));
    const watched = { worker, window };
    this.#watched.set(cameraId, watched);
    worker.addViewer(window);
    return watched;
  }

  #leave(cameraId: number): void {
    const watched = this.#watched.get(cameraId);
    if (watched === undefined) return;
    this.#watched.delete(cameraId);
    this.#nextNumbers.set(cameraId, watched.window.nextNumber);
    watched.worker.removeViewer(watched.window);
  }

  #endAll(cameraId: number): void {
    for (const [viewId, view] of this.#views) if (view.cameraId === cameraId) this.endView(viewId);
  }
}
