// `npm run bench -- roads`: the hierarchy of a city's roads beside a plain Dijkstra on the same graph, with equal answers asked for, before and after closures.
// The city is the largest extract at hand, or `--extract FILE`; without one, the demo city.
import { createRandom } from "../../src/base/random.ts";
import { profileOf, ANA, createWorld } from "../../src/dispatch/testing/world.ts";
import { createMetric } from "../../src/geo/hierarchy/metric.ts";
import { buildHierarchy, orderStates } from "../../src/geo/hierarchy/topology.ts";
import type { Point } from "../../src/geo/point.ts";
import { closeRoads } from "../../src/geo/roads.ts";
import { findRoute } from "../../src/geo/routing.ts";
import { plainDijkstra } from "../../src/geo/testing/plain-dijkstra.ts";
import { createPositionTable } from "../../src/workflow/positions.ts";
import { placeOn, roadTimesOf } from "../../src/workflow/ranking.ts";
import { recommendUnits } from "../../src/workflow/recommendation.ts";
import { withBenchCity } from "./bench-city.ts";
import { at, printReport, readNumberOption, tellProgress } from "./report.ts";

const ORIGINS = 100;
const TARGETS_EACH = 100;
const QUERIES = 20_000;
const UNITS = readNumberOption("units", 14_000);
const RECOMMENDATIONS = 200;
const CLOSURES = 300;

