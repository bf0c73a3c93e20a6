// Dispatch on the wire: what a console sees, and the commands that change it. Domain meaning and rules: src/dispatch/SPEC.md.
import { z } from "zod";
import { DETERMINANTS } from "../base/triage-grade.ts";
import { Actor, Fault, Id, Point, Problem, Reason, WallTime, text } from "./basics.ts";
import { Place } from "./city.ts";

export const CONTACT_SOURCES = ["telephone", "text", "app", "alarm", "panic-button", "camera-event", "officer"] as const;
export const CONTACT_STATES = ["ringing", "abandoned", "claimed", "ended"] as const;
export const CONTACT_OWNERS = ["call-desk", "supervisor"] as const;
/** Ways in which a contact ends without an incident of its own. */
export const CONTACT_DISPOSITIONS = ["incident", "attached", "no-emergency", "silent", "wrong-number", "prank", "information-given", "called-back-no-need", "called-back-no-answer", "answered-elsewhere", "transferred"] as const;

/** What a device or another centre said besides words: a kind and urgency of its own, and of a registered point its site, door and cameras. `code`: of the point or camera; of a neighbouring centre that of its type (COMMON_TYPES). */
export const ContactSignal = z.object({
  kind: z.string().max(40), priorityHint: z.int().min(1).max(4).nullable(), code: z.string().max(60).nullable(), site: z.string().max(120).nullable(), door: z.string().max(120).nullable(), cameraIds: z.array(Id).max(20),
  fix: z.object({ source: z.enum(["last-position", "none"]), at: WallTime.nullable() }).optional(), // of an officer whose phone did not say where it is: the place is the unit's last position, or none, since that is too old; and when it was told, where it ever was
});
const EarlierEnding = z.object({ disposition: z.enum(CONTACT_DISPOSITIONS), at: WallTime, by: Actor, reopenedAt: WallTime, reopenedBy: Actor, words: z.string() });
export const Contact = z.object({
  id: Id, sequence: z.int(), source: z.enum(CONTACT_SOURCES), state: z.enum(CONTACT_STATES),
  receivedAt: WallTime, answeredAt: WallTime.nullable(), abandonedAt: WallTime.nullable(), endedAt: WallTime.nullable(),
  callerNumber: z.string().nullable(), callerPoint: Point.nullable(), callerUncertaintyM: z.number().nullable(),
  callerWords: z.string().nullable(), // what the caller says, as the switch transcribes it or the sender wrote it; never edited
  signal: ContactSignal.nullable(),
  claimedBy: Actor.nullable(), leaseUntil: WallTime.nullable(), // a claim not renewed by then rings again
  dueAt: WallTime.nullable(), // one that rings is to be taken by then, an abandoned one called back
  owner: z.enum(CONTACT_OWNERS).nullable(), // whose it is to answer, or to call back; an overdue one goes up to the supervisor
  disposition: z.enum(CONTACT_DISPOSITIONS).nullable(), incidentId: Id.nullable(),
  earlierEndings: z.array(EarlierEnding), // it was ended without an incident, and taken up again
});
export type Contact = z.infer<typeof Contact>;

