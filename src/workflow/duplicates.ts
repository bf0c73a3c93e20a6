// Which incidents a call may be about: near in place and time, of the same kind, or of the same caller. Candidates with reasons, best first; a person attaches, and can undo it.
import { HOUR_MS, type WallMs } from "../base/time.ts";
import { type Contact, INCIDENT_TYPES, type Incident, type IncidentType, type LonLat } from "../dispatch/entities.ts";
import type { State } from "../dispatch/state.ts";
import { isOpen } from "../dispatch/transitions.ts";
import { distanceM } from "../geo/point.ts";
import type { Reason } from "./recommendation.ts";

/** Parameters: near metres; none for the others but ended, ms since then. */
export const DUPLICATE_REASONS = ["same-caller", "near", "same-type", "same-line", "ended"] as const;
export interface DuplicateCandidate {
  readonly incidentId: number;
  readonly number: number;
  readonly score: number;
  readonly reasons: Reason[];
}
export interface DuplicateQuestion {
  readonly contact: Contact | null;
  /** Where the caller says it is; null: not known yet, and only the caller tells. */
  readonly place: { readonly point: LonLat; readonly uncertaintyM: number } | null;
  readonly type: IncidentType | null;
  readonly now: WallMs;
}

const MOST = 5;
const NEAR_M = 300;
/** An incident that ended may be what the next caller sees; after this it is another. */
const ENDED_WITHIN_MS = HOUR_MS / 2;

/** Incidents that ended a moment ago, however old they are: an index over the fold, kept by its changes, since a walk over all that ever ended would grow with the years. */
export interface EndedIncidents {
  take(incidents: Iterable<Incident>, now: WallMs): void;
  list(now: WallMs): number[];
}
export function createEndedIncidents(): EndedIncidents {
  const endedAt = new Map<number, WallMs>(); // in the order of their ends; at a start by id, and then some stay a little longer
  const forget = (now: WallMs): void => {
    for (const [id, at] of endedAt) {
      if (now - at <= ENDED_WITHIN_MS) return;
      endedAt.delete(id);
    }
  };
  return {
    take: (incidents, now) => {
      for (const { id, endedAt: at } of incidents) {
        if (endedAt.get(id) === at) continue;
        endedAt.delete(id);
        if (at !== null && now - at <= ENDED_WITHIN_MS) endedAt.set(id, at);
      }
      forget(now);
    },
    list: (now) => {
      forget(now);
      return [...endedAt.keys()];
    },
  };
}

/** `endedIds`: incidents that ended a moment ago. */
export function findDuplicates(state: State, { contact, place, type, now }: DuplicateQuestion, endedIds: readonly number[]): DuplicateCandidate[] {
  const number = contact?.callerNumber ?? null;
  const candidates: DuplicateCandidate[] = [];
  for (const id of new Set([...state.openIncidents.keys(), ...endedIds])) {
    const incident = state.incidents.get(id);
    const candidate = incident.mergedIntoId !== null ? null : judge(state, incident, { contact, place, type, now }, number);
    if (candidate !== null) candidates.push(candidate);
  }
  return candidates.sort((a, b) => b.score - a.score || b.incidentId - a.incidentId).slice(0, MOST);
}

/** Shorter ones are numbers of an exchange's own, which differ by one digit. */
const LEAST_DIGITS = 7;
/** One number with its country or without, with its leading zero or without, however it is spaced: the shorter is the end of the longer. */
export function isSameNumber(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false;
  const [one, other] = [a, b].map((number) => number.replace(/\D/g, "").replace(/^0+/, "")).sort((x, y) => x.length - y.length) as [string, string];
  return a === b || (one.length >= LEAST_DIGITS && other.endsWith(one));
}

function judge(state: State, incident: Incident, { contact, place, type, now }: DuplicateQuestion, callerNumber: string | null): DuplicateCandidate | null {
  const reasons: Reason[] = [];
  let score = 0;
  const endedMs = incident.endedAt === null || isOpen(incident.status) ? 0 : now - incident.endedAt;
  if (endedMs > ENDED_WITHIN_MS) return null;
  if (contact !== null && incident.contactIds.includes(contact.id)) return null;
  const sameCaller = incident.contactIds.some((id) => isSameNumber(state.contacts.get(id).callerNumber, callerNumber));
  if (sameCaller) {
    score += 3;
    reasons.push({ code: "same-caller", params: {} });
  }
  const metres = place === null ? Infinity : Math.max(0, distanceM(place.point, incident.place.point));
  const reach = NEAR_M + (place?.uncertaintyM ?? 0) + incident.place.uncertaintyM;
  if (metres <= reach) {
    score += 2 * (1 - metres / (2 * reach));
    reasons.push({ code: "near", params: { metres: Math.round(metres) } });
  }
  if (reasons.length === 0) return null; // neither the caller nor the place: the kind alone says nothing
  if (type !== null && type === incident.type) {
    score += 1.5;
    reasons.push({ code: "same-type", params: {} });
  } else if (type !== null && INCIDENT_TYPES[type].line === INCIDENT_TYPES[incident.type].line) {
    score += 0.5;
    reasons.push({ code: "same-line", params: {} });
  }
  score -= Math.min(1.5, (now - incident.firstContactAt) / (2 * HOUR_MS));
  if (endedMs > 0) {
    score -= 1;
    reasons.push({ code: "ended", params: { ms: endedMs } });
  }
  return { incidentId: incident.id, number: incident.number, score: Math.round(score * 100) / 100, reasons };
}
