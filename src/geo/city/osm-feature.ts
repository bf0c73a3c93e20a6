// What the readers of OpenStreetMap data hand to the city builder, whatever file it came from. Coordinates in 1e-7 degree (OSM's own grain).
// Names of mappers, changesets and times never get this far.
import type { Tags } from "../road-class.ts";

interface Common {
  /** Unique with `element`; a feature that tiles cut into pieces comes several times with the same id. */
  readonly id: number;
  readonly element: "node" | "way" | "relation";
  readonly tags: Tags;
}
export interface OsmPoint extends Common {
  readonly shape: "point";
  readonly lonE7: number;
  readonly latE7: number;
}
export interface OsmLine extends Common {
  readonly shape: "line";
  readonly lineE7: readonly number[]; // lon, lat, lon, lat
}
export interface OsmArea extends Common {
  readonly shape: "area";
  readonly ringsE7: readonly (readonly number[])[]; // outer ring first, then its holes; closed or not
}
export type OsmFeature = OsmPoint | OsmLine | OsmArea;

/** Which closed ways are areas and not loops of road: the keys that make one. */
const AREA_KEYS = ["building", "landuse", "leisure", "amenity", "shop", "tourism", "office", "historic", "place", "area", "aeroway", "water", "military"] as const;
const AREA_NATURAL = new Set(["water", "wood", "scrub", "sand", "beach", "wetland", "grassland", "heath", "bare_rock", "bay"]);
const AREA_MAN_MADE = new Set(["pier", "breakwater", "storage_tank", "works", "bridge", "reservoir_covered", "wastewater_plant"]);

/** Whether a closed way with these tags encloses an area (highways, barriers and railways do not, unless area=yes). */
export function isArea(tags: Tags): boolean {
  if (tags["area"] === "no") return false;
  if (tags["area"] === "yes") return true;
  if (tags["highway"] !== undefined || tags["railway"] !== undefined || tags["barrier"] !== undefined) return false;
  if (tags["waterway"] === "riverbank" || AREA_NATURAL.has(tags["natural"] ?? "") || AREA_MAN_MADE.has(tags["man_made"] ?? "")) return true;
  return AREA_KEYS.some((key) => tags[key] !== undefined && tags[key] !== "no" && !(key === "aeroway" && (tags[key] === "runway" || tags[key] === "taxiway")));
}

/** Area (square units of the ring) and centroid of a ring; a degenerate ring has area 0 and its first point. */
export function ringCentroid(ring: readonly number[]): { readonly lonE7: number; readonly latE7: number; readonly areaE14: number } {
  const ox = ring[0] ?? 0;
  const oy = ring[1] ?? 0;
  let area = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    const ax = ring[i]! - ox;
    const ay = ring[i + 1]! - oy;
    const bx = ring[j]! - ox;
    const by = ring[j + 1]! - oy;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  if (area === 0) return { lonE7: ox, latE7: oy, areaE14: 0 };
  return { lonE7: Math.round(ox + x / (3 * area)), latE7: Math.round(oy + y / (3 * area)), areaE14: Math.abs(area) / 2 };
}
