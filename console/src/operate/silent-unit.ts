// A unit that leaves its word out, in words, and what is done about it by one key: it was heard, or it is recalled. The same everywhere it is shown.
import { useCallback } from "react";
import { useWords, useFormat } from "../words/use-words.ts";
import { useAct, type Accepted } from "./act.ts";
import { silenceWords } from "./silence-words.ts";
import { missingWordOf, type AssignmentView } from "./tones.ts";

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

export interface AnswerFor {
  readonly heard: (assignmentId: number) => Promise<Accepted | null>;
  readonly recall: (assignmentId: number) => Promise<Accepted | null>;
}
export function useAnswerFor(): AnswerFor {
  const act = useAct();
  const words = useWords(silenceWords);
  return {
    heard: (assignmentId) => act({ type: "assignment.confirm", assignmentId, words: "" }),
    recall: (assignmentId) => act({ type: "assignment.recall", assignmentId, words: words.recallWords }),
  };
}
