// Whether a place lies in town: told by how close junctions are around it, since every map has roads, and few have all their houses. A street grid has over a hundred junctions a square
// kilometre, a village's surroundings a few. Rejected: the city's border (what it asks differs within it), districts entered by hand (nobody enters them, and they have fields in them).
import { type Bounds, type Point, boundsAround, boundsContain, distanceOf } from "./point.ts";
import type { RoadGraph } from "./road-graph.ts";

const AROUND_M = 500;
/** So many within half a kilometre are town: 25 a square kilometre. A choice of ours. */
const TOWN_JUNCTIONS = 20;
/** Fewer roads meet at a bend, or where a road ends. */
const JUNCTION_ROADS = 3;

/** null: beyond the map, which says nothing of it. */
export function areaAt(graph: RoadGraph, bounds: Bounds, p: Point): "town" | "outside" | null {
  if (!boundsContain(bounds, p)) return null;
  if (graph.edgeBoxes === null) return "outside";
  const { edgeFrom, edgeTo, nodeLonE7, nodeLatE7 } = graph.parts;
  const box = boundsAround(p, AROUND_M);
  const roads = new Map<number, number>();
  let junctions = 0;
  for (const edge of graph.edgeBoxes.search(box.west * 1e7, box.south * 1e7, box.east * 1e7, box.north * 1e7)) {
    for (const node of [edgeFrom[edge]!, edgeTo[edge]!]) {
      const met = (roads.get(node) ?? 0) + 1;
      roads.set(node, met);
      if (met === JUNCTION_ROADS && distanceOf(p.lon, p.lat, nodeLonE7[node]! / 1e7, nodeLatE7[node]! / 1e7) <= AROUND_M) junctions++;
    }
  }
  return junctions >= TOWN_JUNCTIONS ? "town" : "outside";
}
