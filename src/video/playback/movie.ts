// One MP4 of any range ([PLY11] to [PLY14]), planned by arithmetic over the GOP index: an initialisation, then the stored fragments of the GOPs that touch the range, byte for
// byte but for their times and numbers, which count from the range's start. So its length is known before a byte is read, any part of it can be asked for, and a
// day begins nearly as soon as a minute; with sound, whose files are read first (movie-sound.ts), it takes as long as those take to read. The alternative, sample tables in front (a progressive file), needs the head of every fragment of the range before
// the first picture can go out: 172,800 reads for a day.
import type { WallMs } from "../../base/time.ts";
import type { MovieReference } from "../../media/fmp4/movie-head.ts";
import type { PlayableSegment } from "./hls.ts";
import { type PieceSound, SoundPlacer, type SoundShape, type StoredSoundFragment } from "./movie-sound.ts";

/** Whole GOPs that stand one after the other in one file. */
export interface MoviePiece {
  readonly segmentId: number;
  readonly runId: number;
  readonly offset: number;
  readonly bytes: number;
  /** Media time of the movie at which the first piece of this run begins. */
  readonly runStart90k: number;
  /** Whether this is the first piece of its run: the stored times of all its pieces are moved as this one's. */
  readonly beginsRun: boolean;
  /** Number of the first GOP, for the numbers of fragments. */
  readonly firstGop: number;
  /** Pictures of the last GOP. */
  readonly lastFrames: number;
  /** Time without pictures after the last one, which it lasts longer for it. */
  readonly stretch90k: number;
  /** Where each GOP begins, from `offset`, and when. */
  readonly gopStarts: readonly number[];
  readonly gopTimes: readonly WallMs[];
  /** The movie's time at which each is decoded. */
  readonly gopMedia90k: readonly number[];
  /** Where that of its last picture ends. */
  readonly endMedia90k: number;
  readonly endMs: WallMs;
  /** Stands between its pictures. */
  readonly sound: PieceSound | undefined;
}

export interface MoviePlan {
  readonly pieces: readonly MoviePiece[];
  readonly references: readonly MovieReference[];
  /** By so much all media times are later than the pieces say: sound begins before the first picture. */
  readonly lead90k: number;
  /** The same in the clock of the sound. */
  readonly soundLead: number;
  /** From the first media time to the asked start. */
  readonly edit90k: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  readonly bytes: number;
  /** Of what was recorded of the range: a clock was set back, and the movie has that time already. */
  readonly leftOutMs: number;
}

/** References in a movie's index: enough to find any 5 s of a day. */
const MOST_REFERENCES = 20_000;
const MOST_REFERENCE_BYTES = 0x7fffffff;

/** Takes segments by start, one after the other, so that a day's need not be in memory at once nor be decoded in one go. */
export class MoviePlanner {
  readonly #from: WallMs;
  readonly #to: WallMs;
  readonly #pieces: MoviePiece[] = [];
  readonly #references: { bytes: number; duration90k: number }[] = [];
  #sound: { readonly placer: SoundPlacer; readonly clockHz: number } | undefined;
  #gops = 0;
  #startMs: WallMs = -1;
  #endMs: WallMs = -1;
  #runId = -1;
  #runStart90k = 0;
  /** Where the media time of what was taken ends. */
  #end90k = 0;
  #bytes = 0;
  #leftOutMs = 0;

  constructor(from: WallMs, to: WallMs) {
    this.#from = from;
    this.#to = to;
  }

