// Packages made of true recordings, and what their verification says after somebody changed something. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { createFile, MP4BoxBuffer } from "mp4box";
import { fromBuffer } from "yauzl";
import { ZipFile } from "yazl";
import { formatBase64, parseBase64, parsePublicKeyPem } from "../../evidence/ed25519.ts";
import { MEMBERS, type Manifest, formatManifest, formatManifestScript, formatSums, parseManifest } from "../../evidence/manifest.ts";
import { type Verdict, coversRange, verifyPackage } from "../../evidence/verify.ts";
import { type ByteSource, readZip } from "../../evidence/zip.ts";
import { createEvidenceSigner } from "../crypto/evidence-signer.ts";
import { segmentPath } from "../recorder/segment-files.ts";
import { nodeTools } from "./package-source.ts";
import { LARGE, PackageRig, T0, TOKEN } from "./testing/package-rig.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesSource = (bytes: Uint8Array): ByteSource => ({ size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) });

/** By a reader that is not ours. */
function unzip(zip: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, file) => {
      if (error !== null) return reject(error);
      const members = new Map<string, Buffer>();
      file.on("entry", (entry) => file.openReadStream(entry, (fault, stream) => {
        if (fault !== null) return reject(fault);
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => {
          members.set(entry.fileName, Buffer.concat(chunks));
          file.readEntry();
        }).on("error", reject);
      }));
      file.on("end", () => resolve(members)).on("error", reject);
      file.readEntry();
    });
  });
}

const verifyMembers = (members: ReadonlyMap<string, Uint8Array>, knownKey: Uint8Array | null): Promise<Verdict> =>
  verifyPackage({ members: new Map([...members].map(([name, bytes]) => [name, bytesSource(bytes)])) }, nodeTools, { knownKey });
const codesOf = (verdict: Verdict): string[] => verdict.findings.map(({ code, subject }) => `${code} ${subject}`);
const countFrames = async (bytes: Uint8Array): Promise<number> => {
  const file = createFile();
  let frames = 0;
  file.onReady = (info) => void (frames = info.videoTracks[0]!.nb_samples);
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  return frames;
};

