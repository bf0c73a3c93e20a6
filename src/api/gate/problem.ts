// Refusals on the wire. A handler throws `ApiError`; everything else that escapes a handler becomes a 500 without details, or a 503 where the
// database is away. Values in faults are cut short, and those of secrets are never repeated.
import type { z } from "zod";
import type { InputFault } from "../../base/result.ts";
import type { Problem } from "../../contract/basics.ts";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problem: Problem;
  readonly retryAfterMs: number | null;
  constructor(status: number, rule: string, message: string, more: { faults?: readonly InputFault[]; details?: Record<string, unknown>; retryAfterMs?: number } = {}) {
    super(message);
    this.status = status;
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.problem = {
      rule, message, ...(more.faults === undefined ? {} : { faults: more.faults.map((fault) => ({ ...fault })) }), ...(more.details === undefined ? {} : { details: more.details }),
    };
  }
}

export const notFound = (what: string): ApiError => new ApiError(404, "not-found", `No such ${what}`);
export const badInput = (faults: readonly InputFault[]): ApiError => {
  const first = faults[0];
  return new ApiError(400, "bad-input", first === undefined ? "The input is wrong" : `${first.field}: ${first.value.trim() === "" ? '""' : first.value}: expected ${first.expected}`, { faults });
};

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

const KINDS: Readonly<Record<string, string>> = { int: "a whole number", number: "a number", string: "text", boolean: "true or false", object: "an object", array: "a list" };

/** "at least 1 character", "more than 0", "at most 25 items" */
function sizeText(bound: string, size: number | bigint, of: string): string {
  const noun = of === "string" ? "character" : of === "array" ? "item" : null;
  return noun === null ? `${bound} ${size}` : `${bound} ${size} ${noun}${Number(size) === 1 ? "" : "s"}`;
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type": return KINDS[issue.expected] ?? issue.expected;
    case "invalid_value": return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(", ")}`;
    case "too_small": return sizeText(issue.inclusive === false ? "more than" : "at least", issue.minimum, issue.origin);
    case "too_big": return sizeText(issue.inclusive === false ? "less than" : "at most", issue.maximum, issue.origin);
    case "invalid_format": return issue.message.startsWith("Invalid") ? issue.format : issue.message;
    case "unrecognized_keys": return `no field ${issue.keys.join(", ")}`;
    case "invalid_union": return issue.discriminator === undefined ? "one of the forms of the documentation" : `a known ${issue.discriminator}`;
    default: return issue.message;
  }
}

/** One fault per issue, at most 50; `part` is params, query or body. */
export function faultsOf(part: string, input: unknown, error: z.ZodError): InputFault[] {
  return error.issues.slice(0, 50).map((issue) => ({
    field: [part === "body" ? [] : [part], issue.path.map(String)].flat().join(".") || part, value: showValue(input, issue.path), expected: expectationOf(issue),
  }));
}
