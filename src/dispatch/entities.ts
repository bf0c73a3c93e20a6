// The things of dispatch: contact, incident, unit, assignment, as everybody sees them. They are values: a change makes a new one, so a
// reader may keep what it was given. The shapes equal those of `contract/dispatch`, which this folder may not import; a test compares the
// two by type and by schema, so that the API passes them on as they are. Rejected: one shape for the wire and another for the domain with
// a mapping between, which nobody keeps true.
import type { WallMs } from "../base/time.ts";
import type { Determinant } from "../base/triage-grade.ts";

export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

/** Who did it. Ids of users and of services are apart; the system is `{kind: "system", id: 0}`. */
export interface Actor {
  readonly kind: "user" | "service" | "system";
  readonly id: number;
  readonly name: string;
}
export const SYSTEM: Actor = { kind: "system", id: 0, name: "system" };

export const CONTACT_SOURCES = ["telephone", "text", "app", "alarm", "panic-button", "camera-event", "officer"] as const;
export type ContactSource = (typeof CONTACT_SOURCES)[number];
export const CONTACT_STATES = ["ringing", "abandoned", "claimed", "ended"] as const;
export type ContactState = (typeof CONTACT_STATES)[number];
export const CONTACT_DISPOSITIONS = ["incident", "attached", "no-emergency", "silent", "wrong-number", "prank", "information-given", "called-back-no-need", "called-back-no-answer", "answered-elsewhere", "transferred"] as const;
export type ContactDisposition = (typeof CONTACT_DISPOSITIONS)[number];
/** Somebody is on the line, hears it ring and would ring again. A device, or whoever sent a message from where they could not speak, does not. */
export const hasLine = (source: ContactSource): boolean => source === "telephone";
/** Dispositions that a person may give; two of the others follow from what was done, two are told by the switch. */
export type EndDisposition = Exclude<ContactDisposition, "incident" | "attached" | ElsewhereDisposition>;
export type ElsewhereDisposition = "answered-elsewhere" | "transferred";
export type ContactOwner = "call-desk" | "supervisor";

/** What a device or another centre said besides words: a kind and urgency of its own, and of a registered point its site, door and cameras. */
export interface ContactSignal {
  readonly kind: string;
  readonly priorityHint: number | null;
  readonly code: string | null;
  readonly site: string | null;
  readonly door: string | null;
  readonly cameraIds: number[];
  /** [CON15] Of an officer whose phone did not say where it is: the place is where the unit was last, or none. `at`: when that position was told; null: none ever was. */
  readonly fix?: { readonly source: "last-position" | "none"; readonly at: WallMs | null } | undefined;
}

/** How a contact had ended before somebody took it up again, and why. */
export interface EarlierEnding {
  readonly disposition: ContactDisposition;
  readonly at: WallMs;
  readonly by: Actor;
  readonly reopenedAt: WallMs;
  readonly reopenedBy: Actor;
  readonly words: string;
}

export interface Contact {
  readonly id: number;
  readonly sequence: number;
  readonly source: ContactSource;
  readonly state: ContactState;
  readonly receivedAt: WallMs;
  /** The first claim while the line was open; null where the caller hung up before. */
  readonly answeredAt: WallMs | null;
  readonly abandonedAt: WallMs | null;
  readonly endedAt: WallMs | null;
  readonly callerNumber: string | null;
  readonly callerPoint: LonLat | null;
  readonly callerUncertaintyM: number | null;
  readonly callerWords: string | null;
  readonly signal: ContactSignal | null;
  readonly claimedBy: Actor | null;
  readonly leaseUntil: WallMs | null;
  readonly dueAt: WallMs | null;
  readonly owner: ContactOwner | null;
  readonly disposition: ContactDisposition | null;
  readonly incidentId: number | null;
  readonly earlierEndings: EarlierEnding[];
}

