// Areas that OpenStreetMap draws as relations: outer and inner ways, each perhaps only a piece of its ring, in any order and direction.
// Pieces that do not close (cut away by the extract's border) are left out; a half-known lake is better missing than wrong.

/** Joins directed lines end to end, each in its own direction, into lines as long as they get. */
export function joinLines(lines: readonly (readonly number[])[]): number[][] {
  const left = new Map<string, number[]>();
  const ends = new Set<string>();
  for (const line of lines) {
    if (line.length < 4) continue;
    left.set(`${line[0]},${line[1]}`, [...line]);
    ends.add(`${line.at(-2)},${line.at(-1)}`);
  }
  const joined: number[][] = [];
  // lines that nothing leads into come first; what is left after them are rings
  for (const key of [...left.keys()].sort((a, b) => Number(ends.has(a)) - Number(ends.has(b)))) {
    const whole = left.get(key);
    if (whole === undefined) continue;
    left.delete(key);
    for (;;) {
      const end = `${whole.at(-2)},${whole.at(-1)}`;
      const next = left.get(end);
      if (next === undefined) break;
      left.delete(end);
      for (let i = 2; i < next.length; i++) whole.push(next[i]!);
    }
    joined.push(whole);
  }
  return joined;
}

/** Joins lines (lon, lat flat, 1e-7 degree) end to end into closed rings. */
export function joinRings(lines: readonly (readonly number[])[]): number[][] {
  const rings: number[][] = [];
  const open = lines.filter((line) => line.length >= 4).map((line) => [...line]);
  while (open.length > 0) {
    const ring = open.pop()!;
    while (!isClosed(ring)) {
      const at = open.findIndex((line) => meets(ring, line, false) || meets(ring, line, true));
      if (at < 0) break;
      const [line] = open.splice(at, 1) as [number[]];
      ring.push(...(meets(ring, line, false) ? line : reversedLine(line)).slice(2));
    }
    if (isClosed(ring) && ring.length >= 8) rings.push(ring);
  }
  return rings;
}

const isClosed = (line: readonly number[]): boolean => line.length >= 8 && line[0] === line[line.length - 2] && line[1] === line[line.length - 1];

/** Whether a line goes on where the ring ends. */
function meets(ring: readonly number[], line: readonly number[], backwards: boolean): boolean {
  const x = backwards ? line[line.length - 2] : line[0];
  const y = backwards ? line[line.length - 1] : line[1];
  return ring[ring.length - 2] === x && ring[ring.length - 1] === y;
}

function reversedLine(line: readonly number[]): number[] {
  const turned: number[] = [];
  for (let i = line.length - 2; i >= 0; i -= 2) turned.push(line[i]!, line[i + 1]!);
  return turned;
}

/** Polygons from the members of a multipolygon: each outer ring with the holes inside it. */
export function assemblePolygons(outer: readonly (readonly number[])[], inner: readonly (readonly number[])[]): number[][][] {
  const polygons = joinRings(outer).map((ring) => [ring]);
  for (const hole of joinRings(inner)) polygons.find(([ring]) => ringContains(ring!, hole[0]!, hole[1]!))?.push(hole);
  return polygons;
}

/** Crossing number test; the border counts as either. */
export function ringContains(ring: readonly number[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const yi = ring[i + 1]!;
    const yj = ring[j + 1]!;
    if (yi > y !== yj > y && x < ((ring[j]! - ring[i]!) * (y - yi)) / (yj - yi) + ring[i]!) inside = !inside;
  }
  return inside;
}
