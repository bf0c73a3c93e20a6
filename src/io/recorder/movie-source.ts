// The bytes of one MP4 of a range, with its sound where the look may hear: planned once in slices that leave the event loop free, then read on demand, so that only what is on its way to the socket is in
// memory. Of pictures the plan reads rows, and the front of each run. Plans of ranges that are closed are kept a while, since a player asks for many parts of the same file.
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { WallMs } from "../../base/time.ts";
import type { StoredFormat } from "../../media/fmp4/init-reading.ts";
import { encodeMovieHead } from "../../media/fmp4/movie-head.ts";
import { FragmentMover } from "../../video/playback/fragment-mover.ts";
import { type MoviePiece, type MoviePlan, MoviePlanner, findParts } from "../../video/playback/movie.ts";
import { HeardFiles } from "./heard-files.ts";
import { findPieceTimes } from "./piece-times.ts";
import { type PlaybackContext, findSegment, listSpans } from "./playback-access.ts";
import type { SegmentRow } from "./index-store.ts";
import { ReadTurns } from "./read-turns.ts";
import { soundPath } from "./segment-files.ts";
import { SegmentFile } from "./segment-reader.ts";
import { type MovieSound, planSound, readSound } from "./sound-of-movie.ts";

export interface Movie {
  readonly plan: MoviePlan;
  readonly head: Uint8Array;
  readonly totalBytes: number;
  /** Undefined: nobody asked for it. */
  readonly sound: MovieSound | undefined;
  /** Strong: equal tags are equal bytes. */
  readonly etag: string;
  /** From which GOP on stored times are moved how far, in order. Not by run: where a clock was set back, pieces of two runs come by turns. */
  readonly shifts: readonly { readonly firstGop: number; /** Undefined: what tells it cannot be read, and the body ends here. */ readonly shift90k: number | undefined }[];
  /** The range has more pictures, from here on of another format, which one file cannot hold so that all players read it. */
  readonly nextMs: WallMs | undefined;
}

const SEGMENTS_A_SLICE = 40;
const READ_BYTES = 262_144;
/** The first read of an answer: whoever waits for a picture waits for no more than that. */
const FIRST_READ_BYTES = 65_536;
const MOST_KEPT = 8;
/** A month's plan takes seconds of processor time and tens of MB: the others wait. */
const MOST_PLANNED = 2;
/** Those with sound read its files: one at a time, and none of the others waits for it. */
const MOST_PLANNED_WITH_SOUND = 1;
const KEPT_MS = 30_000;
/** Of a run whose front cannot be read so many pieces are asked in its place. */
const MOST_ASKED_FOR_SHIFT = 8;

/** "unreadable": there are rows of pictures, and none of their files can be read. Undefined: the range has no pictures, or nobody waits any more. */
type FoundMovie = Movie | "unreadable" | undefined;

interface PlanUnderWay {
  readonly planning: Promise<FoundMovie>;
  /** Whether each of those who wait for it still does. */
  readonly waiting: (() => boolean)[];
}

export class MovieSource {
  readonly #context: PlaybackContext;
  readonly #kept = new Map<string, { readonly until: number; readonly movie: Movie }>();

  readonly #heardFiles: HeardFiles;
  readonly #turns = new ReadTurns(MOST_PLANNED);
  readonly #turnsWithSound = new ReadTurns(MOST_PLANNED_WITH_SOUND);
  /** Who asks for the same meanwhile waits for the same. */
  readonly #underWay = new Map<string, PlanUnderWay>();

  constructor(context: PlaybackContext) {
    this.#context = context;
    this.#heardFiles = new HeardFiles(context.clock);
  }

