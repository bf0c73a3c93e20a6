// A centre for tests of the recorder: takes its link, tells it cameras, signs view tokens. Speaks the contract only.
import { generateKeyPairSync } from "node:crypto";
import { type AddressInfo } from "node:net";
import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { createViewTokenSigner } from "../../src/io/crypto/view-tokens.ts";
import { JOINING_DEFAULTS, type CameraHealth, type CameraProbeResult } from "../../src/contract/cameras.ts";
import type { RecorderDisk } from "../../src/contract/recorders.ts";
import type { ViewClaims } from "../../src/contract/media.ts";
import { LinkFromRecorder, type RecorderCamera, type RecorderHold } from "../../src/contract/recorder-link.ts";

export const CONSOLE_ORIGIN = "http://127.0.0.1:7300";
export const LINK_TOKEN = "a-service-token-for-tests-only-0123456789";

export class TestCentre {
  readonly health = new Map<number, CameraHealth>();
  readonly endedViews: number[] = [];
  /** By look, what it was served. */
  readonly served = new Map<number, readonly { readonly from: number; readonly to: number }[]>();
  /** Revision of the holds that the recorder has said to have kept, and what it last told of its disk. */
  heldRevision = 0;
  disk: RecorderDisk | undefined;
  url = "";
  /** Whose pages a recorder that links serves. */
  consoleOrigins: readonly string[] = [CONSOLE_ORIGIN];
  cameras: RecorderCamera[] = [];
  /** How far its clock is ahead of the machine's. */
  clockAheadMs = 0;
  /** It does not tell what is held, though it links and tells cameras. */
  withholdHolds = false;
  /** How often a recorder linked. */
  links = 0;
  readonly #http = createServer();
  readonly #wss = new WebSocketServer({ noServer: true });
  readonly #probes = new Map<string, (result: CameraProbeResult) => void>();
  #nextViewId = 1_000; // each token is a look of its own, as the centre's are
  readonly #signer: ReturnType<typeof createViewTokenSigner>;
  #socket: WebSocket | undefined;
  #revision = 0;
  #holds: readonly RecorderHold[] = [];
  #holdRevision = 0;

  constructor() {
    const { privateKey } = generateKeyPairSync("ed25519");
    this.#signer = createViewTokenSigner(privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  }

  async start(): Promise<void> {
    this.#http.on("upgrade", (request, socket, head) => {
      if (request.url !== "/api/v1/recorder-link" || request.headers.authorization !== `Bearer ${LINK_TOKEN}`) {
        socket.destroy();
        return;
      }
      this.#wss.handleUpgrade(request, socket, head, (ws) => this.#accept(ws));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    this.url = `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const client of this.#wss.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  tell(cameras: RecorderCamera[]): void {
    this.cameras = cameras;
    this.#revision++;
    this.#socket?.send(JSON.stringify({ type: "cameras", revision: this.#revision, cameras, more: false }));
  }

  /** All holds that there are. */
  hold(holds: readonly RecorderHold[]): void {
    this.#holds = holds;
    this.#holdRevision++;
    this.#socket?.send(JSON.stringify({ type: "holds", revision: this.#holdRevision, holds, more: false }));
  }

  tellEvent(cameraIds: number[], at: number): void {
    this.#socket?.send(JSON.stringify({ type: "recording-event", cameraIds, at }));
  }

  endView(viewId: number): void {
    this.#socket?.send(JSON.stringify({ type: "end-view", viewId }));
  }

  probe(address: string, userName: string | null = null, password: string | null = null): Promise<CameraProbeResult> {
    const requestId = String(this.#probes.size + 1);
    return new Promise((resolve) => {
      this.#probes.set(requestId, resolve);
      this.#socket!.send(JSON.stringify({ type: "probe", requestId, address, userName, password, transport: "tcp", certificateSha256: null }));
    });
  }

  /** A token with these claims over a view of camera 1 that lasts a minute. */
  sign(claims: Partial<ViewClaims>, lifeMs = 60_000): Promise<string> {
    const now = Date.now();
    return this.#signer.sign({ accountId: 1, cameraId: 1, viewId: this.#nextViewId++, mode: "live", from: null, to: null, timeline: true, sound: false, ...claims }, now - 1_000, now + lifeMs);
  }

  #accept(ws: WebSocket): void {
    this.#socket = ws;
    this.links++;
    ws.on("error", () => undefined);
    ws.on("message", (data) => {
      const message = LinkFromRecorder.parse(JSON.parse(String(data)));
      if (message.type === "hello") {
        ws.send(JSON.stringify({ type: "welcome", recorderId: message.recorderId, publicKey: this.#signer.publicKeyPem, consoleOrigins: this.consoleOrigins, timeZone: "UTC", at: Date.now() + this.clockAheadMs }));
        if (!this.withholdHolds) ws.send(JSON.stringify({ type: "holds", revision: this.#holdRevision, holds: this.#holds, more: false }));
        ws.send(JSON.stringify({ type: "cameras", revision: this.#revision, cameras: this.cameras, more: false }));
      } else if (message.type === "health") {
        for (const { cameraId, health } of message.cameras) this.health.set(cameraId, health);
      } else if (message.type === "view-ended") {
        this.endedViews.push(message.viewId);
        ws.send(JSON.stringify({ type: "view-end-kept", viewId: message.viewId }));
      } else if (message.type === "view-served") {
        this.served.set(message.viewId, message.served);
        ws.send(JSON.stringify({ type: "view-served-kept", viewId: message.viewId, served: message.served }));
      } else if (message.type === "holds-kept") {
        this.heldRevision = message.revision;
      } else if (message.type === "disk") {
        this.disk = message.disk;
        ws.send(JSON.stringify({ type: "time", at: Date.now() + this.clockAheadMs }));
      } else if (message.type === "probed") {
        this.#probes.get(message.requestId)?.(message.result);
      }
    });
  }
}

export function camera(cameraId: number, address: string, more: Partial<RecorderCamera> = {}): RecorderCamera {
  return { cameraId, code: `C${cameraId}`, name: `camera ${cameraId}`, address, userName: null, password: null, sound: false, metadata: false, ...JOINING_DEFAULTS, transport: "tcp", retentionDays: 1, ...more };
}

/** Polls until `check` answers something, generously. */
export async function until<T>(what: string, check: () => T | undefined | false | Promise<T | undefined | false>, mostMs = 120_000): Promise<T> {
  const end = performance.now() + mostMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${mostMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
