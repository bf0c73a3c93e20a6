// The binary files of a city folder: named typed arrays and lists of strings in one file, with a checksum over all of it. Reading is a copy per section, no parsing, so
// that a city loads in a fraction of a second. A general serialiser was rejected: none keeps typed arrays as they are.
//
//   "CWSF"  u32 version  u32 crc32(rest)  u32 directory bytes | directory: JSON [{name, type, bytes}] padded to 8 | sections, each padded to 8
//
// Numbers are little-endian, as every machine we run on is; a big-endian one would fail at the magic.
import { crc32 } from "node:zlib";
import { type Result, err, ok } from "../../base/result.ts";

const MAGIC = 0x46535743; // "CWSF"
const VERSION = 1;
const HEADER_BYTES = 16;
const MOST_BYTES = 2_000_000_000;
const ALIGN = 8;

const ARRAY_TYPES = { i8: Int8Array, u8: Uint8Array, i16: Int16Array, u16: Uint16Array, i32: Int32Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array } as const;
type ArrayType = keyof typeof ARRAY_TYPES;
export type SectionArray = InstanceType<(typeof ARRAY_TYPES)[ArrayType]>;
export type Section = SectionArray | readonly string[];
export type Sections = Readonly<Record<string, Section>>;

interface Entry {
  readonly name: string;
  readonly type: ArrayType | "strings";
  readonly bytes: number;
}

const padded = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;
const isStrings = (section: Section): section is readonly string[] => Array.isArray(section);

export function encodeSections(sections: Sections): Uint8Array {
  const directory: Entry[] = [];
  const bodies: Uint8Array[] = [];
  for (const [name, section] of Object.entries(sections)) {
    const body = isStrings(section) ? new TextEncoder().encode(JSON.stringify(section)) : new Uint8Array(section.buffer, section.byteOffset, section.byteLength);
    const type = isStrings(section) ? "strings" : (Object.keys(ARRAY_TYPES) as ArrayType[]).find((t) => section instanceof ARRAY_TYPES[t]);
    if (type === undefined) throw new TypeError(`section ${name} is of no storable type`);
    directory.push({ name, type, bytes: body.length });
    bodies.push(body);
  }
  const head = new TextEncoder().encode(JSON.stringify(directory));
  const size = HEADER_BYTES + padded(head.length) + bodies.reduce((sum, body) => sum + padded(body.length), 0);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, head.length, true);
  file.set(head, HEADER_BYTES);
  let at = HEADER_BYTES + padded(head.length);
  for (const body of bodies) {
    file.set(body, at);
    at += padded(body.length);
  }
  view.setUint32(8, crc32(file.subarray(12)), true);
  return file;
}

/** The sections of a file, or what is wrong with it in words for a person. Never throws. */
export function decodeSections(file: Uint8Array): Result<Map<string, Section>, string> {
  if (file.length < HEADER_BYTES) return err(`is ${file.length} bytes long, expected at least ${HEADER_BYTES}`);
  if (file.length > MOST_BYTES) return err(`is ${file.length} bytes long, expected at most ${MOST_BYTES}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return err("does not begin like a Citywatch city file");
  if (view.getUint32(4, true) !== VERSION) return err(`has file version ${view.getUint32(4, true)}, expected ${VERSION}`);
  if (view.getUint32(8, true) !== crc32(file.subarray(12))) return err("is damaged: its checksum does not match");
  const headBytes = view.getUint32(12, true);
  if (HEADER_BYTES + headBytes > file.length) return err("is cut short in its directory");
  const directory = parseDirectory(file.subarray(HEADER_BYTES, HEADER_BYTES + headBytes));
  if (directory === null) return err("has a directory that cannot be read");
  const sections = new Map<string, Section>();
  let at = HEADER_BYTES + padded(headBytes);
  for (const { name, type, bytes } of directory) {
    if (at + bytes > file.length) return err(`is cut short in section ${name}`);
    const body = new Uint8Array(file.subarray(at, at + bytes)); // a copy, aligned; Buffer.slice would share
    if (type === "strings") {
      const strings = parseStrings(body);
      if (strings === null) return err(`has a list of strings that cannot be read: ${name}`);
      sections.set(name, strings);
    } else {
      const ArrayOf = ARRAY_TYPES[type];
      if (bytes % ArrayOf.BYTES_PER_ELEMENT !== 0) return err(`has a section of odd length: ${name}`);
      sections.set(name, new ArrayOf(body.buffer));
    }
    at += padded(bytes);
  }
  return ok(sections);
}

function parseDirectory(bytes: Uint8Array): Entry[] | null {
  const value = parseJson(bytes);
  if (!Array.isArray(value)) return null;
  const fine = value.every((e: Partial<Entry> | null) => typeof e?.name === "string" && (e.type === "strings" || (typeof e.type === "string" && Object.hasOwn(ARRAY_TYPES, e.type))) && Number.isInteger(e.bytes) && e.bytes! >= 0);
  return fine ? (value as Entry[]) : null;
}

function parseStrings(bytes: Uint8Array): string[] | null {
  const value = parseJson(bytes);
  return Array.isArray(value) && value.every((v) => typeof v === "string") ? (value as string[]) : null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Takes sections out by name and type: `missing` names the first that is not there as expected. */
export function sectionReader(sections: ReadonlyMap<string, Section>): {
  readonly array: <T extends SectionArray>(name: string, kind: new (length: number) => T) => T;
  readonly strings: (name: string) => readonly string[];
  readonly missing: () => string | null;
} {
  let missing: string | null = null;
  return {
    array: (name, kind) => {
      const section = sections.get(name);
      if (section instanceof kind) return section;
      missing ??= name;
      return new kind(0);
    },
    strings: (name) => {
      const section = sections.get(name);
      if (section !== undefined && isStrings(section)) return section;
      missing ??= name;
      return [];
    },
    missing: () => missing,
  };
}
