// One browser's live socket: many cameras over one WebSocket, each on its channel, each opened with its own view token ([LIV5] to [LIV9] in video/SPEC.md).
// Texts go by the WebSocket library, media by an outbox (live-outbox.ts) that writes to the same connection: whole messages both, so none
// falls into another. A view ends when the channel or the socket closes, or its token runs out and no new one came.
import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../base/time.ts";
import { LIVE_FRAME_KINDS, LiveMediaFromClient, type LiveMediaFromRecorder } from "../../contract/media.ts";
import type { Stream } from "../../contract/cameras.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { DELIVERY_LIMITS, type DeliveryPace } from "../../video/live/delivery.ts";
import type { LiveViewerPort } from "../../video/live/live-stream.ts";
import type { z } from "zod";
import type { CameraPool } from "./camera-pool.ts";
import { LiveSoundChannel } from "./live-sound.ts";
import type { LiveLooks } from "./live-looks.ts";
import type { LiveSource } from "./live-source.ts";
import type { LiveOutbox } from "./live-outbox.ts";
import type { ViewVerifier } from "./view-tokens.ts";

export interface LiveSocketContext {
  readonly pool: Pick<CameraPool, "find">;
  readonly verifier: ViewVerifier;
  readonly clock: Clock;
  readonly looks: LiveLooks;
}
type Open = Extract<z.infer<typeof LiveMediaFromClient>, { type: "open" }>;
type ToBrowser = z.infer<typeof LiveMediaFromRecorder>;
type Params = Record<string, string | number>;

export const MOST_CHANNELS = 64;
export const MOST_MESSAGE_BYTES = 8_192;
/** Problems that waiting does not mend: the channel is refused rather than kept waiting. */
const HOPELESS: ReadonlySet<string> = new Set(["unsupported-codec", "bad-address", "no-video"]);

class Channel implements LiveViewerPort {
  readonly #socket: LiveSocket;
  readonly number: number;
  readonly cameraId: number;
  /** The stream that was asked for; `source` is the one that is shown. */
  wanted: Stream;
  source: LiveSource | undefined;
  viewId: number;
  expiresAt: number;
  told = "";
  #pace: DeliveryPace = "all";

  constructor(socket: LiveSocket, number: number, cameraId: number, wanted: Stream, viewId: number, expiresAt: number) {
    this.#socket = socket;
    this.number = number;
    this.cameraId = cameraId;
    this.wanted = wanted;
    this.viewId = viewId;
    this.expiresAt = expiresAt;
  }

  waitingBytes(): number {
    return this.#socket.waitingBytes();
  }

  backedUpMs(): number {
    return this.#socket.backedUpMs();
  }

  onInit(format: VideoFormat, init: Uint8Array, wallMs: number): void {
    this.told = "opened";
    this.#socket.tell({ type: "opened", channel: this.number, mimeType: `video/mp4; codecs="${format.codecString}"`, width: format.width, height: format.height, stream: this.source!.stream });
    if (this.#pace !== "all") this.onPace(this.#pace); // what was opened begins with everything
    this.#socket.sendMedia(LIVE_FRAME_KINDS.init, this.number, wallMs, init);
  }

  onFragment(fragment: Uint8Array, key: boolean, wallMs: number): void {
    this.#socket.sendMedia(key ? LIVE_FRAME_KINDS.key : LIVE_FRAME_KINDS.delta, this.number, wallMs, fragment);
  }

  onDropped(frames: number): void {
    this.#socket.tell({ type: "dropped", channel: this.number, frames });
  }

  onPace(pace: DeliveryPace): void {
    this.#pace = pace;
    this.#socket.tell({ type: "pace", channel: this.number, pace });
  }

  /** Goes over to another source, to which it is a new viewer. */
  show(source: LiveSource): void {
    this.source = source;
    this.#pace = "all";
    this.told = "";
    source.addViewer(this);
  }

  onGone(): void {
    this.#socket.endGone(this.number);
  }
}

export class LiveSocket {
  readonly #ws: WebSocket;
  readonly #outbox: LiveOutbox;
  readonly #context: LiveSocketContext;
  readonly #channels = new Map<number, Channel | LiveSoundChannel>();
  /** Messages are taken one after the other, since tokens are verified asynchronously. */
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #alive = true;
  /** When no more waited than a key frame may find; seen whenever a picture goes out. */
  #drainedAt = 0;

