#!/usr/bin/env node
// The front door, in plain JavaScript without dependencies, because it must run before anything is installed and on a Node too old for the rest.
// It brings Node 24 where the running one is older, installs the packages where they are missing or the lock has changed, and hands over to
// src/cli/main.ts. Node comes from the npm registry with a lock of its own (runtime/), so that no system package and no download page is needed.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(fileURLToPath(import.meta.url));
const RUNTIME = join(ROOT, "runtime");
const NEEDED_MAJOR = 24;
const LIBC = process.report?.getReport().header.glibcVersionRuntime ? "glibc" : "musl";

/** A failure that is told in its own words, without a stack. */
class Told extends Error {}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** One line for one step: redrawn while it runs on a terminal, written once at its end elsewhere. */
async function step(title, count, work) {
  const since = performance.now();
  const live = process.stderr.isTTY === true;
  const draw = () => {
    const { done, of } = count();
    const filled = of > 0 ? Math.min(20, Math.round((20 * done) / of)) : 0;
    process.stderr.write(`\r\x1b[K  ${title}  [${"#".repeat(filled)}${"-".repeat(20 - filled)}] ${done}/${of}  ${seconds(since)}`);
  };
  const timer = live ? setInterval(draw, 400) : undefined;
  try {
    const outcome = await work();
    clearInterval(timer);
    process.stderr.write(`${live ? "\r\x1b[K" : ""}  ok  ${title}  ${outcome}  ${seconds(since)}\n`);
  } catch (error) {
    clearInterval(timer);
    process.stderr.write(`${live ? "\r\x1b[K" : ""}  --  ${title}  failed after ${seconds(since)}\n`);
    throw error;
  }
}

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Whether a package of the lock belongs on this machine; npm leaves the others out. */
const fitsHere = (entry) => {
  const allows = (list, value) => list === undefined || [list].flat().includes(value) || [list].flat().every((name) => name.startsWith("!") && name !== `!${value}`);
  return allows(entry.os, process.platform) && allows(entry.cpu, process.arch) && (process.platform !== "linux" || allows(entry.libc, LIBC));
};

/** Whether a package is made for just this machine: a program (Node, PostgreSQL) or a native part, optional in the lock only because there is one a machine. */
const isMadeForHere = (entry) => entry.os !== undefined && entry.cpu !== undefined && fitsHere(entry);

/** The folders that the lock puts below node_modules on this machine, with the version of each; links to our own workspaces left out. */
function listLocked(dir) {
  return Object.entries(readJson(join(dir, "package-lock.json")).packages).filter(([path, entry]) => path.startsWith("node_modules/") && !entry.link && fitsHere(entry));
}

/** The packages for just this machine that are not there. npm passes over an optional package that it could not fetch, and says nothing. */
const listMissing = (dir) => listLocked(dir).filter(([path, entry]) => isMadeForHere(entry) && !existsSync(join(dir, path)));

const digest = (...files) => files.reduce((hash, file) => hash.update(readFileSync(file)), createHash("sha256")).digest("hex");

/** Whether node_modules holds what the lock says: by our stamp, else by npm's own record of what it put there. */
function isInstalled(dir) {
  const modules = join(dir, "node_modules");
  if (!existsSync(modules)) return false;
  const stamp = join(modules, ".citywatch-stamp");
  const wanted = digest(join(dir, "package-lock.json"));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return true;
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = readJson(record).packages;
  // npm leaves out optional packages that do not fit the machine, and what only they need.
  const same = listLocked(dir).every(([path, entry]) => (present[path] ? present[path].version === entry.version : entry.optional === true && !isMadeForHere(entry)));
  if (same) tryStamp(dir);
  return same;
}

function tryStamp(dir) {
  try {
    writeFileSync(join(dir, "node_modules", ".citywatch-stamp"), digest(join(dir, "package-lock.json")));
  } catch {
    // a checkout that we may not write to: the longer comparison is made each time
  }
}

