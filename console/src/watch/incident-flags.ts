// The incidents that stand as flags on the time bar: those of the stretch that it shows, ended or not, asked of the centre for a little more than that stretch; what has begun since is told by
// the live link.
import { useMemo } from "react";
import type { IncidentFlag } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import type { TimeWindow, TimelineFlag } from "../player/index.ts";

const RENEW_MS = 60_000;

/** What is asked for, so that a bar that moves a little asks for nothing: on eighths of what it shows, half of that more on each side. */
export function askedWindow({ from, to }: TimeWindow): TimeWindow {
  const step = Math.max(1_000, 2 ** Math.round(Math.log2((to - from) / 8)));
  return { from: Math.max(0, Math.floor(from / step - 4) * step), to: Math.ceil(to / step + 4) * step };
}

interface OpenIncident {
  readonly id: number;
  readonly number: number;
  readonly firstContactAt: number;
  readonly place: { readonly label: string };
}
/** By time; what the live link knows is newer. */
export function mergeFlags(asked: readonly IncidentFlag[], open: Iterable<OpenIncident>): TimelineFlag[] {
  const flags = new Map<number, TimelineFlag>(asked.map(({ id, number, at, place, more }) => [id, { id, number, at, what: place, more }]));
  for (const { id, number, firstContactAt, place } of open) flags.set(id, { id, number, at: firstContactAt, what: place.label, more: flags.get(id)?.more ?? 0 });
  return [...flags.values()].sort((a, b) => a.at - b.at || a.id - b.id);
}

export function useIncidentFlags(window: TimeWindow | null): readonly TimelineFlag[] {
  const open = useLive((s) => s.incidents);
  const answer = useCall("listIncidentFlags", window === null ? null : { query: askedWindow(window) }, RENEW_MS);
  const asked = answer.data?.flags;
  return useMemo(() => mergeFlags(asked ?? [], open.values()), [asked, open]);
}