export const UNIT_KINDS = ["patrol", "platform-crew", "fire-engine", "ambulance", "campus-police"] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];
/** One line of a run card: so many units of any of these kinds, each with all of these skills; absent: whatever their skills. */
export interface Want {
  readonly kinds: UnitKind[];
  readonly count: number;
  readonly skills?: string[] | undefined;
}

export const INCIDENT_TYPES = {
  theft: { line: "110", category: "criminal", defaultPriority: 2 }, robbery: { line: "110", category: "criminal", defaultPriority: 1 }, intruder: { line: "110", category: "criminal", defaultPriority: 1 }, fight: { line: "110", category: "public-order", defaultPriority: 2 },
  "fire-smoke": { line: "119", category: "fire", defaultPriority: 1 }, "fire-building": { line: "119", category: "fire", defaultPriority: 1 },
  "traffic-collision": { line: "122", category: "traffic", defaultPriority: 2 }, "traffic-injury": { line: "122", category: "traffic", defaultPriority: 1 }, "traffic-obstruction": { line: "122", category: "traffic", defaultPriority: 3 },
  medical: { line: "120", category: "medical", defaultPriority: 1 }, "school-alarm": { line: "110", category: "public-order", defaultPriority: 1 }, "officer-emergency": { line: "110", category: "public-order", defaultPriority: 1 },
  "noise-nuisance": { line: "110", category: "public-order", defaultPriority: 4 }, "person-missing": { line: "110", category: "assistance", defaultPriority: 2 }, other: { line: "110", category: "assistance", defaultPriority: 3 },
} as const;
export type IncidentType = keyof typeof INCIDENT_TYPES;
export const INCIDENT_STATUSES = ["active", "cancelled", "closed", "reopened"] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];
export const DISPOSITIONS = ["resolved", "report-taken", "arrest", "transported", "handed-over", "unfounded", "not-found", "duplicate", "no-need"] as const;
export type Disposition = (typeof DISPOSITIONS)[number];
export type PlaceKind = "address" | "street" | "crossing" | "school" | "police" | "hospital" | "fire-station" | "platform" | "camera" | "landmark" | "coordinates";

/** A road from one junction to the next, told by where it runs rather than by a number: numbers change with each import of the map. */
export interface RoadPiece {
  readonly name: string | null;
  readonly from: LonLat;
  readonly to: LonLat;
  /** Half of its length along: tells two roads between the same junctions apart. */
  readonly middle: LonLat;
  /** Its course as the map had it, to be drawn. */
  readonly path: LonLat[];
}

/** What tells one road from the others. */
export type RoadPlace = Pick<RoadPiece, "from" | "to" | "middle">;

/** Roads that are not to be driven through, by an operator's word. */
export interface Closure {
  readonly id: number;
  readonly sequence: number;
  readonly pieces: RoadPiece[];
  readonly words: string;
  readonly setAt: WallMs;
  readonly setBy: Actor;
  /** Ends by itself then; null: until it is lifted. */
  readonly until: WallMs | null;
  readonly liftedAt: WallMs | null;
  readonly liftedBy: Actor | null;
}

/** What the taker of a call had typed when it was attached to an incident. */
export interface TypedWords {
  readonly where: string;
  readonly what: string;
  readonly who: string;
}

export interface IncidentPlace {
  /** What the caller said; no geocoder ever replaces it. */
  readonly words: string;
  readonly label: string;
  readonly kind: PlaceKind;
  readonly district: string | null;
  readonly point: LonLat;
  readonly uncertaintyM: number;
}

export interface Shortfall {
  readonly missing: number;
  readonly since: WallMs;
  readonly dueAt: WallMs;
  readonly reminders: number;
}

export type VerdictWord = "seen" | "not-seen" | "cannot-tell";
export interface Verdict {
  readonly cameraId: number;
  readonly verdict: VerdictWord;
  readonly at: WallMs;
  readonly by: Actor;
}

/** Who watches over an incident. `by` null: nobody yet, and from `dueAt` on the supervisor is told until a named person does. */
export interface Watch {
  readonly by: Actor | null;
  readonly since: WallMs;
  readonly dueAt: WallMs | null;
  readonly reminders: number;
}

