import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SEGMENT_MS, isRotationDue, rotationPhaseMs } from "./rotation.ts";

test("[RCD3] phases of a thousand successive cameras fill the minute evenly", () => {
  const perSecond = new Array<number>(60).fill(0);
  for (let id = 1; id <= 1_000; id++) perSecond[Math.floor(rotationPhaseMs(id) / 1_000)]!++;
  assert.ok(Math.max(...perSecond) <= 18 && Math.min(...perSecond) >= 15, perSecond.join());
});

test("[RCD2] key frames every second give one rotation a minute, at the phase", () => {
  const phase = rotationPhaseMs(7);
  const rotations: number[] = [];
  const begin = 1_790_000_000_000;
  let start = begin;
  for (let at = begin; at <= begin + 600_000; at += 1_000) {
    if (!isRotationDue(start, at, phase)) continue;
    rotations.push(at - start);
    start = at;
  }
  assert.equal(rotations.length, 10);
  assert.ok(rotations.slice(1).every((length) => length === SEGMENT_MS));
});

test("[RCD2] never due twice within a boundary, always due after a whole minute", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 1, max: 600_000 }), (start, passed, id) => {
    const due = isRotationDue(start, start + passed, rotationPhaseMs(id));
    if (passed >= SEGMENT_MS) assert.equal(due, true);
    if (passed === 0) assert.equal(due, false);
  }));
});
