// The camera simulator: an RTSP server with any number of cameras, of which only those that somebody plays cost anything. No encoder and no decoder runs: a
// picture is a slice out of a clip and a few macroblocks of text, sound a loop of its own. The alternative, an encoder per camera that draws the text, costs an encoder per camera.
import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Clock } from "../../base/time.ts";
import { STREAMS, type Stream } from "../../contract/cameras.ts";
import { DigestGuard } from "../../protocol/rtsp/digest-guard.ts";
import { Broadcaster } from "./broadcaster.ts";
import { createSoundShelf } from "./camera-sound.ts";
import { CameraStream } from "./camera-stream.ts";
import { ASSETS_DIR, SMALL_FOLDER, openClipFolder } from "./clip-folder.ts";
import { RtspConnection } from "./rtsp-connection.ts";
import type { SimulatedCamera, StagedEvent } from "./scenes.ts";
import { createUtcOffset } from "./utc-offset.ts";

export type { CameraHint, SimulatedCamera, StagedEvent } from "./scenes.ts";

/** The only user of the simulated cameras. */
export const CAMERA_USER = "camera";

export interface CameraServerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface CameraServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly password: string;
  readonly cameras: readonly SimulatedCamera[];
  readonly clock: Clock;
  readonly log: CameraServerLog;
  /** Decides which camera shows which scene. */
  readonly seed?: number;
  /** IANA name for the clock in the picture; UTC where absent. */
  readonly timeZone?: string;
  readonly assetsDir?: string;
}

export interface CameraServer {
  readonly port: number;
  /** Shows an event on a camera from the next key picture (within 2 s). False: no such camera, or none of its scenes has that event. */
  stage(cameraCode: string, event: StagedEvent, durationMs: number): boolean;
  /** Ends a staged event with the next key picture. */
  clear(cameraCode: string): void;
  /** How many cameras are being sent now. */
  activeStreams(): number;
  stop(): Promise<void>;
}

const REALM = "Citywatch simulated cameras";
const MOST_CONNECTIONS = 4_096;

/** Rejects where the port is taken, a scene is missing, a code comes twice, or the password is empty. */
export async function startCameraServer(options: CameraServerOptions): Promise<CameraServer> {
  const { clock, log, password } = options;
  if (password === "") throw new RangeError("password: empty, expected the password of the simulated cameras");
  const assets = options.assetsDir ?? ASSETS_DIR;
  const shelves = { main: openClipFolder(assets), sub: openClipFolder(path.join(assets, SMALL_FOLDER)) };
  const sounds = createSoundShelf(assets);
  const utcOffset = createUtcOffset(options.timeZone ?? "UTC");
  const cameras = new Map<string, SimulatedCamera>();
  for (const camera of options.cameras) {
    if (cameras.has(camera.code)) throw new RangeError(`cameras: code ${camera.code} comes twice`);
    cameras.set(camera.code, camera);
  }
  const streams = new Map<string, CameraStream>(); // made at the first use
  const findStream = (code: string, which: Stream = "main"): CameraStream | undefined => {
    const key = `${which} ${code}`;
    const known = streams.get(key);
    if (known) return known;
    const camera = cameras.get(code);
    if (!camera) return undefined;
    const stream = new CameraStream(camera, options.seed ?? 1, shelves[which], utcOffset);
    streams.set(key, stream);
    return stream;
  };
  const broadcaster = new Broadcaster(clock, (code, error) => log.warn({ camera: code, problem: error instanceof Error ? error.message : String(error) }, "a simulated camera cannot be shown"));
  // MD5, since ffmpeg and most cameras speak nothing else.
  const guard = new DigestGuard({ realm: REALM, algorithm: "MD5", nonceLifeMs: 3_600_000, mostNonces: 8_192 }, (algorithm, text) => createHash(algorithm === "MD5" ? "md5" : "sha256").update(text).digest("hex"));
  const connections = new Map<Socket, RtspConnection>();
  const server = createServer((socket) => {
    const connection = new RtspConnection(socket, {
      clock, guard, broadcaster,
      findPassword: (user) => (user === CAMERA_USER ? password : undefined),
      findCamera: findStream,
      findSound: (code) => {
        const kind = cameras.get(code)?.sound;
        return kind === undefined ? undefined : sounds.get(kind);
      },
      onRefused: (reason) => log.warn({ reason, from: socket.remoteAddress }, "a client was refused at a simulated camera"),
    });
    connections.set(socket, connection);
    socket.on("close", () => connections.delete(socket));
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log.warn({ problem: error.message }, "the camera server had an error"));
  const { port } = server.address() as AddressInfo;
  log.info({ host: options.host, port, cameras: cameras.size }, "simulated cameras are served");

  let stopping: Promise<void> | undefined;
  return {
    port,
    stage: (code, event, durationMs) => {
      const now = clock.wallMs();
      const shown = findStream(code)?.stage(event, now, durationMs) ?? false;
      if (shown) findStream(code, "sub")?.stage(event, now, durationMs);
      if (!shown) log.warn({ camera: code, event }, "this camera cannot show the event");
      return shown;
    },
    clear: (code) => {
      for (const which of STREAMS) streams.get(`${which} ${code}`)?.clear(clock.wallMs());
    },
    activeStreams: () => broadcaster.active,
    stop: () => {
      stopping ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const connection of connections.values()) connection.close();
        broadcaster.stop();
      });
      return stopping;
    },
  };
}
