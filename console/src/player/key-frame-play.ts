// Playing by key frames: backwards, and forwards where decoding every picture is too much. The clock says which moment; this keeps the key frames around it on
// a shelf, ahead in the direction of travel, thinned by the recorder to what the eye can follow, and draws the newest one at that moment.
import type { PastView } from "./past-views.ts";
import { KeyFramePainter, hasWebCodecs } from "./key-frame-painter.ts";
import { KeyFrameShelf, readKeyFrames, type HeldKeyFrame, type Span } from "./key-frame-shelf.ts";

const SHELF_BYTES = 24_000_000;
const PICTURES_PER_S = 8;
const RETRY_MS = 1_500;
const MOST_FAILURES = 4;

export interface Chunk extends Span {
  /** Pictures wanted of it; the recorder leaves out the others. */
  readonly count: number;
}

/**
 * What is to be fetched next, or null: enough is there. `filled` is what the shelf holds without a hole around the clock. A chunk is so long that it lasts
 * some seconds at this speed, and the next one is asked for when half of that is left.
 */
export function nextChunk(wallMs: number, speed: number, filled: Span | null, bounds: Span): Chunk | null {
  const pace = Math.max(1, Math.abs(speed));
  const lengthMs = Math.max(8_000, pace * 4_000);
  const inside = filled !== null && wallMs >= filled.from && wallMs <= filled.to;
  let from: number;
  let to: number;
  if (speed < 0) {
    to = inside ? filled.from : wallMs + 1;
    if (inside && wallMs - filled.from > lengthMs / 2) return null;
    from = to - lengthMs;
  } else {
    from = inside ? filled.to : wallMs;
    if (inside && filled.to - wallMs > lengthMs / 2) return null;
    to = from + lengthMs;
  }
  from = Math.max(bounds.from, from);
  to = Math.min(bounds.to, to);
  if (to - from < 1) return null;
  return { from: Math.floor(from), to: Math.ceil(to), count: Math.max(2, Math.ceil(((to - from) / 1000 / pace) * PICTURES_PER_S)) };
}

const cut = (span: Span | null, { from, to }: Span): Span | null => {
  if (span === null || span.from > to || span.to < from) return null;
  return { from: Math.max(span.from, from), to: Math.min(span.to, to) };
};

/** One span without a hole; where they do not touch, the one that came last. */
const joined = (filled: Span | null, came: Span | null): Span | null => {
  if (filled === null || came === null) return came ?? filled;
  if (came.from > filled.to + 1_000 || came.to < filled.from - 1_000) return came;
  return { from: Math.min(filled.from, came.from), to: Math.max(filled.to, came.to) };
};

export class KeyFramePlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: KeyFramePainter;
  readonly #shelf = new KeyFrameShelf(SHELF_BYTES);
  #filled: Span | null = null; // only what the shelf still holds: it lets go what is far from the newest arrivals
  #frameBytes = 0; // of the pictures that came, on average: a chunk of large ones has to fit the shelf
  #before: HeldKeyFrame | null = null; // stands on the canvas from before a jump
  #pace = 0; // the speed that the shelf was filled for: another one wants more or fewer pictures
  #fetching: AbortController | null = null;
  #retryAt = 0;
  #failures = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#painter = new KeyFramePainter(canvas, null);
  }

  /** Whether pictures can come of this at all: the browser decodes, and the recorder answers. */
  get able(): boolean {
    return hasWebCodecs() && this.#painter.fault === null && this.#failures < MOST_FAILURES;
  }
  /** The moment of the picture on the canvas; null while that is still the one from before a jump. */
  get shownMs(): number | null {
    const { drawn } = this.#painter;
    return drawn === null || drawn === this.#before ? null : drawn.start;
  }

  tick(wallMs: number, speed: number, view: PastView, knownTo: number): void {
    const pace = Math.abs(speed);
    if (pace > 0 && pace !== this.#pace) {
      // A shelf that was filled for a faster play has too few pictures for a slower one.
      if (pace < this.#pace) this.#forget();
      this.#pace = pace;
    }
    const filled = this.#filled;
    if (filled !== null && (wallMs < filled.from - 1_000 || wallMs > filled.to + 1_000)) {
      this.#forget(); // somebody jumped
      this.#before = this.#painter.drawn;
    }
    const frame = this.#filled === null ? undefined : this.#shelf.findAt(wallMs);
    if (frame !== undefined && frame.start >= this.#filled!.from - 60_000) this.#painter.want(frame);
    if (speed === 0 || this.#fetching !== null || Date.now() < this.#retryAt) return;
    const chunk = nextChunk(wallMs, speed, this.#filled, { from: view.from, to: Math.min(view.to, knownTo) });
    if (chunk === null) return;
    // Half a shelf at most, so that what comes does not push out what is being shown.
    const fit = this.#frameBytes === 0 ? chunk.count : Math.floor(SHELF_BYTES / 2 / this.#frameBytes);
    void this.#fetch({ ...chunk, count: Math.max(2, Math.min(chunk.count, fit)) }, speed < 0, view);
  }

  async #fetch(chunk: Chunk, backward: boolean, view: PastView): Promise<void> {
    const token = view.token;
    if (token === null) return;
    const abort = new AbortController();
    this.#fetching = abort;
    try {
      let got = 0;
      let held: Span | null = chunk;
      // The recorder's first slot is the picture shown at the start of the range, which began before it.
      const answer = await readKeyFrames({ url: view.keyFramesUrl(chunk, backward), token, signal: abort.signal }, (frame) => {
        const left = this.#shelf.add(frame);
        this.#filled = cut(this.#filled, left);
        held = cut(held, left);
        this.#frameBytes = this.#shelf.bytes / this.#shelf.size;
        got++;
        if (backward && got === 1) this.#filled ??= { from: Math.min(frame.start, chunk.to), to: chunk.to };
      });
      const came = answer === "done" || answer === "none";
      this.#failures = came ? 0 : this.#failures + 1;
      if (came) this.#filled = joined(this.#filled, held);
      else this.#retryAt = Date.now() + RETRY_MS;
    } catch {
      // somebody jumped, or the tile is over
    } finally {
      if (this.#fetching === abort) this.#fetching = null;
    }
  }

  #forget(): void {
    this.#fetching?.abort();
    this.#fetching = null;
    this.#filled = null;
    this.#shelf.clear();
  }
  show(visible: boolean): void {
    this.#canvas.classList.toggle("tile-blank", !visible);
  }
  close(): void {
    this.#forget();
    this.#painter.close();
  }
}
