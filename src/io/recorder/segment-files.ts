// Where segment files are, and the walk over one of them. Paths are built from two positive integers and nothing else, so no id of a request can leave
// the folder. The walk reads box headers only and says where the last whole fragment ends.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, opendir, readdir, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { WallMs } from "../../base/time.ts";
import { BOX_HEADER_BYTES, findBoxHeader, findReferenceTime, listMoofSamples, parseMoof } from "../../media/fmp4/reading.ts";
import { type PictureGap, PictureGaps } from "../../video/recording/picture-gaps.ts";
import type { Gop } from "../../video/playback/gop-index.ts";
import { TRACK_FILE_KINDS, type TrackFileKind } from "./track-file-kinds.ts";

const SEGMENTS = "segments";
/** What the names of a segment's files end in; its pictures go last, so that what is beside them never stays alone. */
export const SEGMENT_FILE_ENDS = [...TRACK_FILE_KINDS.map((kind) => `.${kind}.mp4`), ".mp4"];

/** Throws RangeError where an id is no positive integer. */
export function segmentPath(root: string, cameraId: number, segmentId: number): string {
  return join(cameraFolder(root, cameraId), `${checkId(segmentId)}.mp4`);
}

type PathOf = (root: string, cameraId: number, segmentId: number) => string;
const PATHS = Object.fromEntries(TRACK_FILE_KINDS.map((kind) => [kind, (root, cameraId, segmentId) => join(cameraFolder(root, cameraId), `${checkId(segmentId)}.${kind}.mp4`)])) as Record<TrackFileKind, PathOf>;
/** Of the file of a second track beside a segment of pictures. */
export const trackFilePath = (kind: TrackFileKind): PathOf => PATHS[kind];
export const soundPath: PathOf = PATHS.sound;

export function cameraFolder(root: string, cameraId: number): string {
  return join(root, SEGMENTS, String(checkId(cameraId)));
}

function checkId(id: number): number {
  if (!Number.isSafeInteger(id) || id < 1) throw new RangeError(`id ${id}, expected a positive integer`);
  return id;
}

export interface NamedFile {
  readonly cameraId: number;
  readonly segmentId: number;
}
type TellFolder = (cameraId: number, error: Error) => void;

/** Some files of one camera, as their names say. */
export interface FileSlice {
  readonly cameraId: number;
  readonly pictures: readonly number[];
  readonly tracks: Readonly<Record<TrackFileKind, readonly number[]>>;
}
const NAMES = { pictures: /^([1-9]\d{0,14})\.mp4$/, ...Object.fromEntries(TRACK_FILE_KINDS.map((kind) => [kind, new RegExp(`^([1-9]\\d{0,14})\\.${kind}\\.mp4$`)])) } as { readonly pictures: RegExp } & Readonly<Record<TrackFileKind, RegExp>>;
const SLICE_FILES = 1_000;

/** Every file there is, some at a time: an archive has millions. Files of other names are nobody's business here. `tell` hears of folders that cannot be read. */
export async function* listFileSlices(root: string, tell: TellFolder): AsyncGenerator<FileSlice> {
  const base = join(root, SEGMENTS);
  await mkdir(base, { recursive: true });
  for (const folder of await readdir(base, { withFileTypes: true })) {
    if (!folder.isDirectory() || !/^[1-9]\d{0,14}$/.test(folder.name)) continue;
    const cameraId = Number(folder.name);
    try {
      let names: string[] = [];
      for await (const { name } of await opendir(join(base, folder.name), { bufferSize: SLICE_FILES })) {
        if (names.push(name) < SLICE_FILES) continue;
        yield toSlice(cameraId, names);
        names = [];
      }
      if (names.length > 0) yield toSlice(cameraId, names);
    } catch (error) {
      tell(cameraId, error as Error);
    }
  }
}

function toSlice(cameraId: number, names: readonly string[]): FileSlice {
  const idsOf = (name: RegExp): number[] => names.flatMap((each) => {
    const id = name.exec(each)?.[1];
    return id === undefined ? [] : [Number(id)];
  });
  return { cameraId, pictures: idsOf(NAMES.pictures), tracks: Object.fromEntries(TRACK_FILE_KINDS.map((kind) => [kind, idsOf(NAMES[kind])])) as Record<TrackFileKind, number[]> };
}

/** Makes a deletion or a new name in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a camera's folder where there is none, and its entry durable: a synced file in a folder that no folder names is lost with the power. */
export async function makeCameraFolder(root: string, cameraId: number, sync = syncFolder): Promise<void> {
  const folder = cameraFolder(root, cameraId);
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    await sync(dirname(made));
    if (made === first || made === root) return;
  }
}

/** Names the initialisation: segments with equal keys decode with the same one. */
export function formatKeyOf(init: Uint8Array): string {
  return createHash("sha256").update(init).digest("hex").slice(0, 32);
}

