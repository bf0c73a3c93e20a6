// What an incident asks for: its own run card and priority, and beside it what the incidents asked for that were merged into it (SPEC.md, [TIE6]). Each share
// is kept apart, so that taking a merge apart takes out what it brought and nothing else. A person who decides anew (priority, type, no unit needed)
// decides for all of it.
import { setBook, setIncident, setWait } from "./apply-entities.ts";
import type { Want } from "./entities.ts";
import type { Plan, StoredEvent } from "./events.ts";
import type { Asks, State } from "./state.ts";
import { wantKey } from "./wants.ts";

/** Both plans are met by this: who stands for a place of the one stands for a place of the same kinds and skills in the other, since they are one incident. Where they overlap only in part, units are asked for as if they did not. */
export function joinWants(a: readonly Want[], b: readonly Want[]): Want[] {
  const [all, other] = [addEqual(a), addEqual(b)];
  for (const [key, want] of other) all.set(key, { ...want, ...all.get(key), count: Math.max(want.count, all.get(key)?.count ?? 0) });
  return [...all.values()];
}
/** By their kinds and skills, whatever their order: a plan may ask for the same twice. */
function addEqual(wants: readonly Want[]): Map<string, Want> {
  const added = new Map<string, Want>();
  for (const want of wants) {
    const key = wantKey(want);
    const before = added.get(key);
    added.set(key, before === undefined ? want : { ...before, count: before.count + want.count });
  }
  return added;
}

export const countUnits = (wants: readonly Want[]): number => wants.reduce((sum, want) => sum + want.count, 0);

/** What the other asked for is asked for here from now on. */
export function takeAsks(state: State, event: StoredEvent, id: number, fromId: number, { priority: theirs, shortfallAfterMs: theirWait, wants: theirWants }: Asks): void {
  const { priority, needs: wants, noUnitNeeded } = state.incidents.get(id);
  const { asked, shortfallAfterMs } = state.books.get(id);
  setAsked(state, event, id, asked?.own ?? { priority, shortfallAfterMs, wants, noUnitNeeded }, [...(asked?.others ?? []), { fromId, priority: theirs, shortfallAfterMs: theirWait, wants: theirWants }]);
}

export function giveBackAsks(state: State, event: StoredEvent, id: number, fromId: number): void {
  const { asked } = state.books.get(id);
  if (asked === null) return setIncident(state, event, id, {});
  setAsked(state, event, id, asked.own, asked.others.filter((other) => other.fromId !== fromId));
}

type Asked = NonNullable<ReturnType<State["books"]["get"]>["asked"]>;
function setAsked(state: State, event: StoredEvent, id: number, own: Asked["own"], others: Asked["others"]): void {
  const wants = others.reduce((all, other) => joinWants(all, other.wants), [...own.wants]);
  const { priority, shortfallAfterMs } = others.reduce<Asks>((first, other) => (other.priority < first.priority ? other : first), own);
  setWait(state, id, shortfallAfterMs);
  setBook(state, id, { asked: others.length === 0 ? null : { own, others } });
  setIncident(state, event, id, { priority, needs: wants, neededUnits: countUnits(wants), noUnitNeeded: wants.length > 0 ? null : own.noUnitNeeded });
}

/** A person has decided anew: from then on it is the incident's own, and what others brought of it counts no more. */
export function decideAsks(state: State, id: number, decided: { readonly priority?: { readonly priority: number; readonly shortfallAfterMs: number }; readonly plan?: Plan; readonly noUnitNeeded?: string }): void {
  const { asked } = state.books.get(id);
  if (asked === null) return;
  const { priority = {}, plan, noUnitNeeded } = decided;
  const wants = plan === undefined && noUnitNeeded === undefined ? null : (plan?.wants ?? []);
  const own = { ...asked.own, ...priority, ...(wants === null ? {} : { wants, noUnitNeeded: noUnitNeeded ?? null }) };
  setBook(state, id, { asked: { own, others: asked.others.map((other) => ({ ...other, ...priority, ...(wants === null ? {} : { wants: [] }) })) } });
}

/** Another grade changes what the incident asks for itself; what was brought by others stays beside it. */
export function regradeAsks(state: State, event: StoredEvent, id: number, { priority, plan, shortfallAfterMs }: { readonly priority: number; readonly plan: Plan | null; readonly shortfallAfterMs: number }): void {
  const { asked } = state.books.get(id);
  const card = plan === null ? {} : { runCard: plan.runCard };
  if (plan !== null) setBook(state, id, { planned: plan.wants });
  if (asked === null) {
    setWait(state, id, shortfallAfterMs);
    return setIncident(state, event, id, { priority, ...card, ...(plan === null ? {} : { needs: [...plan.wants], neededUnits: countUnits(plan.wants), noUnitNeeded: null }) });
  }
  setAsked(state, event, id, { ...asked.own, priority, shortfallAfterMs, ...(plan === null ? {} : { wants: plan.wants, noUnitNeeded: null }) }, asked.others);
  if (plan !== null) setIncident(state, event, id, card);
}
