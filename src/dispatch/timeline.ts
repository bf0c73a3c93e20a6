// An incident's history as a chain: entry n carries the hash of entry n-1, so that nobody can change or drop a line of the log without every
// later line telling. The hash covers a canonical text (keys sorted, RFC 8785 in the part that we use), because the database keeps bodies as
// jsonb, which reorders keys. Rejected: hashing the stored bytes, which ties the proof to one storage format.
import type { WallMs } from "../base/time.ts";
import type { Actor, TimelineEntry } from "./entities.ts";
import type { EventBody, StoredEvent } from "./events.ts";
import { incidentOfEvent } from "./events.ts";
import { isAhead } from "./set-back.ts";
import type { HashFunction, State } from "./state.ts";

/** What stands where the first entry would name the one before: 64 zeros. */
export const CHAIN_START = "0".repeat(64);

/** JSON with sorted keys and nothing between; members that are undefined are left out, as JSON.stringify does. */
export function formatCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => formatCanonical(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${formatCanonical(member)}`).join(",")}}`;
}

function hashEntry(hash: HashFunction, event: Pick<StoredEvent, "sequence" | "at" | "by" | "body">, incidentId: number, number: number, previousHash: string): string {
  return hash(formatCanonical({ incidentId, number, sequence: event.sequence, at: event.at, by: event.by, body: event.body, previousHash }));
}

/** Gives an event its place in the log and in its incident's chain. */
export function sealEvent(state: State, body: EventBody, by: Actor, now: WallMs, commandId: string | null, hash: HashFunction): StoredEvent {
  const sequence = state.sequence + 1;
  const at = isAhead(state.at, now) ? now : Math.max(now, state.at);
  const incidentId = incidentOfEvent(body);
  if (incidentId === null) return { sequence, at, by, commandId, body, entry: null };
  const head = state.books.find(incidentId)?.head ?? { number: 0, hash: CHAIN_START };
  const number = head.number + 1;
  return { sequence, at, by, commandId, body, entry: { incidentId, number, previousHash: head.hash, hash: hashEntry(hash, { sequence, at, by, body }, incidentId, number, head.hash) } };
}

/** What is wrong with a stored event as the next one of this state, or null. Told, never refused: an emergency centre starts with a damaged log too. */
export function findFault(state: State, event: StoredEvent, hash: HashFunction): string | null {
  if (event.sequence !== state.sequence + 1) return `event ${event.sequence} follows event ${state.sequence}`;
  if (event.body === null || typeof event.body !== "object") return `event ${event.sequence} is no event`;
  const incidentId = incidentOfEvent(event.body);
  const { entry } = event;
  if (incidentId === null) return entry === null ? null : `event ${event.sequence} stands in the timeline of incident ${entry.incidentId}, and speaks of none`;
  if (entry === null || entry.incidentId !== incidentId) return `event ${event.sequence} is not in the timeline of incident ${incidentId}`;
  const head = state.books.find(incidentId)?.head ?? { number: 0, hash: CHAIN_START };
  if (entry.number !== head.number + 1) return `incident ${incidentId}: entry ${entry.number} follows entry ${head.number}`;
  if (entry.previousHash !== head.hash) return `incident ${incidentId}: entry ${entry.number} does not continue the chain`;
  if (entry.hash !== hashEntry(hash, event, incidentId, entry.number, entry.previousHash)) return `incident ${incidentId}: entry ${entry.number} is not what was hashed`;
  return null;
}

/** The event as a line of its incident's timeline; null where it belongs to none. */
export function timelineEntryOf(event: StoredEvent): TimelineEntry | null {
  if (event.entry === null) return null;
  const { type, ...body } = event.body;
  const corrects = event.body.type === "incident.noted" ? event.body.corrects : null;
  return { ...event.entry, sequence: event.sequence, at: event.at, by: event.by, event: type, body, corrects };
}
