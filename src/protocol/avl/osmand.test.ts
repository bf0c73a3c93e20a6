import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseOsmAnd } from "./osmand.ts";

const AT = Date.UTC(2026, 2, 23, 12, 35, 19);
const fixOf = (input: Record<string, unknown>) => {
  const parsed = parseOsmAnd(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.fix;
};
const faultsOf = (input: Record<string, unknown>): string[] => {
  const parsed = parseOsmAnd(input);
  return parsed.ok ? [] : parsed.faults.map(({ field, expected }) => `${field} ${expected}`);
};

describe("positions by HTTP as OsmAnd and the Traccar client send them", () => {
  test("parameters: every form of id, place and time", () => {
    const expected = { deviceId: "123456", lon: -56.2, lat: -34.9, at: AT, speedMps: null, headingDeg: null, valid: true };
    for (const id of [{ id: "123456" }, { deviceid: "123456" }]) {
      for (const place of [{ lat: "-34.9", lon: "-56.2" }, { location: "-34.9,-56.2" }, { lat: -34.9, lon: -56.2 }]) {
        for (const timestamp of [String(AT / 1_000), String(AT), "2026-03-23T12:35:19Z", "2026-03-23T09:35:19-0300", "2026-03-23 12:35:19", "2026-03-23T12:35:19.000+00:00"])
          assert.deepEqual(fixOf({ ...id, ...place, timestamp }), expected);
      }
    }
    assert.equal(fixOf({ id: "abc", lat: "1", lon: "2" }).at, null);
  });

  test("speed comes in knots, a heading as bearing or heading; -1 means that the phone does not know", () => {
    const fix = fixOf({ id: "abc", lat: "1", lon: "2", speed: "10", bearing: "360" });
    assert.ok(Math.abs(fix.speedMps! - 5.1444) < 0.001);
    assert.equal(fix.headingDeg, 0);
    assert.deepEqual([fixOf({ id: "abc", lat: "1", lon: "2", speed: "-1", heading: "-1" })].map(({ speedMps, headingDeg }) => [speedMps, headingDeg]), [[null, null]]);
    assert.equal(fixOf({ id: "abc", lat: "1", lon: "2", valid: "false" }).valid, false);
  });

  test("JSON of newer clients, with speed in m/s", () => {
    const fix = fixOf({ device_id: "45678", location: { timestamp: "2026-03-23T12:35:19.123Z", coords: { latitude: -34.9, longitude: -56.2, speed: 5, heading: 90, accuracy: 8 }, battery: { level: 0.5 } } });
    assert.deepEqual(fix, { deviceId: "45678", lon: -56.2, lat: -34.9, at: AT + 123, speedMps: 5, headingDeg: 90, valid: true });
  });

  test("every fault is told, each once", () => {
    assert.deepEqual(faultsOf({}), ["deviceid device-id", "lat latitude", "lon longitude"]);
    assert.deepEqual(faultsOf({ id: "a b", lat: "91", lon: "-181", timestamp: "yesterday", speed: "fast", bearing: "north" }), ["id device-id", "lat latitude", "lon longitude", "timestamp time", "speed number", "bearing number"]);
    assert.deepEqual(faultsOf({ id: "abc", location: "1" }), ["lon longitude"]);
    assert.deepEqual(faultsOf({ id: "abc", lat: "0x10", lon: "1e3" }), ["lat latitude", "lon longitude"]);
  });

  test("whatever comes, nothing is thrown, and a fix is on the earth", () => {
    const anyValue = fc.oneof(fc.string({ maxLength: 200 }), fc.double(), fc.constant(null), fc.array(fc.string()), fc.object({ maxDepth: 3 }));
    const input = fc.record({ id: anyValue, deviceid: anyValue, device_id: anyValue, lat: anyValue, lon: anyValue, location: anyValue, timestamp: anyValue, speed: anyValue, bearing: anyValue, valid: anyValue }, { requiredKeys: [] });
    fc.assert(fc.property(input, (fields) => {
      const parsed = parseOsmAnd(fields);
      if (parsed.ok) assert.ok(Math.abs(parsed.fix.lat) <= 90 && Math.abs(parsed.fix.lon) <= 180);
      else assert.ok(parsed.faults.length > 0 && parsed.faults.every(({ value }) => value.length <= 100));
    }), { numRuns: 3_000 });
  });
});
