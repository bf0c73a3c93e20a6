// A way cut into dashes, for a layer that draws only whole lines: each dash as long as the gap behind it.
interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

const METRES_PER_DEGREE = 111_195;
const MOST_DASHES = 400; // of a way across the city at a near zoom: then the dashes are longer
const metres = (a: LonLat, b: LonLat): number => Math.hypot((b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180), b.lat - a.lat) * METRES_PER_DEGREE;
const between = (a: LonLat, b: LonLat, share: number): LonLat => ({ lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share });

export function dashPath(path: readonly LonLat[], dashM: number): LonLat[][] {
  const total = path.reduce((sum, point, i) => (i === 0 ? 0 : sum + metres(path[i - 1]!, point)), 0);
  const length = Math.max(dashM, total / (2 * MOST_DASHES));
  if (!(length > 0) || path.length < 2) return [];
  const dashes: LonLat[][] = [];
  let drawing = true;
  let left = length; // of this dash or gap
  let dash: LonLat[] = [path[0]!];
  for (let i = 1; i < path.length; i++) {
    let from = path[i - 1]!;
    const to = path[i]!;
    for (let way = metres(from, to); way > left; way = metres(from, to)) {
      from = between(from, to, left / way);
      if (drawing) dashes.push([...dash, from]);
      drawing = !drawing;
      dash = [from];
      left = length;
    }
    left -= metres(from, to);
    if (drawing) dash.push(to);
  }
  if (drawing && dash.length > 1) dashes.push(dash);
  return dashes;
}
