// The levels of free space: what they are on a volume, and that they are enough, whatever comes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type RoomFacts, awaitsHolds, followInflow, roomLevelsOf } from "./room.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const facts = (more: Partial<RoomFacts> = {}): RoomFacts => ({ totalBytes: 1_000 * GIB, inflow: 0, isShared: false, ...more });

describe("levels of free space", () => {
  test("[RET15] at least a gigabyte lies between reserve and floor; with more than it takes, three times what comes between two passes", () => {
    assert.deepEqual(roomLevelsOf(facts()), { reserveBytes: 128 * MIB, floorBytes: 128 * MIB + GIB, aimBytes: 128 * MIB + GIB });
    const few = roomLevelsOf(facts({ inflow: MIB }));
    assert.deepEqual(few, { reserveBytes: 128 * MIB, floorBytes: 128 * MIB + GIB, aimBytes: 128 * MIB + GIB + 30 * MIB });
    const many = roomLevelsOf(facts({ inflow: 200 * MIB }));
    assert.deepEqual(many, { reserveBytes: 128 * MIB, floorBytes: (128 + 90 * 200) * MIB, aimBytes: (128 + 120 * 200) * MIB });
  });

  test("[RET15] a volume that is small for its inflow gives a twentieth of itself, and its passes come the more often", () => {
    const { floorBytes, aimBytes, reserveBytes } = roomLevelsOf(facts({ totalBytes: 100 * GIB, inflow: 200 * MIB }));
    assert.equal(floorBytes - reserveBytes, 5 * GIB);
    assert.equal(aimBytes - floorBytes, Math.ceil((5 * GIB) / 3));
  });

  test("[RET17] of several recorders on one volume each keeps free what comes to all of them, and the index of each", () => {
    assert.deepEqual(roomLevelsOf(facts({ inflow: 50 * MIB, recorders: 4 })), { reserveBytes: 4 * 128 * MIB, floorBytes: (4 * 128 + 90 * 200) * MIB, aimBytes: (4 * 128 + 120 * 200) * MIB });
  });

  test("[RET16] where the database is on the same volume a gigabyte is its, of a small one an eighth", () => {
    assert.equal(roomLevelsOf(facts({ isShared: true })).reserveBytes, GIB);
    assert.equal(roomLevelsOf(facts({ isShared: true, totalBytes: 4 * GIB })).reserveBytes, GIB / 2);
    assert.equal(roomLevelsOf(facts({ totalBytes: GIB })).reserveBytes, 32 * MIB);
  });

  test("[RET15] [RET16] whatever comes to whatever volume, with a pass that takes three seconds from its beginning and a look each second, the reserve is never touched, and no more goes than to the aim", () => {
    const scenario = fc.record({
      totalBytes: fc.integer({ min: 20, max: 20_000 }).map((gib) => gib * GIB), isShared: fc.boolean(),
      // As a share of the volume a second: the most is a volume that is written over within a quarter of an hour.
      rates: fc.array(fc.record({ share: fc.double({ min: 0, max: 1 / 1_000, noNaN: true }), seconds: fc.integer({ min: 1, max: 120 }) }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(fc.property(scenario, ({ totalBytes, isShared, rates }) => {
      let inflow = 0;
      let levels = roomLevelsOf({ totalBytes, inflow, isShared });
      let free = levels.aimBytes;
      let passEnds = -1;
      let aim = 0;
      let now = 0;
      for (const { share, seconds } of rates) {
        // From nothing to 200 MB/s at once, as after a start; not more than a gigabyte bears until the rate is known.
        const bytes = Math.min(totalBytes * share, 200e6);
        for (let i = 0; i < seconds; i++) {
          now++;
          free -= bytes;
          assert.ok(free >= levels.reserveBytes, `${levels.reserveBytes - free} bytes of the reserve`);
          inflow = followInflow(inflow, bytes, 1_000);
          levels = roomLevelsOf({ totalBytes, inflow, isShared });
          if (passEnds < 0 && free < levels.floorBytes) {
            passEnds = now + 3;
            aim = levels.aimBytes;
          } else if (passEnds === now) {
            free = Math.max(free, aim);
            passEnds = -1;
          }
        }
      }
    }));
  });
});

test("[RET15] an inflow that rises is believed within seconds, one that falls within minutes", () => {
  let inflow = 0;
  for (let s = 0; s < 15; s++) inflow = followInflow(inflow, 1_000, 1_000);
  assert.ok(inflow > 900 && inflow <= 1_000, String(inflow));
  for (let s = 0; s < 30; s++) inflow = followInflow(inflow, 0, 1_000);
  assert.ok(inflow > 800, String(inflow));
  for (let s = 0; s < 1_800; s++) inflow = followInflow(inflow, 0, 1_000);
  assert.ok(inflow < 10, String(inflow));
  assert.equal(followInflow(5, 100, 0), 5);
});

test("[HLD10] after a stop that was not clean a pass for want of room waits for the centre's holds: some seconds, and while half of the way to the reserve is there", () => {
  const waiting = { wasClean: false, sinceStartMs: 0, freeBytes: 200, levels: { reserveBytes: 100, floorBytes: 300, aimBytes: 400 } };
  assert.equal(awaitsHolds(waiting), true);
  assert.equal(awaitsHolds({ ...waiting, sinceStartMs: 14_999 }), true);
  for (const enough of [{ sinceStartMs: 15_000 }, { freeBytes: 199 }, { wasClean: true }]) assert.equal(awaitsHolds({ ...waiting, ...enough }), false, JSON.stringify(enough));
});
