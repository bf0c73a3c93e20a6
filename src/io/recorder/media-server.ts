// What browsers talk to: the live socket, the past, health and metrics. Pages of the console's origins only: a WebSocket from another origin is refused at
// the upgrade, and other origins get no CORS headers and a 403. Tokens come in messages and headers, never in URLs, so no log holds one.
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import fastify, { type FastifyInstance } from "fastify";
import { WebSocketServer } from "ws";
import type { Clock } from "../../base/time.ts";
import { HlsLive } from "./hls-live.ts";
import { LiveLooks, type LiveLooksOptions } from "./live-looks.ts";
import { LiveOutboxes } from "./live-outbox.ts";
import { LiveSocket, type LiveSocketContext, MOST_MESSAGE_BYTES } from "./live-socket.ts";
import type { PlaybackContext } from "./playback-access.ts";
import { addPlaybackRoutes } from "./playback-routes.ts";
import { RECORDING_URL } from "./recording-routes.ts";
import { addWhepRoutes } from "./whep-routes.ts";
import { WhepViews } from "./whep-views.ts";

export interface MediaServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly consoleOrigins: () => ReadonlySet<string>;
  readonly live: Omit<LiveSocketContext, "looks"> & LiveLooksOptions;
  readonly playback: PlaybackContext;
  /** For how long the centre has not been there; 0 while it is. */
  readonly centreAwayMs: () => number;
  readonly clock: Clock;
  /** Routes of other parts of the recorder. */
  readonly addRoutes: (app: FastifyInstance) => void;
  readonly renderMetrics: () => Promise<{ readonly type: string; readonly text: string }>;
  /** Undefined where the recorder can do its work, else what is missing. */
  readonly findUnreadiness: () => string | undefined;
}

const MOST_SOCKETS = 500;
const EXPORT_URL = "/v1/exports/:id";

export class MediaServer {
  readonly #options: MediaServerOptions;
  readonly #app: FastifyInstance;
  readonly #wss = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #sockets = new Set<LiveSocket>();
  readonly #outboxes = new LiveOutboxes(() => this.#countChannels());
  readonly #live: LiveSocketContext;
  readonly #whep: WhepViews;
  readonly #hls: HlsLive;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #past: ReturnType<typeof addPlaybackRoutes>;

  constructor(options: MediaServerOptions) {
    this.#options = options;
    this.#live = { ...options.live, looks: new LiveLooks(options.live) };
    this.#whep = new WhepViews(this.#live);
    this.#hls = new HlsLive(this.#live);
    this.#app = fastify({ bodyLimit: 1_024, requestTimeout: 30_000, forceCloseConnections: true, routerOptions: { maxParamLength: 64 } });
    this.#app.addHook("onRequest", async (request, reply) => {
      reply.header("vary", "Origin").header("x-content-type-options", "nosniff").header("cross-origin-resource-policy", "cross-origin");
      const { origin } = request.headers;
      if (origin === undefined || request.routeOptions.url === EXPORT_URL) return; // see evidence/export-route
      // A page without a referrer sends its forms with the origin "null". Such a request shows nothing to a page, and opens nothing without the token in it.
      if (origin === "null" && request.method === "POST" && request.routeOptions.url === RECORDING_URL) return;
      if (!options.consoleOrigins().has(origin)) {
        await reply.code(403).send({ rule: "other-origin", message: "pages of this origin may not read recordings" });
        return;
      }
      reply.header("access-control-allow-origin", origin).header("access-control-expose-headers", "content-range, content-length, accept-ranges, location, etag, content-disposition, x-citywatch-first-picture, x-citywatch-last-picture, x-citywatch-next-format, x-citywatch-left-out, x-citywatch-sound, x-citywatch-sound-missing, x-citywatch-no-sound");
      if (request.method === "OPTIONS") {
        await reply.code(204).header("access-control-allow-methods", "GET, HEAD, POST, PATCH, DELETE").header("access-control-allow-headers", "authorization, range, if-range, content-type").header("access-control-max-age", "600").send();
      }
    });
    this.#app.options("/*", async (_request, reply) => reply.code(204).send());
    this.#app.setNotFoundHandler((_request, reply) => reply.code(404).send({ rule: "not-found", message: "there is nothing here" }));
    this.#app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
      const gone = error.code === "ENOENT"; // deleted between the look-up and the read
      return reply.code(gone ? 404 : (error.statusCode ?? 500)).send({ rule: gone ? "unknown-segment" : "failed", message: gone ? "this segment is gone" : "the recorder could not answer this" });
    });
    this.#app.get("/health", async () => ({ alive: true }));
    this.#app.get("/ready", async (_request, reply) => {
      const missing = options.findUnreadiness();
      return reply.code(missing === undefined ? 200 : 503).send({ ready: missing === undefined, missing: missing ?? null });
    });
    this.#app.get("/metrics", async (_request, reply) => {
      const { type, text } = await options.renderMetrics();
      return reply.type(type).send(text);
    });
    this.#past = addPlaybackRoutes(this.#app, options.playback);
    options.addRoutes(this.#app);
    this.#hls.addRoutes(this.#app);
    addWhepRoutes(this.#app, { ...options.live, views: this.#whep });
    this.#app.server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Live views that are served: channels of all sockets, and those by WebRTC and HLS. */
  get liveChannels(): number {
    return this.#countChannels() + this.#whep.size + this.#hls.size;
  }

  /** Answers about the past that are under way. */
  get pastBodies(): number {
    return this.#past.size;
  }

  /** Ends what is under way of it. Returns whether it was served live here. */
  endView(viewId: number): boolean {
    this.#past.end(viewId);
    const served = [this.#whep, this.#hls, ...this.#sockets].filter((each) => each.endView(viewId)); // each: it may be open by several
    return served.length > 0;
  }

  async start(): Promise<number> {
    await this.#app.listen({ host: this.#options.host, port: this.#options.port });
    this.#timers.push(
      setInterval(() => {
        for (const socket of this.#sockets) socket.tick();
        this.#whep.tick();
        this.#hls.tick();
        this.#past.tick(this.#options.centreAwayMs());
      }, 1_000),
      setInterval(() => { for (const socket of this.#sockets) socket.ping(); }, 20_000),
    );
    return (this.#app.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#whep.stop();
    this.#hls.stop();
    this.#past.stop();
    for (const socket of this.#sockets) socket.close();
    const rest = setTimeout(() => { for (const socket of this.#sockets) socket.terminate(); }, 500);
    this.#wss.close();
    await this.#app.close();
    clearTimeout(rest);
    for (const socket of this.#sockets) socket.terminate();
  }

  #countChannels(): number {
    let sum = 0;
    for (const socket of this.#sockets) sum += socket.channels;
    return sum;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const reject = (status: string): void => {
      socket.on("error", () => undefined);
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    if (request.url !== "/v1/live") return reject("404 Not Found");
    if (request.headers.origin === undefined || !this.#options.consoleOrigins().has(request.headers.origin)) return reject("403 Forbidden");
    if (this.#sockets.size >= MOST_SOCKETS) return reject("503 Service Unavailable");
    this.#wss.handleUpgrade(request, socket, head, (ws) => {
      const live = new LiveSocket(ws, this.#outboxes.create(socket, () => ws.readyState === ws.OPEN), this.#live);
      this.#sockets.add(live);
      ws.on("close", () => this.#sockets.delete(live));
    });
  }
}
