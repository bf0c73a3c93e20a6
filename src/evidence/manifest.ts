// The manifest of an evidence package: what is in it, where each byte came from, when it was recorded, what is missing and why, who asked and why. It is
// written as canonical JSON and signed as these bytes; everything else in the package hangs on it by SHA-256. Times are wall times in milliseconds since 1970;
// the zone is the city's, by whose clocks people tell them (packages of before have none).
// What a reader can derive (SHA256SUMS, manifest.js) is not listed in it: it is made again and compared.
import { z } from "zod";
import { formatCanonicalJson, listCanonicalPieces } from "../base/canonical-json.ts";
import { type Result, err, ok } from "../base/result.ts";
import { Id, TimeZone, WallTime } from "../contract/basics.ts";
import { Pose } from "../contract/cameras.ts";
import { GAP_CAUSES } from "../contract/media.ts";

export const PACKAGE_FORMAT = "citywatch-evidence";
export const PACKAGE_VERSION = 1;

/** Members of every package, by their names in it. */
export const MEMBERS = { page: "index.html", readme: "README.txt", key: "public-key.pem", manifest: "manifest.json", signature: "manifest.sig", script: "manifest.js", sums: "SHA256SUMS" } as const;
/** A whole day of sixteen cameras is some 5 MB. */
export const MOST_MANIFEST_BYTES = 12_000_000;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().nonnegative();
const Named = { name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/), bytes: Count, sha256: Sha256 };

/** How the hash that was made while recording compared with the whole stored segment when it was exported. `no-hash`: a crash or power cut came between. */
export const SEGMENT_CHECKS = ["match", "mismatch", "no-hash"] as const;
/** A stretch of one stored segment, byte for byte: `[from, to)` of that file. Wall times of its first picture and its end; `media90k` is where it begins in the exported file. */
const Part = z.strictObject({
  segmentId: Id, segmentSha256: Sha256.nullable(), check: z.enum(SEGMENT_CHECKS), from: Count, to: Count, start: WallTime, end: WallTime, media90k: Count, frames: Count,
});
export type ManifestPart = z.infer<typeof Part>;
/** As with segments; `missing`: the index named it, and the disk had it no more. */
export const BESIDE_CHECKS = [...SEGMENT_CHECKS, "missing"] as const;
/** A stretch of the stored file beside a segment: `[from, to)` of it, whole fragments. */
const BesidePart = z.strictObject({ segmentId: Id, sha256: Sha256.nullable(), check: z.enum(BESIDE_CHECKS), from: Count, to: Count, start: WallTime, end: WallTime });
export type ManifestBesidePart = z.infer<typeof BesidePart>;
/** What was recorded with the pictures of a file. sound: as the camera sent it. metadata: the camera's own description (ONVIF), as it sent it. sound-to-play: G.711 made into PCM, for players that read no G.711; made here, from `sound`. */
export const BESIDE_KINDS = ["sound", "sound-to-play", "metadata"] as const;
const Beside = z.strictObject({ ...Named, kind: z.enum(BESIDE_KINDS), codec: z.enum(["aac", "pcma", "pcmu"]).nullable(), initBytes: Count, start: WallTime, end: WallTime, parts: z.array(BesidePart) });
export type ManifestBeside = z.infer<typeof Beside>;
/** One playable file: the initialisation (the first `initBytes`), then the parts one after the other. */
const MediaFile = z.strictObject({ ...Named, initBytes: Count, start: WallTime, end: WallTime, frames: Count, parts: z.array(Part).min(1), beside: z.array(Beside).min(1).exactOptional() }); // absent where nothing was: packages of before have no such field
export type ManifestFile = z.infer<typeof MediaFile>;
const Gap = z.strictObject({ start: WallTime, end: WallTime, cause: z.enum(GAP_CAUSES) });
const ManifestCamera = z.strictObject({
  id: Id, code: z.string(), name: z.string(), place: z.string(), pose: Pose, accessRecordId: Id,
  clockOffsetMs: z.number().nullable(), // of the camera's own clock against the recorder's, where it was measured; the times here are the recorder's
  files: z.array(MediaFile), gaps: z.array(Gap),
  gapsWithin: z.array(Gap).min(1).exactOptional(), // in the files: no picture came, and the one before stands; absent where there is none
});
export type ManifestCamera = z.infer<typeof ManifestCamera>;

export const Manifest = z.strictObject({
  format: z.literal(PACKAGE_FORMAT), version: z.literal(PACKAGE_VERSION),
  exportId: Id, city: z.string(), timeZone: TimeZone.exactOptional(), program: z.string(), recorderId: Id, madeAt: WallTime,
  asked: z.strictObject({ from: WallTime, to: WallTime }),
  range: z.strictObject({ from: WallTime, to: WallTime }), // what was asked, cut to the time when the package was made
  askedBy: z.strictObject({ accountId: Id, name: z.string(), at: WallTime }),
  reason: z.strictObject({ purpose: z.string(), words: z.string().nullable(), incidentId: Id.nullable(), incidentNumber: z.int().nullable(), contactId: Id.nullable() }),
  cameras: z.array(ManifestCamera).min(1),
  files: z.array(z.strictObject(Named)), // the members beside the pictures
  key: z.strictObject({ algorithm: z.literal("Ed25519"), publicKey: z.string(), fingerprint: Sha256 }), // base64 of the 32 bytes, and their SHA-256
});
export type Manifest = z.infer<typeof Manifest>;

export const formatManifest = (manifest: Manifest): string => formatCanonicalJson(manifest);
/** The same text in pieces. */
export const listManifestPieces = (manifest: Manifest): Generator<string, void, undefined> => listCanonicalPieces(manifest);

/** Only the canonical text is taken: one manifest has one text. */
export function parseManifest(text: string): Result<Manifest, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err("it is no JSON");
  }
  const read = Manifest.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return err(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not of the form"}`);
  }
  let canonical: string;
  try {
    canonical = formatManifest(read.data);
  } catch (error) {
    return err((error as Error).message); // JSON's escapes can tell half a surrogate pair, which has no canonical form
  }
  return canonical === text ? ok(read.data) : err("it is not in canonical form (RFC 8785)");
}

/** Every member that the manifest names with its hash, in the order of the package. */
export const listMembers = (manifest: Manifest): { readonly name: string; readonly bytes: number; readonly sha256: string }[] => [...manifest.files, ...manifest.cameras.flatMap((camera) => camera.files).flatMap((file) => [file, ...(file.beside ?? [])])];

/** For `sha256sum -c`. Follows from the manifest's text and the signature. */
export function formatSums(manifest: Manifest, own: { readonly manifest: string; readonly signature: string; readonly script: string }): string {
  const rows = [...listMembers(manifest).map(({ name, sha256 }) => [sha256, name]), [own.manifest, MEMBERS.manifest], [own.signature, MEMBERS.signature], [own.script, MEMBERS.script]];
  return rows.map(([sha256, name]) => `${sha256}  ${name}\n`).join("");
}

/** The same manifest and signature for the page, which may read no other file when it is opened from a disk. Base64, so that nothing in it can end the script. */
export const formatManifestScript = (manifestBase64: string, signatureBase64: string): string => `globalThis.citywatchEvidence = { manifest: "${manifestBase64}", signature: "${signatureBase64}" };\n`;
