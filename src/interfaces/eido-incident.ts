// Our incidents as EIDO, and a neighbour's EIDO as a contact. The common words are data: both sides of an exchange agree on them, and ours stand beside them unchanged.
import { sayIncidentNumber } from "../base/training-ids.ts";
import type { Assignment, AssignmentState, Contact, Incident, IncidentType, Unit, UnitKind } from "../dispatch/entities.ts";
import type { EventBody } from "../dispatch/events.ts";
import type { Point } from "../geo/point.ts";
import type { EidoIncident } from "../protocol/eido/eido.ts";
import type { CommonIncidentType } from "./common-incident-types.ts";

/**
 * Our types in the registry's codes, each with what it stands for there. Ours goes along unchanged: nobody has to guess from the nearest code. What follows (statuses, kinds and steps of units) are
 * words of ours in the registries' manner: those lists were not at hand to be checked against.
 */
export const EIDO_TYPES = {
  theft: "LARCENY", // theft, pick-pocketing
  robbery: "ROBBERY", intruder: "BURGLARY", // breaking and entering
  fight: "FIGHT", // verbal and physical disputes
  "fire-smoke": "FSMOKE", // smoke, no flames seen
  "fire-building": "FSTRU", // fire of a structure
  "traffic-collision": "MVA", // without injury
  "traffic-injury": "MVAINJY", "traffic-obstruction": "THAZ", // traffic hazard
  medical: "SICK", // sick person, not specific: the list has no general medical emergency; how urgent it is says the priority
  "school-alarm": "ALRPANS", // silent panic alarm
  "officer-emergency": "MAYDAY", // immediate assistance, emergency back-up
  "noise-nuisance": "NOISE", "person-missing": "PERMISS", other: "TROUBLE", // trouble of unknown type
} as const satisfies Record<IncidentType, CommonIncidentType>;
const STATUSES = { active: "Active", reopened: "Active", cancelled: "Cancelled", closed: "Closed" } as const satisfies Record<Incident["status"], string>;
/** Of ours 1 is the most urgent and 4 the least; of the common scale 10 and 0. What comes in is nearest to one of these. */
const toCommonPriority = (ours: number): number => 10 - 3 * (ours - 1);
const toOurPriority = (common: number): number => (common >= 9 ? 1 : common >= 6 ? 2 : common >= 3 ? 3 : 4);
const RESOURCES = { patrol: "Patrol", "platform-crew": "Patrol", "fire-engine": "Engine", ambulance: "Ambulance", "campus-police": "Patrol" } as const satisfies Record<UnitKind, string>;
const UNIT_STATUSES = {
  proposed: "Assigned", assigned: "Assigned", sent: "Assigned", delivered: "Assigned", acknowledged: "Assigned", "en-route": "EnRoute", staged: "Staged", "on-scene": "OnScene", transporting: "Transporting", cleared: "Available", declined: "Available",
  recalled: "Available", "pre-empted": "Available", lost: "Unavailable",
} as const satisfies Record<AssignmentState, string>;

export interface IncidentParts {
  readonly incident: Incident;
  /** Of one that was merged, the incident as which it goes on. */
  readonly goesOnAs?: Incident | null;
  readonly contacts: readonly Contact[];
  readonly assignments: readonly Assignment[];
  readonly findUnit: (id: number) => Pick<Unit, "callSign" | "kind"> | null;
}
const telUri = (number: string): string => `tel:${number.replace(/[^\d+*#]/g, "")}`;

/** Events of an incident after which its EIDO is what it was: who is told in this form is not told of them. */
export const NOT_IN_EIDO: readonly EventBody["type"][] = [
  "incident.noted", "incident.answered", "incident.verdict-given", "incident.no-unit-needed", "incident.shortfall-overdue", "incident.watched", "incident.watch-overdue", "incident.linked", "incident.unlinked", "incident.made-major", "incident.major-ended",
  "incident.joined-major", "incident.left-major", "incident.part-joined", "incident.part-left", "assignment.reported-late", "assignment.not-acknowledged", "assignment.not-heard", "assignment.heard-again",
];
/** Over: the unit is with this incident no more, and may be on another job. */
const ENDED = new Set<AssignmentState>(["cleared", "declined", "recalled", "pre-empted"]);

