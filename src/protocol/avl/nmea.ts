// NMEA 0183 as trackers send it: one sentence a line, `$ttsss,field,...*hh`, where tt is the talker (GP, GN, GL, GA, GB, BD ...), sss the kind and hh the
// exclusive-or of all bytes between `$` and `*`. Read are RMC (place, time with date, speed, course) and GGA (place, time of day). NMEA has no word for which
// device speaks; trackers say it in a line of its own before: `$PGID,<id>*hh`, or the bare id. Whatever else a receiver sends (GSV, GSA, VTG ...) is passed over.
//
//   $GPRMC,hhmmss.ss,A,llll.ll,a,yyyyy.yy,a,speed kn,course,ddmmyy,variation,a[,mode[,status]]*hh
//   $GPGGA,hhmmss.ss,llll.ll,a,yyyyy.yy,a,quality,satellites,hdop,altitude,M,...*hh

/** The standard ends at 82; proprietary sentences of trackers go beyond. */
export const MOST_SENTENCE_CHARACTERS = 160;

export interface NmeaFix {
  readonly lon: number;
  readonly lat: number;
  /** RMC: wall time. GGA: ms since its day's midnight in UTC, which day it does not say. */
  readonly time: { readonly wallMs: number } | { readonly ofDayMs: number };
  readonly speedMps: number | null;
  readonly headingDeg: number | null;
  /** False: the receiver has no fix (status V, quality 0); what it says of the place is then its last. */
  readonly valid: boolean;
}
export type NmeaLine =
  | { readonly kind: "fix"; readonly sentence: "RMC" | "GGA"; readonly fix: NmeaFix }
  | { readonly kind: "device"; readonly deviceId: string }
  | { readonly kind: "other" }
  | { readonly kind: "invalid"; readonly reason: "too-long" | "no-checksum" | "wrong-checksum" | "wrong-field" | "not-nmea"; readonly field: string };

const KNOT_MPS = 1_852 / 3_600;
const DAY_MS = 86_400_000;
const DEVICE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,39}$/;
const invalid = (reason: Extract<NmeaLine, { kind: "invalid" }>["reason"], field = ""): NmeaLine => ({ kind: "invalid", reason, field });

export function checksumOf(body: string): number {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i) & 0xff;
  return sum;
}

/** One line without its end. Never throws. */
export function parseNmea(line: string): NmeaLine {
  if (line.length > MOST_SENTENCE_CHARACTERS) return invalid("too-long");
  if (!line.startsWith("$")) return DEVICE_ID.test(line) ? { kind: "device", deviceId: line } : invalid("not-nmea");
  const star = line.lastIndexOf("*");
  if (star < 0) return invalid("no-checksum");
  const body = line.slice(1, star);
  if (!/^[0-9A-Fa-f]{2}$/.test(line.slice(star + 1))) return invalid("no-checksum");
  if (Number.parseInt(line.slice(star + 1), 16) !== checksumOf(body)) return invalid("wrong-checksum");
  const fields = body.split(",");
  const name = fields[0]!;
  if (name === "PGID") return DEVICE_ID.test(fields[1] ?? "") ? { kind: "device", deviceId: fields[1]! } : invalid("wrong-field", "device id");
  if (!/^[A-Z]{2}(RMC|GGA)$/.test(name)) return { kind: "other" };
  return name.endsWith("RMC") ? parseRmc(fields) : parseGga(fields);
}

function parseRmc(fields: readonly string[]): NmeaLine {
  const valid = fields[2] === "A";
  if (!valid && fields[2] !== "V") return invalid("wrong-field", "status");
  const ofDayMs = parseTimeOfDay(fields[1] ?? "");
  if (ofDayMs === null) return invalid("wrong-field", "time");
  const day = parseDate(fields[9] ?? "");
  if (day === null) return invalid("wrong-field", "date");
  const place = parsePlace(fields.slice(3, 7), valid);
  if (typeof place === "string") return invalid("wrong-field", place);
  const knots = parseNumber(fields[7] ?? "", 2_000);
  const course = parseNumber(fields[8] ?? "", 360);
  if (knots === undefined) return invalid("wrong-field", "speed");
  if (course === undefined) return invalid("wrong-field", "course");
  return { kind: "fix", sentence: "RMC", fix: { ...place, time: { wallMs: day + ofDayMs }, speedMps: knots === null ? null : knots * KNOT_MPS, headingDeg: course === null ? null : course % 360, valid } };
}

function parseGga(fields: readonly string[]): NmeaLine {
  const ofDayMs = parseTimeOfDay(fields[1] ?? "");
  if (ofDayMs === null) return invalid("wrong-field", "time");
  if (!/^[0-8]$/.test(fields[6] ?? "")) return invalid("wrong-field", "quality");
  const valid = fields[6] !== "0";
  const place = parsePlace(fields.slice(2, 6), valid);
  if (typeof place === "string") return invalid("wrong-field", place);
  return { kind: "fix", sentence: "GGA", fix: { ...place, time: { ofDayMs }, speedMps: null, headingDeg: null, valid } };
}

