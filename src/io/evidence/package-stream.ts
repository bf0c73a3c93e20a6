// Makes a package while it leaves ([EXP1] to [EXP5]): a ZIP whose members are stored, written front to back by yazl, so that memory is bounded and a slow browser slows the
// reading. Every stored segment that is touched is read whole where it has a recorded hash, so that the manifest can say whether the disk still holds what was
// written; only the wanted bytes go out. The manifest is the last thing known, so it comes behind the pictures, signed by the centre.
// Rejected: a file on the recorder's disk first, which costs the disk that records, and has to be cleaned up.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { ExportOrder } from "../../contract/evidence.ts";
import { formatBase64, formatHex, formatPublicKeyPem, parseBase64 } from "../../evidence/ed25519.ts";
import { MEMBERS, MOST_MANIFEST_BYTES, PACKAGE_FORMAT, PACKAGE_VERSION, type Manifest, type ManifestBeside, type ManifestFile, type ManifestPart, formatManifestScript, formatSums, listManifestPieces } from "../../evidence/manifest.ts";
import { formatReadme } from "../../evidence/readme.ts";
import { MOST_MEMBERS } from "../../evidence/zip.ts";
import type { CameraPlan, ExportFile, ExportPart } from "../../video/export/plan.ts";
import { segmentPath } from "../recorder/segment-files.ts";
import { type PlannedTrack, checkWavBounds, isG711, listLongest, readTrackMember, readWavMember } from "./track-members.ts";

export interface PlannedCamera extends CameraPlan {
  readonly cameraId: number;
  readonly clockOffsetMs: number | null;
  /** Of the stored segments, made while recording; null where there is none. */
  readonly hashes: ReadonlyMap<number, Uint8Array | null>;
  /** What was recorded beside them, by file of pictures. */
  readonly beside: readonly (readonly PlannedTrack[])[];
}
export interface PackageInput {
  readonly order: ExportOrder;
  readonly recorderId: number;
  readonly program: string;
  readonly root: string;
  readonly madeAt: number;
  readonly range: { readonly from: number; readonly to: number };
  readonly cameras: readonly PlannedCamera[];
  readonly page: Uint8Array;
  /** Of the pictures, while they go out. */
  readonly onBytes: (bytes: number) => void;
  /** Answers the signature over the manifest's text, or throws. */
  readonly sign: (manifest: string) => Promise<Uint8Array>;
}
/** The stored bytes are not there any more, or fewer than the index says. */
export class SegmentGone extends Error {}

const READ_BYTES = 262_144;
/** Of the manifest's text, between which cameras go on. */
const TURN_UNITS = 32_768;
/** Manifest, signature, script and sums. */
const AFTER_MEDIA = 4;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const planBytes = (cameras: readonly PlannedCamera[]): number => cameras.reduce((sum, { files }) => sum + files.reduce((of, { bytes }) => of + bytes, 0), 0);