function countInstalled(dir) {
  const locked = listLocked(dir).map(([path, entry]) => ({ entry, present: existsSync(join(dir, path)) }));
  return { done: locked.filter(({ present }) => present).length, of: locked.filter(({ entry, present }) => present || !entry.optional).length };
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** One installation at a time: two npm in one folder tear each other's files away. A lock whose process is gone is taken over. Returns the release. */
async function lockInstall(dir) {
  const lock = join(dir, "node_modules.lock");
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      let held = true;
      const release = () => {
        if (held) rmSync(lock, { force: true });
        held = false;
      };
      process.once("exit", release);
      return release;
    } catch (error) {
      if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM") throw new Told(`This user may not write in ${dir}, and the packages are not installed there yet.`);
      if (error.code !== "EEXIST") throw error;
    }
    let holder = NaN;
    try {
      holder = Number(readFileSync(lock, "utf8"));
    } catch {
      continue; // released meanwhile
    }
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    else {
      if (!told) process.stderr.write(`  ..  process ${holder} installs here; waiting for it\n`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** npm needs a folder of its own to write to; a user without a home gets a passing one. */
function npmCache() {
  const wanted = process.env.npm_config_cache ?? join(homedir(), ".npm");
  try {
    mkdirSync(wanted, { recursive: true });
    accessSync(wanted, constants.W_OK);
    return { env: {}, remove: () => undefined };
  } catch {
    const dir = mkdtempSync(join(tmpdir(), "citywatch-npm-"));
    return { env: { npm_config_cache: dir }, remove: () => rmSync(dir, { recursive: true, force: true }) };
  }
}

/** What npm's complaint means for the person who waits. */
function explainNpm(said, code) {
  const last = said.split("\n").filter((line) => line.startsWith("npm error") && !line.includes("complete log")).slice(0, 8).join("\n") || said.trim().split("\n").slice(-8).join("\n");
  if (/ENOSPC|no space left/i.test(said)) return `The disk is full: the packages need about 1 GB.\n${last}`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i.test(said)) {
    return `The npm registry cannot be reached. Citywatch needs it once, at the first start. Behind a proxy, set HTTPS_PROXY or "npm config set proxy".\n${last}`;
  }
  if (/SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(said)) {
    return `The npm registry's certificate is not trusted here. Behind a proxy that opens TLS, name its certificate: "npm config set cafile FILE".\n${last}`;
  }
  if (/EACCES|EPERM|EROFS/.test(said)) return `This user may not write in ${ROOT}.\n${last}`;
  if (/EINTEGRITY/.test(said)) return `A package is not what the lock says it should be, and was refused.\n${last}`;
  return `npm ended with code ${code}.\n${last}`;
}

/** Runs npm in `dir`; gives its exit code and the end of what it said. */
function runNpm(args, dir, env) {
  return new Promise((resolve, reject) => {
    let said = "";
    const child = spawn("npm", args, { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk) => (said = (said + chunk).slice(-20_000));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => reject(new Told(error.code === "ENOENT" ? "npm is not on the PATH; it comes with Node.js." : error.message)));
    child.once("close", (code) => resolve({ code, said }));
  });
}

/** Runs `npm ci` in `dir`, silent unless it fails. No install script of a package is run: none of ours needs one. */
async function npmCi(dir, nodeBin) {
  const release = await lockInstall(dir);
  if (isInstalled(dir)) return release();
  const cache = npmCache();
  const env = { ...process.env, ...cache.env, PATH: nodeBin ? `${nodeBin}${delimiter}${process.env.PATH ?? ""}` : process.env.PATH };
  // Settings that an outer "npm start" exports describe the outer folder, not this one.
  for (const name of ["npm_config_local_prefix", "npm_config_prefix", "npm_package_json", "NODE_ENV", "npm_config_omit", "npm_config_production"]) delete env[name];
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev", "--include=optional"];
  try {
    const { code, said } = await runNpm(args, dir, env);
    if (code !== 0) throw new Told(explainNpm(said, code));
    const [missing] = listMissing(dir);
    if (missing) {
      // Asked for by name, npm says why it could not fetch it.
      const name = missing[0].slice(missing[0].lastIndexOf("node_modules/") + "node_modules/".length);
      const asked = await runNpm(["view", `${name}@${missing[1].version}`, "version", "--loglevel=error"], dir, env);
      throw new Told(asked.code === 0 ? `npm did not bring ${name} ${missing[1].version}. Start again.` : explainNpm(asked.said, asked.code));
    }
    tryStamp(dir);
  } finally {
    cache.remove();
    release();
  }
}

/** The folder with a Node that is new enough; undefined where the running one is. */
async function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) return undefined;
  const modules = join(RUNTIME, "node_modules");
  const find = () => {
    for (const name of existsSync(modules) ? readdirSync(modules) : []) {
      if (name === `node-${process.platform}-${process.arch}` || name === `node-bin-${process.platform}-${process.arch}`) return join(modules, name);
    }
    return undefined;
  };
  if (!isInstalled(RUNTIME) || !find()) {
    if (listLocked(RUNTIME).length === 0) {
      throw new Told(`Citywatch needs Node.js ${NEEDED_MAJOR} or newer; this is ${process.versions.node}, and there is none by npm for ${process.platform} on ${process.arch}. Install it and start again.`);
    }
    await step(`Node.js ${NEEDED_MAJOR} (this machine has ${process.versions.node})`, () => countInstalled(RUNTIME), async () => {
      await npmCi(RUNTIME, undefined);
      const dir = find();
      if (!dir) throw new Told(`npm brought no Node.js for ${process.platform} on ${process.arch}. Install Node.js ${NEEDED_MAJOR} and start again.`);
      return readJson(join(dir, "package.json")).version;
    });
  }
  return join(find(), "bin");
}

async function main() {
  const major = process.versions.node.split(".").map(Number);
  if (major[0] < 20 || (major[0] === 20 && major[1] < 19)) throw new Told(`Citywatch needs Node.js 20.19 or newer to begin with; this is ${process.versions.node}.`);
  if (process.platform === "win32") throw new Told("Citywatch runs on Linux and macOS; on Windows use WSL.");
  const nodeBin = await findNode();
  if (!isInstalled(ROOT)) {
    await step("packages", () => countInstalled(ROOT), async () => {
      await npmCi(ROOT, nodeBin);
      return String(countInstalled(ROOT).done);
    });
  }
  const node = nodeBin ? join(nodeBin, "node") : process.execPath;
  const env = { ...process.env, PATH: [nodeBin, join(ROOT, "node_modules", ".bin"), process.env.PATH].filter(Boolean).join(delimiter) };
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", join(ROOT, "src", "cli", "main.ts"), ...process.argv.slice(2)], { env, stdio: "inherit" });
  // We only pass on: the child decides when it has stopped. One key press may so arrive more than once, which the child knows.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    process.stderr.write(`citywatch: ${node} does not start: ${error.message}\n`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

main().catch((error) => {
  process.stderr.write(error instanceof Told ? `\ncitywatch: ${error.message}\n` : `\ncitywatch: ${error.stack}\n`);
  process.exit(1);
});
