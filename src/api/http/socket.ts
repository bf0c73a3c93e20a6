// A WebSocket as the links use it: texts in, texts out, an end. Keeps a dead peer from holding its place by pings, and tells how much waits to be
// sent, so that a slow peer can be dropped instead of growing our memory.
import type { WebSocket } from "ws";
import type { TimerPort } from "../ports.ts";

export interface Socket {
  /** Resolves when the text has left; rejects where the link is gone. */
  send(text: string | Uint8Array): Promise<void>;
  /** Without waiting; false where the link is gone. The bytes may be shared between sockets. */
  post(text: Uint8Array): boolean;
  bufferedBytes(): number;
  isOpen(): boolean;
  close(code: number, reason: string): void;
  onText(take: (text: string) => void): void;
  onClose(take: (code: number) => void): void;
}

const PING_EVERY_MS = 20_000;
const CLOSE_LIMIT_MS = 2_000;

export function wrapSocket(socket: WebSocket, timers: TimerPort): Socket {
  let heard = true;
  const stopPings = timers.every(PING_EVERY_MS, () => {
    if (!heard) {
      socket.terminate();
      return;
    }
    heard = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  });
  socket.on("pong", () => (heard = true));
  socket.on("message", () => (heard = true));
  socket.on("close", stopPings);
  socket.on("error", () => socket.terminate()); // "close" follows
  return {
    send: (text) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) reject(new Error("the link is closed"));
        else socket.send(text, { binary: false }, (error) => (error ? reject(error) : resolve()));
      }),
    post: (text) => {
      if (socket.readyState !== socket.OPEN) return false;
      socket.send(text, { binary: false });
      return true;
    },
    bufferedBytes: () => socket.bufferedAmount,
    isOpen: () => socket.readyState === socket.OPEN,
    close: (code, reason) => {
      socket.close(code, reason);
      timers.after(CLOSE_LIMIT_MS, () => socket.terminate()); // a peer that does not answer the close
    },
    onText: (take) => void socket.on("message", (data, isBinary) => (isBinary ? socket.close(1003, "texts only") : take(String(data)))),
    onClose: (take) => void socket.on("close", take),
  };
}
