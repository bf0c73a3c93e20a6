// A disk that is full, for real: a small file system of its own. Needs root and the right to mount; elsewhere it is skipped and says so.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openDataFolder } from "../../src/app/data-folder.ts";
import { startRecorder } from "../../src/app/recorder.ts";
import { startCluster } from "../../src/io/postgres/cluster.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { configOf, silentLog } from "../recorder/live-browser.ts";
import { SMALL_SPS, TestCamera, makeSlice } from "../recorder/test-camera.ts";
import { TestCentre, camera, until } from "../recorder/test-centre.ts";
import { decodeBase64 } from "../../src/protocol/rtsp/challenge.ts";

const quiet = { info: () => undefined, warn: () => undefined };

/** A file system of that size; undefined where this machine does not let us mount one. */
function mountSmall(t: TestContext, megabytes: number): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-full-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0711`, "tmpfs", dir], { stdio: "ignore" });
  } catch {
    rmSync(dir, { recursive: true });
    t.skip("this user may not mount a small file system");
    return undefined;
  }
  t.after(() => {
    execFileSync("umount", ["-l", dir], { stdio: "ignore" });
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

const findFree = (dir: string): number => {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
};

/** What is not of ours and leaves so many bytes free; its path. */
function fillUp(dir: string, leftBytes: number): string {
  const ballast = join(dir, "ballast");
  writeFileSync(ballast, Buffer.alloc(Math.max(0, findFree(dir) - leftBytes)));
  return ballast;
}

/** A database on that file system, with a table of rows of 32 kB. */
async function openWritten(dir: string) {
  const cluster = await startCluster({ dataDir: join(dir, "postgres"), log: quiet });
  const database = openDatabase(cluster.url, { max: 1 });
  await database`create table if not exists written (n integer, filler text)`;
  return {
    cluster, database,
    write: (n: number): Promise<unknown> => database`insert into written select ${n}::integer, string_agg(md5(random()::text), '') from generate_series(1, 1000)`,
    countWritten: async (): Promise<number> => (await database<{ n: number }[]>`select count(*)::integer as n from written`)[0]!.n,
  };
}

test("a disk with too little room is refused before anything is written", (t) => {
  const dir = mountSmall(t, 100);
  if (!dir) return;
  assert.throws(() => openDataFolder(join(dir, "data"), "0"), { name: "ToldError", message: /has only \d+ MB free; Citywatch starts with 537 MB or more.*--data FOLDER/ });
});

test("no room for a first cluster: said in words, nothing half made is left, and with room it starts", async (t) => {
  const dir = mountSmall(t, 90);
  if (!dir) return;
  const ballast = join(dir, "ballast");
  writeFileSync(ballast, Buffer.alloc(70 * 1024 * 1024));
  await assert.rejects(startCluster({ dataDir: join(dir, "postgres"), log: quiet }), { name: "ToldError", message: /^The disk is full/ });
  rmSync(ballast);
  await (await startCluster({ dataDir: join(dir, "postgres"), log: quiet })).stop();
});

test("the disk fills while rows are written: what was acknowledged is there once there is room again", async (t) => {
  const dir = mountSmall(t, 140);
  if (!dir) return;
  const { cluster, database, write } = await openWritten(dir);
  const ballast = fillUp(dir, 12 * 1024 * 1024);
  let acknowledged = 0;
  let refusal: unknown;
  for (let n = 1; n <= 5_000 && !refusal; n++) {
    try {
      await write(n);
      acknowledged = n;
    } catch (error) {
      refusal = error;
    }
  }
  assert.ok(refusal, "the disk was full before 160 MB were in it");
  await database.end({ timeout: 0 });
  await cluster.stop();
  rmSync(ballast);
  const again = await openWritten(dir);
  const written = await again.countWritten();
  assert.ok(acknowledged > 0 && written >= acknowledged, `${written} rows of ${acknowledged} acknowledged`);
  await again.database.end();
  await again.cluster.stop();
});

test("[RET16] recordings that may not be deleted fill the volume that the database is on: they stop before the reserve, and the database goes on writing", async (t) => {
  const dir = mountSmall(t, 320);
  if (!dir) return;
  const { cluster, database, write, countWritten } = await openWritten(dir);
  const reserve = (320 * 1024 * 1024) / 8;
  fillUp(dir, reserve + 40 * 1024 * 1024); // so that the rest is full within seconds
  const recordings = join(dir, "recordings");
  mkdirSync(recordings);
  const centre = new TestCentre();
  centre.withholdHolds = true; // nothing may go
  const slice = (header: number, size: number): Uint8Array => makeSlice(header, size, 1);
  const sender = new TestCamera({ behaviour: "plays", pictures: [[SMALL_SPS, decodeBase64("aMuMsg==")!, slice(0x65, 200_000)], ...Array.from({ length: 9 }, () => [slice(0x41, 200_000)])] });
  await centre.start();
  centre.tell([camera(1, await sender.start(), { recording: "continuous" })]);
  const recorder = await startRecorder(configOf(centre, recordings, { databaseDir: cluster.folder }), silentLog);
  try {
    await until("recording to stop for want of room", () => centre.disk?.isShared === true && centre.disk.alarms.includes("full") && centre.disk.alarms.includes("ran-full"), 240_000);
    assert.ok(findFree(dir) >= reserve / 2, `${findFree(dir)} bytes are left`);
    for (let n = 1; n <= 100; n++) await write(n);
    assert.equal(await countWritten(), 100);
  } finally {
    await recorder.stop();
    await sender.stop();
    await centre.stop();
    await database.end({ timeout: 5 });
    await cluster.stop();
  }
});