/** The ZIP. It is destroyed with the error where something cannot be read or signed. */
export function createPackageStream(input: PackageInput): Readable {
  const { order } = input;
  const zip = new ZipFile();
  const options = { compress: false, mtime: new Date(input.madeAt), mode: 0o100444 } as const;
  const output = zip.outputStream as Readable;
  zip.on("error", (error: Error) => output.destroy(error));

  const own = listOwn(input);
  for (const { name, content } of own) zip.addBuffer(Buffer.from(content), name, options);

  const cameras: Manifest["cameras"] = [];
  for (const [i, planned] of input.cameras.entries()) {
    const { sound: _sound, metadata: _metadata, ...asked } = order.cameras.find(({ id }) => id === planned.cameraId)!;
    const files: ManifestFile[] = [];
    cameras.push({ ...asked, clockOffsetMs: planned.clockOffsetMs, files, gaps: [...planned.gaps], ...(planned.gapsWithin.length === 0 ? {} : { gapsWithin: [...planned.gapsWithin] }) });
    for (const [j, file] of planned.files.entries()) {
      const name = mediaName(i, asked.code, j);
      const stem = name.slice(0, -".mp4".length);
      addLazily(zip, name, { ...options, size: file.bytes }, () => Readable.from(readFile(input, planned, file, name, (made) => files.push(made)), { objectMode: false, highWaterMark: READ_BYTES }));
      // They come behind their pictures, so that these have their place in the manifest by then.
      const keep = (member: ManifestBeside): void => {
        const pictures = files.at(-1)!;
        files[files.length - 1] = { ...pictures, beside: [...(pictures.beside ?? []), member] };
      };
      for (const track of planned.beside[j] ?? []) {
        const add = (end: string, read: typeof readTrackMember): void => addLazily(zip, `${stem}.${end}`, options, () => Readable.from(read(input.root, track, file, `${stem}.${end}`, keep), { objectMode: false }));
        add(`${track.kind}.mp4`, readTrackMember);
        if (isG711(track)) add("sound.wav", readWavMember);
      }
    }
  }

  let signature: Uint8Array = new Uint8Array(0);
  let script = "";
  const late: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
    [MEMBERS.manifest, async () => {
      const manifest = createManifest(input, own, cameras);
      let text = "";
      await eachTurn(manifest, (piece) => void (text += piece));
      const bytes = Buffer.from(text);
      checkManifestBytes(bytes.length);
      signature = await input.sign(text);
      script = formatManifestScript(bytes.toString("base64"), formatBase64(signature));
      await nextTurn();
      sums = formatSums(manifest, { manifest: sha256(bytes), signature: sha256(signature), script: sha256(Buffer.from(script)) });
      return bytes;
    }],
    [MEMBERS.signature, async () => signature],
    [MEMBERS.script, async () => Buffer.from(script)],
    [MEMBERS.sums, async () => Buffer.from(sums)],
  ];
  let sums = "";
  for (const [name, make] of late) addLazily(zip, name, options, () => Readable.from((async function* () { yield await make(); })(), { objectMode: false }));
  zip.end();
  return output;
}

/** Throws a RangeError where what is planned has more members, a longer manifest or a longer WAV than a reader of packages takes: before the first byte, not after hours. */
export async function checkPackageBounds(input: PackageInput): Promise<void> {
  const own = listOwn(input);
  const members = own.length + AFTER_MEDIA + input.cameras.reduce((sum, { files }) => sum + files.length, 0) + input.cameras.reduce((sum, { beside }) => sum + beside.flat().reduce((of, track) => of + (isG711(track) ? 2 : 1), 0), 0);
  if (members > MOST_MEMBERS) throw new RangeError(`a package of ${members} members, expected at most ${MOST_MEMBERS}`);
  for (const { files, beside } of input.cameras) for (const [i, file] of files.entries()) for (const track of beside[i] ?? []) await checkWavBounds(input.root, track, file);
  const none = "0".repeat(64);
  const cameras = input.cameras.map((planned, i): Manifest["cameras"][number] => {
    const { sound: _sound, metadata: _metadata, ...asked } = input.order.cameras.find(({ id }) => id === planned.cameraId)!;
    const files = planned.files.map(({ initBytes, bytes, start, end, frames, parts }, j): ManifestFile => ({
      name: mediaName(i, asked.code, j), bytes, sha256: none, initBytes, start, end, frames,
      parts: parts.map(({ segmentBytes: _segmentBytes, ...part }) => ({ ...part, segmentSha256: (planned.hashes.get(part.segmentId) ?? null) === null ? null : none, check: "mismatch" })), // the longest word
      ...((planned.beside[j] ?? []).length === 0 ? {} : { beside: planned.beside[j]!.flatMap((track) => listLongest(track, mediaName(i, asked.code, j))) }),
    }));
    return { ...asked, clockOffsetMs: planned.clockOffsetMs, files, gaps: [...planned.gaps], ...(planned.gapsWithin.length === 0 ? {} : { gapsWithin: [...planned.gapsWithin] }) };
  });
  let bytes = 0;
  await eachTurn(createManifest(input, own, cameras), (piece) => void (bytes += Buffer.byteLength(piece)));
  checkManifestBytes(bytes);
}

function checkManifestBytes(bytes: number): void {
  if (bytes > MOST_MANIFEST_BYTES) throw new RangeError(`a manifest of ${bytes} bytes, expected at most ${MOST_MANIFEST_BYTES}`);
}

/** The manifest's text in pieces, cameras going on between them: that of a day of sixteen cameras takes the better part of a second. */
async function eachTurn(manifest: Manifest, take: (piece: string) => void): Promise<void> {
  let units = 0;
  for (const piece of listManifestPieces(manifest)) {
    take(piece);
    units += piece.length;
    if (units < TURN_UNITS) continue;
    units = 0;
    await nextTurn();
  }
}

