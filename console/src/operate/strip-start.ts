// Where the pictures of the strip begin: 30 s before the first ring, for whoever ran is not in the picture any more; but only those of cameras whose recordings reach back to then. Others would be black
// at the first sight of a call while they could show what is there now. Pure.
const BEFORE_CALL_MS = 30_000;

/** What is told of a camera's past: whether it is recorded while nobody looks, and since when there is anything. */
export interface KnownPast {
  readonly records: boolean;
  readonly recordedSince: number | null;
}

export const stripBegin = (firstContactAt: number): number => firstContactAt - BEFORE_CALL_MS;

/** It has what was at that moment, and has gone on since. Not known is no: a tile that is live is never black for want of a past. */
export const reachesBack = ({ records, recordedSince }: KnownPast, wallMs: number): boolean => records && recordedSince !== null && recordedSince <= wallMs;
