// Which notices stay on screen when more come than there is room for.
import type { Tone } from "./status-mark.tsx";

export interface Notice {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /** Until it is closed by hand. */
  readonly stays: boolean;
}
const MOST_PASSING = 4;

/** Of those that pass by themselves the latest few; one that stays is never pushed out. */
export function keepLatest(notices: readonly Notice[], most = MOST_PASSING): readonly Notice[] {
  const passing = notices.filter((n) => !n.stays);
  const old = new Set(passing.slice(0, Math.max(0, passing.length - most)));
  return notices.filter((n) => !old.has(n));
}

/** That something went well is of the room where it was done. What was refused, or stays until it is closed, goes along. */
export const keepOnLeaving = (notices: readonly Notice[]): readonly Notice[] => notices.filter(({ tone, stays }) => stays || tone === "danger" || tone === "decide");
