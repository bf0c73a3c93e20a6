// Where the sound of a range stands in its MP4 ([PLY16]): by fragments of about a second as they are stored, behind the pictures of the GOP in which each begins, so that whoever seeks finds the sound of
// that second with its picture. A fragment has the time of the picture that was taken with it. The track has no hole: browsers play the samples of a track of sound end to end whatever their times say
// (Chromium 156 plays what stands behind a hole of 4 s 4 s too early), so time without sound is filled with silence, and sound that a camera's clock made too much of loses what is
// too much. What follows within 20 ms of its place, or half a frame, is put end to end. The alternative, the sound of a minute in one block, leaves a player silent for up
// to a minute after each seek. A hole in the pictures is filled before it, so that what is heard after it stands with its pictures.
import type { WallMs } from "../../base/time.ts";

/** As its file has it. A unit is a frame of AAC, or a sampling instant of G.711. */
export interface StoredSoundFragment {
  /** `[start, end)` of the file. */
  readonly start: number;
  readonly end: number;
  readonly wallMs: WallMs;
  readonly units: number;
  /** What it takes in a movie without its first `skip` units, fewer than all. */
  readonly bytesWithout: (skip: number) => number;
}

export interface SoundShape {
  readonly clockHz: number;
  /** In the track's clock. */
  readonly unitDuration: number;
  /** What a fragment of so many silent units takes. */
  readonly silenceBytes: (units: number) => number;
}

/** The sound that stands in one piece of pictures, fragment by fragment. Columns, since a day has 86,400 of them. */
export interface PieceSound {
  /** `[froms, tos)` of the file of sound of the piece's segment; -1: silence. */
  readonly froms: Int32Array;
  readonly tos: Int32Array;
  /** Of a stored fragment those that are left out at its front; of silence all. */
  readonly units: Uint32Array;
  /** Movie time in the track's clock; below 0 before the first picture. */
  readonly starts: Float64Array;
  /** Wall times `[heardFrom, heardTo)` of what is heard of each; of silence none. */
  readonly heardFrom: Float64Array;
  readonly heardTo: Float64Array;
  /** In the movie. */
  readonly bytes: Uint32Array;
  /** The number in its piece of the GOP that each stands behind; it never falls. */
  readonly gops: Uint32Array;
  readonly totalBytes: number;
}

/** What placing asks of a piece of pictures. */
export interface PictureTimes {
  readonly gopTimes: readonly WallMs[];
  readonly gopMedia90k: readonly number[];
  /** Where the movie's time of its last picture ends. */
  readonly endMedia90k: number;
  /** Time without pictures after it. */
  readonly stretch90k: number;
  readonly endMs: WallMs;
}

const TOLERANCE_S = 0.02;
/** Of sound that began before the first picture: a fragment, which the range's start cuts. */
const MOST_LEAD_MS = 2_000;
/** Sound is told behind the pictures of its segment by what a network delays. */
const MOST_BEHIND_MS = 5_000;
/** A hole in the pictures of more than this is filled before it; in a shorter one there may be sound. */
const SHORT_HOLE_90K = MOST_BEHIND_MS * 90;
/** Of one fragment of silence; more where a hole would take too many of them, whose numbers have to rise within their GOP. */
const SILENCE_S = 10;
const MOST_FRAGMENTS_A_HOLE = 1_000;

/** Takes the pieces of one movie in order. */
export class SoundPlacer {
  readonly #from: WallMs;
  readonly #to: WallMs;
  readonly #shape: SoundShape;
  readonly #tolerance: number;
  /** Where the track ends so far. */
  #end: number | undefined;
  /** By how much the sound begins before the first picture, in the track's clock. */
  lead = 0;

  constructor(from: WallMs, to: WallMs, shape: SoundShape) {
    this.#from = from;
    this.#to = to;
    this.#shape = shape;
    this.#tolerance = Math.max(TOLERANCE_S * shape.clockHz, shape.unitDuration / 2);
  }

