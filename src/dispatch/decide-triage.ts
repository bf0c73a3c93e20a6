// Question cards and what follows from their answers (SPEC.md, [TRI1] to [TRI6]): each answer is an event; where the grade changes, so do priority and run card, by an event of its own.
import { DETERMINANT_PRIORITIES, isMoreSevere, usualDeterminant, type Determinant, type TriageAnswers, type TriageCard } from "../base/triage-grade.ts";
import type { IncidentCommand } from "./commands.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, refuse } from "./decision.ts";
import { INCIDENT_TYPES, type Incident, type IncidentPlace, type IncidentType, type Triage } from "./entities.ts";
import type { EventBody, Plan } from "./events.ts";
import { shortfallAfterMs } from "./policy.ts";
import type { State } from "./state.ts";
import { CARD_OF_TYPE, cardOfType, findCard, gradeType } from "./triage-cards.ts";

type Card = NonNullable<Triage["card"]>;
export const answersOf = (triage: Triage | null): TriageAnswers => Object.fromEntries((triage?.answers ?? []).map(({ question, answer }) => [question, answer]));
export const determinantOf = (incident: Pick<Incident, "type" | "triage">): Determinant => incident.triage?.determinant ?? usualDeterminant(INCIDENT_TYPES[incident.type].defaultPriority);

/** Why these answers are none of this type's card, or null. */
export function findAnswerFault(type: IncidentType, named: Card, answers: TriageAnswers): Decision | null {
  const card = findCard(named);
  const asked = cardOfType(type);
  if (card === null || card.code !== CARD_OF_TYPE[type]) return refuse("no-such-card", `${type} is not asked by version ${named.version} of the card ${named.code}`, asked === null ? [] : [`${asked.code} ${asked.version}`]);
  for (const [code, answer] of Object.entries(answers)) {
    const question = card.questions.find((one) => one.code === code);
    if (question === undefined) return refuse("no-such-question", `version ${card.version} of the card ${card.code} does not ask ${code}`, card.questions.map((one) => one.code));
    if (!question.options.some((option) => option.code === answer)) return refuse("no-such-answer", `${answer} is no answer to ${code} of the card ${card.code}`, question.options.map((option) => option.code));
  }
  return null;
}

/** [TRI2] [TRI3] */
export function decideAnswer(state: State, incident: Incident, { card: named, question, answer }: Extract<IncidentCommand, { type: "incident.answer" }>, context: DecideContext): Decision {
  const fault = findAnswerFault(incident.type, named, answer === null ? {} : { [question]: answer });
  if (fault !== null) return fault;
  const card = findCard(named)!;
  if (!card.questions.some((one) => one.code === question)) return refuse("no-such-question", `version ${card.version} of the card ${card.code} does not ask ${question}`, card.questions.map((one) => one.code));
  const before = answersOf(incident.triage);
  const was = before[question] ?? null;
  if (was === answer) return accept([], { incidentId: incident.id });
  const { [question]: _, ...others } = before;
  const determinant = gradeType(incident.type, card, answer === null ? others : { ...others, [question]: answer });
  const answered: EventBody = { type: "incident.answered", incidentId: incident.id, card: { code: card.code, version: card.version }, question, answer, was, determinant };
  return accept([answered, ...regrade(state, incident, determinant, context)], { incidentId: incident.id });
}

/** [TRI4] A priority that is still what the former grade gave follows the new one. One that a person set otherwise is only ever raised, and by a worse grade only. */
export function followPriority(current: number, from: Determinant, to: Determinant): number {
  const given = DETERMINANT_PRIORITIES[to];
  if (current === DETERMINANT_PRIORITIES[from]) return given;
  return isMoreSevere(to, from) ? Math.min(current, given) : current;
}

