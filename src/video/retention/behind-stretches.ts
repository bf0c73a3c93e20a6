// What was recorded while the wall clock was wrong ([RET14]). Of a clock that was behind it says that it is old; once the clock is put right, it would be the first to go. Of one that was ahead it says that it is
// young, and would never go. So the stretches of segments that were begun meanwhile are remembered, with how far off the clock was: by that much their ages are put right. The times themselves stay as they were
// written: what the clock showed is part of what was recorded.
// Turned down: judging by the order of segments alone (a clock that was ahead for an hour would make all that came before it young).
import { DAY_MS, type WallMs } from "../../base/time.ts";
import { BELIEVED_MS, type ClockTrust } from "./clock-trust.ts";

/** Where a segment lies in more than one, the last counts. */
export interface BehindStretch {
  /** Segments with greater ids than this... */
  readonly afterId: number;
  /** ... up to this one; null while it lasts... */
  readonly uptoId: number | null;
  /** ... that say they began from here on... */
  readonly fromMs: WallMs;
  /** ... and before this: of those that were begun between two looks some have times of before the clock was changed, some of after. */
  readonly beforeMs: WallMs;
  /** How far the clock was behind; below 0: ahead. */
  readonly behindMs: number;
  /** It was run with for a day, and is believed since: it counts only if the clock is put right by so much after all. */
  readonly isBelieved: boolean;
}
const NEVER_MS = Number.MAX_SAFE_INTEGER;
/** A clock that comes and goes: the oldest stretches are forgotten, and their segments are as old as they say. */
const MOST = 64;
/** So long a recorder is off at most while somebody puts its clock right: what its clock went on meanwhile is no fault of that. */
const MOST_REPAIR_MS = 31 * DAY_MS;
/** Somebody who puts a clock right by hand mistakes the zone or the day, and sees it later; at most so much of the whole is such a mistake. */
const MOST_MISTAKE_MS = DAY_MS;
const MOST_MISTAKE_SHARE = 0.25;

export interface BehindLook {
  readonly before: ClockTrust;
  readonly after: ClockTrust;
  /** Between the two. */
  readonly ranMs: number;
  /** It is the first look of a recorder that was off before: how long is not known, and so neither how far the clock was put right meanwhile. */
  readonly isStart?: boolean;
  /** The latest segment at each of them. */
  readonly lastIdBefore: number;
  readonly lastId: number;
  /** Given where somebody says that the clock is ahead: without a step it has been so since the recorder's start at least. */
  readonly sinceStart?: { readonly ranMs: number; readonly lastId: number };
}

/** How far the wall clock is behind what is believed; below 0: ahead. */
const offsetOf = ({ behindMs, doubted }: ClockTrust): number => behindMs - doubted.reduce((sum, { byMs }) => sum + byMs, 0);

export function transitionBehindStretches(stretches: readonly BehindStretch[], { before, after, ranMs, isStart = false, lastIdBefore, lastId, sinceStart }: BehindLook): readonly BehindStretch[] {
  const lasting = stretches.find(({ uptoId, isBelieved }) => uptoId === null && !isBelieved);
  const was = lasting?.behindMs ?? 0;
  const is = offsetOf(after);
  if (Math.abs(is - was) <= BELIEVED_MS) return stretches;
  const stepMs = after.wallMs - before.wallMs - ranMs;
  if (Math.abs(stepMs) <= BELIEVED_MS && sinceStart !== undefined && is < was) return contradict(stretches, lasting, { aheadMs: -is, wallMs: after.wallMs, sinceStart });
  if (Math.abs(stepMs) <= BELIEVED_MS) {
    // No step, so it was run with for a day: the time before was wrong, as far as anybody can tell.
    const left = believe(stretches, lasting);
    return Math.abs(is) <= BELIEVED_MS ? left : [...left, { afterId: lastId, uptoId: null, fromMs: Math.max(0, Math.round(after.wallMs - ranMs - BELIEVED_MS)), beforeMs: NEVER_MS, behindMs: is, isBelieved: false }].slice(-MOST);
  }
  // Put right after all, later than a day: what was believed since was wrong by so much, and all that was measured by it.
  const late = findPutRight(stretches, -is, isStart);
  const lateAt = late === undefined ? -1 : stretches.indexOf(late);
  const wrongMs = late?.behindMs ?? 0;
  const [from, to] = [was + wrongMs, is + wrongMs];
  const trueMs = after.wallMs + to;
  const [lessMs, moreMs] = [Math.min(from, to), Math.max(from, to)];
  const halfwayMs = Math.round(trueMs - (lessMs + moreMs) / 2);
  const earliestMs = (offMs: number): number => Math.max(0, Math.round(trueMs - offMs - 2 * ranMs - BELIEVED_MS));
  const latestMs = (offMs: number): number => Math.round(trueMs - offMs + 2 * ranMs + BELIEVED_MS);
  const isOff = (offMs: number): boolean => Math.abs(offMs) > BELIEVED_MS;
  const between: readonly BehindStretch[] = lastId === lastIdBefore ? [] : [
    ...(isOff(lessMs) ? [{ afterId: lastIdBefore, uptoId: lastId, fromMs: halfwayMs, beforeMs: latestMs(lessMs), behindMs: lessMs, isBelieved: false }] : []),
    ...(isOff(moreMs) ? [{ afterId: lastIdBefore, uptoId: lastId, fromMs: earliestMs(moreMs), beforeMs: halfwayMs, behindMs: moreMs, isBelieved: false }] : []),
  ];
  const end = { uptoId: lastIdBefore, beforeMs: Math.round(before.wallMs + ranMs + BELIEVED_MS) };
  const ended = stretches.map((stretch, at): BehindStretch => {
    if (stretch.isBelieved && stretch.behindMs === late?.behindMs) {
      const open = lasting === undefined ? end : { uptoId: lasting.afterId, beforeMs: NEVER_MS }; // what came between was another clock's
      return { ...stretch, isBelieved: false, ...(stretch.uptoId === null ? open : {}) };
    }
    const behindMs = at > lateAt && !stretch.isBelieved ? stretch.behindMs + wrongMs : stretch.behindMs;
    return { ...stretch, behindMs, ...(stretch === lasting ? end : {}) };
  });
  // By what is believed until the day is over, as ages are.
  const next = isOff(is) ? [{ afterId: lastId, uptoId: null, fromMs: earliestMs(to), beforeMs: NEVER_MS, behindMs: is, isBelieved: false }] : [];
  return [...ended, ...between, ...next].slice(-MOST);
}

