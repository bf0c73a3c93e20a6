import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MOST_SENTENCE_CHARACTERS, checksumOf, createNmeaSession, parseNmea, wallTimeOf } from "./nmea.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sentence = (body: string): string => `$${body}*${checksumOf(body).toString(16).toUpperCase().padStart(2, "0")}`;
const RMC = "GPRMC,123519.50,A,3454.0000,S,05612.0000,W,022.4,084.4,230326,003.1,W";
const fixOf = (line: string) => {
  const parsed = parseNmea(line);
  assert.equal(parsed.kind, "fix", JSON.stringify(parsed));
  return (parsed as Extract<typeof parsed, { kind: "fix" }>).fix;
};
const reasonOf = (line: string): string => {
  const parsed = parseNmea(line);
  return parsed.kind === "invalid" ? `${parsed.reason}${parsed.field === "" ? "" : ` ${parsed.field}`}` : parsed.kind;
};

describe("NMEA 0183", () => {
  test("the checksum is the exclusive-or between $ and *; a well-known sentence has 47", () => {
    assert.equal(checksumOf("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,"), 0x47);
    assert.equal(reasonOf(sentence(RMC).replace("022.4", "022.5")), "wrong-checksum");
    assert.equal(reasonOf(`$${RMC}`), "no-checksum");
    assert.equal(reasonOf(`$${RMC}*`), "no-checksum");
  });

  test("RMC gives place, wall time, speed in m/s and course, whichever constellation speaks", () => {
    for (const talker of ["GP", "GN", "GL", "BD"]) {
      const fix = fixOf(sentence(RMC.replace("GP", talker)));
      assert.deepEqual({ ...fix, speedMps: null }, { lat: -34.9, lon: -56.2, time: { wallMs: Date.UTC(2026, 2, 23, 12, 35, 19, 500) }, speedMps: null, headingDeg: 84.4, valid: true });
      assert.ok(Math.abs(fix.speedMps! - 11.5235) < 0.001);
    }
    const still = fixOf(sentence("GNRMC,000000,A,0000.0001,N,17959.9999,E,,,010100,,,A"));
    assert.deepEqual([still.speedMps, still.headingDeg], [null, null]);
    assert.equal(fixOf(sentence("GPRMC,120000,V,,,,,,,230326,,")).valid, false);
  });

  test("GGA gives place and time of day; about midnight the day is the nearest", () => {
    const fix = fixOf(sentence("GPGGA,235959,3454.0000,S,05612.0000,W,1,08,0.9,20,M,,M,,"));
    assert.deepEqual(fix.time, { ofDayMs: 86_399_000 });
    const midnight = Date.UTC(2026, 2, 24);
    assert.equal(wallTimeOf(fix.time, midnight + 2_000), midnight - 1_000);
    assert.equal(wallTimeOf({ ofDayMs: 1_000 }, midnight - 2_000), midnight + 1_000);
    assert.equal(fixOf(sentence("GPGGA,120000,,,,,0,00,,,M,,M,,")).valid, false);
  });

  test("each wrong field is named", () => {
    const wrong: [string, string][] = [
      [RMC.replace("123519.50", "246060"), "time"], [RMC.replace("230326", "310226"), "date"], [RMC.replace("3454.0000", "3460.0000"), "latitude"], [RMC.replace("3454.0000", "9100.0000"), "latitude"],
      [RMC.replace("05612.0000,W", "05612.0000,X"), "longitude"], [RMC.replace("05612.0000", "5612.0000"), "longitude"], [RMC.replace(",A,", ",B,"), "status"], [RMC.replace("022.4", "-22.4"), "speed"], [RMC.replace("084.4", "400"), "course"],
    ];
    for (const [body, field] of wrong) assert.equal(reasonOf(sentence(body)), `wrong-field ${field}`, body);
    assert.equal(reasonOf(sentence("GPGGA,120000,3454.0000,S,05612.0000,W,9,08,0.9,20,M,,M,,")), "wrong-field quality");
    assert.equal(reasonOf(sentence("GPGSV,1,1,00")), "other");
    assert.equal(reasonOf("hello, world"), "not-nmea");
    assert.equal(reasonOf(`$${"x".repeat(MOST_SENTENCE_CHARACTERS)}`), "too-long");
  });

  test("a connection says which device it is, by a line of its own or by where it comes from", () => {
    const session = createNmeaSession("10.0.0.7");
    const devices = (text: string): string[] => session.feed(bytes(text), 0).fixes.map((fix) => fix.deviceId);
    assert.deepEqual(devices(`${sentence(RMC)}\r\n`), ["10.0.0.7"]);
    assert.deepEqual(devices(`${sentence("PGID,359586015829802")}\r\n${sentence(RMC)}\r\n`), ["359586015829802"]);
    assert.deepEqual(devices(`TRK-7\n${sentence(RMC)}\n`), ["TRK-7"]);
  });

  test("once RMC has come, GGA of the same receiver is passed over", () => {
    const gga = sentence("GPGGA,123519.50,3454.0000,S,05612.0000,W,1,08,0.9,20,M,,M,,");
    const session = createNmeaSession("peer");
    const count = (text: string): number => session.feed(bytes(text), Date.UTC(2026, 2, 23, 12, 35, 20)).fixes.length;
    assert.deepEqual([count(`${gga}\n`), count(`${sentence(RMC)}\n`), count(`${gga}\n`)], [1, 1, 0]);
  });

  test("however the bytes are cut, the same fixes and faults come out; an endless line costs no memory", () => {
    const stream = bytes(`TRK-7\r\n${sentence(RMC)}\r\n$GPRMC,bad*01\r\n${"y".repeat(1_000)}\r\n${sentence(RMC)}\r\n`);
    const whole = createNmeaSession("p").feed(stream, 0);
    assert.deepEqual([whole.fixes.length, whole.faults.map(({ reason }) => reason)], [2, ["wrong-checksum", "too-long"]]);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 }), (cuts) => {
      const session = createNmeaSession("p");
      const fixes: unknown[] = [];
      const faults: unknown[] = [];
      const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      for (let i = 1; i < at.length; i++) {
        const fed = session.feed(stream.subarray(at[i - 1], at[i]), 0);
        fixes.push(...fed.fixes);
        faults.push(...fed.faults);
      }
      assert.deepEqual({ fixes, faults }, whole);
    }), { numRuns: 200 });
  });

  test("whatever comes, nothing is thrown, and a fix is on the earth", () => {
    const mutated = fc.tuple(fc.integer({ min: 0, max: RMC.length - 1 }), fc.string({ minLength: 1, maxLength: 3 })).map(([at, put]) => sentence(RMC.slice(0, at) + put + RMC.slice(at + 1)));
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 300 }), mutated), (line) => {
      const parsed = parseNmea(line);
      if (parsed.kind !== "fix") return;
      assert.ok(Math.abs(parsed.fix.lat) <= 90 && Math.abs(parsed.fix.lon) <= 180 && Number.isFinite(wallTimeOf(parsed.fix.time, 0)));
    }), { numRuns: 3_000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => void createNmeaSession("p").feed(noise, 0)), { numRuns: 500 });
  });
});
