// What the workers of all cameras of one recorder process share, and what each tells of itself.
import type { Clock } from "../../base/time.ts";
import type { Random } from "../../base/random.ts";
import type { PictureCheck, StreamFigures } from "../../contract/cameras.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { GopBudget } from "../../video/live/live-stream.ts";
import type { PreRollBudget } from "../../video/recording/pre-roll.ts";
import type { CameraSessionOptions } from "../tcp/camera-session.ts";
import type { ChunkArena } from "./chunk-arena.ts";
import type { TrackFileBudget } from "./track-file-writer.ts";
import type { RoomPort } from "./disk-hold.ts";
import type { DiskPort } from "./disk-port.ts";
import type { FilePort } from "./file-port.ts";
import type { IndexStore } from "./index-store.ts";
import type { WriteRoom } from "./room-keeper.ts";
import type { WriterCounters } from "./recording-writer.ts";

export interface WorkerContext extends RoomPort {
  readonly root: string;
  readonly index: IndexStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly chunks: ChunkArena;
  readonly files: FilePort;
  /** Asked before each write; where it is not given nothing is refused but by the disk. */
  readonly room?: WriteRoom;
  /** An evidence hold reaches over now. */
  readonly isHeldNow: (cameraId: number) => boolean;
  /** How long segments are; a minute where it is not said. */
  readonly segmentMs?: number;
  /** What hashes and writes; Node's thread pool where it is not said. */
  readonly disk?: DiskPort;
  readonly gopBudget: GopBudget;
  readonly trackFileBudget: TrackFileBudget;
  readonly preRollBudget: PreRollBudget;
  readonly counters: WriterCounters;
  /** The city's, by which weekly hours go (IANA name). */
  readonly timeZone: () => string;
  readonly session: CameraSessionOptions;
  /** Looks at recorded pictures, unless its program is missing; absent where nobody does. */
  readonly pictures?: { readonly isMissing: boolean; find(cameraId: number): PictureCheck | null };
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}

export interface WorkerHealth {
  readonly state: "connected" | "connecting" | "failing" | "idle";
  readonly since: number;
  readonly problem: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null;
  readonly lastFrameAt: number | null;
  readonly format: VideoFormat | null;
  readonly bitsPerSecond: number | null;
  readonly framesPerSecond: number | null;
  readonly reconnects: number;
}

export type WorkerFigures = Omit<StreamFigures, "picture" | "pictureChecks">;
