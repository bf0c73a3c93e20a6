// The small picture under the pointer on the time bar: the key frame of that moment, read from the recorder and decoded here. Looking at thumbnails is
// looking at the past, so it opens a view of the shown window first, once, with the reason of the wall; moving on within it writes nothing more. One request is under
// way at a time; one that the pointer has left behind is given up. What was read is kept within a bound.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { KeyFramePainter, hasWebCodecs } from "./key-frame-painter.ts";
import { KeyFrameShelf, readKeyFrames } from "./key-frame-shelf.ts";
import { PastView } from "./past-views.ts";
import { thumbnailRange, type TimeWindow } from "./timeline-scale.ts";

export const THUMBNAIL_PX = 208;
const SHELF_BYTES = 16_000_000;
/** A pointer that only crosses the bar opens nothing. */
const REST_MS = 180;
const GIVE_UP_MS = 400;
const LOOK_ENDS_MS = 30_000;

export type ThumbnailState =
  | { readonly state: "off" } // the pointer is elsewhere
  | { readonly state: "waiting" }
  | { readonly state: "shown"; readonly at: number }
  | { readonly state: "none" } // nothing recorded there
  | { readonly state: "unable"; readonly codec: string | null } // no WebCodecs, or no decoder
  | { readonly state: "refused" };

export class Thumbnails {
  readonly #cameraId: number;
  readonly #reason: ViewReason;
  readonly #painter: KeyFramePainter;
  readonly #shelf = new KeyFrameShelf(SHELF_BYTES);
  readonly #onState: (state: ThumbnailState) => void;
  #view: PastView | null = null;
  #opening = false;
  #refused = false;
  #wanted: { readonly at: number; readonly window: TimeWindow; readonly withinMs: number } | null = null;
  #request: { readonly at: number; readonly sinceMs: number; readonly abort: AbortController } | null = null;
  #rest: ReturnType<typeof setTimeout> | null = null;
  #end: ReturnType<typeof setTimeout> | null = null;

  constructor(cameraId: number, reason: ViewReason, canvas: HTMLCanvasElement, onState: (state: ThumbnailState) => void) {
    this.#cameraId = cameraId;
    this.#reason = reason;
    this.#onState = onState;
    this.#painter = new KeyFramePainter(canvas, THUMBNAIL_PX);
    this.#painter.onDrawn = (frame) => {
      if (this.#wanted !== null) onState({ state: "shown", at: frame.start });
    };
  }

  /** `withinMs`: how much of the recording a few pixels of the bar are; a key frame so near is as good. */
  want(at: number, window: TimeWindow, withinMs: number): void {
    if (this.#end !== null) clearTimeout(this.#end);
    this.#end = null;
    this.#wanted = { at, window, withinMs };
    if (!hasWebCodecs()) return this.#onState({ state: "unable", codec: null });
    if (this.#painter.fault !== null) return this.#onState({ state: "unable", codec: this.#painter.fault });
    if (this.#refused) return this.#onState({ state: "refused" });
    const held = this.#shelf.findNear(at, withinMs);
    if (held !== undefined) {
      if (this.#painter.drawn === held) this.#onState({ state: "shown", at: held.start });
      return this.#painter.want(held);
    }
    if (this.#request !== null && performance.now() - this.#request.sinceMs > GIVE_UP_MS && Math.abs(this.#request.at - at) > withinMs) this.#request.abort.abort();
    this.#onState({ state: "waiting" });
    if (this.#view !== null && at >= this.#view.from && at < this.#view.to) return void this.#fetch();
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#open(), REST_MS);
  }

  /** The pointer has left the bar. The look goes on for a while: who comes back need not be written down again. */
  leave(): void {
    this.#wanted = null;
    this.#request?.abort.abort();
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#onState({ state: "off" });
    this.#end ??= setTimeout(() => this.#endLook(), LOOK_ENDS_MS);
  }
  close(): void {
    this.leave();
    if (this.#end !== null) clearTimeout(this.#end);
    this.#endLook();
    this.#painter.close();
  }
  #endLook(): void {
    this.#view?.close();
    this.#view = null;
    this.#end = null;
  }

  async #open(): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === null || this.#opening) return;
    this.#opening = true;
    this.#view?.close();
    const { from, to } = thumbnailRange(wanted.window, wanted.at, serverNow());
    const view = new PastView(this.#cameraId, this.#reason, { from, to, at: wanted.at });
    this.#view = view;
    const answer = await view.open();
    this.#opening = false;
    if (this.#view !== view) return;
    if (!answer.ok) {
      this.#view = null;
      this.#refused = !answer.transient;
      if (this.#wanted !== null) this.#onState({ state: "refused" });
      return;
    }
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const view = this.#view;
    const wanted = this.#wanted;
    if (view === null || view.token === null || wanted === null || this.#request !== null) return;
    const request = { at: wanted.at, sinceMs: performance.now(), abort: new AbortController() };
    this.#request = request;
    let answer: Awaited<ReturnType<typeof readKeyFrames>> | "given-up" = "given-up";
    try {
      answer = await readKeyFrames({ url: view.keyFrameUrl(wanted.at), token: view.token, signal: request.abort.signal }, (frame) => this.#shelf.add(frame));
    } catch {
      // the pointer moved on
    }
    this.#request = null;
    const now = this.#wanted;
    if (now === null) return;
    if (now.at !== wanted.at) return this.want(now.at, now.window, now.withinMs);
    const held = this.#shelf.findAt(now.at);
    if (answer === "done" && held !== undefined) this.#painter.want(held);
    else this.#onState({ state: answer === "none" || answer === "done" ? "none" : "refused" });
  }
}
