// Live pictures of one camera ([LIV1] to [LIV6]): each access unit becomes one fragment, built once and handed to every viewer. The GOP that is running is
// kept, within a budget of the whole process, so that a new viewer sees a picture at once instead of after the next key frame. Decoding
// times go on over reconnections, with a hole as long as the interruption: a player's timeline never runs back.
import { encodeSampleFragment } from "../../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import { canCatchUp, DELIVERY_LIMITS, type DeliveryState, NEW_DELIVERY, stepDelivery } from "./delivery.ts";

/** One viewer's end. `waitingBytes` is what its socket has not sent yet. */
export interface LiveViewerPort {
  waitingBytes(): number;
  onInit(format: VideoFormat, init: Uint8Array, wallMs: number): void;
  onFragment(fragment: Uint8Array, key: boolean, wallMs: number): void;
  onDropped(frames: number): void;
  /** The camera is no longer kept here: nothing will come any more. */
  onGone(): void;
}

/** Bytes of running GOPs that may be kept, over all cameras. */
export class GopBudget {
  used = 0;
  readonly most: number;
  constructor(most: number) {
    this.most = most;
  }
}

interface Viewer {
  readonly port: LiveViewerPort;
  state: DeliveryState;
  flowed: boolean;
  /** It was catching up when its GOP was forgotten. */
  behind: boolean;
  /** The init segment that this viewer has. */
  init: Uint8Array | undefined;
}
interface Kept {
  readonly fragment: Uint8Array;
  readonly key: boolean;
  readonly wallMs: number;
}

const MOST_GOP_BYTES = 8 * 1024 * 1024;
const FIRST_DURATION_90K = 3_600;

export class LiveStream {
  readonly #budget: GopBudget;
  readonly #viewers = new Map<LiveViewerPort, Viewer>();
  #format: VideoFormat | undefined;
  #init: Uint8Array | undefined;
  #gop: Kept[] = [];
  #gopBytes = 0;
  #gopWhole = false;
  #sequence = 0;
  #epochWallMs = -1;
  #offset90k = 0;
  #newRun = true;
  #lastDecode90k = -1;
  #lastDuration90k = FIRST_DURATION_90K;

  constructor(budget: GopBudget) {
    this.#budget = budget;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  get format(): VideoFormat | undefined {
    return this.#format;
  }

  /** A new session begins: its times start anew, and nothing of the one before can be decoded further. */
  beginRun(): void {
    this.#newRun = true;
    this.#forgetGop();
  }

  /** The session is over: its last pictures are the past, and nobody is shown them as live. Also gives their bytes back to the budget. */
  endRun(): void {
    this.#forgetGop();
  }

  onFormat(format: VideoFormat): void {
    this.#format = format;
    this.#init = encodeInitSegment(format);
    this.#forgetGop();
  }

  onSample(sample: Sample): void {
    if (this.#epochWallMs < 0) this.#epochWallMs = sample.wallMs;
    if (this.#newRun) {
      this.#newRun = false;
      const byWall = Math.round((sample.wallMs - this.#epochWallMs) * 90);
      this.#offset90k = Math.max(byWall, this.#lastDecode90k + this.#lastDuration90k) - sample.decode90k;
      if (this.#lastDecode90k < 0) this.#offset90k = -sample.decode90k;
    }
    const decode90k = sample.decode90k + this.#offset90k;
    const step = decode90k - this.#lastDecode90k;
    if (this.#lastDecode90k >= 0 && step > 0 && step < 90_000 * 10) this.#lastDuration90k = step;
    this.#lastDecode90k = decode90k;
    if (sample.key) {
      this.#forgetGop();
      this.#gopWhole = true;
    }
    const keeps = this.#gopWhole && this.#gopBytes + sample.length <= MOST_GOP_BYTES && this.#budget.used + sample.length <= this.#budget.most;
    if (!keeps && this.#gop.length > 0) this.#forgetGop();
    if (!keeps && this.#viewers.size === 0) return;
    this.#sequence++;
    const fragment = encodeSampleFragment(this.#sequence, decode90k, this.#lastDuration90k, sample.composition90k, sample.key, sample.bytes, sample.length);
    if (keeps) {
      this.#gop.push({ fragment, key: sample.key, wallMs: sample.wallMs });
      this.#gopBytes += fragment.length;
      this.#budget.used += fragment.length;
    }
    for (const viewer of this.#viewers.values()) this.#deliver(viewer, { fragment, key: sample.key, wallMs: sample.wallMs });
  }

  /** Adds a viewer; where a GOP is running it gets its key frame at once, and what follows as its socket drains. */
  add(port: LiveViewerPort): void {
    const viewer: Viewer = { port, state: this.#gop.length > 0 ? { kind: "catching-up", next: 0, skipped: 0 } : NEW_DELIVERY, flowed: false, behind: false, init: undefined };
    this.#viewers.set(port, viewer);
    this.#catchUp(viewer);
  }

  remove(port: LiveViewerPort): void {
    this.#viewers.delete(port);
  }

  listViewers(): LiveViewerPort[] {
    return [...this.#viewers.keys()];
  }

  /** One viewer's share of the fragment that is newest (and, where it is kept, the last of the GOP). */
  #deliver(viewer: Viewer, kept: Kept): void {
    if (viewer.state.kind === "catching-up") {
      this.#catchUp(viewer);
      return;
    }
    const skipped = viewer.state.kind === "waiting-for-key" ? viewer.state.skipped : 0;
    const step = stepDelivery(viewer.state, kept.key, viewer.port.waitingBytes(), viewer.flowed, DELIVERY_LIMITS);
    viewer.state = step.state;
    if (step.send) this.#send(viewer, kept, step.dropped);
    // Who was still catching up when the next GOP began goes on with that one from its beginning, and does not wait for a third.
    else if (viewer.behind && kept.key && this.#gop.length > 0) viewer.state = { kind: "catching-up", next: 0, skipped };
    if (kept.key) viewer.behind = false;
  }

  #catchUp(viewer: Viewer): void {
    while (viewer.state.kind === "catching-up" && canCatchUp(viewer.port.waitingBytes(), DELIVERY_LIMITS)) {
      const { next, skipped } = viewer.state;
      this.#send(viewer, this.#gop[next]!, viewer.flowed ? skipped : 0);
      viewer.state = next + 1 < this.#gop.length ? { kind: "catching-up", next: next + 1, skipped: 0 } : { kind: "flowing" };
    }
  }

  #send(viewer: Viewer, { fragment, key, wallMs }: Kept, dropped: number): void {
    viewer.flowed = true;
    if (viewer.init !== this.#init) {
      viewer.init = this.#init;
      viewer.port.onInit(this.#format!, this.#init!, wallMs);
    }
    if (dropped > 0) viewer.port.onDropped(dropped);
    viewer.port.onFragment(fragment, key, wallMs);
  }

  /** Who is still catching up has lost the rest of it. */
  #forgetGop(): void {
    for (const viewer of this.#viewers.values()) {
      if (viewer.state.kind !== "catching-up") continue;
      viewer.state = { kind: "waiting-for-key", skipped: viewer.state.skipped + this.#gop.length - viewer.state.next };
      viewer.behind = true;
    }
    this.#budget.used -= this.#gopBytes;
    this.#gopBytes = 0;
    this.#gop = [];
    this.#gopWhole = false;
  }
}
