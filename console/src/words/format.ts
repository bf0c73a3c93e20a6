// Numbers and times as text, by Intl. Spans under an hour read as a stop-watch (0:07, 12:40), because a dispatcher compares them at a glance;
// "7 seconds ago" is for prose only.
import { LOCALES, type Language } from "./catalogue.ts";

export interface Format {
  /** 14:03:27, in the city's zone. */
  time(at: number): string;
  /** 14:03, in the city's zone. */
  minute(at: number): string;
  /** 22 Nov 2026, 14:03:27 */
  exact(at: number): string;
  /** From one moment to another, the day said once where it is the same. */
  exactRange(from: number, to: number): string;
  date(at: number): string;
  /** "GMT-3": how far the clocks of the city's zone are from Greenwich at that moment. */
  zone(at: number): string;
  /** 0:07, 12:40, 3:05:09; negative spans as -0:07. */
  span(ms: number): string;
  /** 7 s, 4 min, 3 h, 2 d: the age of a figure. */
  age(ms: number): string;
  /** "4 minutes ago" */
  ago(ms: number): string;
  /** 30 days, 2 hours, 15 minutes: how long something is kept, which is entered in days. */
  days(days: number): string;
  number(n: number, digits?: number): string;
  percent(share: number): string;
  /** 38 m, 1.2 km */
  metres(m: number): string;
  bytes(n: number): string;
  list(items: readonly string[]): string;
}

export function formatSpan(ms: number): string {
  const sign = ms <= -1000 ? "-" : "";
  const total = Math.floor(Math.abs(ms) / 1000);
  const s = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${sign}${minutes}:${s}`;
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

const AGE_UNITS = { en: { s: " s", m: " min", h: " h", d: " d" }, zh: { s: " 秒", m: " 分钟", h: " 小时", d: " 天" } } as const;
export function formatAge(language: Language, ms: number): string {
  const u = AGE_UNITS[language];
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s}${u.s}`;
  if (s < 3600) return `${Math.floor(s / 60)}${u.m}`;
  if (s < 86_400) return `${Math.floor(s / 3600)}${u.h}`;
  return `${Math.floor(s / 86_400)}${u.d}`;
}

function createUncached(language: Language, timeZone: string): Format {
  const locale = LOCALES[language];
  const zoned = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...options });
  const time = zoned({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const minute = zoned({ hour: "2-digit", minute: "2-digit" });
  const exact = zoned({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const date = zoned({ year: "numeric", month: "short", day: "numeric" });
  const zone = zoned({ timeZoneName: "shortOffset" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const number = (n: number, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(n);
  return {
    time: (at) => time.format(at),
    minute: (at) => minute.format(at),
    exact: (at) => exact.format(at),
    exactRange: (from, to) => exact.formatRange(from, to),
    date: (at) => date.format(at),
    zone: (at) => zone.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? timeZone,
    span: formatSpan,
    age: (ms) => formatAge(language, ms),
    ago: (ms) => {
      const s = Math.max(0, Math.round(ms / 1000));
      if (s < 60) return relative.format(-s, "second");
      if (s < 3600) return relative.format(-Math.round(s / 60), "minute");
      if (s < 86_400) return relative.format(-Math.round(s / 3600), "hour");
      return relative.format(-Math.round(s / 86_400), "day");
    },
    days: (days) => {
      const [value, unit, digits] = days >= 1 ? [days, "day", 1] as const : days * 24 >= 0.95 ? [days * 24, "hour", 1] as const : [days * 1_440, "minute", 0] as const;
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: digits }).format(value);
    },
    number,
    percent: (share) => percent.format(share),
    metres: (m) => (m < 1000 ? `${number(m)} ${language === "zh" ? "米" : "m"}` : `${number(m / 1000, 1)} ${language === "zh" ? "公里" : "km"}`),
    bytes: (n) => (n < 1e6 ? `${number(n / 1e3)} kB` : n < 1e9 ? `${number(n / 1e6)} MB` : n < 1e12 ? `${number(n / 1e9, 1)} GB` : `${number(n / 1e12, 2)} TB`),
    list: (items) => list.format(items),
  };
}

const made = new Map<string, Format>();
/** Making Intl objects costs a millisecond each, so one set is kept for each language and zone. */
export function createFormat(language: Language, timeZone: string): Format {
  const key = `${language} ${timeZone}`;
  let format = made.get(key);
  if (format === undefined) made.set(key, (format = createUncached(language, timeZone)));
  return format;
}