/** Our types, with the line of the Chinese 110/119/122/120 and its class of calls beside. Words for each are in the console's catalogues. */
export const INCIDENT_TYPES = {
  theft: { line: "110", category: "criminal", defaultPriority: 2 }, robbery: { line: "110", category: "criminal", defaultPriority: 1 }, intruder: { line: "110", category: "criminal", defaultPriority: 1 }, fight: { line: "110", category: "public-order", defaultPriority: 2 },
  "fire-smoke": { line: "119", category: "fire", defaultPriority: 1 }, "fire-building": { line: "119", category: "fire", defaultPriority: 1 },
  "traffic-collision": { line: "122", category: "traffic", defaultPriority: 2 }, "traffic-injury": { line: "122", category: "traffic", defaultPriority: 1 }, "traffic-obstruction": { line: "122", category: "traffic", defaultPriority: 3 },
  medical: { line: "120", category: "medical", defaultPriority: 1 }, "school-alarm": { line: "110", category: "public-order", defaultPriority: 1 }, "officer-emergency": { line: "110", category: "public-order", defaultPriority: 1 },
  "noise-nuisance": { line: "110", category: "public-order", defaultPriority: 4 }, "person-missing": { line: "110", category: "assistance", defaultPriority: 2 }, other: { line: "110", category: "assistance", defaultPriority: 3 },
} as const;
export type IncidentType = keyof typeof INCIDENT_TYPES;
export const IncidentType = z.enum(Object.keys(INCIDENT_TYPES) as [IncidentType, ...IncidentType[]]);
/** Our types in the codes that are common to all centres (APCO ANS 2.103.2-2019), each with what it stands for there where that is not plain. No two of ours share one, so that a neighbour can tell them apart. */
export const COMMON_TYPES = {
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
} as const satisfies Record<IncidentType, string>;
/** Our type that has this code; null: none of ours has, or it is no code. */
export const findTypeOfCode = (code: string): IncidentType | null => (Object.keys(COMMON_TYPES) as IncidentType[]).find((type) => COMMON_TYPES[type] === code) ?? null;
export const Priority = z.int().min(1).max(4);
export const INCIDENT_STATUSES = ["active", "cancelled", "closed", "reopened"] as const;
export const DISPOSITIONS = ["resolved", "report-taken", "arrest", "transported", "handed-over", "unfounded", "not-found", "duplicate", "no-need"] as const;

/** Where it is: `words` are those that the dispatcher searched with, as typed (the caller's own stand in the contact); the point is ours and has its uncertainty (invariant 9). */
export const IncidentPlace = z.object({
  words: z.string().max(200), label: z.string().max(200), kind: Place.shape.kind, district: z.string().nullable(), point: Point, uncertaintyM: z.number().nonnegative(),
});
export type IncidentPlace = z.infer<typeof IncidentPlace>;

export const VERDICTS = ["seen", "not-seen", "cannot-tell"] as const;
/** What the call taker made of the pictures while the call was in hand, by camera. */
export const GivenVerdicts = z.array(z.object({ cameraId: Id, verdict: z.enum(VERDICTS) })).max(30);

/** What the taker of a call has typed before its incident is made. `where` is as typed; `place` what was chosen for it. */
export const CallDraft = z.object({
  where: z.string().max(200), place: Place.nullable(), type: IncidentType.nullable(), priority: Priority.nullable(), what: z.string().max(2_000), who: z.string().max(200),
  answers: z.record(z.string().max(40), z.string().max(40)).refine((answers) => Object.keys(answers).length <= 40), // by question; those of the card of the type count
  verdicts: z.record(z.string().regex(/^\d{1,9}$/), z.enum(VERDICTS)).refine((verdicts) => Object.keys(verdicts).length <= 30), // by camera
});
export type CallDraft = z.infer<typeof CallDraft>;
export const DraftField = CallDraft.keyof();
export type DraftField = z.infer<typeof DraftField>;
/** A page's own id, made by the page. */
const DraftWriter = z.string().regex(/^[\w-]{8,80}$/);
/** Of each field that was ever kept: how often it was changed, and by which page last. */
export const DraftStamps = z.partialRecord(DraftField, z.object({ version: z.int().nonnegative(), writer: z.string(), number: z.int().nonnegative() }));
export type DraftStamps = z.infer<typeof DraftStamps>;
/** Fields that were never typed are absent; nulls where nothing was typed at all. */
export const KeptDraft = z.object({ draft: CallDraft.partial(), stamps: DraftStamps, changedAt: WallTime.nullable(), changedBy: Actor.nullable() });
export type KeptDraft = z.infer<typeof KeptDraft>;
/** `bases`: the version of each field that was known when it was typed, 0 where there was none. `number` rises with each change of a page. */
export const DraftChange = z.object({ fields: CallDraft.partial(), bases: z.partialRecord(DraftField, z.int().nonnegative()).default({}), writer: DraftWriter, number: z.int().positive() });
export type DraftChange = z.infer<typeof DraftChange>;
/** All that is kept now, and which fields of the change are not: somebody else had typed them since, or a later change of the same page came first. */
export const ChangedDraft = KeptDraft.extend({ notTaken: z.array(DraftField) });
export type ChangedDraft = z.infer<typeof ChangedDraft>;

