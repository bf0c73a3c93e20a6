// `npm run bench -- roads [--write]`: the hierarchy of a city's roads beside a plain Dijkstra on the same graph, with equal answers asked for: as the roads are, after closures, and by the speeds of another hour.
// The city is the largest extract at hand, or `--extract FILE`; the answers are compared on the demo city, too. What a recommendation and a proposal of cover cost is measured on the same roads.
import { createRandom } from "../../src/base/random.ts";
import type { Want } from "../../src/dispatch/entities.ts";
import { profileOf, ANA, createWorld } from "../../src/dispatch/testing/world.ts";
import { createMetric } from "../../src/geo/hierarchy/metric.ts";
import { buildHierarchy, orderStates } from "../../src/geo/hierarchy/topology.ts";
import type { Point } from "../../src/geo/point.ts";
import type { LoadedCity } from "../../src/io/city/city-folder.ts";
import type { RoadHour } from "../../src/geo/road-hours.ts";
import { closeRoads, setRoadHour } from "../../src/geo/roads.ts";
import { findRoute } from "../../src/geo/routing.ts";
import { plainDijkstra } from "../../src/geo/testing/plain-dijkstra.ts";
import { proposeCover } from "../../src/workflow/cover-moves.ts";
import { createPositionTable } from "../../src/workflow/positions.ts";
import { placeOn, roadTimesOf } from "../../src/workflow/ranking.ts";
import { recommendUnits } from "../../src/workflow/recommendation.ts";
import { findExtract, withBenchCity } from "./bench-city.ts";
import { type BenchFigure, at, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

const ORIGINS = 100;
const TARGETS_EACH = 100;
const QUERIES = 20_000;
const UNITS = readNumberOption("units", 14_000);
const RECOMMENDATIONS = 200;
const CLOSURES = 300;
const PLATFORMS = 500;
const SKILLS = ["first-aid", "boat", "rope", "dog", "negotiation", "drone"];

type Random = ReturnType<typeof createRandom>;

/** What was compared with the plain search; `wrong` pairs had another answer by one of the two questions of the hierarchy. */
interface Compared {
  pairs: number;
  wrong: number;
  readonly plainMs: number[];
  readonly closeMs: number[];
}

/** 10,000 pairs each: as the roads are, with closures, with these in the peak and by night, and as they are again. */
function compare({ name, graph, roads }: LoadedCity, random: Random): Compared {
  const compared: Compared = { pairs: 0, wrong: 0, plainMs: [], closeMs: [] };
  const swept = new Int32Array(graph.stateCount);
  const countPairs = (what: string): void => {
    tellProgress(`${name}, ${what}: ${ORIGINS * TARGETS_EACH} pairs against a plain search`);
    const { search, metric } = roads;
    for (let o = 0; o < ORIGINS; o++) {
      const from = random.integer(graph.stateCount);
      const since = performance.now();
      const expected = plainDijkstra(graph, metric.edgeMs, from);
      compared.plainMs.push(performance.now() - since);
      search.sweepFrom(metric, [{ state: from, ms: 0 }], swept);
      for (let t = 0; t < TARGETS_EACH; t++) {
        const to = random.integer(graph.stateCount);
        compared.pairs++;
        if (search.findMs(metric, [{ state: from, ms: 0 }], [{ state: to, ms: 0 }]) !== expected[to] || swept[to] !== expected[to]) compared.wrong++;
      }
    }
  };
  countPairs("as it is");
  const closed = new Set<number>();
  for (let i = 0; i < CLOSURES; i++) {
    closed.add(random.integer(graph.edgeCount));
    compared.closeMs.push(timed(() => closeRoads(roads, closed)));
  }
  countPairs(`${CLOSURES} closures`);
  for (const hour of ["peak", "night"] satisfies RoadHour[]) {
    setRoadHour(roads, hour);
    countPairs(`${CLOSURES} closures, ${hour}`);
  }
  setRoadHour(roads, "day");
  closeRoads(roads, new Set());
  return compared;
}

const extract = findExtract();
const inDemoCity: Compared[] = [];
if (extract !== null) await withBenchCity((city) => void inDemoCity.push(compare(city, createRandom(2))), null);

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

  const { plainMs, closeMs, ...compared } = compare(city, random);
  const all = [compared, ...inDemoCity];
  const mismatches = all.reduce((sum, { wrong }) => sum + wrong, 0);

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
  world.ok(ANA, { type: "units.register", units: Array.from({ length: UNITS }, (_, i) => ({ ...profileOf(`U${i}`, "patrol", place()), skills: SKILLS.filter((_skill, n) => (i >> n) % 2 === 0) })) });
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
  const recommend = (needs: readonly Want[]): number[] => Array.from({ length: RECOMMENDATIONS }, () => {
    fixUs.push((timed(() => move(0.2)) * 1_000) / (UNITS * 0.2));
    const point = place();
    return timed(() => recommendUnits(world.state, { ...incident, needs: [...needs], place: { ...incident.place, point } }, positions.columns(), times, world.now));
  });
  const recommendMs = recommend(incident.needs);
  // The dearest: every unit is compared with skills that most have, and one that nobody has leaves a place open to all.
  const skilledMs = recommend([{ kinds: ["patrol"], count: 2, skills: SKILLS.slice(0, 2) }, { kinds: ["patrol"], count: 1, skills: [SKILLS[2]!, "nobody's"] }]);

  // As in the centre with every console at another incident and another choice: nothing of one proposal is of use to the next.
  const patrols = Array.from(world.state.units.values());
  const posts = Array.from({ length: PLATFORMS }, (_, i) => ({ platformId: i + 1, label: `P${i}`, point: patrols[Math.floor((i * patrols.length) / PLATFORMS)]!.home }));
  const coverMs = Array.from({ length: RECOMMENDATIONS }, () => {
    const unitIds = [random.pick(patrols).id];
    return timed(() => proposeCover(world.state, incident, { posts, unitIds, fixes: positions.columns(), roadTimes: times, now: world.now }));
  });

  const us = (value: number): string => `${value.toFixed(0)} µs`;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const buildSeconds = (laidAt - started) / 1000;
  const json = {
    nodes: graph.stateCount, arcs: hierarchy.value.upHead.length, buildSeconds, megabytes, queryP99Us: at(queryUs, 0.99), units14000P99Ms: at(recommendMs, 0.99), units14000SkilledP99Ms: at(skilledMs, 0.99), mismatches,
  };
  const figures: BenchFigure[] = [
    { what: "city", value: city.name },
    { what: "states, roads, arcs of the hierarchy", value: `${graph.stateCount}, ${graph.edgeCount}, ${hierarchy.value.upHead.length}` },
    { what: "build: order, arcs, times", value: `${((orderedAt - started) / 1000).toFixed(2)} + ${((builtAt - orderedAt) / 1000).toFixed(2)} + ${((laidAt - builtAt) / 1000).toFixed(3)} s` },
    { what: "memory of hierarchy, times and search", value: `${megabytes.toFixed(1)} MB` },
    { what: "point to point, the time: p50, p99", value: `${us(at(queryUs, 0.5))}, ${us(at(queryUs, 0.99))}`, goal: "p99 under 200 µs" },
    { what: "point to point, from place to place with the way: p50, p99", value: `${us(at(routeUs, 0.5))}, ${us(at(routeUs, 0.99))}` },
    { what: "plain Dijkstra from one state to all: p50, p99", value: `${ms(at(plainMs, 0.5))}, ${ms(at(plainMs, 0.99))}` },
    { what: `closing a road, one of ${CLOSURES}: p50, p99`, value: `${ms(at(closeMs, 0.5))}, ${ms(at(closeMs, 0.99))}` },
    { what: `recommendation over ${UNITS} units, a fifth of them moved: p50, p99`, value: `${ms(at(recommendMs, 0.5))}, ${ms(at(recommendMs, 0.99))}`, goal: "p99 under 20 ms" },
    { what: `the same where units have up to ${SKILLS.length} skills and four are asked for, one of which nobody has: p50, p99`, value: `${ms(at(skilledMs, 0.5))}, ${ms(at(skilledMs, 0.99))}`, goal: "p99 under 20 ms" },
    { what: `proposal of cover, ${PLATFORMS} platforms, ${UNITS} units: p50, p99`, value: `${ms(at(coverMs, 0.5))}, ${ms(at(coverMs, 0.99))}` },
    { what: "a fix taken and put on its road: p50", value: `${at(fixUs, 0.5).toFixed(1)} µs` },
    ...[{ name: city.name, ...compared }, ...inDemoCity.map((one) => ({ name: "the demo city", ...one }))].map(({ name, pairs, wrong }) => ({ what: `${name}: answers that differ from Dijkstra's, of ${pairs} pairs (as it is, ${CLOSURES} closures, these in the peak and by night)`, value: String(wrong), goal: "0" })),
  ];
  writeDispatchFigures("roads", figures);
  printReport("roads", figures, json);
  if (mismatches > 0) process.exitCode = 1;
}, extract);

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