  add(segment: PlayableSegment): void {
    const gopStarts: number[] = [];
    const gopTimes: WallMs[] = [];
    const gopMedia90k: number[] = [];
    let offset = -1;
    let end = -1;
    let beginsRun = false;
    let lastFrames = 0;
    const firstGop = this.#gops;
    for (let i = 0; i < segment.gops.length; i++) {
      const gop = segment.gops[i]!;
      const next = segment.gops[i + 1];
      const startMs = segment.startMs + gop.startMs;
      const endMs = next === undefined ? segment.endMs : segment.startMs + next.startMs;
      if (startMs >= this.#to || endMs <= this.#from) continue;
      if (startMs < this.#endMs - 1_000) { // a clock was set back, and this time is there already
        this.#leftOutMs += Math.min(endMs, this.#to) - Math.max(startMs, this.#from);
        continue;
      }
      if (this.#startMs < 0) this.#startMs = startMs;
      if (segment.runId !== this.#runId) {
        this.#runId = segment.runId;
        beginsRun = true;
        this.#runStart90k = Math.max(this.#end90k, Math.round((startMs - this.#startMs) * 90));
        this.#fillTo(this.#runStart90k);
      }
      const gopEnd = next?.offset ?? segment.bytes;
      if (offset < 0) offset = gop.offset;
      gopStarts.push(gop.offset - offset);
      gopTimes.push(startMs);
      gopMedia90k.push(this.#end90k);
      end = gopEnd;
      lastFrames = gop.frames;
      this.#references.push({ bytes: gopEnd - gop.offset, duration90k: gop.duration90k });
      this.#end90k += gop.duration90k;
      this.#endMs = endMs;
      this.#gops++;
    }
    if (offset < 0) return;
    this.#bytes += end - offset;
    this.#pieces.push({
      segmentId: segment.segmentId, runId: segment.runId, offset, bytes: end - offset, runStart90k: this.#runStart90k, beginsRun, lastFrames, stretch90k: 0, firstGop, gopStarts, gopTimes, gopMedia90k, endMedia90k: this.#end90k, endMs: this.#endMs, sound: undefined,
    });
  }

  /** Time without pictures between those of the range. */
  get holes90k(): number {
    return this.#pieces.reduce((sum, { stretch90k }) => sum + stretch90k, 0);
  }

  get pieces(): readonly MoviePiece[] {
    return this.#pieces;
  }

  /** The movie has sound, once all pieces are added: what follows is added to each of them, in order. */
  beginSound(shape: SoundShape): void {
    this.#sound = { placer: new SoundPlacer(this.#from, this.#to, shape), clockHz: shape.clockHz };
  }

  /** The sound beside the piece of this number, none perhaps. `composition90k`: so much later than it is decoded a picture of it shows. */
  addSound(at: number, fragments: readonly StoredSoundFragment[], composition90k: number): void {
    const piece = this.#pieces[at]!;
    const sound = this.#sound!.placer.place(piece, fragments, composition90k, at === this.#pieces.length - 1);
    this.#pieces[at] = { ...piece, sound };
    for (const [i, gop] of sound.gops.entries()) this.#references[piece.firstGop + gop]!.bytes += sound.bytes[i]!;
    this.#bytes += sound.totalBytes;
  }

  /** Undefined where the range has no pictures. */
  finish(): MoviePlan | undefined {
    if (this.#pieces.length === 0) return undefined;
    const soundLead = this.#sound?.placer.lead ?? 0;
    const lead90k = soundLead === 0 ? 0 : Math.round((soundLead * 90_000) / this.#sound!.clockHz);
    return {
      pieces: this.#pieces, references: joinReferences(this.#references), lead90k, soundLead, edit90k: lead90k + Math.max(0, Math.round((this.#from - this.#startMs) * 90)),
      startMs: this.#startMs, endMs: this.#endMs, bytes: this.#bytes, leftOutMs: this.#leftOutMs,
    };
  }

  /** The last picture and the last reference go on over the time without pictures. */
  #fillTo(start90k: number): void {
    const stretch90k = start90k - this.#end90k;
    const last = this.#references.at(-1);
    const lastPiece = this.#pieces.at(-1);
    if (last !== undefined) last.duration90k += stretch90k;
    if (lastPiece !== undefined) this.#pieces[this.#pieces.length - 1] = { ...lastPiece, stretch90k };
    this.#end90k = start90k;
  }
}

function joinReferences(all: readonly MovieReference[]): MovieReference[] {
  const perReference = Math.ceil(all.length / MOST_REFERENCES);
  const out: { bytes: number; duration90k: number }[] = [];
  let inLast = 0;
  for (const each of all) {
    const last = out.at(-1);
    if (last === undefined || inLast >= perReference || last.bytes + each.bytes > MOST_REFERENCE_BYTES || last.duration90k + each.duration90k > 0xffffffff) {
      out.push({ ...each });
      inLast = 1;
    } else {
      last.bytes += each.bytes;
      last.duration90k += each.duration90k;
      inLast++;
    }
  }
  return out;
}

export type MoviePart =
  /** Bytes `[from, to)` of the piece's pictures. */
  | { readonly kind: "pictures"; readonly piece: MoviePiece; readonly from: number; readonly to: number }
  /** Bytes `[from, to)` of one fragment of its sound. */
  | { readonly kind: "sound"; readonly piece: MoviePiece; readonly fragment: number; readonly from: number; readonly to: number };

/** What holds bytes `[start, end)` of what follows the head, in order. */
export function* findParts(plan: MoviePlan, start: number, end: number): Generator<MoviePart> {
  let at = 0;
  for (const piece of plan.pieces) {
    if (at >= end) return;
    const bytes = piece.bytes + (piece.sound?.totalBytes ?? 0);
    if (at + bytes > start) yield* partsOf(piece, start - at, end - at);
    at += bytes;
  }
}

/** Bytes `[start, end)` of a piece with its sound. */
function* partsOf(piece: MoviePiece, start: number, end: number): Generator<MoviePart> {
  const { sound, gopStarts } = piece;
  let at = 0;
  let shown = 0;
  function* pictures(to: number): Generator<MoviePart> {
    const from = Math.max(0, start - at);
    const until = Math.min(to - shown, end - at);
    if (until > from) yield { kind: "pictures", piece, from: shown + from, to: shown + until };
    at += to - shown;
    shown = to;
  }
  for (let i = 0; i < (sound?.gops.length ?? 0) && at < end; i++) {
    yield* pictures(gopStarts[sound!.gops[i]! + 1] ?? piece.bytes);
    const bytes = sound!.bytes[i]!;
    const from = Math.max(0, start - at);
    const to = Math.min(bytes, end - at);
    if (to > from) yield { kind: "sound", piece, fragment: i, from, to };
    at += bytes;
  }
  yield* pictures(piece.bytes);
}
