// The bytes of one MP4 of a range: planned once in slices that leave the event loop free, then read on demand, so that only what is on its way to the socket is in
// memory. Plans of ranges that are closed are kept a while, since a player asks for many parts of the same file.
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { WallMs } from "../../base/time.ts";
import type { StoredFormat } from "../../media/fmp4/init-reading.ts";
import { findBoxHeader, parseMoof } from "../../media/fmp4/reading.ts";
import { encodeMovieHead } from "../../media/fmp4/movie-head.ts";
import { FragmentMover } from "../../video/playback/fragment-mover.ts";
import { type MoviePiece, type MoviePlan, MoviePlanner, findPieces } from "../../video/playback/movie.ts";
import { type PlaybackContext, findSegment, listSpans } from "./playback-access.ts";
import { ReadTurns } from "./read-turns.ts";
import { SegmentFile } from "./segment-reader.ts";

export interface Movie {
  readonly plan: MoviePlan;
  readonly head: Uint8Array;
  readonly totalBytes: number;
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
const KEPT_MS = 30_000;

export class MovieSource {
  readonly #context: PlaybackContext;
  readonly #kept = new Map<string, { readonly at: number; readonly movie: Movie }>();

  readonly #turns = new ReadTurns(MOST_PLANNED);
  /** Who asks for the same meanwhile waits for the same. */
  readonly #underWay = new Map<string, Promise<Movie | undefined>>();

  constructor(context: PlaybackContext) {
    this.#context = context;
  }

  /** Undefined where the range has no pictures. */
  async find(cameraId: number, from: number, to: number): Promise<Movie | undefined> {
    const key = `${cameraId} ${from} ${to}`;
    const now = this.#context.clock.monotonicMs();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now - kept.at < KEPT_MS) return kept.movie;
    this.#kept.delete(key);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const planning = this.#turns.take(() => this.#make(key, cameraId, from, to)).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, planning);
    return planning;
  }

  async #make(key: string, cameraId: number, from: number, to: number): Promise<Movie | undefined> {
    const spans = listSpans(this.#context, cameraId, from, to);
    const file = new SegmentFile(this.#context.reading, cameraId);
    let movie: Movie | undefined;
    try {
      movie = await this.#plan(cameraId, from, to, spans.map((span) => span.segmentId), file);
    } finally {
      await file.close();
    }
    if (movie !== undefined && spans.every((span) => !span.open)) {
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size < MOST_KEPT) break;
        this.#kept.delete(oldest);
      }
      this.#kept.set(key, { at: this.#context.clock.monotonicMs(), movie });
    }
    return movie;
  }

  async #plan(cameraId: number, from: number, to: number, segmentIds: readonly number[], file: SegmentFile): Promise<Movie | undefined> {
    const planner = new MoviePlanner(from, to);
    let formatKey: string | undefined;
    let format: StoredFormat | undefined;
    let nextMs: WallMs | undefined;
    for (const [i, segmentId] of segmentIds.entries()) {
      if (i % SEGMENTS_A_SLICE === SEGMENTS_A_SLICE - 1) await nextTurn();
      const segment = findSegment(this.#context, cameraId, segmentId);
      if (segment === undefined || segment.startMs >= to || segment.endMs <= from) continue;
      formatKey ??= segment.formatKey;
      if (segment.formatKey !== formatKey) {
        nextMs = segment.startMs;
        break;
      }
      if (format === undefined) {
        await file.select(segmentId);
        format = await this.#context.reading.getFormat(file, formatKey, segment.initBytes);
      }
      planner.add(segment);
    }
    const plan = planner.finish();
    if (plan === undefined || format === undefined) return undefined;
    const head = encodeMovieHead(format, plan.references, plan.edit90k);
    const hash = createHash("sha256").update(head);
    for (const piece of plan.pieces) hash.update(`${piece.segmentId} ${piece.offset} ${piece.bytes} `);
    const shifts: { firstGop: number; shift90k: number }[] = [];
    for (const piece of plan.pieces) if (piece.beginsRun) shifts.push({ firstGop: piece.firstGop, shift90k: piece.runStart90k - (await readStart90k(file, piece)) });
    return { plan, head, totalBytes: head.length + plan.bytes, etag: `"${hash.digest("hex").slice(0, 32)}"`, shifts, nextMs };
  }

  /** Bytes `[start, end)`; `onServed` hears of the wall times of what is given out. Throws where a file is gone or broken: its reader then sees a body that is too short. */
  async *read(cameraId: number, movie: Movie, start: number, end: number, onServed: (from: WallMs, to: WallMs) => void): AsyncGenerator<Uint8Array> {
    const { head } = movie;
    if (start < head.length) yield head.subarray(start, Math.min(end, head.length));
    const file = new SegmentFile(this.#context.reading, cameraId);
    try {
      for (const { piece, from, to } of findPieces(movie.plan, start - head.length, end - head.length)) {
        await file.select(piece.segmentId);
        yield* readPiece(file, piece, from, to, movie.shifts.findLast(({ firstGop }) => firstGop <= piece.firstGop)!.shift90k, onServed);
      }
    } finally {
      await file.close();
    }
  }
}

/** Reads from the start of the GOP that `from` is in, since fragments have to be found one after the other; what is before `from` is not given out. */
async function* readPiece(file: SegmentFile, piece: MoviePiece, from: number, to: number, shift90k: number, onServed: (from: WallMs, to: WallMs) => void): AsyncGenerator<Uint8Array> {
  const gop = Math.max(0, piece.gopStarts.findLastIndex((start) => start <= from));
  const mover = new FragmentMover(piece, gop, shift90k);
  let isFirst = true;
  for (let at = piece.gopStarts[gop]!; at < to; ) {
    const wanted = Math.min(isFirst ? FIRST_READ_BYTES : READ_BYTES, piece.bytes - at);
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

/** The stored media time at which a piece begins. */
async function readStart90k(file: SegmentFile, piece: MoviePiece): Promise<number> {
  await file.select(piece.segmentId);
  const bytes = await file.read(piece.offset, Math.min(FRAGMENT_PROBE_BYTES, piece.bytes));
  const prft = findBoxHeader(bytes, 0);
  const moof = prft === undefined ? undefined : findBoxHeader(bytes, prft.size);
  const parsed = prft === undefined || moof === undefined ? undefined : parseMoof(bytes.subarray(prft.size, prft.size + moof.size));
  if (parsed?.ok !== true) throw new Error(`segment ${piece.segmentId} has no fragment at byte ${piece.offset}`);
  return parsed.value.start90k;
}
