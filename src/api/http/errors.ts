// From whatever a handler threw to a Problem. What is not ours to explain is logged with the route's name and answered without details: messages of
// databases and libraries may hold what was typed.
import type { FastifyError, FastifyInstance } from "fastify";
import type { ProblemRule } from "../../base/problem-rules.ts";
import { AwayError } from "../../workflow/checkpoint.ts";
import { DispatchUnavailableError } from "../../workflow/dispatch-service.ts";
import { ReplayUnderWayError } from "../../workflow/replay-decision.ts";
import { ApiError } from "../gate/problem.ts";
import type { DatabaseStatusPort, LogPort } from "../ports.ts";

const FRAMEWORK_RULES: Record<string, readonly [status: number, rule: ProblemRule, message: string]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, "wrong-media-type", "This route takes application/json"],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, "too-long", "The body is too long"],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, "bad-input", "The body is empty: expected JSON"],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, "bad-input", "The body is not JSON"],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, "bad-input", "The body is not as long as its header says"],
};

export function toApiError(error: unknown, database: Pick<DatabaseStatusPort, "isUnreachable" | "isOutOfTime">): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof AwayError || database.isUnreachable(error)) return new ApiError(503, "database-away", "The database cannot be reached just now: try again", { retryAfterMs: 2_000 });
  if (database.isOutOfTime(error)) return new ApiError(422, "asks-too-much", "That would take too long to find: narrow it, by days first");
  if (error instanceof ReplayUnderWayError) return new ApiError(503, "replay-under-way", "The decision is still being worked out again: ask again in a minute", { retryAfterMs: 30_000 });
  if (error instanceof DispatchUnavailableError) return new ApiError(503, "dispatch-unavailable", "This could not be stored just now: send it again", { retryAfterMs: 1_000 });
  const { code, name, statusCode } = error as Partial<FastifyError>;
  if (name === "PasswordsBusyError") return new ApiError(503, "busy", "Too many log-ins at once: try again", { retryAfterMs: 2_000 });
  const known = FRAMEWORK_RULES[code ?? ""];
  if (known !== undefined) return new ApiError(...known);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new ApiError(statusCode, statusCode === 404 ? "not-found" : "bad-input", "The request cannot be understood");
  return null;
}

export function registerErrors(app: FastifyInstance, log: LogPort, database: Pick<DatabaseStatusPort, "isUnreachable" | "isOutOfTime">): void {
  app.setErrorHandler((error, request, reply) => {
    const route = `${request.method} ${request.routeOptions.url ?? "(none)"}`;
    let answer = toApiError(error, database);
    if (answer === null) {
      const { name, message, code, stack } = error as Error & { code?: string };
      log.error({ route, error: name, code, message, stack }, "a request failed by a fault of ours");
      answer = new ApiError(500, "server-fault", "The server has a fault; it is in its log");
    } else if (answer.status >= 500) log.warn({ route, rule: answer.problem.rule }, "a request could not be served");
    if (answer.retryAfterMs !== null) reply.header("retry-after", Math.max(1, Math.ceil(answer.retryAfterMs / 1_000)));
    return reply.code(answer.status).header("cache-control", "no-store").type("application/json; charset=utf-8").send(answer.problem);
  });
}
