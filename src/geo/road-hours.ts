// How much slower or faster than by day vehicles are at another hour, by class of road: a share of the speed that the graph holds. Three kinds of hour, so that a city's times are laid anew a few
// times a day and not each minute.
// Source of the peak on main roads: Texas A&M Transportation Institute, 2019 Urban Mobility Report: mean travel time index of 494 urban areas in 2017, 1.23 (a way that takes 10 minutes
// on free roads takes 12.3 in the peak). The other figures are estimates: minor roads are held up by their width and their turns more than by traffic, so they lose and win half as much; at night main
// roads win what crossing traffic and queues cost by day. A city that has measured its own changes this table.
import type { RoadClass } from "./road-class.ts";

export const ROAD_HOURS = ["night", "day", "peak"] as const;
export type RoadHour = (typeof ROAD_HOURS)[number];

const MAIN: Record<RoadHour, number> = { night: 1.15, day: 1, peak: 1 / 1.23 };
const MINOR: Record<RoadHour, number> = { night: 1.07, day: 1, peak: 0.9 };
const STILL: Record<RoadHour, number> = { night: 1, day: 1, peak: 1 };

/** Share of the speed by day. */
export const SPEED_SHARES: Record<RoadClass, Record<RoadHour, number>> = {
  motorway: MAIN, trunk: MAIN, primary: MAIN, secondary: MAIN, link: MAIN, tertiary: MINOR, unclassified: MINOR, residential: MINOR, "living-street": STILL, service: STILL, track: STILL,
};

/** Which kind of hour it is by the city's own clock; `weekday` 0 is Sunday. Peaks are of working days. */
export function roadHourOf(hour: number, weekday: number): RoadHour {
  if (hour < 6 || hour >= 22) return "night";
  const works = weekday >= 1 && weekday <= 5;
  return works && ((hour >= 7 && hour < 9) || (hour >= 17 && hour < 19)) ? "peak" : "day";
}
