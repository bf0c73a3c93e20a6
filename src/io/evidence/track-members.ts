// Sound and ONVIF metadata in a package ([EXP11]): beside each file of pictures one of each that was recorded with it, the initialisation and then the whole fragments that reach into the pictures' time, byte for
// byte as on disk; and, since no browser plays G.711 in MP4, the same sound as PCM in a WAV that begins with the first picture. A stored file is read whole, so that the manifest can say whether it still is what
// was written; one that is gone is told as missing, and its pictures leave all the same.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type G711Law, decodeG711 } from "../../base/g711.ts";
import { formatHex } from "../../evidence/ed25519.ts";
import type { ManifestBeside, ManifestBesidePart } from "../../evidence/manifest.ts";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import { trackFilePath } from "../recorder/segment-files.ts";
import type { TrackFileKind } from "../recorder/track-file-kinds.ts";
import type { SoundRow } from "../recorder/track-file-store.ts";

/** Of one file of pictures. */
export interface PlannedTrack {
  readonly kind: TrackFileKind;
  /** In the order of the pictures' segments. */
  readonly rows: readonly SoundRow[];
}
/** The time of the pictures beside which it stands. */
interface Span {
  readonly start: number;
  readonly end: number;
}
type Made = (member: ManifestBeside) => void;

interface StoredTrack {
  readonly row: SoundRow;
  /** Undefined: it is gone. */
  readonly bytes: Buffer | undefined;
  readonly check: ManifestBesidePart["check"];
}

async function readStored(root: string, kind: TrackFileKind, row: SoundRow): Promise<StoredTrack> {
  const path = trackFilePath(kind)(root, row.cameraId, row.segmentId);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (bytes === undefined) return { row, bytes, check: "missing" };
  const whole = bytes.subarray(0, row.bytes);
  return { row, bytes: whole, check: row.sha256 === null ? "no-hash" : createHash("sha256").update(whole).digest().equals(row.sha256) ? "match" : "mismatch" };
}

/** What is whole, just now, of a file that has no row yet because it is being written; undefined where there is no file. It is told as one without a hash. */
export async function findUnfinished(root: string, kind: TrackFileKind, segment: { readonly cameraId: number; readonly segmentId: number; readonly startMs: number }): Promise<SoundRow | undefined> {
  const { cameraId, segmentId } = segment;
  const { bytes } = await readStored(root, kind, { cameraId, segmentId, codec: null, startMs: segment.startMs, endMs: segment.startMs, bytes: Number.POSITIVE_INFINITY, sha256: null });
  if (bytes === undefined) return undefined;
  const { wholeBytes, startMs = segment.startMs, lastMs = startMs } = walkTrackFile(bytes);
  const sound = kind === "sound" ? parseSoundFile(bytes) : undefined;
  const last = sound?.ok === true ? sound.value.units.at(-1) : undefined;
  const endMs = last === undefined || sound?.ok !== true ? lastMs : last.wallMs + (last.duration * 1_000) / sound.value.format.clockHz;
  return { cameraId, segmentId, codec: sound?.ok === true ? sound.value.format.codec : null, startMs: Math.round(startMs), endMs: Math.round(endMs), bytes: wholeBytes, sha256: null };
}

/** The stored bytes; tells the member when the last of them has gone out. */
export async function* readTrackMember(root: string, { kind, rows }: PlannedTrack, span: Span, name: string, made: Made): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const parts: ManifestBesidePart[] = [];
  const init = await findInit(root, kind, rows);
  let bytes = 0;
  const give = (piece: Buffer): Buffer => {
    hash.update(piece);
    bytes += piece.length;
    return piece;
  };
  for (const row of rows) {
    const stored = await readStored(root, kind, row);
    const found = findWithin(stored, span, init);
    if (stored.bytes !== undefined && init !== undefined && found !== undefined) {
      if (bytes === 0) yield give(init);
      yield give(stored.bytes.subarray(found.from, found.to));
    }
    // By its row it reaches into the range: where nothing of it can be given, that is told by a part of no bytes, and never passed over.
    parts.push({ segmentId: row.segmentId, sha256: row.sha256 === null ? null : formatHex(row.sha256), check: stored.check, from: found?.from ?? 0, to: found?.to ?? 0, start: Math.round(found?.start ?? row.startMs), end: Math.round(found?.end ?? row.endMs) });
  }
  const there = parts.filter(({ from, to }) => to > from);
  made({
    kind, name, bytes, sha256: hash.digest("hex"), codec: rows.find(({ codec }) => codec !== null)?.codec ?? null, initBytes: bytes === 0 ? 0 : init!.length,
    start: there[0]?.start ?? span.start, end: there.at(-1)?.end ?? span.start, parts,
  });
}

