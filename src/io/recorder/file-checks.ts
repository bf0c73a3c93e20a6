// One file of the recordings against its row: each is read once from its first byte to its last, and hashed and walked in that one reading. What has no hash is walked alone, box by box.
import { type Hash, createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import { type BytesAt, type SegmentWalk, walkSegment } from "./segment-files.ts";
import type { TrackFileRow } from "./track-file-store.ts";
import type { CheckedRow } from "./check-store.ts";

export const DAMAGES = ["file-missing", "file-unreadable", "wrong-size", "wrong-hash", "torn", "wrong-contents"] as const;
export type DamageKind = (typeof DAMAGES)[number];
export interface Damage {
  readonly kind: DamageKind;
  readonly detail: string;
}

/** SHA-256 of the first `bytes` of a file. */
export async function hashFile(path: string, bytes: number): Promise<Buffer> {
  const hash = createHash("sha256");
  if (bytes > 0) for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576, end: bytes - 1 })) hash.update(chunk as Buffer);
  return hash.digest();
}

/** All that is wrong with a segment's pictures. */
export function checkSegment(path: string, row: CheckedRow): Promise<Damage[]> {
  return toldAsDamage(async () => {
    const found: Damage[] = [];
    const { size, walk, sha256 } = await readSegment(path, row.sha256 !== null);
    const isSame = walk.frames === row.frames && walk.gops.length === row.gopCount;
    // No row names the end that a crash, or whoever cut the file, left of a fragment; it stays, since it may hold pictures.
    if (row.sha256 === null && walk.isCutOff && walk.wholeBytes === row.bytes && isSame) return found;
    if (size !== row.bytes) found.push({ kind: "wrong-size", detail: `${size} bytes, the index says ${row.bytes}` });
    if (row.sha256 !== null && sha256?.equals(row.sha256) !== true) found.push({ kind: "wrong-hash", detail: "the bytes are not those that were written" });
    if (walk.tornBy !== undefined) found.push({ kind: "torn", detail: walk.tornBy });
    else if (!isSame) found.push({ kind: "wrong-contents", detail: `${walk.frames} pictures after ${walk.gops.length} key frames, the index says ${row.frames} after ${row.gopCount}` });
    return found;
  });
}

/** The same of a file beside them. */
export function checkTrackFile(path: string, row: TrackFileRow): Promise<Damage[]> {
  return toldAsDamage(async () => {
    const { size } = await stat(path);
    const walk = row.sha256 === null ? walkTrackFile(await readFile(path)) : undefined;
    if (walk?.wholeBytes === row.bytes && walk.isCutOff) return [];
    if (size !== row.bytes) return [{ kind: "wrong-size", detail: `${size} bytes, the index says ${row.bytes}` }];
    if (walk !== undefined && walk.wholeBytes !== size) return [{ kind: "torn", detail: `whole up to byte ${walk.wholeBytes} of ${size}` }];
    return row.sha256 !== null && !(await hashFile(path, size)).equals(row.sha256) ? [{ kind: "wrong-hash", detail: "the bytes are not those that were written" }] : [];
  });
}

async function toldAsDamage(check: () => Promise<Damage[]>): Promise<Damage[]> {
  try {
    return await check();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [code === "ENOENT" ? { kind: "file-missing", detail: "there is no such file" } : { kind: "file-unreadable", detail: message }];
  }
}

async function readSegment(path: string, hashes: boolean): Promise<{ readonly size: number; readonly walk: SegmentWalk; readonly sha256: Buffer | undefined }> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    if (!hashes) return { size, walk: await walkSegment(handle, size), sha256: undefined };
    const bytes = new HashedBytes(handle);
    const walk = await walkSegment(bytes, size);
    return { size, walk, sha256: await bytes.finish(size) };
  } finally {
    await handle.close();
  }
}

const CHUNK_BYTES = 1_048_576;

/** A file that is read from front to back, and hashed on the way. What lies further back than two chunks is read again: the walk asks for the file's head at its end, and for nothing else. */
export class HashedBytes implements BytesAt {
  readonly #handle: Pick<FileHandle, "read">;
  readonly #hash: Hash = createHash("sha256");
  #last = Buffer.alloc(0);
  #before = Buffer.alloc(0);
  /** Where the last chunk ends. */
  #end = 0;

  constructor(handle: Pick<FileHandle, "read">) {
    this.#handle = handle;
  }

  /** As FileHandle's; of at most a chunk. */
  async read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }> {
    while (position + length > this.#end && (await this.#advance()));
    if (position >= this.#end) return { bytesRead: 0 };
    const lastAt = this.#end - this.#last.length;
    const beforeAt = lastAt - this.#before.length;
    if (position < beforeAt) return this.#handle.read(buffer, offset, length, position);
    // Out of the one chunk, the other, or both, and no byte more: a walk asks for some ten bytes at a time.
    const end = position + length;
    const first = position < lastAt ? this.#before.copy(buffer, offset, position - beforeAt, Math.min(end, lastAt) - beforeAt) : 0;
    const second = end > lastAt ? this.#last.copy(buffer, offset + first, Math.max(position - lastAt, 0), end - lastAt) : 0;
    return { bytesRead: first + second };
  }

  /** SHA-256 of the first `size` bytes. */
  async finish(size: number): Promise<Buffer> {
    while (this.#end < size && (await this.#advance()));
    return this.#hash.digest();
  }

  async #advance(): Promise<boolean> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK_BYTES, this.#end);
    if (bytesRead === 0) return false;
    this.#before = this.#last;
    this.#last = chunk.subarray(0, bytesRead);
    this.#hash.update(this.#last);
    this.#end += bytesRead;
    return true;
  }
}
