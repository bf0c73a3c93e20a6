// Where the sun stands over a place, and whether it is dark there. The low-precision formula of the Astronomical Almanac (section C, "Low precision formulas
// for the Sun"): right to 0.01 degrees from 1950 to 2050, without the air's bending, which lifts a sun at the horizon by half a degree. A library of
// sun times (suncalc) has the same series with dates, moon and rise times around it, of which nothing is asked here.
import type { Point } from "./point.ts";

export interface Sun {
  readonly elevationDeg: number; // above the horizon; below it negative
  readonly azimuthDeg: number; // clockwise from north
}

/** Where civil twilight ends: until then one works out of doors without lamps (US Naval Observatory). */
const CIVIL_TWILIGHT_DEG = -6;

const DAY_MS = 86_400_000;
const J2000_MS = Date.UTC(2000, 0, 1, 12);

export function sunAt(wallMs: number, place: Point): Sun {
  const days = (wallMs - J2000_MS) / DAY_MS;
  const anomaly = 357.528 + 0.985_600_3 * days;
  const longitude = 280.46 + 0.985_647_4 * days + 1.915 * sin(anomaly) + 0.02 * sin(2 * anomaly);
  const obliquity = 23.439 - 0.000_000_4 * days;
  const ascension = degrees(Math.atan2(cos(obliquity) * sin(longitude), cos(longitude)));
  const declination = degrees(Math.asin(sin(obliquity) * sin(longitude)));
  const siderealDeg = 280.460_618_37 + 360.985_647_366_29 * days + place.lon;
  const hourDeg = siderealDeg - ascension;
  const elevationDeg = degrees(Math.asin(sin(place.lat) * sin(declination) + cos(place.lat) * cos(declination) * cos(hourDeg)));
  const azimuth = degrees(Math.atan2(-sin(hourDeg) * cos(declination), sin(declination) * cos(place.lat) - cos(declination) * sin(place.lat) * cos(hourDeg)));
  return { elevationDeg, azimuthDeg: (azimuth + 360) % 360 };
}

export const isDark = (sun: Sun): boolean => sun.elevationDeg < CIVIL_TWILIGHT_DEG;

const sin = (deg: number): number => Math.sin((deg * Math.PI) / 180);
const cos = (deg: number): number => Math.cos((deg * Math.PI) / 180);
const degrees = (rad: number): number => (rad * 180) / Math.PI;
