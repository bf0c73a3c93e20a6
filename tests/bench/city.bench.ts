// `npm run bench -- city`: what importing, loading and asking the demo city takes on this machine.
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../src/base/random.ts";
import { createCameraIndex } from "../../src/geo/camera-index.ts";
import { type Point, destination } from "../../src/geo/point.ts";
import { findRoute, roadTimesTo } from "../../src/geo/routing.ts";
import { importDemoCity } from "../../src/io/city/import-city.ts";
import { loadCity } from "../../src/io/city/city-folder.ts";
import { generateDemoCity } from "../../src/sim/demo-city/generate.ts";
import { camerasThatSee } from "../../src/workflow/cameras-that-see.ts";

const QUERIES = ["18 de julio 1360", "rivera y soca", "av italia 30", "bulevar artigas", "escuela", "riveira 2450", "e", "mar", "luis alberto de herrera y 26 de marzo", "hopsital macel", "Gran Vía 1, Madrid"];

/** Milliseconds of each run, sorted. */
function timesOf(runs: number, work: (i: number) => unknown): number[] {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    work(i);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}
function tell(what: string, times: readonly number[]): void {
  const at = (share: number): string => times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(2);
  console.log(`${what.padEnd(44)} n ${String(times.length).padStart(5)}   p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   p99 ${at(0.99)} ms   most ${times.at(-1)!.toFixed(2)} ms`);
}
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const dir = await mkdtemp(join(tmpdir(), "citywatch-bench-"));
try {
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}`);
  const start = performance.now();
  const manifest = await importDemoCity({ dir: join(dir, "city"), progress: () => undefined, now: Date.now() });
  console.log(`import: ${((performance.now() - start) / 1000).toFixed(1)} s, ${megabytes(process.memoryUsage().rss)} in use after it; ${JSON.stringify(manifest.counts)}`);
  const loads: number[] = [];
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    (await loadCity(join(dir, "city"))).close();
    loads.push(performance.now() - from);
  }
  tell("load", loads.sort((a, b) => a - b));
  const city = await loadCity(join(dir, "city"));
  const random = createRandom(1);
  const node = (): Point => {
    const n = random.integer(city.graph.nodeCount);
    return { lon: city.graph.parts.nodeLonE7[n]! / 1e7, lat: city.graph.parts.nodeLatE7[n]! / 1e7 };
  };
  const places = Array.from({ length: 600 }, node);
  tell("place search, 205,000 addresses", timesOf(1_100, (i) => city.gazetteer.search(QUERIES[i % QUERIES.length]!, { limit: 8 })));
  tell("road times of 90 units to one place", timesOf(100, (i) => roadTimesTo(city.roads, places[i]!, places.slice(100, 190))));
  tell("road times of 500 units to one place", timesOf(30, (i) => roadTimesTo(city.roads, places[i]!, places.slice(100))));
  tell("route, point to point", timesOf(200, (i) => findRoute(city.roads, places[i]!, places[i + 200]!)));
  tell("demo city of 2,000 cameras", timesOf(3, (i) => generateDemoCity(city, i)));

  const before = process.memoryUsage().rss;
  const index = createCameraIndex();
  const filled = performance.now();
  for (let id = 1; id <= 600_000; id++) {
    index.set({ id, point: destination(places[id % places.length]!, random.integer(360), random.next() * 400), mountHeightM: 6, bearingDeg: random.integer(360), tiltDeg: 10, horizontalFovDeg: 70, verticalFovDeg: 43, rangeM: 40 + random.integer(80), imageWidthPx: 2560, turns: false });
  }
  console.log(`600,000 cameras indexed in ${((performance.now() - filled) / 1000).toFixed(1)} s, ${megabytes(process.memoryUsage().rss - before)}`);
  const status = { find: () => ({ code: "C", name: "", state: "idle" as const, hasStream: true, records: true, recordedSince: null, nightView: "unknown" as const, fault: null }) };
  const noon = { elevationDeg: 60, azimuthDeg: 0 };
  tell("cameras that see a place, of 600,000", timesOf(200, (i) => camerasThatSee(index, city.buildings, status, places[i]!, noon, 6)));
  for (const uncertaintyM of [60, 1_000]) tell(`the same, the place known to ${uncertaintyM} m`, timesOf(400, (i) => camerasThatSee(index, city.buildings, status, places[i]!, noon, 6, uncertaintyM)));
  city.close();
} finally {
  await rm(dir, { recursive: true, force: true });
}
