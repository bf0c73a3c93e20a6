// A package on a disk, as a ZIP or unpacked, for its verification; and the hash and signature of node:crypto for it. A folder is read as it lies there:
// what is no plain file (a link, a device) is told as a member that cannot be read, so that nothing hides behind it.
import { createHash, createPublicKey, verify } from "node:crypto";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Result, err, ok } from "../../base/result.ts";
import { formatPublicKeyPem } from "../../evidence/ed25519.ts";
import type { PackageSource, VerifyTools } from "../../evidence/verify.ts";
import { type ByteSource, readZip } from "../../evidence/zip.ts";

export const nodeTools: VerifyTools = {
  createHash: () => {
    const hash = createHash("sha256");
    return { update: (bytes) => void hash.update(bytes), digestHex: () => hash.digest("hex") };
  },
  verifySignature: async (publicKey, signature, message) => verify(null, message, createPublicKey(formatPublicKeyPem(publicKey)), signature),
};

const MOST_FILES = 20_000;
const MOST_DEPTH = 4;

/** `close` must be called. What cannot be opened as a package at all is an error in words. */
export async function openPackage(path: string): Promise<Result<PackageSource & { close(): Promise<void> }, string>> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return err(`${path}: there is no such file or folder`);
  if (facts.isDirectory()) return openFolder(path);
  if (!facts.isFile()) return err(`${path}: expected a ZIP file or a folder`);
  const handle = await open(path);
  const zip = fileSource(handle, facts.size);
  const members = await readZip(zip).catch((error: Error) => err(error.message));
  if (!members.ok) {
    await handle.close();
    return err(members.error);
  }
  return ok({
    members: new Map(members.value.map(({ name, offset, size }) => [name, { size, read: (at: number, length: number) => zip.read(offset + at, length) }])),
    close: () => handle.close(),
  });
}

function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead !== length) throw new Error(`the file ends at byte ${offset + bytesRead}`);
      return bytes;
    },
  };
}

async function openFolder(root: string): Promise<Result<PackageSource & { close(): Promise<void> }, string>> {
  const members = new Map<string, ByteSource>();
  const walk = async (folder: string, depth: number): Promise<string | undefined> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (members.size > MOST_FILES || depth > MOST_DEPTH) return "more files than a package has";
      if (entry.isDirectory()) {
        const fault = await walk(name, depth + 1);
        if (fault !== undefined) return fault;
      } else members.set(name, await folderSource(join(root, name), entry.isFile()));
    }
    return undefined;
  };
  const fault = await walk("", 0);
  return fault === undefined ? ok({ members, close: () => Promise.resolve() }) : err(fault);
}

async function folderSource(path: string, isPlain: boolean): Promise<ByteSource> {
  const size = isPlain ? (await stat(path)).size : 0;
  return {
    size,
    read: async (offset, length) => {
      if (!isPlain) throw new Error("no plain file");
      const handle = await open(path);
      try {
        return await fileSource(handle, size).read(offset, length);
      } finally {
        await handle.close();
      }
    },
  };
}
