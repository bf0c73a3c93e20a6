// Units that leave their word out: a job that nobody acknowledges, a crew that does not set out, does not arrive, is not heard on the way, or does not say on scene that it is well (SPEC.md, [ASG9],
// [ASG12], [ASG15] to [ASG17]). What is waited for follows from the step that the job is in; how long, from the priority and from the road time that was expected. Each such word has two moments: from the first it is
// told, again and again at doubling distance; at the second it goes up to the supervisor, and the unit counts no longer as going. It is not taken off its job: only a person does that. All of it is worked out from
// the state, the clock and when nobody could be heard, so that a restart forgets nothing and adds no more than it took; only what was told stands in the log. Rejected: an alarm for each wait, set and cancelled by hand, of which one is always forgotten.
import type { WallMs } from "../base/time.ts";
import type { DecideContext } from "./decision.ts";
import type { AnswerStage, Assignment, AssignmentState, Unanswered } from "./entities.ts";
import type { EventBody } from "./events.ts";
import { answerWait, shortfallAfterMs, type DispatchPolicy, type TimedStage } from "./policy.ts";
import { isAhead, isDue } from "./set-back.ts";
import type { State } from "./state.ts";
import { UNDER_WAY, isAcknowledged, isOfMachine, isReportable, reportEffect, saidAt } from "./transitions.ts";
import { momentAfter } from "./unheard.ts";

/** A word that is waited for. */
interface Wait {
  readonly stage: AnswerStage;
  readonly since: WallMs;
  readonly tellAt: WallMs;
  readonly upAt: WallMs;
}
type Heard = Pick<DecideContext, "now" | "positionOf" | "listeningSince" | "unheard" | "policy">;

/** What comes next of a unit in each state that it has said itself, beside being heard. */
const NEXT_WORD: Partial<Record<AssignmentState, TimedStage>> = { acknowledged: "turn-out", "en-route": "arrive", staged: "welfare", "on-scene": "welfare", transporting: "welfare" };

export function dueOfAssignment(state: State, id: number, context: Heard): EventBody[] {
  const assignment = state.assignments.get(id);
  return assignment.state === "proposed" ? [] : dueOf(assignment, state.incidents.get(assignment.incidentId).priority, context);
}

function dueOf(assignment: Assignment, priority: number, context: Heard): EventBody[] {
  const { now, policy } = context;
  const { id: assignmentId, incidentId, unitId, silentSince } = assignment;
  const about = { assignmentId, incidentId, unitId };
  const events: EventBody[] = [];
  let told = assignment.unanswered;
  const heardAt = lastHeard(assignment, context);
  if (UNDER_WAY.includes(assignment.state) && silentSince !== null && (heardAt > silentSince || isAhead(silentSince, now)) && now - heardAt < policy.silentAfterMs) {
    events.push({ type: "assignment.heard-again", ...about, at: heardAt });
    if (told?.stage === "heard") told = null;
  }
  const waits = listWaits(assignment, priority, heardAt, context).map((wait) => (isAhead(wait.since, now) ? begunAhead(wait, assignment, now) : wait));
  for (const wait of waits) {
    if (wait.tellAt > now) continue;
    const { stage, since } = wait;
    const dueAt = Math.min(now + againAfter(1, policy), ...waits.map(({ upAt }) => upAt).filter((upAt) => upAt > now));
    if (stage === "heard" && silentSince === null) events.push({ type: "assignment.not-heard", ...about, since: heardAt, dueAt });
    if (told !== null) continue;
    if (stage === "acknowledge" && !assignment.acknowledgeOverdue) events.push({ type: "assignment.not-acknowledged", ...about, dueAt });
    else if (stage !== "heard" || silentSince !== null) events.push({ type: "assignment.unanswered", ...about, stage, since, times: 1, dueAt, goneUp: false });
    told = { stage, since, times: 1, dueAt, goneUp: false };
  }
  if (told === null) return events;
  const over = waits.find(({ upAt }) => upAt <= now);
  if (isDue(told.dueAt, now, policy.longestReminderMs) || (over !== undefined && !told.goneUp)) events.push({ type: "assignment.unanswered", ...about, ...toldAgain(told, over, waits, context) });
  return events;
}

/** Begun while the clock ran ahead: told now, and gone up with the next telling. */
const begunAhead = (wait: Wait, { unanswered }: Assignment, now: WallMs): Wait => ({ ...wait, since: now, tellAt: now, ...(unanswered !== null && unanswered.times > 1 ? { upAt: now } : {}) });

