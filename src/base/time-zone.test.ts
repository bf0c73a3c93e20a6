import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findTimeZone, formatOffset, formatOffsetTime, zoneOffsetMs } from "./time-zone.ts";

const AT = Date.UTC(2026, 10, 22, 17, 3, 27, 480);

test("a moment is told with the place's hour and its offset", () => {
  assert.equal(formatOffsetTime(AT, "America/Montevideo"), "2026-11-22T14:03:27.480-03:00");
  assert.equal(formatOffsetTime(AT, "Asia/Kolkata"), "2026-11-22T22:33:27.480+05:30");
  assert.equal(formatOffsetTime(AT, "UTC"), "2026-11-22T17:03:27.480Z");
  assert.equal(zoneOffsetMs(AT, "America/Montevideo"), -3 * 3_600_000);
  assert.deepEqual([0, -3 * 3_600_000, 20_700_000].map(formatOffset), ["+00:00", "-03:00", "+05:45"]);
});

test("the offset says which of the two hours of an autumn night it was", () => {
  const [first, second] = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)];
  assert.equal(formatOffsetTime(first, "Europe/Berlin"), "2026-10-25T02:30:00.000+02:00");
  assert.equal(formatOffsetTime(second, "Europe/Berlin"), "2026-10-25T02:30:00.000+01:00");
});

test("read back it is the same moment", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constantFrom("America/Montevideo", "Asia/Kathmandu", "Europe/Berlin", "Pacific/Auckland", "UTC"), (at, zone) => {
    assert.equal(Date.parse(formatOffsetTime(at, zone)), at);
  }));
});

test("a name that is no zone is found out without a throw", () => {
  assert.deepEqual(["America/Montevideo", "UTC", "Mars/Olympus", "", "../etc"].map(findTimeZone), ["America/Montevideo", "UTC", undefined, undefined, undefined]);
});
