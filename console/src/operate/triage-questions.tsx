// The questions of a card, one row each with its answers beside it. One row has the caret: digits answer and go on to the next that is open, up and down go through the rows, left and right mark an answer that Enter gives, Backspace
// takes it back. In any order, and none is needed. Rejected: one question at a time, which hides what else could be asked while the caller already tells it.
import { useRef, useState, type KeyboardEvent } from "react";
import { DETERMINANT_PRIORITIES, gradeAnswers, usualDeterminant, type Determinant, type TriageAnswers } from "../../../src/base/triage-grade.ts";
import { INCIDENT_TYPES, type IncidentType } from "../../../src/contract/dispatch.ts";
import type { TriageCard } from "../../../src/contract/run-cards.ts";
import { domainWords } from "../words/domain.ts";
import { useLanguage, useWords } from "../words/use-words.ts";
import { stepOfKey } from "./triage-keys.ts";
import { triageWords } from "./triage-words.ts";

/** Of the answers, those that the card asks for: a draft may hold some of another type's. */
export function answersOn(card: TriageCard | null, answers: TriageAnswers): Record<string, string> {
  return Object.fromEntries((card?.questions ?? []).flatMap(({ code, options }) => (options.some((option) => option.code === answers[code]) ? [[code, answers[code]!]] : [])));
}
export const gradeOf = (type: IncidentType, card: TriageCard | null, answers: TriageAnswers): Determinant => gradeAnswers(card, answers, usualDeterminant(INCIDENT_TYPES[type].defaultPriority));

interface TriageQuestionsProps {
  readonly card: TriageCard;
  readonly answers: TriageAnswers;
  readonly onAnswer: (question: string, answer: string | null) => void;
  readonly disabled?: boolean;
  readonly id?: string;
  /** Enter on the last one that is open, and Escape. */
  readonly onLeave?: () => void;
}
export function TriageQuestions({ card, answers, onAnswer, disabled = false, id, onLeave }: TriageQuestionsProps) {
  const words = useWords(triageWords);
  const language = useLanguage();
  const [at, setAt] = useState(0);
  const [mark, setMark] = useState<number | null>(null); // in the row that has the caret
  const box = useRef<HTMLDivElement>(null);
  const last = card.questions.length - 1;
  const current = Math.min(at, last);
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(last, to));
    setAt(next);
    setMark(null);
    box.current?.querySelectorAll<HTMLElement>("[role=radiogroup]")[next]?.focus();
  };
  const nextOpen = (from: number, said: TriageAnswers): number | null => {
    for (let step = 1; step <= last; step++) {
      const one = (from + step) % (last + 1);
      if (said[card.questions[one]!.code] === undefined) return one;
    }
    return null;
  };
  const answer = (row: number, option: number, goOn: boolean): void => {
    const question = card.questions[row]!;
    const chosen = question.options[option];
    if (chosen === undefined || disabled) return;
    setMark(null);
    if (answers[question.code] !== chosen.code) onAnswer(question.code, chosen.code);
    const open = goOn ? nextOpen(row, { ...answers, [question.code]: chosen.code }) : null;
    if (open !== null) go(open);
  };
  const onKeyDown = (event: KeyboardEvent, row: number): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { code, options } = card.questions[row]!;
    const chosen = options.findIndex((option) => option.code === answers[code]);
    const step = stepOfKey(event.key, { options: options.length, chosen, mark });
    if (step === null || (step.kind === "leave" && onLeave === undefined)) return;
    if (step.kind === "answer") answer(row, step.option, true);
    else if (step.kind === "row") go(row + step.by);
    else if (step.kind === "mark") setMark(disabled ? null : step.option);
    else if (step.kind === "unmark") setMark(null);
    else if (step.kind === "leave") onLeave?.();
    else if (step.kind === "take-back") {
      setMark(null);
      if (chosen >= 0 && !disabled) onAnswer(code, null);
    } else if (step.kind === "next-open") {
      const open = nextOpen(row, answers);
      if (open === null) onLeave?.();
      else go(open);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={box} {...(id === undefined ? {} : { id })} className="triage" role="group" aria-label={words.title}>
      {card.questions.map((question, row) => (
        <div key={question.code} className="triage-row" data-answered={answers[question.code] !== undefined || undefined}>
          <span className="triage-question" id={`triage-${card.code}-${question.code}`}>{question.words[language]}</span>
          <div role="radiogroup" tabIndex={row === current ? 0 : -1} aria-labelledby={`triage-${card.code}-${question.code}`} aria-disabled={disabled || undefined} className="triage-options" {...(row === current && mark !== null ? { "aria-activedescendant": `triage-${card.code}-${question.code}-${mark}` } : {})} onFocus={() => { if (row !== at) setMark(null); setAt(row); }} onBlur={() => setMark(null)} onKeyDown={(event) => onKeyDown(event, row)}>
            {question.options.map((option, i) => {
              const chosen = answers[question.code] === option.code;
              return (
                <button key={option.code} id={`triage-${card.code}-${question.code}-${i}`} type="button" role="radio" tabIndex={-1} aria-checked={chosen} data-marked={(row === current && mark === i) || undefined} disabled={disabled} className="triage-option" onClick={() => (chosen ? onAnswer(question.code, null) : answer(row, i, false))}>
                  <kbd aria-hidden="true">{i + 1}</kbd>{option.words[language]}
                </button>
              );
            })}
          </div>
        </div>
      ))}
    </div>
  );
}

/** How bad it is by what was answered, and what that makes of the priority. `priority`: the one that stands, where a person set another. */
export function TriageGrade({ type, card, answers, priority }: { readonly type: IncidentType; readonly card: TriageCard | null; readonly answers: TriageAnswers; readonly priority: number | null }) {
  const words = useWords(triageWords);
  const domain = useWords(domainWords);
  const determinant = gradeOf(type, card, answers);
  const given = DETERMINANT_PRIORITIES[determinant];
  const some = Object.keys(answersOn(card, answers)).length > 0;
  return (
    <p className="triage-grade small" role="status">
      <b>{words.grade(domain.determinants[determinant], given)}</b> <span className="quiet">{some ? words.byAnswers : words.usual}</span>
      {priority !== null && priority !== given && <span className="mean-decide"> · {words.byHand(priority)}</span>}
    </p>
  );
}
