// The recorder's server of the past over a test's archive, with tokens of a signer of its own: what a browser talks to, without cameras and without a centre.
import { generateKeyPairSync } from "node:crypto";
import type { ViewClaims } from "../../src/contract/media.ts";
import { createViewTokenSigner } from "../../src/io/crypto/view-tokens.ts";
import { HoldList } from "../../src/io/recorder/hold-list.ts";
import { MediaServer } from "../../src/io/recorder/media-server.ts";
import { SegmentReading } from "../../src/io/recorder/segment-reader.ts";
import { ServedViews } from "../../src/io/recorder/served-views.ts";
import { ViewVerifier } from "../../src/io/recorder/view-tokens.ts";
import { ActivityMeter } from "../../src/video/motion/activity-meter.ts";
import type { TestArchive } from "./archive.ts";
import { CONSOLE_ORIGIN } from "./test-centre.ts";

export class PlaybackServer {
  url = "";
  readonly reading: SegmentReading;
  readonly served = new ServedViews();
  /** Views of downloads that were told to be over. */
  readonly over: number[] = [];
  readonly #server: MediaServer;
  readonly #signer = createViewTokenSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);

  /** `nowMs` is what the server takes for now; tokens are made for it. */
  constructor(archive: TestArchive, nowMs: () => number = Date.now) {
    const clock = { wallMs: nowMs, monotonicMs: () => performance.now() };
    const verifier = new ViewVerifier(clock);
    verifier.setPublicKey(this.#signer.publicKeyPem);
    this.reading = new SegmentReading(archive.root);
    const pool = { find: (cameraId: number) => ({ camera: { code: `C-${2_000 + cameraId}` }, writer: archive.writerOf(cameraId), isRecording: false, knownUntil: (now: number) => now, activity: new ActivityMeter() }) };
    this.#server = new MediaServer({
      host: "127.0.0.1", port: 0, consoleOrigins: () => new Set([CONSOLE_ORIGIN]), clock,
      live: { pool: { find: () => undefined }, verifier, clock, onViewEnded: () => undefined },
      playback: { root: archive.root, index: archive.index, holds: new HoldList(archive.index), pool, verifier, clock, reading: this.reading, served: this.served, onDownloadOver: (viewId) => this.over.push(viewId) }, centreAwayMs: () => 0,
      addRoutes: () => undefined, renderMetrics: async () => ({ type: "text/plain", text: "" }), findUnreadiness: () => undefined,
    });
    this.#nowMs = nowMs;
  }
  readonly #nowMs: () => number;

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await this.#server.start()}`;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  endView(viewId: number): void {
    this.#server.endView(viewId);
  }

  /** Bodies under way. */
  get running(): number {
    return this.#server.pastBodies;
  }

  sign(claims: Partial<ViewClaims> = {}): Promise<string> {
    const now = this.#nowMs();
    return this.#signer.sign({ accountId: 1, cameraId: 1, viewId: 1, mode: "playback", from: null, to: null, timeline: true, sound: false, ...claims }, now - 1_000, now + 240_000);
  }

  /** A file is asked for with a token to take away, all else with one to watch. */
  async get(path: string, claims: Partial<ViewClaims> | null = {}, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const mode = path.includes("/recording.mp4") ? "download" : "playback";
    return fetch(`${this.url}${path}`, { headers: { ...headers, ...(claims === null ? {} : { authorization: `Bearer ${await this.sign({ mode, ...claims })}` }) } });
  }
}