describe("a package", () => {
  let rig: PackageRig;
  let zip: Buffer;
  let members: Map<string, Buffer>;
  let manifest: Manifest;
  let knownKey: Uint8Array;
  // Camera 1: a run of 70 s with two segments, a gap of 10 s, a run with a format change. Camera 2: nothing before second 30.
  before(async () => {
    rig = await PackageRig.create();
    await rig.record(1, T0, 70 * 25);
    await rig.record(1, T0 + 80_000, 20 * 25, "camera-closed", 250);
    await rig.record(2, T0 + 30_000, 40 * 25);
    zip = await rig.export(rig.order(T0 + 5_500, T0 + 95_200, [1, 2]));
    members = await unzip(zip);
    const parsed = parseManifest(members.get(MEMBERS.manifest)!.toString());
    assert.ok(parsed.ok, JSON.stringify(parsed));
    manifest = parsed.value;
    knownKey = parseBase64(rig.signer.publicKey)!;
  });
  after(() => rig.close());

  test("[EXP1] one playable file for each run and format, byte for byte as recorded: the initialisation, then whole GOPs that cover the range", async () => {
    const [one, two] = manifest.cameras;
    assert.equal(one!.files.length, 3, "two runs, and a format change in the second");
    assert.equal(two!.files.length, 1);
    for (const camera of manifest.cameras) {
      for (const file of camera.files) {
        const stored = await Promise.all(file.parts.map(async ({ segmentId }) => readFile(segmentPath(rig.root, camera.id, segmentId))));
        const expected = Buffer.concat([stored[0]!.subarray(0, file.initBytes), ...file.parts.map(({ from, to }, i) => stored[i]!.subarray(from, to))]);
        assert.ok(expected.equals(members.get(file.name)!), file.name);
        assert.deepEqual(file.parts.map(({ check }) => check), file.parts.map(() => "match"));
        assert.equal(await countFrames(members.get(file.name)!), file.frames, "as an MP4 reader that is not ours counts them");
      }
    }
    assert.deepEqual(one!.files.map(({ frames }) => frames), [65 * 25, 250, 6 * 25], "from the key frame before the range to the end of the GOP that it ends in");
    assert.deepEqual(one!.files.map(({ start, end }) => [start - T0, end - T0]), [[5_000, 70_000], [80_000, 90_000], [90_000, 96_000]]);
    assert.equal(one!.files[0]!.parts.length, 2, "two segments of one run are one file");
    assert.equal(one!.files[0]!.parts[1]!.media90k, (one!.files[0]!.parts[1]!.start - one!.files[0]!.start) * 90);
    assert.ok(members.get(one!.files[2]!.name)!.includes(Buffer.from([LARGE.width >> 8, LARGE.width & 255, LARGE.height >> 8, LARGE.height & 255])));
  });

  test("[EXP2] what is recorded and the gaps with their causes are the range; a moment that nothing explains is found", () => {
    assert.deepEqual(manifest.cameras[0]!.gaps.map(({ start, end, cause }) => [start - T0, end - T0, cause]), [[70_000, 80_000, "camera-closed"]]);
    assert.deepEqual(manifest.cameras[1]!.gaps.map(({ start, end, cause }) => [start - T0, end - T0, cause]), [[5_500, 30_000, "not-yet-added"], [70_000, 95_200, "camera-closed"]]);
    for (const camera of manifest.cameras) {
      assert.ok(coversRange(manifest.range, camera));
      for (const gaps of [camera.gaps.slice(1), camera.gaps.map((gap) => ({ ...gap, end: gap.end - 1 })), [...camera.gaps, { start: T0 + 50_000, end: T0 + 51_000, cause: "deleted" as const }]])
        assert.equal(coversRange(manifest.range, { ...camera, gaps }), false);
    }
  });

  test("[EXP4] [EXP5] who asked, why and with which program are signed; the known key makes the better grade", async () => {
    assert.deepEqual([manifest.askedBy.name, manifest.reason.words, manifest.program, manifest.exportId], ["Ann 安", "a case", "Citywatch test", 7]);
    const known = await verifyMembers(members, knownKey);
    assert.deepEqual([known.grade, known.findings], ["whole-known-key", []]);
    assert.equal(known.frames, manifest.cameras.flatMap(({ files }) => files).reduce((sum, { frames }) => sum + frames, 0));
    assert.equal((await verifyMembers(members, null)).grade, "whole-unknown-key");
    const other = createEvidenceSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const stranger = await verifyMembers(members, parseBase64(other.publicKey)!);
    assert.deepEqual([stranger.grade, codesOf(stranger)], ["altered", ["key-other manifest.json"]]);
  });

  test("[EXP8] our reader of the ZIP and another one see the same members", async () => {
    const read = await readZip(bytesSource(zip));
    assert.ok(read.ok, JSON.stringify(read));
    assert.deepEqual(read.value.map(({ name }) => name), [...members.keys()]);
    for (const { name, offset, size } of read.value) assert.ok(zip.subarray(offset, offset + size).equals(members.get(name)!), name);
  });

  test("[EXP6] one byte anywhere in any file is found, and its file is named", async () => {
    const names = [...members.keys()];
    await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 1, max: 255 }), async (name, where, flip) => {
      const bytes = Buffer.from(members.get(name)!);
      const at = Math.floor(where * bytes.length);
      bytes[at] = bytes[at]! ^ flip;
      const verdict = await verifyMembers(new Map([...members, [name, bytes]]), knownKey);
      assert.equal(verdict.grade, "altered");
      assert.ok(verdict.findings.some(({ level, subject }) => level === "broken" && (subject === name || (name === MEMBERS.signature && subject === MEMBERS.manifest))), `${name} byte ${at}: ${codesOf(verdict).join()}`);
    }), { numRuns: 150 });
  });

  test("[EXP6] a file that was swapped, removed, added, cut or made longer is named", async () => {
    const [a, b] = manifest.cameras[0]!.files.map(({ name }) => name) as [string, string];
    const changed = async (change: (copy: Map<string, Buffer>) => void): Promise<string[]> => {
      const copy = new Map(members);
      change(copy);
      const verdict = await verifyMembers(copy, knownKey);
      assert.equal(verdict.grade, "altered");
      return codesOf(verdict);
    };
    const swapped = await changed((copy) => void copy.set(a, members.get(b)!).set(b, members.get(a)!));
    assert.ok(swapped.includes(`file-changed ${a}`) && swapped.includes(`file-changed ${b}`));
    for (const name of members.keys()) assert.ok((await changed((copy) => void copy.delete(name))).some((code) => code.endsWith(name)), `${name} removed`);
    assert.deepEqual(await changed((copy) => void copy.set("media/extra.mp4", Buffer.from("x"))), ["file-extra media/extra.mp4"]);
    for (const name of ["x.DS_Store", "media/._a/x.mp4", "__MACOSX/x.mp4"]) assert.deepEqual(await changed((copy) => void copy.set(name, Buffer.from("x"))), [`file-extra ${name}`]);
    assert.ok((await changed((copy) => void copy.set(a, members.get(a)!.subarray(0, -1)))).includes(`file-length ${a}`));
    assert.ok((await changed((copy) => void copy.set(a, Buffer.concat([members.get(a)!, Buffer.alloc(1)])))).includes(`file-changed ${a}`));
  });

  test("[EXP9] what an operating system leaves in a folder is a remark; the rest keeps its grade", async () => {
    const left = [".DS_Store", "Thumbs.db", "desktop.ini", "media/.DS_Store", "media/._1.mp4", "__MACOSX/media/._1.mp4"];
    const verdict = await verifyMembers(new Map([...members, ...left.map((name) => [name, Buffer.from("x")] as const)]), knownKey);
    assert.deepEqual([verdict.grade, codesOf(verdict)], ["whole-known-key", left.map((name) => `file-of-system ${name}`)]);
    assert.ok(verdict.findings.every(({ level }) => level === "remark"));
  });

  test("[EXP9] whatever stands in a manifest, the answer is a verdict and no exception", async () => {
    const half = members.get(MEMBERS.manifest)!.toString().replace('"Ann', '"\\ud800Ann');
    assert.deepEqual(codesOf(await verifyMembers(new Map([...members, [MEMBERS.manifest, Buffer.from(half)]]), knownKey)), ["manifest-broken manifest.json"]);
    const leaves = [...members.get(MEMBERS.manifest)!.toString().matchAll(/"[^"]*"|-?\d+|null/g)].map(({ 0: leaf, index }) => ({ leaf, index }));
    const put = fc.oneof(fc.json({ maxDepth: 3 }), fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)), fc.constantFrom('"\\udfff"', "1e400", "-0", "9007199254740993", "{\"__proto__\":1}"));
    await fc.assert(fc.asyncProperty(fc.constantFrom(...leaves), put, async ({ leaf, index }, other) => {
      const text = members.get(MEMBERS.manifest)!.toString();
      const hostile = Buffer.from(text.slice(0, index) + other + text.slice(index + leaf.length));
      const verdict = await verifyMembers(new Map([[MEMBERS.manifest, hostile], [MEMBERS.signature, members.get(MEMBERS.signature)!]]), knownKey);
      assert.equal(verdict.grade, "altered");
    }), { numRuns: 300 });
  });

  test("[EXP6] a manifest that was edited, signed by another key, or that names a key of small order is refused", async () => {
    const repacked = (edit: (copy: Manifest) => Manifest, signer = rig.signer): Map<string, Buffer> => {
      const text = formatManifest(edit(structuredClone(manifest)));
      const signature = Buffer.from(signer.sign(text), "base64");
      const script = Buffer.from(formatManifestScript(Buffer.from(text).toString("base64"), formatBase64(signature)));
      const sums = formatSums(edit(structuredClone(manifest)), { manifest: sha256(Buffer.from(text)), signature: sha256(signature), script: sha256(script) });
      return new Map([...members, [MEMBERS.manifest, Buffer.from(text)], [MEMBERS.signature, signature], [MEMBERS.script, script], [MEMBERS.sums, Buffer.from(sums)]]);
    };
    assert.equal((await verifyMembers(repacked((copy) => copy), knownKey)).grade, "whole-known-key", "repacked without an edit it holds");
    const edited = new Map([...members, [MEMBERS.manifest, Buffer.from(members.get(MEMBERS.manifest)!.toString().replace("Ann", "Eve"))]]);
    assert.ok(codesOf(await verifyMembers(edited, knownKey)).includes("signature-wrong manifest.json"));
    const blanks = new Map([...members, [MEMBERS.manifest, Buffer.from(JSON.stringify(manifest, null, 1))]]);
    assert.deepEqual(codesOf(await verifyMembers(blanks, knownKey)), ["manifest-broken manifest.json"], "another text of the same facts is no canonical one");

    // Whoever makes a key of their own can sign anything: the known key tells.
    const eve = createEvidenceSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const forged = repacked((copy) => ({ ...copy, key: { algorithm: "Ed25519", publicKey: eve.publicKey, fingerprint: eve.fingerprint } }), eve);
    assert.ok(codesOf(await verifyMembers(forged, knownKey)).includes("key-other manifest.json"));
    // The same with our signature left: signature and key disagree.
    assert.ok(codesOf(await verifyMembers(repacked((copy) => ({ ...copy, key: { algorithm: "Ed25519", publicKey: eve.publicKey, fingerprint: eve.fingerprint } })), null)).includes("signature-wrong manifest.json"));
    const weak = new Uint8Array(32).with(0, 1);
    assert.ok(codesOf(await verifyMembers(repacked((copy) => ({ ...copy, key: { algorithm: "Ed25519", publicKey: formatBase64(weak), fingerprint: sha256(weak) } })), null)).includes("key-bad manifest.json"));
    assert.equal(parsePublicKeyPem("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----\n").ok, false);

    // The holder of the key may err too: times, counts and gaps that do not add up are told although the signature holds.
    const [camera] = manifest.cameras;
    const without = repacked((copy) => ({ ...copy, cameras: [{ ...camera!, gaps: [] }, ...copy.cameras.slice(1)] }));
    assert.deepEqual(codesOf(await verifyMembers(without, knownKey)), ["gaps-wrong C-1"]);
    // A time of a file without a picture has to be time of a file.
    const [part] = camera!.files[0]!.parts;
    const pausing = (start: number, end: number): ReturnType<typeof repacked> => repacked((copy) => ({ ...copy, cameras: [{ ...camera!, gapsWithin: [{ start, end, cause: "no-data" }] }, ...copy.cameras.slice(1)] }));
    assert.deepEqual(codesOf(await verifyMembers(pausing(part!.start, part!.start + 1), knownKey)), []);
    assert.deepEqual(codesOf(await verifyMembers(pausing(1, 2), knownKey)), ["gaps-wrong C-1"]);
    const counted = repacked((copy) => ({ ...copy, cameras: copy.cameras.map((one, i) => (i > 0 ? one : { ...one, files: one.files.map((file, j) => (j > 0 ? file : { ...file, frames: file.frames + 1 })) })) }));
    assert.deepEqual(codesOf(await verifyMembers(counted, knownKey)).sort(), [`frames-differ ${camera!.files[0]!.name}`, `parts-wrong ${camera!.files[0]!.name}`]);
  });

  test("[EXP8] an archive that shows different readers different things, or holds bytes of nothing, is refused", async () => {
    const expectRefused = async (bytes: Buffer, why: RegExp): Promise<void> => {
      const read = await readZip(bytesSource(bytes));
      assert.ok(!read.ok, String(why));
      assert.match(read.error, why);
    };
    await expectRefused(Buffer.concat([zip, Buffer.from("x")]), /cut off, or bytes were added/);
    await expectRefused(zip.subarray(0, -1), /cut off/);
    await expectRefused(Buffer.concat([Buffer.from("MZ"), zip]), /directory|begins|bytes/);
    const renamed = Buffer.from(zip);
    renamed.write("Index", 30);
    await expectRefused(renamed, /another name/);
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: zip.length - 1 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }), fc.nat({ max: 400 }), async (edits, near) => {
      const bytes = Buffer.from(zip);
      for (const [at, value] of edits) bytes[near % 2 === 0 ? at : bytes.length - 1 - (at % 1_500)] = value;
      const read = await readZip(bytesSource(bytes)); // never throws, and what it lists lies within the file
      if (read.ok) for (const { offset, size } of read.value) assert.ok(offset >= 0 && size >= 0 && offset + size <= bytes.length);
    }), { numRuns: 1_500 });
  });
});

