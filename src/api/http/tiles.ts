// Vector tiles: the city's base map from its folder, the cameras from memory. Both need a session. Coordinates are numbers by the route's own pattern and
// checked against the zoom, so no path can be made of them.
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../base/time.ts";
import { encodeCameraTile } from "../cameras/camera-tile.ts";
import type { CameraRegistry } from "../cameras/camera-registry.ts";
import { notFound } from "../gate/problem.ts";
import type { CityPort } from "../ports.ts";

const PATTERN = ":z(^\\d{1,2}$)/:x(^\\d{1,8}$)/:y(^\\d{1,8}).mvt";
const MOST_ZOOM = 22;

interface TileParams {
  readonly z: string;
  readonly x: string;
  readonly y: string;
}

function readTile(request: FastifyRequest): { z: number; x: number; y: number } {
  const params = request.params as TileParams;
  const z = Number(params.z);
  const x = Number(params.x);
  const y = Number(params.y);
  if (z > MOST_ZOOM || x >= 2 ** z || y >= 2 ** z) throw notFound("tile");
  return { z, x, y };
}

function sendTile(request: FastifyRequest, reply: FastifyReply, bytes: Uint8Array, cacheControl: string): FastifyReply {
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  reply.header("etag", etag).header("cache-control", cacheControl).header("vary", "cookie");
  if (request.headers["if-none-match"]?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag)) return reply.code(304).send();
  return reply.type("application/vnd.mapbox-vector-tile").send(bytes);
}

/** A far tile looks at every camera (600,000: a tenth of a second) and is what all consoles show first, so it is kept for a moment. */
const KEPT_BELOW_ZOOM = 13;
const KEPT_MS = 5_000;
const MOST_KEPT = 64;

export function registerTiles(app: FastifyInstance, city: CityPort, registry: CameraRegistry, clock: Clock): void {
  const kept = new Map<string, { readonly at: number; readonly bytes: Uint8Array }>();
  const cameraTile = (z: number, x: number, y: number): Uint8Array => {
    if (z >= KEPT_BELOW_ZOOM) return encodeCameraTile(registry.index, registry.health.stateOf, z, x, y);
    const key = `${z}/${x}/${y}`;
    const now = clock.monotonicMs();
    const found = kept.get(key);
    if (found !== undefined && now - found.at < KEPT_MS) return found.bytes;
    const bytes = encodeCameraTile(registry.index, registry.health.stateOf, z, x, y);
    kept.delete(key);
    kept.set(key, { at: now, bytes });
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return bytes;
  };

  app.get(`/tiles/base/${PATTERN}`, { config: { permission: "map.read" } }, (request, reply) => {
    const { z, x, y } = readTile(request);
    const tile = city.findTile(z, x, y);
    if (tile === null) return reply.code(204).header("cache-control", "private, max-age=3600").send(); // nothing is drawn there
    return sendTile(request, reply.header("content-encoding", "gzip"), tile, "private, max-age=3600");
  });
  app.get(`/tiles/cameras/${PATTERN}`, { config: { permission: "camera.read" } }, (request, reply) => {
    const { z, x, y } = readTile(request);
    return sendTile(request, reply, cameraTile(z, x, y), "private, no-cache");
  });
}
