// The bytes of one MP4 of a range, with its sound where the look may hear: planned once in slices that leave the event loop free, then read on demand, so that only what is on its way to the socket is in
// memory. Of pictures the plan reads rows alone; files of sound it reads whole (a hundredth of the pictures), since their index has no fragments. Plans of ranges that are closed are kept a while, since a player asks for many parts of the same file.
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { WallMs } from "../../base/time.ts";
import type { StoredFormat } from "../../media/fmp4/init-reading.ts";
import { findBoxHeader, listMoofSamples, parseMoof } from "../../media/fmp4/reading.ts";
import { SOUND_TRACK_ID, encodeMovieHead } from "../../media/fmp4/movie-head.ts";
import { type SoundFormat, countSoundUnits, findSilence, moveSoundFragment, movedSoundBytes } from "../../media/fmp4/sound.ts";
import { VIDEO_CLOCK_HZ } from "../../media/rtp/packet.ts";
import { parseSoundFragments } from "../../media/fmp4/sound-reading.ts";
import { FragmentMover, NUMBERS_A_GOP } from "../../video/playback/fragment-mover.ts";
import { type MoviePiece, type MoviePlan, MoviePlanner, findParts } from "../../video/playback/movie.ts";
import { type PlaybackContext, findSegment, listSpans } from "./playback-access.ts";
import { ReadTurns } from "./read-turns.ts";
import { soundPath } from "./segment-files.ts";
import { SegmentFile } from "./segment-reader.ts";
import { findSoundBytes } from "./sound-files.ts";
import { findTrackFile } from "./track-file-store.ts";

export interface Movie {
  readonly plan: MoviePlan;
  readonly head: Uint8Array;
  readonly totalBytes: number;
  /** Of the track of sound; undefined: it has none. */
  readonly sound: SoundFormat | undefined;
  /** Strong: equal tags are equal bytes. */
  readonly etag: string;
  /** From which GOP on stored times are moved how far, in order. Not by run: where a clock was set back, pieces of two runs come by turns. */
  readonly shifts: readonly { readonly firstGop: number; readonly shift90k: number }[];
  /** The range has more pictures, from here on of another format, which one file cannot hold so that all players read it. */
  readonly nextMs: WallMs | undefined;
}

const SEGMENTS_A_SLICE = 40;
const READ_BYTES = 262_144;
/** The first read of an answer: whoever waits for a picture waits for no more than that. */
const FIRST_READ_BYTES = 65_536;
const FRAGMENT_PROBE_BYTES = 4_096;
const MOST_KEPT = 8;
/** A month's plan takes seconds of processor time and tens of MB: the others wait. */
const MOST_PLANNED = 2;
/** Those with sound read its files: one at a time, and none of the others waits for it. */
const MOST_PLANNED_WITH_SOUND = 1;
const KEPT_MS = 30_000;
/** Silence for the time without pictures: 4 h of G.711. More of it, and the movie has no sound. */
const MOST_HOLE_BYTES = 128 * 1024 * 1024;

interface PlanUnderWay {
  readonly planning: Promise<Movie | undefined>;
  /** Whether each of those who wait for it still does. */
  readonly waiting: (() => boolean)[];
}

export class MovieSource {
  readonly #context: PlaybackContext;
  readonly #kept = new Map<string, { readonly until: number; readonly movie: Movie }>();

  readonly #turns = new ReadTurns(MOST_PLANNED);
  readonly #turnsWithSound = new ReadTurns(MOST_PLANNED_WITH_SOUND);
  /** Who asks for the same meanwhile waits for the same. */
  readonly #underWay = new Map<string, PlanUnderWay>();

  constructor(context: PlaybackContext) {
    this.#context = context;
  }

