// Moments as people type and read them in the city's zone: days and times as ISO 8601 has them (2026-11-22 14:03:27), whatever the browser's own language
// makes of a date. Pure; the zone is an IANA name. A time that the clock skips in spring is taken for the hour after; one that it has twice, for the first.
import { zoneOffsetMs } from "../../../src/base/time-zone.ts";

/** "2026-11-22 14:03:27"; with `fraction` "2026-11-22 14:03:27.48". */
export function formatMoment(at: number, timeZone: string, fraction = false): string {
  const iso = new Date(at + zoneOffsetMs(at, timeZone)).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, fraction ? 22 : 19)}`;
}

const MOMENT = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+|$))?(?:(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,3}))?)?)?$/;

/** A day with or without a time, or a time alone: then the day is that of `near`. Seconds may be left out, and so may colons: 1403. Undefined for what is none. */
export function parseMoment(text: string, timeZone: string, near: number): number | undefined {
  const typed = text.trim().replace(/[./](?=\d{1,2}[./-])|[/](?=\d)/g, "-");
  const match = typed === "" ? null : MOMENT.exec(typed);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", part = ""] = match;
  const today = new Date(near + zoneOffsetMs(near, timeZone));
  const [y, m, d] = year === undefined ? [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()] : [Number(year), Number(month), Number(day)];
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const local = Date.UTC(y, m - 1, d, Number(hour), Number(minute), Number(second), Number(part.padEnd(3, "0")));
  const check = new Date(local);
  if (check.getUTCMonth() !== m - 1 || check.getUTCDate() !== d) return undefined; // 30 February
  const guess = local - zoneOffsetMs(local, timeZone);
  return local - zoneOffsetMs(guess, timeZone);
}