interface OwnMember {
  readonly name: string;
  readonly content: Uint8Array;
}
/** Those before the pictures. */
function listOwn({ order, page }: PackageInput): OwnMember[] {
  const key = parseBase64(order.publicKey)!;
  return [
    { name: MEMBERS.page, content: page },
    { name: MEMBERS.readme, content: Buffer.from(formatReadme({ city: order.city, exportId: order.exportId, fingerprint: sha256(key) })) },
    { name: MEMBERS.key, content: Buffer.from(formatPublicKeyPem(key)) },
  ];
}

const mediaName = (camera: number, code: string, file: number): string => `media/${String(camera + 1).padStart(2, "0")}-${code}-${file + 1}.mp4`;

const createManifest = ({ order, program, recorderId, madeAt, range }: PackageInput, own: readonly OwnMember[], cameras: Manifest["cameras"]): Manifest => ({
  format: PACKAGE_FORMAT, version: PACKAGE_VERSION, exportId: order.exportId, city: order.city, timeZone: order.timeZone, program, recorderId, madeAt, asked: order.asked, range, askedBy: order.askedBy, reason: order.reason, cameras,
  files: own.map(({ name, content }) => ({ name, bytes: content.length, sha256: sha256(content) })),
  key: { algorithm: "Ed25519", publicKey: order.publicKey, fingerprint: sha256(parseBase64(order.publicKey)!) },
});

/** yazl asks for the stream when the members before have gone out; its errors end the whole. */
function addLazily(zip: ZipFile, name: string, options: object, create: () => Readable): void {
  zip.addReadStreamLazy(name, options, (done) => {
    const stream = create();
    stream.once("error", (error) => zip.emit("error", error));
    done(null, stream);
  });
}

async function* readFile(input: PackageInput, planned: PlannedCamera, file: ExportFile, name: string, made: (file: ManifestFile) => void): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const parts: ManifestPart[] = [];
  for (const [i, part] of file.parts.entries()) {
    const recorded = planned.hashes.get(part.segmentId) ?? null;
    const whole = recorded === null ? undefined : createHash("sha256");
    for await (const piece of readPart(input.root, planned.cameraId, part, i === 0 ? file.initBytes : 0, whole)) {
      hash.update(piece);
      input.onBytes(piece.length);
      yield piece;
    }
    const check = whole === undefined ? "no-hash" : whole.digest().equals(recorded!) ? "match" : "mismatch";
    const { segmentId, from, to, start, end, media90k, frames } = part;
    parts.push({ segmentId, segmentSha256: recorded === null ? null : formatHex(recorded), check, from, to, start, end, media90k, frames });
  }
  made({ name, bytes: file.bytes, sha256: hash.digest("hex"), initBytes: file.initBytes, start: file.start, end: file.end, frames: file.frames, parts });
}

/** Yields `[0, initBytes)` and `[from, to)` of the stored file, in order; `whole` takes all of it. */
async function* readPart(root: string, cameraId: number, part: ExportPart, initBytes: number, whole: ReturnType<typeof createHash> | undefined): AsyncGenerator<Buffer> {
  const handle = await open(segmentPath(root, cameraId, part.segmentId)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new SegmentGone(`segment ${part.segmentId} was deleted`) : error;
  });
  try {
    const ranges = whole === undefined ? [[0, initBytes], [part.from, part.to]] as const : [[0, part.segmentBytes]] as const;
    for (const [start, end] of ranges) {
      for (let at = start; at < end;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(READ_BYTES, end - at)), 0, Math.min(READ_BYTES, end - at), at);
        if (bytesRead === 0) throw new SegmentGone(`segment ${part.segmentId} ends at byte ${at}, expected ${end}`);
        const piece = buffer.subarray(0, bytesRead);
        whole?.update(piece);
        for (const [from, to] of [[0, initBytes], [part.from, part.to]] as const) {
          const a = Math.max(from, at);
          const b = Math.min(to, at + bytesRead);
          if (b > a) yield piece.subarray(a - at, b - at);
        }
        at += bytesRead;
      }
    }
  } finally {
    await handle.close();
  }
}