  /** Undefined where the range has no pictures, or where nobody waits for it any more: `isWaiting` is asked now and then. `hears`: with its sound, where there is any. */
  async find(cameraId: number, from: number, to: number, hears: boolean, isWaiting: () => boolean): Promise<Movie | undefined> {
    const key = `${cameraId} ${from} ${to} ${hears ? "heard" : ""}`;
    const now = this.#context.clock.monotonicMs();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now < kept.until) return kept.movie;
    this.#kept.delete(key);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) {
      underWay.waiting.push(isWaiting);
      return underWay.planning;
    }
    const waiting = [isWaiting];
    const forget = (): void => {
      if (this.#underWay.get(key)?.waiting === waiting) this.#underWay.delete(key);
    };
    const isOver = (): boolean => {
      if (waiting.some((each) => each())) return false;
      forget(); // who asks from now on begins anew
      return true;
    };
    const planning = (hears ? this.#turnsWithSound : this.#turns).take(() => this.#make(key, cameraId, from, to, hears, isOver)).finally(forget);
    this.#underWay.set(key, { planning, waiting });
    return planning;
  }

  async #make(key: string, cameraId: number, from: number, to: number, hears: boolean, isOver: () => boolean): Promise<Movie | undefined> {
    if (isOver()) return undefined;
    const spans = listSpans(this.#context, cameraId, from, to);
    const files = this.#open(cameraId);
    let movie: Movie | undefined;
    try {
      movie = await this.#plan(cameraId, from, to, hears, spans.map((span) => span.segmentId), files, isOver);
    } finally {
      await files.close();
    }
    if (movie !== undefined && spans.every((span) => !span.open)) {
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size < MOST_KEPT) break;
        this.#kept.delete(oldest);
      }
      this.#kept.set(key, { until: this.#context.clock.monotonicMs() + KEPT_MS, movie });
    }
    return movie;
  }

  async #plan(cameraId: number, from: number, to: number, hears: boolean, segmentIds: readonly number[], { pictures, heard }: MovieFiles, isOver: () => boolean): Promise<Movie | undefined> {
    const planner = new MoviePlanner(from, to);
    let formatKey: string | undefined;
    let format: StoredFormat | undefined;
    let nextMs: WallMs | undefined;
    for (const [i, segmentId] of segmentIds.entries()) {
      if (i % SEGMENTS_A_SLICE === SEGMENTS_A_SLICE - 1) await nextTurn();
      if (isOver()) return undefined;
      const segment = findSegment(this.#context, cameraId, segmentId);
      if (segment === undefined || segment.startMs >= to || segment.endMs <= from) continue;
      formatKey ??= segment.formatKey;
      if (segment.formatKey !== formatKey) {
        nextMs = segment.startMs;
        break;
      }
      if (format === undefined) {
        await pictures.select(segmentId);
        format = await this.#context.reading.getFormat(pictures, formatKey, segment.initBytes);
      }
      planner.add(segment);
    }
    const sound = hears ? await this.#addSound(planner, pictures, heard, isOver) : undefined;
    if (isOver()) return undefined;
    const plan = planner.finish();
    if (plan === undefined || format === undefined) return undefined;
    const head = encodeMovieHead({ format, sound, references: plan.references, start90k: plan.lead90k, edit90k: plan.edit90k });
    const hash = createHash("sha256").update(head);
    for (const { segmentId, offset, bytes, sound: beside } of plan.pieces) {
      hash.update(`${segmentId} ${offset} ${bytes} `);
      if (beside !== undefined) for (const column of [beside.froms, beside.tos, beside.units, beside.starts, beside.gops]) hash.update(column);
    }
    const shifts: { firstGop: number; shift90k: number }[] = [];
    for (const piece of plan.pieces) if (piece.beginsRun) shifts.push({ firstGop: piece.firstGop, shift90k: plan.lead90k + piece.runStart90k - (await readFirstMoof(pictures, piece, 0)).start90k });
    return { plan, head, sound, totalBytes: head.length + plan.bytes, etag: `"${hash.digest("hex").slice(0, 32)}"`, shifts, nextMs };
  }

  /** One format, that of the first file of sound: what is of another one is silence. Undefined: there is none, none that a movie can hold, or too much of the range has no pictures. */
  async #addSound(planner: MoviePlanner, pictures: SegmentFile, heard: SegmentFile, isOver: () => boolean): Promise<SoundFormat | undefined> {
    let format: SoundFormat | undefined;
    for (const [at, piece] of planner.pieces.entries()) {
      if (isOver()) return undefined;
      const { segmentId } = piece;
      const bytes = await findSoundBytes(heard, { segmentId, bytes: findTrackFile(this.#context.index, "sound", segmentId)?.bytes });
      const found = bytes === undefined ? undefined : parseSoundFragments(bytes);
      if (format === undefined) {
        const silence = found?.ok === true && found.value.fragments.length > 0 ? findSilence(found.value.format) : undefined;
        if (found?.ok !== true || silence === undefined) continue;
        const { clockHz } = found.value.format;
        const unitDuration = found.value.format.codec === "aac" ? found.value.format.samplesPerFrame : 1;
        if ((planner.holes90k / VIDEO_CLOCK_HZ) * silence.bytesOf(Math.ceil(clockHz / unitDuration)) > MOST_HOLE_BYTES) return undefined;
        format = found.value.format;
        planner.beginSound({ clockHz, unitDuration, silenceBytes: silence.bytesOf });
        for (let before = 0; before < at; before++) planner.addSound(before, [], 0);
      }
      const fragments = bytes === undefined || found?.ok !== true || !isSameSound(found.value.format, format) ? [] : found.value.fragments;
      const composition90k = fragments.length === 0 ? 0 : (await readFirstMoof(pictures, piece, Math.min(1, piece.gopStarts.length - 1))).composition90k;
      planner.addSound(at, fragments.map((fragment) => ({ ...fragment, bytesWithout: (skip) => movedSoundBytes(bytes!.subarray(fragment.start, fragment.end), skip) })), composition90k);
    }
    return format;
  }

  /** Bytes `[start, end)`; `onServed` is told the wall times of what is given out, to see or to hear. Throws where a file is gone or broken: its reader then sees a body that is too short. */
  async *read(cameraId: number, movie: Movie, start: number, end: number, onServed: (from: WallMs, to: WallMs) => void): AsyncGenerator<Uint8Array> {
    const { head } = movie;
    if (start < head.length) yield head.subarray(start, Math.min(end, head.length));
    const files = this.#open(cameraId);
    const { pictures, heard } = files;
    try {
      for (const part of findParts(movie.plan, start - head.length, end - head.length)) {
        const { piece, from, to } = part;
        if (part.kind === "sound") {
          const { froms, heardFrom, heardTo } = piece.sound!;
          const bytes = await readSound(heard, movie, piece, part.fragment);
          if (froms[part.fragment]! >= 0) onServed(heardFrom[part.fragment]!, heardTo[part.fragment]!); // silence tells nothing
          yield bytes.subarray(from, to);
          continue;
        }
        await pictures.select(piece.segmentId);
        yield* readPiece(pictures, piece, from, to, movie.shifts.findLast(({ firstGop }) => firstGop <= piece.firstGop)!.shift90k, onServed);
      }
    } finally {
      await files.close();
    }
  }

  #open(cameraId: number): MovieFiles {
    const pictures = new SegmentFile(this.#context.reading, cameraId);
    const heard = new SegmentFile(this.#context.reading, cameraId, soundPath);
    return { pictures, heard, close: async () => void (await Promise.all([pictures.close(), heard.close()])) };
  }
}

interface MovieFiles {
  readonly pictures: SegmentFile;
  readonly heard: SegmentFile;
  close(): Promise<void>;
}

const isSameSound = (a: SoundFormat, b: SoundFormat): boolean =>
  a.codec === b.codec && a.clockHz === b.clockHz && a.channels === b.channels && (a.codec !== "aac" || b.codec !== "aac" || Buffer.from(a.config).equals(b.config));

/** One fragment of sound, stored or silent, as it stands in the movie. */
async function readSound(file: SegmentFile, { plan, sound: format }: Movie, { segmentId, firstGop, sound }: MoviePiece, at: number): Promise<Uint8Array> {
  const { froms, tos, units, starts, gops, bytes } = sound!;
  const place = { sequence: (firstGop + gops[at]!) * NUMBERS_A_GOP + NUMBERS_A_GOP / 2 + (at % (NUMBERS_A_GOP / 2)), trackId: SOUND_TRACK_ID, start: starts[at]! + plan.soundLead };
  const from = froms[at]!;
  if (from < 0) return findSilence(format!)!.encode(place, units[at]!);
  await file.select(segmentId);
  const stored = await file.read(from, tos[at]! - from);
  const made = countSoundUnits(stored) === undefined ? undefined : moveSoundFragment(stored, place, units[at]!);
  if (made === undefined || made.length !== bytes[at]) throw new Error(`the sound of segment ${segmentId} is not as it was planned at byte ${from}`);
  return made;
}

/** Reads from the start of the GOP that `from` is in, since fragments have to be found one after the other; what is before `from` is not given out. */
async function* readPiece(file: SegmentFile, piece: MoviePiece, from: number, to: number, shift90k: number, onServed: (from: WallMs, to: WallMs) => void): AsyncGenerator<Uint8Array> {
  const gop = Math.max(0, piece.gopStarts.findLastIndex((start) => start <= from));
  const mover = new FragmentMover(piece, gop, shift90k);
  // What stands behind the last GOP that is asked for may be sound: it is not read on past its end.
  const stop = piece.gopStarts[piece.gopStarts.findLastIndex((start) => start < to) + 1] ?? piece.bytes;
  let isFirst = true;
  for (let at = piece.gopStarts[gop]!; at < to; ) {
    const wanted = Math.min(isFirst ? FIRST_READ_BYTES : READ_BYTES, stop - at);
    isFirst = false;
    const bytes = await file.read(piece.offset + at, wanted, new Uint8Array(wanted));
    const done = mover.take(bytes, piece.offset + at);
    if (done === undefined || done === 0) throw new Error(`segment ${piece.segmentId} is not as its index says at byte ${piece.offset + at}`);
    if (at + done > from) {
      const last = piece.gopStarts.findLastIndex((start) => start < Math.min(at + done, to));
      onServed(piece.gopTimes[piece.gopStarts.findLastIndex((start) => start <= Math.max(at, from))]!, piece.gopTimes[last + 1] ?? piece.endMs);
      yield bytes.subarray(Math.max(0, from - at), Math.min(done, to - at));
    }
    at += done;
  }
}

/** The stored media time at which a GOP of the piece begins, and how much later its first picture shows. */
async function readFirstMoof(file: SegmentFile, piece: MoviePiece, gop: number): Promise<{ readonly start90k: number; readonly composition90k: number }> {
  await file.select(piece.segmentId);
  const at = piece.gopStarts[gop]!;
  const bytes = await file.read(piece.offset + at, Math.min(FRAGMENT_PROBE_BYTES, piece.bytes - at));
  const prft = findBoxHeader(bytes, 0);
  const moof = prft === undefined ? undefined : findBoxHeader(bytes, prft.size);
  const box = prft === undefined || moof === undefined ? undefined : bytes.subarray(prft.size, prft.size + moof.size);
  const parsed = box === undefined ? undefined : parseMoof(box);
  if (parsed?.ok !== true) throw new Error(`segment ${piece.segmentId} has no fragment at byte ${piece.offset + at}`);
  return { start90k: parsed.value.start90k, composition90k: listMoofSamples(box!)[0]!.composition90k };
}
