// Where on the roads a point is: the nearest edge and how far along it. A fix beside a cut-off scrap of road (a car park that the map does not join) would make
// its unit unreachable, so an edge of the main network wins when it is not much farther; a true island stays an island.
import { METRES_PER_DEGREE, type Point, boundsAround, metresPerDegreeLon } from "./point.ts";
import { nearestOnLine } from "./polyline.ts";
import { type RoadGraph, edgeShape } from "./road-graph.ts";

export interface RoadPosition {
  readonly edge: number;
  readonly share: number; // 0 at the edge's `from` node, 1 at its `to` node
  readonly point: Point; // on the edge
  readonly distanceM: number; // from the point that was asked
}

const FIRST_RADIUS_M = 15; // who drives is seldom farther from the line of the road
/** A main-network edge may be this much farther than the nearest edge and still be meant. */
const MAIN_BONUS_M = 60;
export const DEFAULT_SNAP_RADIUS_M = 1_000;

/** The position on the roads nearest to a point, or null where no road is within the radius. */
export function snapToRoad(graph: RoadGraph, p: Point, radiusM: number = DEFAULT_SNAP_RADIUS_M): RoadPosition | null {
  if (graph.edgeBoxes === null) return null;
  for (let radius = Math.min(FIRST_RADIUS_M, radiusM); ; radius = Math.min(radius * 4, radiusM)) {
    const found = nearestWithin(graph, p, radius);
    // a nearer main edge may lie just outside a small circle, so a lone scrap asks for a wider one
    if (found !== null && (graph.edgeInMain[found.edge] === 1 || radius >= Math.min(radiusM, found.distanceM + MAIN_BONUS_M))) return found;
    if (radius >= radiusM) return found;
  }
}

function nearestWithin(graph: RoadGraph, p: Point, radiusM: number): RoadPosition | null {
  const box = boundsAround(p, radiusM);
  let best = -1;
  let bestScore = Infinity;
  // As a filter that takes nothing: no list is made for a question that is asked for every unit.
  graph.edgeBoxes!.search(box.west * 1e7, box.south * 1e7, box.east * 1e7, box.north * 1e7, (edge) => {
    const metres = distanceToEdgeM(graph, edge, p);
    const score = metres - (graph.edgeInMain[edge] === 1 ? MAIN_BONUS_M : 0);
    if (metres > radiusM || score > bestScore || (score === bestScore && edge > best)) return false;
    best = edge;
    bestScore = score;
    return false;
  });
  if (best < 0) return null;
  const near = nearestOnLine(edgeShape(graph, best), p);
  const length = graph.parts.edgeLengthM[best]!;
  return { edge: best, share: length === 0 ? 0 : Math.min(1, near.alongM / length), point: near.point, distanceM: near.distanceM };
}

/** As `nearestOnLine` measures, straight from the graph's arrays. */
function distanceToEdgeM(graph: RoadGraph, edge: number, p: Point): number {
  const { shapeFirst, shapeE7 } = graph.parts;
  const lonE7 = p.lon * 1e7;
  const latE7 = p.lat * 1e7;
  const ky = METRES_PER_DEGREE / 1e7;
  const kx = metresPerDegreeLon(p.lat) / 1e7;
  const last = shapeFirst[edge + 1]! * 2 - 2;
  let least = Infinity;
  let ax = (shapeE7[shapeFirst[edge]! * 2]! - lonE7) * kx;
  let ay = (shapeE7[shapeFirst[edge]! * 2 + 1]! - latE7) * ky;
  for (let i = shapeFirst[edge]! * 2 + 2; i <= last; i += 2) {
    const bx = (shapeE7[i]! - lonE7) * kx;
    const by = (shapeE7[i + 1]! - latE7) * ky;
    const dx = bx - ax;
    const dy = by - ay;
    const squared = dx * dx + dy * dy;
    const t = squared === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared));
    const x = ax + dx * t;
    const y = ay + dy * t;
    least = Math.min(least, x * x + y * y);
    ax = bx;
    ay = by;
  }
  return Math.sqrt(least);
}

/** The node nearest to a point among the ends of the edge it snaps to; null off the roads. */
export function nearestNode(graph: RoadGraph, p: Point): number | null {
  const at = snapToRoad(graph, p);
  if (at === null) return null;
  return at.share < 0.5 ? graph.parts.edgeFrom[at.edge]! : graph.parts.edgeTo[at.edge]!;
}

export const nodePoint = (graph: RoadGraph, node: number): Point => ({ lon: graph.parts.nodeLonE7[node]! / 1e7, lat: graph.parts.nodeLatE7[node]! / 1e7 });

