// Memory for fragments on their way to the disk. Direct writes want page-aligned memory, and the buffer of a WebAssembly.Memory is that; it also costs
// nothing until it is touched. Chunks come in few sizes (four to each doubling) from slabs of 32 MB and stay of their size: cameras settle at theirs, so splitting and joining would be work
// for nothing, until the slabs that there are are cut up: before another is touched, what is free and lies side by side is joined to what is wanted. What lies lowest is taken
// first, so that slabs of a burst come to lie idle and are given back. It is shared memory, so that the disk threads write from where it stands. All cameras of the process share it, and it is bounded: that is what a slow disk can take of memory.
import type { Chunk, ChunkPort } from "../../video/ports.ts";
import { type RecordingClass, leastHeldBytes, mostHeldBytes } from "../../video/recording/recording-class.ts";

// Node has it; its type declarations do not.
declare const WebAssembly: { readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => { readonly buffer: SharedArrayBuffer } };

const BLOCK_BYTES = 4_096;
const SMALLEST_CHUNK = 65_536;
const LARGEST_CHUNK = 16 * 1024 * 1024;
const SLAB_BYTES = 32 * 1024 * 1024;
const WASM_PAGE_BYTES = 65_536;

/** Memory in one piece, cut up from its beginning. */
interface Slab {
  readonly index: number;
  readonly bytes: Uint8Array;
  /** What it is cut into, in order, and up to where. */
  readonly chunks: ArenaChunk[];
  cut: number;
  held: number;
  /** Since memory was last given back. */
  wasTaken: boolean;
}

export class ChunkArena implements ChunkPort {
  readonly blockBytes = BLOCK_BYTES;
  /** Bytes of chunks that are held. */
  used = 0;
  readonly most: number;
  /** Bytes of the slabs that there are: never more than `most`, in whole slabs. */
  reserved = 0;
  /** By index; undefined where one was given back. */
  readonly #slabs: (Slab | undefined)[] = [];
  readonly #free = new Map<number, ArenaChunk[]>();
  /** The one that is being cut. */
  #newest: Slab | undefined;
  /** Given back since what is free could last not be joined: nothing is looked for again before it may be found. */
  #givenBack = Infinity;

  /** At most `most` bytes are held at a time. */
  constructor(most: number) {
    this.most = most;
  }

  acquire(size: number): Chunk | undefined {
    return this.#acquire(size, this.most);
  }

  /** The arena as one camera sees it: of more than its class's share it is refused. `findClass` is asked where memory runs short, for each picture: it must be cheap and must not fail. */
  portOf(findClass: () => RecordingClass): ChunkPort {
    let wasRefused = false;
    return {
      blockBytes: this.blockBytes,
      copy: this.copy,
      acquire: (size) => {
        const isShort = wasRefused || this.used + size > leastHeldBytes(this.most);
        const chunk = this.#acquire(size, isShort ? mostHeldBytes(findClass(), this.most, wasRefused) : this.most);
        wasRefused = chunk === undefined;
        return chunk;
      },
    };
  }

