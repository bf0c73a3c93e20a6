// A recorder that starts on what another one left: by a clean stop, and by a power cut that cost the index its last rows.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { cameraFolder, segmentPath } from "../../src/io/recorder/segment-files.ts";
import { findNextSegmentId } from "../../src/io/recorder/segment-numbers.ts";
import { configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

test("[RCD17] after a clean stop numbers go on; after any other, files that the index forgot are taken in beside recording, and no new one has the number of any", async () => {
  const centre = new TestCentre();
  const source = new TestCamera({ behaviour: "plays" });
  const folder = await mkdtemp(join(tmpdir(), "citywatch-starting-"));
  const config = configOf(centre, folder);
  const read = <T>(work: (index: IndexStore) => T): T => {
    const index = new IndexStore(join(config.recordingsDir, "index.sqlite"));
    try {
      return work(index);
    } finally {
      index.close();
    }
  };
  const record = async (isEnough: () => boolean | Promise<boolean>): Promise<void> => {
    const sent = source.sent;
    const recorder = await startRecorder({ ...config, centreUrl: centre.url }, silentLog);
    try {
      await until("pictures", async () => source.sent > sent + 50 && (await isEnough()));
    } finally {
      await recorder.stop();
    }
  };
  await centre.start();
  await source.start();
  centre.cameras = [camera(1, source.address)];
  try {
    await record(() => true);
    const first = read((index) => index.listSegments(1, 0, Date.now() + 1e6));
    await record(() => true);
    const second = read((index) => index.listSegments(1, 0, Date.now() + 1e6));
    assert.ok(second.at(-1)!.segmentId <= first.at(-1)!.segmentId + 3, "numbers go on");
    assert.equal(read((index) => index.findSetting("stopped-cleanly")), "yes");

    // As a power cut leaves it: the files of the last minute are there, their rows are not.
    const forgotten = read((index) => {
      index.saveSetting("stopped-cleanly", "no");
      return Array.from({ length: 3 }, (_, i) => findNextSegmentId(index) + i);
    });
    for (const id of forgotten) await copyFile(segmentPath(config.recordingsDir, 1, first[0]!.segmentId), segmentPath(config.recordingsDir, 1, id));
    const known = async (): Promise<boolean> => {
      const beside = new IndexStore(join(config.recordingsDir, "index.sqlite"), "read");
      try {
        return forgotten.every((id) => beside.findSegment(id) !== undefined);
      } finally {
        beside.close();
      }
    };
    await record(known);
    const third = read((index) => index.listSegments(1, 0, Date.now() + 1e6).map(({ segmentId }) => segmentId));
    assert.deepEqual(third.filter((id) => forgotten.includes(id)).toSorted((a, b) => a - b), forgotten);
    assert.ok(third.some((id) => id > forgotten.at(-1)! + 1_000), "and this process's own are elsewhere");
    assert.equal((await readdir(cameraFolder(config.recordingsDir, 1))).filter((name) => /^\d+\.mp4$/.test(name)).length, third.length);
  } finally {
    await source.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("[RCD17] that a recorder did not stop cleanly is on the disk before its first file: a power cut cannot give the numbers of its files again", async () => {
  const centre = new TestCentre();
  const source = new TestCamera({ behaviour: "plays" });
  const folder = await mkdtemp(join(tmpdir(), "citywatch-starting-"));
  const config = configOf(centre, folder);
  const open = (): IndexStore => new IndexStore(join(config.recordingsDir, "index.sqlite"));
  const start = async (): Promise<void> => {
    const recorder = await startRecorder({ ...config, centreUrl: centre.url }, silentLog);
    await recorder.stop();
  };
  await centre.start();
  try {
    await start();
    // What SQLite syncs at each of these writes, noted by the index itself (2: the log, before the statement returns), and whether a segment was there before.
    let index = open();
    index.database.exec(`CREATE TABLE noted (what TEXT, synchronous INTEGER, segments INTEGER);
      CREATE TRIGGER note_stop AFTER UPDATE ON setting WHEN new.name = 'stopped-cleanly' BEGIN
        INSERT INTO noted SELECT new.value, synchronous, (SELECT count(*) FROM segment) FROM pragma_synchronous;
      END`);
    index.close();
    centre.cameras = [camera(1, source.address)];
    await start();
    index = open();
    const [first] = index.database.prepare("SELECT * FROM noted").all();
    // After a crash the word is as it was, and SQLite may write nothing for it: the numbers that are skipped have to be synced too.
    index.saveSetting("stopped-cleanly", "no");
    index.database.exec("DELETE FROM noted");
    const before = findNextSegmentId(index);
    index.close();
    await start();
    index = open();
    const [second] = index.database.prepare("SELECT * FROM noted").all();
    assert.deepEqual([{ ...first }, { ...second }], [{ what: "no", synchronous: 2, segments: 0 }, { what: "no", synchronous: 2, segments: 0 }]);
    assert.ok(findNextSegmentId(index) > before + 1_000);
    index.close();
  } finally {
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("[RCD17] [HLT8] cameras are recorded while ffmpeg has not answered yet whether it is there, and a stop does not wait for it", { skip: process.platform === "win32" ? "a shell's program" : false }, async () => {
  const centre = new TestCentre();
  const source = new TestCamera({ behaviour: "plays" });
  const folder = await mkdtemp(join(tmpdir(), "citywatch-starting-"));
  const asked = join(folder, "asked");
  const path = process.env.PATH;
  const isAlive = async (): Promise<boolean> => {
    try {
      return process.kill(Number(await readFile(asked, "utf8")), 0);
    } catch {
      return false;
    }
  };
  await writeFile(join(folder, "ffmpeg"), `#!/bin/sh\necho $$ > '${asked}.new'\nmv '${asked}.new' '${asked}'\nwhile [ -d '${folder}' ]; do sleep 0.1; done\n`, { mode: 0o700 });
  await centre.start();
  await source.start();
  centre.cameras = [camera(1, source.address)];
  process.env.PATH = `${folder}${delimiter}${path}`;
  try {
    const told: string[] = [];
    const recorder = await startRecorder(configOf(centre, join(folder, "recordings")), { ...silentLog, info: (_fields, message) => told.push(message) });
    try {
      await until("pictures", () => source.sent > 50);
      await until("the question", () => existsSync(asked));
      assert.ok(await isAlive(), "it has not answered");
    } finally {
      await recorder.stop();
    }
    await until("its end", async () => !(await isAlive()));
    assert.ok(!told.some((message) => message.includes("ffmpeg")), "nobody knows whether it is there");
  } finally {
    process.env.PATH = path;
    await source.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
