// A package as a browser gets it: a ZIP that was dropped or chosen, or the files of its unpacked folder. Nothing is sent anywhere. SHA-256 comes from noble,
// because WebCrypto hashes only what is in memory as a whole and files here are larger; the signature is WebCrypto's.
import { sha256 } from "@noble/hashes/sha2.js";
import { type Result, err, ok } from "../../../src/base/result.ts";
import { formatHex } from "../../../src/evidence/ed25519.ts";
import { MEMBERS } from "../../../src/evidence/manifest.ts";
import type { PackageSource, VerifyTools } from "../../../src/evidence/verify.ts";
import { type ByteSource, readZip } from "../../../src/evidence/zip.ts";
import type { PackageFile } from "./dropped-files.ts";

export const browserTools: VerifyTools = {
  createHash: () => {
    const hash = sha256.create();
    return { update: (bytes) => void hash.update(bytes), digestHex: () => formatHex(hash.digest()) };
  },
  verifySignature: async (publicKey, signature, message) => {
    try {
      const key = await crypto.subtle.importKey("raw", Uint8Array.from(publicKey), "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", key, Uint8Array.from(signature), Uint8Array.from(message));
    } catch {
      return null; // no Ed25519 here, or no secure context
    }
  },
};

const blobSource = (blob: Blob): ByteSource => ({ size: blob.size, read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()) });

/** One ZIP, or the files of a folder: their paths without the folder's own name, taken from where the manifest lies. */
export async function openPackageFiles(files: readonly PackageFile[]): Promise<Result<PackageSource, string>> {
  const [only] = files;
  if (only === undefined) return err("no file");
  if (files.length === 1) {
    const zip = blobSource(only.file);
    const read = await readZip(zip).catch((error: unknown) => err(String(error)));
    if (!read.ok) return read;
    return ok({ members: new Map(read.value.map(({ name, offset, size }) => [name, { size, read: (at: number, length: number) => zip.read(offset + at, length) }])) });
  }
  const manifest = files.find(({ path }) => path === MEMBERS.manifest || path.endsWith(`/${MEMBERS.manifest}`));
  if (manifest === undefined) return err(`no ${MEMBERS.manifest} among the files`);
  const root = manifest.path.slice(0, -MEMBERS.manifest.length);
  return ok({ members: new Map(files.filter(({ path }) => path.startsWith(root)).map(({ file, path }) => [path.slice(root.length), blobSource(file)])) });
}
