// A road of the map as others speak of it: not by an edge's number, which the next import changes, but by its two ends and the point half-way along.
import { type Point, boundsAround, distanceM } from "./point.ts";
import { lengthM, pointAlong } from "./polyline.ts";
import { BACKWARD, FORWARD, type RoadGraph, edgeName, edgeShape } from "./road-graph.ts";

export interface RoadPiecePlace {
  readonly from: Point;
  readonly to: Point;
  readonly middle: Point;
}
export interface FoundPiece extends RoadPiecePlace {
  readonly edge: number;
  readonly name: string | null;
  readonly path: Point[];
  readonly oneWay: boolean;
}

/** Ends and middle may be this far from where they were said to be: a map's points move a little from one import to the next. */
const SLACK_M = 3;

export function pieceOfEdge(graph: RoadGraph, edge: number): FoundPiece {
  const shape = edgeShape(graph, edge);
  const path: Point[] = [];
  for (let i = 0; i < shape.length; i += 2) path.push({ lon: shape[i]!, lat: shape[i + 1]! });
  const directions = graph.parts.edgeDirections[edge]!;
  return {
    edge, name: edgeName(graph, edge), from: path[0]!, to: path.at(-1)!, middle: pointAlong(shape, lengthM(shape) / 2), path, oneWay: directions !== (FORWARD | BACKWARD),
  };
}

/** The edges that run from one end to the other over that middle, in either sense; a road that the map has twice is all of them. */
export function findEdgesOfPiece(graph: RoadGraph, piece: RoadPiecePlace): number[] {
  if (graph.edgeBoxes === null) return [];
  const box = boundsAround(piece.middle, SLACK_M);
  const near = (a: Point, b: Point): boolean => distanceM(a, b) <= SLACK_M;
  return graph.edgeBoxes.search(box.west * 1e7, box.south * 1e7, box.east * 1e7, box.north * 1e7).filter((edge) => {
    const { from, to, middle } = pieceOfEdge(graph, edge);
    return near(middle, piece.middle) && ((near(from, piece.from) && near(to, piece.to)) || (near(from, piece.to) && near(to, piece.from)));
  });
}
