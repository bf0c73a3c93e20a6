// Turn restrictions are built into the graph as twin nodes; here that is held against a search over arcs, which needs no such trick.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { type RoadGraph, createRoadGraph } from "./road-graph.ts";
import { buildRoadGraph } from "./road-graph-builder.ts";
import { createRoads } from "./roads.ts";
import { findRoute, roadTimesTo } from "./routing.ts";
import type { RoadPosition } from "./road-snap.ts";

const tailOf = (graph: RoadGraph, arc: number): number => (arc % 2 === 0 ? graph.parts.edgeFrom[arc >> 1]! : graph.parts.edgeTo[arc >> 1]!);
const headOf = (graph: RoadGraph, arc: number): number => tailOf(graph, arc ^ 1);
const driven = (graph: RoadGraph, arc: number): boolean => (graph.parts.edgeDirections[arc >> 1]! & (arc % 2 === 0 ? 1 : 2)) !== 0;
const wholeMs = (graph: RoadGraph, arc: number): number => graph.edgeMs[arc >> 1]!;

/** Times at the end of each arc, relaxed until nothing changes. */
function naiveMs(graph: RoadGraph, banned: ReadonlySet<string>, from: RoadPosition, to: RoadPosition): number {
  const arcs = Array.from({ length: graph.edgeCount * 2 }, (_, a) => a).filter((a) => driven(graph, a));
  const follows = (a: number, b: number): boolean => headOf(graph, a) === tailOf(graph, b) && !banned.has(`${a},${b}`);
  const ms = new Map<number, number>();
  for (const a of arcs) if (a >> 1 === from.edge) ms.set(a, Math.round(wholeMs(graph, a) * (a % 2 === 0 ? 1 - from.share : from.share)));
  for (let changed = true; changed; ) {
    changed = false;
    for (const a of arcs) {
      const base = ms.get(a);
      if (base === undefined) continue;
      for (const b of arcs) {
        if (!follows(a, b) || base + wholeMs(graph, b) >= (ms.get(b) ?? Infinity)) continue;
        ms.set(b, base + wholeMs(graph, b));
        changed = true;
      }
    }
  }
  let best = Infinity;
  for (const b of arcs) {
    if (b >> 1 !== to.edge) continue;
    const part = Math.round(wholeMs(graph, b) * (b % 2 === 0 ? to.share : 1 - to.share));
    for (const a of arcs) if (follows(a, b)) best = Math.min(best, (ms.get(a) ?? Infinity) + part);
  }
  if (from.edge === to.edge) {
    const bit = from.share <= to.share ? 1 : 2;
    if (from.share === to.share || graph.parts.edgeDirections[from.edge]! & bit) best = Math.min(best, Math.round(graph.edgeMs[to.edge]! * Math.abs(to.share - from.share)));
  }
  return best;
}

const cases = fc
  .record({
    roads: fc.array(fc.record({ a: fc.nat(7), b: fc.nat(7), kind: fc.constantFrom("both", "both", "forward"), speed: fc.integer({ min: 10, max: 90 }) }), { minLength: 2, maxLength: 16 }),
    bans: fc.array(fc.nat(10_000), { maxLength: 12 }),
    places: fc.array(fc.record({ edge: fc.nat(1_000), share: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 2, maxLength: 5 }),
  })
  .map(({ roads, bans, places }) => {
    const spot = (n: number): [number, number] => [-561_000_000 + ((n * 7919) % 97) * 1_000, -349_000_000 + ((n * 104_729) % 89) * 1_000];
    const parts = buildRoadGraph(roads.map(({ a, b, kind, speed }, id) => ({
      id, shapeE7: [...spot(a), -560_000_000 + id * 997, -348_000_000 + id * 31, ...spot(b)],
      road: { roadClass: "residential" as const, forward: true, backward: kind === "both", speedKmh: speed, name: null },
    })));
    const plain = createRoadGraph(parts);
    if (!plain.ok) throw new Error(plain.error.field);
    const arcs = Array.from({ length: plain.value.edgeCount * 2 }, (_, a) => a).filter((a) => driven(plain.value, a));
    const turns = arcs.flatMap((a) => arcs.filter((b) => headOf(plain.value, a) === tailOf(plain.value, b)).map((b) => [a, b] as const));
    const chosen = turns.length === 0 ? [] : [...new Map(bans.map((n) => turns[n % turns.length]!).map((t) => [t.join(","), t])).values()];
    const graph = createRoadGraph({ ...parts, bannedTurns: Uint32Array.from(chosen.flat()) });
    if (!graph.ok) throw new Error(graph.error.field);
    const made = createRoads(graph.value);
    if (!made.ok) throw new Error(made.error.field);
    return {
      graph: graph.value, roads: made.value, banned: new Set(chosen.map((t) => t.join(","))),
      positions: places.map(({ edge, share }): RoadPosition => ({ edge: edge % graph.value.edgeCount, share, point: { lon: 0, lat: 0 }, distanceM: 0 })),
    };
  });

it("with banned turns, point to point and many to one are as a search over arcs has them", () => {
  fc.assert(fc.property(cases, ({ graph, roads, banned, positions }) => {
    const [to, ...from] = positions as [RoadPosition, ...RoadPosition[]];
    const times = roadTimesTo(roads, to, from, { maxSeconds: 1e6 });
    from.forEach((at, i) => {
      const expected = naiveMs(graph, banned, at, to);
      assert.equal(Math.round(times.seconds[i]! * 1000), expected);
      const route = findRoute(roads, at, to);
      assert.equal(typeof route === "string" ? Infinity : Math.round(route.seconds * 1000), expected);
    });
  }), { numRuns: 300 });
});