/** What was typed for a call that is attached to an incident: it goes into the incident's timeline. */
export const TypedWords = z.object({ where: z.string().trim().max(200), what: z.string().trim().max(2_000), who: z.string().trim().max(200) });
export type TypedWords = z.infer<typeof TypedWords>;

export const UNIT_KINDS = ["patrol", "platform-crew", "fire-engine", "ambulance", "campus-police"] as const;
/** One line of a run card: so many units of any of these kinds, each with all of these skills; absent: whatever their skills. */
export const Want = z.object({ kinds: z.array(z.enum(UNIT_KINDS)), count: z.int().positive(), skills: z.array(z.string()).optional() });
export type Want = z.infer<typeof Want>;

export const Determinant = z.enum(DETERMINANTS);
export type Determinant = z.infer<typeof Determinant>;
const CardVersion = z.object({ code: z.string().max(40), version: z.int().positive() });
/** What was asked by a question card; `determinant`: how bad it is by the answers. Words of cards: listTriageCards. */
export const Triage = z.object({ card: CardVersion.nullable(), answers: z.array(z.object({ question: z.string(), answer: z.string() })), determinant: Determinant });
export type Triage = z.infer<typeof Triage>;
/** Answers as they are given with a new incident, by the version of the card that was read from. */
const GivenAnswers = z.object({ card: CardVersion, answers: z.record(z.string().max(40), z.string().max(40)).refine((answers) => Object.keys(answers).length <= 40) });

export const Incident = z.object({
  id: Id, sequence: z.int(), number: z.int(), status: z.enum(INCIDENT_STATUSES), type: IncidentType, priority: Priority,
  what: z.string(), who: z.string(), place: IncidentPlace, createdAt: WallTime, createdBy: Actor,
  firstContactAt: WallTime, // the clock starts at the contact's arrival
  contactIds: z.array(Id), assignmentIds: z.array(Id),
  triage: Triage.nullable(), // null: made before there were question cards
  runCard: z.object({ code: z.string(), version: z.int() }), needs: z.array(Want), neededUnits: z.int().nonnegative(), // by the run card; 0 after no-unit-needed
  noUnitNeeded: z.string().nullable(), // why nobody needs to go
  shortfall: z.object({ missing: z.int(), since: WallTime, dueAt: WallTime, reminders: z.int() }).nullable(), // nobody-is-going is never silent
  disposition: z.enum(DISPOSITIONS).nullable(), dispositionWords: z.string().nullable(), endedAt: WallTime.nullable(),
  watch: z.object({ by: Actor.nullable(), since: WallTime, dueAt: WallTime.nullable(), reminders: z.int().nonnegative() }), // who watches over it; by null: nobody yet, and from dueAt on the supervisor is told
  mergedIntoId: Id.nullable(), mergedIds: z.array(Id), // it turned out to be that one; those turned out to be it
  splitFromId: Id.nullable(), linkedIds: z.array(Id),
  major: z.object({ since: WallTime, by: Actor }).nullable(), majorId: Id.nullable(), partIds: z.array(Id), // a major incident; the one that it is part of; its parts
  verdicts: z.array(z.object({ cameraId: Id, verdict: z.enum(VERDICTS), at: WallTime, by: Actor })),
});
export type Incident = z.infer<typeof Incident>;

/** An incident on a time bar; `more`: others of about the same time that have no flag of their own. */
export const IncidentFlag = z.object({ id: Id, number: z.int(), at: WallTime, type: IncidentType, priority: Priority, place: z.string(), endedAt: WallTime.nullable(), more: z.int().nonnegative() });
export type IncidentFlag = z.infer<typeof IncidentFlag>;
export const IncidentFlagQuery = z.object({ from: z.coerce.number().pipe(WallTime), to: z.coerce.number().pipe(WallTime) });
/** The newest days of a longer range. */
export const MOST_FLAG_DAYS = 9;
export const MOST_FLAGS = 500;

