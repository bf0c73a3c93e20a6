import { useCallback } from "react";
import { fillIn } from "../../../src/base/expectations.ts";
import type { Fault } from "../../../src/contract/basics.ts";
import { ApiProblem } from "../api/problem.ts";
import { catalogue } from "./catalogue.ts";
import { en as expectedEn } from "./expectations.en.ts";
import { zh as expectedZh } from "./expectations.zh.ts";
import { en as fieldsEn } from "./fields.en.ts";
import { zh as fieldsZh } from "./fields.zh.ts";
import { en } from "./problems.en.ts";
import { zh } from "./problems.zh.ts";
import { useWords } from "./use-words.ts";

const problems = catalogue(en, zh);
const expectations = catalogue(expectedEn, expectedZh);
const fields = catalogue(fieldsEn, fieldsZh);

/** What was expected, in the user's words. A code that is newer than this page shows the server's English. */
export function useFaultText(): (fault: Pick<Fault, "code" | "params" | "expected">) => string {
  const words = useWords(expectations) as Readonly<Record<string, string>>;
  return useCallback((fault) => (Object.hasOwn(words, fault.code) ? fillIn(words[fault.code]!, fault.params) : fault.expected), [words]);
}
/** A field as the forms call it, by the last part of its path; a path that no form shows stays as it is. */
export function useFieldName(): (path: string) => string {
  const words = useWords(fields) as Readonly<Record<string, string>>;
  return useCallback(
    (path) => {
      const last = path.slice(path.lastIndexOf(".") + 1);
      return Object.hasOwn(words, last) ? words[last]! : path;
    },
    [words],
  );
}

/** A refusal in the user's words: by its rule; wrong fields are named with what was expected, unless the form marks them itself. */
export function useProblemText(): (error: unknown, isMarked?: boolean) => string {
  const words = useWords(problems) as Readonly<Record<string, string>>;
  const faultText = useFaultText();
  const fieldName = useFieldName();
  return useCallback(
    (error, isMarked = false) => {
      if (!(error instanceof ApiProblem)) return words["console-fault"]!;
      const text = words[error.rule] ?? words["unknown"]!;
      const faults = isMarked ? [] : (error.problem.faults?.map((f) => `${fieldName(f.field)}: ${faultText(f)}`) ?? []);
      return faults.length === 0 ? text : `${text} ${faults.join("; ")}`;
    },
    [words, faultText, fieldName],
  );
}
/** The same by rule alone, for outcomes of commands. */
export function useRuleText(): (rule: string) => string {
  const words = useWords(problems) as Readonly<Record<string, string>>;
  return useCallback((rule) => words[rule] ?? words["unknown"]!, [words]);
}
