// Which rows of a long list are drawn, where a key leads, and how far the list scrolls for it. Pure.

/** Drawn beyond the edges, so that a quick scroll shows no bare ground. */
const BEYOND = 6;

/** From `first` to before `end`. */
export function rowsInSight(topPx: number, heightPx: number, rowPx: number, rows: number): { readonly first: number; readonly end: number } {
  const end = Math.min(rows, Math.ceil((topPx + heightPx) / rowPx) + BEYOND);
  return { first: Math.max(0, Math.min(Math.floor(topPx / rowPx) - BEYOND, end)), end };
}

/** Where the list has to stand so that a row is whole in sight: as it stands where it is. */
export function scrolledTo(row: number, topPx: number, heightPx: number, rowPx: number): number {
  const [above, below] = [row * rowPx, (row + 1) * rowPx - heightPx];
  return above < topPx || heightPx < rowPx ? above : Math.max(topPx, below);
}

/** The row that a key leads to from the one at `found`; -1: it has gone, and left its place `last` to the next one. Null: no key of the list's. */
export function stepRow(key: string, found: number, last: number, rows: number, page: number): number | null {
  if (rows === 0) return null;
  const within = (at: number): number => Math.max(0, Math.min(rows - 1, at));
  const gone = found < 0;
  switch (key) {
    case "ArrowDown": return within(gone ? last : found + 1);
    case "ArrowUp": return within((gone ? last : found) - 1);
    case "PageDown": return within((gone ? last : found) + page);
    case "PageUp": return within((gone ? last : found) - page);
    case "Home": return 0;
    case "End": return rows - 1;
    default: return null;
  }
}
