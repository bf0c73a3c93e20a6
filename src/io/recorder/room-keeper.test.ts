// The keeper of room on a disk that only counts bytes: who may write, when passes begin, and what happens where nothing may go.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type PassWish, RoomKeeper } from "./room-keeper.ts";

const MIB = 2 ** 20;

/** A volume with segments on it, the oldest first. */
class CountedDisk {
  readonly totalBytes: number;
  used = 0;
  leastFree = Infinity;
  readonly segments: number[] = [];
  passes: PassWish[] = [];
  now = 0;
  /** Nothing on it may go. */
  isHeld = false;
  /** All on it is younger than its camera's least: it goes as far as has to be. */
  isScarce = false;
  isAway = false;
  /** A pass waits for it. */
  gate: Promise<void> | undefined;
  readonly keeper: RoomKeeper;
  readonly told: string[] = [];

  constructor(totalBytes: number, { isShared = false }: { readonly isShared?: boolean } = {}) {
    this.totalBytes = totalBytes;
    this.keeper = new RoomKeeper({
      clock: { wallMs: () => 0, monotonicMs: () => this.now }, isShared, log: (_level, _fields, message) => void this.told.push(message),
      findSpace: async () => {
        if (this.isAway) throw new Error("EIO");
        return { totalBytes, freeBytes: this.free };
      },
      runPass: async (wish) => {
        this.passes.push(wish);
        await this.gate;
        let deleted = 0;
        for (;;) {
          const { freeBytes } = await wish.findSpace();
          const wanted = (deleted === 0 || this.isScarce ? wish.levels.floorBytes : wish.levels.aimBytes) - freeBytes;
          if (wanted <= 0 || this.isHeld || this.segments.length === 0) return { deleted, lacking: Math.max(0, wish.levels.floorBytes - freeBytes), isScarce: this.isScarce };
          this.used -= this.segments.shift()!;
          deleted++;
        }
      },
    });
  }

  get free(): number {
    return this.totalBytes - this.used;
  }

  /** As a camera's writer does. False where it was refused. */
  async write(bytes: number): Promise<boolean> {
    try {
      await this.keeper.take(bytes);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
      this.keeper.onDiskFull();
      return false;
    }
    this.used += bytes;
    this.leastFree = Math.min(this.leastFree, this.free);
    this.segments.push(bytes);
    this.keeper.settle(bytes);
    return true;
  }

