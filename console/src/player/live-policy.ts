// How a live picture stays near its edge, as a pure decision over the state of one video element. Rate changes are preferred to jumps, since
// a jump drops frames that an operator might have needed to see; a jump is for when catching up by rate would take too long or nothing plays.
// hls.js' low-latency controller was considered and is for playlists; MSE fed by a socket needs only these few rules.

/** All in seconds of the element's media timeline; `ranges` ascending as TimeRanges gives them. */
export interface LivePicture {
  readonly ranges: readonly (readonly [start: number, end: number])[];
  readonly currentTime: number;
  readonly playbackRate: number;
  readonly visible: boolean; // a hidden page is throttled by the browser: there only jumps help
}
export interface LiveDecision {
  readonly seekTo: number | null;
  readonly playbackRate: number;
  readonly trimTo: number | null; // remove everything before this time; never together with a jump, which may go back
}

export const LIVE_LIMITS = {
  startBehindS: 0.15, // where playing starts behind the edge, and where a jump lands
  easeBelowS: 0.25, // catching up ends here
  hurryAboveS: 0.5, // catching up begins here
  hurryMoreAboveS: 1,
  jumpAboveS: 2.5,
  starvedBelowS: 0.03,
  keepBehindS: 8, // kept for the "-5 s" look back; the rest is trimmed
  trimAboveS: 16,
} as const;

export function decideLive(picture: LivePicture): LiveDecision {
  const last = picture.ranges.at(-1);
  const first = picture.ranges[0];
  if (last === undefined || first === undefined) return { seekTo: null, playbackRate: 1, trimTo: null };
  const [start, end] = last;
  const ahead = end - picture.currentTime;
  const landing = Math.max(start, end - LIVE_LIMITS.startBehindS);
  const trimTo = picture.currentTime - first[0] > LIVE_LIMITS.trimAboveS ? picture.currentTime - LIVE_LIMITS.keepBehindS : null;

  // Before the newest range: either nothing has played yet or a hole lies ahead. A hole never fills by itself on a live link.
  if (picture.currentTime < start) {
    const inOlder = picture.ranges.some(([a, b]) => picture.currentTime >= a && picture.currentTime < b - LIVE_LIMITS.starvedBelowS);
    if (!inOlder || ahead > LIVE_LIMITS.jumpAboveS) return { seekTo: landing, playbackRate: 1, trimTo: null };
  }
  // The stream began anew behind us (the camera's clock restarted): play from the newest there is.
  if (ahead < -0.5) return { seekTo: landing, playbackRate: 1, trimTo: null };
  if (ahead > LIVE_LIMITS.jumpAboveS || (!picture.visible && ahead > LIVE_LIMITS.hurryMoreAboveS)) return { seekTo: landing, playbackRate: 1, trimTo: null };
  if (ahead > LIVE_LIMITS.hurryMoreAboveS) return { seekTo: null, playbackRate: 1.25, trimTo };
  if (ahead > LIVE_LIMITS.hurryAboveS) return { seekTo: null, playbackRate: Math.max(picture.playbackRate, 1.08), trimTo };
  if (picture.playbackRate > 1 && ahead > LIVE_LIMITS.easeBelowS) return { seekTo: null, playbackRate: Math.min(picture.playbackRate, 1.08), trimTo };
  return { seekTo: null, playbackRate: 1, trimTo };
}

/** How long after a frame's wall time nothing newer must have come for the picture to be called stale. */
export const STALE_AFTER_MS = 3_000;

/** `quietMs` null: no frame has come yet. */
export function isStale(quietMs: number | null): boolean {
  return quietMs !== null && quietMs > STALE_AFTER_MS;
}
