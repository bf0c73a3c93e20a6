import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { mappedFormat, parseMapping } from "./csv-mapping.ts";
import { lancaster } from "./lancaster.ts";
import { nextDayPolicy, parseLogTime, parseTimeOfDay } from "./log-time.ts";
import { montgomery } from "./montgomery.ts";
import { readLog } from "./read-log.ts";
import type { LogFormat, ReplayCall, ReplayRow } from "./replay-call.ts";

const callOf = (row: ReplayRow): ReplayCall => {
  assert.ok(row.kind === "call", JSON.stringify(row));
  return row.call;
};

describe("times as logs write them", () => {
  test("by the clocks of a zone, winter and summer; with a zone of their own as they say", () => {
    assert.equal(parseLogTime("2015-12-10 17:40:00", "America/New_York"), Date.UTC(2015, 11, 10, 22, 40));
    assert.equal(parseLogTime("2016-07-10T17:40", "America/New_York"), Date.UTC(2016, 6, 10, 21, 40));
    assert.equal(parseLogTime("2016-07-10T17:40:00+08:00", "America/New_York"), Date.UTC(2016, 6, 10, 9, 40));
    for (const text of ["", "2016-02-30 10:00:00", "10.7.2016", "2016-07-10 24:00:00", "2016-07-10 10:60:00"]) assert.equal(parseLogTime(text, "UTC"), undefined, text);
  });
  test("a time of day that is earlier is of the next day", () => {
    assert.equal(nextDayPolicy(parseTimeOfDay("23:59:50")!, parseTimeOfDay("00:00:10")!), 20_000);
    assert.equal(nextDayPolicy(parseTimeOfDay("15:58:26")!, parseTimeOfDay("15:58:26")!), 0);
    assert.equal(parseTimeOfDay("24:00:00"), undefined);
  });
});

describe("montgomery", () => {
  const row = { lat: "40.29", lng: "-75.58", desc: "REINDEER CT & DEAD END;  NEW HANOVER;", zip: "19525", title: "EMS: BACK PAINS/INJURY", timeStamp: "2015-12-10 17:40:00", twp: "NEW HANOVER", addr: "REINDEER CT & DEAD END", e: "1" };
  test("a call with its place; the type in our words, and as said", () => {
    const call = callOf(montgomery.parseRow(row, 2, "America/New_York"));
    assert.deepEqual([call.type, call.said, call.category, call.place.point, call.place.district], ["medical", "EMS: BACK PAINS/INJURY", "EMS", { lon: -75.58, lat: 40.29 }, "NEW HANOVER"]);
  });
  test("[RPL3] a type that is none of ours goes in as other and stays as said", () => {
    const call = callOf(montgomery.parseRow({ ...row, title: "Fire: PUMP DETAIL" }, 2, "UTC"));
    assert.deepEqual([call.type, call.isKnownType, call.said], ["other", false, "Fire: PUMP DETAIL"]);
    assert.equal(callOf(montgomery.parseRow({ ...row, title: "Traffic: VEHICLE ACCIDENT -" }, 2, "UTC")).said, "Traffic: VEHICLE ACCIDENT");
  });
  test("[RPL2] the same row is the same call, another row another", () => {
    const id = (more: object): string => callOf(montgomery.parseRow({ ...row, ...more }, 2, "UTC")).id;
    assert.equal(id({}), id({}));
    assert.notEqual(id({}), id({ timeStamp: "2015-12-10 17:40:01" }));
  });
  test("[RPL4] what cannot be read is told by field, value and what was expected", () => {
    for (const [field, value] of [["lat", "91"], ["lng", "west"], ["timeStamp", "yesterday"], ["title", "nothing"]] as const) {
      const read = montgomery.parseRow({ ...row, [field]: value }, 7, "UTC");
      assert.ok(read.kind === "fault");
      assert.deepEqual([read.fault.line, read.fault.field, read.fault.value], [7, field, value]);
    }
  });
});

describe("lancaster", () => {
  const row = {
    incident_num: "10000031", incident_date: "1/1/10 12:00 AM", call_type: "33C2      ", Unit_Dispatch_Times: "WAVE1=23:51:33, WAVE12=23:51:33, M5=23:05:17", Unit_Enroute_Times: "WAVE12=00:03:23", Unit_Arrive_Times: "WAVE12=00:06:23",
    Unit_Enroute_To_Hospital_Times: "NULL", Unit_Clear_Times: "M5=23:10:13, WAVE12=01:18:21", disposition_remarks: "   ",
  };
  test("[RPL3] each unit's milestones, over midnight; what the log does not tell is absent", () => {
    const call = callOf(lancaster.parseRow(row, 3, "America/New_York"));
    const wave12 = call.units.find((unit) => unit.callSign === "WAVE12")!;
    assert.deepEqual([wave12.kind, wave12.times["en-route"]! - wave12.times.sent!, wave12.times["on-scene"]! - wave12.times.sent!, wave12.times.cleared! - wave12.times.sent!], ["ambulance", 710_000, 890_000, 5_208_000]);
    assert.deepEqual(call.units.find((unit) => unit.callSign === "WAVE1")!.times, { sent: wave12.times.sent });
    assert.equal(call.at, call.units.find((unit) => unit.callSign === "M5")!.times.sent, "the earliest that is told");
    assert.deepEqual([call.type, call.doubts], ["medical", ["no-place"]]);
  });
  test("a unit that is listed twice: its last time counts, and that is told; a unit that nobody sent is told", () => {
    const twice = callOf(lancaster.parseRow({ ...row, Unit_Dispatch_Times: "SE12=15:53:36, SE12=15:58:26", Unit_Enroute_Times: "SE12=15:59:00, E7=15:59:30", Unit_Arrive_Times: "NULL", Unit_Clear_Times: "NULL" }, 3, "UTC"));
    assert.equal(twice.units[0]!.times["en-route"]! - twice.units[0]!.times.sent!, 34_000);
    assert.deepEqual(twice.doubts, ["told-twice", "never-sent", "no-place"]);
  });
  test("[RPL4] a row marked as a test is left out; a cell of another form is a fault", () => {
    assert.deepEqual(lancaster.parseRow({ ...row, disposition_remarks: "TEST   " }, 9, "UTC"), { kind: "left-out", line: 9, why: "marked as a test" });
    const read = lancaster.parseRow({ ...row, Unit_Arrive_Times: "WAVE12 at noon" }, 9, "UTC");
    assert.deepEqual(read.kind === "fault" && [read.fault.field, read.fault.value], ["Unit_Arrive_Times", "WAVE12 at noon"]);
  });
});