/** [TRI3] What another grade changes, as one line; none where the grade is what it was. Nobody needed stays so unless it has become worse. */
export function regrade(state: State, incident: Incident, determinant: Determinant, context: DecideContext): EventBody[] {
  const from = determinantOf(incident);
  if (from === determinant) return [];
  const { asked, plannedAt } = state.books.get(incident.id);
  const own = asked?.own ?? incident;
  const priority = followPriority(own.priority, from, determinant);
  const plan = context.planFor({ type: incident.type, determinant, district: incident.place.district, now: plannedAt });
  const asks = isMoreSevere(determinant, from) || own.noUnitNeeded === null;
  const other = plan.runCard.code !== incident.runCard.code || plan.runCard.version !== incident.runCard.version || own.noUnitNeeded !== null;
  return [{ type: "incident.regraded", incidentId: incident.id, cause: "answers", from, determinant, priority, plan: asks && other ? plan : null, shortfallAfterMs: shortfallAfterMs(priority, context.policy) }];
}

/** [TRI4] What another type's grade makes of the priority; the run card comes with the type itself. */
export function followType(state: State, incident: Incident, determinant: Determinant, context: DecideContext): EventBody[] {
  const from = determinantOf(incident);
  const own = (state.books.get(incident.id).asked?.own ?? incident).priority;
  const priority = followPriority(own, from, determinant);
  return priority === own ? [] : [{ type: "incident.regraded", incidentId: incident.id, cause: "type", from, determinant, priority, plan: null, shortfallAfterMs: shortfallAfterMs(priority, context.policy) }];
}

/** [RUN3] A place in another district has that district's run card, where one of the two has its own: the hour is that of the incident's own row, and another table alone changes nothing. `said`: the priority that the same command gives. */
export function replan(state: State, incident: Incident, place: IncidentPlace, said: number | undefined, context: DecideContext): EventBody[] {
  const { asked, plannedAt } = state.books.get(incident.id);
  const own = asked?.own ?? incident;
  if (place.district === incident.place.district || own.noUnitNeeded !== null) return [];
  const determinant = determinantOf(incident);
  const [there, plan] = [incident.place.district, place.district].map((district) => context.planFor({ type: incident.type, determinant, district, now: plannedAt })) as [Plan, Plan];
  if (plan.runCard.code === incident.runCard.code || plan.runCard.code === there.runCard.code) return [];
  const priority = said ?? own.priority;
  return [{ type: "incident.regraded", incidentId: incident.id, cause: "place", from: determinant, determinant, priority, plan, shortfallAfterMs: shortfallAfterMs(priority, context.policy) }];
}

/** [TRI5] What an incident has been answered that this type's card asks too. */
export function answersFor({ triage }: Incident, type: IncidentType): { readonly card: Card; readonly answers: TriageAnswers } | undefined {
  return triage?.card != null && triage.card.code === CARD_OF_TYPE[type] ? { card: triage.card, answers: answersOf(triage) } : undefined;
}

/** [TRI5] Another type keeps the answers where the same card asks it. */
export function triageOfType(incident: Incident, type: IncidentType): Triage {
  const kept = answersFor(incident, type);
  const card: TriageCard | null = kept === undefined ? cardOfType(type) : findCard(kept.card);
  return { card: kept?.card ?? null, answers: kept === undefined ? [] : incident.triage!.answers, determinant: gradeType(type, card, kept?.answers ?? {}) };
}

/** The grade of a new incident, and an event for each answer that it was made with. */
export function triageOfNew(type: IncidentType, incidentId: number, given: { readonly card: Card; readonly answers: TriageAnswers } | undefined): { readonly triage: Triage; readonly answered: EventBody[] } {
  const card = given === undefined ? cardOfType(type) : findCard(given.card);
  const determinant = gradeType(type, card, given?.answers ?? {});
  const asked = given === undefined || card === null ? [] : card.questions.flatMap(({ code }) => (given.answers[code] === undefined ? [] : [[code, given.answers[code]] as const]));
  return {
    triage: { card: null, answers: [], determinant },
    answered: asked.map(([question, answer]) => ({ type: "incident.answered", incidentId, card: { code: card!.code, version: card!.version }, question, answer, was: null, determinant })),
  };
}
