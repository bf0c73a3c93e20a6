import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DAY_MS } from "../../base/time.ts";
import { type RecordedRate, bytesPerDayOf, forecastDisk } from "./forecast.ts";

const NOW = 1_000 * DAY_MS;
const rate = (bytesPerDay: number, storedBytes: number, mostDays = 30, mostBytes = Infinity, leastDays = 0): RecordedRate => ({ cameraId: 1, keeping: { mostDays, leastDays, mostBytes }, storedBytes, bytesPerDay });
const forecast = (cameras: RecordedRate[], room: number, mostBytes = Infinity) => forecastDisk({ cameras, freeBytes: room + 1_000, floorBytes: 1_000, mostBytes, now: NOW });

describe("[RET10] the forecast of the full disk", () => {
  test("steady where retention takes as much as comes before the room is used", () => {
    assert.deepEqual(forecast([rate(100, 500)], 2_500), { kind: "steady", bytes: 3_000, bytesPerDay: 100 });
    assert.deepEqual(forecast([rate(100, 500, 30, 800)], 400), { kind: "steady", bytes: 800, bytesPerDay: 100 });
  });
  test("full on the day on which the room is used, counting cameras that have come to their retention", () => {
    assert.deepEqual(forecast([rate(100, 500)], 1_000), { kind: "full", at: NOW + 10 * DAY_MS, bytesPerDay: 100 });
    assert.deepEqual(forecast([rate(100, 2_800), rate(50, 0)], 500), { kind: "full", at: NOW + 8 * DAY_MS - 2 * DAY_MS, bytesPerDay: 150 }); // 300 in 2 days, then 50 a day
    assert.deepEqual(forecast([rate(100, 500)], 5_000, 1_500), { kind: "full", at: NOW + 10 * DAY_MS, bytesPerDay: 100 });
    assert.deepEqual(forecast([rate(100, 500)], -1), { kind: "full", at: NOW, bytesPerDay: 100 });
  });
  test("[RET17] of what is free on a volume that several recorders fill it takes its part", () => {
    const facts = { freeBytes: 2_000, floorBytes: 1_000, mostBytes: Infinity, now: NOW };
    assert.deepEqual([1, 2].map((recorders) => forecastDisk({ ...facts, recorders, cameras: [rate(100, 500)] })), [10, 5].map((days) => ({ kind: "full", at: NOW + days * DAY_MS, bytesPerDay: 100 })));
  });
  test("the least of a camera counts for more than the bytes that it may take", () => {
    assert.deepEqual(forecast([rate(100, 500, 30, 800, 20)], 9_999), { kind: "steady", bytes: 2_000, bytesPerDay: 100 });
  });
  test("unknown where nothing was recorded, or for less than ten minutes", () => {
    assert.deepEqual(forecast([rate(0, 500)], 100), { kind: "unknown" });
    assert.equal(bytesPerDayOf(100, NOW - 599_000, NOW), undefined);
    assert.equal(bytesPerDayOf(100, NOW - DAY_MS / 2, NOW), 200);
  });
  test("it is what a simulation hour by hour comes to", () => {
    const camera = fc.record({ bytesPerDay: fc.integer({ min: 24, max: 1_000 }), storedBytes: fc.integer({ min: 0, max: 5_000 }), mostDays: fc.integer({ min: 1, max: 20 }), mostBytes: fc.oneof(fc.constant(Infinity), fc.integer({ min: 100, max: 9_000 })) })
      .map((c) => rate(c.bytesPerDay, Math.min(c.storedBytes, c.bytesPerDay * c.mostDays, c.mostBytes), c.mostDays, c.mostBytes));
    fc.assert(fc.property(fc.array(camera, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 20_000 }), (cameras, room) => {
      const limit = cameras.reduce((sum, c) => sum + c.storedBytes, 0) + room;
      let hours = 0;
      const sum = (): number => cameras.reduce((total, c) => total + Math.min(c.storedBytes + (c.bytesPerDay * hours) / 24, c.bytesPerDay * c.keeping.mostDays, c.keeping.mostBytes), 0);
      while (hours < 24 * 25 && sum() <= limit) hours++;
      const found = forecast(cameras, room);
      if (hours === 24 * 25) assert.equal(found.kind, "steady");
      else assert.ok(found.kind === "full" && Math.abs((found.at - NOW) / 3_600_000 - hours) <= 1.01, `${JSON.stringify(found)} against ${hours} h`);
    }));
  });
});
