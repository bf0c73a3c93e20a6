// How a live picture stays near its edge, as a pure decision over the state of one video element. How near it can be follows from how evenly pictures come: what matters
// is the lowest that the buffer fell to before a picture came, not what is in it after one (a camera of 1 picture a second always has a second in it). That
// lowest is held at a small reserve, which grows when the picture stood and shrinks again while it does not. Rate changes are preferred to jumps, since
// a jump drops frames that an operator might have needed to see; a jump is for when catching up by rate would take too long or nothing plays.

/** All in seconds of the element's media timeline; `ranges` ascending as TimeRanges gives them. */
export interface LivePicture {
  readonly ranges: readonly (readonly [start: number, end: number])[];
  readonly currentTime: number;
  readonly playbackRate: number;
  readonly visible: boolean; // a hidden page is throttled by the browser: there only jumps help
  /** The stream began anew a moment ago, with a GOP that is running: what of it is past is crossed at once. */
  readonly fresh: boolean;
  /** The link is slow, and each picture stands alone with nothing to follow until the next. */
  readonly keyFramesOnly: boolean;
  readonly reserve: LiveReserve;
}
export interface LiveDecision {
  readonly seekTo: number | null;
  readonly playbackRate: number;
  readonly trimTo: number | null; // remove everything before this time; never together with a jump, which may go back
}

export const LIVE_LIMITS = {
  startBehindS: 0.1, // where playing starts behind the edge, and where a jump lands
  slackS: 0.04, // above the reserve, before anything is done about it
  hurryMoreAboveS: 0.5,
  hurryMostAboveS: 1,
  jumpAboveS: 2.5,
  freshJumpAboveS: 0.4,
  starvedBelowS: 0.03,
  keepBehindS: 8, // kept for the "-5 s" look back; the rest is trimmed
  trimAboveS: 16,
} as const;

/** What is held ready against pictures that come late. */
export interface LiveReserve {
  readonly wantedS: number;
  /** What lay ahead just before each append of the last two seconds; the oldest first. */
  readonly lows: readonly { readonly atMs: number; readonly aheadS: number }[];
  readonly grownAtMs: number;
}
export const RESERVE_LIMITS = { leastS: 0.03, mostS: 0.6, windowMs: 2_000, calmMs: 3_000, mostLows: 200 } as const;
export const NEW_RESERVE: LiveReserve = { wantedS: 0.05, lows: [], grownAtMs: 0 };

/** A picture is about to be appended, and `aheadS` lay ahead of the one that is shown. Where that was nothing, the picture has stood: more is held from now on. */
export function noteLow(reserve: LiveReserve, nowMs: number, aheadS: number): LiveReserve {
  const lows = [...reserve.lows.filter(({ atMs }) => nowMs - atMs < RESERVE_LIMITS.windowMs), { atMs: nowMs, aheadS }].slice(-RESERVE_LIMITS.mostLows);
  // Once for one interruption: pictures that come together after it found nothing ahead either.
  if (aheadS <= 0.001 && nowMs - reserve.grownAtMs > 1_000) return { wantedS: Math.min(RESERVE_LIMITS.mostS, reserve.wantedS * 1.5 + 0.02), lows, grownAtMs: nowMs };
  if (nowMs - reserve.grownAtMs > RESERVE_LIMITS.calmMs) return { wantedS: Math.max(RESERVE_LIMITS.leastS, reserve.wantedS * 0.75), lows, grownAtMs: nowMs };
  return { ...reserve, lows };
}

/** The lowest of the last two seconds; null before the first picture. */
export function findLow({ lows }: LiveReserve): number | null {
  return lows.length === 0 ? null : Math.min(...lows.map(({ aheadS }) => aheadS));
}

export function decideLive(picture: LivePicture): LiveDecision {
  const last = picture.ranges.at(-1);
  const first = picture.ranges[0];
  if (last === undefined || first === undefined) return { seekTo: null, playbackRate: 1, trimTo: null };
  const [start, end] = last;
  const ahead = end - picture.currentTime;
  const landing = Math.max(start, end - LIVE_LIMITS.startBehindS - picture.reserve.wantedS);
  const trimTo = picture.currentTime - first[0] > LIVE_LIMITS.trimAboveS ? picture.currentTime - LIVE_LIMITS.keepBehindS : null;
  const jump: LiveDecision = { seekTo: landing, playbackRate: 1, trimTo: null };

  if (picture.keyFramesOnly && picture.currentTime < start) return { seekTo: start, playbackRate: 1, trimTo: null }; // nothing leads there: the newest picture is shown as it comes
  // Before the newest range: either nothing has played yet or a hole lies ahead. A hole never fills by itself on a live link.
  if (picture.currentTime < start) {
    const inOlder = picture.ranges.some(([a, b]) => picture.currentTime >= a && picture.currentTime < b - LIVE_LIMITS.starvedBelowS);
    if (!inOlder || ahead > LIVE_LIMITS.jumpAboveS) return jump;
  }
  // The stream began anew behind us (the camera's clock restarted): play from the newest there is.
  if (ahead < -0.5) return jump;
  const low = Math.min(findLow(picture.reserve) ?? ahead, ahead);
  if (ahead > LIVE_LIMITS.jumpAboveS + picture.reserve.wantedS && low > LIVE_LIMITS.hurryMostAboveS) return jump;
  if (picture.fresh && low > LIVE_LIMITS.freshJumpAboveS) return jump;
  if (!picture.visible && low > LIVE_LIMITS.hurryMostAboveS) return jump;
  return { seekTo: null, playbackRate: rateFor(low, picture), trimTo };
}

function rateFor(low: number, { reserve, playbackRate }: LivePicture): number {
  const above = low - reserve.wantedS;
  if (above > LIVE_LIMITS.hurryMostAboveS) return 1.25;
  if (above > LIVE_LIMITS.hurryMoreAboveS) return 1.15;
  if (above > LIVE_LIMITS.slackS) return Math.max(1.07, Math.min(playbackRate, 1.15));
  if (above > 0 && playbackRate > 1) return 1.07; // begun, it goes on until the reserve is met
  return above < -reserve.wantedS / 2 ? 0.96 : 1; // the reserve is used up: it is built anew before the picture stands
}

/** How long after a frame's wall time nothing newer must have come for the picture to be called stale. */
export const STALE_AFTER_MS = 3_000;

/** `quietMs` null: no frame has come yet. */
export function isStale(quietMs: number | null): boolean {
  return quietMs !== null && quietMs > STALE_AFTER_MS;
}
