// The outer frame of an .osm.pbf file: length, header, blob, again and again (wiki.openstreetmap.org/wiki/PBF_Format, "File format"). The frame is ours because the parser package
// trusts the lengths it reads and throws out of a stream callback on a bad file; it is given whole unpacked blocks only.
import { type FileHandle, open } from "node:fs/promises";
import { inflateSync } from "node:zlib";
import { PbfReader } from "pbf";
import { CityError } from "./city-error.ts";

/** Limits of the format: a header under 64 KiB, an unpacked block under 32 MiB. */
const MOST_HEADER_BYTES = 64 * 1024;
const MOST_BLOCK_BYTES = 32 * 1024 * 1024;

export interface PbfBlock {
  readonly type: string; // "OSMHeader" or "OSMData"
  readonly bytes: Buffer;
  /** Share of the file read so far, 0 to 1. */
  readonly share: number;
}

/** Unpacked blocks of a file in order. Throws CityError "bad-extract" where the file is not one, with the offset. */
export async function* readPbfBlocks(path: string): AsyncGenerator<PbfBlock> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw new CityError("not-found", `there is no file ${path}`);
    if (code === "EACCES" || code === "EPERM") throw new CityError("not-found", `this user may not read ${path}`);
    throw new CityError("not-found", `${path} cannot be opened (${code ?? "unknown"})`);
  }
  try {
    const { size } = await file.stat();
    const fault = (at: number, expected: string): CityError => new CityError("bad-extract", `${path} is no readable .osm.pbf file: at byte ${at} expected ${expected}`);
    const readAt = async (at: number, bytes: number, what: string): Promise<Buffer> => {
      if (at + bytes > size) throw fault(at, `${bytes} bytes of ${what}, but the file ends at ${size}`);
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, at);
      if (bytesRead !== bytes) throw fault(at, `${bytes} bytes of ${what}`);
      return buffer;
    };
    if (size === 0) throw fault(0, "a header");
    for (let at = 0; at < size; ) {
      const headerBytes = (await readAt(at, 4, "header length")).readUInt32BE();
      if (headerBytes === 0 || headerBytes > MOST_HEADER_BYTES) throw fault(at, `a header length of 1 to ${MOST_HEADER_BYTES}, got ${headerBytes}`);
      const header = decode(await readAt(at + 4, headerBytes, "header"), readHeaderField, { type: "", blobBytes: -1 });
      if (header === null || !(header.blobBytes >= 0 && header.blobBytes <= MOST_BLOCK_BYTES)) throw fault(at + 4, "a blob header");
      const blobAt = at + 4 + headerBytes;
      const blob = decode(await readAt(blobAt, header.blobBytes, "data"), readBlobField, { raw: null, zlib: null });
      const bytes = blob === null ? null : unpack(blob);
      if (bytes === null) throw fault(blobAt, "a block packed with zlib or not at all");
      at = blobAt + header.blobBytes;
      yield { type: header.type, bytes, share: at / size };
    }
  } finally {
    await file.close();
  }
}

interface Header {
  type: string;
  blobBytes: number;
}
interface Blob {
  raw: Uint8Array | null;
  zlib: Uint8Array | null;
}

function readHeaderField(tag: number, header: Header, pbf: PbfReader): void {
  if (tag === 1) header.type = pbf.readString();
  else if (tag === 3) header.blobBytes = pbf.readVarint();
}

function readBlobField(tag: number, blob: Blob, pbf: PbfReader): void {
  if (tag === 1) blob.raw = pbf.readBytes();
  else if (tag === 3) blob.zlib = pbf.readBytes();
}

function decode<T>(bytes: Uint8Array, readField: (tag: number, into: T, pbf: PbfReader) => void, into: T): T | null {
  try {
    return new PbfReader(bytes).readFields(readField, into);
  } catch {
    return null;
  }
}

function unpack(blob: Blob): Buffer | null {
  if (blob.raw !== null) return Buffer.from(blob.raw);
  if (blob.zlib === null) return null;
  try {
    return inflateSync(blob.zlib, { maxOutputLength: MOST_BLOCK_BYTES });
  } catch {
    return null;
  }
}
