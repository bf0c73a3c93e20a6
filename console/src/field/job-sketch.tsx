// Where the job lies, north up: the post, the place, how sure the place is, and a scale. Drawn where the map cannot be: no WebGL, or a dead spot before
// its tiles had come; the link beside it hands the point to the phone's own maps.
import type { Point } from "../../../src/contract/basics.ts";
import { toPlane } from "../../../src/geo/point.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { fieldWords } from "./words.ts";

const WIDTH = 340;
const HEIGHT = 150;
// What stands at the edges is never drawn over: the north arrow on the left, the pin on its place above, the scale below.
const SIDE = 44;
const ABOVE = 34;
const BELOW = 40;

export function JobSketch({ from, to, uncertaintyM }: { readonly from: Point; readonly to: Point; readonly uncertaintyM: number }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  const place = toPlane(from, to);
  const spanX = Math.max(Math.abs(place.x), uncertaintyM * 2, 40);
  const spanY = Math.max(Math.abs(place.y), uncertaintyM * 2, 40);
  const perMetre = Math.min((WIDTH - 2 * SIDE) / spanX, (HEIGHT - ABOVE - BELOW) / spanY);
  const at = (x: number, y: number): readonly [number, number] => [WIDTH / 2 + (x - place.x / 2) * perMetre, (HEIGHT + ABOVE - BELOW) / 2 - (y - place.y / 2) * perMetre];
  const [fromX, fromY] = at(0, 0);
  const [toX, toY] = at(place.x, place.y);
  const barM = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000].findLast((m) => m * perMetre <= 110) ?? 10;
  return (
    <svg className="job-map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.map}>
      <line x1={fromX} y1={fromY} x2={toX} y2={toY} className="sketch-way" />
      <circle cx={toX} cy={toY} r={Math.max(10, uncertaintyM * perMetre)} className="sketch-uncertain" />
      <circle cx={fromX} cy={fromY} r={6} className="sketch-post" />
      <path d={`M${toX} ${toY}l-8 -20a9 9 0 1 1 16 0z`} className="sketch-place" />
      <path d="M18 34V12m-6 7l6-8 6 8" className="sketch-north" />
      <path d={`M${WIDTH - 12} ${HEIGHT - 10}h${-barM * perMetre}`} className="sketch-bar" />
      <text x={WIDTH - 12} y={HEIGHT - 16} textAnchor="end">{format.metres(barM)}</text>
    </svg>
  );
}
/** A `geo:` address (RFC 5870), which phones open in their own map program. */
export const geoAddress = (point: Point): string => `geo:${point.lat.toFixed(6)},${point.lon.toFixed(6)}`;
