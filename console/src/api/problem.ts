import type { Problem } from "../../../src/contract/basics.ts";

/** A refusal of the server, or no answer at all (`status` 0, rule "unreachable"). Text for people comes from `useProblemText`. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly problem: Problem;
  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.name = "ApiProblem";
    this.status = status;
    this.problem = problem;
  }
  get rule(): string {
    return this.problem.rule;
  }
  /** Whether sending the same thing again may help. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function problemFromAnswer(status: number, answer: unknown): ApiProblem {
  const candidate = answer as Partial<Problem> | null;
  if (candidate !== null && typeof candidate === "object" && typeof candidate.rule === "string" && typeof candidate.message === "string")
    return new ApiProblem(status, candidate as Problem);
  return new ApiProblem(status, { rule: status >= 500 ? "server-fault" : `http-${status}`, message: `HTTP ${status}` });
}
