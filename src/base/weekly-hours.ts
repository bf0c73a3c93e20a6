// Hours of a week, as people write them: `mon-fri 07:00-19:00; sat 09:00-13:00,14:00-16:00`. Kept as minutes of the week from Monday's midnight, judged by the clocks of a
// time zone: at seven in the morning means at seven also after the clocks changed. Hours that end before they begin go over midnight. Rejected: cron texts,
// which tell beginnings only, and RRULE, which nobody writes by hand.
import { err, ok, type Result } from "./result.ts";
import { createFault, type InputFault } from "./expectations.ts";
import { DAY_MS, MINUTE_MS, type WallMs } from "./time.ts";

/** Minutes of the week, sorted, apart from each other; `end` is not within, and at most WEEK_MINUTES. */
export interface WeeklyHours {
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const DAY_MINUTES = 1_440;
export const WEEK_MINUTES = 7 * DAY_MINUTES;
export const LONGEST_HOURS_TEXT = 300;

type Span = { start: number; end: number };

/** Days and hours, rule by rule; the fault is one of `field`. */
export function parseWeeklyHours(text: string, field: string): Result<WeeklyHours, InputFault> {
  if (text.length > LONGEST_HOURS_TEXT) return err(createFault(field, `${text.slice(0, 40)}...`, "most-characters", { n: LONGEST_HOURS_TEXT }));
  const rules = text.split(";").map((rule) => rule.trim()).filter((rule) => rule !== "");
  if (rules.length === 0) return err(createFault(field, text, "weekly-hours"));
  const spans: Span[] = [];
  for (const rule of rules) {
    const match = /^([a-z][a-z ,-]*?)\s+(\d.*)$/i.exec(rule);
    if (match === null) return err(createFault(field, rule, "weekly-hours"));
    const days = parseDays(match[1]!, field);
    if (!days.ok) return days;
    for (const part of match[2]!.split(",")) {
      const hours = parseHours(part.trim(), field);
      if (!hours.ok) return hours;
      for (const day of days.value) addSpan(spans, day * DAY_MINUTES + hours.value.start, day * DAY_MINUTES + hours.value.end);
    }
  }
  return ok({ spans: mergeSpans(spans) });
}

function parseDays(text: string, field: string): Result<readonly number[], InputFault> {
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(",").map((each) => each.trim())) {
    const bad = err(createFault(field, part, "weekly-days"));
    if (part === "daily") {
      for (let day = 0; day < 7; day++) days.add(day);
      continue;
    }
    const [from, to, more] = part.split("-").map((name) => DAYS.findIndex((day) => day === name.trim()));
    if (from === undefined || from < 0 || to === -1 || more !== undefined) return bad;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === (to ?? from)) break;
    }
  }
  return ok([...days]);
}

function parseHours(text: string, field: string): Result<Span, InputFault> {
  const match = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(text);
  const bad = err(createFault(field, text, "weekly-times"));
  if (match === null) return bad;
  const [startHour, startMinute, endHour, endMinute] = match.slice(1).map(Number) as [number, number, number, number];
  const start = startHour * 60 + startMinute;
  const end = endHour * 60 + endMinute;
  if (startMinute > 59 || endMinute > 59 || start >= DAY_MINUTES || end > DAY_MINUTES || start === end) return bad;
  return ok({ start, end: end > start ? end : end + DAY_MINUTES });
}

/** What goes past Sunday's midnight comes back at Monday's. */
function addSpan(spans: Span[], start: number, end: number): void {
  spans.push({ start, end: Math.min(end, WEEK_MINUTES) });
  if (end > WEEK_MINUTES) spans.push({ start: 0, end: end - WEEK_MINUTES });
}

function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

export interface HoursNow {
  readonly within: boolean;
  /** When that changes; null: never. */
  readonly until: WallMs | null;
}

/** `timeZone`: IANA name. Throws RangeError for a name that is none. */
export function judgeHours(hours: WeeklyHours, now: WallMs, timeZone: string): HoursNow {
  const clock = createWeekClock(timeZone);
  const within = isWithin(hours, clock(now));
  if (hours.spans.length === 0 || (hours.spans.length === 1 && hours.spans[0]!.end - hours.spans[0]!.start === WEEK_MINUTES)) return { within, until: null };
  // A boundary is reached after as many minutes as the clock shows until it, unless the clock itself is changed in between.
  let from = now;
  for (let tries = 0; tries < 20; tries++) {
    const boundary = from + minutesToBoundary(hours, clock(from)) * MINUTE_MS - (from % MINUTE_MS);
    const changed = findClockChange(clock, from, boundary);
    if (changed === undefined) return { within, until: boundary };
    if (isWithin(hours, clock(changed)) !== within) return { within, until: changed };
    from = changed;
  }
  return { within, until: from };
}

/** `timeZone`: IANA name. */
export const isWithinHours = (hours: WeeklyHours, now: WallMs, timeZone: string): boolean => isWithin(hours, createWeekClock(timeZone)(now));

const isWithin = ({ spans }: WeeklyHours, minute: number): boolean => spans.some(({ start, end }) => minute >= start && minute < end);

/** Whole minutes from `minute`, at least one. A span that ends with the week where another begins with it has no boundary there. */
function minutesToBoundary({ spans }: WeeklyHours, minute: number): number {
  const joins = spans.at(-1)!.end === WEEK_MINUTES && spans[0]!.start === 0;
  const boundaries = spans.flatMap(({ start, end }) => [start, end]).filter((at) => !joins || (at !== 0 && at !== WEEK_MINUTES));
  return Math.min(...boundaries.map((at) => { const ahead = (((at - minute) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES; return ahead === 0 ? WEEK_MINUTES : ahead; }));
}

type WeekClock = (wallMs: WallMs) => number;

const clocks = new Map<string, WeekClock>();

/** Minute of the week that clocks in the zone show. */
function createWeekClock(timeZone: string): WeekClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clock: WeekClock = (wallMs) => {
    const parts = new Map(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
    const day = DAYS.findIndex((name) => name === parts.get("weekday")?.toLowerCase());
    return day * DAY_MINUTES + Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
  };
  clocks.set(timeZone, clock);
  return clock;
}

/** The first minute in (from, to] at which the zone's clocks were put forward or back; they are at most twice a year, so at most one is looked for. */
function findClockChange(clock: WeekClock, from: WallMs, to: WallMs): WallMs | undefined {
  const start = from - (from % MINUTE_MS);
  const shiftAt = (at: WallMs): number => {
    const shown = clock(at) - clock(start);
    const passed = Math.floor((at - start) / MINUTE_MS);
    return (((shown - passed) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
  };
  let before: WallMs = start;
  while (before < to) {
    const at = Math.min(to, before + DAY_MS);
    if (shiftAt(at) !== 0) {
      let after = at;
      while (after - before > MINUTE_MS) {
        const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
        if (shiftAt(middle) === 0) before = middle;
        else after = middle;
      }
      return after;
    }
    before = at;
  }
  return undefined;
}
