// Times and limits that a city sets, as data. Each default says where it comes from.
import { MINUTE_MS, SECOND_MS } from "../base/time.ts";

export interface DispatchPolicy {
  /** A claim that is not renewed for so long rings again. Consoles renew three times as often. */
  readonly claimLeaseMs: number;
  /** An abandoned contact is to be called back within this. */
  readonly callBackWithinMs: number;
  /** After that the supervisor owns it, and is told again as often. */
  readonly callBackReminderMs: number;
  /** City police practice in China: acknowledge within 30 s. */
  readonly acknowledgeWithinMs: number;
  /** Nobody-is-going is told after so long, by priority 1 to 4. */
  readonly shortfallAfterMs: readonly [number, number, number, number];
  /** Reminders come at doubling distance up to this. */
  readonly longestReminderMs: number;
  /** What came without a line (an alarm, a message) is answered within this, or the supervisor is told. */
  readonly answerWithinMs: number;
  /** A named person watches over an incident that nobody made at a desk (an officer's emergency) within this, or the supervisor is told. */
  readonly watchWithinMs: number;
  /** A hand-over is taken within this, or the supervisor is told. */
  readonly handOverWithinMs: number;
  /** The supervisor is told again as often as this of an alarm, an incident or a hand-over that nobody takes. */
  readonly supervisorReminderMs: number;
  /** A unit under way of which nothing is heard for so long is told. As old as a position may be to be believed. */
  readonly silentAfterMs: number;
  /** A switch's own time of arrival is believed when it is at most so old. */
  readonly oldestArrivalMs: number;
}

export const DEFAULT_POLICY: DispatchPolicy = {
  claimLeaseMs: 60 * SECOND_MS,
  callBackWithinMs: 2 * MINUTE_MS,
  callBackReminderMs: 5 * MINUTE_MS,
  acknowledgeWithinMs: 30 * SECOND_MS,
  shortfallAfterMs: [MINUTE_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  longestReminderMs: 15 * MINUTE_MS,
  answerWithinMs: MINUTE_MS,
  watchWithinMs: 30 * SECOND_MS,
  handOverWithinMs: 2 * MINUTE_MS,
  supervisorReminderMs: 5 * MINUTE_MS,
  silentAfterMs: 3 * MINUTE_MS,
  oldestArrivalMs: 60 * MINUTE_MS,
};

export const shortfallAfterMs = (priority: number, policy: DispatchPolicy): number => policy.shortfallAfterMs[Math.min(Math.max(priority, 1), 4) - 1]!;
