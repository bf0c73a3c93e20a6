// The board of figures of a day: how long people waited for each step. Definitions are GLOSSARY.md's. Every figure says how many values it
// stands on and how many are missing, because a median of the answered calls alone flatters: in one real decade-long export 42 % of unit
// dispatches have no arrival time. For the same reason a span whose ends contradict each other is missing, never 0. Percentiles are by nearest
// rank (a value that occurred), not interpolated.
import { HOUR_MS, type WallMs } from "../base/time.ts";
import { correctedTimes, type MilestoneTime, type Step } from "./milestones.ts";

export interface Figure {
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly n: number;
  readonly missing: number;
}

export interface Board {
  readonly since: WallMs;
  readonly at: WallMs;
  readonly contacts: number;
  readonly incidents: number;
  readonly active: number;
  readonly unitsAvailable: number;
  readonly unitsTotal: number;
  /** Contact's arrival to its claim. */
  readonly answer: Figure;
  /** Claim to the incident's creation. */
  readonly process: Figure;
  /** Incident's creation to the first unit assigned. */
  readonly dispatch: Figure;
  /** Assigned to acknowledged, each unit. */
  readonly acknowledge: Figure;
  /** Assigned to en route, each unit. */
  readonly turnout: Figure;
  /** En route to on scene, each unit. */
  readonly travel: Figure;
  /** Contact's arrival to the first unit on scene. */
  readonly response: Figure;
  readonly answerTarget: { readonly withinMs: number; readonly share: number | null; readonly wanted: number; readonly source: string };
}

export interface ContactTimes {
  readonly source: string;
  readonly receivedAt: WallMs;
  readonly answeredAt: WallMs | null;
  readonly abandonedAt: WallMs | null;
  readonly endedAt: WallMs | null;
}
export interface IncidentTimes {
  readonly firstContactAt: WallMs;
  readonly createdAt: WallMs;
  /** Of the contact it was made from; null where it had none or that was a call-back. */
  readonly answeredAt: WallMs | null;
  readonly fromContact: boolean;
  readonly needsUnits: boolean;
  /** Milestones of each assignment. */
  readonly assignments: readonly (readonly MilestoneTime[])[];
}
export interface BoardInput {
  readonly since: WallMs;
  readonly at: WallMs;
  readonly contacts: readonly ContactTimes[];
  readonly incidents: readonly IncidentTimes[];
  readonly active: number;
  readonly unitsAvailable: number;
  readonly unitsTotal: number;
}

/** NENA-STA-020.1-2020, 2.2.1: 90 % of calls answered within 15 s (and 95 % within 20 s). */
const ANSWER_TARGET = { withinMs: 15_000, wanted: 0.9, source: "NENA-STA-020.1-2020" } as const;

export function figureOf(values: readonly (number | null)[]): Figure {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const rank = (share: number): number | null => known[Math.max(0, Math.ceil(share * known.length) - 1)] ?? null;
  return { p50Ms: rank(0.5), p90Ms: rank(0.9), n: known.length, missing: values.length - known.length };
}

export function boardOf(input: BoardInput): Board {
  const { contacts, incidents, at } = input;
  const jobsOf = new Map(incidents.map((incident) => [incident, incident.assignments.map(correctedTimes)]));
  const jobs = [...jobsOf.values()].flat().filter((job) => job.has("assigned"));
  const spans = (from: Step, to: Step): Figure => figureOf(jobs.map((job) => between(job.get(from), job.get(to))));
  const firstOf = (incident: IncidentTimes, step: Step): number | undefined => {
    const times = jobsOf.get(incident)!.map((job) => job.get(step)).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  };
  const sent = incidents.filter((incident) => incident.needsUnits || incident.assignments.length > 0);
  return {
    since: input.since, at, contacts: contacts.length, incidents: incidents.length, active: input.active, unitsAvailable: input.unitsAvailable, unitsTotal: input.unitsTotal,
    answer: figureOf(contacts.map((contact) => between(contact.receivedAt, contact.answeredAt))),
    process: figureOf(incidents.filter((incident) => incident.fromContact).map((incident) => between(incident.answeredAt, incident.createdAt))),
    dispatch: figureOf(sent.map((incident) => between(incident.createdAt, firstOf(incident, "assigned")))),
    acknowledge: spans("assigned", "acknowledged"), turnout: spans("assigned", "en-route"), travel: spans("en-route", "on-scene"),
    response: figureOf(sent.map((incident) => between(incident.firstContactAt, firstOf(incident, "on-scene")))),
    answerTarget: { ...ANSWER_TARGET, share: shareAnswered(contacts, at) },
  };
}

const between = (from: number | null | undefined, to: number | null | undefined): number | null =>
  from === null || from === undefined || to === null || to === undefined || to < from ? null : to - from;

/** Of the calls by telephone that were answered or waited longer than the 15 s, however they ended; one that still rings in its first seconds, or hung up in them, counts neither way: the same as in the figures [FIG5]. */
function shareAnswered(contacts: readonly ContactTimes[], at: WallMs): number | null {
  const { withinMs } = ANSWER_TARGET;
  const decided = contacts.filter(({ source, receivedAt, answeredAt, abandonedAt, endedAt }) => source === "telephone" && (answeredAt !== null || (abandonedAt ?? endedAt ?? at) - receivedAt > withinMs));
  if (decided.length === 0) return null;
  return decided.filter((contact) => contact.answeredAt !== null && contact.answeredAt - contact.receivedAt <= withinMs).length / decided.length;
}

/** Midnight of the day that `at` is in, by the clocks of a time zone (IANA name). Right on the days when clocks change, too. */
export function startOfDay(at: WallMs, timeZone: string): WallMs {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" });
  const today = format.format(at);
  let before = at - 26 * HOUR_MS; // surely another day: no day is longer than 25 h
  let within = at;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (format.format(middle) === today) within = middle;
    else before = middle;
  }
  return within;
}
