// Turn restrictions, over a node and along roads in between, are built into the graph as further states; here that is held against a search over whole drives, which needs no such trick.
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

/** Arcs that a drive must be remembered by: all but the last of the longest ban. */
const REMEMBERED = 3;

/** The least times at the end of each drive, by its last few arcs, relaxed until nothing changes. */
function naiveMs(graph: RoadGraph, banned: ReadonlySet<string>, from: RoadPosition, to: RoadPosition): number {
  const arcs = Array.from({ length: graph.edgeCount * 2 }, (_, a) => a).filter((a) => driven(graph, a));
  const mayFollow = (drive: readonly number[], next: number): boolean => headOf(graph, drive.at(-1)!) === tailOf(graph, next) && drive.every((_, i) => !banned.has([...drive.slice(i), next].join()));
  const best = new Map<string, { readonly drive: readonly number[]; readonly ms: number }>();
  const open: string[] = [];
  const reach = (drive: readonly number[], ms: number): void => {
    if (ms >= (best.get(drive.join())?.ms ?? Infinity)) return;
    best.set(drive.join(), { drive, ms });
    open.push(drive.join());
  };
  for (const a of arcs) if (a >> 1 === from.edge) reach([a], Math.round(wholeMs(graph, a) * (a % 2 === 0 ? 1 - from.share : from.share)));
  let least = Infinity;
  for (let key = open.shift(); key !== undefined; key = open.shift()) {
    const { drive, ms } = best.get(key)!;
    for (const next of arcs) {
      if (!mayFollow(drive, next)) continue;
      if (next >> 1 === to.edge) least = Math.min(least, ms + Math.round(wholeMs(graph, next) * (next % 2 === 0 ? to.share : 1 - to.share)));
      reach([...drive, next].slice(-REMEMBERED), ms + wholeMs(graph, next));
    }
  }
  if (from.edge === to.edge) {
    const bit = from.share <= to.share ? 1 : 2;
    if (from.share === to.share || graph.parts.edgeDirections[from.edge]! & bit) least = Math.min(least, Math.round(graph.edgeMs[to.edge]! * Math.abs(to.share - from.share)));
  }
  return least;
}

const cases = fc
  .record({
    roads: fc.array(fc.record({ a: fc.nat(7), b: fc.nat(7), kind: fc.constantFrom("both", "both", "forward"), speed: fc.integer({ min: 10, max: 90 }) }), { minLength: 2, maxLength: 16 }),
    bans: fc.array(fc.tuple(fc.integer({ min: 2, max: REMEMBERED + 1 }), fc.nat(10_000), fc.array(fc.nat(10), { minLength: REMEMBERED, maxLength: REMEMBERED })), { maxLength: 12 }),
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
    /** A drive of so many arcs from one on, where the roads lead so far. */
    const walk = (length: number, first: number, turns: readonly number[]): number[] => {
      const path = [arcs[first % arcs.length]!];
      for (const turn of turns.slice(0, length - 1)) {
        const out = arcs.filter((b) => tailOf(plain.value, b) === headOf(plain.value, path.at(-1)!));
        if (out.length > 0) path.push(out[turn % out.length]!);
      }
      return path;
    };
    const chosen = [...new Map(arcs.length === 0 ? [] : bans.map(([length, first, turns]) => walk(length, first, turns)).filter((path) => path.length > 1).map((path) => [path.join(), path])).values()];
    const ofLength = (test: (length: number) => boolean): number[][] => chosen.filter(({ length }) => test(length));
    const graph = createRoadGraph({ ...parts, bannedTurns: Uint32Array.from(ofLength((n) => n === 2).flat()), bannedPaths: Uint32Array.from(ofLength((n) => n > 2).flatMap((path) => [path.length, ...path])) });
    if (!graph.ok) throw new Error(graph.error.field);
    const made = createRoads(graph.value);
    if (!made.ok) throw new Error(made.error.field);
    return {
      graph: graph.value, roads: made.value, banned: new Set(chosen.map((path) => path.join())),
      positions: places.map(({ edge, share }): RoadPosition => ({ edge: edge % graph.value.edgeCount, share, point: { lon: 0, lat: 0 }, distanceM: 0 })),
    };
  });

it("with banned turns and paths, point to point and many to one are as a search over drives has them", () => {
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
