// Public warnings by CAP 1.2: drafted by one person, approved by another, sent as a feed that anybody may fetch. And warnings of other agencies, which come in by a key.
import { z } from "zod";
import { Actor, Id, Point, WallTime, text } from "./basics.ts";

export const WARNING_CATEGORIES = ["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"] as const;
export const WARNING_URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"] as const;
export const WARNING_SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const;
export const WARNING_CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"] as const;
/** Who is meant: words for people, and a circle or a polygon for machines. */
export const WarningArea = z.object({
  description: text(200), circle: z.object({ point: Point, radiusM: z.number().min(10).max(200_000) }).nullable().default(null), polygon: z.array(Point).min(3).max(200).nullable().default(null),
});
export const WarningContent = z.object({
  headline: text(160), description: text(4_000), instruction: z.string().trim().max(2_000).default(""), event: text(80), language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/).default("en"),
  category: z.enum(WARNING_CATEGORIES), urgency: z.enum(WARNING_URGENCIES), severity: z.enum(WARNING_SEVERITIES), certainty: z.enum(WARNING_CERTAINTIES), expiresAt: WallTime, area: WarningArea,
});
export type WarningContent = z.infer<typeof WarningContent>;

/** A warning is a chain: an alert, its updates, perhaps its end. `follows` is what this one updates or withdraws. */
export const WARNING_KINDS = ["alert", "update", "cancel"] as const;
export const WARNING_STATES = ["draft", "sent", "discarded"] as const;
export const Warning = z.object({
  id: Id, kind: z.enum(WARNING_KINDS), state: z.enum(WARNING_STATES), follows: Id.nullable(), content: WarningContent, incidentId: Id.nullable(),
  revision: z.int().positive(), // of the wording
  draftedAt: WallTime, draftedBy: Actor, // the last wording: when, and whose
  approvedAt: WallTime.nullable(), approvedBy: Actor.nullable(),
  replacedBy: Id.nullable(), // what updates or withdraws it, once that is sent
});
export type Warning = z.infer<typeof Warning>;
/** A cancel takes the content of what it withdraws; its words are why. */
export const NewWarning = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("alert"), content: WarningContent, incidentId: Id.nullable().default(null) }),
  z.object({ kind: z.literal("update"), follows: Id, content: WarningContent }),
  z.object({ kind: z.literal("cancel"), follows: Id, words: text(1_000) }),
]);
export type NewWarning = z.infer<typeof NewWarning>;
/** A draft in other words; of a withdrawal only its description is taken. `revision`: the wording that was changed. */
export const ChangeWarning = z.object({ revision: z.int().positive(), content: WarningContent });
/** What was read: a wording that is newer is not sent. */
export const ApproveWarning = z.object({ revision: z.int().positive() });

/** What everybody may see of a sent warning. */
export const PublicWarning = z.object({
  status: z.enum(["Actual", "Exercise"]), // as in CAP: an exercise is nothing that happened
  identifier: z.string(), sentAt: WallTime, kind: z.enum(WARNING_KINDS), inForce: z.boolean(), headline: z.string(), description: z.string(), instruction: z.string(), event: z.string(), language: z.string(),
  category: z.enum(WARNING_CATEGORIES), urgency: z.enum(WARNING_URGENCIES), severity: z.enum(WARNING_SEVERITIES), certainty: z.enum(WARNING_CERTAINTIES), expiresAt: WallTime, area: WarningArea, capUrl: z.string(),
});
export const PublicWarnings = z.object({ updatedAt: WallTime, warnings: z.array(PublicWarning) });

/** The document, as text; or the document itself with an XML media type. */
export const CapReport = z.object({ xml: z.string().min(1).max(500_000) });
/** Null and a reason: it was read, and asks for nobody's attention here (a test, an exercise, an acknowledgement). */
export const CapTaken = z.object({ contactId: Id.nullable(), repeated: z.boolean(), passedOver: z.enum(["not-actual", "not-a-warning"]).nullable() });
