// The hierarchy against a plain Dijkstra, on random networks with one-ways, parallel roads, islands and closures; and what its order promises.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRoadGraph, type RoadGraph } from "../road-graph.ts";
import { buildRoadGraph } from "../road-graph-builder.ts";
import { closeRoads, closedMs, createRoads, type Roads } from "../roads.ts";
import { plainDijkstra } from "../testing/plain-dijkstra.ts";
import { createMetric, NO_WAY } from "./metric.ts";
import { buildHierarchy, orderStates } from "./topology.ts";

const networks = fc
  .record({
    size: fc.integer({ min: 2, max: 40 }),
    roads: fc.array(fc.record({ a: fc.nat(39), b: fc.nat(39), kind: fc.constantFrom("both", "both", "forward", "backward"), speed: fc.integer({ min: 5, max: 120 }) }), { minLength: 1, maxLength: 90 }),
    bans: fc.array(fc.tuple(fc.nat(10_000), fc.nat(10_000)), { maxLength: 6 }),
  })
  .map(({ size, roads, bans }): RoadGraph => {
    const spot = (n: number): [number, number] => [-561_000_000 + ((n * 7919) % 97) * 1_000, -349_000_000 + ((n * 104_729) % 89) * 1_000];
    const parts = buildRoadGraph(roads.map(({ a, b, kind, speed }, id) => ({
      id, shapeE7: [...spot(a % size), -560_000_000 + id * 997, -348_000_000 + id * 31, ...spot(b % size)],
      road: { roadClass: "residential" as const, forward: kind !== "backward", backward: kind !== "forward", speedKmh: speed, name: null },
    })));
    const arcs = parts.edgeFrom.length * 2;
    const tail = (arc: number): number => (arc % 2 === 0 ? parts.edgeFrom : parts.edgeTo)[arc >> 1]!;
    const turns = bans.map(([a, b]) => [a % arcs, b % arcs] as const).filter(([a, b]) => tail(a ^ 1) === tail(b));
    const isDriven = (arc: number): boolean => (parts.edgeDirections[arc >> 1]! & (arc % 2 === 0 ? 1 : 2)) !== 0;
    /** From one arc on, two more where roads lead on. */
    const paths = bans.flatMap(([first, turn]) => {
      const path = [first % Math.max(1, arcs)];
      while (path.length < 3 && arcs > 0) {
        const out = Array.from({ length: arcs }, (_, arc) => arc).filter((arc) => isDriven(arc) && tail(arc) === tail(path.at(-1)! ^ 1));
        if (out.length === 0) return [];
        path.push(out[turn % out.length]!);
      }
      return path.length === 3 ? [3, ...path] : [];
    });
    const graph = createRoadGraph({ ...parts, bannedTurns: Uint32Array.from(turns.flat()), bannedPaths: Uint32Array.from(paths) });
    if (!graph.ok) throw new Error(graph.error.field);
    return graph.value;
  });

function roadsOf(graph: RoadGraph): Roads {
  const roads = createRoads(graph);
  if (!roads.ok) throw new Error(roads.error.field);
  return roads.value;
}

/** Every pair of states, by each of the three questions. */
function holdsAgainstDijkstra({ graph, search, metric }: Roads): void {
  const into = new Int32Array(graph.stateCount);
  const allTo: Int32Array[] = [];
  for (let to = 0; to < graph.stateCount; to++) {
    search.sweepTo(metric, [{ state: to, ms: 0 }], into);
    allTo.push(into.slice());
  }
  for (let from = 0; from < graph.stateCount; from++) {
    const expected = plainDijkstra(graph, metric.edgeMs, from);
    search.sweepFrom(metric, [{ state: from, ms: 0 }], into);
    assert.deepEqual(into, expected);
    for (let to = 0; to < graph.stateCount; to++) {
      assert.equal(allTo[to]![from], expected[to]);
      const way = search.findWay(metric, [{ state: from, ms: 0 }], [{ state: to, ms: 0 }]);
      assert.equal(way?.ms ?? NO_WAY, expected[to]);
      if (way === undefined) continue;
      let state = from;
      let ms = 0;
      for (const arc of way.arcs) {
        const next = follow(graph, state, arc);
        assert.ok(next !== undefined, "each arc begins where the one before ended, banned turns and paths included");
        state = next;
        ms += metric.edgeMs[arc >> 1]!;
      }
      assert.deepEqual([state, ms], [to, way.ms]);
    }
  }
}
function follow(graph: RoadGraph, state: number, arc: number): number | undefined {
  for (let i = graph.outFirst[state]!; i < graph.outFirst[state + 1]!; i++) if (graph.outArc[i] === arc) return graph.outState[i];
  return undefined;
}