/** What was recorded by the clock as it is: since the step that was believed, or that is doubted too little; without one, since the start. */
function contradict(stretches: readonly BehindStretch[], lasting: BehindStretch | undefined, { aheadMs, wallMs, sinceStart }: { readonly aheadMs: number; readonly wallMs: WallMs; readonly sinceStart: NonNullable<BehindLook["sinceStart"]> }): readonly BehindStretch[] {
  const known = lasting ?? stretches.findLast((stretch) => stretch.uptoId === null && stretch.isBelieved && Math.abs(stretch.behindMs + aheadMs) <= mistakeMsOf(stretch));
  if (known !== undefined) return stretches.map((stretch) => (stretch === known ? { ...stretch, behindMs: -aheadMs, isBelieved: false } : stretch));
  const fromMs = Math.max(0, Math.round(wallMs - sinceStart.ranMs - BELIEVED_MS));
  return [...stretches, { afterId: sinceStart.lastId, uptoId: null, fromMs, beforeMs: NEVER_MS, behindMs: -aheadMs, isBelieved: false }].slice(-MOST);
}

/** Of what the clock was put right by, so much may be a hand's mistake. */
const mistakeMsOf = ({ behindMs }: BehindStretch): number => Math.max(BELIEVED_MS, Math.min(MOST_MISTAKE_MS, Math.abs(behindMs) * MOST_MISTAKE_SHARE));

/** That which the clock has come back from, now that it is so far ahead of what is believed; the nearest where several may be it. */
function findPutRight(stretches: readonly BehindStretch[], aheadMs: number, isStart: boolean): BehindStretch | undefined {
  const restMs = ({ behindMs }: BehindStretch): number => aheadMs - behindMs;
  const mayBe = stretches.filter((stretch) => {
    const mistakeMs = mistakeMsOf(stretch);
    return stretch.uptoId === null && stretch.isBelieved && Math.sign(aheadMs) === Math.sign(stretch.behindMs) && restMs(stretch) >= -mistakeMs && restMs(stretch) <= (isStart ? MOST_REPAIR_MS : mistakeMs);
  });
  return mayBe.toSorted((a, b) => Math.abs(restMs(a)) - Math.abs(restMs(b)))[0];
}

/** What the clock has now is right. What was measured since it went there, by what was believed before, is off by what is left. */
function believe(stretches: readonly BehindStretch[], lasting: BehindStretch | undefined): readonly BehindStretch[] {
  if (lasting === undefined) return stretches;
  const was = lasting.behindMs;
  let sinceId = lasting.afterId;
  return stretches.toReversed().map((stretch): BehindStretch => {
    const restMs = stretch.behindMs - was;
    // They follow each other without a segment between them, and lie nearer to what is right now than to what was.
    const isSince = !stretch.isBelieved && (stretch.uptoId ?? sinceId) >= sinceId && Math.abs(restMs) < Math.abs(stretch.behindMs);
    if (isSince) sinceId = Math.min(sinceId, stretch.afterId);
    if (restMs === 0 || (isSince && Math.abs(restMs) <= BELIEVED_MS)) return { ...stretch, isBelieved: true };
    return isSince ? { ...stretch, behindMs: restMs } : stretch;
  }).toReversed();
}

const isSafe = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** As it is kept over a restart. */
export const formatBehindStretches = (stretches: readonly BehindStretch[]): string => JSON.stringify(stretches.map(({ afterId, uptoId, fromMs, beforeMs, behindMs, isBelieved }) => [afterId, uptoId, Math.round(fromMs), Math.round(beforeMs), Math.round(behindMs), isBelieved ? 1 : 0]));

/** None where it is none of ours. */
export function parseBehindStretches(text: string): readonly BehindStretch[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows) || rows.length > MOST) return [];
  const stretches: BehindStretch[] = [];
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row) || row.length !== 6) return [];
    const [afterId, uptoId, fromMs, beforeMs, behindMs, believed] = row as unknown[];
    if (!isSafe(afterId) || !(uptoId === null || isSafe(uptoId)) || !isSafe(fromMs) || !isSafe(beforeMs) || !Number.isSafeInteger(behindMs) || (believed !== 0 && believed !== 1)) return [];
    stretches.push({ afterId, uptoId, fromMs, beforeMs, behindMs: behindMs as number, isBelieved: believed === 1 });
  }
  return stretches;
}
