// The typed client: names, parameters and answers come from the contract's route table, so a call that the server does not offer does not
// compile. Rejected: a generated client, which would be a second copy of the same truth.
import type { z } from "zod";
import { ROUTES, type RouteName, type Routes, type Route } from "../../../src/contract/routes.ts";
import { ApiProblem, problemFromAnswer } from "./problem.ts";

type Part<R, K extends "params" | "query" | "body"> = R extends { readonly [k in K]: infer S extends z.ZodType } ? { readonly [k in K]: z.input<S> } : unknown;
type Arguments<R> = Part<R, "params"> & Part<R, "query"> & Part<R, "body">;
type Answer<R> = R extends { readonly answer: infer S extends z.ZodType } ? z.output<S> : never;
export type CallArguments<N extends RouteName> = Arguments<Routes[N]>;
export type CallAnswer<N extends RouteName> = Answer<Routes[N]>;
type Call<N extends RouteName> = unknown extends Arguments<Routes[N]>
  ? [args?: Record<never, never>, options?: CallOptions]
  : [args: Arguments<Routes[N]>, options?: CallOptions];
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** The request outlives the page, and nobody waits for its answer. */
  readonly keepalive?: boolean;
}

export const CSRF_HEADER = "x-citywatch-csrf";
const DEFAULT_TIMEOUT_MS = 15_000;

/** Fills `{name}` and appends the query; undefined and null are left out. */
export function buildPath(path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== "") search.set(key, String(value));
  const text = search.toString();
  return `/api/v1${filled}${text === "" ? "" : `?${text}`}`;
}

let csrf: string | null = null;
let whenLoggedOut: () => void = () => {};
export const setCsrf = (token: string | null): void => void (csrf = token);
/** Called when the server says that nobody is logged in any more. */
export const onLoggedOut = (listener: () => void): void => void (whenLoggedOut = listener);

const parseAnswer = (text: string): unknown => (text === "" ? null : JSON.parse(text));
/** Null where a refusal is not ours but a proxy's page. */
function tryParse(text: string): unknown {
  try {
    return parseAnswer(text);
  } catch {
    return null;
  }
}

/** Throws ApiProblem for every refusal; its `rule` is "unreachable" where no answer came. */
async function call<N extends RouteName>(name: N, ...[args, options = {}]: Call<N>): Promise<CallAnswer<N>> {
  const route: Route = ROUTES[name];
  const { params, query, body } = (args ?? {}) as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (csrf !== null && route.method !== "GET") headers[CSRF_HEADER] = csrf;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(buildPath(route.path, params, query), {
      method: route.method, headers, keepalive: options.keepalive ?? false, credentials: "same-origin", cache: "no-store",
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text(); // an answer that is cut off, or whose caller has gone, ends here and not as an empty one
    answer = response.ok ? parseAnswer(text) : tryParse(text);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new ApiProblem(0, { rule: "unreachable", message: error instanceof Error ? error.message : String(error) });
  }
  if (response.ok) return answer as CallAnswer<N>;
  const problem = problemFromAnswer(response.status, answer);
  if (response.status === 401 && name !== "logIn" && name !== "getSession" && options.keepalive !== true) whenLoggedOut();
  throw problem;
}

export const api = { call };
