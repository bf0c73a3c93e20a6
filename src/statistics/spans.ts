// The spans of a call, from its arrival to the last unit's clearing, each with what is wrong with it. A span is counted, missing (a milestone that should be there is
// not told), or excluded with a reason (it could not come to be, is not over yet, or its ends contradict each other). What looks wrong and cannot be
// disproved is counted and named. A wait that ended, or still goes on, without its milestone is excluded with how long it was: of a threshold that it outlasted it has failed, whatever
// ended it. Two kinds of clock: our own, by which a phone's times are corrected, and that of a replayed log, whose times are taken as it says them and never
// mixed with ours. Rules: SPEC.md.
import { DAY_MS, SECOND_MS, type WallMs } from "../base/time.ts";
import { STEPS, correctedTimes, type MilestoneTime, type Step } from "./milestones.ts";

export const SPANS = ["answer", "process", "handling", "acknowledge", "turnout", "travel", "response", "unit-response", "on-scene", "commitment"] as const;
export type SpanName = (typeof SPANS)[number];
/** Whose span it is: one for each contact, incident or assignment. */
export const SUBJECT_OF = {
  answer: "contact", process: "incident", handling: "incident", response: "incident",
  acknowledge: "assignment", turnout: "assignment", travel: "assignment", "unit-response": "assignment", "on-scene": "assignment", commitment: "assignment",
} as const satisfies Record<SpanName, "contact" | "incident" | "assignment">;

/** Raised whenever a row would come out otherwise than before: the read model is then made anew. */
export const SPANS_VERSION = 4;

export const CLOCKS = ["centre", "log"] as const;
export type ClockKind = (typeof CLOCKS)[number];
export const DOUBTS = ["negative", "over-a-day", "over-half-a-day", "same-second", "after-closing"] as const;
export type Doubt = (typeof DOUBTS)[number];
export const EXCLUSIONS = ["under-way", "abandoned", "elsewhere", "no-call", "nobody-needed", "recalled", "declined", "pre-empted", "lost", "cancelled", "waited", "not-in-log", "negative", "over-a-day"] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

export type JudgedSpan =
  /** `entered`: one of its ends is a step that somebody at a desk entered for the unit. */
  | { readonly state: "counted"; readonly ms: number; readonly entered: boolean; readonly doubts: readonly Doubt[] }
  | { readonly state: "missing"; readonly milestone: string }
  /** `ms`: what its ends say, or how long was waited in vain; null where nothing is known. `since`: of a wait that goes on. */
  | { readonly state: "excluded"; readonly reason: Exclusion; readonly ms: number | null; readonly since: WallMs | null; readonly doubts: readonly Doubt[] };
export type Spans<Name extends SpanName = SpanName> = Readonly<Partial<Record<Name, JudgedSpan>>>;

const excluded = (reason: Exclusion): JudgedSpan => ({ state: "excluded", reason, ms: null, since: null, doubts: [] });
const goesOn = (since: WallMs | undefined): JudgedSpan => ({ state: "excluded", reason: "under-way", ms: null, since: since ?? null, doubts: [] });
/** [FIG5] It was waited for, and ended without it. */
const inVain = (reason: Exclusion, from: WallMs | undefined, to: WallMs | null | undefined): JudgedSpan =>
  ({ state: "excluded", reason, ms: from === undefined || to == null || to < from ? null : to - from, since: null, doubts: [] });
const missing = (milestone: string): JudgedSpan => ({ state: "missing", milestone });

/** [FIG3] [FIG4] Both ends are known. `closedAt`: when the thing was over; null where it is not. */
export function judge(from: WallMs, to: WallMs, closedAt: WallMs | null, entered = false): JudgedSpan {
  const ms = to - from;
  if (ms < 0) return { state: "excluded", reason: "negative", ms, since: null, doubts: ["negative"] };
  if (ms > DAY_MS) return { state: "excluded", reason: "over-a-day", ms, since: null, doubts: ["over-a-day"] };
  const doubts: Doubt[] = [];
  if (ms < SECOND_MS) doubts.push("same-second");
  if (ms > DAY_MS / 2) doubts.push("over-half-a-day");
  if (closedAt !== null && to > closedAt) doubts.push("after-closing");
  return { state: "counted", ms, entered, doubts };
}

