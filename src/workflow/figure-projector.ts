// Keeps the read model of the figures behind the log of dispatch: reads what is new of the log, finds whom it speaks of, and judges these anew from the state. Rows and
// the place in the log are one transaction, so that a crash repeats nothing and leaves out nothing. The state may be ahead of what was read: then a row is right early,
// and is written again. Rejected: figures computed at each request, which reads years of a log while somebody waits, and counters kept by the writer, which cannot be made anew.
import type { WallMs } from "../base/time.ts";
import type { Actor, Assignment, Contact, Incident, LonLat, Unit } from "../dispatch/entities.ts";
import type { EventBody } from "../dispatch/events.ts";
import {
  SPANS_VERSION, SUBJECT_OF, type Area, type CallFacts, type ClockKind, type IncidentFacts, type JudgedSpan, type SpanName, type Spans, spansOfContact, spansOfIncident, spansOfJob,
} from "../statistics/spans.ts";

export interface FigureRow {
  readonly span: SpanName;
  readonly subjectId: number;
  readonly contactId: number | null;
  readonly incidentId: number | null;
  readonly callSign: string | null;
  /** Of the job's unit. */
  readonly unitKind: string | null;
  /** By which way its call came. */
  readonly source: string | null;
  readonly clock: ClockKind;
  readonly arrivedAt: WallMs;
  readonly incidentType: string | null;
  /** Of the incident's place; null where there is none, or the map says nothing of it. */
  readonly area: Area | null;
  readonly priorityFirst: number | null;
  readonly priorityLast: number | null;
  readonly judged: JudgedSpan;
}

/** As an incident was made: its priority, and the contact that it was made from. */
export interface FirstGrade {
  readonly priorityFirst: number;
  readonly contactId: number | null;
}

export interface FigureBatch {
  /** All of the log up to it is in the read model once this is written. */
  readonly sequence: number;
  readonly graded: readonly (FirstGrade & { readonly incidentId: number })[];
  readonly logContacts: readonly { readonly contactId: number; readonly arrivedAt: WallMs }[];
  readonly rows: readonly FigureRow[];
  /** Their own spans count no more: what they were made of counts elsewhere. */
  readonly removed: readonly { readonly span: SpanName; readonly subjectId: number }[];
}

export interface FigureEvent {
  readonly sequence: number;
  readonly by: Pick<Actor, "kind" | "id">;
  readonly body: EventBody;
}

export interface FigureModelPort {
  /** The place in the log. Empties the model where it was judged by another version. */
  open(version: number): Promise<number>;
  readEvents(after: number, limit: number): Promise<readonly FigureEvent[]>;
  findGraded(incidentIds: readonly number[]): Promise<ReadonlyMap<number, FirstGrade>>;
  findLogContacts(contactIds: readonly number[]): Promise<ReadonlyMap<number, WallMs>>;
  save(batch: FigureBatch): Promise<void>;
}

/** The state of dispatch, by id. */
export interface FigureLookup {
  findContact(id: number): Contact | null;
  findIncident(id: number): Incident | null;
  findAssignment(id: number): Assignment | null;
  findUnit(id: number): Unit | null;
  sequence(): number;
  /** Has them at hand: of a log that is judged anew they are of years ago. */
  load(kind: "contact" | "incident" | "assignment", ids: Iterable<number>): Promise<void>;
}

export interface FigureProjector {
  /** Takes in what is new; resolves when the model is as far as the log was. One at a time: a second call waits for the same work. */
  catchUp(): Promise<void>;
  /** How far it has come; null before the first look. */
  sequence(): number | null;
}

/** Commands go on between the pages, also when years of the log are judged anew. */
const PAGE = 500;