  /** Its outcome; while it waits, the keeper looks as its timer would. */
  async while<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = work.finally(() => { isOver = true; });
    await turn();
    for (let i = 0; !isOver && i < 1_000; i++) await this.pass(25);
    assert.ok(isOver, "a write waits in vain");
    return over;
  }

  async pass(ms: number): Promise<void> {
    this.now += ms;
    await this.keeper.look().catch(() => undefined);
    await turn();
  }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("room on the recordings' volume", () => {
  test("[RCD15] [RET15] cameras that fill the disk many times over are never refused, whatever they write, and the reserve is never touched", async () => {
    const scenario = fc.record({
      mebibytes: fc.integer({ min: 64, max: 512 }), cameras: fc.integer({ min: 1, max: 12 }), isShared: fc.boolean(),
      // A camera's chunk: of all cameras together no more than an eighth of the runway, as of a real disk's, far less.
      share: fc.double({ min: 1 / 400, max: 1 / 100, noNaN: true }), lookEvery: fc.integer({ min: 1, max: 200 }),
    });
    await fc.assert(fc.asyncProperty(scenario, async ({ mebibytes, cameras, isShared, share, lookEvery }) => {
      const disk = new CountedDisk(mebibytes * MIB, { isShared });
      await disk.keeper.look();
      const chunk = Math.ceil((disk.totalBytes * share) / cameras);
      let written = 0;
      for (let i = 0; written < 3 * disk.totalBytes; i++) {
        const done = await disk.while(Promise.all(Array.from({ length: cameras }, () => disk.write(chunk))));
        assert.ok(done.every(Boolean), "refused");
        written += chunk * cameras;
        if (i % lookEvery === 0) await disk.pass(1_000);
        else await turn(); // a pass takes turns
        disk.now += 25;
      }
      assert.ok(disk.leastFree >= disk.keeper.levels.reserveBytes, `${disk.leastFree} bytes were free`);
      await disk.keeper.stop();
    }), { numRuns: 30 });
  });

  test("[RET15] a pass begins in the write that goes below the floor, and goes on to the aim", async () => {
    const disk = new CountedDisk(1_024 * MIB);
    await disk.keeper.look();
    const { floorBytes } = disk.keeper.levels;
    while (disk.free - MIB >= floorBytes) assert.ok(await disk.write(MIB));
    assert.equal(disk.passes.length, 0);
    disk.now += 1_000;
    assert.ok(await disk.write(MIB));
    assert.equal(disk.passes.length, 1);
    assert.equal(disk.passes[0]!.onlyForRoom, true);
    for (let i = 0; i < 50; i++) await turn();
    assert.ok(disk.free >= disk.passes[0]!.levels.aimBytes);
    await disk.keeper.stop();
  });

  test("[RET16] where nothing may go writes are refused before they touch the reserve, and granted again once so much is free that it is worth a run", async () => {
    const disk = new CountedDisk(1_024 * MIB, { isShared: true });
    disk.isHeld = true;
    await disk.keeper.look();
    let granted = 0;
    while (await disk.write(MIB)) {
      granted++;
      await turn();
    }
    const { reserveBytes, floorBytes } = disk.keeper.levels;
    assert.equal(reserveBytes, 128 * MIB);
    assert.equal(granted, (1_024 - 128), "all but the reserve");
    assert.ok(disk.free >= reserveBytes);
    assert.equal(disk.keeper.hasRoom(), false);
    disk.used -= 2 * MIB;
    await disk.pass(1_000);
    assert.equal(disk.keeper.hasRoom(), false, "not for two megabytes");
    disk.used = disk.totalBytes - (reserveBytes + (floorBytes - reserveBytes) / 2);
    await disk.pass(1_000);
    assert.equal(disk.keeper.hasRoom(), true);
    assert.equal(await disk.write(MIB), true);
    await disk.keeper.stop();
  });

  test("[RCD15] a write waits for the pass that is making room, and is not refused", async () => {
    const disk = new CountedDisk(1_024 * MIB);
    await disk.keeper.look();
    disk.segments.push(400 * MIB);
    disk.used = disk.totalBytes - disk.keeper.levels.reserveBytes - MIB / 2;
    let isOver = false;
    let go: () => void = () => undefined;
    disk.gate = new Promise((resolve) => (go = resolve));
    await disk.pass(0); // begins one
    assert.equal(disk.passes.length, 1);
    const writing = disk.write(MIB).finally(() => { isOver = true; });
    for (let i = 0; i < 20; i++) await disk.pass(100);
    assert.equal(isOver, false);
    go();
    assert.equal(await writing, true);
    await disk.keeper.stop();
  });

  test("[RET15] where nothing may go passes rest, and one that is asked for comes at once", async () => {
    const disk = new CountedDisk(1_024 * MIB);
    disk.isHeld = true;
    disk.used = disk.totalBytes - 10 * MIB;
    await disk.pass(0);
    for (let i = 0; i < 20; i++) await disk.pass(100);
    assert.equal(disk.passes.length, 1, "once in two seconds");
    for (let i = 0; i < 60; i++) await disk.pass(100);
    assert.equal(disk.passes.length, 2);
    disk.isHeld = false;
    disk.segments.push(600 * MIB);
    await disk.keeper.retain();
    assert.deepEqual([disk.passes.length, disk.passes[2]!.onlyForRoom, disk.keeper.hasRoom()], [3, false, true]);
    await disk.keeper.stop();
  });

  test("[RET15] [RET9] where what may go comes segment by segment, passes rest for seconds as long as half of the runway is free", async () => {
    const disk = new CountedDisk(1_024 * MIB);
    disk.isScarce = true;
    await disk.keeper.look();
    const { reserveBytes, floorBytes } = disk.keeper.levels;
    while (disk.free - MIB >= floorBytes) assert.ok(await disk.write(MIB));
    disk.leastFree = Infinity;
    for (let i = 0; i < 300; i++) { // a megabyte in a tenth of a second, a segment each
      assert.ok(await disk.while(disk.write(MIB)));
      await disk.pass(100);
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    assert.ok(disk.passes.length >= 5 && disk.passes.length <= 8, `${disk.passes.length} passes in thirty seconds`);
    assert.ok(disk.leastFree >= floorBytes - 60 * MIB, `${disk.leastFree}`);
    const before = disk.passes.length;
    for (let i = 0; i < 20; i++) { // ten times as much: half of the runway is gone before they have rested
      assert.ok(await disk.while(disk.write(10 * MIB)));
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    assert.ok(disk.passes.length > before);
    assert.ok(disk.leastFree >= (reserveBytes + floorBytes) / 2 - 20 * MIB, `${disk.leastFree}: no longer than that`);
    await disk.keeper.stop();
  });

  test("[RCD15] after a pass that made no room a write waits for the next one, in whose beginning it comes, and is not refused", async () => {
    const disk = new CountedDisk(1_024 * MIB);
    disk.isHeld = true;
    await disk.keeper.look();
    disk.used = disk.totalBytes - disk.keeper.levels.reserveBytes - MIB / 2;
    await disk.pass(0);
    await turn();
    assert.equal(disk.passes.length, 1, "which made none");
    disk.isHeld = false; // the holds are told
    disk.segments.push(400 * MIB);
    disk.now += 5_000;
    assert.equal(await disk.while(disk.write(MIB)), true, "refused");
    assert.equal(disk.passes.length, 2);
    await disk.keeper.stop();
  });

  test("a pass is told when the keeper stops", async () => {
    const disk = new CountedDisk(1_024 * MIB);
    let go: () => void = () => undefined;
    disk.gate = new Promise((resolve) => (go = resolve));
    const retained = disk.keeper.retain();
    assert.equal(disk.passes[0]!.isEnding(), false);
    const stopped = disk.keeper.stop();
    assert.equal(disk.passes[0]!.isEnding(), true);
    go();
    await Promise.all([retained, stopped]);
  });

  test("[RET16] what others write is seen by the next look, and makes a pass", async () => {
    const disk = new CountedDisk(1_024 * MIB, { isShared: true });
    disk.segments.push(...Array.from({ length: 100 }, () => 5 * MIB));
    disk.used = 500 * MIB;
    await disk.pass(0);
    assert.equal(disk.passes.length, 0);
    disk.used += 450 * MIB; // the database
    await disk.pass(1_000);
    for (let i = 0; i < 200; i++) await turn();
    assert.equal(disk.passes.length, 1);
    assert.ok(disk.free >= disk.keeper.levels.floorBytes);
    await disk.keeper.stop();
  });

  test("a disk that cannot be looked at refuses nothing by itself", async () => {
    const disk = new CountedDisk(64 * MIB);
    disk.isAway = true;
    await assert.rejects(disk.keeper.look(), /EIO/);
    assert.equal(await disk.write(100 * MIB), true);
    await disk.keeper.stop();
  });
});

test("[RET17] recorders on one volume that write between two looks do not go into the reserve together", async () => {
  const [totalBytes, freeBytes] = [1_000 * MIB, 150 * MIB];
  const create = (recorders: number): RoomKeeper => new RoomKeeper({
    clock: { wallMs: () => 0, monotonicMs: () => 0 }, isShared: false, recorders, findSpace: async () => ({ totalBytes, freeBytes }), log: () => undefined,
    runPass: async () => ({ deleted: 0, lacking: 0, isScarce: false }),
  });
  const left = async (recorders: number): Promise<number> => {
    const keepers = Array.from({ length: 2 }, () => create(recorders));
    let free = freeBytes;
    for (const keeper of keepers) {
      await keeper.look();
      for (;;) {
        const refusal = keeper.take(MIB);
        if (refusal === undefined) free -= MIB;
        else {
          await Promise.all([assert.rejects(refusal, { code: "ENOSPC" }), keeper.stop()]);
          break;
        }
      }
    }
    return free - keepers[0]!.levels.reserveBytes;
  };
  assert.ok((await left(2)) >= 0, "each took its part");
  assert.ok((await left(1)) < 0, "what each would take that thinks itself alone");
});
