import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { judgeHours, parseWeeklyHours, WEEK_MINUTES, type WeeklyHours } from "./weekly-hours.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./time.ts";

const hours = (text: string): WeeklyHours => {
  const read = parseWeeklyHours(text, "schedule");
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
};
const spansOf = (text: string): string => hours(text).spans.map(({ start, end }) => `${start}-${end}`).join(" ");
const MONDAY = Date.UTC(2026, 10, 23); // a Monday's midnight

describe("[CAM13] hours of a week", () => {
  test("days and hours as people write them", () => {
    assert.equal(spansOf("mon 00:00-24:00"), "0-1440");
    assert.equal(spansOf("Mon-Tue 07:00-19:00"), "420-1140 1860-2580");
    assert.equal(spansOf("mon,wed 8:00-9:30 ; sat 09:00-13:00,14:00-16:00"), "480-570 3360-3450 7740-7980 8040-8160");
    assert.equal(spansOf("daily 00:00-24:00"), `0-${WEEK_MINUTES}`);
    assert.equal(spansOf("sat-mon 10:00-11:00"), "600-660 7800-7860 9240-9300", "days may go over the week's end");
    assert.equal(spansOf("sun 22:00-06:00"), "0-360 9960-10080", "hours may go over midnight, and over the week's end");
    assert.equal(spansOf("mon 08:00-12:00; mon 11:00-13:00; mon 13:00-14:00"), "480-840", "what touches is one");
  });

  test("what cannot be read is told with the part that is wrong", () => {
    const fault = (text: string): string => {
      const read = parseWeeklyHours(text, "schedule");
      assert.ok(!read.ok, text);
      return `${read.error.field} ${read.error.value}: ${read.error.code}`;
    };
    assert.equal(fault(" ; "), "schedule  ; : weekly-hours");
    assert.equal(fault("always"), "schedule always: weekly-hours");
    assert.equal(fault("mon 07:00-19:00; monday"), "schedule monday: weekly-hours");
    assert.equal(fault("mon-fry 07:00-19:00"), "schedule mon-fry: weekly-days");
    assert.equal(fault("mon-tue-wed 07:00-19:00"), "schedule mon-tue-wed: weekly-days");
    for (const bad of ["7-19", "07:60-19:00", "24:00-25:00", "07:00-24:01", "07:00-07:00", "07:00"]) assert.equal(fault(`mon ${bad}`), `schedule ${bad}: weekly-times`);
    assert.equal(fault(`mon 07:00-08:00${" ".repeat(400)}`).split(": ")[1], "most-characters");
  });

  test("whatever text comes, it is read or a fault is told, and spans are sorted, apart and within the week", () => {
    const alphabet = fc.constantFrom("mon", "fri", "sun", "daily", "-", ",", ";", " ", "07:00", "22:30", "24:00", "00:00", "x", "9");
    // By chance hardly anything can be read: every other one is as people write it.
    const days = fc.array(fc.constantFrom("mon", "tue-thu", "fri", "sat-mon", "sun", "daily"), { minLength: 1, maxLength: 3 }).map((list) => list.join(","));
    const times = fc.array(fc.constantFrom("07:00-22:30", "22:30-07:00", "00:00-24:00", "9:00-9:01", "22:30-24:00"), { minLength: 1, maxLength: 3 }).map((list) => list.join(","));
    const written = fc.array(fc.tuple(days, times).map((pair) => pair.join(" ")), { minLength: 1, maxLength: 4 }).map((list) => list.join("; "));
    let readable = 0;
    fc.assert(fc.property(fc.oneof(fc.array(alphabet, { maxLength: 24 }).map((parts) => parts.join("")), written), (text) => {
      const read = parseWeeklyHours(text, "schedule");
      if (!read.ok) return;
      readable++;
      let last = -1;
      for (const { start, end } of read.value.spans) {
        assert.ok(start > last && end > start && end <= WEEK_MINUTES);
        last = end;
      }
    }), { numRuns: 3_000 });
    assert.ok(readable > 500, `${readable} of 3,000 could be read`);
  });

  test("within or not, and when that changes", () => {
    const office = hours("mon-fri 07:00-19:00");
    assert.deepEqual(judgeHours(office, MONDAY, "UTC"), { within: false, until: MONDAY + 7 * HOUR_MS });
    assert.deepEqual(judgeHours(office, MONDAY + 7 * HOUR_MS, "UTC"), { within: true, until: MONDAY + 19 * HOUR_MS });
    assert.deepEqual(judgeHours(office, MONDAY + 19 * HOUR_MS - 1, "UTC"), { within: true, until: MONDAY + 19 * HOUR_MS });
    assert.deepEqual(judgeHours(office, MONDAY + 4 * DAY_MS + 20 * HOUR_MS, "UTC"), { within: false, until: MONDAY + 7 * DAY_MS + 7 * HOUR_MS }, "over the weekend");
    assert.deepEqual(judgeHours(office, MONDAY, "Asia/Shanghai"), { within: true, until: MONDAY + 11 * HOUR_MS }, "by the city's clocks");
    assert.deepEqual(judgeHours(hours("daily 00:00-24:00"), MONDAY, "UTC"), { within: true, until: null });
    assert.deepEqual(judgeHours(hours("sun 12:00-24:00; mon 00:00-06:00"), MONDAY - HOUR_MS, "UTC"), { within: true, until: MONDAY + 6 * HOUR_MS }, "midnight of Sunday is no boundary");
    assert.throws(() => judgeHours(office, MONDAY, "Nowhere/Town"), RangeError);
  });

  test("where clocks are put forward or back, hours go by what clocks show", () => {
    const [forward, back] = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)]; // Berlin: 02:00 becomes 03:00; 03:00 becomes 02:00
    const night = hours("sun 02:30-05:00");
    assert.deepEqual(judgeHours(night, forward - HOUR_MS, "Europe/Berlin"), { within: false, until: forward }, "half past two does not come; three is within");
    assert.deepEqual(judgeHours(night, forward, "Europe/Berlin"), { within: true, until: forward + 2 * HOUR_MS });
    const early = hours("sun 02:00-02:30");
    assert.deepEqual(judgeHours(early, back - HOUR_MS, "Europe/Berlin"), { within: true, until: back - 30 * MINUTE_MS });
    assert.deepEqual(judgeHours(early, back - 10 * MINUTE_MS, "Europe/Berlin"), { within: false, until: back }, "two o'clock comes twice");
    assert.deepEqual(judgeHours(hours("sat-sun 00:00-24:00"), back - HOUR_MS, "Europe/Berlin"), { within: true, until: Date.UTC(2026, 9, 25, 23) }, "that Sunday has 25 hours");
  });

  test("the answer holds until it says, and is another then", () => {
    const zone = fc.constantFrom("UTC", "America/Montevideo", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe");
    const texts = fc.constantFrom("mon-fri 07:00-19:00", "sun 01:30-03:15; wed 22:00-06:00", "daily 23:30-00:30", "sat 00:00-24:00", "mon 12:00-12:01");
    fc.assert(fc.property(zone, texts, fc.integer({ min: MONDAY - 200 * DAY_MS, max: MONDAY + 200 * DAY_MS }), fc.double({ min: 0, max: 0.999, noNaN: true }), (timeZone, text, now, share) => {
      const { within, until } = judgeHours(hours(text), now, timeZone);
      assert.ok(until !== null && until > now);
      assert.equal(judgeHours(hours(text), Math.floor(now + (until - now) * share), timeZone).within, within);
      assert.equal(judgeHours(hours(text), until, timeZone).within, !within);
    }), { numRuns: 500 });
  });
});
