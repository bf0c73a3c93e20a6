// Times in which the centre could hear nobody: it was not running, or its log could not be written. A wait for somebody's word is longer by just these [ASG15]: a centre that is started anew each minute still tells of a
// unit that leaves its word out for an hour. Rejected: each wait beginning anew with a start, by which one that is longer than the time between two starts never ends.
import type { WallMs } from "../base/time.ts";

export interface Span {
  readonly from: WallMs;
  readonly to: WallMs;
}

/** In order and apart, as those are that it is given with. One that is no time changes nothing. */
export function addSpan(spans: readonly Span[], span: Span): readonly Span[] {
  if (span.to <= span.from) return spans;
  const isApart = ({ from, to }: Span): boolean => to < span.from || from > span.to;
  const touching = [span, ...spans.filter((one) => !isApart(one))];
  const joined = { from: Math.min(...touching.map(({ from }) => from)), to: Math.max(...touching.map(({ to }) => to)) };
  return [...spans.filter(isApart), joined].sort((a, b) => a.from - b.from);
}

/** When so long has passed since a moment, without those times. */
export function momentAfter(spans: readonly Span[], since: WallMs, ms: number): WallMs {
  let at = since + ms;
  for (let i = spans.findLastIndex(({ to }) => to <= since) + 1; i < spans.length; i++) {
    const { from, to } = spans[i]!;
    if (from >= at) break;
    at += to - Math.max(from, since);
  }
  return at;
}