/** The initialisation that the member begins with: of a file that still is what was written where there is one, so that one changed file does not cost the others. */
async function findInit(root: string, kind: TrackFileKind, rows: readonly SoundRow[]): Promise<Buffer | undefined> {
  let found: Buffer | undefined;
  for (const row of rows) {
    const { bytes, check } = await readStored(root, kind, row);
    const its = bytes?.subarray(0, walkTrackFile(bytes).initBytes);
    if (its === undefined || its.length === 0) continue;
    if (check !== "mismatch") return its;
    found ??= its;
  }
  return found;
}

/** The fragments that reach into the span; each lasts until the next. None where the file begins otherwise than `init`: one file cannot hold two formats. */
function findWithin({ row, bytes }: StoredTrack, span: Span, init: Buffer | undefined): { readonly initBytes: number; readonly from: number; readonly to: number; readonly start: number; readonly end: number } | undefined {
  if (bytes === undefined || init === undefined) return undefined;
  const { initBytes, fragments } = walkTrackFile(bytes);
  if (!bytes.subarray(0, initBytes).equals(init)) return undefined;
  const endOf = (i: number): number => fragments[i + 1]?.wallMs ?? Math.max(row.endMs, fragments[i]!.wallMs);
  const within = fragments.flatMap((fragment, i) => (Math.round(fragment.wallMs) < span.end && endOf(i) >= span.start ? [{ ...fragment, endMs: endOf(i) }] : []));
  const [first] = within;
  const last = within.at(-1);
  return first === undefined || last === undefined ? undefined : { initBytes, from: first.start, to: last.end, start: first.wallMs, end: last.endMs };
}

const WAV_HEAD_BYTES = 44;
const SAMPLE_BYTES = 2;
/** What follows within so much of where the piece before ended is put behind it: a step is heard as a click. */
const IN_STEP_S = 0.04;
const SILENCE = Buffer.alloc(65_536);

export const isG711 = ({ kind, rows }: PlannedTrack): boolean => kind === "sound" && rows.some(({ codec }) => codec === "pcma" || codec === "pcmu");

/** What a manifest says of it at most, before anything of it was read. */
export function listLongest(track: PlannedTrack, name: string): ManifestBeside[] {
  const most = 9_999_999_999_999;
  const none = "0".repeat(64);
  const long = { name: `${name}.metadata.mp4`, bytes: most, sha256: none, codec: "pcma", initBytes: 9_999, start: most, end: most } as const;
  const parts = track.rows.map(({ segmentId }) => ({ segmentId, sha256: none, check: "mismatch" as const, from: most, to: most, start: most, end: most }));
  return [{ ...long, kind: track.kind, parts }, ...(isG711(track) ? [{ ...long, kind: "sound-to-play" as const, parts: [] }] : [])];
}

type WavShape = { readonly law: G711Law; readonly clockHz: number; readonly channels: number; readonly samples: number };
/** A WAV tells its length in 32 bits. */
const MOST_WAV_DATA_BYTES = 0xffffffff - WAV_HEAD_BYTES + 8;

