// Where each camera's files stand on the package's clock. A file's own time is media time: its parts tell where each begins in it, and between two
// parts wall time runs as media time does (clocks are slewed by less than a picture in a minute).
import type { ManifestBeside, ManifestCamera, ManifestFile } from "../../../src/evidence/manifest.ts";
import { placeBeside } from "../player/camera-title.ts";

export interface Place {
  readonly file: ManifestFile;
  /** Seconds since the file's first picture. */
  readonly mediaS: number;
}

/** What a camera shows at a moment; undefined in a gap. */
export function findPlace(camera: Pick<ManifestCamera, "files">, atMs: number): Place | undefined {
  const file = camera.files.find(({ start, end }) => atMs >= start && atMs < end);
  const part = file?.parts.findLast(({ start }) => atMs >= start);
  return file === undefined || part === undefined ? undefined : { file, mediaS: part.media90k / 90_000 + (atMs - part.start) / 1_000 };
}

/** The sound beside a file of pictures that a browser plays: PCM of G.711, or AAC as it was sent. */
export const findSound = (file: Pick<ManifestFile, "beside">): ManifestBeside | undefined => file.beside?.find(({ kind }) => kind === "sound-to-play") ?? file.beside?.find(({ kind, codec }) => kind === "sound" && codec === "aac");

/** Names of one place mostly begin with it: then it is not said twice. */
export const sayCamera = (camera: Pick<ManifestCamera, "name" | "place">): string => [camera.name, placeBeside(camera)].filter((part) => part !== null).join(" · ");

/** All gaps by time, camera by camera. Those within a file are marked: it is time of the file, in which the picture before stands. */
export const listGaps = (cameras: readonly Pick<ManifestCamera, "code" | "gaps" | "gapsWithin">[]): { readonly code: string; readonly start: number; readonly end: number; readonly cause: string; readonly within: boolean }[] =>
  cameras.flatMap(({ code, gaps, gapsWithin = [] }) => [...gaps.map((gap) => ({ ...gap, code, within: false })), ...gapsWithin.map((gap) => ({ ...gap, code, within: true }))].toSorted((a, b) => a.start - b.start));

/** The first moment at or after `atMs` that any camera has a picture of; undefined where there is none. */
export function findNext(cameras: readonly Pick<ManifestCamera, "files">[], atMs: number): number | undefined {
  const starts = cameras.flatMap(({ files }) => files).filter(({ end }) => end > atMs).map(({ start }) => Math.max(start, atMs));
  return starts.length === 0 ? undefined : Math.min(...starts);
}
