// What other agencies may read of us: one incident, for a purpose, until an end. Without a sharing nobody outside is given what an incident is about, where it is or who goes.
import { z } from "zod";
import { Actor, Id, WallTime, text } from "./basics.ts";

/** key: a neighbouring centre asks with its key. webhook: it is told by one, in the form that this has (callers' words in `eido` only). */
export const AGENCY_KINDS = ["key", "webhook"] as const;
export const Agency = z.object({ kind: z.enum(AGENCY_KINDS), id: Id, name: z.string() });
export type Agency = z.infer<typeof Agency>;

/** In force until its end, or until somebody ends it. */
export const Sharing = z.object({
  id: Id, incidentId: Id, agency: Agency, purpose: z.string(), until: WallTime, madeAt: WallTime, madeBy: Actor, endedAt: WallTime.nullable(), endedBy: Actor.nullable(),
  reads: z.int().nonnegative(), lastReadAt: WallTime.nullable(),
});
export type Sharing = z.infer<typeof Sharing>;

export const LONGEST_SHARING_HOURS = 168;
export const NewSharing = z.object({ agency: Agency.pick({ kind: true, id: true }), purpose: text(200), hours: z.int().min(1).max(LONGEST_SHARING_HOURS) });
export type NewSharing = z.infer<typeof NewSharing>;
