// What a tile can be showing: one union for live and past, so that the tile is one component. Each state has a drawing of its own.
import type { Reason } from "../../../src/contract/basics.ts";
import type { Stream } from "../../../src/contract/cameras.ts";
import type { GapCause } from "./timeline-scale.ts";

export type TileStatus =
  | { readonly state: "asking" } // the access record is being written
  | { readonly state: "connecting" }
  | { readonly state: "playing"; readonly stale: boolean }
  | { readonly state: "waiting"; readonly reason: Reason; readonly sinceMs: number }
  | { readonly state: "gap"; readonly cause: GapCause | null; readonly nextWallMs: number | null }
  | { readonly state: "writing" } // the newest seconds, not yet on the disk
  | { readonly state: "refused"; readonly reason: Reason }
  | { readonly state: "unsupported"; readonly codec: string }
  | { readonly state: "forbidden" };

/** Why a live tile shows less than main: this browser does not play main, or the link was too slow for it. */
export type StreamNote = { readonly why: "codec"; readonly codec: string } | { readonly why: "slow"; readonly stream: Stream; readonly keyFramesOnly: boolean };

/** Shown on demand. `pictureWallMs` is the wall time of the picture on the screen. */
export interface TileFigures {
  readonly pictureWallMs: number | null;
  readonly latencyMs: number | null; // live only
  readonly codec: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly bitsPerSecond: number | null;
  readonly framesPerSecond: number | null;
  readonly droppedFrames: number;
  readonly stream: Stream | null; // live only
  readonly note: StreamNote | null;
  /** Of the past: how far the camera's own clock was from ours at the picture's time, where it was wrong; null else, and live, where the register tells it. */
  readonly clockOffMs: number | null;
}
export const NO_FIGURES: TileFigures = {
  pictureWallMs: null, latencyMs: null, codec: null, width: null, height: null, bitsPerSecond: null, framesPerSecond: null, droppedFrames: 0, stream: null, note: null, clockOffMs: null,
};

/** A player drives one video element until `destroy`. `figures` may be read at any time; `status` tells its listener of each change. */
export interface TilePlayer {
  figures(): TileFigures;
  destroy(): void;
}
export type StatusListener = (status: TileStatus) => void;

export const sameStatus = (a: TileStatus, b: TileStatus): boolean => JSON.stringify(a) === JSON.stringify(b);

/** H.264, H.265 and friends from an RFC 6381 string, as people say it. */
export function codecName(mimeOrCodec: string): string {
  const codec = /codecs="?([^",]+)/.exec(mimeOrCodec)?.[1] ?? mimeOrCodec;
  if (/^avc[13]/i.test(codec) || /^h\.?264$/i.test(codec)) return "H.264";
  if (/^(hvc1|hev1)/i.test(codec) || /^(h\.?265|hevc)$/i.test(codec)) return "H.265";
  if (/^av01/i.test(codec)) return "AV1";
  return codec;
}
