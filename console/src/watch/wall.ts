// The wall as a value: how many cells, which camera in which, which cell is chosen. Ids only are remembered between visits; names come from
// the register each time, so that the browser keeps nothing of the city.

import { WALL_SIZES, type TourStop, type WallLayout } from "../../../src/contract/walls.ts";

export const LAYOUTS = WALL_SIZES;
export type Layout = (typeof LAYOUTS)[number];
const MOST_CELLS = 25; // contract: OpenViews.cameraIds

export interface Wall {
  readonly layout: Layout;
  /** Camera ids by cell, always as many as the largest wall has, so that a smaller layout and back loses nothing. */
  readonly cells: readonly (number | null)[];
  readonly chosen: number;
  /** One cell over the whole wall, for a closer look. */
  readonly filled: number | null;
}
export const EMPTY_WALL: Wall = { layout: 4, cells: Array.from({ length: MOST_CELLS }, () => null), chosen: 0, filled: null };

const withCells = (wall: Wall, change: (cells: (number | null)[]) => void): Wall => {
  const cells = [...wall.cells];
  change(cells);
  return { ...wall, cells };
};
export const shownCells = (wall: Wall): readonly number[] => (wall.filled !== null ? [wall.filled] : Array.from({ length: wall.layout }, (_, i) => i));
export const chooseCell = (wall: Wall, cell: number): Wall => ({ ...wall, chosen: Math.max(0, Math.min(wall.layout - 1, cell)) });
export const setLayout = (wall: Wall, layout: Layout): Wall => ({ ...wall, layout, filled: null, chosen: Math.min(wall.chosen, layout - 1) });
export const toggleFilled = (wall: Wall, cell: number): Wall => ({ ...wall, filled: wall.filled === cell ? null : cell, chosen: cell });
export const removeAt = (wall: Wall, cell: number): Wall => ({ ...withCells(wall, (cells) => (cells[cell] = null)), filled: wall.filled === cell ? null : wall.filled });
export const swapCells = (wall: Wall, a: number, b: number): Wall =>
  ({ ...withCells(wall, (cells) => ([cells[a], cells[b]] = [cells[b] ?? null, cells[a] ?? null])), chosen: b });

/** Puts a camera into a cell. One that hangs elsewhere on the wall moves; two tiles of one camera are a waste of a cell and a second look. */
export function placeAt(wall: Wall, cell: number, cameraId: number): Wall {
  const before = wall.cells.indexOf(cameraId);
  return { ...withCells(wall, (cells) => {
    if (before >= 0) cells[before] = cells[cell] ?? null;
    cells[cell] = cameraId;
  }), chosen: cell };
}
export const DIRECTIONS = { left: -1, right: 1, up: -1, down: 1 } as const;
export type Direction = keyof typeof DIRECTIONS;
/** The cell beside one, or itself at the wall's edge. */
export function cellBeside(wall: Wall, cell: number, direction: Direction): number {
  const side = Math.sqrt(wall.layout);
  const [row, column] = [Math.floor(cell / side), cell % side];
  const along = direction === "left" || direction === "right" ? column + DIRECTIONS[direction] : row + DIRECTIONS[direction];
  if (along < 0 || along >= side) return cell;
  return direction === "left" || direction === "right" ? row * side + along : along * side + column;
}
/** Carries what hangs in the chosen cell one cell on; what hangs there comes back. */
export const carryChosen = (wall: Wall, direction: Direction): Wall => swapCells(wall, wall.chosen, cellBeside(wall, wall.chosen, direction));

/** The camera that would leave the wall if this one were hung by `placeNext`; null: there is room, or it hangs already. */
export function replacedBy(wall: Wall, cameraId: number): number | null {
  const shown = wall.cells.slice(0, wall.layout);
  const after = placeNext(wall, cameraId).cells.slice(0, wall.layout);
  return shown.find((id) => id !== null && !after.includes(id)) ?? null;
}

/** A kept layout on the wall. What hung beyond its tiles stays where it was, unless it hangs in the layout. */
export function wallOfLayout(layout: Pick<WallLayout, "size" | "cells">, before: Wall): Wall {
  const mine = new Set(layout.cells);
  const cells = EMPTY_WALL.cells.map((_, i) => (i < layout.size ? (layout.cells[i] ?? null) : mine.has(before.cells[i] ?? null) ? null : (before.cells[i] ?? null)));
  return { layout: layout.size, cells, chosen: 0, filled: null };
}
/** What a stop of a tour shows; null where its layout is not there any more. */
export function wallOfStop(stop: TourStop, layouts: readonly WallLayout[]): Wall | null {
  const layout = stop.kind === "camera" ? { size: 1 as const, cells: [stop.cameraId] } : layouts.find((one) => one.id === stop.layoutId);
  return layout === undefined ? null : wallOfLayout(layout, EMPTY_WALL);
}

/** A click or Enter in the list: the chosen cell if it is empty, else the next empty one, else the chosen one. The choice moves on to the next empty. */
export function placeNext(wall: Wall, cameraId: number): Wall {
  const empty = (from: number): number | undefined => Array.from({ length: wall.layout }, (_, i) => (from + i) % wall.layout).find((i) => wall.cells[i] === null);
  const already = wall.cells.indexOf(cameraId);
  if (already >= 0 && already < wall.layout) return { ...wall, chosen: already };
  const cell = wall.filled ?? empty(wall.chosen) ?? wall.chosen;
  return placeAt(wall, cell, cameraId);
}

export const formatWall = (wall: Wall): string => JSON.stringify({ layout: wall.layout, cells: wall.cells });
/** What was stored, or the empty wall where it is spoiled. */
export function parseWall(text: string | null): Wall {
  try {
    const { layout, cells } = JSON.parse(text ?? "") as { layout: unknown; cells: unknown };
    if (!LAYOUTS.includes(layout as Layout) || !Array.isArray(cells)) return EMPTY_WALL;
    const known = EMPTY_WALL.cells.map((_, i) => (Number.isSafeInteger(cells[i]) && (cells[i] as number) > 0 ? (cells[i] as number) : null));
    return { ...EMPTY_WALL, layout: layout as Layout, cells: known.map((id, i) => (id !== null && known.indexOf(id) === i ? id : null)) };
  } catch {
    return EMPTY_WALL;
  }
}
