// How far the wall clock may be believed where recordings are deleted by it ([RET13]). A clock that is ahead once, for a minute, would make the whole archive past its age. The monotonic clock says how long we
// ran; what the wall clock went ahead of that is a step, and each step forward is doubted until the recorder has run for a day with it; so is what somebody who knows the time says that it is ahead. The vouched time is the wall clock less what is doubted: it goes on as
// fast as time does, so nothing that is due by it waits. A stop is a step too, since nobody can tell an absence from a clock that was set wrong meanwhile: a recorder that was off for a week keeps
// recordings a week longer for a day, and then catches up. Steps are doubted each for itself, so that one that is off every night still comes after.
// Turned down: a switch that holds all deletion by age (recordings would outlive what the law lets us keep, and somebody has to turn it back); the newest recording as the measure (its time is of the same clock).
import { DAY_MS, HOUR_MS, MINUTE_MS, type WallMs } from "../../base/time.ts";

/** A recorder that was started anew, or whose clock was put right by so much in all, is believed at once; at most so much of the past goes too early by a clock that was wrong. Less than the hour by which clocks are set wrong in spring. */
export const BELIEVED_MS = 30 * MINUTE_MS;
/** After running so long with a step it is believed, unless the clock was set back meanwhile, or somebody contradicts who knows the time: then the day begins anew. */
export const PROOF_MS = DAY_MS;
/** Steps that come this close together are one, as old as its first: so there are at most some 25 of them. */
const ONE_STEP_MS = HOUR_MS;

/** A step forward of the wall clock that is not believed yet. */
export interface DoubtedStep {
  readonly byMs: number;
  /** For how long the recorder has run since, or since it was last contradicted. */
  readonly ranMs: number;
}
export interface ClockTrust {
  /** What the wall clock showed at the last look. */
  readonly wallMs: WallMs;
  /** Oldest first; none while the clock is behind. */
  readonly doubted: readonly DoubtedStep[];
  /** How far the wall clock is behind what was believed before: coming back from there is no step forward. For a day of running; then it is where it is. */
  readonly behindMs: number;
  readonly behindRanMs: number;
}

/** `lastMs`: the latest time that is known of before. */
export const createClockTrust = (lastMs: WallMs): ClockTrust => ({ wallMs: lastMs, doubted: [], behindMs: 0, behindRanMs: 0 });

export interface ClockLook {
  /** What the wall clock shows. */
  readonly wallMs: WallMs;
  /** How long the recorder has run since the last look; 0 at a start. */
  readonly ranMs: number;
  /** So far the wall clock is ahead by the word of somebody who knows the time; 0: nobody says so. */
  readonly contradictedMs?: number;
}

export function transitionClockTrust(trust: ClockTrust, { wallMs, ranMs, contradictedMs = 0 }: ClockLook): ClockTrust {
  const doubted = trust.doubted.map((step) => ({ byMs: step.byMs, ranMs: contradictedMs > 0 ? 0 : step.ranMs + ranMs })).filter((step) => step.ranMs < PROOF_MS);
  let { behindMs, behindRanMs } = trust;
  if (behindMs > 0) behindRanMs += ranMs;
  if (behindRanMs >= PROOF_MS) behindMs = 0;
  const stepMs = wallMs - trust.wallMs - ranMs;
  if (stepMs > 0) {
    const isBack = Math.min(stepMs, behindMs);
    behindMs -= isBack;
    addStep(doubted, stepMs - isBack);
  } else {
    behindMs += takeBack(doubted, -stepMs);
  }
  // What was believed is doubted again. What differs by less than is believed at once is how long a word is on its way.
  const saidMs = contradictedMs - doubtedMs({ doubted });
  if (saidMs > BELIEVED_MS) {
    behindMs = 0;
    addStep(doubted, contradictedMs - sumOf(doubted));
  }
  return { wallMs, doubted, behindMs, behindRanMs: behindMs > 0 ? behindRanMs : 0 };
}

const sumOf = (doubted: readonly DoubtedStep[]): number => doubted.reduce((all, { byMs }) => all + byMs, 0);

function addStep(doubted: DoubtedStep[], byMs: number): void {
  if (byMs <= 0) return;
  const last = doubted.at(-1);
  if (last !== undefined && last.ranMs < ONE_STEP_MS) doubted[doubted.length - 1] = { ...last, byMs: last.byMs + byMs };
  else doubted.push({ byMs, ranMs: 0 });
}

/** Set back: the newest steps were wrong, then. Answers what is more than all of them. */
function takeBack(doubted: DoubtedStep[], byMs: number): number {
  let left = byMs;
  for (let last = doubted.at(-1); last !== undefined && left > 0; last = doubted.at(-1)) {
    const taken = Math.min(left, last.byMs);
    left -= taken;
    if (taken < last.byMs) doubted[doubted.length - 1] = { ...last, byMs: last.byMs - taken };
    else doubted.pop();
  }
  return left;
}

/** How far the wall clock is ahead of the vouched time; 0 where it is believed. */
export const doubtedMs = ({ doubted }: Pick<ClockTrust, "doubted">): number => (sumOf(doubted) > BELIEVED_MS ? sumOf(doubted) : 0);

/** The time by which ages are judged. */
export const vouchedMs = (trust: ClockTrust): WallMs => trust.wallMs - doubtedMs(trust);

/** As it is kept over a restart. */
export const formatClockTrust = ({ wallMs, doubted, behindMs, behindRanMs }: ClockTrust): string => JSON.stringify([wallMs, behindMs, behindRanMs, ...doubted.flatMap(({ byMs, ranMs }) => [byMs, ranMs])].map(Math.round));

/** Undefined where it is none of ours. */
export function parseClockTrust(text: string): ClockTrust | undefined {
  let numbers: unknown;
  try {
    numbers = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(numbers) || numbers.length < 3 || numbers.length % 2 === 0 || !numbers.every((each) => Number.isSafeInteger(each) && each >= 0)) return undefined;
  const [wallMs, behindMs, behindRanMs, ...rest] = numbers as [number, number, number, ...number[]];
  const doubted = Array.from({ length: rest.length / 2 }, (_, i): DoubtedStep => ({ byMs: rest[i * 2]!, ranMs: rest[i * 2 + 1]! }));
  return { wallMs, behindMs, behindRanMs, doubted };
}
