// Where on the roads a point is: the nearest edge and how far along it. A fix beside a cut-off scrap of road (a car park that the map does not join) would make
// its unit unreachable, so an edge of the main network wins when it is not much farther; a true island stays an island.
import { type Point, boundsAround } from "./point.ts";
import { nearestOnLine } from "./polyline.ts";
import { type RoadGraph, edgeShape } from "./road-graph.ts";

export interface RoadPosition {
  readonly edge: number;
  readonly share: number; // 0 at the edge's `from` node, 1 at its `to` node
  readonly point: Point; // on the edge
  readonly distanceM: number; // from the point that was asked
}

const FIRST_RADIUS_M = 60;
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
  let best: RoadPosition | null = null;
  let bestScore = Infinity;
  for (const edge of graph.edgeBoxes!.search(box.west * 1e7, box.south * 1e7, box.east * 1e7, box.north * 1e7)) {
    const near = nearestOnLine(edgeShape(graph, edge), p);
    if (near.distanceM > radiusM) continue;
    const score = near.distanceM - (graph.edgeInMain[edge] === 1 ? MAIN_BONUS_M : 0);
    if (score > bestScore || (score === bestScore && best !== null && edge > best.edge)) continue;
    const length = graph.parts.edgeLengthM[edge]!;
    bestScore = score;
    best = { edge, share: length === 0 ? 0 : Math.min(1, near.alongM / length), point: near.point, distanceM: near.distanceM };
  }
  return best;
}

/** The node nearest to a point among the ends of the edge it snaps to; null off the roads. */
export function nearestNode(graph: RoadGraph, p: Point): number | null {
  const at = snapToRoad(graph, p);
  if (at === null) return null;
  return at.share < 0.5 ? graph.parts.edgeFrom[at.edge]! : graph.parts.edgeTo[at.edge]!;
}

export const nodePoint = (graph: RoadGraph, node: number): Point => ({ lon: graph.parts.nodeLonE7[node]! / 1e7, lat: graph.parts.nodeLatE7[node]! / 1e7 });

