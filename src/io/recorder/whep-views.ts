// Live views by WebRTC ([LIV12]): each is one look, with its token, its connection and its end. What a WebSocket's channel is told in words, a WebRTC client can only be told at
// its request; afterwards the connection just closes.
import { randomBytes } from "node:crypto";
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { LiveViewerPort } from "../../video/live/live-stream.ts";
import { RtpPictures, findWebRtcObstacle } from "../../video/live/rtp-pictures.ts";
import { findOfferedH264 } from "../../video/live/whep-offer.ts";
import type { LiveLooks } from "./live-looks.ts";
import type { LiveSource } from "./live-source.ts";
import type { VerifiedView, ViewVerifier } from "./view-tokens.ts";
import { WhepPeer } from "./whep-peer.ts";

export interface WhepContext {
  readonly verifier: Pick<ViewVerifier, "isEnded">;
  readonly clock: Clock;
  readonly looks: LiveLooks;
}
export type WhepRefusal = "no-h264-offered" | "bad-offer" | "not-h264" | "reordered" | "too-many-views" | "view-ended";
/** `isThere` tells, when the client has connected, whether the source is still there. */
export interface Watched {
  readonly source: LiveSource;
  readonly isThere: () => boolean;
}

/** Each costs a cipher run over every packet, so they are for a few who need them; the console's own way bears hundreds. */
export const MOST_WHEP_VIEWS = 32;
/** A client that has not connected, or was not heard of, for so long is gone. Browsers report every second or so. */
const SILENCE_MS = 15_000;
const MOST_PAYLOAD_BYTES = 1_180; // with headers and the cipher's tag within an MTU of 1280
const AVCC_PROFILE = 1;

class WhepView implements LiveViewerPort {
  readonly id = randomBytes(18).toString("base64url");
  readonly viewId: number;
  readonly source: LiveSource;
  heardAt: number;
  expiresAt: number;
  peer: WhepPeer | undefined;
  connected = false;
  readonly #pictures: RtpPictures;
  readonly #end: (why?: "reordered") => void;

  constructor(source: LiveSource, view: VerifiedView, payloadType: number, startedAt: number, end: (view: WhepView, why?: "reordered") => void) {
    this.source = source;
    this.viewId = view.claims.viewId;
    this.expiresAt = view.expiresAt;
    this.heardAt = startedAt;
    this.#pictures = new RtpPictures({ payloadType, ssrc: randomBytes(4).readUInt32BE(), firstSequence: randomBytes(2).readUInt16BE(), mostPayloadBytes: MOST_PAYLOAD_BYTES });
    this.#end = (why) => end(this, why);
  }

  waitingBytes(): number {
    return this.peer?.waitingBytes ?? 0;
  }

  onInit(format: VideoFormat): void {
    if (findWebRtcObstacle(format) !== undefined) this.#end();
    else this.#pictures.setFormat(format);
  }

  onFragment(fragment: Uint8Array): void {
    const packets = this.#pictures.packetize(fragment);
    if (typeof packets === "object") this.peer?.send(packets);
    else this.#end(packets === "reordered" ? packets : undefined);
  }

  onDropped(): void {
    return; // the client sees the hole in its own figures
  }

  onGone(): void {
    this.#end();
  }
}

export class WhepViews {
  readonly #context: WhepContext;
  readonly #views = new Map<string, WhepView>();
  /** Formats that told nothing of reordering, and did. */
  readonly #reordering = new WeakSet<VideoFormat>();
  #opening = 0;

  constructor(context: WhepContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#views.size;
  }

  /** `address`: our end of the connection by which the offer came. */
  async open({ source, isThere }: Watched, view: VerifiedView, offer: string, address: string): Promise<Ok<{ readonly id: string; readonly answer: string }> | Err<WhepRefusal>> {
    const { format } = source.live;
    // Of a camera that is not joined the format is not known: it is joined for this viewer, who is let go where it cannot be shown.
    const obstacle = format === undefined ? undefined : this.#reordering.has(format) ? "reordered" : findWebRtcObstacle(format);
    if (obstacle !== undefined) return err(obstacle);
    const codec = findOfferedH264(offer, format?.configuration[AVCC_PROFILE]);
    if (codec === undefined) return err("no-h264-offered");
    const before = [...this.#views.values()].find((one) => one.viewId === view.claims.viewId);
    if (this.#views.size - (before === undefined ? 0 : 1) + this.#opening >= MOST_WHEP_VIEWS) return err("too-many-views");
    const made = new WhepView(source, view, codec.payloadType, this.#context.clock.monotonicMs(), (one, why) => {
      if (why === "reordered" && source.live.format !== undefined) this.#reordering.add(source.live.format);
      queueMicrotask(() => this.#end(one)); // called while its stream goes through its viewers
    });
    this.#opening++;
    let answered: { peer: WhepPeer; answer: string };
    try {
      answered = await WhepPeer.create(offer, codec, address, {
        onConnected: () => {
          if (made.connected || !this.#views.has(made.id)) return;
          if (!isThere()) return this.#end(made);
          made.connected = true;
          made.heardAt = this.#context.clock.monotonicMs();
          source.addViewer(made);
        },
        onHeard: () => {
          made.heardAt = this.#context.clock.monotonicMs();
        },
        onEnded: () => this.#end(made),
      });
    } catch {
      return err("bad-offer");
    } finally {
      this.#opening--;
    }
    if (this.#context.verifier.isEnded(made.viewId)) {
      answered.peer.close();
      return err("view-ended");
    }
    made.peer = answered.peer;
    this.#views.set(made.id, made);
    this.#context.looks.begin(made.viewId);
    if (before !== undefined) this.#end(before); // the same look, begun anew: it goes on
    return ok({ id: made.id, answer: answered.answer });
  }

  /** The client leaves. False where there is no such view of that look. */
  close(id: string, viewId: number): boolean {
    const view = this.#views.get(id);
    if (view?.viewId !== viewId) return false;
    this.#end(view);
    return true;
  }

  /** A new token of the same look: it goes on. */
  renew(id: string, { claims, expiresAt }: VerifiedView): boolean {
    const view = this.#views.get(id);
    if (view?.viewId !== claims.viewId) return false;
    view.expiresAt = expiresAt;
    return true;
  }

  /** The look is over by the centre's word. Returns whether it was served here; its end is then told. */
  endView(viewId: number): boolean {
    const found = [...this.#views.values()].filter((view) => view.viewId === viewId);
    for (const view of found) this.#end(view);
    return found.length > 0;
  }

  /** Every second: ends views whose token ran out or whose client is gone. */
  tick(): void {
    const wall = this.#context.clock.wallMs();
    const now = this.#context.clock.monotonicMs();
    for (const view of this.#views.values()) if (wall > view.expiresAt || now - view.heardAt > SILENCE_MS) this.#end(view);
  }

  stop(): void {
    for (const view of this.#views.values()) this.#end(view);
  }

  #end(view: WhepView): void {
    if (!this.#views.delete(view.id)) return;
    if (view.connected) view.source.removeViewer(view);
    view.peer?.close();
    this.#context.looks.leave(view.viewId);
  }
}
