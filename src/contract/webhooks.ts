// What outside systems are told of incidents and public warnings: webhooks, their deliveries, and the same events by cursor.
import { z } from "zod";
import { Actor, Id, WallTime, text } from "./basics.ts";
import { Incident, Unit } from "./dispatch.ts";

export const WEBHOOK_TOPICS = ["incident", "warning"] as const;
export const WEBHOOK_FORMATS = ["citywatch", "eido"] as const;
export const DELIVERY_STATES = ["waiting", "delivered", "dead"] as const;

export const Webhook = z.object({
  id: Id, name: z.string(), url: z.string(), topics: z.array(z.enum(WEBHOOK_TOPICS)), format: z.enum(WEBHOOK_FORMATS), enabled: z.boolean(), madeAt: WallTime, madeBy: Actor,
  waiting: z.int(), dead: z.int(), lastDeliveredAt: WallTime.nullable(), lastError: z.string().nullable(),
});
export type Webhook = z.infer<typeof Webhook>;
/** What is needed to deliver to it. */
export type WebhookTarget = Pick<Webhook, "id" | "name" | "url" | "format">;
export const NewWebhook = z.object({ name: text(60), url: z.string().trim().min(1).max(500), topics: z.array(z.enum(WEBHOOK_TOPICS)).min(1).default(["incident"]), format: z.enum(WEBHOOK_FORMATS).default("citywatch") });
export type NewWebhook = z.infer<typeof NewWebhook>;
/** `secret`, with which deliveries are signed, is told here and nowhere else. */
export const WebhookMade = z.object({ webhook: Webhook, secret: z.string() });

export const Delivery = z.object({
  id: Id, webhookId: Id, webhookName: z.string(), sequence: z.int(), topic: z.enum(WEBHOOK_TOPICS), event: z.string(), subjectId: Id, state: z.enum(DELIVERY_STATES), tries: z.int(), error: z.string().nullable(),
  madeAt: WallTime, nextAt: WallTime.nullable(),
});
export type Delivery = z.infer<typeof Delivery>;
export interface DueDelivery {
  readonly id: number;
  readonly sequence: number;
  readonly topic: Delivery["topic"];
  readonly event: string;
  readonly subjectId: number;
  readonly eventAt: number;
  readonly tries: number;
}
export const DeliveryQuery = z.object({ state: z.enum(DELIVERY_STATES).default("dead"), before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(500).default(100) });

/** One event of an incident, without words of callers: whoever may know more asks for the incident. `sequence` is the log's: ask after the last that you have. */
export const IncidentEvent = z.object({ sequence: z.int(), at: WallTime, event: z.string(), incidentId: Id, number: z.int() });
export type IncidentEvent = z.infer<typeof IncidentEvent>;
export const EventQuery = z.object({ after: z.coerce.number().int().nonnegative().default(0).describe("Resume cursor: `next` of the last answer, 0 for the beginning"), limit: z.coerce.number().int().min(1).max(1_000).default(200) });
export const EventPage = z.object({ events: z.array(IncidentEvent), next: z.int() });

/**
 * The body of a delivery of the form `citywatch`. What the incident is when it is sent; the event may be older. `shared`: what, where and who goes, only while a person shares
 * the incident with this webhook (contract/sharings.ts); null: not shared.
 */
export const IncidentDelivery = z.object({
  type: z.string(), sequence: z.int(), at: WallTime, sentAt: WallTime, incident: Incident.pick({ id: true, number: true, status: true }),
  shared: z.object({
    ...Incident.pick({ type: true, priority: true, place: true, createdAt: true, endedAt: true, disposition: true }).shape,
    units: z.array(Unit.pick({ callSign: true, kind: true }).extend({ state: z.string() })),
  }).nullable(),
});
