// Moves the fragments of a piece of a movie to their times in it while its bytes pass by ([PLY12]). It never holds bytes: where a buffer ends within the boxes that
// it has to change, it says how much of it may go on, and the reader comes back with the rest.
import { BOX_HEADER_BYTES, findBoxHeader } from "../../media/fmp4/reading.ts";
import { countMoofSamples, moveFragment, stretchLastSample } from "../../media/fmp4/fragment.ts";
import type { MoviePiece } from "./movie.ts";

/** Numbers of fragments rise through a movie by arithmetic: so many for each GOP, of half a second and more each. */
export const NUMBERS_A_GOP = 4_096;
/** A buffer of at least so many bytes holds what has to be changed in one go. */
export const LEAST_BUFFER_BYTES = 65_536;

export class FragmentMover {
  readonly #piece: MoviePiece;
  readonly #shift90k: number;
  #gop: number;
  #inGop = 0;
  #frames = 0;
  #skip = 0;

  /** From the GOP of the piece with this number on. */
  constructor(piece: MoviePiece, gop: number, shift90k: number) {
    this.#piece = piece;
    this.#gop = gop - 1;
    this.#shift90k = shift90k;
  }

  /**
   * Changes in place what there is of the piece from its byte `at` on, where the last call left off. Answers how many of `bytes` are done; the rest has to come again at
   * the front of the next call, which must then be longer. Undefined: these are no fragments of ours.
   */
  take(bytes: Uint8Array, at: number): number | undefined {
    const piece = this.#piece;
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    let done = skipped;
    while (done + BOX_HEADER_BYTES <= bytes.length) {
      const box = findBoxHeader(bytes, done);
      if (box === undefined) return undefined;
      if (box.type === "prft") {
        const moof = findBoxHeader(bytes, done + box.size);
        if (moof === undefined || done + box.size + moof.size > bytes.length) return bytes.length - done < LEAST_BUFFER_BYTES ? done : undefined;
        if (at + done === piece.offset + (piece.gopStarts[this.#gop + 1] ?? -1)) {
          this.#gop++;
          this.#inGop = 0;
          this.#frames = 0;
        }
        const frames = countMoofSamples(bytes, done + box.size);
        this.#frames += frames;
        const moved = moveFragment(bytes, done, (piece.firstGop + this.#gop) * NUMBERS_A_GOP + ++this.#inGop, this.#shift90k);
        if (moved === undefined) return undefined;
        if (piece.stretch90k > 0 && this.#gop === piece.gopStarts.length - 1 && this.#frames === piece.lastFrames) stretchLastSample(bytes, done + box.size, piece.stretch90k);
        done += moved;
      } else {
        const here = Math.min(box.size, bytes.length - done);
        this.#skip = box.size - here;
        done += here;
      }
    }
    return done;
  }
}
