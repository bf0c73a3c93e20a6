// Coordinates as people and devices write them: decimal degrees, degrees with minutes and seconds, hemispheres as letters or in Chinese, a `geo:` address (RFC 5870), what a map's
// address bar holds. One number per axis in the end; which is latitude is told by its letter, or it is the first, as people say it.
import type { Point } from "./point.ts";

/** "-34.9 -56.2" without a comma is read so too; two house numbers are not, so a point or a mark must stand in it. */
const DECIMAL = /^\(?\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?:[,;]\s*|\s+)([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*\)?$/;
/** "-34,8663669 -56,1630035": a comma for the point in both numbers, as most of the world writes it. A sign or three decimals must stand in each: "18,20 30,40" may be anything. */
const DECIMAL_COMMA = /^\(?\s*([+-]\d{1,3},\d{1,15}|\d{1,3},\d{3,15})\s*°?\s*(?:[,;]\s+|;|\s+)\s*([+-]\d{1,3},\d{1,15}|\d{1,3},\d{3,15})\s*°?\s*\)?$/;
/** 34°54'11.5"S, S 34 54.192, 34d54m11s S, 北纬34度54分11秒: a hemisphere before or after, and one to three numbers. */
const HEMISPHERE = "[NSEWO]|LAT|LON|LNG";
const NUMBERS = String.raw`([+-]?\d{1,3}(?:\.\d+)?)\s*[°D]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['M]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*["S]?)?)?`;
const AXIS_BEFORE = new RegExp(String.raw`^(${HEMISPHERE})\s*[:=]?\s*${NUMBERS.replace('["S]', '"')}$`);
const AXIS_AFTER = new RegExp(String.raw`^${NUMBERS.replace('["S]', '"')}\s*(${HEMISPHERE})$`);
const AXIS_BARE = new RegExp(String.raw`^${NUMBERS.replace('["S]', '"')}$`);
const GEO_URI = /^geo:([+-]?\d+(?:\.\d+)?),([+-]?\d+(?:\.\d+)?)/i;
const MAP_ADDRESS = /^https?:\/\/\S*?(?:@|[?&#](?:q|ll|query|mlat|map)=(?:loc:)?(?:[\d.]+\/)?)([+-]?\d{1,2}\.\d+)(?:,|\/|&mlon=|%2C)([+-]?\d{1,3}\.\d+)/i;

/** null: they are no coordinates. Latitude first; the other order where no hemisphere tells and `accepts` refuses the first and allows it. */
export function parseCoordinates(text: string, accepts: (p: Point) => boolean): Point | null {
  const link = GEO_URI.exec(text.trim()) ?? MAP_ADDRESS.exec(text.trim());
  if (link !== null) return pointOf(Number(link[1]), Number(link[2]));
  const plain = normaliseMarks(text);
  const decimal = DECIMAL.exec(plain);
  if (decimal !== null) return /[.,;]/.test(plain) ? inEitherOrder(Number(decimal[1]), Number(decimal[2]), accepts) : null;
  const comma = DECIMAL_COMMA.exec(plain);
  if (comma !== null) return inEitherOrder(Number(comma[1]!.replace(",", ".")), Number(comma[2]!.replace(",", ".")), accepts);
  for (const [left, right] of splitAxes(plain)) {
    const [a, b] = [readAxis(left), readAxis(right)];
    if (a === null || b === null || (a.axis !== null && a.axis === b.axis)) continue;
    if (a.axis === null && b.axis === null) return inEitherOrder(a.degrees, b.degrees, accepts);
    const latitude = a.axis === "lat" || b.axis === "lon" ? a : b;
    return pointOf(latitude.degrees, (latitude === a ? b : a).degrees);
  }
  return null;
}

interface Axis {
  readonly axis: "lat" | "lon" | null;
  readonly degrees: number;
}

/** The marks of all notations brought to one; what stands for a comma in Chinese texts, too. */
function normaliseMarks(text: string): string {
  return text.normalize("NFKC").trim().toUpperCase()
    .replace(/[´`‘’′ʹ]/g, "'").replace(/''|[“”″ʺ]/g, '"').replace(/[º˚∘]/g, "°").replace(/[−–]/g, "-")
    .replace(/北纬|北緯/g, "N").replace(/南纬|南緯/g, "S").replace(/东经|東經/g, "E").replace(/西经|西經/g, "W").replace(/纬度|緯度|LATITUDE?|LATITUD/g, "LAT").replace(/经度|經度|LONGITUDE?|LONGITUD/g, "LON")
    .replace(/度/g, "°").replace(/分/g, "'").replace(/秒/g, '"').replace(/[、，]/g, ",").replace(/^\(|\)$/g, "").trim();
}

/** Where one axis may end and the other begin: at a comma, else at each space, or before or after a letter. */
function splitAxes(text: string): [string, string][] {
  const places: number[] = [];
  const separator = /[,;]/.exec(text);
  if (separator !== null) return [[text.slice(0, separator.index).trim(), text.slice(separator.index + 1).trim()]];
  if (text.length > 60 || !/[°'"]|[NSEWO]|LAT/.test(text)) return [];
  for (let i = 1; i < text.length; i++) if (/\s/.test(text[i]!) || /[NSEWO]/.test(text[i - 1]!) || /[NSEWOL]/.test(text[i]!)) places.push(i);
  return places.map((at) => [text.slice(0, at).trim(), text.slice(at).trim()]);
}

function readAxis(text: string): Axis | null {
  const before = AXIS_BEFORE.exec(text);
  if (before !== null) return axisOf(before[1]!, before[2]!, before[3], before[4]);
  const after = AXIS_AFTER.exec(text);
  if (after !== null) return axisOf(after[4]!, after[1]!, after[2], after[3]);
  const bare = /[°'"]/.test(text) ? AXIS_BARE.exec(text) : null;
  return bare === null ? null : axisOf(null, bare[1]!, bare[2], bare[3]);
}

function axisOf(letter: string | null, degrees: string, minutes: string | undefined, seconds: string | undefined): Axis | null {
  const [d, m, s] = [Number(degrees), Number(minutes ?? 0), Number(seconds ?? 0)];
  if (m >= 60 || s >= 60 || (minutes !== undefined && degrees.includes(".")) || (seconds !== undefined && minutes!.includes("."))) return null;
  const minus = degrees.startsWith("-");
  if (minus && letter !== null && !letter.startsWith("L")) return null; // "-34 S" is said twice, or means the north
  const size = Math.abs(d) + m / 60 + s / 3_600;
  const south = minus || letter === "S" || letter === "W" || letter === "O"; // oeste, ouest, ovest
  return { axis: letter === null ? null : letter === "N" || letter === "S" || letter === "LAT" ? "lat" : "lon", degrees: south ? -size : size };
}

const pointOf = (lat: number, lon: number): Point | null => (Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lon, lat } : null);
function inEitherOrder(a: number, b: number, accepts: (p: Point) => boolean): Point | null {
  const [latFirst, lonFirst] = [pointOf(a, b), pointOf(b, a)];
  return latFirst !== null && (accepts(latFirst) || lonFirst === null || !accepts(lonFirst)) ? latFirst : lonFirst;
}
