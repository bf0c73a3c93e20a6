// Live pictures of one camera ([LIV1] to [LIV6]): each access unit becomes one fragment, built once and handed to every viewer. Without viewers nothing is
// built or kept. The first one is shown the GOP that is running out of the recording (`recall`), and from then on it is kept, within a budget of the whole
// process, so that a viewer sees a picture at once instead of after the next key frame. Decoding
// times go on over reconnections, with a hole as long as the interruption: a player's timeline never runs back.
import { encodeSampleFragment } from "../../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../../media/fmp4/init-segment.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import { canCatchUp, DELIVERY_LIMITS, type DeliveryPace, type DeliveryState, FLOWING, NEW_DELIVERY, NEW_LINK, fallToKeys, paceOf, stepDelivery } from "./delivery.ts";

/** One viewer's end. `waitingBytes` is what its socket has not sent yet. */
export interface LiveViewerPort {
  waitingBytes(): number;
  /** For how long it has had more waiting than a key frame may find, where that is looked at. */
  backedUpMs?(): number;
  onInit(format: VideoFormat, init: Uint8Array, wallMs: number): void;
  onFragment(fragment: Uint8Array, key: boolean, wallMs: number): void;
  onDropped(frames: number): void;
  /** From now on it gets key frames only, or everything again. It begins with everything. */
  onPace?(pace: DeliveryPace): void;
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
  /** It was catching up when its GOP was forgotten, and how many GOPs in a row it was so. */
  behind: boolean;
  cutGops: number;
  /** The init segment that this viewer has. */
  init: Uint8Array | undefined;
}
interface Kept {
  readonly fragment: Uint8Array;
  readonly key: boolean;
  readonly wallMs: number;
}

