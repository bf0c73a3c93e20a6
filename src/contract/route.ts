// What a route of the API is, for the tables of them (routes.ts, interface-routes.ts).
import { z } from "zod";
import type { Permission } from "./access.ts";

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string; // under /api/v1, parameters as {name}
  readonly permission: Permission | readonly Permission[] | "open" | "logged-in"; // a list: any of them
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly stream?: string; // media type that is taken as well as the JSON body, as a stream of any length up to MAX_STREAM_BYTES
  readonly isXml?: true; // an XML document is taken as well as JSON: the field `xml` is its text
  readonly isForm?: true; // a form (application/x-www-form-urlencoded) is taken as well as JSON, each field as text
  readonly answer: z.ZodType;
}
export const MAX_STREAM_BYTES = 500_000_000;
export const route = <const R extends Route>(r: R): R => r;
export const byId = z.object({ id: z.coerce.number().int().positive() });
export const Done = z.object({ done: z.literal(true) });
