// Refusals on the wire. A handler throws `ApiError`; everything else that escapes a handler becomes a 500 without details, or a 503 where the
// database is away. What is wrong with an input is told by contract/faults.ts.
import { formatFault, type InputFault } from "../../base/expectations.ts";
import type { ProblemRule } from "../../base/problem-rules.ts";
import type { Problem } from "../../contract/basics.ts";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problem: Problem;
  readonly retryAfterMs: number | null;
  constructor(status: number, rule: ProblemRule, message: string, more: { faults?: readonly InputFault[]; details?: Record<string, unknown>; retryAfterMs?: number } = {}) {
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
  return new ApiError(400, "bad-input", first === undefined ? "The input is wrong" : formatFault(first), { faults });
};
