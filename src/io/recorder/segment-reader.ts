// Reading stored segments for those who look at the past: the format of a file, and single key frames. A key frame is one read, of as many bytes as the ones
// before it took and a quarter more; where that was too little a second one brings the rest. Files stay open while the same one is read on.
import { type FileHandle, open } from "node:fs/promises";
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { type StoredFormat, parseInitSegment } from "../../media/fmp4/init-reading.ts";
import { BOX_HEADER_BYTES, findBoxHeader, listMoofSamples, parseMoof } from "../../media/fmp4/reading.ts";
import type { KeyFramePlace } from "../../video/playback/key-frames.ts";
import { ReadTurns } from "./read-turns.ts";
import { segmentPath } from "./segment-files.ts";

/** A camera has a format or two; they are told apart by the hash of their initialisation. */
const MOST_FORMATS = 1_000;
/** Of the four threads that Node has for files, two stay with recording. */
const MOST_READS = 2;
const MOST_INIT_BYTES = 1_048_576;
const FIRST_GUESS_BYTES = 65_536;

/** What all readers of one recorder share: turns at the disk, and the formats of stored files, read once each. */
export class SegmentReading {
  readonly root: string;
  readonly turns = new ReadTurns(MOST_READS);
  readonly #formats = new Map<string, StoredFormat>();

  constructor(root: string) {
    this.root = root;
  }

  /** Of the selected segment. */
  async getFormat(file: SegmentFile, formatKey: string, initBytes: number): Promise<StoredFormat> {
    const known = this.#formats.get(formatKey);
    if (known !== undefined) return known;
    const parsed = parseInitSegment(await file.read(0, Math.min(initBytes, MOST_INIT_BYTES)));
    if (!parsed.ok) throw new Error(`the format of a segment cannot be read: ${parsed.error}`);
    if (this.#formats.size >= MOST_FORMATS) this.#formats.clear();
    this.#formats.set(formatKey, parsed.value);
    return parsed.value;
  }
}

/** One open file at a time; whoever made it closes it. */
export class SegmentFile {
  readonly #reading: SegmentReading;
  readonly #cameraId: number;
  readonly #pathOf: typeof segmentPath;
  #segmentId = 0;
  #handle: FileHandle | undefined;
  #guessBytes = FIRST_GUESS_BYTES;

  /** `pathOf` is given for the sound beside the pictures. */
  constructor(reading: SegmentReading, cameraId: number, pathOf = segmentPath) {
    this.#reading = reading;
    this.#cameraId = cameraId;
    this.#pathOf = pathOf;
  }

  async select(segmentId: number): Promise<void> {
    if (this.#segmentId === segmentId) return;
    await this.close();
    this.#handle = await this.#reading.turns.take(() => open(this.#pathOf(this.#reading.root, this.#cameraId, segmentId), "r"));
    this.#segmentId = segmentId;
  }

  /** As many of the bytes as there are. */
  async read(at: number, length: number, into = new Uint8Array(length)): Promise<Uint8Array> {
    const handle = this.#handle;
    if (handle === undefined) throw new Error("no segment is selected");
    const { bytesRead } = await this.#reading.turns.take(() => handle.read(into, 0, length, at));
    return into.subarray(0, bytesRead);
  }

  /** By which the selected file is known again as long as nobody writes to it. */
  async readStamp(): Promise<string> {
    const handle = this.#handle;
    if (handle === undefined) throw new Error("no segment is selected");
    const { ino, size, mtimeMs } = await this.#reading.turns.take(() => handle.stat());
    return `${ino} ${size} ${mtimeMs}`;
  }

  /** The access unit at the front of a GOP of the selected segment. */
  async readKeyFrame(place: KeyFramePlace): Promise<Ok<Uint8Array> | Err<string>> {
    const asked = Math.min(place.bytes, this.#guessBytes);
    const bytes = await this.read(place.offset, asked);
    const found = findFirstSample(bytes);
    if (!found.ok) return found;
    const { start, size } = found.value;
    this.#guessBytes = Math.max(4_096, Math.ceil((start + size) * 1.25));
    if (start + size > place.bytes) return err("the key frame reaches beyond its GOP");
    if (start + size <= bytes.length) return ok(bytes.subarray(start, start + size));
    const whole = new Uint8Array(size);
    const have = bytes.subarray(start);
    whole.set(have);
    const rest = await this.read(place.offset + start + have.length, size - have.length);
    if (rest.length < size - have.length) return err("the file ends within the key frame");
    whole.set(rest, have.length);
    return ok(whole);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#segmentId = 0;
    await handle?.close();
  }
}

/** Where the first sample of the first fragment is, from its boxes; its bytes may be cut off. */
function findFirstSample(bytes: Uint8Array): Ok<{ readonly start: number; readonly size: number }> | Err<string> {
  let size: number | undefined;
  for (let at = 0; ; ) {
    const box = findBoxHeader(bytes, at);
    if (box === undefined) return err(`no fragment at the front of the GOP (byte ${at})`);
    if (box.type === "moof") {
      const moof = bytes.subarray(at, at + box.size);
      if (!parseMoof(moof).ok) return err("a moof that is not whole");
      size = listMoofSamples(moof)[0]?.size;
    } else if (box.type === "mdat") return size === undefined ? err("an mdat without a moof") : ok({ start: at + BOX_HEADER_BYTES, size });
    at += box.size;
  }
}
