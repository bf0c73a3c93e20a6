// The check of the recordings: bytes against index against hashes, each file read once from its first byte to its last. It changes nothing; what
// the recorder puts right by itself at its next start (segments that were open, files that no row names, deletions half done) is told as such,
// and what nobody can put right as well. It needs the index for itself: a recorder that runs has it, and is told of.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { IndexStore } from "./index-store.ts";
import { listSegmentFiles, segmentPath, walkSegment } from "./segment-files.ts";

export const FINDINGS = ["file-missing", "file-unreadable", "wrong-size", "wrong-hash", "torn", "wrong-contents", "not-settled", "deletion-unfinished", "file-unknown"] as const;
export type FindingKind = (typeof FINDINGS)[number];
/** Those that the recorder settles at its next start. */
export const SETTLED_AT_START: ReadonlySet<FindingKind> = new Set(["not-settled", "deletion-unfinished", "file-unknown"]);

export interface Finding {
  readonly kind: FindingKind;
  readonly cameraId: number;
  readonly segmentId: number;
  readonly detail: string;
}
export interface CheckReport {
  readonly segments: number;
  readonly bytes: number;
  readonly frames: number;
  /** Segments whose bytes were compared with the hash that was made when they were written. */
  readonly hashed: number;
  readonly findings: readonly Finding[];
}

/** Checks everything below `root`. `progress` hears how many segments are done, of how many. */
export async function checkRecordings(root: string, index: IndexStore, progress: (done: number, of: number) => void): Promise<CheckReport> {
  const findings: Finding[] = [];
  const add = (kind: FindingKind, { cameraId, segmentId }: { readonly cameraId: number; readonly segmentId: number }, detail: string): void => {
    findings.push({ kind, cameraId, segmentId, detail });
  };
  const rows = index.listForCheck();
  const totals = { bytes: 0, frames: 0, hashed: 0 };
  for (const [done, row] of rows.entries()) {
    progress(done, rows.length);
    if (row.state === "deleting") {
      add("deletion-unfinished", row, "it was being deleted");
      continue;
    }
    if (row.state !== "closed") {
      add("not-settled", row, row.state === "open" ? "it was being written" : "a write or a sync failed");
      continue;
    }
    try {
      for (const { kind, detail } of await checkSegment(segmentPath(root, row.cameraId, row.segmentId), row)) add(kind, row, detail);
      totals.bytes += row.bytes;
      totals.frames += row.frames;
      if (row.sha256 !== null) totals.hashed++;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      add(code === "ENOENT" ? "file-missing" : "file-unreadable", row, code === "ENOENT" ? "there is no such file" : message);
    }
  }
  progress(rows.length, rows.length);
  const known = new Set(rows.map((row) => row.segmentId));
  for (const file of await listSegmentFiles(root, (cameraId, error) => add("file-unreadable", { cameraId, segmentId: 0 }, error.message))) {
    if (!known.has(file.segmentId)) add("file-unknown", file, "no row of the index names it");
  }
  return { segments: rows.length, ...totals, findings };
}

interface CheckedRow {
  readonly bytes: number;
  readonly frames: number;
  readonly gopCount: number;
  readonly sha256: Uint8Array | null;
}

async function checkSegment(path: string, row: CheckedRow): Promise<{ kind: FindingKind; detail: string }[]> {
  const found: { kind: FindingKind; detail: string }[] = [];
  const { size } = await stat(path);
  if (size !== row.bytes) found.push({ kind: "wrong-size", detail: `${size} bytes, the index says ${row.bytes}` });
  if (row.sha256 !== null) {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) hash.update(chunk as Buffer);
    if (!hash.digest().equals(row.sha256)) found.push({ kind: "wrong-hash", detail: "the bytes are not those that were written" });
  }
  const handle = await open(path, "r");
  try {
    const walk = await walkSegment(handle, size);
    if (walk.tornBy !== undefined) found.push({ kind: "torn", detail: walk.tornBy });
    else if (walk.frames !== row.frames || walk.gops.length !== row.gopCount) {
      found.push({ kind: "wrong-contents", detail: `${walk.frames} pictures after ${walk.gops.length} key frames, the index says ${row.frames} after ${row.gopCount}` });
    }
  } finally {
    await handle.close();
  }
  return found;
}