describe("a log told by a mapping", () => {
  test("the columns that it names, and nothing else; its types by name", () => {
    const format = mappedFormat(parseMapping({ at: "when", lat: "y", lon: "x", words: "text", type: "code", types: { F1: "fire-building" }, unit: { callSign: "car", kind: "patrol", times: { sent: "sent", "on-scene": "there" } } }));
    const call = callOf(format.parseRow({ when: "2026-01-01 10:00:00", y: "1.5", x: "2.5", text: "smoke", code: "F1", car: "P1", sent: "2026-01-01 10:00:30", there: "" }, 2, "UTC"));
    assert.deepEqual([call.type, call.words, call.place.point, call.units], ["fire-building", "smoke", { lon: 2.5, lat: 1.5 }, [{ callSign: "P1", kind: "patrol", times: { sent: Date.UTC(2026, 0, 1, 10, 0, 30) } }]]);
    const unknown = callOf(format.parseRow({ when: "2026-01-01 10:00:00", code: "__proto__", car: "" }, 2, "UTC"));
    assert.deepEqual([unknown.type, unknown.said, unknown.units, unknown.doubts], ["other", "__proto__", [], ["no-units", "no-place"]]);
  });
  test("[RPL2] an id that the log uses again is another call; the same row is the same call, with an id of its own or without", () => {
    const row = { when: "2026-01-01 10:00:00", text: "smoke", code: "F1", number: "17" };
    const idOf = (mapping: object, more: object = {}) => callOf(mappedFormat(parseMapping({ at: "when", words: "text", type: "code", ...mapping })).parseRow({ ...row, ...more }, 2, "UTC")).id;
    for (const mapping of [{ id: "number" }, {}]) {
      assert.equal(idOf(mapping), idOf(mapping));
      const ids = [idOf(mapping), idOf(mapping, { when: "2026-02-01 10:00:00" }), idOf(mapping, { text: "flames" }), idOf(mapping, { number: "18" })];
      assert.equal(new Set(ids).size, 4, "a log that counts its calls anew each month loses none");
    }
  });
  test("a mapping that is wrong is told before anything is read", () => {
    assert.throws(() => parseMapping({ lat: "y" }), /at/);
    assert.throws(() => parseMapping({ at: "t", colour: "red" }), /colour/);
  });
});

test("no row breaks a format: each is a call, a fault or left out, and ids and words stay short", () => {
  const mapped = mappedFormat(parseMapping({ id: "id", at: "timeStamp", lat: "lat", lon: "lng", words: "desc", type: "title" }));
  const cell = fc.oneof(fc.string(), fc.constantFrom("NULL", "WAVE12=06:51:33", "A=1:2:3,B", "2015-12-10 17:40:00", "40.1", "EMS: X", "1/1/10 12:00 AM", "10000031"), fc.string({ minLength: 3_000, maxLength: 4_000 }));
  for (const format of [montgomery, lancaster, mapped] as LogFormat[]) {
    fc.assert(fc.property(fc.record(Object.fromEntries([...format.columns, "disposition_remarks"].map((column) => [column, cell])), { requiredKeys: [] }), (row) => {
      const read = format.parseRow(row as Record<string, string>, 1, "America/New_York");
      if (read.kind === "call") assert.ok(read.call.id.length <= 50 && Number.isSafeInteger(read.call.at) && (read.call.words?.length ?? 0) <= 2_000 && read.call.place.words.length <= 200 && read.call.units.length <= 40);
      else if (read.kind === "fault") assert.ok(read.fault.value.length <= 80 && read.fault.expected.length > 0);
    }), { numRuns: 300 });
  }
});

test("a file: columns that are missing end it, a row that cannot be read does not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-replay-"));
  const listOf = async (path: string): Promise<ReplayRow[]> => {
    const rows: ReplayRow[] = [];
    for await (const row of readLog(path, montgomery)) rows.push(row);
    return rows;
  };
  const read = async (text: string): Promise<ReplayRow[]> => {
    writeFileSync(join(folder, "log.csv"), text);
    return listOf(join(folder, "log.csv"));
  };
  try {
    await assert.rejects(read("lat,lng\n1,2\n"), /missing: desc, title, timeStamp/);
    await assert.rejects(listOf(join(folder, "absent.csv")), /cannot be read \(ENOENT\)/);
    await assert.rejects(read("PK\u0003\u0004 is no archive"), /log\.csv/);
    const kinds = (await read("lat,lng,desc,title,timeStamp\n40.1,-75.2,here,EMS: FEVER,2015-12-10 17:40:00\n,,,,\n40.1,-75.2,there,EMS: FEVER,2015-12-10 17:41:00\n")).map((row) => row.kind);
    assert.deepEqual(kinds, ["call", "fault", "call"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
