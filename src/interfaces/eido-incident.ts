// Our incidents as EIDO, and a neighbour's EIDO as a contact. The common words are data: both sides of an exchange agree on them, and ours stand beside them unchanged.
import { sayIncidentNumber } from "../base/training-ids.ts";
import { COMMON_TYPES, findTypeOfCode } from "../contract/dispatch.ts";
import type { Assignment, AssignmentState, Contact, Disposition, Incident, IncidentType, Unit, UnitKind } from "../dispatch/entities.ts";
import type { EventBody } from "../dispatch/events.ts";
import type { Point } from "../geo/point.ts";
import type { EidoIncident } from "../protocol/eido/eido.ts";
import type { AgencyRole, CommonDisposition, CommonIncidentType, CommonStatus, EmergencyResourceType, PrimaryUnitStatus, SecondaryUnitStatus } from "./eido-registries.ts";

/**
 * Our words in those of the registries (eido-registries.ts), each with what it stands for there; ours goes along unchanged in the field that is for the writer's own, so that nobody has to guess back from the nearest code.
 */
export const EIDO_TYPES: Readonly<Record<IncidentType, CommonIncidentType>> = COMMON_TYPES;
export const EIDO_STATUSES = { active: ["Active"], reopened: ["Active", "ReOpened"], cancelled: ["Cancelled"], closed: ["Closed"] } as const satisfies Record<Incident["status"], readonly CommonStatus[]>;
/** What units do, said of the incident: in a neighbour's object this is progress and no news. */
const PROGRESS_STATUSES: readonly string[] = ["ResourcesAssigned", "ResourcesEnroute", "ResourcesOnscene"] satisfies CommonStatus[];
export const EIDO_DISPOSITIONS = {
  resolved: "18", // settled by contact
  "report-taken": "01", arrest: "03", transported: "45", // taken to hospital: patient treated and transported
  "handed-over": "15", // referred to a partner agency
  unfounded: "02", // the list has nothing for it: nearest is that no report was taken
  "not-found": "14", // gone on arrival, unable to locate
  duplicate: "22", "no-need": "10", // event cancelled
} as const satisfies Record<Disposition, CommonDisposition>;
/** Of ours 1 is the most urgent and 4 the least; of the common scale 10 and 0. What comes in is nearest to one of these. */
const toCommonPriority = (ours: number): number => 10 - 3 * (ours - 1);
const toOurPriority = (common: number): number => (common >= 9 ? 1 : common >= 6 ? 2 : common >= 3 ? 3 : 4);
/** The registry has engines and ambulances by what they can do; our register does not say that, so each is told as the lesser of the two. */
export const EIDO_RESOURCES = {
  patrol: "PatrolUnit", "platform-crew": "PatrolUnit", "fire-engine": "StructureFireEngineType2", ambulance: "GroundBLSAmbulance", "campus-police": "SchoolOfficer",
} as const satisfies Record<UnitKind, EmergencyResourceType>;
/** Over: the unit is with this incident no more, and may be on another job. */
const ENDED = ["cleared", "declined", "recalled", "pre-empted"] as const satisfies AssignmentState[];
type ShownState = Exclude<AssignmentState, (typeof ENDED)[number]>;
const isShown = (state: AssignmentState): state is ShownState => !(ENDED as readonly AssignmentState[]).includes(state);
interface UnitProgress {
  readonly primary: PrimaryUnitStatus;
  readonly secondary: readonly [SecondaryUnitStatus, ...SecondaryUnitStatus[]];
  /** What of it is said of the incident. */
  readonly ofIncident: readonly CommonStatus[];
}
const busy = (ofIncident: readonly CommonStatus[], ...secondary: UnitProgress["secondary"]): UnitProgress => ({ primary: "NotAvailable", secondary, ofIncident });
export const EIDO_UNIT_STATES: Record<ShownState, UnitProgress> = {
  proposed: busy([], "Assigned"), // its next job: nobody goes yet
  assigned: busy(["ResourcesAssigned"], "Assigned"), sent: busy(["ResourcesAssigned"], "Assigned", "Dispatched"), delivered: busy(["ResourcesAssigned"], "Assigned", "Dispatched"),
  acknowledged: busy(["ResourcesAssigned"], "Assigned", "AcknowledgedTransmission"), "en-route": busy(["ResourcesAssigned", "ResourcesEnroute"], "EnRoute"), staged: busy(["ResourcesAssigned"], "Staging"),
  "on-scene": busy(["ResourcesAssigned", "ResourcesOnscene"], "OnScene"), transporting: busy(["ResourcesAssigned", "ResourcesOnscene"], "Transporting"),
  lost: busy([], "OutofService"), // nothing is heard of it
};

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
  "incident.joined-major", "incident.left-major", "incident.part-joined", "incident.part-left", "assignment.reported-late", "assignment.not-acknowledged", "assignment.not-heard", "assignment.heard-again", "assignment.unanswered", "assignment.confirmed",
];
/** `domain` names this centre; `updatedAt` is when something last happened to the incident, so that one state is the same object however often it is written. */
export function eidoOf({ incident, goesOnAs = null, contacts, assignments, findUnit }: IncidentParts, domain: string, updatedAt: number): EidoIncident {
  const standing = goesOnAs ?? incident; // a merge ends nothing: whoever is on the way to help goes on
  const { place } = incident;
  const said = contacts.flatMap((contact) => (contact.callerWords === null ? [] : [{ at: contact.receivedAt, words: contact.callerWords }]));
  const numbers = contacts.flatMap((contact) => (contact.callerNumber === null ? [] : [telUri(contact.callerNumber)]));
  const shown = assignments.flatMap(({ cover, state, unitId }) => {
    const unit = cover === null && isShown(state) ? findUnit(unitId) : null;
    return unit === null || !isShown(state) ? [] : [{ unit, state, progress: EIDO_UNIT_STATES[state] }];
  });
  const progress = PROGRESS_STATUSES.filter((status) => shown.some((one) => (one.progress.ofIncident as readonly string[]).includes(status)));
  return {
    id: `urn:emergency:uid:incidentid:${sayIncidentNumber(incident)}:${domain}`, issuer: domain, updatedAt, typeCommon: EIDO_TYPES[incident.type], typeInternal: incident.type, statuses: [...EIDO_STATUSES[standing.status], ...progress], statusInternal: standing.status, priority: toCommonPriority(incident.priority),
    internalId: sayIncidentNumber(incident), place: { ...place.point, uncertaintyM: place.uncertaintyM }, placeText: place.words === place.label || place.words === "" ? place.label : `${place.label} ("${place.words}")`,
    notes: [...said, ...(incident.what === "" ? [] : [{ at: incident.createdAt, words: incident.what }]), ...(goesOnAs === null ? [] : [{ at: incident.endedAt ?? updatedAt, words: `Goes on as no. ${sayIncidentNumber(goesOnAs)} · 并入${sayIncidentNumber(goesOnAs)}号警情` }])], callbackUris: [...new Set(numbers)],
    resources: shown.map(({ unit, state, progress: { primary, secondary } }) => ({ name: unit.callSign, type: EIDO_RESOURCES[unit.kind], typeInternal: unit.kind, primary, secondary, statusInternal: state })),
    disposition: standing.disposition === null ? null : { common: EIDO_DISPOSITIONS[standing.disposition], internal: standing.disposition },
    roles: [...(contacts.length === 0 ? [] : (["CallReceiving"] as const)), "Dispatching"] satisfies AgencyRole[],
  };
}

