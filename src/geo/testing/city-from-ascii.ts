// A city drawn in the test, so that the reader sees what the assertion speaks of (after OSRM's features and Valhalla's gurka).
//
//     A--B->-C      letters A-Z are nodes; - | / \ two-way roads; > < ^ v make a road one-way in that direction;
//     |      |      digits are places on or beside the roads; # is a building (one square a character).
//     D 1 ## E
//
// One character is `metres` wide and high (10 m), and roads are driven at 36 km/h, so that one character is one second.
import { type Roads, createRoads } from "../roads.ts";
import { type Buildings, buildingPartsOf, createBuildings } from "../buildings.ts";
import { type Bounds, type Point, fromPlane } from "../point.ts";
import type { RoadAttributes, RoadClass } from "../road-class.ts";
import { type RoadGraph, createRoadGraph } from "../road-graph.ts";
import { type RoadWay, type TurnRestriction, buildRoadGraph } from "../road-graph-builder.ts";

export interface AsciiCity {
  readonly graph: RoadGraph;
  readonly roads: Roads;
  readonly buildings: Buildings;
  readonly bounds: Bounds;
  /** The point of a letter or digit; throws where the drawing has none. */
  readonly at: (name: string) => Point;
  /** The point at a column and row of the drawing, fractions allowed. */
  readonly atCell: (column: number, row: number) => Point;
}

export interface AsciiOptions {
  readonly metres?: number;
  readonly origin?: Point; // of the upper left character
  /** Street names by the nodes they pass, "A-B-C": "Rivera". */
  readonly streets?: Readonly<Record<string, string>>;
  /** Speeds by the nodes they pass, "A-B": 72. */
  readonly speedsKmh?: Readonly<Record<string, number>>;
  readonly roadClass?: RoadClass;
  readonly buildingHeightM?: number | null;
  /** Turns that are not allowed, "A-B-C": from A over B never to C; "only A-B-C": from A over B to C only. */
  readonly turns?: readonly string[];
}

const LINES = [
  { dx: 1, dy: 0, road: "-", ahead: ">", back: "<" },
  { dx: 0, dy: 1, road: "|", ahead: "v", back: "^" },
  { dx: 1, dy: 1, road: "\\", ahead: "", back: "" },
  { dx: -1, dy: 1, road: "/", ahead: "", back: "" },
] as const;

const isRoad = (c: string, line: (typeof LINES)[number]): boolean => c === line.road || /[0-9]/.test(c) || (c !== "" && (c === line.ahead || c === line.back));

export function cityFromAscii(drawing: string, options: AsciiOptions = {}): AsciiCity {
  const metres = options.metres ?? 10;
  const origin = options.origin ?? { lon: -56.19, lat: -34.9 };
  const rows = drawing.replace(/^\n/, "").replace(/\n\s*$/, "").split("\n");
  const indent = Math.min(...rows.filter((r) => r.trim() !== "").map((r) => r.length - r.trimStart().length));
  const cells = rows.map((r) => r.slice(indent));
  const cell = (x: number, y: number): string => cells[y]?.[x] ?? " ";
  const atCell = (x: number, y: number): Point => fromPlane(origin, { x: x * metres, y: -y * metres });

  const names = new Map<string, Point>();
  const houses: { ring: number[]; heightM: number | null }[] = [];
  const ways: RoadWay[] = [];
  const wayBetween = new Map<string, number>();
  for (let y = 0; y < cells.length; y++) {
    for (let x = 0; x < cells[y]!.length; x++) {
      const c = cell(x, y);
      if (/[A-Z0-9]/.test(c)) {
        if (names.has(c)) throw new Error(`${c} is drawn twice`);
        names.set(c, atCell(x, y));
      }
      if (c === "#") houses.push({ ring: [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]].flatMap(([dx, dy]) => lonLat(atCell(x + dx!, y + dy!))), heightM: options.buildingHeightM ?? null });
      if (!/[A-Z]/.test(c)) continue;
      for (const line of LINES) {
        let nx = x + line.dx;
        let ny = y + line.dy;
        let forward = true;
        let backward = true;
        let length = 0;
        for (; isRoad(cell(nx, ny), line); nx += line.dx, ny += line.dy) {
          if (cell(nx, ny) === line.ahead) backward = false;
          if (cell(nx, ny) === line.back) forward = false;
          length++;
        }
        const end = cell(nx, ny);
        if (length === 0 || !/[A-Z]/.test(end)) continue;
        const id = ways.length + 1;
        wayBetween.set(`${c}${end}`, id);
        wayBetween.set(`${end}${c}`, id);
        ways.push({ id, shapeE7: [...lonLat(atCell(x, y)), ...lonLat(atCell(nx, ny))].map((v) => Math.round(v * 1e7)), road: attributesOf(c + end, forward, backward, options) });
      }
    }
  }
  const at = (name: string): Point => {
    const p = names.get(name);
    if (p === undefined) throw new Error(`the drawing has no ${name}`);
    return p;
  };
  const wayOf = (a: string, b: string): number => {
    const id = wayBetween.get(a + b);
    if (id === undefined) throw new Error(`the drawing has no road ${a}${b}`);
    return id;
  };
  const restrictions = (options.turns ?? []).map((turn): TurnRestriction => {
    const [a, b, c, d] = turn.replace("only ", "").split("-") as [string, string, string, string | undefined];
    if (d !== undefined) return { kind: turn.startsWith("only ") ? "only" : "no", fromWay: wayOf(a, b), viaWays: [wayOf(b, c)], toWay: wayOf(c, d) };
    return { kind: turn.startsWith("only ") ? "only" : "no", fromWay: wayOf(a, b), toWay: wayOf(b, c), viaLonE7: Math.round(at(b).lon * 1e7), viaLatE7: Math.round(at(b).lat * 1e7) };
  });
  const graph = createRoadGraph(buildRoadGraph(ways, restrictions));
  if (!graph.ok) throw new Error(`${graph.error.field}: expected ${graph.error.expected}`);
  const buildings = createBuildings(buildingPartsOf(houses));
  if (!buildings.ok) throw new Error(`${buildings.error.field}: expected ${buildings.error.expected}`);
  const width = Math.max(...cells.map((r) => r.length));
  const low = atCell(-5, cells.length + 4);
  const high = atCell(width + 4, -5);
  const roads = createRoads(graph.value);
  if (!roads.ok) throw new Error(`${roads.error.field}: expected ${roads.error.expected}`);
  return { graph: graph.value, roads: roads.value, buildings: buildings.value, bounds: { west: low.lon, south: low.lat, east: high.lon, north: high.lat }, at, atCell };
}

const lonLat = (p: Point): number[] => [p.lon, p.lat];

function attributesOf(pair: string, forward: boolean, backward: boolean, options: AsciiOptions): RoadAttributes {
  const along = <T>(table: Readonly<Record<string, T>> | undefined): T | undefined =>
    Object.entries(table ?? {}).find(([nodes]) => nodes.replaceAll("-", "").includes(pair) || nodes.replaceAll("-", "").includes(pair[1]! + pair[0]!))?.[1];
  return { roadClass: options.roadClass ?? "residential", forward, backward, speedKmh: along(options.speedsKmh) ?? 36, name: along(options.streets) ?? null };
}