  /** `isWaiting` is asked now and then. `hears`: with its sound, where there is any. What cannot be read at the range's front is left out; further on it ends the body. */
  async find(cameraId: number, from: number, to: number, hears: boolean, isWaiting: () => boolean): Promise<FoundMovie> {
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

  async #make(key: string, cameraId: number, from: number, to: number, hears: boolean, isOver: () => boolean): Promise<FoundMovie> {
    if (isOver()) return undefined;
    const spans = listSpans(this.#context, cameraId, from, to);
    const files = this.#open(cameraId);
    let movie: FoundMovie;
    try {
      movie = await this.#plan(cameraId, from, to, hears, spans.map((span) => span.segmentId), files, isOver);
    } finally {
      await files.close();
    }
    if (typeof movie === "object" && spans.every((span) => !span.open)) {
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size < MOST_KEPT) break;
        this.#kept.delete(oldest);
      }
      this.#kept.set(key, { until: this.#context.clock.monotonicMs() + KEPT_MS, movie });
    }
    return movie;
  }

  async #plan(cameraId: number, from: number, to: number, hears: boolean, segmentIds: readonly number[], { pictures, heard }: MovieFiles, isOver: () => boolean): Promise<FoundMovie> {
    const planner = new MoviePlanner(from, to);
    let formatKey: string | undefined;
    let format: StoredFormat | undefined;
    let nextMs: WallMs | undefined;
    let isUnreadable = false;
    for (const [i, segmentId] of segmentIds.entries()) {
      if (i % SEGMENTS_A_SLICE === SEGMENTS_A_SLICE - 1) await nextTurn();
      if (isOver()) return undefined;
      const segment = findSegment(this.#context, cameraId, segmentId);
      if (segment === undefined || segment.startMs >= to || segment.endMs <= from) continue;
      if (format !== undefined && segment.formatKey !== formatKey) {
        nextMs = segment.startMs;
        break;
      }
      format ??= await this.#findFormat(pictures, segment);
      if (format === undefined) {
        isUnreadable = true;
        continue;
      }
      formatKey = segment.formatKey;
      planner.add(segment);
    }
    const sound = hears ? await planSound(this.#context, planner, { from, to }, pictures, heard, this.#heardFiles, isOver) : undefined;
    if (isOver()) return undefined;
    const plan = planner.finish();
    if (plan === undefined || format === undefined) return isUnreadable ? "unreadable" : undefined;
    const head = encodeMovieHead({ format, sound: sound?.format, references: plan.references, start90k: plan.lead90k, edit90k: plan.edit90k });
    const hash = createHash("sha256").update(head);
    for (const { segmentId, offset, bytes, sound: beside } of plan.pieces) {
      hash.update(`${segmentId} ${offset} ${bytes} `);
      if (beside !== undefined) for (const column of [beside.froms, beside.tos, beside.units, beside.starts, beside.gops]) hash.update(column);
    }
    const shifts: { firstGop: number; shift90k: number | undefined }[] = [];
    for (const [i, { beginsRun, firstGop }] of plan.pieces.entries()) if (beginsRun) shifts.push({ firstGop, shift90k: await findShift(pictures, plan, i) });
    return { plan, head, sound, totalBytes: head.length + plan.bytes, etag: `"${hash.digest("hex").slice(0, 32)}"`, shifts, nextMs };
  }

  /** Undefined: the file is gone, or cannot be read. */
  async #findFormat(pictures: SegmentFile, { segmentId, formatKey, initBytes }: SegmentRow): Promise<StoredFormat | undefined> {
    try {
      await pictures.select(segmentId);
      return await this.#context.reading.getFormat(pictures, formatKey, initBytes);
    } catch {
      return undefined;
    }
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
          const bytes = await readSound(heard, movie.plan, movie.sound!.format!, piece, part.fragment);
          if (froms[part.fragment]! >= 0) onServed(heardFrom[part.fragment]!, heardTo[part.fragment]!); // silence tells nothing
          yield bytes.subarray(from, to);
          continue;
        }
        await pictures.select(piece.segmentId);
        const { shift90k } = movie.shifts.findLast(({ firstGop }) => firstGop <= piece.firstGop)!;
        if (shift90k === undefined) throw new Error(`no picture near the front of the run of segment ${piece.segmentId} could be read`);
        yield* readPiece(pictures, piece, from, to, shift90k, onServed);
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

/** By how much the stored times of the run that begins with this piece are moved. */
async function findShift(pictures: SegmentFile, { pieces, lead90k }: MoviePlan, first: number): Promise<number | undefined> {
  for (let i = first; i < Math.min(pieces.length, first + MOST_ASKED_FOR_SHIFT) && (i === first || !pieces[i]!.beginsRun); i++) {
    const times = await findPieceTimes(pictures, pieces[i]!, 0);
    if (times !== undefined) return lead90k + pieces[i]!.gopMedia90k[0]! - times.start90k;
  }
  return undefined;
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