describe("a hierarchy", () => {
  it("answers as a plain Dijkstra does, for every pair, and its ways take the time they say", () => {
    fc.assert(fc.property(networks, (graph) => holdsAgainstDijkstra(roadsOf(graph))), { numRuns: 60 });
  });
  it("of several origins and targets takes the best pair, with what is spent before and after", () => {
    const seeds = (n: number) => fc.array(fc.record({ state: fc.nat(n), ms: fc.nat(100_000) }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(networks, seeds(10_000), seeds(10_000), (graph, rawFrom, rawTo) => {
      const { search, metric } = roadsOf(graph);
      const [from, to] = [rawFrom, rawTo].map((all) => all.map(({ state, ms }) => ({ state: state % graph.stateCount, ms }))) as [typeof rawFrom, typeof rawTo];
      let best = NO_WAY;
      for (const a of from) {
        const there = plainDijkstra(graph, metric.edgeMs, a.state);
        for (const b of to) if (there[b.state]! < NO_WAY) best = Math.min(best, a.ms + there[b.state]! + b.ms);
      }
      const way = search.findWay(metric, from, to);
      assert.equal(way?.ms ?? NO_WAY, best);
      if (way !== undefined) assert.equal(from[way.from]!.ms + way.arcs.reduce((sum, arc) => sum + metric.edgeMs[arc >> 1]!, 0) + to[way.to]!.ms, best);
    }), { numRuns: 200 });
  });
  it("changed road by road is the one made anew with these times", () => {
    fc.assert(fc.property(networks, fc.array(fc.uniqueArray(fc.nat(10_000), { maxLength: 8 }), { minLength: 1, maxLength: 5 }), (graph, rounds) => {
      const roads = roadsOf(graph);
      for (const round of rounds) {
        closeRoads(roads, new Set(round.map((n) => n % graph.edgeCount)));
        const edgeMs = graph.edgeMs.slice();
        for (const n of new Set(round.map((one) => one % graph.edgeCount))) edgeMs[n] = graph.edgeMs[n]! + closedMs(roads);
        const anew = createMetric(graph, roads.hierarchy, edgeMs);
        assert.deepEqual([roads.metric.edgeMs, roads.metric.up.map(bounded), roads.metric.down.map(bounded)], [edgeMs, anew.up.map(bounded), anew.down.map(bounded)]);
      }
      holdsAgainstDijkstra(roads);
    }), { numRuns: 40 });
  });
  it("of a file's order that names a state twice, or too few, is refused with the place", () => {
    fc.assert(fc.property(networks, (graph) => {
      const order = orderStates(graph);
      assert.deepEqual(order.slice().sort(), Uint32Array.from({ length: graph.stateCount }, (_, i) => i), "each once");
      assert.ok(buildHierarchy(graph, order).ok);
      assert.equal(buildHierarchy(graph, order.subarray(1)).ok, false);
      const twice = order.slice();
      twice[order.length - 1] = twice[0]!;
      const refused = buildHierarchy(graph, twice);
      assert.ok(refused.ok === (order.length === 1));
      if (!refused.ok) assert.equal(refused.error.field, `stateOrder[${order.length - 1}]`);
    }), { numRuns: 50 });
  });
  it("of a grid has few arcs: its order cuts across, not along", () => {
    const side = 40;
    const spot = (x: number, y: number): [number, number] => [-561_000_000 + x * 10_000, -349_000_000 + y * 10_000];
    const road = { roadClass: "residential" as const, forward: true, backward: true, speedKmh: 50, name: null };
    const ways = Array.from({ length: side }, (_, i) => i).flatMap((i) => [
      { id: i, shapeE7: Array.from({ length: side }, (_, x) => spot(x, i)).flat(), road },
      { id: 1_000 + i, shapeE7: Array.from({ length: side }, (_, y) => spot(i, y)).flat(), road },
    ]);
    const graph = createRoadGraph(buildRoadGraph(ways));
    assert.ok(graph.ok);
    const hierarchy = buildHierarchy(graph.value, orderStates(graph.value));
    const inRows = buildHierarchy(graph.value, Uint32Array.from({ length: graph.value.stateCount }, (_, i) => i));
    assert.ok(hierarchy.ok && inRows.ok);
    const deepest = (parent: Int32Array): number => {
      const depth = new Uint32Array(parent.length);
      for (let r = parent.length - 1; r >= 0; r--) depth[r] = parent[r]! < 0 ? 1 : depth[parent[r]!]! + 1;
      return Math.max(...depth);
    };
    assert.ok(deepest(hierarchy.value.parent) < 5 * side, `${deepest(hierarchy.value.parent)} nodes to the root`);
    assert.ok(hierarchy.value.upHead.length < inRows.value.upHead.length / 2, `${hierarchy.value.upHead.length} arcs, in rows ${inRows.value.upHead.length}`);
  });
});

const bounded = (ms: number): number => Math.min(ms, NO_WAY);
