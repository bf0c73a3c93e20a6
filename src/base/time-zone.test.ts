import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findTimeZone, formatOffset, formatOffsetTime, parseNextClock, parseZoneTime, zoneOffsetMs } from "./time-zone.ts";

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

test("a moment is read as people write it: by the clocks of the place, or with an offset of its own", () => {
  const read = (text: string, zone = "America/Montevideo"): string | undefined => {
    const at = parseZoneTime(text, zone);
    return at === undefined ? undefined : new Date(at).toISOString();
  };
  assert.deepEqual([read("2026-11-22 14:03"), read("2026-11-22T14:03:05"), read("2026-11-22T14:03-05:30"), read("2026-11-22T14:03Z"), read(" 2026-11-22  7:00 ")], ["2026-11-22T17:03:00.000Z", "2026-11-22T17:03:05.000Z", "2026-11-22T19:33:00.000Z", "2026-11-22T14:03:00.000Z", undefined]);
  assert.deepEqual(["22.11.2026 14:03", "2026-02-30 10:00", "2026-11-22 24:00", "2026-11-22", "", "2026-13-01 00:00"].map((text) => read(text)), Array(6).fill(undefined));
  assert.deepEqual([read("2026-10-25 02:30", "Europe/Berlin"), read("2026-10-25 03:30", "Europe/Berlin"), read("2026-03-29 03:00", "Europe/Berlin")], ["2026-10-25T00:30:00.000Z", "2026-10-25T02:30:00.000Z", "2026-03-29T01:00:00.000Z"], "the hour that comes twice is the first of the two");
});

test("what a place's clocks showed is read back as a moment at which they showed it", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom("America/Montevideo", "Asia/Kathmandu", "Europe/Berlin", "Pacific/Auckland", "UTC"), (seconds, zone) => {
    const shown = new Date(seconds * 1_000 + zoneOffsetMs(seconds * 1_000, zone)).toISOString().slice(0, 19);
    const at = parseZoneTime(shown, zone)!;
    assert.equal(new Date(at + zoneOffsetMs(at, zone)).toISOString().slice(0, 19), shown);
  }));
});

test("hours and minutes alone are the next such time, over midnight and over a change of the clocks", () => {
  const next = (text: string, from: string, zone: string): string | undefined => {
    const at = parseNextClock(text, parseZoneTime(from, zone)!, zone);
    return at === undefined ? undefined : formatOffsetTime(at, zone);
  };
  assert.equal(next("15:00", "2026-11-22 07:00", "America/Montevideo"), "2026-11-22T15:00:00.000-03:00");
  assert.equal(next("06:00", "2026-11-22 22:00", "America/Montevideo"), "2026-11-23T06:00:00.000-03:00");
  assert.equal(next("06:00", "2026-10-24 22:00", "Europe/Berlin"), "2026-10-25T06:00:00.000+01:00");
  assert.equal(next("noon", "2026-11-22 22:00", "UTC"), undefined);
});