  #acquire(size: number, most: number): Chunk | undefined {
    const wanted = sizeClass(size);
    if (wanted > LARGEST_CHUNK || this.used + wanted > most) return undefined;
    const chunk = this.#findFree(wanted, most) ?? this.#carve(wanted) ?? this.#join(wanted, most) ?? this.#carveAnew(wanted);
    if (chunk === undefined) return undefined;
    this.used += chunk.end - chunk.start;
    chunk.held = true;
    chunk.slab.held++;
    chunk.slab.wasTaken = true;
    return chunk;
  }

  /** Of that size, or of up to twice as much: cameras whose fragments vary would else keep memory of each size. From the lowest slab, of whatever size: what lies above is to become idle. */
  #findFree(wanted: number, most: number): ArenaChunk | undefined {
    let found: ArenaChunk[] | undefined;
    for (let size = wanted; size <= wanted * 2 && this.used + size <= most; size = sizeClass(size + 1)) {
      const free = this.#free.get(size);
      const lowest = free?.at(-1);
      if (lowest !== undefined && (found === undefined || lowest.slab.index < found.at(-1)!.slab.index)) found = free;
    }
    return found?.pop();
  }

  // `set` copies to shared memory in small steps, each as a step that other threads may see; nobody looks before the whole is handed over.
  copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
    Buffer.prototype.copy.call(from, to, at, start, end);
  }

  giveBack(chunk: ArenaChunk): void {
    const size = chunk.end - chunk.start;
    this.used -= size;
    chunk.slab.held--;
    this.#givenBack += size;
    this.#putFree(chunk);
  }

  /** Lets go of the memory that nobody wanted since it was last called, after a burst of what waits for the disk; answers that memory, for whoever else knows of it. */
  trim(): ArrayBufferLike[] {
    const gone: ArrayBufferLike[] = [];
    for (const slab of this.#slabs) {
      if (slab === undefined) continue;
      if (slab.held === 0 && !slab.wasTaken) gone.push(this.#drop(slab));
      slab.wasTaken = false;
    }
    return gone;
  }

  #drop(slab: Slab): ArrayBufferLike {
    for (const chunk of slab.chunks) this.#takeFree(chunk);
    this.#slabs[slab.index] = undefined;
    if (this.#newest === slab) this.#newest = undefined;
    this.reserved -= SLAB_BYTES;
    return slab.bytes.buffer;
  }

  #takeFree(chunk: ArenaChunk): void {
    const free = this.#free.get(chunk.end - chunk.start)!;
    free.splice(findPlace(free, chunk), 1);
  }

  /** The lowest last, where it is taken from. */
  #putFree(chunk: ArenaChunk): void {
    const size = chunk.end - chunk.start;
    const free = this.#free.get(size);
    if (free === undefined) return void this.#free.set(size, [chunk]);
    free.splice(findPlace(free, chunk), 0, chunk);
  }

  /** From what the newest slab still has uncut. */
  #carve(size: number): ArenaChunk | undefined {
    if (this.#newest === undefined) return undefined;
    if (this.#newest.cut + size <= SLAB_BYTES) return this.#cut(this.#newest, size);
    this.#keepRest(this.#newest);
    return undefined;
  }

  #carveAnew(size: number): ArenaChunk | undefined {
    if (this.reserved >= this.most) return undefined;
    const pages = SLAB_BYTES / WASM_PAGE_BYTES;
    const bytes = new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer);
    const hole = this.#slabs.indexOf(undefined);
    const index = hole === -1 ? this.#slabs.length : hole;
    this.#slabs[index] = this.#newest = { index, bytes, chunks: [], cut: 0, held: 0, wasTaken: true };
    this.reserved += SLAB_BYTES;
    return this.#cut(this.#newest, size);
  }

  #cut(slab: Slab, size: number): ArenaChunk {
    const chunk = new ArenaChunk(this, slab, slab.cut, slab.cut + size);
    slab.chunks.push(chunk);
    slab.cut += size;
    return chunk;
  }

  /** What is left of a slab serves for the smallest. */
  #keepRest(slab: Slab): void {
    while (slab.cut + SMALLEST_CHUNK <= SLAB_BYTES) this.#putFree(this.#cut(slab, SMALLEST_CHUNK));
  }

  /** Free chunks side by side, of whatever sizes, become one of `wanted` bytes and the rest; undefined where there are not enough in any slab. */
  #join(wanted: number, most: number): ArenaChunk | undefined {
    if (this.#givenBack < wanted) return undefined;
    for (const slab of this.#slabs) {
      if (slab === undefined) continue;
      const { chunks } = slab;
      let from = 0;
      for (let at = 0; at < chunks.length; at++) {
        if (chunks[at]!.held) from = at + 1;
        else if (chunks[at]!.end - chunks[from]!.start >= wanted) return this.#recut(chunks, from, at + 1, wanted, most);
      }
    }
    this.#givenBack = 0;
    return undefined;
  }

  #recut(chunks: ArenaChunk[], from: number, to: number, wanted: number, most: number): ArenaChunk | undefined {
    const { slab, start } = chunks[from]!;
    const { end } = chunks[to - 1]!;
    // A rest too small to serve anybody goes along.
    const cut = end - start - wanted < SMALLEST_CHUNK ? end : start + wanted;
    if (this.used + cut - start > most) return undefined;
    for (const old of chunks.slice(from, to)) this.#takeFree(old);
    const chunk = new ArenaChunk(this, slab, start, cut);
    const rest = cut < end ? [new ArenaChunk(this, slab, cut, end)] : [];
    chunks.splice(from, to - from, chunk, ...rest);
    for (const each of rest) this.#putFree(each);
    return chunk;
  }
}

class ArenaChunk implements Chunk {
  readonly slab: Slab;
  readonly start: number;
  readonly end: number;
  held = false;
  readonly #arena: ChunkArena;

  constructor(arena: ChunkArena, slab: Slab, start: number, end: number) {
    this.#arena = arena;
    this.slab = slab;
    this.start = start;
    this.end = end;
  }

  get bytes(): Uint8Array {
    return this.slab.bytes;
  }

  release(): void {
    if (!this.held) throw new Error("a chunk was given back twice");
    this.held = false;
    this.#arena.giveBack(this);
  }
}

/** Where a chunk stands, or is to stand, among chunks of its size of which the highest come first. */
function findPlace(chunks: readonly ArenaChunk[], chunk: ArenaChunk): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = chunks[middle]!;
    if (other.slab.index > chunk.slab.index || (other.slab === chunk.slab && other.start > chunk.start)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Four steps to each doubling: a tenth is wasted on average. Whole blocks, all of them. */
function sizeClass(size: number): number {
  let base = SMALLEST_CHUNK;
  while (base * 2 <= size) base *= 2;
  return Math.max(base, Math.ceil(size / (base / 4)) * (base / 4));
}
