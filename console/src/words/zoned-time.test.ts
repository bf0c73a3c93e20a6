import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatMoment, parseMoment } from "./zoned-time.ts";

const AT = Date.UTC(2026, 10, 22, 17, 3, 27, 480);
const MVD = "America/Montevideo"; // three hours behind, no summer time

test("a moment is written and read as ISO 8601 has it, in the city's zone", () => {
  assert.equal(formatMoment(AT, MVD), "2026-11-22 14:03:27");
  assert.equal(formatMoment(AT, MVD, true), "2026-11-22 14:03:27.48");
  for (const [typed, iso] of [
    ["2026-11-22 14:03:27", "2026-11-22T17:03:27.000Z"], ["2026-11-22T14:03", "2026-11-22T17:03:00.000Z"], ["2026-11-22", "2026-11-22T03:00:00.000Z"], [" 14:03 ", "2026-11-22T17:03:00.000Z"],
    ["1403", "2026-11-22T17:03:00.000Z"], ["9:05:01.5", "2026-11-22T12:05:01.500Z"], ["140327", "2026-11-22T17:03:27.000Z"], ["2026/11/2 8:00", "2026-11-02T11:00:00.000Z"],
  ] as const) assert.equal(new Date(parseMoment(typed, MVD, AT) ?? Number.NaN).toISOString(), iso, typed);
});

test("what is no moment is none", () => {
  for (const typed of ["", "noon", "25:00", "14:60", "2026-02-30", "2026-13-01", "11/22/2026", "14:03:99", "2026-11"]) assert.equal(parseMoment(typed, MVD, AT), undefined, typed);
});

test("what is written is read back, to the second, but for the hour that the clock has twice", () => {
  fc.assert(fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), fc.constantFrom(MVD, "Asia/Shanghai", "Europe/Berlin", "UTC"), (seconds, zone) => {
    const at = seconds * 1000;
    const back = parseMoment(formatMoment(at, zone), zone, 0)!;
    assert.ok(back === at || Math.abs(back - at) === 3_600_000 && formatMoment(back, zone) === formatMoment(at, zone));
  }));
});
