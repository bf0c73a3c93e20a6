// Ranges of time that are held, and the windows between them in which something may be deleted. A segment that touches a held range in a single
// millisecond belongs to it.

/** Both ends belong to it; wall times in ms. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Joins ranges that overlap or touch; they come by their start. */
export function mergeRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const out: TimeRange[] = [];
  for (const range of ranges) {
    const last = out.at(-1);
    if (last !== undefined && range.from <= last.to) out[out.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else out.push(range);
  }
  return out;
}

/** What merged ranges leave free: a segment that begins after `after` and ends before `before` of one window touches none of them. */
export function freeWindows(held: readonly TimeRange[]): { readonly after: number; readonly before: number }[] {
  const out: { after: number; before: number }[] = [];
  let after = -Infinity;
  for (const { from, to } of held) {
    out.push({ after, before: from });
    after = to;
  }
  out.push({ after, before: Infinity });
  return out;
}
