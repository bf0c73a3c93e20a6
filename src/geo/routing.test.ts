// Routing on cities drawn in the test, and against a naive Dijkstra on random ones.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type RoadGraph, createRoadGraph, edgeName } from "./road-graph.ts";
import { type RoadWay, buildRoadGraph } from "./road-graph-builder.ts";
import { closeRoads, createRoads } from "./roads.ts";
import { findRoute, roadTimesTo } from "./routing.ts";
import { type RoadPosition, snapToRoad } from "./road-snap.ts";
import { cityFromAscii } from "./testing/city-from-ascii.ts";
import { distanceM } from "./point.ts";

const near = (actual: number, expected: number, tolerance: number): void => assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected} within ${tolerance}`);
const secondsBetween = (city: ReturnType<typeof cityFromAscii>, a: string, b: string): number | string => {
  const route = findRoute(city.roads, city.at(a), city.at(b));
  return typeof route === "string" ? route : Math.round(route.seconds);
};

describe("the nearest by road", () => {
  // 2 is 30 m away as the crow flies, over a river; 1 is 130 m away along the bank
  const river = cityFromAscii(
    `
    A---1--------B--T---C
    |
    |                2
    D----------------E--F
    `,
    {},
  );

  it("is not the nearest by air", () => {
    const times = roadTimesTo(river.roads, river.at("T"), [river.at("1"), river.at("2")]);
    assert.deepEqual([...times.verdicts], ["reached", "reached"]);
    near(times.seconds[0]!, 12, 0.2);
    assert.ok(times.seconds[1]! > 30);
    assert.ok(distanceM(river.at("2"), river.at("T")) < distanceM(river.at("1"), river.at("T")));
  });
  it("says metres and shows the way", () => {
    const times = roadTimesTo(river.roads, river.at("T"), [river.at("2")]);
    const { metres: said, path } = times.findWay(0)!;
    near(said, 360, 1);
    let metres = 0;
    for (let i = 1; i < path.length; i++) metres += distanceM(path[i - 1]!, path[i]!);
    near(metres, said, 0.5);
    near(distanceM(path.at(-1)!, river.at("T")), 0, 0.1);
  });
});

describe("one-way roads", () => {
  const block = cityFromAscii(`
    A-->--B
    |     |
    |     |
    C-----D
  `);
  it("are driven with the arrow", () => assert.equal(secondsBetween(block, "A", "B"), 6));
  it("are gone round against it", () => assert.equal(secondsBetween(block, "B", "A"), 12));
  it("let a unit that has just passed the place go round the block", () => {
    const city = cityFromAscii(`
      A->1->2->B
      |        |
      C--------D
    `);
    assert.equal(secondsBetween(city, "2", "1"), 9 + 4 + 9 - 3);
  });
});

describe("banned turns", () => {
  const drawing = `
    A---B---C
        |   |
        D---E
  `;
  it("without one the turn is taken", () => assert.equal(secondsBetween(cityFromAscii(drawing), "A", "D"), 6));
  it("no A-B-D sends the way round", () => assert.equal(secondsBetween(cityFromAscii(drawing, { turns: ["A-B-D"] }), "A", "D"), 4 + 4 + 2 + 4));
  it("only A-B-D closes straight on", () => assert.equal(secondsBetween(cityFromAscii(drawing, { turns: ["only A-B-D"] }), "A", "C"), 4 + 2 + 4 + 2));
  it("no A-B-D-E, over the road between, sends the way round, whoever begins on that road goes on, and who comes from elsewhere may turn", () => {
    const city = cityFromAscii(drawing, { turns: ["A-B-D-E"], speedsKmh: { "B-C": 9 } });
    const free = cityFromAscii(drawing, { speedsKmh: { "B-C": 9 } });
    assert.deepEqual([secondsBetween(free, "A", "E"), secondsBetween(city, "A", "E")], [4 + 2 + 4, 4 + 16 + 2]);
    assert.deepEqual([secondsBetween(city, "A", "D"), secondsBetween(city, "B", "E"), secondsBetween(city, "C", "D")], [secondsBetween(free, "A", "D"), secondsBetween(free, "B", "E"), secondsBetween(free, "C", "D")]);
    near(roadTimesTo(city.roads, city.at("E"), [city.at("A")]).seconds[0]!, 22, 0.1);
  });
  it("only A-B-D-E, over the road between, closes every other way on from there", () => {
    const more = `
    A---B---C
        |   |
    G---D---E
  `;
    assert.deepEqual([secondsBetween(cityFromAscii(more), "A", "G"), secondsBetween(cityFromAscii(more, { turns: ["only A-B-D-E"] }), "A", "G")], [4 + 2 + 4, 4 + 4 + 2 + 4 + 4]);
    assert.equal(secondsBetween(cityFromAscii(more, { turns: ["only A-B-D-E"] }), "A", "E"), 4 + 2 + 4);
  });
  it("holds for many-to-one too", () => {
    const city = cityFromAscii(drawing, { turns: ["A-B-D"] });
    near(roadTimesTo(city.roads, city.at("D"), [city.at("A"), city.at("C")]).seconds[0]!, 14, 0.1);
    near(roadTimesTo(city.roads, city.at("D"), [city.at("A"), city.at("C")]).seconds[1]!, 6, 0.1);
  });
});

describe("what cannot be reached is told", () => {
  const island = cityFromAscii(
    `
    A-----B                              X---Y


                                                                                                                          9
    `,
    { metres: 20 },
  );
  it("no way on the roads", () => assert.equal(secondsBetween(island, "X", "A"), "unreachable"));
  it("no road near", () => assert.equal(secondsBetween(island, "9", "A"), "off-road"));
  it("in a batch, without hurting the others", () => {
    const times = roadTimesTo(island.roads, island.at("A"), [island.at("X"), island.at("9"), island.at("B")]);
    assert.deepEqual([...times.verdicts], ["unreachable", "off-road", "reached"]);
    assert.deepEqual([...times.seconds].map((s) => Math.round(s)), [Infinity, Infinity, 12]);
  });
  it("too far for the bound is not the same as unreachable", () => {
    const times = roadTimesTo(island.roads, island.at("A"), [island.at("B"), island.at("X")], { maxSeconds: 5 });
    assert.deepEqual([...times.verdicts], ["beyond-bound", "unreachable"]);
  });
});

describe("snapping", () => {
  it("prefers the main network to a scrap of road that is a little nearer", () => {
    const city = cityFromAscii(`
      A----------B----------C
      |          |          |
      D----------E----------F

         1
         X-Y
    `);
    const at = snapToRoad(city.graph, city.at("1"))!;
    assert.equal(city.graph.edgeInMain[at.edge], 1);
  });
  it("stays on an island that is far from the main network", () => {
    const city = cityFromAscii(`
      A----------B
      |          |
      D----------E                 1
                                   X-Y
    `);
    const at = snapToRoad(city.graph, city.at("1"))!;
    assert.equal(city.graph.edgeInMain[at.edge], 0);
  });
  it("says how far along", () => {
    const city = cityFromAscii(
      `
      A---------B
        1
      `,
      { streets: { "A-B": "Rivera" } },
    );
    const at = snapToRoad(city.graph, city.at("1"))!;
    near(at.share, 0.2, 0.001);
    near(at.distanceM, 10, 0.05);
    assert.equal(edgeName(city.graph, at.edge), "Rivera");
  });
});

/** Bellman-Ford over positions: slow, and simple enough to be believed. Turn restrictions are not in it. */
function naiveMs(graph: RoadGraph, from: RoadPosition, to: RoadPosition): number {
  const { edgeFrom, edgeTo, edgeDirections } = graph.parts;
  const ms = new Float64Array(graph.nodeCount).fill(Infinity);
  const whole = (e: number): number => graph.edgeMs[e]!;
  if (edgeDirections[from.edge]! & 1) ms[edgeTo[from.edge]!] = Math.round(whole(from.edge) * (1 - from.share));
  if (edgeDirections[from.edge]! & 2) ms[edgeFrom[from.edge]!] = Math.min(ms[edgeFrom[from.edge]!]!, Math.round(whole(from.edge) * from.share));
  for (let changed = true; changed; ) {
    changed = false;
    for (let e = 0; e < graph.edgeCount; e++) {
      for (const [a, b, bit] of [[edgeFrom[e]!, edgeTo[e]!, 1], [edgeTo[e]!, edgeFrom[e]!, 2]] as const) {
        if (!(edgeDirections[e]! & bit) || ms[a]! + whole(e) >= ms[b]!) continue;
        ms[b] = ms[a]! + whole(e);
        changed = true;
      }
    }
  }
  let best = Infinity;
  if (edgeDirections[to.edge]! & 1) best = Math.min(best, ms[edgeFrom[to.edge]!]! + Math.round(whole(to.edge) * to.share));
  if (edgeDirections[to.edge]! & 2) best = Math.min(best, ms[edgeTo[to.edge]!]! + Math.round(whole(to.edge) * (1 - to.share)));
  if (from.edge === to.edge) {
    const bit = from.share <= to.share ? 1 : 2;
    if (from.share === to.share || edgeDirections[from.edge]! & bit) best = Math.min(best, Math.round(whole(to.edge) * Math.abs(to.share - from.share)));
  }
  return best;
}

const randomGraph = fc
  .record({
    size: fc.integer({ min: 2, max: 14 }),
    roads: fc.array(fc.record({ a: fc.nat(13), b: fc.nat(13), kind: fc.constantFrom("both", "forward", "backward"), speed: fc.integer({ min: 5, max: 120 }), bend: fc.integer({ min: -3_000, max: 3_000 }) }), { minLength: 1, maxLength: 40 }),
    places: fc.array(fc.record({ edge: fc.nat(1_000), share: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 2, maxLength: 8 }),
  })
  .map(({ size, roads, places }) => {
    const spot = (n: number): [number, number] => [-561_000_000 + ((n * 7919) % 997) * 100, -349_000_000 + ((n * 104_729) % 991) * 100];
    const ways = roads.map(({ a, b, kind, speed, bend }, id): RoadWay => {
      const [ax, ay] = spot(a % size);
      const [bx, by] = spot(b % size);
      return {
        id, shapeE7: [ax, ay, Math.round((ax + bx) / 2) + bend * 2 + 1 + id * 8_000, Math.round((ay + by) / 2) + 500_000 + id * 1_000, bx, by],
        road: { roadClass: "residential", forward: kind !== "backward", backward: kind !== "forward", speedKmh: speed, name: null },
      };
    });
    const graph = createRoadGraph(buildRoadGraph(ways));
    if (!graph.ok) throw new Error(graph.error.field);
    const positions = places.map(({ edge, share }): RoadPosition => ({ edge: edge % graph.value.edgeCount, share, point: { lon: 0, lat: 0 }, distanceM: 0 }));
    const made = createRoads(graph.value);
    if (!made.ok) throw new Error(made.error.field);
    return { graph: graph.value, roads: made.value, positions };
  });

/** The same again and again: so many are not walked to one by one. */
const manyOf = <P>(places: readonly P[]): P[] => Array.from({ length: 12 }, (_, i) => places[i % places.length]!);

describe("against a naive search", () => {
  it("point to point is the same, both ways of the search", () => {
    fc.assert(fc.property(randomGraph, ({ graph, roads, positions }) => {
      const [from, to] = positions as [RoadPosition, RoadPosition];
      const route = findRoute(roads, from, to);
      const expected = naiveMs(graph, from, to);
      assert.equal(typeof route === "string" ? Infinity : Math.round(route.seconds * 1000), expected);
    }), { numRuns: 300 });
  });
  it("many to one is the same for each source, few or many", () => {
    fc.assert(fc.property(randomGraph, fc.boolean(), ({ graph, roads, positions }, isMany) => {
      const [to, ...some] = positions as [RoadPosition, ...RoadPosition[]];
      const from = isMany ? manyOf(some) : some;
      const times = roadTimesTo(roads, to, from, { maxSeconds: 1e6 });
      from.forEach((at, i) => {
        const expected = naiveMs(graph, at, to);
        assert.equal(Math.round(times.seconds[i]! * 1000), expected);
        assert.equal(times.verdicts[i], expected === Infinity ? "unreachable" : "reached");
      });
    }), { numRuns: 300 });
  });
  it("few are answered as many are, whatever is closed", () => {
    fc.assert(fc.property(randomGraph, fc.array(fc.nat(1_000), { maxLength: 6 }), ({ graph, roads, positions }, closed) => {
      const [to, ...few] = positions as [RoadPosition, ...RoadPosition[]];
      closeRoads(roads, new Set(closed.map((edge) => edge % graph.edgeCount)));
      const [one, other] = [roadTimesTo(roads, to, few), roadTimesTo(roads, to, manyOf(few))];
      few.forEach((_, i) => {
        assert.deepEqual([one.seconds[i], one.closedPieces[i], one.verdicts[i]], [other.seconds[i], other.closedPieces[i], other.verdicts[i]]);
      });
    }), { numRuns: 300 });
  });
  it("the way shown takes the time said", () => {
    fc.assert(fc.property(randomGraph, fc.boolean(), ({ roads, positions }, isMany) => {
      const [to, ...some] = positions as [RoadPosition, ...RoadPosition[]];
      const from = isMany ? manyOf(some) : some;
      const times = roadTimesTo(roads, to, from, { maxSeconds: 1e6 });
      from.forEach((_, i) => {
        const way = times.findWay(i);
        if (times.verdicts[i] !== "reached" || way === null) return assert.deepEqual([way, times.verdicts[i]], [null, "unreachable"]);
        const { path } = way;
        assert.equal(way.seconds, times.seconds[i]);
        let metres = 0;
        for (let k = 1; k < path.length; k++) metres += distanceM(path[k - 1]!, path[k]!);
        near(metres, way.metres, 0.5 + way.metres * 1e-4);
      });
    }), { numRuns: 100 });
  });
});

describe("places kept by their number", () => {
  it("give the same times as places found anew, where they stayed and where they moved", () => {
    const city = cityFromAscii(`
      A----------B----------C
      |          |          |
      D----------E----------F
    `);
    const a = city.at("A");
    const f = city.at("F");
    const count = 3_000;
    const keys = Int32Array.from({ length: count }, (_, i) => i);
    const lon = Float64Array.from(keys, (i) => a.lon + ((f.lon - a.lon) * (i % 100)) / 100);
    const lat = Float64Array.from(keys, (i) => a.lat + ((f.lat - a.lat) * Math.floor(i / 100)) / 30);
    const first = roadTimesTo(city.roads, city.at("B"), { count, keys, lon, lat });
    assert.deepEqual(roadTimesTo(city.roads, city.at("B"), { count, keys, lon, lat }).seconds, first.seconds);
    lon.reverse();
    const moved = roadTimesTo(city.roads, city.at("B"), { count, keys, lon, lat });
    for (let i = 0; i < count; i += 97) {
      const at = snapToRoad(city.graph, { lon: lon[i]!, lat: lat[i]! })!;
      assert.equal(moved.seconds[i], roadTimesTo(city.roads, city.at("B"), [at]).seconds[0]);
    }
    assert.deepEqual(roadTimesTo(city.roads, city.at("B"), [{ lon: 0, lat: 0 }]).verdicts, ["off-road"]);
    assert.deepEqual(roadTimesTo(city.roads, city.at("B"), { count: 1, keys, lon: new Float64Array(1), lat: new Float64Array(1) }).verdicts, ["off-road"]);
  });
  it("a way that is asked for after another question or a closure is the way of now", () => {
    const city = cityFromAscii(`
      A----------B----------C
      |          |          |
      D----------E----------F
    `);
    const both = [[city.at("A")], manyOf([city.at("A")])].map((from) => roadTimesTo(city.roads, city.at("C"), from));
    for (const times of both) near(times.findWay(0)!.metres, 220, 1);
    roadTimesTo(city.roads, city.at("D"), manyOf([city.at("F")]));
    for (const times of both) near(times.findWay(0)!.metres, 220, 1);
    closeRoads(city.roads, new Set([snapToRoad(city.graph, { lon: (city.at("A").lon + city.at("B").lon) / 2, lat: city.at("A").lat })!.edge]));
    for (const times of both) near(times.findMetres(0)!, 260, 1);
  });
});
