// Reading a package that is still a ZIP, in Node and in browsers alike: the central directory of an archive whose members are stored, not compressed, with
// ZIP64 (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16). Stricter than common readers on purpose: members that overlap, bytes that belong to nothing, two members of
// one name, or a local header that says otherwise are how archives show different contents to different programs, so they are told. yauzl would do
// for Node alone.
import { type Result, err, ok } from "../base/result.ts";

/** Something with bytes that can be read from any place. `read` answers exactly `length` bytes, or throws. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}
export interface ZipMember {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const MOST_DIRECTORY_BYTES = 4_000_000;
export const MOST_MEMBERS = 20_000;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR_BYTES = 20;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const uint64 = (of: DataView, at: number): number => of.getUint32(at, true) + of.getUint32(at + 4, true) * 4294967296;

export async function readZip(source: ByteSource): Promise<Result<ZipMember[], string>> {
  const end = await findEnd(source);
  if (!end.ok) return end;
  const { offset, size, count, endsAt } = end.value;
  if (count > MOST_MEMBERS || size > MOST_DIRECTORY_BYTES) return err(`a directory of ${count} members and ${size} bytes, expected at most ${MOST_MEMBERS} and ${MOST_DIRECTORY_BYTES}`);
  if (offset + size !== endsAt) return err("bytes between the directory and its end");
  const directory = await source.read(offset, size);
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let at = 0;
  let expected = 0; // where the next member has to begin
  for (let i = 0; i < count; i++) {
    const entry = parseCentral(directory, at);
    if (!entry.ok) return err(`member ${i + 1}: ${entry.error}`);
    const { name, local, bytes, length, hasDescriptor } = entry.value;
    if (names.has(name)) return err(`${name}: twice in the archive`);
    names.add(name);
    if (local !== expected) return err(`${name}: begins at byte ${local}, expected ${expected}: bytes overlap or belong to nothing`);
    if (local + LOCAL_BYTES > offset) return err(`${name}: begins beyond the members`);
    const head = await source.read(local, Math.min(LOCAL_BYTES + 1_024, offset - local));
    const data = checkLocal(head, directory.subarray(at, at + length), name, hasDescriptor ? null : bytes);
    if (!data.ok) return err(`${name}: ${data.error}`);
    const dataEnd = local + data.value + bytes;
    if (dataEnd > offset) return err(`${name}: is cut off`);
    const descriptor = hasDescriptor ? await findDescriptor(source, dataEnd, offset, bytes) : 0;
    if (descriptor === undefined) return err(`${name}: its length is not followed by what says so`);
    members.push({ name, offset: local + data.value, size: bytes });
    expected = dataEnd + descriptor;
    at += length;
  }
  if (at !== size) return err("bytes in the directory that belong to no member");
  if (expected !== offset) return err(`${offset - expected} bytes that belong to no member`);
  return ok(members);
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
  readonly endsAt: number;
}

/** The end record is the last thing in the file: packages have no comment, so nothing can hide behind one. */
async function findEnd(source: ByteSource): Promise<Result<Directory, string>> {
  if (source.size < END_BYTES) return err("too short for a ZIP archive");
  const endAt = source.size - END_BYTES;
  const end = view(await source.read(endAt, END_BYTES));
  if (end.getUint32(0, true) !== 0x06054b50 || end.getUint16(20, true) !== 0) return err("no end of a ZIP archive where it should be: it was cut off, or bytes were added");
  const small = { offset: end.getUint32(16, true), size: end.getUint32(12, true), count: end.getUint16(10, true), endsAt: endAt };
  const needs64 = small.offset === 0xffffffff || small.size === 0xffffffff || small.count === 0xffff;
  if (!needs64) return ok(small);
  if (endAt < LOCATOR_BYTES + END64_BYTES) return err("the ZIP64 end is missing");
  const locator = view(await source.read(endAt - LOCATOR_BYTES, LOCATOR_BYTES));
  const end64At = endAt - LOCATOR_BYTES - END64_BYTES;
  if (locator.getUint32(0, true) !== 0x07064b50 || uint64(locator, 8) !== end64At) return err("the ZIP64 locator is broken");
  const end64 = view(await source.read(end64At, END64_BYTES));
  if (end64.getUint32(0, true) !== 0x06064b50 || uint64(end64, 4) !== END64_BYTES - 12) return err("the ZIP64 end is broken");
  return ok({ offset: uint64(end64, 48), size: uint64(end64, 40), count: uint64(end64, 32), endsAt: end64At });
}

