// `npm run bench -- cameras-that-see`: which of 600,000 cameras see a place, asked for places all over a city with its buildings. The cameras stand beside the roads of the largest extract at hand (or
// `--extract FILE`; without one, of the demo city), with lenses, heights and ranges as real ones; a tenth can turn. An extract of roads alone has hardly a house: the bench builds some beside the roads, so that lines of
// sight meet walls.
import { createRandom } from "../../src/base/random.ts";
import { buildingPartsOf, createBuildings } from "../../src/geo/buildings.ts";
import { type IndexedCamera, createCameraIndex } from "../../src/geo/camera-index.ts";
import { type Point, destination, distanceOf } from "../../src/geo/point.ts";
import type { Sun } from "../../src/geo/sun.ts";
import { type NightView, type SeeingState, camerasThatSee } from "../../src/workflow/cameras-that-see.ts";
import { withBenchCity } from "./bench-city.ts";
import { type BenchFigure, at, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

const CAMERAS = readNumberOption("cameras", 600_000);
const QUERIES = 2_000;
const HOUSES = 250_000;
const NIGHT_VIEWS: readonly NightView[] = ["infrared", "unknown", "low-light", "infrared", "none"];
const NIGHT: Sun = { elevationDeg: -20, azimuthDeg: 0 };
const STATES: readonly SeeingState[] = ["connected", "connected", "connected", "idle", "failing"];

await withBenchCity((city) => {
  const { nodeLonE7, nodeLatE7 } = city.graph.parts;
  const random = createRandom(1);
  const beside = (metres: number): Point => {
    const n = random.integer(city.graph.nodeCount);
    return destination({ lon: nodeLonE7[n]! / 1e7, lat: nodeLatE7[n]! / 1e7 }, random.next() * 360, random.next() * metres);
  };

  const houses = createBuildings(buildingPartsOf(Array.from({ length: HOUSES }, () => houseAt(beside(45)))));
  if (!houses.ok) throw new Error(houses.error.field);
  const buildings = houses.value;

  tellProgress(`placing ${CAMERAS} cameras`);
  const index = createCameraIndex();
  const placedFrom = performance.now();
  for (let id = 1; id <= CAMERAS; id++) index.set(cameraAt(id, beside(60)));
  const placedMs = performance.now() - placedFrom;
  const status = { find: (id: number) => ({ code: `C${id}`, name: `Camera ${id}`, state: STATES[id % STATES.length]!, hasStream: id % 4 !== 0, records: true, recordedSince: null, nightView: NIGHT_VIEWS[id % 7 % NIGHT_VIEWS.length]!, fault: null }) };

  tellProgress(`${QUERIES} places`);
  let asked = 0;
  const ask = (uncertaintyM: number): { ms: number; seeing: number; examined: number } => {
    const place = beside(15);
    // a low sun, of which each camera that sees the place must be asked whether it looks into it; every other time it is night
    const sun = asked++ % 2 === 0 ? { elevationDeg: 8, azimuthDeg: (asked * 37) % 360 } : NIGHT;
    const from = performance.now();
    const answer = camerasThatSee(index, buildings, status, place, sun, 6, uncertaintyM);
    return { ms: performance.now() - from, seeing: answer.cameras.length, examined: answer.examined };
  };
  for (let i = 0; i < 100; i++) ask(0);
  const spots = Array.from({ length: QUERIES }, () => ask(0));
  const wide = Array.from({ length: QUERIES }, () => ask(120));
  const { west, south, east, north } = city.bounds;
  const km2 = (distanceOf(west, south, east, south) * distanceOf(west, south, west, north)) / 1e6;
  const p99Ms = at(spots.map(({ ms }) => ms), 0.99);
  const told = (asked: typeof spots): string => `${at(asked.map(({ ms }) => ms), 0.5).toFixed(2)} ms, ${at(asked.map(({ ms }) => ms), 0.99).toFixed(2)} ms`;
  const figures: BenchFigure[] = [
    { what: "city", value: `${city.name}, ${km2.toFixed(0)} km², ${HOUSES} houses` },
    { what: "cameras, for each km²", value: `${CAMERAS}, ${(CAMERAS / km2).toFixed(0)}` },
    { what: "putting all of them in", value: `${(placedMs / 1_000).toFixed(2)} s` },
    { what: "cameras looked at for a place: p50, p99", value: `${at(spots.map(({ examined }) => examined), 0.5)}, ${at(spots.map(({ examined }) => examined), 0.99)}` },
    { what: "places that six cameras see", value: `${((100 * spots.filter(({ seeing }) => seeing >= 6).length) / QUERIES).toFixed(0)} %` },
    { what: "a spot: p50, p99", value: told(spots), goal: "p99 under 10 ms" },
    { what: "a place known to 120 m: p50, p99", value: told(wide) },
  ];
  writeDispatchFigures("cameras-that-see", figures);
  printReport("cameras-that-see", figures, { cameras: CAMERAS, p99Ms, uncertainP99Ms: at(wide.map(({ ms }) => ms), 0.99) });

  /** Some twelve by ten metres, four to thirty high. */
  function houseAt(middle: Point): { ring: number[]; heightM: number } {
    const turn = random.next() * 360;
    const ring = [50, 130, 230, 310].flatMap((bearing) => {
      const { lon, lat } = destination(middle, turn + bearing, 7 + random.next() * 2);
      return [lon, lat];
    });
    return { ring, heightM: 4 + random.next() * 26 };
  }
  function cameraAt(id: number, point: Point): IndexedCamera {
    const turns = id % 10 === 0;
    const [horizontalFovDeg, verticalFovDeg] = random.pick([[35, 20], [60, 34], [80, 45], [100, 56]] as const);
    return {
      id, point, mountHeightM: 3 + random.next() * 7, bearingDeg: random.next() * 360, tiltDeg: 5 + random.next() * 20, horizontalFovDeg, verticalFovDeg,
      rangeM: random.pick([40, 60, 80, 120, 200]), imageWidthPx: random.pick([1_280, 1_920, 2_560, 3_840]), turns,
    };
  }
});
