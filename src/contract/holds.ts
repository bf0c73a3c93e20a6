// Evidence holds: what was recorded in a range of time, by named cameras, is not deleted until a person releases it. A hold has a case (an incident) or words, a
// date by which somebody has to look at it again, and a history of its own: it is reviewed and released, never edited. One whose review date has passed
// still holds; it is listed as overdue.
import { z } from "zod";
import { Actor, Id, WallTime, text } from "./basics.ts";

export const MOST_HELD_CAMERAS = 200;
/** Of a hold's range, and until its next review. */
export const MOST_HOLD_DAYS = 366;

/** held: kept; overdue: kept, and past its review date; released: kept no longer than its camera's retention says. */
export const HOLD_STATES = ["held", "overdue", "released"] as const;

/** `to` may be ahead of now: what is still to be recorded is held as it comes. An incident or words, or both. */
export const NewHold = z.object({
  cameraIds: z.array(Id).min(1).max(MOST_HELD_CAMERAS), from: WallTime, to: WallTime,
  incidentId: Id.nullable().default(null), words: text(500).nullable().default(null), reviewAt: WallTime,
});
export type NewHold = z.infer<typeof NewHold>;
/** Looked at again, and still needed until then. */
export const ReviewHold = z.object({ reviewAt: WallTime, words: text(500) });
export type ReviewHold = z.infer<typeof ReviewHold>;
export const ReleaseHold = z.object({ words: text(500) });
export type ReleaseHold = z.infer<typeof ReleaseHold>;

/** One entry of a hold's history after its making, oldest first. */
export const HoldStep = z.object({ kind: z.enum(["reviewed", "released"]), at: WallTime, by: Actor, words: z.string(), reviewAt: WallTime.nullable() });
export type HoldStep = z.infer<typeof HoldStep>;

export const Hold = z.object({
  id: Id, state: z.enum(HOLD_STATES), from: WallTime, to: WallTime, incidentId: Id.nullable(), words: z.string().nullable(), reviewAt: WallTime,
  cameras: z.array(z.object({ id: Id, code: z.string(), name: z.string(), removed: z.boolean() })),
  madeAt: WallTime, madeBy: Actor, steps: z.array(HoldStep),
  /** Recorders that have not said yet to have kept it as it is now: until they do, they delete by what they knew before. */
  waitingFor: z.array(Id),
});
export type Hold = z.infer<typeof Hold>;

/** newest: `before` is the id of the last one that one has. due: what is open by its date of review, the overdue first, then the released, newest first; in pages by `offset`. */
export const HoldQuery = z.object({
  state: z.enum([...HOLD_STATES, "open"]).optional(), // open: held or overdue
  cameraId: z.coerce.number().int().positive().max(2_147_483_647).optional(), incidentId: z.coerce.number().int().positive().max(2_147_483_647).optional(),
  order: z.enum(["newest", "due"]).default("newest"), offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(), limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type HoldQuery = z.infer<typeof HoldQuery>;
/** `total`: of what was asked, on all pages; `open` and `overdue` (which are open too) of all holds. */
export const HoldPage = z.object({ holds: z.array(Hold), total: z.int(), open: z.int(), overdue: z.int() });
export type HoldCounts = Pick<z.infer<typeof HoldPage>, "total" | "open" | "overdue">;
