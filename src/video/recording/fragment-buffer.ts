// Where a camera's pictures are put together and wait for the disk: each access unit grows at the end of the fragment that it will be a part of, so that
// its bytes are copied once between the socket and the disk. Room for the fragment's boxes is left before the first sample. A unit that does not
// fit behind the others begins a chunk of its own, and the fragment before it must be closed. Fragments go out as whole blocks of the disk, filled up
// with a free box, for direct writes. Where no chunk is to be had (the disk lags), units are put together on the heap, and `recordable` is false.
import { FRAGMENT_HEAD_BYTES, FragmentTable, MOST_FRAGMENT_SAMPLES, paddingTo, writeFree } from "../../media/fmp4/fragment.ts";
import type { UnitMemory, UnitUnderWay } from "../../media/rtp/access-unit.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { Chunk, ChunkPort } from "../ports.ts";

const SMALLEST_CHUNK = 65_536;
/** Half a second of a usual camera. What growing from less would leave behind costs more than room that is never touched. */
const FIRST_CHUNK = 256 * 1024;
/** A unit that outgrows its chunk gets twice the room up to here, so that it is not moved for each of its packets; chunks of more come in coarse sizes anyway. */
const MOST_DOUBLED_BYTES = 4 * 1024 * 1024;
/** Behind the samples there is always room for the smallest free box. */
const TAIL_BYTES = 8;

export interface TakenFragment {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
}

export class FragmentBuffer implements UnitMemory {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly table = new FragmentTable();
  readonly #chunks: ChunkPort;
  #unit: UnitUnderWay | undefined;
  /** Holds the samples of `table`, and what is behind them unless `#next` does. */
  #chunk: Chunk | undefined;
  #dataStart = 0;
  /** Holds the unit that did not fit into `#chunk`. */
  #next: Chunk | undefined;
  #recordable = false;
  /** What a chunk should hold: learnt from the fragments so far, apart for those that begin with a key frame. */
  #usualBytes = FIRST_CHUNK;
  #usualKeyBytes = 2 * FIRST_CHUNK;
  #headRoom: number;

  constructor(chunks: ChunkPort) {
    this.#chunks = chunks;
    this.#headRoom = chunks.blockBytes;
  }

  attach(unit: UnitUnderWay): void {
    this.#unit = unit;
  }

  /** Room, in whole blocks, for an initialisation of that length before a segment's first fragment; answers it. */
  reserveHead(initLength: number): number {
    this.#headRoom = initLength + paddingTo(this.#chunks.blockBytes, initLength);
    return this.#headRoom;
  }