export interface ContactFacts {
  readonly clock: ClockKind;
  readonly arrivedAt: WallMs;
  readonly answeredAt: WallMs | null;
  readonly abandonedAt: WallMs | null;
  readonly endedAt: WallMs | null;
}
export function spansOfContact({ clock, arrivedAt, answeredAt, abandonedAt, endedAt }: ContactFacts): Spans<"answer"> {
  if (clock === "log") return { answer: excluded("not-in-log") };
  if (answeredAt !== null) return { answer: judge(arrivedAt, answeredAt, null) };
  if (abandonedAt !== null) return { answer: inVain("abandoned", arrivedAt, abandonedAt) };
  return { answer: endedAt === null ? goesOn(arrivedAt) : inVain("elsewhere", arrivedAt, endedAt) }; // only the switch ends what nobody took
}

export interface JobFacts {
  readonly state: string;
  readonly milestones: readonly MilestoneTime[];
}
/** The call that an incident was made from. */
export interface CallFacts {
  readonly arrivedAt: WallMs;
  /** Null where that was a call-back. */
  readonly answeredAt: WallMs | null;
  /** When the incident that this call made was made: another's, where that was merged into this one. */
  readonly madeAt: WallMs;
}
/** Whether a place lies in town: what practice asks differs. */
export const AREAS = ["town", "outside"] as const;
export type Area = (typeof AREAS)[number];

export interface IncidentFacts {
  readonly clock: ClockKind;
  /** Of its first contact. */
  readonly arrivedAt: WallMs;
  /** The earliest that it was made from, its own and those of what was merged into it; null where it was made from none. */
  readonly call: CallFacts | null;
  readonly needsUnits: boolean;
  readonly endedAt: WallMs | null;
  readonly ending: Ending | null;
  readonly jobs: readonly JobFacts[];
}

/** How an incident ended: the status it has then, and its disposition. */
export interface Ending {
  readonly status: string;
  readonly disposition: string | null;
}
/** Closed so, nobody had to be there after all. Any other ending says that somebody was. */
const WITHOUT_NEED: readonly (string | null)[] = ["no-need", "duplicate", "unfounded"];
const wasNeeded = (ending: Ending | null): boolean => ending !== null && ending.status === "closed" && !WITHOUT_NEED.includes(ending.disposition);

const LIVE: readonly string[] = ["proposed", "assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting"];
const ENDS: readonly string[] = ["recalled", "declined", "pre-empted", "lost"] satisfies Exclusion[];

/** When each step of a job was first reached. Of a log only what its own devices told counts: the rest happened at the replay. */
export function timesOfJob(job: JobFacts, clock: ClockKind): ReadonlyMap<Step, WallMs> {
  if (clock === "centre") return correctedTimes(job.milestones);
  const times = new Map<Step, WallMs>();
  for (const { state, deviceAt } of job.milestones) if (deviceAt !== null && (STEPS as readonly string[]).includes(state) && !times.has(state as Step)) times.set(state as Step, deviceAt);
  const sent = times.get("sent");
  if (sent !== undefined) times.set("assigned", sent); // of a log nothing tells the two apart
  return times;
}

export type JobSpan = "acknowledge" | "turnout" | "travel" | "unit-response" | "on-scene" | "commitment";
/** `incident`: the one that the job is for. */
export function spansOfJob(job: JobFacts, incident: Pick<IncidentFacts, "clock" | "endedAt" | "ending" | "jobs">): Spans<JobSpan> {
  const { clock } = incident;
  if (job.state === "proposed" || (clock === "centre" && !job.milestones.some(({ state }) => state === "assigned"))) {
    const waits = excluded(LIVE.includes(job.state) ? "under-way" : "waited"); // it never became anybody's job
    return { acknowledge: waits, turnout: waits, travel: waits, "unit-response": waits, "on-scene": waits, commitment: waits };
  }
  const times = timesOfJob(job, clock);
  const closedAt = times.get("cleared") ?? null;
  const isTold = (step: Step): boolean => job.milestones.some(({ state }) => state === step);
  const isUnseen = isClosedUnseen(job, incident);
  const span = (from: Step, to: Step): JudgedSpan => {
    const [begin, end] = [times.get(from), times.get(to)];
    if (begin !== undefined && end !== undefined) return judge(begin, end, closedAt, [from, to].some((step) => isEntered(job, step)));
    if (end === undefined && clock === "centre" && !isTold(to)) {
      if (LIVE.includes(job.state) && isAhead(job, to)) return goesOn(begin);
      if (ENDS.includes(job.state) && !isUnseen && !isPassed(job, to)) return inVain(job.state as Exclusion, begin, endOf(job));
    }
    const absent = begin === undefined ? from : to;
    return missing(clock === "log" && absent === "assigned" ? "sent" : absent);
  };
  return {
    acknowledge: clock === "log" ? excluded("not-in-log") : span("assigned", "acknowledged"),
    turnout: span("assigned", "en-route"), travel: span("en-route", "on-scene"), "unit-response": span("assigned", "on-scene"), "on-scene": span("on-scene", "cleared"), commitment: span("assigned", "cleared"),
  };
}

