// The sound in one MP4 of a range ([PLY16]): what stands in the files beside its pictures is laid into the plan, and read again when it goes out. The files are read whole (a hundredth of the pictures,
// heard-files.ts), since their index has no fragments; so the plan knows of each how much of what its row promises can still be heard, and says so: sound that was destroyed is no sound that was never there.
import type { WallMs } from "../../base/time.ts";
import { SOUND_TRACK_ID } from "../../media/fmp4/movie-head.ts";
import { type SoundFormat, countSoundUnits, findSilence, moveSoundFragment, movedSoundBytes } from "../../media/fmp4/sound.ts";
import type { SoundFragments } from "../../media/fmp4/sound-reading.ts";
import { VIDEO_CLOCK_HZ } from "../../media/rtp/packet.ts";
import { NUMBERS_A_GOP } from "../../video/playback/fragment-mover.ts";
import { numberInGop } from "../../video/playback/movie-sound.ts";
import type { MoviePiece, MoviePlan, MoviePlanner } from "../../video/playback/movie.ts";
import type { NoSound } from "../../contract/media.ts";
import type { HeardFiles } from "./heard-files.ts";
import { findPieceTimes } from "./piece-times.ts";
import type { PlaybackContext } from "./playback-access.ts";
import type { SegmentFile } from "./segment-reader.ts";
import { type SoundRow, findTrackFile } from "./track-file-store.ts";

export interface MovieSound {
  /** Undefined: the movie has none, and why. */
  readonly format: SoundFormat | undefined;
  readonly why: NoSound | undefined;
  /** Of the range: recorded, and not to be read any more. */
  readonly missingMs: number;
}

/** Silence for the time without pictures: 4 h of G.711. More of it, and the movie has no sound. */
const MOST_HOLE_BYTES = 128 * 1024 * 1024;

/** One format, that of the first file of sound: what is of another one is silence. Undefined: nobody waits for it any more. */
export async function planSound(context: PlaybackContext, planner: MoviePlanner, range: { readonly from: WallMs; readonly to: WallMs }, pictures: SegmentFile, heard: SegmentFile, files: HeardFiles, isOver: () => boolean): Promise<MovieSound | undefined> {
  let format: SoundFormat | undefined;
  let why: NoSound = "not-recorded";
  let missingMs = 0;
  let composition90k = 0;
  for (const [at, piece] of planner.pieces.entries()) {
    if (isOver()) return undefined;
    const row = findTrackFile(context.index, "sound", piece.segmentId);
    const found = await files.find(heard, { segmentId: piece.segmentId, bytes: row?.bytes });
    if (row !== undefined) missingMs += countMissingMs(row, found, range.from, range.to);
    if (format === undefined) {
      const silence = found === undefined || found.fragments.length === 0 ? undefined : findSilence(found.format);
      if (found === undefined || silence === undefined) {
        if (found !== undefined && found.fragments.length > 0) why = "other-format";
        continue;
      }
      const { clockHz } = found.format;
      const unitDuration = found.format.codec === "aac" ? found.format.samplesPerFrame : 1;
      if ((planner.holes90k / VIDEO_CLOCK_HZ) * silence.bytesOf(Math.ceil(clockHz / unitDuration)) > MOST_HOLE_BYTES) return { format: undefined, why: "hours-without-pictures", missingMs };
      format = found.format;
      planner.beginSound({ clockHz, unitDuration, silenceBytes: silence.bytesOf });
      for (let before = 0; before < at; before++) planner.addSound(before, [], 0);
    }
    const fragments = found === undefined || !isSameSound(found.format, format) ? [] : found.fragments;
    // Pictures that cannot be read show as late as those before them: the body ends there anyhow.
    if (fragments.length > 0) composition90k = (await findPieceTimes(pictures, piece, Math.min(1, piece.gopStarts.length - 1)))?.composition90k ?? composition90k;
    planner.addSound(at, fragments.map((fragment) => ({ ...fragment, bytesWithout: (skip) => movedSoundBytes(fragment.head, skip) })), composition90k);
  }
  if (format === undefined && why === "not-recorded" && missingMs > 0) why = "unreadable";
  return { format, why: format === undefined ? why : undefined, missingMs: Math.round(missingMs) };
}

/** How much of what the row of a file promises within `[from, to)` cannot be heard. What was lost on its way here is a hole between whole fragments, and does not count. */
export function countMissingMs(row: Pick<SoundRow, "startMs" | "endMs" | "bytes">, found: SoundFragments | undefined, from: WallMs, to: WallMs): number {
  const within = (startMs: WallMs, endMs: WallMs): number => Math.max(0, Math.min(endMs, to) - Math.max(startMs, from));
  if (found === undefined) return within(row.startMs, row.endMs);
  const last = found.fragments.at(-1);
  const unitDuration = found.format.codec === "aac" ? found.format.samplesPerFrame : 1;
  const endMs = last === undefined ? row.startMs : last.wallMs + (last.units * unitDuration * 1_000) / found.format.clockHz;
  const cutOffMs = found.wholeBytes < row.bytes ? within(endMs, row.endMs) : 0;
  return found.broken.reduce((sum, { wallMs, nextMs }) => sum + within(wallMs, nextMs ?? (found.wholeBytes < row.bytes ? endMs : row.endMs)), cutOffMs);
}

const isSameSound = (a: SoundFormat, b: SoundFormat): boolean =>
  a.codec === b.codec && a.clockHz === b.clockHz && a.channels === b.channels && (a.codec !== "aac" || b.codec !== "aac" || Buffer.from(a.config).equals(b.config));

/** One fragment of sound, stored or silent, as it stands in the movie. */
export async function readSound(file: SegmentFile, plan: MoviePlan, format: SoundFormat, { segmentId, firstGop, sound }: MoviePiece, at: number): Promise<Uint8Array> {
  const { froms, tos, units, starts, gops, bytes } = sound!;
  const place = { sequence: (firstGop + gops[at]!) * NUMBERS_A_GOP + NUMBERS_A_GOP / 2 + numberInGop(sound!, at), trackId: SOUND_TRACK_ID, start: starts[at]! + plan.soundLead };
  const from = froms[at]!;
  if (from < 0) return findSilence(format)!.encode(place, units[at]!);
  await file.select(segmentId);
  const stored = await file.read(from, tos[at]! - from);
  const made = countSoundUnits(stored) === undefined ? undefined : moveSoundFragment(stored, place, units[at]!);
  if (made === undefined || made.length !== bytes[at]) throw new Error(`the sound of segment ${segmentId} is not as it was planned at byte ${from}`);
  return made;
}
