// A client of the centre as an integrator would write it from the contract: typed by the route table, one cookie jar, one CSRF token. Tests use it
// to do over real HTTP what people and machines do.

import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Problem } from "../../src/contract/basics.ts";
import type { SessionView } from "../../src/contract/access.ts";
import type { Command, Outcome } from "../../src/contract/dispatch.ts";
import { ROUTES, type Route, type RouteName, type Routes } from "../../src/contract/routes.ts";

type Answer<N extends RouteName> = z.output<Routes[N]["answer"]>;
interface Input {
  readonly params?: Record<string, string | number>;
  readonly query?: Record<string, string | number>;
  readonly body?: unknown;
}
export interface Reply<T> {
  readonly status: number;
  readonly answer: T | null; // null unless 2xx
  readonly problem: Problem | null; // null where 2xx
}

export class RefusedError extends Error {
  readonly status: number;
  readonly problem: Problem;
  constructor(name: string, status: number, problem: Problem) {
    super(`${name}: ${status} ${problem.rule}: ${problem.message} ${JSON.stringify(problem.faults ?? [])}`);
    this.status = status;
    this.problem = problem;
  }
}

export class CityClient {
  readonly origin: string;
  #cookie = "";
  #csrf = "";
  #bearer: string | null;

  constructor(origin: string, bearer: string | null = null) {
    this.origin = origin;
    this.#bearer = bearer;
  }

  /** What identifies this client, for requests made by other means. */
  headers(): Record<string, string> {
    return { ...(this.#bearer ? { authorization: `Bearer ${this.#bearer}` } : {}), ...(this.#cookie ? { cookie: this.#cookie } : {}) };
  }

  get cookie(): string {
    return this.#cookie;
  }

  /** Sends one request and gives whatever came back; throws only where nothing came back. */
  async try<N extends RouteName>(name: N, input: Input = {}): Promise<Reply<Answer<N>>> {
    const route: Route = ROUTES[name];
    const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(input.params?.[key])));
    const url = new URL(`/api/v1${path}`, this.origin);
    for (const [key, value] of Object.entries(input.query ?? {})) url.searchParams.set(key, String(value));
    const headers: Record<string, string> = { accept: "application/json", origin: this.origin };
    if (this.#bearer) headers["authorization"] = `Bearer ${this.#bearer}`;
    if (this.#cookie) headers["cookie"] = this.#cookie;
    if (this.#csrf) headers["x-citywatch-csrf"] = this.#csrf;
    if (input.body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(url, { method: route.method, headers, ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }), signal: AbortSignal.timeout(30_000) });
    for (const cookie of response.headers.getSetCookie()) this.#cookie = cookie.split(";")[0]!;
    const json: unknown = await response.json();
    return response.ok ? { status: response.status, answer: json as Answer<N>, problem: null } : { status: response.status, answer: null, problem: json as Problem };
  }

  /** As `try`, but anything except success throws RefusedError. */
  async call<N extends RouteName>(name: N, input: Input = {}): Promise<Answer<N>> {
    const reply = await this.try(name, input);
    if (reply.problem) throw new RefusedError(name, reply.status, reply.problem);
    return reply.answer as Answer<N>;
  }

  async #enter(session: SessionView): Promise<SessionView> {
    this.#csrf = session.csrf;
    return session;
  }

  async createFirstAccount(token: string, login: string, password: string): Promise<SessionView> {
    return this.#enter(await this.call("createFirstAccount", { body: { token, name: "First Person", login, password } }));
  }

  async logIn(login: string, password: string): Promise<SessionView> {
    return this.#enter(await this.call("logIn", { body: { login, password } }));
  }

  /** One command with a fresh id; `commandId` repeats an earlier one. */
  async send(command: z.input<typeof Command>, options: { commandId?: string; expectedSequence?: number } = {}): Promise<Outcome> {
    return this.call("sendCommand", { body: { commandId: options.commandId ?? randomUUID(), expectedSequence: options.expectedSequence ?? null, command } });
  }
}
