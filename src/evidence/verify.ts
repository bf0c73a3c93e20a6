// The judgement over a package: what holds, what does not, what could not be looked at, each told by itself and never as one green tick ([EXP6] to [EXP9]
// in video/SPEC.md). It reads every byte once, wherever the bytes are (a ZIP, a folder, files dropped on a page): hashing and the check of a signature come in.
// The order is of trust: the signature over the manifest's text, the manifest against itself (times and gaps), each file against the manifest.
import { type ByteSource } from "./zip.ts";
import { Mp4Scanner } from "./mp4-scanner.ts";
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, formatBase64, formatHex, isSmallOrder, parseBase64, parsePublicKeyPem } from "./ed25519.ts";
import { MEMBERS, MOST_MANIFEST_BYTES, type Manifest, type ManifestBeside, type ManifestCamera, type ManifestFile, formatManifestScript, formatSums, listMembers, parseManifest } from "./manifest.ts";

export interface PackageSource {
  readonly members: ReadonlyMap<string, ByteSource>;
}
export interface VerifyTools {
  createHash(): { update(bytes: Uint8Array): void; digestHex(): string };
  /** Null where this machine cannot check Ed25519. */
  verifySignature(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean | null>;
}
export interface VerifyOptions {
  /** 32 bytes that whoever checks knows by another way; null: none. */
  readonly knownKey: Uint8Array | null;
  readonly onProgress?: (done: number, of: number) => void;
}

/** broken: something is not what was signed. remark: true of the recording itself, and to be known. unchecked: could not be looked at. */
export type FindingLevel = "broken" | "remark" | "unchecked";
export const FINDING_CODES = [
  "manifest-missing", "manifest-broken", "signature-missing", "signature-wrong", "signature-unchecked", "key-bad", "key-other", "key-file-other",
  "file-missing", "file-extra", "file-of-system", "file-changed", "file-length", "file-unreadable", "not-playable", "frames-differ", "time-differs", "derived-changed",
  "parts-wrong", "gaps-wrong", "source-mismatch", "source-no-hash", "source-missing", "source-left-out", "clock-off",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];
export interface Finding {
  readonly level: FindingLevel;
  readonly code: FindingCode;
  /** A member of the package, or a camera's code. */
  readonly subject: string;
  readonly detail: string;
}

/**
 * `altered`: something is not what was signed. `unverifiable`: nothing contradicts, but the signature could not be judged. `whole-unknown-key`: whole under the key that
 * came with it, which proves no sender. `whole-known-key`: whole, signed with the key that whoever checks knows.
 */
export type Grade = "altered" | "unverifiable" | "whole-unknown-key" | "whole-known-key";
export interface Verdict {
  readonly grade: Grade;
  readonly findings: readonly Finding[];
  readonly manifest: Manifest | undefined;
  readonly fingerprint: string | undefined;
  readonly bytes: number;
  readonly frames: number;
  /** Files of sound and of metadata that the manifest names, that are there and hold something. */
  readonly sounds: number;
  readonly metadata: number;
}

const PIECE_BYTES = 1_048_576;
/** Clocks are slewed by at most 500 ppm, and wall times are whole milliseconds: media time and wall time of a file may differ by so much and a second. */
const SLEW = 0.001;
const CLOCK_REMARK_MS = 1_000;

export async function verifyPackage(source: PackageSource, tools: VerifyTools, options: VerifyOptions): Promise<Verdict> {
  const findings: Finding[] = [];
  const tell = (level: FindingLevel, code: FindingCode, subject: string, detail = ""): void => void findings.push({ level, code, subject, detail });
  const verdict = (manifest: Manifest | undefined, isSigned: boolean, { bytes, frames, sounds, metadata } = { bytes: 0, frames: 0, sounds: 0, metadata: 0 }): Verdict => {
    const broken = findings.some(({ level }) => level === "broken");
    const isKnown = options.knownKey !== null && manifest !== undefined && formatBase64(options.knownKey) === manifest.key.publicKey;
    const grade = broken ? "altered" : !isSigned ? "unverifiable" : isKnown ? "whole-known-key" : "whole-unknown-key";
    return { grade, findings, manifest, fingerprint: manifest?.key.fingerprint, bytes, frames, sounds, metadata };
  };
  const hashOf = (bytes: Uint8Array): string => {
    const hash = tools.createHash();
    hash.update(bytes);
    return hash.digestHex();
  };

  const manifestBytes = await readSmall(source, MEMBERS.manifest, MOST_MANIFEST_BYTES);
  if (manifestBytes === undefined) {
    tell("broken", "manifest-missing", MEMBERS.manifest);
    return verdict(undefined, false);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(manifestBytes);
  } catch {
    text = "";
  }
  const parsed = parseManifest(text);
  const signature = await readSmall(source, MEMBERS.signature, 1_000);
  if (!parsed.ok) {
    tell("broken", "manifest-broken", MEMBERS.manifest, parsed.error);
    return verdict(undefined, false);
  }
  const manifest = parsed.value;
  const isSigned = await checkSignature(manifest, manifestBytes, signature, tools, options, hashOf, tell);

  for (const camera of manifest.cameras) checkCamera(manifest, camera, tell);

  const files = new Map(manifest.cameras.flatMap((camera) => camera.files).map((file) => [file.name, file]));
  const besides = new Map([...files.values()].flatMap(({ beside }) => beside ?? []).map((member) => [member.name, member]));
  const counted = { sounds: 0, metadata: 0 };
  const members = listMembers(manifest);
  const of = members.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  let frames = 0;
  for (const member of members) {
    const file = source.members.get(member.name);
    if (file === undefined) {
      tell("broken", "file-missing", member.name);
      continue;
    }
    if (file.size !== member.bytes) tell("broken", "file-length", member.name, `${file.size} bytes, expected ${member.bytes}`);
    const beside = besides.get(member.name);
    const scanner = files.has(member.name) ? new Mp4Scanner() : beside === undefined || beside.kind === "sound-to-play" || beside.bytes === 0 ? undefined : new Mp4Scanner(beside.kind === "sound" ? "soun" : "meta");
    const hash = tools.createHash();
    try {
      for (let at = 0; at < file.size; at += PIECE_BYTES) {
        const piece = await file.read(at, Math.min(PIECE_BYTES, file.size - at));
        hash.update(piece);
        scanner?.feed(piece);
        done += piece.length;
        options.onProgress?.(Math.min(done, of), of);
      }
    } catch (error) {
      tell("broken", "file-unreadable", member.name, (error as Error).message);
      continue;
    }
    if (hash.digestHex() !== member.sha256) tell("broken", "file-changed", member.name);
    if (beside?.kind === "sound" && beside.bytes > 0) counted.sounds++;
    if (beside?.kind === "metadata" && beside.bytes > 0) counted.metadata++;
    if (scanner === undefined) continue;
    if (beside === undefined) frames += checkMedia(files.get(member.name)!, scanner, tell);
    else tellFault(beside.name, scanner, tell);
  }

  await checkDerived(source, manifest, manifestBytes, signature, hashOf, tell);
  const keyText = await readSmall(source, MEMBERS.key, 1_000);
  if (keyText !== undefined) {
    const key = parsePublicKeyPem(new TextDecoder().decode(keyText));
    if (!key.ok || formatBase64(key.value) !== manifest.key.publicKey) tell("broken", "key-file-other", MEMBERS.key);
  }
  const known = new Set<string>([...members.map(({ name }) => name), ...Object.values(MEMBERS)]);
  for (const name of source.members.keys()) {
    if (known.has(name)) continue;
    if (isOfSystem(name)) tell("remark", "file-of-system", name);
    else tell("broken", "file-extra", name);
  }
  return verdict(manifest, isSigned, { bytes: done, frames, ...counted });
}

/** What macOS and Windows leave in a folder that somebody merely looked at. No manifest can name these, and the page plays none of them. */
const isOfSystem = (name: string): boolean => /^(__MACOSX\/(.*\/)?|([^/]+\/)?)(\.DS_Store|\._[^/]+|(eh)?[Tt]humbs\.db|[Dd]esktop\.ini)$/.test(name);

type Tell = (level: FindingLevel, code: FindingCode, subject: string, detail?: string) => void;

async function readSmall(source: PackageSource, name: string, most: number): Promise<Uint8Array | undefined> {
  const file = source.members.get(name);
  return file === undefined || file.size > most ? undefined : file.read(0, file.size).catch(() => undefined);
}

async function checkSignature(manifest: Manifest, text: Uint8Array, signature: Uint8Array | undefined, tools: VerifyTools, { knownKey }: VerifyOptions, hashOf: (bytes: Uint8Array) => string, tell: Tell): Promise<boolean> {
  const key = parseBase64(manifest.key.publicKey);
  if (key?.length !== PUBLIC_KEY_BYTES || isSmallOrder(key) || hashOf(key) !== manifest.key.fingerprint) {
    tell("broken", "key-bad", MEMBERS.manifest);
    return false;
  }
  if (knownKey !== null && formatHex(knownKey) !== formatHex(key)) tell("broken", "key-other", MEMBERS.manifest, `signed with ${manifest.key.fingerprint}, expected ${hashOf(knownKey)}`);
  if (signature?.length !== SIGNATURE_BYTES) {
    tell("broken", "signature-missing", MEMBERS.signature);
    return false;
  }
  const holds = await tools.verifySignature(key, signature, text);
  if (holds === false) tell("broken", "signature-wrong", MEMBERS.manifest);
  if (holds === null) tell("unchecked", "signature-unchecked", MEMBERS.signature);
  return holds === true;
}

/** The manifest against itself: parts add up to their files, and recorded time and gaps to the range. */
function checkCamera(manifest: Manifest, camera: ManifestCamera, tell: Tell): void {
  for (const file of camera.files) {
    let bytes = file.initBytes;
    let frames = 0;
    let inOrder = true;
    for (const [i, part] of file.parts.entries()) {
      bytes += part.to - part.from;
      frames += part.frames;
      const before = file.parts[i - 1];
      if (part.to <= part.from || part.end < part.start || (before !== undefined && (part.start < before.start || part.media90k < before.media90k))) inOrder = false;
      if (part.check === "mismatch") tell("remark", "source-mismatch", file.name, `segment ${part.segmentId}`);
      if (part.check === "no-hash") tell("remark", "source-no-hash", file.name, `segment ${part.segmentId}`);
    }
    for (const member of file.beside ?? []) checkBeside(member, tell);
    if (!inOrder || bytes !== file.bytes || frames !== file.frames || file.start !== file.parts[0]!.start || file.end !== file.parts.at(-1)!.end) tell("broken", "parts-wrong", file.name);
  }
  if (!coversRange(manifest.range, camera) || !liesWithin(camera)) tell("broken", "gaps-wrong", camera.code);
  if (camera.clockOffsetMs !== null && Math.abs(camera.clockOffsetMs) > CLOCK_REMARK_MS) tell("remark", "clock-off", camera.code, `${Math.round(camera.clockOffsetMs)} ms`);
}

/** What stands beside the pictures adds up by itself: its bytes are the initialisation and its parts. PCM is made, and has none. */
function checkBeside({ name, kind, bytes, initBytes, parts }: ManifestBeside, tell: Tell): void {
  for (const { segmentId, check, from, to } of parts) {
    if (check === "mismatch") tell("remark", "source-mismatch", name, `segment ${segmentId}`);
    if (check === "no-hash") tell("remark", "source-no-hash", name, `segment ${segmentId}`);
    if (check === "missing") tell("remark", "source-missing", name, `segment ${segmentId}`);
    else if (to <= from) tell("remark", "source-left-out", name, `segment ${segmentId}`);
  }
  if (kind !== "sound-to-play" && bytes !== parts.reduce((sum, { from, to }) => sum + to - from, initBytes)) tell("broken", "parts-wrong", name);
}

function tellFault(name: string, scanner: Mp4Scanner, tell: Tell): void {
  const { fault } = scanner.finish();
  if (fault !== undefined) tell("broken", "not-playable", name, fault);
}

/** Time of a file in which no picture came is time of that file. Whoever made the manifest chose how many there are: both lists are walked once. */
export function liesWithin({ files, gapsWithin = [] }: Pick<ManifestCamera, "files" | "gapsWithin">): boolean {
  const parts = files.flatMap((file) => file.parts).toSorted((a, b) => a.start - b.start);
  let next = 0;
  let reached = -Infinity; // by a part that begins no later than the gap
  return gapsWithin.toSorted((a, b) => a.start - b.start).every(({ start, end }) => {
    for (; next < parts.length && parts[next]!.start <= start; next++) reached = Math.max(reached, parts[next]!.end);
    return end > start && end <= reached;
  });
}

/** [A19] What is recorded and the gaps, laid one after the other, are the range: no moment in both, none in neither. */
export function coversRange(range: { readonly from: number; readonly to: number }, camera: Pick<ManifestCamera, "files" | "gaps">): boolean {
  const recorded = camera.files.flatMap(({ parts }) => parts).toSorted((a, b) => a.start - b.start);
  const holes: { start: number; end: number }[] = [];
  let at = range.from;
  for (const { start, end } of recorded) {
    if (Math.min(start, range.to) > at) holes.push({ start: at, end: Math.min(start, range.to) });
    at = Math.max(at, Math.min(end, range.to));
  }
  if (at < range.to) holes.push({ start: at, end: range.to });
  // Gaps of different causes may stand side by side in one hole.
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of camera.gaps) {
    const last = joined.at(-1);
    if (last?.end === start) last.end = end;
    else joined.push({ start, end });
  }
  return joined.length === holes.length && joined.every(({ start, end }, i) => start === holes[i]!.start && end === holes[i]!.end);
}