test("[EXP8] archives beyond 4 GB have their sizes in ZIP64 fields: these are read, with lengths known before or told after", async () => {
  for (const known of [true, false]) {
    const zip = new ZipFile();
    const options = { compress: false, forceZip64Format: true } as const;
    if (known) zip.addBuffer(Buffer.from("first"), "a.txt", options);
    else zip.addReadStream(Readable.from([Buffer.from("fi"), Buffer.from("rst")]), "a.txt", options);
    zip.addBuffer(Buffer.from("second"), "media/b.txt", { compress: false });
    zip.end({ forceZip64Format: true, comment: "" });
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const read = await readZip(bytesSource(bytes));
    assert.ok(read.ok, JSON.stringify(read));
    assert.deepEqual(read.value.map(({ name, offset, size }) => [name, bytes.toString("utf8", offset, offset + size)]), [["a.txt", "first"], ["media/b.txt", "second"]]);
  }
  const large = { size: 5 * 2 ** 30, read: async () => new Uint8Array(56) };
  assert.equal((await readZip(large)).ok, false);
});

describe("an export", () => {
  let rig: PackageRig;
  before(async () => {
    rig = await PackageRig.create();
    await rig.record(1, T0, 130 * 25);
  });
  after(() => rig.close());
  const endOf = (exportId: number) => rig.told.findLast((message) => message.type === "export-ended" && message.exportId === exportId);

  test("[EXP1] a stored segment that is not any more what was written is exported and told", async () => {
    const [, middle] = rig.index.listSegments(1, T0, T0 + 130_000);
    const path = segmentPath(rig.root, 1, middle!.segmentId);
    const good = await readFile(path);
    const bad = Buffer.from(good);
    bad[middle!.gops[20]!.offset + 4_000] = bad[middle!.gops[20]!.offset + 4_000]! ^ 1;
    await writeFile(path, bad);
    const zip = await rig.export(rig.order(T0 + 1_000, T0 + 129_000, [1], 20));
    await writeFile(path, good);
    const verdict = await verifyMembers(await unzip(zip), null);
    assert.deepEqual(verdict.findings.map(({ level, code }) => [level, code]), [["remark", "source-mismatch"]]);
    assert.equal(verdict.grade, "whole-unknown-key", "the package is what was signed; the remark is about the recording");
  });

  test("[EXP2] one camera whose recorder is behind costs the others nothing: what it had not yet on disk is a gap that says so", async () => {
    const untold = async (knownUntil: number, exportId: number): Promise<Manifest> => {
      const lagging = { knownUntil: () => knownUntil, writer: { findOpenSegment: () => undefined } };
      rig.desk = rig.createDesk({ pool: { find: (id) => (id === 2 ? lagging : undefined) } });
      const members = await unzip(await rig.export(rig.order(T0 + 5_000, T0 + 65_000, [1, 2], exportId)));
      assert.deepEqual((await verifyMembers(members, null)).findings, []);
      const parsed = parseManifest(members.get(MEMBERS.manifest)!.toString());
      assert.ok(parsed.ok);
      assert.deepEqual(parsed.value.range, { from: T0 + 5_000, to: T0 + 65_000 });
      assert.deepEqual(parsed.value.cameras[0]!.gaps, []);
      assert.equal(parsed.value.cameras[0]!.files[0]!.frames, 60 * 25);
      return parsed.value;
    };
    await rig.record(2, T0, 40 * 25);
    const some = (await untold(T0 + 30_400, 50)).cameras[1]!;
    assert.deepEqual([some.files[0]!.frames, some.gaps], [26 * 25, [{ start: T0 + 31_000, end: T0 + 65_000, cause: "not-yet-told" }]]);
    const none = (await untold(T0 + 3_000, 51)).cameras[1]!;
    assert.deepEqual([none.files, none.gaps], [[], [{ start: T0 + 5_000, end: T0 + 65_000, cause: "not-yet-told" }]]);
    rig.desk = rig.createDesk({});
  });

  test("[EXP9] a camera whose own clock was off is told of, and is no reason to doubt the package", async () => {
    rig.clockOffsetMs = 3_200;
    const zip = await rig.export(rig.order(T0 + 1_000, T0 + 30_000, [1], 19));
    rig.clockOffsetMs = null;
    const { grade, findings } = await verifyMembers(await unzip(zip), null);
    assert.deepEqual([grade, findings], ["whole-unknown-key", [{ level: "remark", code: "clock-off", subject: "C-1", detail: "3200 ms" }]]);
  });

  test("[EXP10] its end is told with the hash of the package, and its progress reaches what was planned", async () => {
    const zip = await rig.export(rig.order(T0, T0 + 60_000, [1], 21));
    assert.deepEqual(endOf(21), { type: "export-ended", exportId: 21, at: rig.wallMs, end: { outcome: "complete", fault: null, bytes: zip.length, sha256: sha256(zip) } });
    const sum = [...(await unzip(zip))].filter(([name]) => name.startsWith("media/")).reduce((of, [, bytes]) => of + bytes.length, 0);
    const progress = rig.told.findLast((message) => message.type === "export-progress" && message.exportId === 21) as { ofBytes: number };
    assert.equal(progress.ofBytes, sum);
  });

  test("[EXP3] only its own token opens a download, in time, and once", () => {
    const order = rig.order(T0, T0 + 60_000, [1], 22);
    assert.deepEqual(rig.desk.begin(22, TOKEN), { ok: false, error: "unknown-export" });
    rig.desk.accept(order);
    for (const token of ["", "other", `${TOKEN} `]) assert.deepEqual(rig.desk.begin(22, token), { ok: false, error: "token-invalid" });
    rig.wallMs += 601_000;
    assert.deepEqual(rig.desk.begin(22, TOKEN), { ok: false, error: "token-invalid" });
    rig.wallMs -= 601_000;
    assert.equal(rig.desk.begin(22, TOKEN).ok, true);
    assert.deepEqual(rig.desk.begin(22, TOKEN), { ok: false, error: "already-begun" });
    rig.desk.cancel(22);
  });

  test("[EXP3] [EXP10] a fifth download waits until one of four has ended; a browser that leaves, then or before, is told as such", async () => {
    const started: number[] = [];
    const endsOf = (exportId: number) => (endOf(exportId) as { end: { outcome: string; fault: string | null } } | undefined)?.end;
    const start = (exportId: number, to: Writable): Promise<unknown> => {
      rig.desk.accept(rig.order(T0, T0 + 120_000, [1], exportId));
      const begun = rig.desk.begin(exportId, TOKEN);
      assert.ok(begun.ok, JSON.stringify(begun));
      return begun.value.send(to, () => void started.push(exportId));
    };
    const stuck = [40, 41, 42, 43].map((id) => {
      const to = new Writable({ write: () => undefined });
      return { to, done: start(id, to) };
    });
    while (started.length < 4) await new Promise(setImmediate);
    const [leaving, gone] = [new Writable(), new Writable()];
    const left = start(44, leaving);
    const last = start(45, new Writable({ write: (_chunk, _encoding, done) => done() }));
    gone.destroy();
    await new Promise((resolve) => gone.once("close", resolve));
    assert.equal(await start(46, gone), "browser-left");
    leaving.destroy();
    assert.equal(await left, "browser-left");
    const four = [...started]; // each reads the page first: which of the four is ready first is not told
    const ended = endsOf(45);
    stuck[0]!.to.destroy();
    await last;
    assert.deepEqual([endsOf(40)!.fault, endsOf(45)!.outcome], ["browser-left", "complete"]);
    for (const { to } of stuck) to.destroy();
    await Promise.all(stuck.map(({ done }) => done));
    assert.deepEqual([four.toSorted((a, b) => a - b), ended, started.slice(4)], [[40, 41, 42, 43], undefined, [45]]);
  });

  test("[EXP10] nothing recorded, a file that is gone, no signature, a cancellation: the download breaks off and the end says why", async () => {
    const faultOf = async (exportId: number, from: number, to: number): Promise<unknown> => {
      await rig.export(rig.order(from, to, [1], exportId));
      return (endOf(exportId) as { end: { outcome: string; fault: string } }).end;
    };
    assert.deepEqual(await faultOf(30, T0 - 60_000, T0 - 1_000), { outcome: "failed", fault: "nothing-recorded", bytes: 0, sha256: null });
    rig.signs = false;
    const unsigned = (await faultOf(31, T0, T0 + 30_000)) as { outcome: string; fault: string; sha256: string | null };
    rig.signs = true;
    assert.deepEqual([unsigned.outcome, unsigned.fault, unsigned.sha256], ["failed", "not-signed", null]);
    const last = rig.index.listSegments(1, T0, T0 + 130_000).at(-1)!;
    await rm(segmentPath(rig.root, 1, last.segmentId));
    assert.equal(((await faultOf(32, T0, T0 + 130_000)) as { fault: string }).fault, "segment-gone");
    await rm(join(rig.root, "page.html"));
    assert.equal(((await faultOf(33, T0, T0 + 30_000)) as { fault: string }).fault, "page-missing");
    rig.desk.accept(rig.order(T0, T0 + 30_000, [1], 34));
    rig.desk.cancel(34);
    assert.equal((endOf(34) as { end: { outcome: string } }).end.outcome, "cancelled");
    assert.deepEqual(rig.desk.begin(34, TOKEN), { ok: false, error: "unknown-export" });
  });
});
