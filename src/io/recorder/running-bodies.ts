// Answers about the past that are under way: counted, so that each kind has its bound, and known by view, so that they end with it. An answer that has to wait before its
// first byte holds its place from before the wait: else any number would wait beside each other, and one whose view ended meanwhile would go out. What is watched ends with
// the last token that was shown for it. A download outlives its token, for its page is not asked to stay: it ends with its view, and the recorder tells when that was [VIEW8].
import type { Readable } from "node:stream";
import { LONGEST_DOWNLOAD_MS } from "../../accountability/view-policy.ts";
import type { Clock, MonotonicMs, WallMs } from "../../base/time.ts";
import type { ViewClaims } from "../../contract/media.ts";

const MOST_OF_KIND = { recording: 100, "key-frames": 400, segment: 1_000, sound: 64 } as const;
type Kind = keyof typeof MOST_OF_KIND;
/** A download that was broken off may go on within this; then its look is over. */
const RESUMED_WITHIN_MS = 120_000;
/** Whoever takes a right away cannot tell a recorder that is away. Pictures on a screen end by their tokens after this, and so does a download. */
const UNTOLD_MS = 300_000;

/** A view with the time until which its newest token is good. */
export type OpenedView = ViewClaims & { readonly expiresAt: WallMs };

/** Of one answer. Whoever takes it gives it a body or leaves it. */
export interface AnswerPlace {
  /** Its view is over: nothing may go out. */
  readonly isEnded: boolean;
  /** The place is free again when the body closes. A body that comes after its view's end is destroyed. */
  give(body: Readable): void;
  /** There is no body. */
  leave(): void;
}
interface Running {
  readonly viewId: number;
  readonly kind: Kind;
  readonly isDownload: boolean;
  until: MonotonicMs;
  isEnded: boolean;
  /** The end of its view is told, or is told by whoever ended it. */
  isTold: boolean;
  body: Readable | undefined;
}

export class RunningBodies {
  readonly #clock: Clock;
  readonly #onDownloadOver: (viewId: number, at: WallMs) => void;
  readonly #running = new Set<Running>();
  /** Downloads of which nothing is under way, by view: since when. */
  readonly #resting = new Map<number, { readonly since: MonotonicMs; readonly at: WallMs }>();

  /** `onDownloadOver` hears when the last of a download went out; no token of it may open anything then. */
  constructor(clock: Clock, onDownloadOver: (viewId: number, at: WallMs) => void) {
    this.#clock = clock;
    this.#onDownloadOver = onDownloadOver;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Undefined: there are as many of this kind as are borne. */
  take(kind: Kind, view: OpenedView): AnswerPlace | undefined {
    let count = 0;
    for (const each of this.#running) if (each.kind === kind) count++;
    if (count >= MOST_OF_KIND[kind]) return undefined;
    const { viewId } = view;
    const now = this.#clock.monotonicMs();
    const isDownload = view.mode === "download";
    const until = now + (isDownload ? LONGEST_DOWNLOAD_MS : view.expiresAt - this.#clock.wallMs());
    const running: Running = { viewId, kind, isDownload, until, isEnded: false, isTold: false, body: undefined };
    if (!isDownload) for (const each of this.#running) if (each.viewId === viewId) each.until = Math.max(each.until, until); // the look was renewed
    this.#resting.delete(viewId);
    this.#running.add(running);
    const leave = (): void => this.#leave(running);
    const give = (body: Readable): void => {
      running.body = body;
      body.once("close", leave);
      if (running.isEnded) body.destroy();
    };
    return { get isEnded() { return running.isEnded; }, give, leave };
  }

  /** Whoever ends a view tells its end. */
  end(viewId: number): void {
    this.#resting.delete(viewId);
    for (const each of this.#running) if (each.viewId === viewId) {
      each.isTold = true;
      cut(each);
    }
  }

  /** Now and then. `awayMs`: for how long the centre has not been there. */
  tick(awayMs: number): void {
    const now = this.#clock.monotonicMs();
    for (const each of this.#running) if (now >= each.until || (each.isDownload && awayMs >= UNTOLD_MS)) cut(each);
    for (const [viewId, { since, at }] of this.#resting) if (now - since >= RESUMED_WITHIN_MS || awayMs >= UNTOLD_MS) this.#downloadOver(viewId, at);
  }

  /** The recorder stops: all of it is cut, and each download has its end. */
  stop(): void {
    const left = new Set<number>();
    for (const each of this.#running) {
      if (each.isDownload) left.add(each.viewId);
      each.isTold = true;
      cut(each);
    }
    for (const viewId of left) this.#downloadOver(viewId, this.#clock.wallMs());
    for (const [viewId, { at }] of this.#resting) this.#downloadOver(viewId, at);
  }

  #leave(running: Running): void {
    const { viewId, isDownload } = running;
    if (!this.#running.delete(running) || !isDownload || running.isTold) return;
    for (const each of this.#running) if (each.viewId === viewId) return;
    this.#resting.set(viewId, { since: this.#clock.monotonicMs(), at: this.#clock.wallMs() });
  }

  #downloadOver(viewId: number, at: WallMs): void {
    this.#resting.delete(viewId);
    this.#onDownloadOver(viewId, at);
  }
}

function cut(running: Running): void {
  running.isEnded = true;
  running.body?.destroy();
}
