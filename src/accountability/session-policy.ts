// When a session of a person ends, and when a unit counts as led by one [SES1, SES2, SES4]. Pure: times come in.
import { HOUR_MS, MINUTE_MS, SECOND_MS, type WallMs } from "../base/time.ts";

export const SESSION_IDLE_MS = 60 * MINUTE_MS;
export const SESSION_LONGEST_MS = 14 * HOUR_MS;
export const SESSION_TOUCH_MS = 30 * SECOND_MS;
export const UNIT_LED_MS = 2 * MINUTE_MS;

export interface SessionTimes {
  readonly createdAt: WallMs;
  readonly lastUsedAt: WallMs;
}

/** The moment at which the session ends if it is not used again. */
export const sessionExpiresAt = (session: SessionTimes): WallMs =>
  Math.min(session.lastUsedAt + SESSION_IDLE_MS, session.createdAt + SESSION_LONGEST_MS);

export const isSessionOver = (session: SessionTimes, now: WallMs): boolean => now >= sessionExpiresAt(session);

/** Whether this use has to be written down. */
export const mustTouch = (session: SessionTimes, now: WallMs): boolean => now - session.lastUsedAt >= SESSION_TOUCH_MS;
