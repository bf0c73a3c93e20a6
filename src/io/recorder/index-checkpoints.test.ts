// The index's log and who brings it into the file. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "../../base/random.ts";
import { IndexCheckpoints } from "./index-checkpoints.ts";
import { IndexStore } from "./index-store.ts";

const HANGING = new URL("./testing/hanging-checkpoints.ts", import.meta.url);
const T0 = 1_790_000_000_000;
const ENOUGH = 4 * 1024 * 1024;
let root = "";
let index: IndexStore;
let checkpoints: IndexCheckpoints;
let written = 0;
const failures: Error[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-checkpoints-"));
  index = new IndexStore(join(root, "index.sqlite"));
  index.insertRun(1, T0);
  failures.length = 0;
  written = 0;
});
afterEach(async () => {
  await checkpoints.stop();
  index.close();
  await rm(root, { recursive: true, force: true });
});
const start = (program?: URL): void => {
  checkpoints = new IndexCheckpoints({ index, onFailed: (error) => failures.push(error), ...(program === undefined ? {} : { program }) });
};
function writeSegment(): void {
  const segmentId = index.insertSegment(1, 1, T0 + written++ * 60_000, 4_096, "key");
  index.closeSegment(segmentId, { endMs: T0 + written * 60_000, bytes: 3e7, frames: 1_500, gops: [], sha256: new Uint8Array(32), activity: new Uint8Array(600) }, "closed");
}
const fillLog = (bytes: number): void => {
  while (checkpoints.logBytes < bytes) writeSegment();
};
const until = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let i = 0; !isSo(); i++) {
    if (i > 6_000) assert.fail(`waited in vain for ${what}`);
    await wait(10);
  }
};
const countInFile = (): number => {
  const copy = join(root, "copy.sqlite");
  writeFileSync(copy, readFileSync(index.file)); // without the log; nothing else holds a lock on it here
  const database = new DatabaseSync(copy);
  try {
    return (database.prepare("SELECT count(*) AS n FROM segment").get() as { n: number }).n;
  } finally {
    database.close();
  }
};

test("[RCD16] while the disk hangs the cameras' thread writes on and does not touch the index's file; then all of it goes there, and the log begins anew", async () => {
  start(HANGING);
  fillLog(ENOUGH);
  const before = readFileSync(index.file);
  checkpoints.look();
  await wait(50);
  fillLog(3 * ENOUGH);
  await wait(50);
  assert.ok(readFileSync(index.file).equals(before), "nobody but the thread writes into the file");
  writeFileSync(`${index.file}.go`, "");
  await until("the log to be cut", () => {
    checkpoints.look();
    return checkpoints.logBytes === 0;
  });
  assert.deepEqual([countInFile(), failures], [written, []]);
  assert.equal((index.database.prepare("PRAGMA synchronous").get() as { synchronous: number }).synchronous, 0);
  writeSegment();
  assert.ok(checkpoints.logBytes > 0);
});

test("[RCD16] a log is never begun anew over an old one, whatever is written between the steps of a checkpoint, while its head is not synced", async () => {
  start();
  const random = createRandom(7);
  const readHead = (): string => readFileSync(`${index.file}-wal`).subarray(16, 24).toString("hex");
  let head = "";
  const checkHead = (): void => {
    if (checkpoints.logBytes === 0) head = "";
    else if (head === "") head = readHead();
    else if ((index.database.prepare("PRAGMA synchronous").get() as { synchronous: number }).synchronous === 0) assert.equal(readHead(), head, "the log was begun anew in place");
  };
  for (let i = 1; i <= 160; i++) {
    checkHead();
    if (i % 40 === 0) {
      // Now and then nothing is written for as long as it takes, so that each machine gets to cut.
      fillLog(ENOUGH);
      await until("the log to be cut", () => {
        checkHead();
        checkpoints.look();
        return checkpoints.logBytes === 0;
      });
      continue;
    }
    if (random.integer(3) > 0) for (let n = random.integer(60); n >= 0; n--) writeSegment();
    if (checkpoints.logBytes > ENOUGH) checkpoints.look();
    if (random.integer(2) === 0) await wait(random.integer(4));
    else await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(failures, []);
});

test("[RCD16] a disk that does not answer at all is told, once, when the log has grown too large", async () => {
  start(HANGING);
  fillLog(ENOUGH);
  checkpoints.look();
  checkpoints.look();
  assert.deepEqual(failures, [], "a turn may take its time");
  index.database.exec("CREATE TABLE room (bytes BLOB)");
  while (checkpoints.logBytes <= 64 * 1024 * 1024) index.database.exec("INSERT INTO room VALUES (zeroblob(1000000))");
  for (let i = 0; i < 3; i++) checkpoints.look();
  assert.deepEqual(failures.map(({ message }) => message), ["the disk has not answered yet, and the log has grown past 64 MB"]);
  writeFileSync(`${index.file}.go`, "");
  await until("the log to be cut", () => {
    checkpoints.look();
    return checkpoints.logBytes === 0;
  });
  assert.equal(failures.length, 1);
});

test("[RCD16] a reader of another process delays the cutting and costs nothing else; a thread that cannot be had is told, and the index goes on", async () => {
  start();
  const reader = new DatabaseSync(index.file, { readOnly: true });
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM segment").get();
  fillLog(ENOUGH);
  for (let i = 0; i < 20; i++) {
    checkpoints.look();
    await wait(10);
    writeSegment();
  }
  assert.ok(checkpoints.logBytes > ENOUGH);
  reader.close();
  await until("the log to be cut", () => {
    checkpoints.look();
    return checkpoints.logBytes === 0;
  });
  assert.deepEqual(failures, []);
  await checkpoints.stop();
  start(new URL("file:///nowhere/no-program.ts"));
  fillLog(ENOUGH);
  checkpoints.look();
  await until("the failure", () => failures.length > 0);
  assert.equal((index.database.prepare("PRAGMA synchronous").get() as { synchronous: number }).synchronous, 1);
  writeSegment();
  await checkpoints.stop();
  index.close();
  assert.equal(existsSync(`${index.file}-wal`), false, "nobody holds it open any more");
  index = new IndexStore(index.file);
  assert.equal((index.database.prepare("SELECT count(*) AS n FROM segment").get() as { n: number }).n, written);
  start();
});

test("[RCD16] [RET4] whoever asks for it waits until what was written before is in the file; a turn that began earlier does not count, one that fails refuses", async () => {
  start(HANGING);
  writeSegment();
  let isFirstThere = false;
  const first = checkpoints.sync().then(() => {
    isFirstThere = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  writeSegment(); // the first turn has begun
  const second = checkpoints.sync().then(() => assert.deepEqual([isFirstThere, countInFile()], [true, 2]));
  assert.equal(isFirstThere, false);
  writeFileSync(`${index.file}.go`, "");
  await Promise.all([first, second]);
  await checkpoints.stop();
  start(new URL("file:///nowhere/no-program.ts"));
  await assert.rejects(checkpoints.sync());
  await assert.rejects(checkpoints.sync(), /a moment ago/);
  assert.equal(failures.length, 1);
});

test("[RCD16] one process writes an index, another may read it", () => {
  start();
  assert.throws(() => new IndexStore(index.file), /another recorder is using/);
  const reader = new DatabaseSync(index.file, { readOnly: true });
  writeSegment();
  assert.equal((reader.prepare("SELECT count(*) AS n FROM segment").get() as { n: number }).n, (index.database.prepare("SELECT count(*) AS n FROM segment").get() as { n: number }).n);
  reader.close();
});