/** Degrees and minutes run together: ddmm.mmmm, dddmm.mmmm. The field at fault where it cannot be read; a receiver without a fix leaves them empty. */
function parsePlace([lat = "", ns = "", lon = "", ew = ""]: readonly string[], valid: boolean): { lon: number; lat: number } | "latitude" | "longitude" {
  if (!valid && lat === "" && lon === "") return { lon: 0, lat: 0 };
  const north = parseDegrees(lat, 2, 90);
  if (north === null || (ns !== "N" && ns !== "S")) return "latitude";
  const east = parseDegrees(lon, 3, 180);
  if (east === null || (ew !== "E" && ew !== "W")) return "longitude";
  return { lat: ns === "S" ? -north : north, lon: ew === "W" ? -east : east };
}

function parseDegrees(text: string, digits: 2 | 3, most: number): number | null {
  if (!/^\d{4,5}(?:\.\d{1,8})?$/.test(text) || text.split(".")[0]!.length !== digits + 2) return null;
  const minutes = Number(text.slice(digits));
  const degrees = Number(text.slice(0, digits)) + minutes / 60;
  return minutes < 60 && degrees <= most ? degrees : null;
}

/** Null: empty. Undefined: no number, or beyond the most. */
function parseNumber(text: string, most: number): number | null | undefined {
  if (text === "") return null;
  const value = /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : undefined;
}

function parseTimeOfDay(text: string): number | null {
  const match = /^(\d{2})(\d{2})(\d{2})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hours > 23 || minutes > 59 || seconds > 60) return null; // 60: a leap second
  return (hours * 3_600 + minutes * 60 + seconds) * 1_000 + Math.floor(Number(`0.${match[4] ?? "0"}`) * 1_000);
}

function parseDate(text: string): number | null {
  const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return null;
  const [day, month, short] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = Date.UTC((short >= 80 ? 1_900 : 2_000) + short, month - 1, day);
  const told = new Date(date);
  return told.getUTCMonth() === month - 1 && told.getUTCDate() === day ? date : null;
}

/** The day that brings a time of day nearest to `now`: a fix is seconds old, so it is today's or, about midnight, its neighbour's. */
export function wallTimeOf(time: NmeaFix["time"], now: number): number {
  if ("wallMs" in time) return time.wallMs;
  const today = Math.floor(now / DAY_MS) * DAY_MS + time.ofDayMs;
  return today - now > DAY_MS / 2 ? today - DAY_MS : now - today > DAY_MS / 2 ? today + DAY_MS : today;
}

export interface NmeaFixOf extends Omit<NmeaFix, "time"> {
  readonly deviceId: string;
  readonly at: number;
}
export interface NmeaSession {
  /** What the bytes made: fixes, each with the device that spoke last, and lines that could not be read. */
  feed(bytes: Uint8Array, now: number): { readonly fixes: NmeaFixOf[]; readonly faults: { readonly reason: string; readonly field: string }[] };
}

/**
 * The lines of one connection or of one sender's datagrams. `peer` is the device's name as long as it has said none, e.g. its network address. A receiver that
 * sends both RMC and GGA tells each place twice: once it has sent an RMC its GGA is passed over, since it knows neither speed nor date.
 */
export function createNmeaSession(peer: string): NmeaSession {
  let deviceId = peer;
  let sendsRmc = false;
  let rest = "";
  let isSkipping = false; // the rest of a line that was too long
  return {
    feed: (bytes, now) => {
      const fixes: NmeaFixOf[] = [];
      const faults: { reason: string; field: string }[] = [];
      const take = (line: string): void => {
        const trimmed = line.trim();
        if (trimmed === "") return;
        const parsed = parseNmea(trimmed);
        if (parsed.kind === "device") deviceId = parsed.deviceId;
        else if (parsed.kind === "invalid") faults.push({ reason: parsed.reason, field: parsed.field });
        else if (parsed.kind === "fix") {
          if (parsed.sentence === "RMC") sendsRmc = true;
          else if (sendsRmc) return;
          const { time, ...fix } = parsed.fix;
          fixes.push({ ...fix, deviceId, at: wallTimeOf(time, now) });
        }
      };
      for (const byte of bytes) {
        if (byte === 10 || byte === 13) {
          if (!isSkipping) take(rest);
          rest = "";
          isSkipping = false;
        } else if (!isSkipping) {
          rest += String.fromCharCode(byte);
          if (rest.length > MOST_SENTENCE_CHARACTERS) {
            faults.push({ reason: "too-long", field: "" });
            rest = "";
            isSkipping = true;
          }
        }
      }
      return { fixes, faults };
    },
  };
}
