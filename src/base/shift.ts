// A shift by the clock alone: who asks at a moment whether a unit is on duty needs no event for it, at the centre and on every screen alike.
import { MINUTE_MS, type WallMs } from "./time.ts";

/** Of the shift that is on, else of the next or the last one; `shiftEndsAt` null: on no roster, on duty always. */
export interface ShiftSpan {
  readonly shiftStartsAt: WallMs | null;
  readonly shiftEndsAt: WallMs | null;
}

/** Too short for most jobs: whoever sends the unit should know. */
export const SHIFT_SOON_MS = 30 * MINUTE_MS;

export const isOffShift = ({ shiftStartsAt, shiftEndsAt }: ShiftSpan, now: WallMs): boolean => shiftEndsAt !== null && (shiftEndsAt <= now || (shiftStartsAt !== null && shiftStartsAt > now));

/** On shift, and not for long. */
export const endsShiftSoon = (span: ShiftSpan, now: WallMs): boolean => span.shiftEndsAt !== null && !isOffShift(span, now) && span.shiftEndsAt - now <= SHIFT_SOON_MS;
