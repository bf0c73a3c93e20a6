// The OpenAPI 3.1 document, made from the same table and schemas that check the requests, so that it cannot say anything else. JSON Schema 2020-12 is
// what 3.1 speaks, so the schemas go in as they are.
import { z } from "zod";
import { Problem } from "../../contract/basics.ts";
import { ROUTES, type Route } from "../../contract/routes.ts";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as Json;
  return rest;
};

function parametersOf(schema: z.ZodType, place: "path" | "query"): Json[] {
  const { properties = {} } = schemaOf(schema, "output") as { properties?: Record<string, Json> };
  const required = (schemaOf(schema, "input") as { required?: string[] }).required ?? [];
  return Object.entries(properties).map(([name, property]) => ({ name, in: place, required: place === "path" || required.includes(name), schema: property }));
}

const permissionText = (permission: Route["permission"]): string =>
  permission === "open" ? "Open to all." : permission === "logged-in" ? "Needs a session." : `Needs ${[permission].flat().join(" or ")}.`;

const answerOf = (description: string, schema: Json): Json => ({ description, content: { "application/json": { schema } } });

/** The whole document; `version` is the program's. */
export function createOpenApi(version: string): Json {
  const paths: Record<string, Json> = {};
  const problem = { $ref: "#/components/schemas/Problem" };
  for (const [name, entry] of Object.entries(ROUTES)) {
    const route: Route = entry;
    const content: Json = route.body === undefined ? {} : { "application/json": { schema: schemaOf(route.body, "input") } };
    if (route.isXml === true) content["application/xml"] = { schema: { type: "string" } };
    if (route.isForm === true) content["application/x-www-form-urlencoded"] = { schema: schemaOf(route.body!, "input") };
    if (route.stream !== undefined) content[route.stream] = { schema: { type: "string" } };
    const path = (paths[`/api/v1${route.path}`] ??= {});
    path[route.method.toLowerCase()] = {
      operationId: name, summary: route.summary, description: permissionText(route.permission), "x-permission": route.permission,
      ...(route.permission === "open" ? { security: [] } : {}),
      parameters: [...(route.params === undefined ? [] : parametersOf(route.params, "path")), ...(route.query === undefined ? [] : parametersOf(route.query, "query"))],
      ...(Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } }),
      responses: {
        "200": answerOf("Done", schemaOf(route.answer, "output")),
        "400": answerOf("The input is wrong; `faults` say where", problem),
        ...(route.permission === "open" ? {} : { "401": answerOf("Not logged in", problem), "403": answerOf("Not allowed", problem) }),
        default: answerOf("Refused, or not possible just now", problem),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Citywatch", version, description: "The city's safety network: cameras, calls, incidents, units. Changes by a session need the header x-citywatch-csrf. Live links: GET /api/v1/live and /api/v1/recorder-link (WebSocket)." },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { service: [] }, { device: [] }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, "output") },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "citywatch", description: "`__Host-citywatch` under https" },
        service: { type: "http", scheme: "bearer", description: "Key of an outside system" },
        device: { type: "http", scheme: "basic", description: "The same key as the password, for devices that know user names and passwords only" },
      },
    },
  };
}