/** Removes a segment file and makes the removal durable; a file that is gone already is no fault. */
export async function removeFile(root: string, cameraId: number, segmentId: number): Promise<void> {
  try {
    await unlinkSegment(root, cameraId, segmentId);
    await syncFolder(cameraFolder(root, cameraId));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The pictures' file and those beside it, whichever there are. */
export async function unlinkSegment(root: string, cameraId: number, segmentId: number): Promise<void> {
  for (const pathOf of [...Object.values(PATHS), segmentPath]) {
    await unlink(pathOf(root, cameraId, segmentId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

/** The pictures' file and those beside it get another number; durable when it resolves. Throws, and changes nothing, where there is a file of that number already. */
export async function renumberSegment(root: string, cameraId: number, from: number, to: number): Promise<void> {
  const paths = [...Object.values(PATHS), segmentPath].map((pathOf) => ({ old: pathOf(root, cameraId, from), now: pathOf(root, cameraId, to) }));
  for (const { now } of paths) if (existsSync(now)) throw new Error(`${now} is there already`); // nobody else makes files of this number
  for (const { old, now } of paths) {
    await rename(old, now).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  await syncFolder(cameraFolder(root, cameraId));
}

export interface SegmentWalk {
  /** Length of ftyp, moov and the free box that fills their blocks; 0 where they are not whole. */
  readonly initBytes: number;
  readonly init: Uint8Array;
  /** Up to here everything is whole. */
  readonly wholeBytes: number;
  readonly frames: number;
  readonly startMs: WallMs | undefined;
  readonly endMs: WallMs | undefined;
  readonly gops: readonly Gop[];
  /** As the times of its samples tell them; whether packets were missing before one stands in no file. */
  readonly gapsWithin: readonly PictureGap[];
  /** Decoding time of the first sample, and the end of the last one, 90 kHz since the run began; NaN where there is none. */
  readonly start90k: number;
  readonly end90k: number;
  /** Why the walk stopped before the end of the file. */
  readonly tornBy: string | undefined;
  /** The file ends within the fragment that the walk stopped at, and all before that is whole: an end that was not written, rather than bytes that changed. */
  readonly isCutOff: boolean;
}

const MOST_HEADER_BOX = 1_048_576;

/** A file's bytes, wherever they come from. */
export interface BytesAt {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

export async function walkSegment(handle: BytesAt, fileBytes: number): Promise<SegmentWalk> {
  const read = async (at: number, length: number): Promise<Uint8Array> => {
    const buffer = new Uint8Array(length);
    const { bytesRead } = await handle.read(buffer, 0, length, at);
    return buffer.subarray(0, bytesRead);
  };
  let at = 0;
  let moovEnd = 0;
  let initBytes = 0;
  let wholeBytes = 0;
  let fragmentStart = -1;
  let wallMs: number | undefined;
  let fragment: { start90k: number; duration90k: number; frames: number; dataBytes: number; startsWithKey: boolean } | undefined;
  let durations: readonly number[] = [];
  const gaps = new PictureGaps();
  const gapsWithin: PictureGap[] = [];
  let frames = 0;
  let startMs: WallMs | undefined;
  let endMs: WallMs | undefined;
  let start90k = Number.NaN;
  let end90k = Number.NaN;
  let tornBy: string | undefined;
  let isCutOff = false;
  const gops: Gop[] = [];
  while (at < fileBytes) {
    const box = findBoxHeader(await read(at, BOX_HEADER_BYTES), 0);
    if (box === undefined) {
      tornBy = `no box at byte ${at}`;
      isCutOff = fileBytes - at < BOX_HEADER_BYTES;
      break;
    }
    if (at + box.size > fileBytes) {
      tornBy = `${box.type} at byte ${at} is cut off`;
      isCutOff = box.type === "mdat" ? box.size === BOX_HEADER_BYTES + (fragment?.dataBytes ?? 0) : (box.type === "prft" || box.type === "moof" || box.type === "free") && box.size <= MOST_HEADER_BOX;
      break;
    }
    if (box.type === "prft" || box.type === "moof") {
      if (box.size > MOST_HEADER_BOX || initBytes === 0) {
        tornBy = `${box.type} at byte ${at} out of place`;
        break;
      }
      const bytes = await read(at, box.size);
      if (box.type === "prft") {
        fragmentStart = at;
        wallMs = findReferenceTime(bytes);
      } else {
        const parsed = parseMoof(bytes);
        if (!parsed.ok) {
          tornBy = parsed.error;
          break;
        }
        fragment = parsed.value;
        durations = listMoofSamples(bytes).map(({ duration90k }) => duration90k);
      }
    } else if (box.type === "mdat") {
      if (fragment === undefined || fragmentStart < 0 || wallMs === undefined || box.size !== BOX_HEADER_BYTES + fragment.dataBytes) {
        tornBy = `mdat at byte ${at} does not fit its moof`;
        break;
      }
      const start = Math.round(wallMs);
      startMs ??= start;
      endMs = start + fragment.duration90k / 90;
      let decode90k = fragment.start90k;
      for (const duration90k of durations) {
        const gap = gaps.note({ decode90k, wallMs: wallMs + (decode90k - fragment.start90k) / 90, lossBefore: false });
        if (gap !== undefined) gapsWithin.push(gap);
        decode90k += duration90k;
      }
      frames += fragment.frames;
      if (Number.isNaN(start90k)) start90k = fragment.start90k;
      end90k = fragment.start90k + fragment.duration90k;
      const last = gops.at(-1);
      if (fragment.startsWithKey || last === undefined) gops.push({ offset: fragmentStart, startMs: start - startMs, duration90k: fragment.duration90k, frames: fragment.frames });
      else gops[gops.length - 1] = { ...last, duration90k: last.duration90k + fragment.duration90k, frames: last.frames + fragment.frames };
      wholeBytes = at + box.size;
      fragment = undefined;
      fragmentStart = -1;
    } else if (box.type === "moov") {
      moovEnd = at + box.size;
      initBytes = moovEnd;
      wholeBytes = moovEnd;
    } else if (box.type === "free" && fragment === undefined && moovEnd > 0) {
      wholeBytes = at + box.size; // fills the blocks of what is before it
      if (frames === 0) initBytes = wholeBytes;
    }
    at += box.size;
  }
  const init = moovEnd > 0 && moovEnd <= MOST_HEADER_BOX ? await read(0, moovEnd) : new Uint8Array(0);
  const joined = gaps.takeJoined();
  if (joined !== undefined) gapsWithin.push(joined);
  return { initBytes, init, wholeBytes, frames, startMs, endMs, gops, gapsWithin, start90k, end90k, tornBy, isCutOff };
}
