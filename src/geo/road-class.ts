// What OpenStreetMap's road tags mean for an emergency vehicle: may it drive here, which way, how fast.
// Speeds are what a vehicle makes good in traffic, not the limit: a mapped limit counts for 80 % of itself, an unmapped one takes the class's figure.
// Hours of the day are shares of these (road-hours.ts); sirens and learned residuals are in neither.

/** Order is the code in files; add at the end only. */
export const ROAD_CLASSES = [
  "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living-street", "service", "track", "link",
] as const;
export type RoadClass = (typeof ROAD_CLASSES)[number];

/** km/h made good where no limit is mapped. */
export const SPEED_OF_CLASS_KMH: Record<RoadClass, number> = {
  motorway: 90, trunk: 60, primary: 45, secondary: 40, tertiary: 35, unclassified: 30, residential: 28, "living-street": 12, service: 15, track: 12, link: 35,
};

const CLASS_OF_HIGHWAY: Record<string, RoadClass> = {
  motorway: "motorway", trunk: "trunk", primary: "primary", secondary: "secondary", tertiary: "tertiary", unclassified: "unclassified", residential: "residential",
  living_street: "living-street", service: "service", track: "track", road: "unclassified",
  motorway_link: "link", trunk_link: "link", primary_link: "link", secondary_link: "link", tertiary_link: "link",
};
const SHARE_OF_LIMIT = 0.8;
/** Private ways stay in the graph, since a crew may drive in, but slow enough that no route goes through them. */
const PRIVATE_SHARE = 0.3;
const MPH_IN_KMH = 1.609344;

export interface RoadAttributes {
  readonly roadClass: RoadClass;
  readonly forward: boolean;
  readonly backward: boolean;
  readonly speedKmh: number; // 1 to 130
  readonly name: string | null;
}

export type Tags = Readonly<Record<string, string>>;

/** The road that these tags describe, or null where vehicles cannot drive (footways, proposed roads, areas, access=no). */
export function roadOfTags(tags: Tags): RoadAttributes | null {
  const roadClass = CLASS_OF_HIGHWAY[tags["highway"] ?? ""];
  if (roadClass === undefined || tags["area"] === "yes") return null;
  const access = tags["emergency"] === "yes" ? "yes" : (tags["motor_vehicle"] ?? tags["vehicle"] ?? tags["access"] ?? "yes");
  if (access === "no") return null;
  const { forward, backward } = directionsOf(tags);
  const limit = parseSpeedKmh(tags["maxspeed"]);
  const made = limit === null ? SPEED_OF_CLASS_KMH[roadClass] : limit * SHARE_OF_LIMIT;
  const speedKmh = Math.round(Math.min(130, Math.max(5, access === "private" ? made * PRIVATE_SHARE : made)));
  return { roadClass, forward, backward, speedKmh, name: tags["name"] ?? tags["ref"] ?? null };
}

function directionsOf(tags: Tags): { forward: boolean; backward: boolean } {
  const oneWay = tags["oneway"];
  if (oneWay === "-1" || oneWay === "reverse") return { forward: false, backward: true };
  if (oneWay === "yes" || oneWay === "true" || oneWay === "1") return { forward: true, backward: false };
  const implied = tags["junction"] === "roundabout" || tags["junction"] === "circular" || tags["highway"] === "motorway" || tags["highway"] === "motorway_link";
  if (implied && oneWay !== "no") return { forward: true, backward: false };
  return { forward: true, backward: true };
}

/** A maxspeed value in km/h: "50", "30 mph"; null for "none", "signals" and anything else. */
export function parseSpeedKmh(value: string | undefined): number | null {
  const match = /^(\d{1,3}(?:\.\d+)?)\s*(mph|km\/h|kmh)?$/.exec(value?.trim() ?? "");
  if (match === null) return null;
  const number = Number(match[1]);
  return number === 0 ? null : match[2] === "mph" ? number * MPH_IN_KMH : number;
}