/** What was asked by a question card, and how bad it is by the answers. */
export interface Triage {
  /** The card of the last answer; null while nothing is answered. */
  readonly card: { readonly code: string; readonly version: number } | null;
  readonly answers: { readonly question: string; readonly answer: string }[];
  readonly determinant: Determinant;
}

export interface Incident {
  readonly id: number;
  readonly sequence: number;
  /** The number people say; gap-free over the life of an installation. */
  readonly number: number;
  readonly status: IncidentStatus;
  readonly type: IncidentType;
  readonly priority: number;
  readonly what: string;
  readonly who: string;
  readonly place: IncidentPlace;
  readonly createdAt: WallMs;
  readonly createdBy: Actor;
  readonly firstContactAt: WallMs;
  readonly contactIds: number[];
  readonly assignmentIds: number[];
  /** null: it was made before there were question cards. */
  readonly triage: Triage | null;
  readonly runCard: { readonly code: string; readonly version: number };
  readonly needs: Want[];
  readonly neededUnits: number;
  readonly noUnitNeeded: string | null;
  readonly shortfall: Shortfall | null;
  readonly disposition: Disposition | null;
  readonly dispositionWords: string | null;
  readonly endedAt: WallMs | null;
  readonly verdicts: Verdict[];
  readonly watch: Watch;
  /** The incident that this one turned out to be; it is closed as a duplicate, and keeps its own words and timeline. */
  readonly mergedIntoId: number | null;
  /** Those that turned out to be this one. */
  readonly mergedIds: number[];
  readonly splitFromId: number | null;
  readonly linkedIds: number[];
  /** Set while it is a major incident, with others under it. */
  readonly major: { readonly since: WallMs; readonly by: Actor } | null;
  /** The major incident that this one is part of. */
  readonly majorId: number | null;
  readonly partIds: number[];
}

export const AVAILABILITIES = ["available", "conditionally-available", "not-available"] as const;
export type Availability = (typeof AVAILABILITIES)[number];

/** What is known of a unit before it has done anything: its registration. */
export interface UnitProfile {
  readonly callSign: string;
  readonly kind: UnitKind;
  readonly platformId: number | null;
  readonly campusId: number | null;
  readonly skills: string[];
  readonly crew: { readonly name: string; readonly badge: string }[];
  readonly phone: string | null;
  readonly shiftEndsAt: WallMs | null;
  readonly home: LonLat;
}

/** As somebody enters it: what is absent stays as it is known of the unit. */
export type EnteredUnit = Pick<UnitProfile, "callSign" | "kind" | "home"> & { readonly [K in "skills" | "crew" | "phone" | "platformId" | "campusId" | "shiftEndsAt"]?: UnitProfile[K] | undefined };

/** One turn of duty of a unit, by the roster. */
export interface Shift {
  readonly startsAt: WallMs;
  readonly endsAt: WallMs;
  /** null: as before; so for the skills. */
  readonly crew: { readonly name: string; readonly badge: string }[] | null;
  readonly skills: string[] | null;
  /** The platform that it staffs from then on; null: as before. */
  readonly platformId: number | null;
}

/** What the roster holds of one unit: shifts that are not over, apart from each other, soonest first. */
export interface Roster {
  /** The unit. */
  readonly id: number;
  readonly sequence: number;
  /** Of the whole roster, when this unit's part of it was changed last. */
  readonly version: number;
  readonly shifts: Shift[];
  /** Start of the shift that began last; null: none has. */
  readonly begunAt: WallMs | null;
}