  /** `composition90k`: so much later than it is decoded a picture shows. The last piece is filled to its end. */
  place(piece: PictureTimes, fragments: readonly StoredSoundFragment[], composition90k: number, isLast: boolean): PieceSound {
    const { clockHz, unitDuration } = this.#shape;
    const toTicks = (media90k: number): number => Math.round(((media90k + composition90k) * clockHz) / 90_000);
    const earliest = piece.gopTimes[0]! - MOST_LEAD_MS;
    const found = fragments.filter(({ wallMs, units }) => wallMs < this.#to && wallMs + (units * unitDuration * 1_000) / clockHz > this.#from && wallMs > earliest && wallMs < piece.endMs + MOST_BEHIND_MS);
    const out = new Columns();
    let next = 0;
    for (const [gop, wallMs] of piece.gopTimes.entries()) {
      const endMs = piece.gopTimes[gop + 1] ?? Number.POSITIVE_INFINITY;
      const end90k = piece.gopMedia90k[gop + 1] ?? Number.POSITIVE_INFINITY;
      const wantedOf = (fragment: StoredSoundFragment): number => toTicks(Math.min(piece.gopMedia90k[gop]! + (fragment.wallMs - wallMs) * 90, end90k));
      for (; next < found.length && found[next]!.wallMs < endMs; next++) this.#add(found[next]!, wantedOf(found[next]!), gop, out);
      const isEnd = gop + 1 === piece.gopTimes.length;
      const isBeforeHole = piece.stretch90k > SHORT_HOLE_90K;
      if (isEnd && !isLast && !isBeforeHole) break; // what follows may go on where this ends
      const end = toTicks(isEnd ? piece.endMedia90k + (isLast ? 0 : piece.stretch90k) : end90k);
      const following = found[next];
      if (following === undefined || wantedOf(following) > end + this.#tolerance) this.#fill(end, gop, out);
    }
    return out.finish();
  }

  #add(fragment: StoredSoundFragment, wanted: number, gop: number, out: Columns): void {
    if (this.#end === undefined && wanted < 0) {
      this.#end = wanted;
      this.lead = -wanted;
    }
    this.#fill(wanted, gop, out);
    const { unitDuration } = this.#shape;
    const start = this.#end!;
    const late = start - wanted;
    const skip = late > this.#tolerance ? Math.round(late / unitDuration) : 0;
    if (skip >= fragment.units) return;
    const wallMsAt = (unit: number): WallMs => fragment.wallMs + (unit * unitDuration * 1_000) / this.#shape.clockHz;
    out.add({ from: fragment.start, to: fragment.end, units: skip, start, bytes: fragment.bytesWithout(skip), gop, heardFrom: wallMsAt(skip), heardTo: wallMsAt(fragment.units) });
    this.#end = start + (fragment.units - skip) * unitDuration;
  }

  /** Silence up to `to`, where that is more than is forgiven. */
  #fill(to: number, gop: number, out: Columns): void {
    this.#end ??= 0;
    const { clockHz, unitDuration, silenceBytes } = this.#shape;
    if (to - this.#end <= this.#tolerance) return;
    const all = Math.round((to - this.#end) / unitDuration);
    const most = Math.max(1, Math.floor((SILENCE_S * clockHz) / unitDuration), Math.ceil(all / MOST_FRAGMENTS_A_HOLE));
    for (let left = all; left > 0; ) {
      const units = Math.min(left, most);
      out.add({ from: -1, to: -1, units, start: this.#end, bytes: silenceBytes(units), gop, heardFrom: 0, heardTo: 0 });
      this.#end += units * unitDuration;
      left -= units;
    }
  }
}

/** The number of a fragment of a piece among those that stand behind the same GOP. */
export const numberInGop = ({ gops }: Pick<PieceSound, "gops">, at: number): number => at - gops.indexOf(gops[at]!);

interface PlacedFragment {
  readonly from: number;
  readonly to: number;
  readonly units: number;
  readonly start: number;
  readonly heardFrom: WallMs;
  readonly heardTo: WallMs;
  readonly bytes: number;
  readonly gop: number;
}

class Columns {
  readonly #all: PlacedFragment[] = [];

  add(fragment: PlacedFragment): void {
    this.#all.push(fragment);
  }

  finish(): PieceSound {
    const column = (of: keyof PlacedFragment): number[] => this.#all.map((each) => each[of]);
    return {
      froms: Int32Array.from(column("from")), tos: Int32Array.from(column("to")), units: Uint32Array.from(column("units")), starts: Float64Array.from(column("start")),
      heardFrom: Float64Array.from(column("heardFrom")), heardTo: Float64Array.from(column("heardTo")), bytes: Uint32Array.from(column("bytes")), gops: Uint32Array.from(column("gop")),
      totalBytes: this.#all.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }
}
