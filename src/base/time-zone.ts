// Moments told by the clocks of a place: how far a zone (an IANA name) is from UTC at a moment, and ISO 8601 with that offset, which says both the hour that
// people there saw and the moment itself. Names in files of others may be of a zone that this machine has never heard of: `findTimeZone` asks first.
const formats = new Map<string, Intl.DateTimeFormat>();
const MINUTE_MS = 60_000;

/** The name where this machine knows it. */
export function findTimeZone(name: string): string | undefined {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return name;
  } catch {
    return undefined;
  }
}

/** Local time less UTC, in ms, at a moment. Throws RangeError for a name that is no time zone. */
export function zoneOffsetMs(at: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  formats.set(timeZone, format);
  const parts = format.formatToParts(at);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)!.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(at / 1000) * 1000;
}

/** "-03:00", "+05:30". */
export function formatOffset(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  return `${offsetMs < 0 ? "-" : "+"}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** "2026-11-22T14:03:27.480-03:00"; of UTC "2026-11-22T17:03:27.480Z". */
export function formatOffsetTime(at: number, timeZone: string): string {
  if (timeZone === "UTC") return new Date(at).toISOString();
  const offset = Math.round(zoneOffsetMs(at, timeZone) / MINUTE_MS) * MINUTE_MS;
  return new Date(at + offset).toISOString().replace("Z", formatOffset(offset));
}

/**
 * A moment as people write it: "2026-03-23 07:00" (or with a T, or seconds) by the clocks of the zone, or with its own offset, "2026-03-23T07:00-03:00" or "...Z". Undefined: it is no such moment. An hour that the
 * clocks pass twice is taken the first time, one that they leave out as if they had not.
 */
export function parseZoneTime(text: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(local).getUTCMonth() !== month - 1 || new Date(local).getUTCDate() !== day) return undefined;
  const offset = match[7];
  if (offset === "Z") return local;
  if (offset !== undefined) {
    const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
    return local - (offset.startsWith("-") ? -1 : 1) * minutes * MINUTE_MS;
  }
  const first = local - zoneOffsetMs(local - zoneOffsetMs(local, timeZone), timeZone);
  const earlier = first - 3 * 60 * MINUTE_MS; // before a change of the clocks, if there is one near
  const other = local - zoneOffsetMs(earlier, timeZone);
  return other < first && other + zoneOffsetMs(other, timeZone) === local ? other : first;
}

/** The next moment after `from` at which the clocks show "15:00"; undefined: it is no time of day. */
export function parseNextClock(text: string, from: number, timeZone: string): number | undefined {
  if (!/^\d{1,2}:\d{2}$/.test(text.trim())) return undefined;
  const dayOf = (at: number): string => new Date(at + zoneOffsetMs(at, timeZone)).toISOString().slice(0, 10);
  const same = parseZoneTime(`${dayOf(from)} ${text.trim()}`, timeZone);
  return same === undefined || same > from ? same : parseZoneTime(`${dayOf(from + 86_400_000)} ${text.trim()}`, timeZone);
}
