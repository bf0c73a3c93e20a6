// A proposal that stands still. The ranking is worked out anew every few seconds; what a person has seen ticked stays ticked and keeps its row and its
// number until the job itself changes (its place, its type, who goes). A unit that has become better is offered, never swapped in; one that cannot go
// any more is taken out and named. Pure; what is ticked by hand is no business of this file.

interface Ranked {
  readonly unitId: number;
  readonly rank: number;
  readonly suggested: boolean;
}
export interface Standing {
  /** What the proposal is for: another text means another proposal. */
  readonly about: string;
  /** Rows in the order in which they were first shown. */
  readonly rows: readonly number[];
  readonly ticked: readonly number[];
  /** Suggested meanwhile and not ticked: to be taken with one key. */
  readonly better: readonly number[];
  /** Were ticked, and cannot go any more. */
  readonly gone: readonly number[];
}
const SHOWN = 6;
/** Whoever presses S has seen what the button says for so long at least. */
export const SEEN_MS = 1_000;

/** What the button says, and since when it has said another thing than before without a person's doing. */
export interface ShownChoice {
  readonly said: string;
  readonly changedAt: number;
}
export const NO_CHOICE: ShownChoice = { said: "", changedAt: Number.NEGATIVE_INFINITY };
/** `said` is empty where there is nothing to send: a key that comes then does nothing anyway. */
export const showChoice = (before: ShownChoice, said: string, byHand: boolean, now: number): ShownChoice =>
  said === "" ? before : { said, changedAt: before.said !== "" && said !== before.said && !byHand ? now : before.changedAt };
export const isJustChanged = ({ changedAt }: ShownChoice, now: number): boolean => now - changedAt < SEEN_MS;

/** What the plan asks for may stand far down the list: an engine behind twenty patrols. */
function pickRows(candidates: readonly Ranked[]): number[] {
  const suggested = candidates.filter((c) => c.suggested);
  const others = candidates.filter((c) => !c.suggested).slice(0, Math.max(2, SHOWN - suggested.length));
  return [...suggested, ...others].sort((a, b) => a.rank - b.rank).map((c) => c.unitId);
}

/** `held`: somebody points at the rows. Then those that are there keep their places for another proposal, too. */
export function standProposal(before: Standing | null, about: string, candidates: readonly Ranked[], held = false): Standing {
  const suggested = candidates.filter((c) => c.suggested).map((c) => c.unitId);
  const able = new Set(candidates.map((c) => c.unitId));
  const kept = before?.rows.filter((id) => able.has(id)) ?? [];
  if (before === null || before.about !== about) {
    const rows = pickRows(candidates);
    return { about, rows: held ? [...kept, ...rows.filter((id) => !kept.includes(id))] : rows, ticked: suggested, better: [], gone: [] };
  }
  const ticked = before.ticked.filter((id) => able.has(id));
  return {
    about, ticked, rows: [...kept, ...suggested.filter((id) => !kept.includes(id))],
    better: suggested.filter((id) => !ticked.includes(id)),
    gone: [...before.gone, ...before.ticked].filter((id) => !able.has(id)),
  };
}