/** [FIG9] As the step was reached first. */
const isEntered = ({ milestones }: JobFacts, step: Step): boolean => milestones.find(({ state }) => state === step)?.entered === true;
const endOf = ({ state, milestones }: JobFacts): WallMs | undefined => milestones.findLast((one) => one.state === state)?.receivedAt;
/** [FIG3] The closing recalled it, of an incident that ended as if somebody had been there, and nobody is told to have been: its steps are missing, it was not called back from them. */
function isClosedUnseen(job: JobFacts, { endedAt, ending, jobs }: Pick<IncidentFacts, "endedAt" | "ending" | "jobs">): boolean {
  return job.state === "recalled" && endOf(job) === endedAt && wasNeeded(ending) && !jobs.some(({ milestones }) => milestones.some(({ state }) => state === "on-scene"));
}

/** A later step was told: this one was passed, and nobody waited for it to the end. */
const isPassed = ({ milestones }: JobFacts, step: Step): boolean => milestones.some(({ state }) => STEPS.indexOf(state as Step) > STEPS.indexOf(step));

/** The job has not come so far that the step should be there. */
const isAhead = (job: JobFacts, step: Step): boolean => STEPS.indexOf(job.state as Step) < STEPS.indexOf(step);

export type IncidentSpan = "process" | "handling" | "response";
export function spansOfIncident(incident: IncidentFacts): Spans<IncidentSpan> {
  const { clock, jobs, call, ending, endedAt } = incident;
  const jobTimes = jobs.map((job) => timesOfJob(job, clock));
  const firstOf = (step: Step): WallMs | undefined => jobTimes.flatMap((times) => times.get(step) ?? []).reduce<WallMs | undefined>((least, time) => (least === undefined || time < least ? time : least), undefined);
  const [assigned, onScene] = [firstOf("assigned"), firstOf("on-scene")];
  const isArrivalEntered = jobs.some((job, i) => jobTimes[i]!.get("on-scene") === onScene && isEntered(job, "on-scene"));
  const fromCall = (to: (call: CallFacts) => WallMs | undefined, absent: (since: WallMs) => JudgedSpan): JudgedSpan => {
    if (clock === "log") return excluded("not-in-log");
    if (call === null) return excluded("no-call");
    const end = to(call);
    if (end !== undefined && end < call.arrivedAt) return excluded("no-call"); // somebody was sent before there was a call
    if (call.answeredAt === null) return missing("answered");
    return end === undefined ? absent(call.answeredAt) : judge(call.answeredAt, end, endedAt);
  };
  const nobody = (milestone: Step, since: WallMs | undefined): JudgedSpan => {
    if (jobs.length === 0 && !incident.needsUnits) return excluded("nobody-needed");
    if (ending === null) return goesOn(since);
    if (clock === "centre" && jobs.every(({ state }) => ENDS.includes(state)) && !wasNeeded(ending)) return inVain("cancelled", since, endedAt);
    return missing(milestone);
  };
  return {
    process: fromCall(({ madeAt }) => madeAt, () => missing("created")), handling: fromCall(() => assigned, (since) => nobody("assigned", since)),
    response: onScene === undefined ? nobody("on-scene", clock === "log" ? undefined : incident.arrivedAt) : judge(incident.arrivedAt, onScene, clock === "log" ? null : endedAt, isArrivalEntered),
  };
}
