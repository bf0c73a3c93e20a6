// What a page lets go of: calls and incidents that ended a while ago, with the jobs and lines of these. A city takes a thousand calls an hour and a page stays open for a shift: what each change copies and each list goes through is
// what is open, not all that ever was. Whoever opens an old incident reads it from the centre. Pure.
import type { LiveState } from "./live-state.ts";

/** So long what ended stays in sight: dimmed rows, the call that was ended by a slip, duplicates. */
export const ENDED_KEPT_MS = 30 * 60_000;

/** `now`: the server's. The state itself where there is nothing to let go of. */
export function forgetEnded(state: LiveState, now: number): LiveState {
  const isOld = (endedAt: number | null): boolean => endedAt !== null && now - endedAt > ENDED_KEPT_MS;
  const incidents = keep(state.incidents, ({ status, endedAt }) => status === "active" || status === "reopened" || !isOld(endedAt));
  const contacts = keep(state.contacts, ({ state: is, endedAt, incidentId }) => is !== "ended" || (incidentId === null ? !isOld(endedAt) : incidents.has(incidentId) || !isOld(endedAt)));
  const assignments = keep(state.assignments, ({ incidentId }) => incidents.has(incidentId) || !state.incidents.has(incidentId));
  const timeline = keep(state.timeline, (_, incidentId) => incidents.has(incidentId) || !state.incidents.has(incidentId));
  if (incidents === state.incidents && contacts === state.contacts && assignments === state.assignments && timeline === state.timeline) return state;
  return { ...state, incidents, contacts, assignments, timeline };
}

function keep<T>(all: ReadonlyMap<number, T>, isKept: (one: T, id: number) => boolean): ReadonlyMap<number, T> {
  const kept = new Map([...all].filter(([id, one]) => isKept(one, id)));
  return kept.size === all.size ? all : kept;
}
