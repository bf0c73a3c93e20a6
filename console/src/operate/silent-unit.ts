// A unit that leaves its word out, in words, and what is done about it by one key: it was heard, or it is asked why it is recalled. The same everywhere it is shown.
import { useCallback } from "react";
import { useLive } from "../api/live-link.ts";
import { notify } from "../design/index.ts";
import { useWords, useFormat } from "../words/use-words.ts";
import { useAct, type Accepted } from "./act.ts";
import { silenceWords } from "./silence-words.ts";
import { askRecall, useOperate } from "./store.ts";
import { findMeantJob, missingWordOf, type AssignmentView } from "./tones.ts";

/** "not heard for 4:10 · not answering"; null: it is within its time. */
export function useSilentText(): (job: AssignmentView, now: number) => string | null {
  const words = useWords(silenceWords);
  const format = useFormat();
  return useCallback((job, now) => {
    const missing = missingWordOf(job);
    if (missing === null) return null;
    const doing = words.doing[missing.stage](format.span(Math.max(0, now - missing.since)));
    return job.unanswered?.goneUp === true ? `${doing} · ${words.notAnswering}` : doing;
  }, [words, format]);
}
/** What to do about it, in a sentence. */
export function useSilentAdvice(): (job: AssignmentView, now: number) => string | null {
  const words = useWords(silenceWords);
  const format = useFormat();
  return useCallback((job, now) => {
    const missing = missingWordOf(job);
    if (missing === null) return null;
    const advice = words.advice[missing.stage](format.span(Math.max(0, now - missing.since)));
    return job.unanswered?.goneUp === true ? `${advice}. ${words.countsNoMore}` : advice;
  }, [words, format]);
}

/** Somebody spoke with the crew. */
export function useHeardFrom(): (assignmentId: number) => Promise<Accepted | null> {
  const act = useAct();
  return useCallback((assignmentId) => act({ type: "assignment.confirm", assignmentId, words: "" }), [act]);
}

/** By one key: of the unit in `rowUnitId`, the row that has the focus, else of the chosen one, else of the only silent one of the selected incident. Where none is meant for sure that is said, and nothing done. */
export function useAnswerByKey(): (how: "heard" | "recall", rowUnitId?: number) => void {
  const heardFrom = useHeardFrom();
  const words = useWords(silenceWords).notMeant;
  return useCallback((how, rowUnitId) => {
    const { unitId, incidentId } = useOperate.getState();
    const { units, incidents, assignments } = useLive.getState();
    const unit = units.get(rowUnitId ?? unitId ?? Number.NaN);
    const meant = findMeantJob(unit, incidents.get(incidentId ?? Number.NaN), assignments);
    if (meant.job === null) notify("off", words[meant.because](unit?.callSign ?? ""));
    else if (how === "heard") void heardFrom(meant.job.id);
    else askRecall(meant.job);
  }, [heardFrom, words]);
}
