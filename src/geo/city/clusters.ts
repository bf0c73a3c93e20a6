// One name, several streets: every village of a city has its own "Calle 1". Things of one name belong together where their 300 m squares touch.
// Joining by the road graph alone was rejected: a square or a gap in the map would cut a street in two.
import { METRES_PER_DEGREE, metresPerDegreeLon } from "../point.ts";

const CELL_M = 300;

/** Groups points (lon, lat in 1e-7 degree) by touching squares; gives each point its group, numbered from 0 in order of first appearance. */
export function clusterPoints(lonE7: readonly number[], latE7: readonly number[]): Int32Array {
  const group = new Int32Array(lonE7.length).fill(-1);
  if (lonE7.length === 0) return group;
  const kx = metresPerDegreeLon(latE7[0]! / 1e7) / 1e7 / CELL_M;
  const ky = METRES_PER_DEGREE / 1e7 / CELL_M;
  const cellOf = (i: number): number => Math.floor(lonE7[i]! * kx + 100_000) * 1_000_000 + Math.floor(latE7[i]! * ky + 100_000);
  const cells = new Map<number, number>();
  for (let i = 0; i < lonE7.length; i++) cells.set(cellOf(i), -1);
  let groups = 0;
  for (let i = 0; i < lonE7.length; i++) {
    const start = cellOf(i);
    if (cells.get(start) === -1) {
      const open = [start];
      cells.set(start, groups);
      while (open.length > 0) {
        const cell = open.pop()!;
        for (const dx of [-1_000_000, 0, 1_000_000]) {
          for (const dy of [-1, 0, 1]) {
            if (cells.get(cell + dx + dy) !== -1) continue;
            cells.set(cell + dx + dy, groups);
            open.push(cell + dx + dy);
          }
        }
      }
      groups++;
    }
    group[i] = cells.get(start)!;
  }
  return group;
}
