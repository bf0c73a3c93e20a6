// The console's files, and the headers that keep a page from doing what it should not. The policy names every place that the page may speak to: this server
// and the recorders, which also give downloads to a form in a hidden frame. Nothing may frame the page, and no script runs but its own files. MapLibre makes its worker from a blob.
import { existsSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import helmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../gate/problem.ts";

export interface PageOptions {
  readonly consoleDir: string;
  readonly publicOrigin: string;
  readonly recorderOrigins: readonly string[];
}

const toWebSocket = (origin: string): string => origin.replace(/^http/, "ws");
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

export function contentSecurityPolicy({ publicOrigin, recorderOrigins }: Pick<PageOptions, "publicOrigin" | "recorderOrigins">): Record<string, string[]> {
  return {
    "default-src": ["'self'"], "script-src": ["'self'"], "worker-src": ["'self'", "blob:"], "child-src": ["'self'", "blob:"], "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:", ...recorderOrigins], "media-src": ["'self'", "blob:", ...recorderOrigins], "font-src": ["'self'"],
    "connect-src": ["'self'", toWebSocket(publicOrigin), ...recorderOrigins.flatMap((origin) => [origin, toWebSocket(origin)])],
    "object-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'self'", ...recorderOrigins], "frame-src": ["'self'", ...recorderOrigins], "frame-ancestors": ["'none'"],
  };
}

export async function registerPage(app: FastifyInstance, options: PageOptions): Promise<void> {
  const { consoleDir, publicOrigin } = options;
  const isTls = publicOrigin.startsWith("https:");
  const ownHost = new URL(publicOrigin).host;
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(options) },
    strictTransportSecurity: isTls ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    crossOriginEmbedderPolicy: false, // pictures come from the recorders' origins
  });
  await app.register(fastifyStatic, { root: consoleDir, serve: false, cacheControl: false });
  const isBuilt = (): boolean => existsSync(join(consoleDir, "index.html"));

  const sendPage = (reply: FastifyReply): FastifyReply => {
    if (!isBuilt()) return reply.code(503).type("text/plain; charset=utf-8").send("The console is not built yet.\n");
    return reply.header("cache-control", "no-cache").sendFile("index.html");
  };
  const wantsPage = (request: FastifyRequest): boolean =>
    request.method === "GET" && !/^\/(api|tiles|metrics|healthz|readyz)(\/|$)/.test(request.url) && /text\/html/.test(request.headers.accept ?? "");

  // http://localhost:7300 is the same page as http://127.0.0.1:7300, but another origin, whose live link is refused: lead there at once.
  app.addHook("onRequest", async (request, reply) => {
    if (wantsPage(request) && request.headers.host !== ownHost && isLoopbackName(request.headers.host) && isLoopbackName(ownHost)) return reply.redirect(`${publicOrigin}${safePath(request.url)}`, 307);
    return undefined;
  });

  const root = resolve(consoleDir);
  /** A file under the console's folder and nothing else; links are not followed out of it, because it holds none of ours. */
  const isFile = (path: string): boolean => {
    const full = resolve(root, path);
    return !path.includes("\0") && full.startsWith(root + sep) && (statSync(full, { throwIfNoEntry: false })?.isFile() ?? false);
  };
  const sendNothing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (wantsPage(request)) return sendPage(reply);
    return reply.code(404).header("cache-control", "no-store").send(new ApiError(404, "not-found", "There is nothing at this address").problem);
  };

  app.get("/*", { config: { permission: "open" } }, (request, reply) => {
    const path = (request.params as { "*": string })["*"];
    if (path === "" || path === "index.html") return sendPage(reply);
    if (!isFile(path)) return sendNothing(request, reply);
    return reply.header("cache-control", HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache").sendFile(path);
  });
  app.setNotFoundHandler(sendNothing);
}

const isLoopbackName = (host: string | undefined): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? "");
/** Only a path of our own: "//elsewhere" would lead away. */
const safePath = (url: string): string => (/^\/(?!\/)/.test(url) ? url : "/");
