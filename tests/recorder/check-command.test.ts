// `citywatch check` as somebody runs it: what it says, what it answers to a script, and what it leaves on the disk. What it finds and mends is tested with check-recordings; here it is the command. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, open, readFile, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { cameraFolder } from "../../src/io/recorder/segment-files.ts";
import { TestArchive, readAnnexBClip } from "./archive.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const T0 = 1_790_000_000_000;
const SEGMENTS = 4;
const clip = readAnnexBClip(new URL("../../src/sim/assets/square-normal.h264", import.meta.url));

let data = "";
let root = "";
let files: string[] = [];
before(async () => {
  data = await mkdtemp(join(tmpdir(), "citywatch-check-"));
  root = join(data, "recordings");
  const archive = await TestArchive.create();
  for (let i = 0; i < SEGMENTS; i++) await archive.record(1, clip, T0 + i * 60_000, 50);
  await archive.close();
  await rename(archive.root, root);
  files = (await readdir(cameraFolder(root, 1))).toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).map((name) => join(cameraFolder(root, 1), name));
  assert.equal(files.length >= SEGMENTS, true);
});
after(() => rm(data, { recursive: true, force: true }));

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly told: string;
}
const check = (...args: string[]): Promise<Answer> =>
  new Promise((resolve) => execFile(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, "check", "--data", data, ...args], (error, out, told) => resolve({ code: error === null ? 0 : Number(error.code), out, told })));
const kindsOf = ({ out }: Answer): string[] => (JSON.parse(out) as { findings: { kind: string }[] }).findings.map(({ kind }) => kind);

async function flip(path: string, at: number): Promise<void> {
  const handle = await open(path, "r+");
  const byte = new Uint8Array(1);
  await handle.read(byte, 0, 1, at);
  byte[0]! ^= 0xff;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

test("[CHK1] [CHK5] what is whole is 0, in words and as an object, also beside a recorder that runs; to repair there is refused with 2", async () => {
  const whole = await check();
  assert.deepEqual([whole.code, whole.told], [0, ""]);
  assert.match(whole.out, /^4 segments, .* 200 pictures; 4 segments compared with their hash\nAll is whole\.\n$/);
  const asJson = await check("--json");
  assert.deepEqual([asJson.code, kindsOf(asJson), (JSON.parse(asJson.out) as { beside: boolean }).beside], [0, [], false]);
  const running = new IndexStore(join(root, "index.sqlite"));
  try {
    const beside = await check();
    assert.deepEqual([beside.code, /The recorder runs/.test(beside.out)], [0, true]);
    const refused = await check("--repair");
    assert.deepEqual([refused.code, refused.out, /^citywatch: .*stop Citywatch first\n$/.test(refused.told)], [2, "", true]);
  } finally {
    running.close();
  }
});

test("[CHK1] [CHK2] a byte that changed is 1, with --repair too, and stays; an end that was lost is 1, and 0 once it is put right", async () => {
  const [first, second] = files as [string, string];
  const { size } = await stat(first);
  await flip(first, size - 100);
  const changed = await check();
  assert.equal(changed.code, 1);
  assert.match(changed.out, /camera 1, segment \d+: /);
  assert.deepEqual([(await check("--json")).code, (await check("--repair")).code], [1, 1]);
  const bytes = await readFile(first);
  await flip(first, size - 100);
  assert.equal(bytes.length, size, "no byte of it went");
  assert.equal((await check()).code, 0);
  await truncate(second, (await stat(second)).size - 5_000);
  const cut = await check("--json");
  assert.deepEqual([cut.code, kindsOf(cut).toSorted()], [1, ["torn", "wrong-hash", "wrong-size"]]);
  const mended = await check("--repair");
  assert.equal(mended.code, 0, mended.out + mended.told);
  assert.equal((await check()).code, 0);
});

test("[CHK2] where the volume may be away nothing is put right unless somebody says that it is lost", async () => {
  const away = `${cameraFolder(root, 1)}-away`;
  await rename(cameraFolder(root, 1), away);
  const missing = await check("--repair");
  assert.deepEqual([missing.code, /is the volume there\? Nothing was changed/.test(missing.told)], [2, true]);
  await rename(away, cameraFolder(root, 1));
  assert.equal((await check()).code, 0, "nothing was changed");
  await rename(cameraFolder(root, 1), away);
  const lost = await check("--repair", "--missing-are-lost");
  assert.equal(lost.code, 0, lost.out);
  assert.match((await check()).out, /^0 segments/);
});

test("a folder without recordings, and an option that there is none of, are told with 2", async () => {
  const nowhere = await check("--data", join(data, "nowhere"));
  assert.deepEqual([nowhere.code, /^citywatch: there are no recordings in .*nowhere/.test(nowhere.told)], [2, true]);
  assert.notEqual((await check("--mend")).code, 0);
  const nothing = await check("--delete-set-aside");
  assert.deepEqual([nothing.code, nothing.out], [0, "Nothing is set aside.\n"]);
});

test("[CHK1] [RDR1] of several recorders each folder is looked at and told by its number; the code is the worst of them", async () => {
  const second = join(data, "recordings-2");
  const other = await TestArchive.create();
  await other.record(7, clip, T0, 50);
  await other.close();
  await rename(other.root, second);
  try {
    const alone = await check("--recordings", second, "--json");
    assert.deepEqual([alone.code, "recorder" in (JSON.parse(alone.out) as object)], [0, false], "a named folder is looked at by itself");
    const [recording] = await readdir(cameraFolder(second, 7));
    await truncate(join(cameraFolder(second, 7), recording!), 10);
    const both = await check("--json");
    const reports = both.out.trim().split("\n").map((line) => JSON.parse(line) as { recorder: number; folder: string; findings: unknown[] });
    assert.deepEqual([both.code, reports.map(({ recorder, folder }) => [recorder, folder])], [1, [[1, root], [2, second]]]);
    assert.ok(reports[1]!.findings.length > 0);
    assert.match((await check()).out, new RegExp(`Recorder 1, in ${root}:\\n[^]*Recorder 2, in ${second}:\\n[^]*camera 7`));
    await rm(join(second, "index.sqlite"));
    const missing = await check();
    assert.deepEqual([missing.code, missing.told.includes(second), missing.out.includes("Recorder 1")], [2, true, true], "one that cannot be looked at does not hide the others");
  } finally {
    await rm(second, { recursive: true, force: true });
  }
});