export interface Unit extends UnitProfile {
  /** Of the shift that is on; where none is, of the next or of the last. Null: it is on no roster, or from before there were any. */
  readonly shiftStartsAt: WallMs | null;
  /** Of the roster by which it is on shift; null: it is on none. */
  readonly rosterVersion: number | null;
  readonly id: number;
  readonly sequence: number;
  readonly availability: Availability;
  readonly activity: string | null;
  /** It is available or not, and without a job, since then: its last word, or the end of its last job where that was later. */
  readonly since: WallMs;
  readonly activeAssignmentId: number | null;
  readonly stackedAssignmentIds: number[];
  readonly emergency: boolean;
  readonly emergencyIncidentId: number | null;
}

export const ASSIGNMENT_STATES = [
  "proposed", "assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting", "cleared",
  "declined", "recalled", "pre-empted", "lost",
] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];

export interface Milestone {
  readonly state: AssignmentState;
  /** The phone's own clock, where a phone said it. */
  readonly deviceAt: WallMs | null;
  readonly receivedAt: WallMs;
  readonly by: Actor;
  /** Somebody at a desk entered it for the unit. */
  readonly entered: boolean;
}

/** Where a unit stands in for others. */
export interface CoverPost {
  readonly platformId: number;
  readonly label: string;
  readonly point: LonLat;
}

/** The next word of a unit that somebody waits for: that it knows of the job, that it sets out, that it is there, that it is there still (any word or position), and on scene that its crew is well. */
export const ANSWER_STAGES = ["acknowledge", "turn-out", "arrive", "heard", "welfare"] as const;
export type AnswerStage = (typeof ANSWER_STAGES)[number];
/** A word that did not come in time, and was told. */
export interface Unanswered {
  readonly stage: AnswerStage;
  /** Waited for since then. */
  readonly since: WallMs;
  /** How often it was told; it is told again at `dueAt`. */
  readonly times: number;
  readonly dueAt: WallMs;
  /** It has gone up to the supervisor: from then on the unit counts no longer as going. */
  readonly goneUp: boolean;
}

export interface Assignment {
  readonly id: number;
  readonly sequence: number;
  readonly incidentId: number;
  readonly unitId: number;
  readonly state: AssignmentState;
  readonly milestones: Milestone[];
  readonly roadSecondsAtAssign: number | null;
  readonly acknowledgeBy: WallMs | null;
  readonly acknowledgeOverdue: boolean;
  readonly outcomeWords: string | null;
  /** A move to cover for those who went to the incident; null: it goes to the incident itself. */
  readonly cover: CoverPost | null;
  /** Nothing has been heard of the unit since then, and that was told; null: it is heard. */
  readonly silentSince: WallMs | null;
  /** null: it is within its time. */
  readonly unanswered: Unanswered | null;
  /** When somebody last said that all is well with it: the unit itself (`ownAt`), or whoever at a desk knows of it. */
  readonly confirmed: { readonly at: WallMs; readonly ownAt: WallMs | null } | null;
}

export const HAND_OVER_STATES = ["offered", "escalated", "taken", "declined", "withdrawn"] as const;
export type HandOverState = (typeof HAND_OVER_STATES)[number];
/** What one person watches over, offered to another by name. Until somebody takes it, all of it stays the giver's. */
export interface HandOver {
  readonly id: number;
  readonly sequence: number;
  readonly state: HandOverState;
  readonly from: Actor;
  readonly to: Actor;
  readonly incidentIds: number[];
  readonly contactIds: number[];
  readonly words: string;
  readonly offeredAt: WallMs;
  /** Taken by then, or the supervisor is told; null: it is over. */
  readonly dueAt: WallMs | null;
  readonly endedAt: WallMs | null;
  readonly endedBy: Actor | null;
  /** Why it was declined. */
  readonly endWords: string | null;
}

/** One line of an incident's history; `number` has no gap, `hash` covers the line and the hash before it. */
export interface TimelineEntry {
  readonly incidentId: number;
  readonly number: number;
  readonly sequence: number;
  readonly at: WallMs;
  readonly by: Actor;
  readonly event: string;
  readonly body: Record<string, unknown>;
  readonly corrects: number | null;
  readonly previousHash: string;
  readonly hash: string;
}