export interface ReadNeighbour {
  /** The newest note first; what has no room is counted. */
  readonly words: string;
  readonly number: string | null;
  readonly point: Point | null;
  readonly uncertaintyM: number | null;
  readonly priorityHint: number | null;
  /** Of its type, as it came; null: it has none. */
  readonly code: string | null;
  readonly from: string;
}
const MOST_WORDS = 2_000;
const MOST_CODE = 60;

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

/** What of ours a code stands for, as our consoles say it: the words of a call are one text for whoever takes it. */
const TYPE_WORDS: Record<IncidentType, string> = {
  theft: "theft 盗窃", robbery: "robbery 抢劫", intruder: "intruder 闯入住宅", fight: "fight 斗殴", "fire-smoke": "smoke 火警（见烟）", "fire-building": "fire in a building 建筑火灾", "traffic-collision": "collision 交通事故",
  "traffic-injury": "collision with injured 伤人交通事故", "traffic-obstruction": "road blocked 道路受阻", medical: "medical 医疗急救", "school-alarm": "school alarm 校园报警", "officer-emergency": "officer emergency 警员紧急求助",
  "noise-nuisance": "noise 噪声扰民", "person-missing": "missing person 人员走失", other: "",
};
const DISPOSITION_WORDS: Record<Disposition, string> = {
  resolved: "resolved 已解决", "report-taken": "report taken 已受理", arrest: "arrest 已抓获", transported: "taken to hospital 已送医", "handed-over": "handed over 已移交", unfounded: "no report taken 未受理", "not-found": "nothing found 未发现", duplicate: "duplicate 重复警情",
  "no-need": "no need any more 无需处置",
};
const keyOf = <K extends string>(table: Record<K, string>, code: string): K | null => (Object.keys(table) as K[]).find((key) => table[key] === code) ?? null;
const sayType = (typeCommon: string): string => {
  const ours = findTypeOfCode(typeCommon);
  return ours === null ? "" : TYPE_WORDS[ours];
};
/** How it ended: the code, what it stands for where that is one of ours, and theirs. */
function sayDisposition({ common, internal }: NonNullable<EidoIncident["disposition"]>): string {
  const ours = keyOf(EIDO_DISPOSITIONS, common);
  return [`disposition ${common}`, ours === null ? "" : DISPOSITION_WORDS[ours], internal === null ? "" : `(${internal})`].filter((part) => part !== "").join(" ");
}

/** All that a call taker could be told of it, whatever has room: another text is another version to tell. */
export const saidBy = (incident: EidoIncident): string => JSON.stringify([readNeighbour({ ...incident, notes: [] }), incident.notes.map(({ words }) => words)]);

/** What the call taker is told of a neighbour's incident: its type, its place, its words, as they came. */
export function readNeighbour(incident: EidoIncident): ReadNeighbour {
  const type = incident.typeInternal === null || incident.typeInternal === incident.typeCommon ? incident.typeCommon : `${incident.typeCommon} (${incident.typeInternal})`;
  const statuses = incident.statuses.filter((status) => !PROGRESS_STATUSES.includes(status)).join(", ");
  const head = [type, sayType(incident.typeCommon), statuses === "" ? (incident.statusInternal ?? "") : statuses, incident.disposition === null ? "" : sayDisposition(incident.disposition), incident.internalId === null ? "" : `no. ${incident.internalId}`, incident.placeText ?? ""].filter((part) => part !== "").join(" · ");
  const { place } = incident;
  return {
    words: sayNotes(head, incident.notes),
    number: incident.callbackUris.find((uri) => uri.startsWith("tel:"))?.slice("tel:".length, 44) ?? null, point: place === null ? null : { lon: place.lon, lat: place.lat }, uncertaintyM: place?.uncertaintyM ?? null,
    priorityHint: incident.priority === null ? null : toOurPriority(incident.priority), code: incident.typeCommon.slice(0, MOST_CODE) || null, from: incident.issuer.slice(0, 120),
  };
}
