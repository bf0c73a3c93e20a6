// The city as the console needs it: its extent, its map, its places.
import { z } from "zod";
import { Id, Point, Reason } from "./basics.ts";

export const City = z.object({
  name: z.string(),
  demo: z.boolean(),
  bounds: z.object({ west: z.number(), south: z.number(), east: z.number(), north: z.number() }),
  centre: Point,
  timeZone: z.string(), // IANA name
  attribution: z.string(), // shown on the map, always
  notice: z.string().nullable(), // what is real and what is invented, in a demo
  counts: z.object({ streets: z.int(), addresses: z.int(), edges: z.int(), cameras: z.int(), campuses: z.int(), platforms: z.int() }),
  tiles: z.object({ base: z.string(), cameras: z.string(), minZoom: z.int(), maxZoom: z.int() }), // URL templates with {z}/{x}/{y}
});
export type City = z.infer<typeof City>;

export const PLACE_KINDS = ["address", "street", "crossing", "school", "police", "hospital", "fire-station", "platform", "camera", "landmark", "coordinates"] as const;
/** One completion of what was typed. `label` is what to show; `district` tells same-named streets apart. */
export const Place = z.object({
  kind: z.enum(PLACE_KINDS),
  label: z.string(),
  district: z.string().nullable(),
  point: Point,
  uncertaintyM: z.number().nonnegative(), // radius within which the place truly is
  exact: z.boolean(), // false: e.g. the number was not known, the nearest known one is given
  cameraId: Id.nullable().default(null),
  platformId: Id.nullable().default(null),
  campusId: Id.nullable().default(null),
  notUnderstood: z.string().nullable().default(null), // the part of the query that this place does not account for
  namesakes: z.int().nonnegative().default(0), // how many others bear the same name elsewhere, that nothing typed tells from it
});
export type Place = z.infer<typeof Place>;

export const PlaceQuery = z.object({ q: z.string().trim().min(1).max(120), limit: z.coerce.number().int().min(1).max(20).default(8), lon: z.coerce.number().optional(), lat: z.coerce.number().optional() });
/** `reason`: no-such-place where nothing was found; outside-city where the typed coordinates, given as a place, lie beyond the border. */
export const Places = z.object({
  places: z.array(Place), tookMs: z.number(), reason: Reason.nullable(),
  /** There are so many cameras that they are found here by code and its beginning, not by name. */
  camerasByCodeOnly: z.boolean(),
});

/** As it is entered: by its code, which is its name for ever. */
export const NewPlatform = z.object({ code: z.string().trim().min(1).max(40), name: z.string().trim().min(1).max(120), point: Point });
export type NewPlatform = z.infer<typeof NewPlatform>;
/** `road`: the one that it stands at, by name where it has one; null: none is near. */
export const Platform = z.object({
  id: Id, code: z.string(), name: z.string(), point: Point, district: z.string().nullable(), road: z.object({ name: z.string().nullable(), metres: z.number().nonnegative() }).nullable(),
});
export type Platform = z.infer<typeof Platform>;
export const Campus = z.object({
  id: Id, code: z.string(), name: z.string(), point: Point,
  guards: z.array(z.object({ name: z.string(), post: z.string(), phone: z.string() })),
});
export type Campus = z.infer<typeof Campus>;
