// When a broken link is told at the top of the page. A hiccup is the status bar's business; and while a page is still being opened, its own work keeps it from hearing
// what has come: a red line at the first paint, gone a second later, teaches people not to read it. Pure.
import type { LinkState } from "../api/live-state.ts";

const AFTER_MS = 2_000;
const OPENING_AFTER_MS = 6_000;
/** A page that has just got its first snapshot is still drawing it. */
const SETTLED_MS = 10_000;

export interface LinkAsSeen {
  readonly link: LinkState;
  /** When `link` last changed. */
  readonly since: number;
  /** How long nothing was heard; null while that is as usual. */
  readonly silentMs: number | null;
  /** Whether a snapshot ever came. */
  readonly wasUp: boolean;
}

export const isBroken = ({ link, silentMs }: Pick<LinkAsSeen, "link" | "silentMs">): boolean => link === "broken" || silentMs !== null;

/** How old what is on the screen is, where that is to be told; null: not now. */
export function findToldAge(seen: LinkAsSeen, now: number): number | null {
  if (!isBroken(seen)) return null;
  const age = seen.silentMs ?? now - seen.since; // from the last thing that was heard: what is on the screen is as old as that
  const isOpening = !seen.wasUp || (seen.link === "open" && now - seen.since < SETTLED_MS);
  return age < (isOpening ? OPENING_AFTER_MS : AFTER_MS) ? null : age;
}