interface Central {
  readonly name: string;
  readonly local: number;
  readonly bytes: number;
  readonly length: number;
  readonly hasDescriptor: boolean;
}

function parseCentral(directory: Uint8Array, at: number): Result<Central, string> {
  if (at + CENTRAL_BYTES > directory.length) return err("the directory is cut off");
  const entry = view(directory.subarray(at));
  if (entry.getUint32(0, true) !== 0x02014b50) return err("no directory entry");
  const flags = entry.getUint16(8, true);
  if (entry.getUint16(10, true) !== 0) return err("is compressed; members of a package are stored");
  if ((flags & 0x2061) !== 0) return err("is encrypted");
  const nameLength = entry.getUint16(28, true);
  const extraLength = entry.getUint16(30, true);
  const length = CENTRAL_BYTES + nameLength + extraLength + entry.getUint16(32, true);
  if (at + length > directory.length) return err("the directory is cut off");
  const name = new TextDecoder().decode(directory.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength));
  const large = findExtra64(directory.subarray(at + CENTRAL_BYTES + nameLength, at + CENTRAL_BYTES + nameLength + extraLength));
  let used = 0;
  const field = (small: number): number | undefined => {
    if (small !== 0xffffffff) return small;
    if (large === undefined || used + 8 > large.byteLength) return undefined;
    used += 8;
    return uint64(large, used - 8);
  };
  const bytes = field(entry.getUint32(24, true));
  const stored = field(entry.getUint32(20, true));
  const local = field(entry.getUint32(42, true));
  if (bytes === undefined || stored === undefined || local === undefined) return err("a large size without its ZIP64 field");
  if (bytes !== stored) return err("two sizes of one stored member");
  return ok({ name, local, bytes, length, hasDescriptor: (flags & 8) !== 0 });
}

function findExtra64(extra: Uint8Array): DataView | undefined {
  const of = view(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const size = of.getUint16(at + 2, true);
    if (of.getUint16(at, true) === 1 && at + 4 + size <= extra.length) return view(extra.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return undefined;
}

/** Where the data begin, from the local header; it must say what the directory says. `bytes` null: the length is told behind the data. */
function checkLocal(head: Uint8Array, central: Uint8Array, name: string, bytes: number | null): Result<number, string> {
  if (head.length < LOCAL_BYTES) return err("no local header");
  const local = view(head);
  const entry = view(central);
  if (local.getUint32(0, true) !== 0x04034b50) return err("no local header");
  if (local.getUint16(6, true) !== entry.getUint16(8, true) || local.getUint16(8, true) !== entry.getUint16(10, true)) return err("the local header says otherwise than the directory");
  const nameLength = local.getUint16(26, true);
  const length = LOCAL_BYTES + nameLength + local.getUint16(28, true);
  if (LOCAL_BYTES + nameLength > head.length) return err("the local header is cut off");
  if (new TextDecoder().decode(head.subarray(LOCAL_BYTES, LOCAL_BYTES + nameLength)) !== name) return err("has another name in its local header");
  if (length > head.length) return err("the local header is cut off");
  if (bytes !== null) {
    const small = local.getUint32(22, true);
    const large = small === 0xffffffff ? findExtra64(head.subarray(LOCAL_BYTES + nameLength, length)) : undefined;
    if ((large === undefined || large.byteLength < 8 ? small : uint64(large, 0)) !== bytes) return err("has another size in its local header");
  }
  return ok(length);
}

/** Length of the data descriptor behind a member: with or without its signature, with sizes of 4 or of 8 bytes. */
async function findDescriptor(source: ByteSource, at: number, most: number, bytes: number): Promise<number | undefined> {
  const read = await source.read(at, Math.min(24, most - at));
  const of = view(read);
  for (const [length, sizeAt, wide] of [[24, 8, true], [16, 8, false], [20, 4, true], [12, 4, false]] as const) {
    if (read.length < length) continue;
    if (sizeAt === 8 && of.getUint32(0, true) !== 0x08074b50) continue;
    const next = wide ? sizeAt + 8 : sizeAt + 4;
    const size = wide ? uint64(of, sizeAt) : of.getUint32(sizeAt, true);
    if (size === bytes && (wide ? uint64(of, next) : of.getUint32(next, true)) === bytes) return length;
  }
  return undefined;
}
