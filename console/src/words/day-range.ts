// Days of the city's clock as moments: an inspector asks for "the 22nd", and the database for milliseconds. Pure; the zone is an IANA name.
import { zoneOffsetMs } from "../../../src/base/time-zone.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** "2026-11-22", as the city's clock has it. */
export const dayOf = (at: number, timeZone: string): string => new Date(at + zoneOffsetMs(at, timeZone)).toISOString().slice(0, 10);

/** The first moment of the day in the zone; undefined for what is no date. */
export function startOfDay(day: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (match === null) return undefined;
  const asUtc = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== day) return undefined;
  const guess = asUtc - zoneOffsetMs(asUtc, timeZone);
  // The clock may be put forward or back between the guess and the day's beginning.
  for (const at of [guess, asUtc - zoneOffsetMs(guess, timeZone)]) if (dayOf(at, timeZone) === day && dayOf(at - 1, timeZone) !== day) return at;
  for (let at = guess - 3 * HOUR_MS; at <= guess + 3 * HOUR_MS; at += HOUR_MS / 4) if (dayOf(at, timeZone) === day && dayOf(at - 1, timeZone) !== day) return at;
  return guess;
}

/** In the address, for the first day: from the first look that there ever was. */
export const EVER = "ever";
/**
 * The first day of a register that was narrowed by nothing that makes it short: yesterday. A city looks at its cameras a hundred thousand times a day; years of
 * that are read when somebody asks for them, not when the room is opened.
 */
export const assumedFirstDay = (now: number, timeZone: string): string => new Date(Date.parse(dayOf(now, timeZone)) - DAY_MS).toISOString().slice(0, 10);

/** `fromDay` and `toDay` are both inside; empty text bounds nothing. */
export function rangeOfDays(fromDay: string, toDay: string, timeZone: string): { readonly from?: number; readonly to?: number } {
  const from = startOfDay(fromDay, timeZone);
  const last = startOfDay(toDay, timeZone);
  const next = last === undefined ? undefined : startOfDay(new Date(Date.parse(toDay) + DAY_MS).toISOString().slice(0, 10), timeZone);
  return { ...(from === undefined ? {} : { from }), ...(next === undefined ? {} : { to: next }) };
}