/** `isReplay`: the machine account that feeds logs of other centres. `areaAt`: what the map says of a place. */
export function createFigureProjector(model: FigureModelPort, lookup: FigureLookup, isReplay: (by: Pick<Actor, "kind" | "id">) => boolean, areaAt: (point: LonLat) => Area | null): FigureProjector {
  let sequence: number | null = null;
  let running: Promise<void> | null = null;

  const work = async (): Promise<void> => {
    sequence ??= await model.open(SPANS_VERSION);
    while (sequence < lookup.sequence()) {
      const events = await model.readEvents(sequence, PAGE);
      if (events.length === 0) return;
      const batch = await batchOf(events);
      await model.save(batch);
      sequence = batch.sequence;
    }
  };

  const batchOf = async (events: readonly FigureEvent[]): Promise<FigureBatch> => {
    const contacts = new Set<number>();
    const incidents = new Set<number>();
    const graded = new Map<number, FirstGrade>();
    const logContacts = new Map<number, WallMs>();
    for (const { body, by } of events) {
      for (const [kind, id] of idsOf(body)) (kind === "contact" ? contacts : incidents).add(id);
      if (body.type === "incident.created") graded.set(body.incidentId, { priorityFirst: body.priority, contactId: body.contactId });
      if (body.type === "contact.received" && isReplay(by)) logContacts.set(body.contactId, body.saidAt ?? body.receivedAt);
    }
    await lookup.load("contact", contacts);
    for (const id of [...contacts]) {
      const incidentId = lookup.findContact(id)?.incidentId ?? null;
      if (incidentId !== null) incidents.add(incidentId);
    }
    await lookup.load("incident", incidents);
    for (const id of [...incidents]) {
      const incident = lookup.findIncident(id);
      if (incident === null) continue;
      for (const other of [incident.mergedIntoId, incident.splitFromId, ...incident.mergedIds]) if (other !== null) incidents.add(other);
    }
    await lookup.load("incident", incidents);
    await lookup.load("assignment", Array.from(incidents, (id) => lookup.findIncident(id)?.assignmentIds ?? []).flat());
    for (const id of incidents) for (const contactId of lookup.findIncident(id)?.contactIds ?? []) contacts.add(contactId);
    await lookup.load("contact", contacts);
    const firstGrades = new Map([...(await model.findGraded([...incidents].flatMap((id) => [id, ...mergedInto(id)]))), ...graded]);
    const priorityFirst = (id: number): number | null => firstGrades.get(id)?.priorityFirst ?? null;
    const logArrivals = new Map([...(await model.findLogContacts([...contacts])), ...logContacts]);

    const rows: FigureRow[] = [];
    const removed: { span: SpanName; subjectId: number }[] = [];
    const add = (spans: Spans, facts: Omit<FigureRow, "span" | "judged">): void => {
      for (const [span, judged] of Object.entries(spans) as [SpanName, JudgedSpan][]) rows.push({ ...facts, span, judged });
    };
    for (const id of contacts) {
      const contact = lookup.findContact(id);
      if (contact === null) continue;
      const incident = contact.incidentId === null ? null : lookup.findIncident(contact.incidentId);
      const clock: ClockKind = logArrivals.has(id) ? "log" : "centre";
      const arrivedAt = logArrivals.get(id) ?? contact.receivedAt;
      add(spansOfContact({ clock, arrivedAt, answeredAt: contact.answeredAt, abandonedAt: contact.abandonedAt, endedAt: contact.endedAt }), {
        subjectId: id, contactId: id, incidentId: incident?.id ?? null, callSign: null, unitKind: null, source: contact.source, clock, arrivedAt, incidentType: incident?.type ?? null, area: incident === null ? null : areaAt(incident.place.point),
        priorityFirst: incident === null ? null : priorityFirst(incident.id), priorityLast: incident?.priority ?? null,
      });
    }
    for (const id of incidents) {
      const incident = lookup.findIncident(id);
      if (incident === null) continue;
      if (incident.mergedIntoId !== null) {
        for (const [span, subject] of Object.entries(SUBJECT_OF) as [SpanName, string][]) if (subject === "incident") removed.push({ span, subjectId: id });
        continue;
      }
      const first = incident.contactIds.map((one) => lookup.findContact(one)).find((contact) => contact !== null) ?? null;
      const logArrival = first === null ? undefined : logArrivals.get(first.id);
      const clock: ClockKind = logArrival === undefined ? "centre" : "log";
      const jobs = incident.assignmentIds.map((one) => lookup.findAssignment(one)).filter((assignment) => assignment !== null && assignment.cover === null) as Assignment[];
      // Of a log only what the replay itself told of a unit is the log's.
      const milestonesOf = ({ milestones }: Assignment) => (clock === "log" ? milestones.filter(({ by }) => isReplay(by)) : milestones);
      const facts = {
        contactId: first?.id ?? null, incidentId: id, source: first?.source ?? null, clock, arrivedAt: logArrival ?? incident.firstContactAt, incidentType: incident.type, area: areaAt(incident.place.point), priorityFirst: priorityFirst(id), priorityLast: incident.priority,
      };
      const judged: IncidentFacts = {
        clock, arrivedAt: facts.arrivedAt, call: callOf(id, firstGrades), needsUnits: incident.neededUnits > 0, endedAt: incident.endedAt, ending: incident.endedAt === null ? null : { status: incident.status, disposition: incident.disposition },
        jobs: jobs.map((job) => ({ state: job.state, milestones: milestonesOf(job) })),
      };
      add(spansOfIncident(judged), { ...facts, subjectId: id, callSign: null, unitKind: null });
      jobs.forEach((job, i) => {
        const unit = lookup.findUnit(job.unitId);
        add(spansOfJob(judged.jobs[i]!, judged), { ...facts, subjectId: job.id, callSign: unit?.callSign ?? null, unitKind: unit?.kind ?? null });
      });
    }
    return {
      sequence: events.at(-1)!.sequence, graded: Array.from(graded, ([incidentId, grade]) => ({ incidentId, ...grade })), logContacts: Array.from(logContacts, ([contactId, arrivedAt]) => ({ contactId, arrivedAt })), rows, removed,
    };
  };

  /** All that were merged into it, and into those. */
  const mergedInto = (id: number): number[] => (lookup.findIncident(id)?.mergedIds ?? []).flatMap((one) => [one, ...mergedInto(one)]);
  /** The earliest call that it was made from, or one that was merged into it. */
  const callOf = (id: number, made: ReadonlyMap<number, FirstGrade>): CallFacts | null => {
    const calls = [id, ...mergedInto(id)].flatMap((one): CallFacts[] => {
      const contactId = made.get(one)?.contactId ?? null;
      const [contact, incident] = [contactId === null ? null : lookup.findContact(contactId), lookup.findIncident(one)];
      return contact === null || incident === null ? [] : [{ arrivedAt: contact.receivedAt, answeredAt: contact.answeredAt, madeAt: incident.createdAt }];
    });
    return calls.length === 0 ? null : calls.reduce((earliest, one) => (one.arrivedAt < earliest.arrivedAt ? one : earliest));
  };

  return {
    catchUp: () => (running ??= work().finally(() => void (running = null))),
    sequence: () => sequence,
  };
}

/** Every contact and incident that an event names, however its field is called. */
function* idsOf(body: EventBody): Generator<["contact" | "incident", number]> {
  for (const [key, value] of Object.entries(body)) {
    const kind = /contactIds?$/i.test(key) ? "contact" : /incidentIds?$/i.test(key) || /^(into|from|part|major|linked)Ids?$/i.test(key) ? "incident" : null;
    if (kind === null) continue;
    for (const id of Array.isArray(value) ? value : [value]) if (typeof id === "number") yield [kind, id];
  }
}
