// English of the question cards' frame; the questions themselves come with their words from the centre.
import { plural } from "../words/catalogue.ts";

export const en = {
  title: "Questions",
  hint: "Digits answer, up and down go on, Backspace takes back. Nothing waits for an answer.",
  none: "No questions are asked for this type.",
  answered: (n: number, of: number) => (n === 0 ? plural("en", of, { one: "1 question, not answered", other: "# questions, none answered" }) : `${n} of ${of} answered`),
  grade: (determinant: string, priority: number) => `${determinant}, P${priority}`,
  usual: "as is usual for the type",
  byAnswers: "by the answers",
  byHand: (priority: number) => `P${priority} set by hand`,
  key: "To the questions",
  runCard: (code: string, version: number) => `Run card ${code}, version ${version}`,
} as const;
