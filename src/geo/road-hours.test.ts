// Times of the hour on a drawn city, beside a plain search with the same times.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ROAD_HOURS, SPEED_SHARES, roadHourOf } from "./road-hours.ts";
import { closeRoads, forkRoads, setRoadHour, splitMs } from "./roads.ts";
import { findRoute, roadTimesTo } from "./routing.ts";
import { cityFromAscii } from "./testing/city-from-ascii.ts";
import { plainDijkstra } from "./testing/plain-dijkstra.ts";

const drawing = `
  A----B----C
  |    |    |
  D----E->--F
  |    |    |
  G----H----I
`;

describe("road hours", () => {
  it("[RD5] of working days, of weekends and of nights", () => {
    assert.deepEqual([3, 6, 7, 8, 9, 16, 17, 18, 19, 22].map((hour) => roadHourOf(hour, 1)), ["night", "day", "peak", "peak", "day", "day", "peak", "peak", "day", "night"]);
    assert.deepEqual([0, 6].map((weekday) => roadHourOf(8, weekday)), ["day", "day"]);
    for (const shares of Object.values(SPEED_SHARES)) assert.ok(shares.night >= shares.day && shares.day === 1 && shares.peak <= 1);
  });
  it("[RD5] a main road takes a quarter longer in the peak, there and in every question, and as long as before by day", () => {
    const city = cityFromAscii(drawing, { roadClass: "primary" });
    const seconds = (): number[] => {
      const route = findRoute(city.roads, city.at("A"), city.at("I"));
      assert.ok(typeof route !== "string");
      return [route.seconds, roadTimesTo(city.roads, city.at("I"), [city.at("A")]).seconds[0]!];
    };
    const [byDay] = seconds();
    setRoadHour(city.roads, "peak");
    for (const s of seconds()) assert.ok(Math.abs(s / byDay! - 1.23) < 0.01, `${s} of ${byDay}`);
    setRoadHour(city.roads, "night");
    for (const s of seconds()) assert.ok(Math.abs(byDay! / s - 1.15) < 0.01);
    setRoadHour(city.roads, "day");
    assert.deepEqual(seconds(), [byDay, byDay]);
  });
  it("[RD5] hours and closures in any order lead to the times of a plain search, and of roads made anew", () => {
    const city = cityFromAscii(drawing, { roadClass: "primary" });
    const step = fc.oneof(fc.constantFrom(...ROAD_HOURS), fc.uniqueArray(fc.nat(city.graph.edgeCount - 1), { maxLength: 4 }));
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const roads = forkRoads(city.roads);
      const now: { hour: (typeof ROAD_HOURS)[number]; closed: readonly number[] } = { hour: "day", closed: [] };
      for (const one of steps) {
        if (typeof one === "string") setRoadHour(roads, (now.hour = one));
        else closeRoads(roads, new Set((now.closed = one)));
      }
      const fresh = forkRoads(city.roads);
      setRoadHour(fresh, now.hour);
      closeRoads(fresh, new Set(now.closed));
      assert.deepEqual(roads.metric.edgeMs, fresh.metric.edgeMs);
      for (let from = 0; from < city.graph.stateCount; from++) {
        const expected = plainDijkstra(city.graph, roads.metric.edgeMs, from);
        const swept = new Int32Array(city.graph.stateCount);
        roads.search.sweepFrom(roads.metric, [{ state: from, ms: 0 }], swept);
        assert.deepEqual([...swept], [...expected]);
      }
      assert.ok(splitMs(roads, roads.metric.edgeMs[0]!).drivingMs > 0);
    }), { numRuns: 100 });
  });
});
