// Times as logs write them: by a wall clock of their place, without a zone.
import { DAY_MS, SECOND_MS, type WallMs } from "../../base/time.ts";

const formats = new Map<string, Intl.DateTimeFormat>();
/** A log goes on from where it was: its last quarter of an hour is asked for thousands of times. No zone changes within one. */
const QUARTER_MS = 900_000;
let last: { readonly timeZone: string; readonly quarter: number; readonly offsetMs: number } | undefined;

/** How far the zone's clocks are ahead of UTC at a moment. Throws RangeError for a zone that nobody knows. */
function offsetMs(at: number, timeZone: string): number {
  const quarter = Math.floor(at / QUARTER_MS);
  if (last?.timeZone !== timeZone || last.quarter !== quarter) last = { timeZone, quarter, offsetMs: computeOffsetMs(quarter * QUARTER_MS, timeZone) };
  return last.offsetMs;
}

function computeOffsetMs(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  return Date.UTC(part["year"]!, part["month"]! - 1, part["day"], part["hour"], part["minute"], part["second"]) - at;
}

/** "2015-12-10 17:40:00" or "2015-12-10T17:40:00" by the zone's clocks; with Z or an offset, as it says. Undefined for what is no time. An hour that the clocks skip is that after it. */
export function parseLogTime(text: string, timeZone: string): WallMs | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(asUtc);
  if (back.getUTCFullYear() !== year || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59 || asUtc < 0) return undefined;
  const zone = match[7];
  if (zone === "Z") return asUtc;
  if (zone !== undefined) return asUtc - (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60 * SECOND_MS;
  return asUtc - offsetMs(asUtc - offsetMs(asUtc, timeZone), timeZone);
}

/** "06:51:33" as milliseconds after midnight; undefined for what is no time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(text.trim());
  return match === null ? undefined : (Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3])) * SECOND_MS;
}

/**
 * How far a time of day lies after another, where a log writes no dates: one that is earlier is of the next day. A wrong order of minutes comes out as nearly a
 * day; the log itself cannot tell the two apart, and whoever reads the figures is shown every value of more than half a day.
 */
export const nextDayPolicy = (from: number, to: number): number => (to < from ? to + DAY_MS - from : to - from);

export const isTimeZone = (name: string): boolean => {
  try {
    offsetMs(0, name);
    return true;
  } catch {
    return false;
  }
};