export const AVAILABILITIES = ["available", "conditionally-available", "not-available"] as const;
export const Unit = z.object({
  id: Id, sequence: z.int(), callSign: z.string(), kind: z.enum(UNIT_KINDS), platformId: Id.nullable(), campusId: Id.nullable(), skills: z.array(z.string()),
  crew: z.array(z.object({ name: z.string(), badge: z.string() })), phone: z.string().nullable(),
  availability: z.enum(AVAILABILITIES), activity: z.string().nullable(), since: WallTime, // its last word of that, or the end of its last job where that was later
  shiftStartsAt: WallTime.nullable(), shiftEndsAt: WallTime.nullable(), rosterVersion: z.int().nullable(), // of the shift that is on, else of the next or the last one; null: on no roster, and on duty always
  home: Point, activeAssignmentId: Id.nullable(), stackedAssignmentIds: z.array(Id), emergency: z.boolean(), emergencyIncidentId: Id.nullable(),
});
export type Unit = z.infer<typeof Unit>;

/**
 * A unit as it is entered: by its call sign, which is its name for ever. Its home is where it waits, and where it is taken to be until it tells its position. What
 * is absent stays as it is known; of a new unit it is empty.
 */
export const NewUnit = z.object({
  callSign: z.string().trim().min(1).max(20), kind: z.enum(UNIT_KINDS), home: Point, skills: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
  crew: z.array(z.object({ name: z.string().trim().min(1).max(80), badge: z.string().trim().max(20) })).max(20).optional(), phone: z.string().trim().min(3).max(30).nullable().optional(),
  platformCode: z.string().trim().min(1).max(40).nullable().optional(), // the platform that it staffs; null: none
  shiftEndsAt: WallTime.nullable().optional(), // from then on it is off shift, until a later end is entered; null: always on
});
export type NewUnit = z.infer<typeof NewUnit>;
/** What is entered now, and every fault of those that could not be taken. */
export const UnitsRegistered = z.object({ units: z.array(Unit.pick({ id: true, callSign: true })), rejected: z.array(Fault.extend({ callSign: z.string() })) });

export const ASSIGNMENT_STATES = [
  "proposed", "assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting", "cleared",
  "declined", "recalled", "pre-empted", "lost",
] as const;
export const AssignmentState = z.enum(ASSIGNMENT_STATES);
export type AssignmentState = z.infer<typeof AssignmentState>;
/** Device time is the phone's own clock, received time ours; both are kept. */
/** `entered`: somebody at a desk said so for the unit. */
export const Milestone = z.object({ state: AssignmentState, deviceAt: WallTime.nullable(), receivedAt: WallTime, by: Actor, entered: z.boolean() });
export const ANSWER_STAGES = ["acknowledge", "turn-out", "arrive", "heard", "welfare"] as const;
/** The word that is waited for, since when, how often that was told, when it is told again; gone up: to the supervisor, and the unit counts no longer as going. */
export const Unanswered = z.object({ stage: z.enum(ANSWER_STAGES), since: WallTime, times: z.int().positive(), dueAt: WallTime, goneUp: z.boolean() });
export const Assignment = z.object({
  id: Id, sequence: z.int(), incidentId: Id, unitId: Id, state: AssignmentState, milestones: z.array(Milestone), roadSecondsAtAssign: z.number().nullable(),
  acknowledgeBy: WallTime.nullable(), acknowledgeOverdue: z.boolean(), // until the unit has acknowledged
  outcomeWords: z.string().nullable(),
  cover: z.object({ platformId: Id, label: z.string(), point: Point }).nullable(), // a move to stand in there for those who went to the incident
  silentSince: WallTime.nullable(), // nothing has been heard of the unit since then
  unanswered: Unanswered.nullable(), // a word that did not come in time; null: it is within its time
  confirmed: z.object({ at: WallTime, ownAt: WallTime.nullable() }).nullable(), // when somebody last said that all is well with it, and when the unit itself did
});
export type Assignment = z.infer<typeof Assignment>;