  constructor(ws: WebSocket, outbox: LiveOutbox, context: LiveSocketContext) {
    this.#ws = ws;
    this.#outbox = outbox;
    this.#context = context;
    ws.on("message", (data: RawData, binary: boolean) => {
      if (binary || ++this.#queued > 1_000) {
        ws.close(1008, "texts only, and not so many");
        return;
      }
      const text = String(data);
      this.#queue = this.#queue.then(() => this.#take(text)).catch(() => ws.close(1011)).finally(() => this.#queued--);
    });
    ws.on("pong", () => {
      this.#alive = true;
    });
    ws.on("error", () => ws.terminate());
    ws.on("close", () => this.#closeAll());
  }

  get channels(): number {
    return this.#channels.size;
  }

  waitingBytes(): number {
    const bytes = this.#ws.bufferedAmount + this.#outbox.waitingBytes;
    if (bytes <= DELIVERY_LIMITS.resumeBytes) this.#drainedAt = this.#context.clock.monotonicMs();
    return bytes;
  }

  backedUpMs(): number {
    return this.#context.clock.monotonicMs() - this.#drainedAt;
  }

  /** Every second: ends views whose token ran out, and says what a channel without pictures waits for. */
  tick(): void {
    const now = this.#context.clock.wallMs();
    for (const channel of this.#channels.values()) {
      if (now > channel.expiresAt) this.#refuse(channel.number, "view-expired", {});
      else if (channel instanceof LiveSoundChannel) this.#listen(channel);
      else this.#tellWaiting(channel);
    }
  }

  /** Every 20 s: a browser that answered nothing since the last one is gone. */
  ping(): void {
    if (!this.#alive) {
      this.#ws.terminate();
      return;
    }
    this.#alive = false;
    this.#ws.ping();
  }

  close(): void {
    this.#outbox.flush();
    this.#ws.close(1001, "the recorder stops");
  }

  terminate(): void {
    this.#ws.terminate();
  }

  tell(message: ToBrowser): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#outbox.flush(); // what was said before comes before
    this.#ws.send(JSON.stringify(message));
  }

  /** What was shown is no more. A camera that was removed: its viewers are told, and ask anew where it comes back. One that has other streams now: they get what there is. */
  endGone(number: number): void {
    const channel = this.#channels.get(number);
    if (channel instanceof Channel && channel.source?.stream === "sub" && this.#show(channel, channel.wanted)) return;
    this.#refuse(number, "camera-unknown", { cameraId: channel?.cameraId ?? 0 });
  }

  /** The look is over by the centre's word. Returns whether it was served here; its end is then told. */
  endView(viewId: number): boolean {
    const served = [...this.#channels.values()].filter((channel) => channel.viewId === viewId);
    for (const channel of served) this.#refuse(channel.number, "view-ended", {});
    return served.length > 0;
  }

  sendMedia(kind: number, channel: number, wallMs: number, body: Uint8Array): void {
    this.#outbox.send(kind, channel, wallMs, body);
  }

  async #take(text: string): Promise<void> {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      this.#ws.close(1007, "no JSON");
      return;
    }
    const message = LiveMediaFromClient.safeParse(json);
    if (!message.success) {
      this.#ws.close(1007, "no message of this protocol");
      return;
    }
    if (message.data.type === "close") this.#drop(message.data.channel);
    else await this.#open(message.data);
  }

