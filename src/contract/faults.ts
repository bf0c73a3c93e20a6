// From what a schema says of an input to faults that a person can mend, with a code for each language's words. The server answers with these and the
// console's forms use them before anything is sent, so that both say the same. Values are cut short, and those of secrets are never repeated.
import type { z } from "zod";
import { createFault, EXPECTATIONS, type ExpectationCode, type ExpectationParams, type InputFault } from "../base/expectations.ts";

const SECRET_FIELD = /pass|token|secret|current|next|csv|address/i;
const LONGEST_VALUE = 80;

/** The value at a path, as a person may read it. An address may hold a password, so it is not repeated either. */
export function showValue(root: unknown, path: readonly PropertyKey[]): string {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== "object") return "absent";
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  if (value === undefined) return "absent";
  if (path.some((key) => typeof key === "string" && SECRET_FIELD.test(key))) return "(not shown)";
  if (path.length === 0 && typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

type Expectation = readonly [code: ExpectationCode, params?: ExpectationParams];

const TYPES: Readonly<Record<string, ExpectationCode>> = { int: "whole-number", number: "number", string: "text", boolean: "true-or-false", object: "object", array: "list" };
/** A schema's own message is the English of one of our codes; a test holds every message of the contract to that. */
const CODES: ReadonlyMap<string, ExpectationCode> = new Map(Object.entries(EXPECTATIONS).map(([code, text]) => [text, code as ExpectationCode]));

function sizeOf(isLeast: boolean, inclusive: boolean, size: number | bigint, of: string): Expectation {
  const params = { n: Number(size) };
  if (of === "string") return isLeast ? (params.n === 1 ? ["not-empty"] : ["least-characters", params]) : ["most-characters", params];
  if (of === "array") return isLeast ? (params.n === 1 ? ["not-empty-list"] : ["least-items", params]) : ["most-items", params];
  return [isLeast ? (inclusive ? "at-least" : "more-than") : inclusive ? "at-most" : "less-than", params];
}

export function expectationOf(issue: z.core.$ZodIssue): Expectation {
  switch (issue.code) {
    case "invalid_type": return [TYPES[issue.expected] ?? "value"];
    case "invalid_value": return issue.values.length === 1 ? ["exactly", { value: String(issue.values[0]) }] : ["one-of", { values: issue.values.map(String).join(", ") }];
    case "too_small": return sizeOf(true, issue.inclusive !== false, issue.minimum, issue.origin);
    case "too_big": return sizeOf(false, issue.inclusive !== false, issue.maximum, issue.origin);
    case "unrecognized_keys": return ["no-field", { names: issue.keys.join(", ") }];
    case "invalid_union": return issue.discriminator === undefined ? ["known-form"] : ["known-kind", { name: issue.discriminator }];
    case "invalid_format": return [CODES.get(issue.message) ?? "pattern", CODES.has(issue.message) ? {} : { form: issue.format }];
    default: return [CODES.get(issue.message) ?? "value"];
  }
}

/** One fault per issue, at most 50; `part` is params, query or body. */
export function faultsOf(part: string, input: unknown, error: z.ZodError): InputFault[] {
  return error.issues.slice(0, 50).map((issue) => createFault([part === "body" ? [] : [part], issue.path.map(String)].flat().join(".") || part, showValue(input, issue.path), ...expectationOf(issue)));
}
