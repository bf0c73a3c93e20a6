// Viewers of one camera in a process of their own, so that what they cost is not counted with the recorder: each has a socket, opens one channel, and
// reads what comes without looking into it. Counts pictures, so that a bench knows that its viewers were served.
import { WebSocket } from "ws";
import { LIVE_FRAME_KINDS } from "../../../src/contract/media.ts";

/** Parent to viewers. Each token opens one socket; `count` answers with what came since the last one. */
export type ToViewers = { readonly type: "open"; readonly url: string; readonly origin: string; readonly cameraId: number; readonly tokens: readonly string[] } | { readonly type: "close" } | { readonly type: "count" };
export type FromViewers = { readonly type: "opened" } | { readonly type: "closed" } | { readonly type: "counted"; readonly pictures: number; readonly dropped: number; readonly least: number };

interface Viewer {
  readonly socket: WebSocket;
  pictures: number;
}
let viewers: Viewer[] = [];
let dropped = 0;
const tell = (message: FromViewers): void => void process.send!(message);

async function open({ url, origin, cameraId, tokens }: Extract<ToViewers, { type: "open" }>): Promise<void> {
  await Promise.all(tokens.map((token) => new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url, { origin, perMessageDeflate: false });
    const viewer: Viewer = { socket, pictures: 0 };
    viewers.push(viewer);
    socket.on("error", reject);
    socket.on("open", () => socket.send(JSON.stringify({ type: "open", channel: 1, cameraId, token })));
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (!binary) {
        const message = JSON.parse(String(data)) as { type: string; frames?: number };
        if (message.type === "refused") reject(new Error(String(data)));
        if (message.type === "dropped") dropped += message.frames ?? 0;
        return;
      }
      if (data[0] === LIVE_FRAME_KINDS.init) return;
      viewer.pictures++;
      resolve();
    });
  })));
  tell({ type: "opened" });
}

async function close(): Promise<void> {
  await Promise.all(viewers.map(({ socket }) => new Promise((resolve) => {
    socket.on("close", resolve);
    socket.close();
  })));
  viewers = [];
  tell({ type: "closed" });
}

function count(): void {
  const counts = viewers.map((viewer) => viewer.pictures);
  tell({ type: "counted", pictures: counts.reduce((sum, each) => sum + each, 0), dropped, least: Math.min(...counts) });
  for (const viewer of viewers) viewer.pictures = 0;
  dropped = 0;
}

// Whoever started it may be killed: it does not go on by itself.
process.once("disconnect", () => process.exit());
process.on("message", (message: ToViewers) => {
  if (message.type === "open") void open(message);
  else if (message.type === "close") void close();
  else count();
});