/** Reads back what was recorded of the running GOP, from its key frame to the sample before the next that will come; undefined where it cannot. */
export type RecallGop = () => Promise<readonly Sample[] | undefined>;

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
  readonly #recall: RecallGop;
  /** What came since the recording was asked for what was before; changed when its answer is no longer of use. */
  #since: Kept[] | undefined;

  constructor(budget: GopBudget, recall: RecallGop = async () => undefined) {
    this.#budget = budget;
    this.#recall = recall;
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
    this.#newRun = true;
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
    if (sample.key) this.#forgetGop();
    if (this.#viewers.size === 0) return;
    if (sample.key) this.#gopWhole = true;
    const kept = this.#build(sample, decode90k, this.#lastDuration90k);
    if (this.#since !== undefined) this.#holdBack(this.#since, kept);
    else this.#keep(kept);
    for (const viewer of this.#viewers.values()) this.#deliver(viewer, kept, decode90k / 90);
  }

  #build(sample: Sample, decode90k: number, duration90k: number): Kept {
    this.#sequence++;
    const fragment = encodeSampleFragment(this.#sequence, decode90k, duration90k, sample.composition90k, sample.key, sample.bytes, sample.start, sample.length);
    return { fragment, key: sample.key, wallMs: sample.wallMs };
  }

  #keep(kept: Kept): void {
    if (!this.#gopWhole) return;
    const { length } = kept.fragment;
    if (this.#gopBytes + length > MOST_GOP_BYTES || this.#budget.used + length > this.#budget.most) {
      this.#forgetGop();
      return;
    }
    this.#gop.push(kept);
    this.#gopBytes += length;
    this.#budget.used += length;
  }

  /** Counts as the GOP that it is to be a part of: where that is too much, the answer is no longer waited for. */
  #holdBack(since: Kept[], kept: Kept): void {
    const { length } = kept.fragment;
    if (this.#gopBytes + length > MOST_GOP_BYTES || this.#budget.used + length > this.#budget.most) {
      this.#forgetGop();
      return;
    }
    since.push(kept);
    this.#gopBytes += length;
    this.#budget.used += length;
  }

  async #recallGop(): Promise<void> {
    const since: Kept[] = [];
    this.#since = since;
    const offset90k = this.#offset90k;
    const samples = await this.#recall().catch(() => undefined);
    if (this.#since !== since) return; // a key frame has come, or the session is over
    this.#forgetGop(); // what was held back is counted anew, behind what comes before it
    if (samples === undefined || samples[0]?.key !== true) return;
    this.#gopWhole = true;
    for (const [i, sample] of samples.entries()) {
      const decode90k = sample.decode90k + offset90k;
      const next = samples[i + 1];
      this.#keep(this.#build(sample, decode90k, next === undefined ? this.#lastDuration90k : next.decode90k - sample.decode90k));
    }
    for (const kept of since) this.#keep(kept);
    if (this.#gop.length === 0) return;
    for (const viewer of this.#viewers.values()) {
      if (viewer.state.kind !== "waiting-for-key") continue;
      viewer.state = { kind: "catching-up", next: 0, skipped: 0 };
      this.#catchUp(viewer);
    }
  }

  /** Adds a viewer; where a GOP is running it gets its key frame at once, and what follows as its socket drains. */
  add(port: LiveViewerPort): void {
    const viewer: Viewer = { port, state: this.#gop.length > 0 ? { kind: "catching-up", next: 0, skipped: 0 } : NEW_DELIVERY, flowed: false, behind: false, cutGops: 0, init: undefined };
    const isFirst = this.#viewers.size === 0;
    this.#viewers.set(port, viewer);
    this.#catchUp(viewer);
    if (isFirst && !this.#newRun) void this.#recallGop();
  }

  remove(port: LiveViewerPort): void {
    this.#viewers.delete(port);
    if (this.#viewers.size === 0) this.#forgetGop();
  }

  listViewers(): LiveViewerPort[] {
    return [...this.#viewers.keys()];
  }

  /** One viewer's share of the fragment that is newest (and, where it is kept, the last of the GOP). */
  #deliver(viewer: Viewer, kept: Kept, atMs: number): void {
    if (viewer.state.kind === "catching-up") {
      this.#catchUp(viewer);
      return;
    }
    // Who did not catch up with one GOP after the other has a link that does not carry the stream.
    if (viewer.state.kind === "waiting-for-key" && viewer.cutGops >= DELIVERY_LIMITS.cutGops) {
      this.#goTo(viewer, fallToKeys(NEW_LINK, atMs, viewer.state.skipped, DELIVERY_LIMITS));
      viewer.cutGops = 0;
      viewer.behind = false;
    }
    const { state } = viewer;
    const skipped = state.kind === "waiting-for-key" ? state.skipped : 0;
    const offered = { key: kept.key, atMs, waitingBytes: viewer.port.waitingBytes(), backedUpMs: viewer.port.backedUpMs?.() ?? 0, everFlowed: viewer.flowed };
    const step = stepDelivery(state, offered, DELIVERY_LIMITS);
    this.#goTo(viewer, step.state);
    if (step.send) this.#send(viewer, kept, step.dropped);
    else if (step.dropped > 0) viewer.port.onDropped(step.dropped);
    // Who was still catching up when the next GOP began goes on with that one from its beginning, and does not wait for a third.
    if (!step.send && viewer.behind && kept.key && this.#gop.length > 0) viewer.state = { kind: "catching-up", next: 0, skipped };
    if (kept.key) viewer.behind = false;
  }

  #goTo(viewer: Viewer, state: DeliveryState): void {
    const before = paceOf(viewer.state);
    viewer.state = state;
    if (paceOf(state) !== before) viewer.port.onPace?.(paceOf(state));
  }

  #catchUp(viewer: Viewer): void {
    while (viewer.state.kind === "catching-up" && canCatchUp(viewer.port.waitingBytes(), DELIVERY_LIMITS)) {
      const { next, skipped } = viewer.state;
      this.#send(viewer, this.#gop[next]!, viewer.flowed ? skipped : 0);
      const isCaughtUp = next + 1 >= this.#gop.length;
      if (isCaughtUp && next > 0) viewer.cutGops = 0;
      this.#goTo(viewer, isCaughtUp ? FLOWING : { kind: "catching-up", next: next + 1, skipped: 0 });
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
      viewer.cutGops++;
    }
    this.#budget.used -= this.#gopBytes;
    this.#gopBytes = 0;
    this.#gop = [];
    this.#gopWhole = false;
    this.#since = undefined;
  }
}