await withBenchCity((city) => {
  const { graph, roads } = city;
  const { search, metric } = roads;
  const random = createRandom(1);
  const state = (): number => random.integer(graph.stateCount);
  const place = (): Point => {
    const n = random.integer(graph.nodeCount);
    return { lon: graph.parts.nodeLonE7[n]! / 1e7, lat: graph.parts.nodeLatE7[n]! / 1e7 };
  };

  const started = performance.now();
  const order = orderStates(graph);
  const orderedAt = performance.now();
  const hierarchy = buildHierarchy(graph, order);
  if (!hierarchy.ok) throw new Error(hierarchy.error.field);
  const builtAt = performance.now();
  createMetric(graph, hierarchy.value, graph.edgeMs.slice());
  const laidAt = performance.now();
  const megabytes = bytesOf(hierarchy.value, metric, search) / 1e6;

  /** Every pair by both questions of the hierarchy; how many differ from the plain search. */
  const countMismatches = (plainMs: number[]): number => {
    let wrong = 0;
    const swept = new Int32Array(graph.stateCount);
    for (let o = 0; o < ORIGINS; o++) {
      const from = state();
      const at = performance.now();
      const expected = plainDijkstra(graph, metric.edgeMs, from);
      plainMs.push(performance.now() - at);
      search.sweepFrom(metric, [{ state: from, ms: 0 }], swept);
      for (let t = 0; t < TARGETS_EACH; t++) {
        const to = state();
        if (search.findMs(metric, [{ state: from, ms: 0 }], [{ state: to, ms: 0 }]) !== expected[to] || swept[to] !== expected[to]) wrong++;
      }
    }
    return wrong;
  };
  tellProgress(`${ORIGINS * TARGETS_EACH} pairs against a plain search`);
  const plainMs: number[] = [];
  let mismatches = countMismatches(plainMs);
  tellProgress(`${CLOSURES} closures`);
  const closeMs: number[] = [];
  const closed = new Set<number>();
  for (let i = 0; i < CLOSURES; i++) {
    closed.add(random.integer(graph.edgeCount));
    closeMs.push(timed(() => closeRoads(roads, closed)));
  }
  mismatches += countMismatches(plainMs);
  closeRoads(roads, new Set());

  tellProgress(`${QUERIES} questions point to point`);
  const queryUs = Array.from({ length: QUERIES }, () => {
    const [from, to] = [[{ state: state(), ms: 0 }], [{ state: state(), ms: 0 }]] as const;
    return timed(() => search.findMs(metric, from, to)) * 1_000;
  });
  const routeUs = Array.from({ length: 2_000 }, () => {
    const [from, to] = [place(), place()];
    return timed(() => findRoute(roads, from, to)) * 1_000;
  });

  tellProgress(`${RECOMMENDATIONS} recommendations of ${UNITS} units`);
  const world = createWorld((text) => text.slice(0, 16));
  world.ok(ANA, { type: "units.register", units: Array.from({ length: UNITS }, (_, i) => profileOf(`U${i}`, "patrol", place())) });
  const incident = world.incident(world.open());
  const positions = createPositionTable(() => null, placeOn(roads));
  // Between two recommendations a fifth of all units send a fix from somewhere else, as in one second of a busy day; it is put on its road as it comes, as in the centre.
  const move = (share: number): void => {
    const fixes = Array.from({ length: Math.round(UNITS * share) }, () => ({ unitId: 1 + random.integer(UNITS), ...place(), headingDeg: null, speedMps: null, at: world.now }));
    positions.report(fixes, world.now);
  };
  move(3);
  const times = roadTimesOf(roads);
  const fixUs: number[] = [];
  const recommendMs = Array.from({ length: RECOMMENDATIONS }, () => {
    fixUs.push((timed(() => move(0.2)) * 1_000) / (UNITS * 0.2));
    const point = place();
    return timed(() => recommendUnits(world.state, { ...incident, place: { ...incident.place, point } }, positions.columns(), times, world.now));
  });

  const us = (value: number): string => `${value.toFixed(0)} µs`;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const buildSeconds = (laidAt - started) / 1000;
  const figures = {
    nodes: graph.stateCount, arcs: hierarchy.value.upHead.length, buildSeconds, megabytes, queryP99Us: at(queryUs, 0.99), units14000P99Ms: at(recommendMs, 0.99), mismatches,
  };
  printReport("roads", [
    { what: "city", value: city.name },
    { what: "states, roads, arcs of the hierarchy", value: `${graph.stateCount}, ${graph.edgeCount}, ${hierarchy.value.upHead.length}` },
    { what: "build: order, arcs, times", value: `${((orderedAt - started) / 1000).toFixed(2)} + ${((builtAt - orderedAt) / 1000).toFixed(2)} + ${((laidAt - builtAt) / 1000).toFixed(3)} s` },
    { what: "memory of hierarchy, times and search", value: `${megabytes.toFixed(1)} MB` },
    { what: "point to point, the time: p50, p99", value: `${us(at(queryUs, 0.5))}, ${us(at(queryUs, 0.99))}`, goal: "p99 under 200 µs" },
    { what: "point to point, from place to place with the way: p50, p99", value: `${us(at(routeUs, 0.5))}, ${us(at(routeUs, 0.99))}` },
    { what: "plain Dijkstra from one state to all: p50, p99", value: `${ms(at(plainMs, 0.5))}, ${ms(at(plainMs, 0.99))}` },
    { what: `closing a road, one of ${CLOSURES}: p50, p99`, value: `${ms(at(closeMs, 0.5))}, ${ms(at(closeMs, 0.99))}` },
    { what: `recommendation over ${UNITS} units, a fifth of them moved: p50, p99`, value: `${ms(at(recommendMs, 0.5))}, ${ms(at(recommendMs, 0.99))}`, goal: "p99 under 20 ms" },
    { what: "a fix taken and put on its road: p50", value: `${at(fixUs, 0.5).toFixed(1)} µs` },
    { what: `answers that differ from Dijkstra's, of ${2 * ORIGINS * TARGETS_EACH}`, value: String(mismatches), goal: "0" },
  ], figures);
  if (mismatches > 0) process.exitCode = 1;
});

function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}
/** What typed arrays hold that are reached from these, each buffer once. */
function bytesOf(...roots: readonly object[]): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const root of roots) for (const value of Object.values(root)) if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
  let bytes = 0;
  for (const buffer of buffers) bytes += buffer.byteLength;
  return bytes + 2 * 2 * 4 * (roots[0] as { count: number }).count; // and the two walks of the search: ms and by, private to it
}
