// What question cards are and what answers are worth: the arithmetic that dispatch decides by and the console shows beforehand. Neither may import the other, so it stands here.
// The grade is the most severe of what the answers say; a question that nobody has answered says what is usual for the type. So every combination of answers has a grade, a more severe answer never
// makes it milder, and nothing waits for an answer. Rejected: a tree of questions, which asks in one order only and has leaves that nobody thought of.

/** From the mildest to the most severe. */
export const DETERMINANTS = ["routine", "minor", "moderate", "serious", "critical"] as const;
export type Determinant = (typeof DETERMINANTS)[number];
export const DETERMINANT_PRIORITIES = { routine: 4, minor: 3, moderate: 2, serious: 1, critical: 1 } as const satisfies Record<Determinant, number>;

export interface Wording {
  readonly en: string;
  readonly zh: string;
}
export interface TriageOption {
  readonly code: string;
  readonly words: Wording;
  /** null: the caller cannot tell, which is as good as not asked. */
  readonly determinant: Determinant | null;
}
export interface TriageQuestion {
  readonly code: string;
  readonly words: Wording;
  readonly options: readonly TriageOption[];
}
/** A version of a card never changes once it was in use: answers name it. */
export interface TriageCard {
  readonly code: string;
  readonly version: number;
  readonly questions: readonly TriageQuestion[];
}
export type TriageAnswers = Readonly<Record<string, string>>;

const rankOf = (determinant: Determinant): number => DETERMINANTS.indexOf(determinant);
export const isMoreSevere = (a: Determinant, b: Determinant): boolean => rankOf(a) > rankOf(b);

/** What is usual for a type of this priority, before anything is answered. */
export function usualDeterminant(priority: number): Determinant {
  return DETERMINANTS.findLast((determinant) => DETERMINANT_PRIORITIES[determinant] === priority && determinant !== "critical") ?? "moderate";
}

/** `usual` where no card is or nothing is answered. Answers to what the card does not ask say nothing. */
export function gradeAnswers(card: TriageCard | null, answers: TriageAnswers, usual: Determinant): Determinant {
  if (card === null) return usual;
  const said = card.questions.map((question) => question.options.find((option) => option.code === answers[question.code])?.determinant ?? usual);
  return said.reduce((worst, one) => (isMoreSevere(one, worst) ? one : worst), "routine");
}
