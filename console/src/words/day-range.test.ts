import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { EVER, assumedFirstDay, dayOf, rangeOfDays, startOfDay } from "./day-range.ts";

const ZONES = ["America/Montevideo", "Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

describe("days of the city's clock", () => {
  test("a day begins at its first moment, also where the clock is put forward at midnight", () => {
    assert.equal(startOfDay("2026-11-22", "America/Montevideo"), Date.UTC(2026, 10, 22, 3));
    assert.equal(startOfDay("2026-03-29", "Europe/Berlin"), Date.UTC(2026, 2, 28, 23));
    assert.equal(startOfDay("2018-11-04", "America/Sao_Paulo"), Date.UTC(2018, 10, 4, 3), "there was no midnight that day");
    fc.assert(fc.property(fc.integer({ min: 0, max: 25_000 }), fc.constantFrom(...ZONES), (n, zone) => {
      const day = new Date(n * 86_400_000).toISOString().slice(0, 10);
      const at = startOfDay(day, zone)!;
      assert.equal(dayOf(at, zone), day);
      assert.notEqual(dayOf(at - 1, zone), day);
    }));
  });
  test("a register is opened at yesterday of the city's clock; whoever empties the first day gets all of it", () => {
    assert.equal(assumedFirstDay(Date.UTC(2026, 10, 22, 2), "America/Montevideo"), "2026-11-20");
    assert.equal(assumedFirstDay(Date.UTC(2026, 2, 1, 12), "Asia/Shanghai"), "2026-02-28");
    assert.deepEqual(rangeOfDays(EVER, "", "UTC"), {});
  });
  test("both days of a range are inside, and what is no date bounds nothing", () => {
    assert.deepEqual(rangeOfDays("2026-11-21", "2026-11-22", "UTC"), { from: Date.UTC(2026, 10, 21), to: Date.UTC(2026, 10, 23) });
    for (const wrong of ["", "2026-02-30", "22.11.2026", "2026-13-01"]) assert.deepEqual(rangeOfDays(wrong, wrong, "UTC"), {});
  });
});