/** As the first file says that can be read. Throws a RangeError where that is longer than a WAV can tell. */
async function findWavShape(root: string, { kind, rows }: PlannedTrack, span: Span): Promise<WavShape | undefined> {
  for (const row of rows) {
    const { bytes: file } = await readStored(root, kind, row);
    const sound = file === undefined ? undefined : parseSoundFile(file);
    if (sound?.ok !== true || sound.value.format.codec === "aac") continue;
    const { codec: law, clockHz, channels } = sound.value.format;
    const samples = Math.round(((span.end - span.start) * clockHz) / 1_000);
    const bytes = samples * channels * SAMPLE_BYTES;
    if (bytes > MOST_WAV_DATA_BYTES) throw new RangeError(`a WAV of ${bytes} bytes, expected at most ${MOST_WAV_DATA_BYTES}`);
    return { law, clockHz, channels, samples };
  }
  return undefined;
}

/** Throws a RangeError where its WAV, if it has one, would be longer than a WAV can tell. */
export async function checkWavBounds(root: string, track: PlannedTrack, span: Span): Promise<void> {
  if (isG711(track)) await findWavShape(root, track, span);
}

/** The same sound for players that read no G.711 in MP4: 16 bit PCM, silence where there is none, as long as the pictures beside it. */
export async function* readWavMember(root: string, track: PlannedTrack, span: Span, name: string, made: Made): AsyncGenerator<Buffer> {
  const { kind, rows } = track;
  const hash = createHash("sha256");
  let bytes = 0;
  const give = (piece: Buffer): Buffer => {
    hash.update(piece);
    bytes += piece.length;
    return piece;
  };
  const shape = await findWavShape(root, track, span);
  let at = 0; // samples so far
  function* fill(to: number): Generator<Buffer> {
    for (let left = (to - at) * shape!.channels * SAMPLE_BYTES; left > 0; left -= SILENCE.length) yield give(SILENCE.subarray(0, Math.min(left, SILENCE.length)));
    at = Math.max(at, to);
  }
  yield give(shape === undefined ? wavHead(8_000, 1, 0) : wavHead(shape.clockHz, shape.channels, shape.samples));
  for (const row of shape === undefined ? [] : rows) {
    const { bytes: file } = await readStored(root, kind, row);
    const sound = file === undefined ? undefined : parseSoundFile(file);
    if (shape === undefined || file === undefined || sound?.ok !== true) continue;
    const { codec: law, clockHz, channels } = sound.value.format;
    if (law === "aac" || shape.law !== law || shape.clockHz !== clockHz || shape.channels !== channels) continue;
    for (const unit of sound.value.units) {
      const wanted = Math.round(((unit.wallMs - span.start) * clockHz) / 1_000);
      const begins = Math.abs(wanted - at) <= IN_STEP_S * clockHz ? at : wanted;
      if (begins >= shape.samples) break;
      const skipped = Math.max(0, at - begins);
      const taken = Math.min(unit.duration, shape.samples - begins) - skipped;
      if (taken <= 0) continue;
      yield* fill(begins + skipped);
      const pcm = Buffer.alloc(taken * channels * SAMPLE_BYTES);
      const from = unit.offset + skipped * channels;
      for (let i = 0; i < taken * channels; i++) pcm.writeInt16LE(decodeG711(law, file[from + i]!), i * SAMPLE_BYTES);
      yield give(pcm);
      at += taken;
    }
  }
  if (shape !== undefined) yield* fill(shape.samples);
  made({ kind: "sound-to-play", name, bytes, sha256: hash.digest("hex"), codec: null, initBytes: WAV_HEAD_BYTES, start: span.start, end: span.end, parts: [] });
}

/** RIFF with PCM (Microsoft, Multimedia Programming Interface, 1991). */
function wavHead(clockHz: number, channels: number, samples: number): Buffer {
  const head = Buffer.alloc(WAV_HEAD_BYTES);
  const dataBytes = samples * channels * SAMPLE_BYTES;
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(WAV_HEAD_BYTES - 8 + dataBytes, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(clockHz, 24);
  head.writeUInt32LE(clockHz * channels * SAMPLE_BYTES, 28);
  head.writeUInt16LE(channels * SAMPLE_BYTES, 32);
  head.writeUInt16LE(SAMPLE_BYTES * 8, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(dataBytes, 40);
  return head;
}