function checkMedia(file: ManifestFile, scanner: Mp4Scanner, tell: Tell): number {
  const { fault, frames, duration, timescale } = scanner.finish();
  if (fault !== undefined) tell("broken", "not-playable", file.name, fault);
  else {
    if (frames !== file.frames) tell("broken", "frames-differ", file.name, `${frames} pictures, expected ${file.frames}`);
    const wallMs = file.end - file.start;
    const mediaMs = (duration / timescale) * 1_000;
    if (Math.abs(mediaMs - wallMs) > 1_000 + wallMs * SLEW) tell("remark", "time-differs", file.name, `${Math.round(mediaMs)} ms of pictures in ${wallMs} ms`);
  }
  return frames;
}

async function checkDerived(source: PackageSource, manifest: Manifest, text: Uint8Array, signature: Uint8Array | undefined, hashOf: (bytes: Uint8Array) => string, tell: Tell): Promise<void> {
  const script = formatManifestScript(formatBase64(text), formatBase64(signature ?? new Uint8Array(0)));
  const sums = formatSums(manifest, { manifest: hashOf(text), signature: hashOf(signature ?? new Uint8Array(0)), script: hashOf(new TextEncoder().encode(script)) });
  for (const [name, expected] of [[MEMBERS.script, script], [MEMBERS.sums, sums]] as const) {
    const bytes = await readSmall(source, name, 2 * MOST_MANIFEST_BYTES);
    if (bytes === undefined) tell("broken", "file-missing", name);
    else if (hashOf(bytes) !== hashOf(new TextEncoder().encode(expected))) tell("broken", "derived-changed", name);
  }
}
