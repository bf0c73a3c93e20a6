import { useCallback } from "react";
import { ApiProblem } from "../api/problem.ts";
import { catalogue } from "./catalogue.ts";
import { en } from "./problems.en.ts";
import { zh } from "./problems.zh.ts";
import { useWords } from "./use-words.ts";

const problems = catalogue(en, zh);

/** A refusal in the user's words: by its rule, else the server's own message; wrong fields are named with what was expected. */
export function useProblemText(): (error: unknown) => string {
  const words = useWords(problems) as Readonly<Record<string, string>>;
  return useCallback(
    (error) => {
      if (!(error instanceof ApiProblem)) return words["console-fault"]!;
      const text = words[error.rule] ?? error.problem.message;
      const faults = error.problem.faults?.map((f) => `${f.field}: ${f.expected}`) ?? [];
      return faults.length === 0 ? text : `${text} ${faults.join("; ")}`;
    },
    [words],
  );
}
/** The same by rule alone, for outcomes of commands. */
export function useRuleText(): (rule: string, message: string) => string {
  const words = useWords(problems) as Readonly<Record<string, string>>;
  return useCallback((rule, message) => words[rule] ?? message, [words]);
}