/** How long what may wait, in ms, by priority 1 to 4: told after `tellMs`; gone up to the supervisor after `upMs`, null: with the first telling; null for one priority: it never goes up. `arrive` is beyond the road time, multiplied by `roadTimeFactor`. */
export const WAIT_CODES = ["shortfall", ...ANSWER_STAGES, "ring", "answer", "call-back", "watch", "hand-over"] as const;
const ByPriority = z.array(z.number()).length(4);
export const Waits = z.object({
  rows: z.array(z.object({ code: z.enum(WAIT_CODES), tellMs: ByPriority, upMs: z.array(z.number().nullable()).length(4).nullable(), own: z.boolean() })), // own: the city has set it, it is not as installed
  roadTimeFactor: z.number(), unknownRoadMs: z.number(), longestReminderMs: z.number(),
});
export type Waits = z.infer<typeof Waits>;

export const HAND_OVER_STATES = ["offered", "escalated", "taken", "declined", "withdrawn"] as const;
/** What one person watches over, offered to another by name. Until somebody takes it, all of it stays the giver's. */
export const HandOver = z.object({
  id: Id, sequence: z.int(), state: z.enum(HAND_OVER_STATES), from: Actor, to: Actor, incidentIds: z.array(Id), contactIds: z.array(Id), words: z.string(), offeredAt: WallTime,
  dueAt: WallTime.nullable(), // taken by then, or the supervisor is told; null: it is over
  endedAt: WallTime.nullable(), endedBy: Actor.nullable(), endWords: z.string().nullable(), // why it was declined
});
export type HandOver = z.infer<typeof HandOver>;