/** `domain` names this centre; `updatedAt` is when something last happened to the incident, so that one state is the same object however often it is written. */
export function eidoOf({ incident, goesOnAs = null, contacts, assignments, findUnit }: IncidentParts, domain: string, updatedAt: number): EidoIncident {
  const standing = goesOnAs ?? incident; // a merge ends nothing: whoever is on the way to help goes on
  const { place } = incident;
  const said = contacts.flatMap((contact) => (contact.callerWords === null ? [] : [{ at: contact.receivedAt, words: contact.callerWords }]));
  const numbers = contacts.flatMap((contact) => (contact.callerNumber === null ? [] : [telUri(contact.callerNumber)]));
  return {
    id: `urn:emergency:uid:incidentid:${sayIncidentNumber(incident)}:${domain}`, issuer: domain, updatedAt, typeCommon: EIDO_TYPES[incident.type], typeInternal: incident.type, statuses: [STATUSES[standing.status]], priority: toCommonPriority(incident.priority),
    internalId: sayIncidentNumber(incident), place: { ...place.point, uncertaintyM: place.uncertaintyM }, placeText: place.words === place.label || place.words === "" ? place.label : `${place.label} ("${place.words}")`,
    notes: [...said, ...(incident.what === "" ? [] : [{ at: incident.createdAt, words: incident.what }]), ...(goesOnAs === null ? [] : [{ at: incident.endedAt ?? updatedAt, words: `Goes on as no. ${sayIncidentNumber(goesOnAs)} · 并入${sayIncidentNumber(goesOnAs)}号警情` }])], callbackUris: [...new Set(numbers)],
    resources: assignments.filter(({ cover, state }) => cover === null && !ENDED.has(state)).flatMap((assignment) => {
      const unit = findUnit(assignment.unitId);
      return unit === null ? [] : [{ name: unit.callSign, type: RESOURCES[unit.kind], status: UNIT_STATUSES[assignment.state] }];
    }),
    disposition: standing.disposition,
  };
}

export interface ReadNeighbour {
  /** The newest note first; what has no room is counted. */
  readonly words: string;
  readonly number: string | null;
  readonly point: Point | null;
  readonly uncertaintyM: number | null;
  readonly priorityHint: number | null;
  readonly from: string;
}
const MOST_WORDS = 2_000;

/** Of the notes the newest whole ones that have room under the head: those tell what the last look did not. */
function sayNotes(head: string, notes: EidoIncident["notes"]): string {
  const newest = notes.map((note, i) => ({ ...note, i })).sort((a, b) => b.at - a.at || b.i - a.i).map(({ words }) => words);
  const shown: string[] = [];
  let room = MOST_WORDS - head.length - LEFT_OUT_CHARS;
  for (const words of newest) {
    if ((room -= words.length + 1) < 0) break;
    shown.push(words);
  }
  if (shown.length === 0 && newest.length > 0) shown.push(`${newest[0]!.slice(0, Math.max(0, MOST_WORDS - head.length - LEFT_OUT_CHARS))}…`);
  const left = newest.length - shown.length;
  return [head, ...shown, ...(left === 0 ? [] : [`[${left} more · 另有${left}条]`])].join("\n").slice(0, MOST_WORDS);
}
const LEFT_OUT_CHARS = 40;

/** All that a call taker could be told of it, whatever has room: another text is another version to tell. */
export const saidBy = (incident: EidoIncident): string => JSON.stringify([readNeighbour({ ...incident, notes: [] }), incident.notes.map(({ words }) => words)]);

/** What the call taker is told of a neighbour's incident: its type, its place, its words, as they came. */
export function readNeighbour(incident: EidoIncident): ReadNeighbour {
  const type = incident.typeInternal === null || incident.typeInternal === incident.typeCommon ? incident.typeCommon : `${incident.typeCommon} (${incident.typeInternal})`;
  const head = [type, incident.statuses.join(", "), incident.internalId === null ? "" : `no. ${incident.internalId}`, incident.placeText ?? ""].filter((part) => part !== "").join(" · ");
  const { place } = incident;
  return {
    words: sayNotes(head, incident.notes),
    number: incident.callbackUris.find((uri) => uri.startsWith("tel:"))?.slice("tel:".length, 44) ?? null, point: place === null ? null : { lon: place.lon, lat: place.lat }, uncertaintyM: place?.uncertaintyM ?? null,
    priorityHint: incident.priority === null ? null : toOurPriority(incident.priority), from: incident.issuer.slice(0, 120),
  };
}
