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
