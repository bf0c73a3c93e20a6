// What is reached by road, as the eye can take it in. A park or a yard without a road leaves a gap of a few blocks: dozens of them are noise, and no block of them is out
// of reach. So do scattered squares beyond the edge.
import { METRES_PER_DEGREE, metresPerDegreeLon, type Point } from "../../../src/geo/point.ts";

type Ring = readonly Point[];
const LEAST_HOLE_M2 = 60_000;
const LEAST_PIECE_M2 = 20_000;

/** The polygon without holes of a few blocks; nothing where it is a block or two itself. An outer ring and its holes, each closed. */
export function plainPolygon([outer = [], ...holes]: readonly Ring[]): (readonly Ring[])[] {
  return squareMetres(outer) < LEAST_PIECE_M2 ? [] : [[outer, ...holes.filter((hole) => squareMetres(hole) >= LEAST_HOLE_M2)]];
}

function squareMetres(ring: Ring): number {
  const [origin] = ring;
  if (origin === undefined) return 0;
  const x = (p: Point): number => (p.lon - origin.lon) * metresPerDegreeLon(origin.lat);
  const y = (p: Point): number => (p.lat - origin.lat) * METRES_PER_DEGREE;
  return Math.abs(ring.slice(1).reduce((sum, to, i) => sum + x(ring[i]!) * y(to) - x(to) * y(ring[i]!), 0) / 2);
}
