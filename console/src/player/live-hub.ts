// One WebSocket per recorder for all tiles of the page. The state is media-link.ts'; this opens and closes the real socket, gives each
// binary message to the channel it names and tells each channel its phase when that changed.
import { decodeLiveFrame, type LiveFrame } from "./frame.ts";
import type { Stream } from "../../../src/contract/cameras.ts";
import { LiveMediaFromRecorder, type LiveSoundFormat } from "../../../src/contract/media.ts";
import { EMPTY_LINK, transitionLink, type ChannelPhase, type LinkEvent, type MediaLink } from "./media-link.ts";

export interface ChannelListener {
  onPhase(phase: ChannelPhase): void;
  onFrame(frame: LiveFrame): void;
  /** Of a channel of sound: what its frames are from now on. */
  onSoundFormat?(format: LiveSoundFormat): void;
  /** The link was too slow: this many frames were left out. */
  onDropped(frames: number): void;
  /** The link is slow: only key frames come, or everything again. A channel begins with everything whenever it opens. */
  onPace?(keyFramesOnly: boolean): void;
}
export interface ChannelHandle {
  /** The view was granted anew: the picture goes on under the new token. */
  renew(token: string): void;
  close(): void;
}

const TICK_MS = 250;
const SOCKET_PATIENCE_MS = 8_000;

class LiveHub {
  readonly #url: string;
  readonly #listeners = new Map<number, ChannelListener>();
  #link: MediaLink = EMPTY_LINK;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #nextChannel = 0;

  constructor(recorderUrl: string) {
    const url = new URL("/v1/live", recorderUrl);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#url = url.href;
  }

  /** `sound`: the channel carries sound alone. */
  open(cameraId: number, stream: Stream, token: string, listener: ChannelListener, sound = false): ChannelHandle {
    do this.#nextChannel = (this.#nextChannel + 1) % 65_536;
    while (this.#listeners.has(this.#nextChannel));
    const channel = this.#nextChannel;
    this.#listeners.set(channel, listener);
    this.#take({ type: "open", channel, cameraId, stream, token, sound });
    return {
      renew: (next) => this.#take({ type: "renew", channel, token: next }),
      close: () => {
        if (this.#listeners.delete(channel)) this.#take({ type: "close", channel });
      },
    };
  }

  #take(event: LinkEvent): void {
    const before = this.#link;
    const { link, effects } = transitionLink(before, event, Date.now(), Math.random());
    this.#link = link;
    for (const effect of effects) {
      if (effect.do === "connect") this.#connect();
      else if (effect.do === "disconnect") this.#disconnect();
      else if (effect.do === "send-open") this.#send({ type: "open", channel: effect.channel, cameraId: effect.cameraId, stream: effect.stream, token: effect.token, sound: effect.sound });
      else this.#send({ type: "close", channel: effect.channel });
    }
    if (link.socket.phase === "idle" && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    } else if (link.socket.phase !== "idle") this.#timer ??= setInterval(() => this.#take({ type: "tick" }), TICK_MS);
    if (link.channels !== before.channels)
      for (const { channel, phase } of link.channels.values()) if (before.channels.get(channel)?.phase !== phase) this.#listeners.get(channel)?.onPhase(phase);
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
  #disconnect(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
  #connect(): void {
    this.#disconnect();
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const patience = setTimeout(() => socket.close(), SOCKET_PATIENCE_MS);
    socket.onopen = () => {
      clearTimeout(patience);
      if (this.#socket === socket) this.#take({ type: "socket-open" });
    };
    socket.onclose = () => {
      clearTimeout(patience);
      if (this.#socket !== socket) return; // let go by ourselves
      this.#socket = null;
      this.#take({ type: "socket-closed" });
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (this.#socket !== socket) return;
      if (typeof data === "string") this.#hear(data);
      else this.#deliver(data);
    };
  }

  #deliver(message: ArrayBuffer): void {
    const frame = decodeLiveFrame(message);
    if ("fault" in frame) console.warn(`live frame left out: ${frame.fault}`);
    else this.#listeners.get(frame.channel)?.onFrame(frame);
  }

  #hear(text: string): void {
    let json: unknown = null;
    try {
      json = JSON.parse(text);
    } catch {
      // falls to the message below
    }
    const parsed = LiveMediaFromRecorder.safeParse(json);
    if (!parsed.success) return console.warn("live message not understood");
    const message = parsed.data;
    if (message.type === "sound-opened") this.#listeners.get(message.channel)?.onSoundFormat?.(message.sound);
    else if (message.type === "dropped") this.#listeners.get(message.channel)?.onDropped(message.frames);
    else if (message.type === "pace") this.#listeners.get(message.channel)?.onPace?.(message.pace === "key-frames");
    else if (message.type === "opened") this.#take({ type: "told", channel: message.channel, phase: { phase: "open", stream: message.stream, mimeType: message.mimeType, width: message.width, height: message.height } });
    else if (message.type === "waiting") this.#take({ type: "told", channel: message.channel, phase: { phase: "waiting", reason: message.reason, sinceMs: Date.now() } });
    else this.#take({ type: "told", channel: message.channel, phase: { phase: "refused", reason: message.reason } });
  }
}

const hubs = new Map<string, LiveHub>();
export function hubOf(recorderUrl: string): LiveHub {
  const hub = hubs.get(recorderUrl) ?? new LiveHub(recorderUrl);
  hubs.set(recorderUrl, hub);
  return hub;
}
