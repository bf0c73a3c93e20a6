// What live sockets send, with as few writes as may be: a picture is put into its WebSocket message (RFC 6455 section 5.2, a server's: not masked) once for all viewers
// that have it on the same channel number, and where many watch, the messages of some hundredth of a second go out as one write ([LIV10]). Sending
// each by the WebSocket library cost two writes and eight objects a viewer and picture: most of the time of a recorder with a hundred viewers.
import type { Duplex } from "node:stream";
import { LIVE_HEADER_BYTES } from "../../contract/media.ts";
import { chooseSendDelayMs } from "../../video/live/pacing.ts";

const FINAL_BINARY = 0x82;

/** One picture (or initialisation) as the bytes of one whole WebSocket message. */
export function encodeLiveMessage(kind: number, channel: number, wallMs: number, body: Uint8Array): Buffer {
  const length = LIVE_HEADER_BYTES + body.length;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const out = Buffer.allocUnsafe(head + length);
  out[0] = FINAL_BINARY;
  if (head === 2) out[1] = length;
  else if (head === 4) {
    out[1] = 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 127;
    out.writeUInt32BE(0, 2);
    out.writeUInt32BE(length, 6);
  }
  out[head] = kind;
  out.writeUInt16BE(channel, head + 1);
  out.writeDoubleBE(wallMs, head + 3);
  out.set(body, head + LIVE_HEADER_BYTES);
  return out;
}

/** All live sockets of a recorder: who has something to send, and when it goes. */
export class LiveOutboxes {
  readonly #countChannels: () => number;
  #full = new Set<LiveOutbox>();
  #timer: NodeJS.Timeout | undefined;
  /** Of the body that was asked for last: its messages by channel number. Viewers of a picture are served one after the other. */
  #body: Uint8Array | undefined;
  readonly #messages = new Map<number, Buffer>();
  #joinedParts: readonly Buffer[] = [];
  #joined: Buffer | undefined;

  constructor(countChannels: () => number) {
    this.#countChannels = countChannels;
  }

  /** `isOpen`: whether messages may still be sent; after a closing frame none may. */
  create(socket: Duplex, isOpen: () => boolean): LiveOutbox {
    return new LiveOutbox(this, socket, isOpen);
  }

  message(kind: number, channel: number, wallMs: number, body: Uint8Array): Buffer {
    if (this.#body !== body) {
      this.#body = body;
      this.#messages.clear();
    }
    let message = this.#messages.get(channel);
    if (message === undefined) {
      message = encodeLiveMessage(kind, channel, wallMs, body);
      this.#messages.set(channel, message);
    }
    return message;
  }

  /** To be told by an outbox that was empty. */
  schedule(outbox: LiveOutbox): void {
    if (this.#timer === undefined) {
      const delayMs = chooseSendDelayMs(this.#countChannels());
      if (delayMs === 0) {
        outbox.flush();
        return;
      }
      this.#timer = setTimeout(() => this.#flushAll(), delayMs);
    }
    this.#full.add(outbox);
  }

  forget(outbox: LiveOutbox): void {
    this.#full.delete(outbox);
  }

  /** The parts as one piece, made once for all sockets that send the same. */
  join(parts: readonly Buffer[]): Buffer {
    const before = this.#joinedParts;
    if (this.#joined === undefined || before.length !== parts.length || parts.some((part, i) => part !== before[i])) {
      this.#joinedParts = parts;
      this.#joined = Buffer.concat(parts);
    }
    return this.#joined;
  }

  #flushAll(): void {
    this.#timer = undefined;
    const full = this.#full;
    this.#full = new Set();
    for (const outbox of full) outbox.flush();
    this.#joined = undefined;
    this.#joinedParts = [];
    this.#body = undefined;
    this.#messages.clear();
  }
}

/** One socket's. What it holds counts as waiting in the socket. */
export class LiveOutbox {
  waitingBytes = 0;
  readonly #all: LiveOutboxes;
  readonly #socket: Duplex;
  readonly #isOpen: () => boolean;
  #parts: Buffer[] = [];

  constructor(all: LiveOutboxes, socket: Duplex, isOpen: () => boolean) {
    this.#all = all;
    this.#socket = socket;
    this.#isOpen = isOpen;
  }

  send(kind: number, channel: number, wallMs: number, body: Uint8Array): void {
    const message = this.#all.message(kind, channel, wallMs, body);
    this.#parts.push(message);
    this.waitingBytes += message.length;
    if (this.#parts.length === 1) this.#all.schedule(this);
  }

  flush(): void {
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.clear();
    if (this.#isOpen()) this.#socket.write(parts.length === 1 ? parts[0]! : this.#all.join(parts));
  }

  /** Nothing of it is sent any more. */
  clear(): void {
    this.#parts = [];
    this.waitingBytes = 0;
    this.#all.forget(this);
  }
}