/** One line of an incident's history. Numbers have no gap; each hash covers the one before (SHA-256, hex). */
export const TimelineEntry = z.object({
  incidentId: Id, number: z.int().positive(), sequence: z.int(), at: WallTime, by: Actor, event: z.string(), body: z.record(z.string(), z.unknown()),
  corrects: z.int().nullable(), previousHash: z.string(), hash: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A road from one junction to the next, told by where it runs: its ends, and the point half-way along. */
export const RoadPiece = z.object({ name: z.string().nullable(), from: Point, to: Point, middle: Point, path: z.array(Point) });
export type RoadPiece = z.infer<typeof RoadPiece>;
/** Roads that are not to be driven through; `until` null: until it is lifted. */
export const Closure = z.object({
  id: Id, sequence: z.int(), pieces: z.array(RoadPiece), words: z.string(), setAt: WallTime, setBy: Actor, until: WallTime.nullable(), liftedAt: WallTime.nullable(), liftedBy: Actor.nullable(),
});
export type Closure = z.infer<typeof Closure>;
export const RoadNear = z.object({ lon: z.coerce.number().min(-180).max(180), lat: z.coerce.number().min(-90).max(90) });
/** The road nearest to a point, with its whole course; null: none within 100 m. */
export const NearRoad = z.object({ road: RoadPiece.extend({ oneWay: z.boolean(), closed: z.boolean() }).nullable() });

/** What a unit reaches by road: `minutes` as a list with commas. Areas are polygons, each an outer ring and its holes; null: no road is near it. */
export const ReachQuery = z.object({ minutes: z.string().regex(/^\d{1,2}(,\d{1,2}){0,4}$/).default("3,5,10").transform((text) => text.split(",").map(Number)).pipe(z.array(z.int().min(1).max(30))) });
export const Reach = z.object({
  unitId: Id, from: Point, positionAgeMs: z.number().nullable(), at: WallTime,
  areas: z.array(z.object({ minutes: z.int(), polygons: z.array(z.array(z.array(Point))) })).nullable(),
});
export type Reach = z.infer<typeof Reach>;

export const Command = z.discriminatedUnion("type", [
  z.object({ type: z.literal("contact.receive"), source: z.enum(CONTACT_SOURCES), externalId: z.string().max(80), receivedAt: WallTime.optional(), callerNumber: z.string().max(40).nullable().default(null), callerPoint: Point.nullable().default(null), callerUncertaintyM: z.number().nonnegative().nullable().default(null), callerWords: z.string().max(2_000).nullable().default(null), signal: ContactSignal.optional() }),
  z.object({ type: z.literal("contact.hang-up"), externalId: z.string().max(80) }),
  z.object({ type: z.literal("contact.elsewhere"), externalId: z.string().max(80), how: z.enum(["answered-elsewhere", "transferred"]), to: z.string().max(80).nullable().default(null) }),
  z.object({ type: z.literal("contact.claim"), contactId: Id }),
  z.object({ type: z.literal("contact.renew"), contactId: Id }),
  z.object({ type: z.literal("contact.release"), contactId: Id }),
  z.object({ type: z.literal("contact.end"), contactId: Id, disposition: z.enum(CONTACT_DISPOSITIONS).exclude(["incident", "attached", "answered-elsewhere", "transferred"]) }),
  z.object({ type: z.literal("contact.attach"), contactId: Id, incidentId: Id, typed: TypedWords.optional(), verdicts: GivenVerdicts.optional() }),
  z.object({ type: z.literal("contact.detach"), contactId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("contact.reopen"), contactId: Id, words: text(200) }), // one that was ended without an incident
  z.object({ type: z.literal("incident.create"), contactId: Id.nullable(), incidentType: IncidentType, priority: Priority.optional(), what: z.string().trim().max(2_000), who: z.string().trim().max(200).default(""), place: IncidentPlace, triage: GivenAnswers.optional(), verdicts: GivenVerdicts.optional() }),
  z.object({ type: z.literal("incident.answer"), incidentId: Id, card: CardVersion, question: z.string().max(40), answer: z.string().max(40).nullable() }), // null takes the answer back
  z.object({ type: z.literal("incident.update"), incidentId: Id, incidentType: IncidentType.optional(), priority: Priority.optional(), what: z.string().trim().max(2_000).optional(), who: z.string().trim().max(200).optional(), place: IncidentPlace.optional() }),
  z.object({ type: z.literal("incident.note"), incidentId: Id, words: text(2_000), corrects: z.int().positive().nullable().default(null) }),
  z.object({ type: z.literal("incident.verdict"), incidentId: Id, cameraId: Id, verdict: z.enum(VERDICTS) }),
  z.object({ type: z.literal("incident.no-unit-needed"), incidentId: Id, words: text(200) }),
  z.object({ type: z.literal("incident.close"), incidentId: Id, disposition: z.enum(DISPOSITIONS), words: z.string().trim().max(2_000).default("") }),
  z.object({ type: z.literal("incident.cancel"), incidentId: Id, words: text(200) }),
  z.object({ type: z.literal("incident.reopen"), incidentId: Id, words: text(200) }),
  z.object({ type: z.literal("incident.watch"), incidentId: Id }),
  z.object({ type: z.literal("incident.merge"), incidentId: Id, intoId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("incident.unmerge"), incidentId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("incident.split"), incidentId: Id, contactIds: z.array(Id).max(200).default([]), assignmentIds: z.array(Id).max(200).default([]), incidentType: IncidentType, priority: Priority.optional(), what: z.string().trim().max(2_000), who: z.string().trim().max(200).default(""), place: IncidentPlace, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("incident.link"), incidentId: Id, otherId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("incident.unlink"), incidentId: Id, otherId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("incident.make-major"), incidentId: Id, partIds: z.array(Id).max(200).default([]), words: text(200) }),
  z.object({ type: z.literal("incident.end-major"), incidentId: Id, words: text(200) }),
  z.object({ type: z.literal("incident.join-major"), incidentId: Id, majorId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("incident.leave-major"), incidentId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("assignment.assign"), incidentId: Id, unitIds: z.array(Id).min(1).max(20), stack: z.boolean().default(false) }), // stack: a committed unit gets it as its next job instead of a refusal
  z.object({ type: z.literal("assignment.advance"), assignmentId: Id, to: AssignmentState, deviceAt: WallTime.nullable().default(null) }),
  z.object({ type: z.literal("assignment.decline"), assignmentId: Id, words: text(200), deviceAt: WallTime.nullable().default(null) }),
  z.object({ type: z.literal("assignment.recall"), assignmentId: Id, words: text(200) }),
  z.object({ type: z.literal("assignment.preempt"), assignmentId: Id, incidentId: Id, words: text(200) }), // the job that loses its unit, and where the unit goes instead
  z.object({ type: z.literal("assignment.confirm"), assignmentId: Id, words: z.string().trim().max(200).default(""), deviceAt: WallTime.nullable().default(null) }), // all is well with the unit: its own word, or of somebody who knows; the waits begin anew from then on
  z.object({ type: z.literal("assignment.lose"), assignmentId: Id, words: text(200) }),
  z.object({ type: z.literal("assignment.cover"), incidentId: Id, unitId: Id, platformId: Id }),
  z.object({ type: z.literal("unit.availability"), unitId: Id, availability: z.enum(AVAILABILITIES), activity: z.string().trim().max(80).nullable().default(null) }),
  z.object({ type: z.literal("unit.emergency"), unitId: Id, point: Point.nullable().default(null), deviceAt: WallTime.nullable().default(null) }),
  z.object({ type: z.literal("unit.emergency-clear"), unitId: Id, words: text(200) }),
  z.object({ type: z.literal("closure.set"), pieces: z.array(RoadPiece.omit({ name: true, path: true })).min(1).max(200), words: text(200), until: WallTime.nullable().default(null) }),
  z.object({ type: z.literal("closure.lift"), closureId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("hand-over.offer"), toUserId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("hand-over.take"), handOverId: Id }),
  z.object({ type: z.literal("hand-over.decline"), handOverId: Id, words: z.string().trim().max(200).default("") }),
  z.object({ type: z.literal("hand-over.withdraw"), handOverId: Id }),
]);
export type Command = z.infer<typeof Command>;
export type CommandType = Command["type"];

/**
 * A command carries an id made by the sender: sending it again gives the first answer again. `expectedSequence` is the sequence of the entity
 * that the command names (contact, incident, assignment, unit) as the sender last saw it; where that has moved on, the answer is a conflict.
 */
export const CommandEnvelope = z.object({
  commandId: z.uuid().describe("Idempotency key, made by the sender: the same command with the same id again gets the first answer again, and changes nothing"),
  expectedSequence: z.int().nonnegative().nullable().default(null).describe("The sequence of the entity that the command names, as the sender saw it last; where it has moved on, the answer is a conflict. Null: whatever it is"), command: Command,
});
export type CommandEnvelope = z.infer<typeof CommandEnvelope>;

/** What became of each unit of an assign command. One that was taken a second earlier does not hold back the others. */
export const UnitOutcome = z.object({ unitId: Id, assignmentId: Id.nullable(), refused: Problem.nullable() });
/** `contactState`: what became of the contact, so that a switch learns whether its call was answered.
 *  Never silence: done, or somebody was first (and who), or a rule forbids it. */
export const Outcome = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("accepted"), sequence: z.int(), repeated: z.boolean(), contactId: Id.nullable(), contactState: z.enum(CONTACT_STATES).nullable().optional(), incidentId: Id.nullable(), units: z.array(UnitOutcome) }),
  z.object({ outcome: z.literal("conflict"), rule: z.string(), message: z.string(), by: Actor.nullable(), at: WallTime.nullable(), units: z.array(UnitOutcome) }),
  z.object({ outcome: z.literal("refused"), rule: z.string(), message: z.string(), allowed: z.array(z.string()) }),
]);
export type Outcome = z.infer<typeof Outcome>;

