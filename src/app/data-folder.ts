// The data folder: who may use it, which format it has, and the secrets made in it. The lock is one that the kernel drops when its holder dies (SQLite's
// file lock, the only such lock that Node offers): a file with a process number would lie after a crash.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statfsSync, writeFileSync } from "node:fs";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ToldError } from "../base/told-error.ts";

/** Rises when an older program can no longer read the folder. */
export const DATA_FORMAT = 1;
const LEAST_FREE_BYTES = 512 * 1024 * 1024;

export interface Secrets {
  readonly viewSigningKeyPem: string;
  readonly evidenceSigningKeyPem: string;
  readonly sealKey: string;
  readonly serviceTokens: { readonly recorder: string; readonly telephony: string; readonly fleet: string };
  readonly cameraPassword: string;
}

export interface DataFolder {
  readonly dir: string;
  readonly logsDir: string;
  readonly cityDir: string;
  readonly postgresDir: string;
  readonly secrets: Secrets;
  release(): void;
}

function writeWhole(path: string, text: string, mode: number): void {
  const parts = `${path}.part`;
  writeFileSync(parts, text, { mode, flush: true });
  renameSync(parts, path);
}

function lock(dir: string): () => void {
  const holder = join(dir, "holder.txt");
  const database = new DatabaseSync(join(dir, "lock"));
  try {
    database.exec("pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive; create table if not exists held (at integer); commit; begin exclusive");
  } catch (error) {
    database.close();
    const { errcode } = error as { errcode?: number };
    if (errcode === 5) {
      const who = existsSync(holder) ? readFileSync(holder, "utf8").trim() : "";
      throw new ToldError(`Citywatch already runs on the data folder ${dir}${who ? ` (process ${who})` : ""}. Stop it first, or use another folder: --data FOLDER.`, { cause: error });
    }
    throw error;
  }
  writeFileSync(holder, `${process.pid}\n`);
  return () => database.close();
}

function checkFormat(dir: string, version: string, training: boolean): void {
  const path = join(dir, "format.json");
  if (!existsSync(path)) {
    writeWhole(path, `${JSON.stringify({ format: DATA_FORMAT, madeBy: version, ...(training ? { training } : {}) })}\n`, 0o644);
    return;
  }
  let format: unknown;
  let isOfTraining: unknown;
  try {
    ({ format, training: isOfTraining } = JSON.parse(readFileSync(path, "utf8")) as { format?: unknown; training?: unknown });
  } catch {
    format = undefined;
  }
  if (typeof format !== "number") throw new ToldError(`${path}: expected {"format": ${DATA_FORMAT}, ...}; the folder may be damaged, or not be Citywatch's`);
  if (format > DATA_FORMAT) throw new ToldError(`The data folder ${dir} has format ${format}, written by a newer Citywatch; this one (${version}) knows formats up to ${DATA_FORMAT}. Update Citywatch, or use another folder: --data FOLDER.`);
  if ((isOfTraining === true) !== training) {
    throw new ToldError(training ? `The data folder ${dir} is of a real city: training keeps its own. Use another: --data FOLDER.` : `The data folder ${dir} is of training: nothing in it has happened. Use another: --data FOLDER, or start with --training.`);
  }
}

function makeSecrets(dir: string): Secrets {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const keep = (name: string, make: () => string): string => {
    const path = join(dir, name);
    if (!existsSync(path)) writeWhole(path, make(), 0o600);
    return readFileSync(path, "utf8");
  };
  const token = (): string => randomBytes(32).toString("base64url");
  const signingKey = (): string => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    viewSigningKeyPem: keep("view-signing-key.pem", signingKey),
    evidenceSigningKeyPem: keep("evidence-signing-key.pem", signingKey), // lost with the folder: packages of before then verify by the published key all the same
    sealKey: keep("seal-key", () => randomBytes(32).toString("base64")),
    serviceTokens: { recorder: keep("service-recorder", token), telephony: keep("service-telephony", token), fleet: keep("service-fleet", token) },
    cameraPassword: keep("camera-password", () => randomBytes(18).toString("base64url")),
  };
}

/** Opens the folder, making it where absent. Throws a ToldError: in use, of a newer format, not writable, disk full. */
export function openDataFolder(dir: string, version: string, training: boolean = false): DataFolder {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0) chmodSync(dir, 0o711); // the database's own user must pass through to its folder, and may not list this one
    const { bavail, bsize } = statfsSync(dir);
    if (bavail * bsize < LEAST_FREE_BYTES) {
      throw new ToldError(`The disk of ${dir} has only ${Math.floor((bavail * bsize) / 1e6)} MB free; Citywatch starts with ${Math.ceil(LEAST_FREE_BYTES / 1e6)} MB or more. Free some space, or use another disk: --data FOLDER.`);
    }
    const release = lock(dir);
    try {
      checkFormat(dir, version, training);
      const folders = { logsDir: join(dir, "logs"), cityDir: join(dir, "city"), postgresDir: join(dir, "postgres") };
      mkdirSync(folders.logsDir, { recursive: true, mode: 0o700 });
      return { dir, ...folders, secrets: makeSecrets(join(dir, "secrets")), release };
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    if (error instanceof ToldError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") throw new ToldError(`The disk of ${dir} is full. Free some space, or use another disk: --data FOLDER.`, { cause: error });
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") throw new ToldError(`This user may not write in the data folder ${dir} (${code}). Use another: --data FOLDER.`, { cause: error });
    throw error;
  }
}