  /** A part of an access unit has come: what is not of it would be written over it. */
  get isUnitUnderWay(): boolean {
    return (this.#unit?.length ?? 0) > 0;
  }

  /** Whether the sample's bytes stand where the next sample belongs: it need not be copied. */
  isHere(sample: Sample): boolean {
    return sample.bytes === this.bytes && sample.start === this.start;
  }

  /** Whether the fragment must be closed before this sample is added. */
  isFull(sample: Sample): boolean {
    return this.table.count === MOST_FRAGMENT_SAMPLES || this.#next !== undefined || (this.table.count > 0 && !this.isHere(sample) && this.start + sample.length > this.end);
  }

  /** Puts the sample where a fragment can begin, with `head` bytes before it. False where there is no memory that can be written from. */
  prepare(sample: Sample, head = 0): boolean {
    if (!this.#isFragmentStart(head) || !this.#recordable || !this.isHere(sample)) this.#take(sample);
    return this.#chunk !== undefined && this.#recordable;
  }

  /** Adds the sample behind those of the table; the first one with what goes before the fragment. False where there is no memory that can be written from. */
  add(sample: Sample, init: Uint8Array | undefined): boolean {
    const head = init === undefined ? 0 : this.#headRoom;
    if (this.table.count === 0) {
      if (!this.prepare(sample, head)) return false;
      this.#dataStart = this.start;
    }
    if (!this.isHere(sample)) {
      this.put(sample.bytes, sample.start, sample.start + sample.length, this.start);
      sample.bytes = this.bytes;
      sample.start = this.start;
    }
    if (init !== undefined) this.#writeInit(init, head);
    this.start += sample.length;
    this.table.add(sample.length, sample.decode90k, sample.composition90k, sample.key, sample.wallMs);
    return true;
  }

  /** The fragment with its boxes, which belongs to the caller from now on; `initBytes` of what was written before it go with it. The unit that is under way moves on. */
  take(sequence: number, initBytes: number): TakenFragment {
    const chunk = this.#chunk!;
    const dataEnd = this.#dataStart + this.table.dataBytes;
    const begin = this.#dataStart - FRAGMENT_HEAD_BYTES - initBytes;
    this.table.writeHead(chunk.bytes, this.#dataStart, sequence);
    const padding = paddingTo(this.#chunks.blockBytes, dataEnd - begin);
    const needed = dataEnd + padding - chunk.start;
    if (this.table.startsWithKey) this.#usualKeyBytes = learn(this.#usualKeyBytes, needed);
    else this.#usualBytes = learn(this.#usualBytes, needed);
    this.table.clear();
    this.#chunk = undefined;
    if (this.#next !== undefined) {
      this.#chunk = this.#next;
      this.#next = undefined;
    } else if (this.isUnitUnderWay) {
      this.#place(this.#unit!.length, this.#unit!.length);
      this.#unit!.follow();
    } else {
      this.#forget();
    }
    writeFree(chunk.bytes, dataEnd, padding); // last: the unit that moved on had its bytes here
    return { chunk, start: begin, end: dataEnd + padding };
  }

  /** Lets go of the samples; the unit under way goes on. */
  clear(): void {
    this.table.clear();
    if (this.#next !== undefined) {
      this.#chunk?.release();
      this.#chunk = this.#next;
      this.#next = undefined;
    }
  }

  /** Gives all memory back. A unit under way is lost. */
  release(): void {
    this.table.clear();
    this.#chunk?.release();
    this.#next?.release();
    this.#next = undefined;
    this.#chunk = undefined;
    this.#unit = undefined;
    this.#forget();
  }

  put(from: Uint8Array, start: number, end: number, at: number): void {
    this.#chunks.copy(from, start, end, this.bytes, at);
  }

  separate(used: number): void {
    if (this.#next === undefined && (this.table.count > 0 || this.end - this.start < this.#usualKeyBytes)) this.#place(used, Math.max(used, this.#usualKeyBytes));
  }

  grow(used: number, wanted: number): boolean {
    this.#place(used, Math.max(wanted, Math.min(used * 2, MOST_DOUBLED_BYTES)));
    return true;
  }

  /** Whether a fragment can begin at `start`, with `head` bytes before it. */
  #isFragmentStart(head: number): boolean {
    if (this.#chunk === undefined) return false;
    const before = this.start - FRAGMENT_HEAD_BYTES - this.#chunk.start;
    return before >= head && before % this.#chunks.blockBytes === 0;
  }

  /** Puts a sample of foreign memory, or one without room before it, where a fragment can begin. */
  #take(sample: Sample): void {
    const own = this.isHere(sample);
    this.#place(own ? sample.length : 0, sample.length);
    if (!own) return;
    sample.bytes = this.bytes;
    sample.start = this.start;
    this.#unit?.follow();
  }

  /** A chunk for `wanted` bytes; the first `used` of the unit go with it. What has samples before it stays until it is taken. */
  #place(used: number, wanted: number): void {
    const needed = this.#headRoom + FRAGMENT_HEAD_BYTES + wanted + TAIL_BYTES;
    const acquired = this.#chunks.acquire(Math.max(needed, this.#usualBytes)) ?? this.#chunks.acquire(needed);
    const chunk = acquired ?? onHeap(needed);
    const start = chunk.start + this.#headRoom + FRAGMENT_HEAD_BYTES;
    if (used > 0) this.#chunks.copy(this.bytes, this.start, this.start + used, chunk.bytes, start);
    if (this.table.count > 0) {
      this.#next?.release();
      this.#next = chunk;
    } else {
      this.#chunk?.release();
      this.#chunk = chunk;
    }
    this.#recordable = acquired !== undefined;
    this.bytes = chunk.bytes;
    this.start = start;
    this.end = chunk.end - TAIL_BYTES;
  }

  #forget(): void {
    this.bytes = new Uint8Array(0);
    this.start = 0;
    this.end = 0;
  }

  #writeInit(init: Uint8Array, head: number): void {
    const at = this.#dataStart - FRAGMENT_HEAD_BYTES - head;
    this.bytes.set(init, at);
    writeFree(this.bytes, at + init.length, head - init.length);
  }
}

function learn(usual: number, needed: number): number {
  return Math.max(SMALLEST_CHUNK, Math.round(usual * 0.97), Math.round(needed * 1.1));
}

function onHeap(size: number): Chunk {
  return { bytes: new Uint8Array(size), start: 0, end: size, release: () => undefined };
}