export const Candidate = z.object({
  unitId: Id, rank: z.int().positive(), suggested: z.boolean(), // suggested: part of what the run card still asks for; age null: no fix yet, taken at its home
  roadSeconds: z.number(), roadMetres: z.number(), positionAgeMs: z.number().nullable(), reasons: z.array(Reason), path: z.array(Point),
});
const NotProposedReason = z.enum(["wrong-kind", "off-shift", "in-emergency", "committed", "not-available", "stale-fix", "unreachable", "farther", "lacks-skill"]);
export type NotProposedReason = z.infer<typeof NotProposedReason>;
const NotProposedUnit = z.object({ unitId: Id, reason: Reason });
/** `units`: only these, as a list with commas. */
export const NotProposedQuery = z.object({
  units: z.string().regex(/^\d{1,9}(,\d{1,9}){0,99}$/).transform((text) => text.split(",").map(Number)).optional(), code: NotProposedReason.optional(),
  after: z.coerce.number().int().nonnegative().default(0), limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
export const NotProposedPage = z.object({ units: z.array(NotProposedUnit) });
export const Recommendation = z.object({
  incidentId: Id, computedAt: WallTime, tookMs: z.number(), runCard: z.object({ code: z.string(), version: z.int(), wants: z.array(Want) }),
  skillGaps: z.array(Want), // skills that too few of the eligible have, and for how many places; the nearest without them are candidates, marked lacks-skill
  candidates: z.array(Candidate),
  notProposed: z.object({
    total: z.int(), byReason: z.array(z.object({ code: NotProposedReason, units: z.int() })),
    nearest: z.array(NotProposedUnit.extend({ metres: z.number() })), // in a straight line, nearest first
  }),
});
export type Recommendation = z.infer<typeof Recommendation>;
/** Units that could be taken from another job, soonest first; reasons: by-road, through-closed-road, of-lower-priority, covers-platform, sooner-than-free, free-through-closed-road, no-free-unit, leaves-short. */
export const PreemptionOffer = z.object({ unitId: Id, assignmentId: Id, incidentId: Id, roadSeconds: z.number(), reasons: z.array(Reason) });
export type PreemptionOffer = z.infer<typeof PreemptionOffer>;
/** Platforms that lose their last free unit within their minutes; `move`: who could stand in without uncovering another. */
export const CoverProposal = z.object({
  incidentId: Id, computedAt: WallTime, withinSeconds: z.number(),
  uncovered: z.array(z.object({ platformId: Id, label: z.string(), point: Point, nearestSeconds: z.number().nullable(), move: z.object({ unitId: Id, roadSeconds: z.number() }).nullable() })),
  thinWithinSeconds: z.number(), // where a chosen engine, ambulance or campus unit waits, no other free one of its kind is within this by road
  thinned: z.array(z.object({ unitId: Id, kind: z.enum(UNIT_KINDS), nearestSeconds: z.number().nullable() })),
});
export type CoverProposal = z.infer<typeof CoverProposal>;
/** Incidents that a call may be about; reasons: same-caller, near, same-type, same-line, ended. */
export const DuplicateCandidate = z.object({ incidentId: Id, number: z.int(), score: z.number(), reasons: z.array(Reason) });
export type DuplicateCandidate = z.infer<typeof DuplicateCandidate>;
const UnitList = z.string().regex(/^\d{1,9}(,\d{1,9}){0,19}$/).transform((list) => list.split(",").map(Number));
export const CoverQuery = z.object({ units: UnitList.optional() });
export const DuplicateQuery = z.object({ lon: z.coerce.number().min(-180).max(180).optional(), lat: z.coerce.number().min(-90).max(90).optional(), uncertaintyM: z.coerce.number().min(0).max(100_000).default(0), type: IncidentType.optional() });
/** What a dispatcher was shown of a unit when choosing it, and the recommendation worked out again from what was stored; null where nothing was. */
export const DecisionReplay = z.object({
  assignmentId: Id, shown: z.object({ rank: z.int(), roadSeconds: z.number(), computedAt: WallTime }).nullable(), recommendation: Recommendation.omit({ tookMs: true }).nullable(),
  agrees: z.boolean(), // the unit has the same rank and road time again
  roadsChanged: z.boolean(), // the city was imported anew since, or the speeds by hour are others
  inputsIntact: z.boolean(), // what was stored is what the log names, or it was forgotten in its time
  inputsKeptUntil: WallTime.nullable(), // null: nothing was stored
});

/** Times from contact to scene, of today; percentiles are null where n is 0. Definitions: GLOSSARY.md. */
export const Figure = z.object({ p50Ms: z.number().nullable(), p90Ms: z.number().nullable(), n: z.int(), missing: z.int() });
export const Board = z.object({
  since: WallTime, at: WallTime, contacts: z.int(), incidents: z.int(), active: z.int(), unitsAvailable: z.int(), unitsTotal: z.int(),
  answer: Figure, process: Figure, dispatch: Figure, acknowledge: Figure, turnout: Figure, travel: Figure, response: Figure,
  answerTarget: z.object({ withinMs: z.number(), share: z.number().nullable(), wanted: z.number(), source: z.string() }),
});
export type Board = z.infer<typeof Board>;
