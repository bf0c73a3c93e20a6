import { useCallback } from "react";
import type { z } from "zod";
import type { Reason } from "../../../src/contract/basics.ts";
import { catalogue, wordFor, type Translation } from "../words/catalogue.ts";
import { domainWords, skillWord } from "../words/domain.ts";
import type { Format } from "../words/format.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { en } from "./reasons.en.ts";
import { zh } from "./reasons.zh.ts";

const reasonWords = catalogue(en, zh);
type ReasonView = z.infer<typeof Reason>;

/** Fills `{name}` from the parameters; a number is rounded, since a reason is read, not computed with. */
export function fillReason(template: string, params: ReasonView["params"], number: (n: number) => string): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    return typeof value === "number" ? number(Math.round(value)) : (value ?? "?");
  });
}
export function sayReason({ code, params }: ReasonView, words: Translation<typeof en>, skills: Readonly<Record<string, string>>, format: Pick<Format, "number" | "list">): string {
  if (code !== "lacks-skill") return fillReason(wordFor(words, code), params, (n) => format.number(n));
  if (typeof params["skills"] !== "string") return words["lacks-a-skill"]; // of many units, each with its own
  return fillReason(words[code], { skills: format.list(params["skills"].split("; ").map((skill) => skillWord(skills, skill))) }, String);
}
export function useReasonText(): (reason: ReasonView) => string {
  const words = useWords(reasonWords);
  const { skills } = useWords(domainWords);
  const format = useFormat();
  return useCallback((reason) => sayReason(reason, words, skills, format), [words, skills, format]);
}
