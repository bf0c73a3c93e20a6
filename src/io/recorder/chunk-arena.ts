// Memory for fragments on their way to the disk. Direct writes want page-aligned memory, and the buffer of a WebAssembly.Memory is that; it also costs
// nothing until it is touched. Chunks come in few sizes (four to each doubling) from slabs of 32 MB and stay of their size: cameras settle
// at theirs, so splitting and joining would be work for nothing, until all slabs that may be had are cut up: only then is what is free, and lies side by side, joined to what is wanted. It is shared memory, so that the disk threads write from where it stands. All cameras of the process share it, and it is bounded: that is what a slow disk can take of memory.
import type { Chunk, ChunkPort } from "../../video/ports.ts";
import { type RecordingClass, leastHeldBytes, mostHeldBytes } from "../../video/recording/recording-class.ts";

// Node has it; its type declarations do not.
declare const WebAssembly: { readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => { readonly buffer: SharedArrayBuffer } };

const BLOCK_BYTES = 4_096;
const SMALLEST_CHUNK = 65_536;
const LARGEST_CHUNK = 16 * 1024 * 1024;
const SLAB_BYTES = 32 * 1024 * 1024;
const WASM_PAGE_BYTES = 65_536;

export class ChunkArena implements ChunkPort {
  readonly blockBytes = BLOCK_BYTES;
  /** Bytes of chunks that are held. */
  used = 0;
  readonly most: number;
  /** Bytes of the slabs, which stay once they were needed: never more than `most`, in whole slabs. */
  reserved = 0;
  readonly #slabs: ArenaChunk[][] = [];
  readonly #free = new Map<number, ArenaChunk[]>();
  #slab: Uint8Array = new Uint8Array(0);
  #slabUsed = 0;
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
    const chunk = this.#findFree(wanted, most) ?? this.#carve(wanted) ?? this.#join(wanted, most);
    if (chunk === undefined) return undefined;
    this.used += chunk.end - chunk.start;
    chunk.held = true;
    return chunk;
  }

  /** Of that size, or of up to twice as much: cameras whose fragments vary would else keep memory of each size. */
  #findFree(wanted: number, most: number): ArenaChunk | undefined {
    for (let size = wanted; size <= wanted * 2 && this.used + size <= most; size = sizeClass(size + 1)) {
      const chunk = this.#free.get(size)?.pop();
      if (chunk !== undefined) return chunk;
    }
    return undefined;
  }

  // `set` copies to shared memory in small steps, each as a step that other threads may see; nobody looks before the whole is handed over.
  copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
    Buffer.prototype.copy.call(from, to, at, start, end);
  }

  giveBack(chunk: ArenaChunk): void {
    const size = chunk.end - chunk.start;
    this.used -= size;
    this.#givenBack += size;
    this.#putFree(chunk);
  }

  #putFree(chunk: ArenaChunk): void {
    const size = chunk.end - chunk.start;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [chunk]);
    else free.push(chunk);
  }

  #carve(size: number): ArenaChunk | undefined {
    if (this.#slabUsed + size > this.#slab.length) {
      this.#keepRest();
      if (this.reserved >= this.most) return undefined;
      const pages = SLAB_BYTES / WASM_PAGE_BYTES;
      this.#slab = new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer);
      this.#slabs.push([]);
      this.#slabUsed = 0;
      this.reserved += SLAB_BYTES;
    }
    return this.#cut(size);
  }

  #cut(size: number): ArenaChunk {
    const chunk = new ArenaChunk(this, this.#slab, this.#slabUsed, this.#slabUsed + size);
    this.#slabs.at(-1)!.push(chunk);
    this.#slabUsed += size;
    return chunk;
  }

  /** What is left of a slab serves for the smallest. */
  #keepRest(): void {
    while (this.#slabUsed + SMALLEST_CHUNK <= this.#slab.length) this.#putFree(this.#cut(SMALLEST_CHUNK));
  }

  /** Free chunks side by side, of whatever sizes, become one of `wanted` bytes and the rest; undefined where there are not enough in any slab. */
  #join(wanted: number, most: number): ArenaChunk | undefined {
    if (this.#givenBack < wanted) return undefined;
    for (const chunks of this.#slabs) {
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
    const { bytes, start } = chunks[from]!;
    const { end } = chunks[to - 1]!;
    // A rest too small to serve anybody goes along.
    const cut = end - start - wanted < SMALLEST_CHUNK ? end : start + wanted;
    if (this.used + cut - start > most) return undefined;
    for (const old of chunks.slice(from, to)) {
      const free = this.#free.get(old.end - old.start)!;
      free.splice(free.indexOf(old), 1);
    }
    const chunk = new ArenaChunk(this, bytes, start, cut);
    const rest = cut < end ? [new ArenaChunk(this, bytes, cut, end)] : [];
    chunks.splice(from, to - from, chunk, ...rest);
    for (const each of rest) this.#putFree(each);
    return chunk;
  }
}

class ArenaChunk implements Chunk {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  held = false;
  readonly #arena: ChunkArena;

  constructor(arena: ChunkArena, bytes: Uint8Array, start: number, end: number) {
    this.#arena = arena;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  release(): void {
    if (!this.held) throw new Error("a chunk was given back twice");
    this.held = false;
    this.#arena.giveBack(this);
  }
}

/** Four steps to each doubling: a tenth is wasted on average. Whole blocks, all of them. */
function sizeClass(size: number): number {
  let base = SMALLEST_CHUNK;
  while (base * 2 <= size) base *= 2;
  return Math.max(base, Math.ceil(size / (base / 4)) * (base / 4));
}