  async #open({ channel: number, cameraId, token, stream, sound }: Open): Promise<void> {
    const verified = await this.#context.verifier.verify(token, cameraId, ["live"], this.#context.clock.wallMs());
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    if (!verified.ok) {
      this.#refuse(number, verified.error, { cameraId });
      return;
    }
    const { claims, expiresAt } = verified.value;
    if (sound && !claims.sound) {
      this.#refuse(number, "sound-not-allowed", { cameraId });
      return;
    }
    const present = this.#channels.get(number);
    if (present !== undefined && present.cameraId === cameraId && present instanceof LiveSoundChannel === sound) {
      // The same camera again, with a new token: the view goes on without a break.
      const { viewId } = present;
      present.viewId = claims.viewId;
      present.expiresAt = expiresAt;
      this.#context.looks.begin(claims.viewId);
      this.#context.looks.leave(viewId);
      if (present instanceof LiveSoundChannel || present.wanted === stream) return;
      present.wanted = stream;
      if (!this.#show(present, stream)) this.#refuse(number, "camera-unknown", { cameraId });
      return;
    }
    this.#drop(number);
    if (this.#channels.size >= MOST_CHANNELS) {
      this.#refuse(number, "too-many-channels", { most: MOST_CHANNELS });
      return;
    }
    if (sound) {
      const channel = new LiveSoundChannel(this, number, cameraId, claims.viewId, expiresAt);
      this.#add(channel);
      this.#listen(channel);
      return;
    }
    const channel = new Channel(this, number, cameraId, stream, claims.viewId, expiresAt);
    this.#add(channel);
    if (!this.#show(channel, stream)) this.#refuse(number, "camera-unknown", { cameraId });
  }

  #add(channel: Channel | LiveSoundChannel): void {
    this.#channels.set(channel.number, channel);
    this.#context.looks.begin(channel.viewId);
  }

  /** From now on the channel shows that stream, or main where there is none of it. False where the camera is not there any more. */
  #show(channel: Channel, stream: Stream): boolean {
    channel.source?.removeViewer(channel);
    channel.source = undefined;
    const source = this.#context.pool.find(channel.cameraId)?.findSource(stream);
    if (source === undefined) return false;
    channel.show(source);
    this.#outbox.flush(); // the first picture waits for no others
    this.#tellWaiting(channel);
    return true;
  }

  #listen(channel: LiveSoundChannel): void {
    const worker = this.#context.pool.find(channel.cameraId);
    if (worker === undefined) this.#refuse(channel.number, "camera-unknown", { cameraId: channel.cameraId });
    else channel.listenTo(worker.beside);
  }

  #tellWaiting(channel: Channel): void {
    const health = channel.source!.health();
    // A sub stream that cannot be had is gone without: the picture is what was asked for.
    if (channel.source!.stream === "sub" && health.problem !== null && this.#show(channel, "main")) return;
    if (health.state === "connected") {
      if (channel.told !== "opened" && channel.told !== "starting") this.#tellOnce(channel, "starting", {});
      return;
    }
    const code = health.problem?.code;
    if (code !== undefined && HOPELESS.has(code)) this.#refuse(channel.number, code, { ...health.problem!.params });
    else if (code === undefined) this.#tellOnce(channel, "connecting", {});
    else this.#tellOnce(channel, "reconnecting", { problem: code });
  }

  #tellOnce(channel: Channel, code: string, params: Params): void {
    const key = `${code} ${params["problem"] ?? ""}`;
    if (channel.told === key || channel.told === code) return;
    channel.told = code === "starting" ? code : key;
    this.tell({ type: "waiting", channel: channel.number, reason: { code, params } });
  }

  #refuse(number: number, code: string, params: Params): void {
    this.#drop(number);
    this.tell({ type: "refused", channel: number, reason: { code, params } });
  }

  #drop(number: number): void {
    const channel = this.#channels.get(number);
    if (channel === undefined) return;
    this.#channels.delete(number);
    if (channel instanceof LiveSoundChannel) channel.close();
    else channel.source?.removeViewer(channel);
    this.#context.looks.leave(channel.viewId);
  }

  #closeAll(): void {
    this.#outbox.clear();
    for (const number of this.#channels.keys()) this.#drop(number);
  }
}