/** Once it has gone up it stays there until the unit answers or somebody knows of it. */
function toldAgain(told: Unanswered, over: Wait | undefined, waits: readonly Wait[], { now, policy }: Heard): Unanswered {
  const { stage, since } = told.goneUp ? told : (over ?? told);
  const times = told.times + 1;
  const goneUp = told.goneUp || over !== undefined;
  const next = goneUp ? [] : waits.map(({ upAt }) => upAt).filter((upAt) => upAt > now);
  return { stage, since: Math.min(since, now), times, dueAt: Math.min(now + againAfter(times, policy), ...next), goneUp };
}

/** Doubling distance, from the time in which a job is to be acknowledged. */
const againAfter = (times: number, { acknowledgeWithinMs, longestReminderMs }: DispatchPolicy): number => Math.min(acknowledgeWithinMs * 2 ** Math.min(times - 1, 10), longestReminderMs);

/** [ASG15] Time in which nobody could be heard is added to each wait. Of a unit on the way nothing is known before the centre had positions. */
function listWaits(assignment: Assignment, priority: number, heardAt: WallMs, { now, listeningSince, unheard, policy }: Heard): Wait[] {
  const { state, milestones, acknowledgeBy, roadSecondsAtAssign } = assignment;
  const shortMs = shortfallAfterMs(priority, policy);
  if (!isAcknowledged(state)) {
    const since = milestones.findLast((milestone) => milestone.state === "assigned")!.receivedAt;
    const tellAt = acknowledgeBy ?? since + policy.acknowledgeWithinMs;
    return [{ stage: "acknowledge", since, tellAt, upAt: Math.max(tellAt, momentAfter(unheard, since, shortMs)) }];
  }
  const spokenForAt = lastSpokenFor(assignment, now); // the unit's word, or of somebody at a desk who knew of it then: that is no word of the unit's, and no silence either
  const waits: Wait[] = [];
  if (UNDER_WAY.includes(state)) {
    const from = Math.max(heardAt, spokenForAt, listeningSince);
    waits.push({ stage: "heard", since: heardAt, tellAt: momentAfter(unheard, from, policy.silentAfterMs), upAt: momentAfter(unheard, from, policy.silentAfterMs + shortMs) });
  }
  const stage = NEXT_WORD[state];
  if (stage === undefined) return waits;
  const { tellMs, upMs } = answerWait(stage, priority, policy);
  const roadMs = stage !== "arrive" ? 0 : roadSecondsAtAssign === null ? policy.unknownRoadMs : roadSecondsAtAssign * 1_000 * policy.roadTimeFactor;
  waits.push({ stage, since: spokenForAt, tellAt: momentAfter(unheard, spokenForAt, roadMs + tellMs), upAt: momentAfter(unheard, spokenForAt, roadMs + upMs) });
  return waits;
}

/** When each word of the crew's was said: a step that moved the job on when it came; one that came late, when it was pressed. */
function* listWords({ milestones }: Assignment): Generator<{ readonly at: WallMs; readonly entered: boolean }> {
  let reached: AssignmentState = "assigned";
  for (const { state, deviceAt, receivedAt, entered } of milestones) {
    const isLate = isReportable(state) && reportEffect(reached, state) === "late";
    if (!isOfMachine(state)) yield { at: isLate ? saidAt(deviceAt, receivedAt) : receivedAt, entered };
    if (!isLate) reached = state;
  }
}
/** What was said while the clock ran ahead counts only as long as nothing was said since. */
function lastSpokenFor(assignment: Assignment, now: WallMs): WallMs {
  const said = [assignment.confirmed?.at ?? 0, ...Array.from(listWords(assignment), ({ at }) => at)].filter((at) => at > 0);
  const known = said.filter((at) => !isAhead(at, now));
  return Math.max(0, ...(known.length > 0 ? known : said));
}

/** The last report of the unit's own or position, whichever is later; before any, when it was sent. */
function lastHeard(assignment: Assignment, { now, positionOf }: Heard): WallMs {
  const heard = [assignment.confirmed?.ownAt ?? 0, positionOf(assignment.unitId)?.at ?? 0, ...Array.from(listWords(assignment), ({ at, entered }) => (entered ? 0 : at))];
  const known = heard.filter((at) => at > 0 && !isAhead(at, now));
  return Math.min(now, Math.max(...(known.length > 0 ? known : heard)));
}
