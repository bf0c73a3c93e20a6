// The command as its users run it: a package on a disk, exit code and words; and the commands of the package's own README.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fromBuffer } from "yauzl";
import { formatManifest, type Manifest, parseManifest } from "../evidence/manifest.ts";
import { createDayManifest, createDayOrder } from "../io/evidence/testing/day-manifest.ts";
import { PackageRig, T0 } from "../io/evidence/testing/package-rig.ts";
import { formatVerdict } from "./verify.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => execFile(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, "verify", ...args], { timeout: 120_000 }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err })));
const has = (program: string): boolean => spawnSync(program, ["--version"]).status === 0 || spawnSync(program, ["version"]).status === 0;

function unpack(zip: Buffer, to: string): Promise<void> {
  return new Promise((resolve, reject) => fromBuffer(zip, { lazyEntries: true }, (error, file) => {
    if (error !== null) return reject(error);
    file.on("entry", (entry) => file.openReadStream(entry, async (fault, stream) => {
      if (fault !== null) return reject(fault);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      await mkdir(dirname(join(to, entry.fileName)), { recursive: true });
      await writeFile(join(to, entry.fileName), Buffer.concat(chunks));
      file.readEntry();
    }));
    file.on("end", () => resolve()).on("error", reject);
    file.readEntry();
  }));
}

describe("citywatch verify", () => {
  let rig: PackageRig;
  let zip: string;
  let folder: string;
  let key: string;
  before(async () => {
    rig = await PackageRig.create();
    await rig.record(1, T0, 30 * 25);
    const bytes = await rig.export(rig.order(T0, T0 + 40_000));
    [zip, folder, key] = [join(rig.root, "package.zip"), join(rig.root, "package"), join(rig.root, "city.pem")];
    await writeFile(zip, bytes);
    await unpack(bytes, folder);
    await writeFile(key, rig.signer.publicKeyPem);
  });
  after(() => rig.close());

  test("[EXP9] the grade is the exit code: whole under the key that was given, whole under one that was not, altered, no package", async () => {
    for (const path of [zip, folder]) {
      const known = await run(path, "--key", key);
      assert.equal(known.code, 0, known.out + known.err);
      assert.match(known.out, /750 pictures in 1 file, 1 gap: .* camera-closed/);
      assert.match(known.out, /\nRange \d{4}-\d\d-\d\dT[\d:.]+-03:00 to .*-03:00 \(America\/Montevideo\)\n/, "by the city's clocks");
      assert.match(known.out, /Whole, and signed with the key that you gave\.\n$/);
      assert.equal((await run(path, "--fingerprint", rig.signer.fingerprint)).code, 0);
      const unknown = await run(path);
      assert.equal(unknown.code, 3);
      assert.match(unknown.out, /Who holds that key this check cannot say/);
      assert.ok(unknown.out.includes(rig.signer.fingerprint));
    }
    const other = join(rig.root, "other.pem");
    await writeFile(other, generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
    const stranger = await run(zip, "--key", other);
    assert.equal(stranger.code, 1);
    assert.match(stranger.out, /manifest\.json: was signed by another key than the one you gave/);
    assert.equal((await run(zip, "--fingerprint", "0".repeat(64))).code, 1);
    const cut = join(rig.root, "cut.zip");
    await writeFile(cut, (await readFile(zip)).subarray(0, -5_000));
    for (const path of [key, join(rig.root, "nowhere"), cut]) assert.equal((await run(path)).code, 2, path);
  });

  test("[EXP9] a slip of the keyboard is told as one: it never says that the package was altered", async () => {
    for (const [words, ...options] of [[/--key: .*package\.zip: expected a public key/, "--key", zip], [/--fingerprint: abc: expected 64 hexadecimal digits/, "--fingerprint", "abc"], [/Unknown option '--keys'/, "--keys", key]] as const) {
      const { code, err } = await run(zip, ...options);
      assert.equal(code, 2, err);
      assert.match(err, words);
      assert.ok(!err.includes("    at "), err);
    }
  });

  test("[EXP5] of a package of before, which names no time zone, the times are in UTC", () => {
    const { timeZone: _timeZone, ...before } = createDayManifest(createDayOrder(rig.signer.publicKey), rig.signer.fingerprint);
    const parsed = parseManifest(formatManifest(before));
    assert.ok(parsed.ok);
    const of = (manifest: Manifest): string => formatVerdict({ grade: "whole-unknown-key", findings: [], manifest, fingerprint: rig.signer.fingerprint, bytes: 1, frames: 1, sounds: 1, metadata: 0 });
    assert.match(of(parsed.value), /\nRange [\dT:.-]+Z to [\dT:.-]+Z \(UTC\)\n/);
    assert.match(of({ ...before, timeZone: "Mars/Olympus" }), /\(UTC\)\n/, "nor of a zone that this machine has never heard of");
    assert.match(of(before), /1 picture, 1 file of sound/);
  });

  test("[EXP6] what was changed is named in words and in JSON", async () => {
    const bytes = await readFile(zip);
    const at = bytes.indexOf("mdat", 20_000) + 40;
    bytes[at] = bytes[at]! ^ 4;
    const changed = join(rig.root, "changed.zip");
    await writeFile(changed, bytes);
    const told = await run(changed, "--key", key);
    assert.equal(told.code, 1);
    assert.match(told.out, /Not as it was signed:\n {2}media\/01-C-1-1\.mp4: was changed\n\nALTERED/);
    const json = JSON.parse((await run(changed, "--json")).out) as { grade: string; findings: { code: string; subject: string }[] };
    assert.deepEqual([json.grade, json.findings.map(({ code, subject }) => `${code} ${subject}`)], ["altered", ["file-changed media/01-C-1-1.mp4"]]);
  });

  test("[EXP5] the commands of the README work, and fail where something was changed", { skip: !has("openssl") || !has("sha256sum") ? "needs openssl and sha256sum" : false }, async () => {
    const readme = await readFile(join(folder, "README.txt"), "utf8");
    const commands = readme.split("\n").map((line) => line.trim()).filter((line) => /^(sha256sum|openssl) /.test(line));
    assert.equal(commands.length, 3);
    const sh = (command: string) => spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
    const [sums, signature, fingerprint] = commands.map(sh);
    assert.equal(sums!.status, 0, sums!.stdout + sums!.stderr);
    assert.equal(signature!.status, 0, signature!.stdout + signature!.stderr);
    assert.ok(fingerprint!.stdout.startsWith(rig.signer.fingerprint), fingerprint!.stdout);
    const manifest = join(folder, "manifest.json");
    const good = await readFile(manifest);
    await writeFile(manifest, good.toString().replace("Test City", "Best City"));
    assert.notEqual(sh(commands[0]!).status, 0);
    assert.notEqual(sh(commands[1]!).status, 0);
    await writeFile(manifest, good);
  });
});
