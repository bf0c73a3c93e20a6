// What an evidence hold may be and what may become of it. Pure: the hold's facts and the time come in. A hold ends by a person's word alone; a review date that
// passes makes it overdue and lets nothing go.
import { createFault, type InputFault } from "../base/expectations.ts";
import { DAY_MS } from "../base/time.ts";

export interface HoldFacts {
  readonly from: number;
  readonly to: number;
  readonly incidentId: number | null;
  readonly words: string | null;
  readonly reviewAt: number;
}
export interface HoldStanding {
  readonly reviewAt: number;
  readonly isReleased: boolean;
}
export type HoldState = "held" | "overdue" | "released";

export function holdState({ reviewAt, isReleased }: HoldStanding, now: number): HoldState {
  if (isReleased) return "released";
  return now >= reviewAt ? "overdue" : "held";
}

/** What is wrong with a hold that is to be made [HLD1]; `mostDays` of range, and until its review. Its range may reach ahead of now; its start may not, or nothing would be held yet. */
export function findHoldFaults(hold: HoldFacts, now: number, mostDays: number): InputFault[] {
  const faults: InputFault[] = [];
  if (hold.from > now) faults.push(createFault("from", String(hold.from), "time-past"));
  if (hold.to <= hold.from) faults.push(createFault("to", String(hold.to), "time-after", { t: hold.from }));
  else if (hold.to - hold.from > mostDays * DAY_MS) faults.push(createFault("to", String(hold.to), "days-after-start", { n: mostDays }));
  if (hold.incidentId === null && hold.words === null) faults.push(createFault("words", "null", "incident-or-words"));
  return [...faults, ...findReviewFaults(hold.reviewAt, now, mostDays)];
}

/** A review lies ahead, and not so far that nobody would ever come back to it. */
export function findReviewFaults(reviewAt: number, now: number, mostDays: number): InputFault[] {
  if (reviewAt > now && reviewAt - now <= mostDays * DAY_MS) return [];
  return [createFault("reviewAt", String(reviewAt), "days-ahead", { n: mostDays })];
}
