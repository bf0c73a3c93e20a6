// A page's live socket for tests, and the configuration of a recorder that it can talk to.
import { once } from "node:events";
import { WebSocket } from "ws";
import type { RecorderConfig } from "../../src/app/roles.ts";
import type { Stream } from "../../src/contract/cameras.ts";
import { LIVE_HEADER_BYTES, type LiveMediaFromRecorder } from "../../src/contract/media.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import type { z } from "zod";
import { CONSOLE_ORIGIN, LINK_TOKEN, type TestCentre } from "./test-centre.ts";

type FromRecorder = z.infer<typeof LiveMediaFromRecorder>;

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function configOf(centre: TestCentre, recordingsDir: string, more: Partial<RecorderConfig> = {}): RecorderConfig {
  return {
    role: "recorder", version: "test", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:0",
    cameraNetworks: LOOPBACK_NETWORKS, evidencePage: "", mostRecordingBytes: null, ...more,
  };
}

/** A live socket that keeps what comes. */
export class Browser {
  readonly texts: FromRecorder[] = [];
  readonly media: { kind: number; channel: number; wallMs: number; bytes: Buffer }[] = [];
  readonly ws: WebSocket;
  closed = false;

  constructor(port: number, origin: string = CONSOLE_ORIGIN) {
    this.ws = new WebSocket(`ws://127.0.0.1:${port}/v1/live`, { origin });
    this.ws.on("message", (data: Buffer, binary: boolean) => {
      if (!binary) this.texts.push(JSON.parse(String(data)) as FromRecorder);
      else this.media.push({ kind: data[0]!, channel: data.readUInt16BE(1), wallMs: data.readDoubleBE(3), bytes: data.subarray(LIVE_HEADER_BYTES) });
    });
    this.ws.on("close", () => {
      this.closed = true;
    });
    this.ws.on("error", () => undefined);
  }

  /** What was said of a channel. */
  saidOf(channel: number): FromRecorder[] {
    return this.texts.filter((text) => text.channel === channel);
  }

  async open(channel: number, cameraId: number, token: string, stream?: Stream): Promise<void> {
    if (this.ws.readyState === WebSocket.CONNECTING) await once(this.ws, "open");
    this.ws.send(JSON.stringify({ type: "open", channel, cameraId, token, ...(stream === undefined ? {} : { stream }) }));
  }
}
