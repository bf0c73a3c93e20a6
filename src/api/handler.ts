// The type of a handler, taken from the route table: a route without a handler, a handler without a route, or an answer of another shape does not compile.
import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Route, RouteName, Routes } from "../contract/routes.ts";
import type { Principal, UserPrincipal } from "./gate/principal.ts";

type Output<R, K extends "params" | "query" | "body"> = R extends { readonly [k in K]: infer S extends z.ZodType } ? z.output<S> : undefined;
type PrincipalOf<R extends Route> = R["permission"] extends "open" ? Principal | null : R["permission"] extends "logged-in" ? UserPrincipal : Principal;

export interface Call<R extends Route> {
  readonly principal: PrincipalOf<R>;
  readonly params: Output<R, "params">;
  readonly query: Output<R, "query">;
  /** Undefined where the request came as a stream. */
  readonly body: Output<R, "body">;
  /** The body as it comes, where the route takes a stream and the request is one. */
  readonly stream: R extends { readonly stream: string } ? Readable | null : null;
  /** The peer's network address. */
  readonly address: string;
  readonly setSessionToken: (token: string | null) => void;
}

/** Answers are checked by their schema in tests; the input side of it is what a handler gives. */
export type Handlers = { readonly [N in RouteName]: (call: Call<Routes[N]>) => Promise<z.input<Routes[N]["answer"]>> };
