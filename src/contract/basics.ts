// The small words that all messages share. One schema gives the type, the validation and the OpenAPI text.
// Wall times are whole milliseconds since 1970; places are WGS 84 degrees, longitude first (GeoJSON, RFC 7946).
import { z } from "zod";

export const WallTime = z.int().nonnegative().meta({ description: "milliseconds since 1970-01-01T00:00:00Z" });
export const Id = z.int().positive();
export const TimeZone = z.string().regex(/^[A-Za-z][A-Za-z0-9+_/-]{0,63}$/).meta({ description: "IANA name of a time zone" });
export const Point = z.object({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) });
export type Point = z.infer<typeof Point>;

/** Free text of a person: trimmed, bounded, never empty. */
export const text = (most: number) => z.string().trim().min(1).max(most);

/** Who did a thing, as shown to others. A service is a machine account (telephone switch, vehicle tracking). */
export const Actor = z.object({ kind: z.enum(["user", "service", "system"]), id: z.int().nonnegative(), name: z.string() });
export type Actor = z.infer<typeof Actor>;

/** One wrong field. `expected` is English; `code` and `params` say the same for a console to put in its own words (base/expectations.ts). */
export const Fault = z.object({ field: z.string(), value: z.string(), expected: z.string(), code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
export type Fault = z.infer<typeof Fault>;

/**
 * Every refusal has this body (RFC 9457 in spirit). `rule` is a stable code that the console translates; `message` is English for
 * logs and integrators; `faults` name each wrong field with its value and what was expected.
 */
export const Problem = z.object({
  rule: z.string(),
  message: z.string(),
  faults: z.array(Fault).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A reason as a code with parameters, so that each language says it in its own words. */
export const Reason = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
export type Reason = z.infer<typeof Reason>;

/** The machine account that feeds the log of another centre: what it says of times is that log's, not ours. */
export const REPLAY_ACTOR_ID = 5;
export const isReplay = (by: Pick<Actor, "kind" | "id">): boolean => by.kind === "service" && by.id === REPLAY_ACTOR_ID;
/** Among the skills of a unit of that log: whoever plays the crews of a city leaves it to the replay. */
export const REPLAYED_SKILL = "replayed";
